"""`nexus do OPERATION`: call any operation. Typing it whole is the confirmation."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from sqlalchemy import select

from bot import control
from bot.cli.speaker import call, default_name
from bot.privacy.scrub import scrub_now
from bot.settings import Settings
from bot.talk.provider import provider_at
from bot.words import Words
from core.nexuses.founding import found
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
    code, value = _ask(options, settings, arguments)
    print(json.dumps(value, ensure_ascii=False, indent=2))
    return code


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
    return found(unit, name)
