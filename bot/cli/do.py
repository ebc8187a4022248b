"""`nexus do OPERATION`: call any operation. Typing it whole is the confirmation."""

from __future__ import annotations

import argparse
import codecs
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot import control
from bot.cli.speaker import call, default_name
from bot.payouts.setup import configure_payouts
from bot.privacy.scrub import scrub_now
from bot.settings import Settings
from bot.talk.provider import provider_at
from bot.words import Words
from core.catalogue import REGISTRY
from core.nexuses.founding import found as found_home
from core.nexuses.tables import nexus
from core.nexuses.tree import ROOT_ID
from core.providers.provider import NO_PROVIDER, configure
from core.store import Unit, open_store
from core.store.lock import InUse
from core.store.open import sqlite_path


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module."""
    try:
        arguments = json.loads(options.arguments)
        if not isinstance(arguments, dict):
            raise TypeError
    except (ValueError, TypeError):
        print('--json takes an object, such as \'{"text": "a desk"}\'.', file=sys.stderr)
        return 2
    try:
        arguments |= given(options.operation, options.given)
    except ValueError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    except OSError as wrong:
        print(f"{wrong.filename} cannot be read: {wrong.strerror}.", file=sys.stderr)
        return 2
    code, value = _ask(options, settings, arguments)
    print(json.dumps(value, ensure_ascii=False, indent=2))
    return code


def given(operation: str, words: Sequence[str]) -> dict[str, Any]:
    """Arguments that are options: `--name value` or `--name=value`; `@file` where an operation takes lines.

    Raises `ValueError` for anything else, `OSError` for a file that cannot be read.
    """
    found: dict[str, Any] = {}
    left = list(words)
    while left:
        name, equals, value = left.pop(0).partition("=")
        if not name.startswith("--") or len(name) == 2 or not (equals or left):
            raise ValueError(f"Arguments are given as --name value, and I don't understand {name}.")
        found[name[2:].replace("-", "_")] = value if equals else left.pop(0)
    known = REGISTRY.get(operation) if operation in REGISTRY else None
    for name, value in found.items():
        parameter = known.parameter(name) if known is not None else None
        if parameter is not None and parameter.field.kind == "lines" and value.startswith("@"):
            found[name] = decoded(Path(value[1:]).read_bytes())
    return found


def decoded(content: bytes) -> str:
    """The words of a file: UTF-8, UTF-16 with its mark, or else what banks on Windows write."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _ask(options: argparse.Namespace, settings: Settings, arguments: dict[str, Any]) -> tuple[int, Any]:
    name = options.speaker or default_name()
    words = Words(settings.language)
    try:
        store = open_store(settings.store_url)
    except InUse:
        path = sqlite_path(settings.store_url)
        answer = control.ask(path, options.operation, name, options.nexus, arguments) if path else None
        if answer is None:
            raise
        return answer
    configure(store, provider_at(settings) if settings.has_model else NO_PROVIDER)
    configure_payouts(store, settings)
    try:
        claim = store.write(lambda unit: _found_if_new(unit, settings.name)).result()
        if claim:
            print(
                f'This place has no owner yet. To claim it: nexus do owner.claim --json \'{{"code": "{claim}"}}\'',
                file=sys.stderr,
            )
        code, value = store.write(
            lambda unit: call(unit, options.operation, name, options.nexus, arguments, words)
        ).result()
        if sqlite_path(settings.store_url) is not None:  # nobody else would do it, as no bot runs
            scrub_now(store)
        return code, value
    finally:
        store.close()


def _found_if_new(unit: Unit, name: str) -> str | None:
    if unit.value(select(nexus.c.id).where(nexus.c.id == ROOT_ID)) is not None:
        return None
    return found_home(unit, name)
