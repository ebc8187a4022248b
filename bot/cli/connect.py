"""`nexus connect PLATFORM`: from nothing to a bot that answers, step by step."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Mapping
from pathlib import Path

import tomlkit
from pydantic import SecretStr

from adapters.contract import Adapter, DeliveryError, Unauthorized
from bot.app import App, NotStarted
from bot.cli.run import is_shared
from bot.cli.wizards import WIZARDS, Secret, Wizard, slack_manifest
from bot.cluster.part import Part
from bot.log import set_up_logs
from bot.platforms import REFUSED, Platform, platform_of, surrounding
from bot.settings import Settings, config_path, data_folder, places, store_file
from core.errors import N_, BadInput
from core.store import Store, open_store

WAIT = 180.0  # seconds for the first message


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module."""
    platform, wizard = platform_of(options.platform), WIZARDS[options.platform]
    if options.manifest:
        if platform.name != "slack":
            raise BadInput(N_("Only Slack takes a manifest."))
        print(slack_manifest(settings))
        return 0
    given = _secrets(options, settings, wizard)
    settings = settings.model_copy(update={name: SecretStr(value) for name, value in given.items()})
    store = open_store(settings.store_url)
    try:
        set_up_logs("warning")
        return asyncio.run(_connect(platform, wizard, settings, store, given, wait=not options.no_wait))
    finally:
        store.close()


def _secrets(options: argparse.Namespace, settings: Settings, wizard: Wizard) -> dict[str, str]:
    """The secrets by setting: given on the command line, set already, or asked for. Raises `BadInput`."""
    told = {wizard.secrets[-1].setting: options.token or "", "slack_app_token": options.app_token or ""}
    found = {
        secret.setting: told.get(secret.setting) or getattr(settings, secret.setting).get_secret_value()
        for secret in wizard.secrets
    }
    if all(found.values()):
        return found
    print(wizard.steps(settings))
    for number, secret in enumerate(wizard.secrets, start=4):
        if not found[secret.setting]:
            found[secret.setting] = _asked(secret, number)
    return found


def _asked(secret: Secret, number: int) -> str:
    if not sys.stdin.isatty():
        raise BadInput(N_("There is nobody to ask for the token here. Set {env}, or pass --token."), env=_env(secret))
    while True:
        token = getpass.getpass(f"  {number}. {secret.prompt} here (it is not shown): ").strip()
        if token and token.startswith(secret.begins):
            return token
        print(f"     That is another one: this token begins with {secret.begins}" if token else "     Nothing came.")


def _env(secret: Secret) -> str:
    return dict(places())[secret.setting].env


async def _connect(
    platform: Platform, wizard: Wizard, settings: Settings, store: Store, given: Mapping[str, str], *, wait: bool
) -> int:
    try:
        adapter = platform.make(settings, surrounding(settings, store))
        name, _ = await adapter.look()
        adapter = platform.make(settings, surrounding(settings, store))  # a look is not a beginning
        part = Part() if is_shared(settings) else None
        app = App(settings, store, [adapter], part=part, beside=store_file(settings.store_url))
        code = await app.start()
    except Unauthorized:
        print(REFUSED.format(title=platform.title, source=platform.source), file=sys.stderr)
        return 1
    except DeliveryError as error:
        print(f"{platform.title} cannot be reached from here ({error}). Is there a proxy in between?", file=sys.stderr)
        return 1
    except NotStarted as error:
        print(error.message, file=sys.stderr)
        return 1
    try:
        path = save_secrets(given)
        kept = "token is" if len(given) == 1 else "tokens are"
        print(f"\n{platform.title} answers: this is {name}. The {kept} kept in {path}, readable by you alone.")
        return await _welcome(app, adapter, wizard, name, code, wait=wait)
    finally:
        await app.stop()


async def _welcome(app: App, adapter: Adapter, wizard: Wizard, name: str, code: str | None, *, wait: bool) -> int:
    for sentence in adapter.explain():
        print(f"  Note: {sentence}")
    print()
    for line in wizard.then(adapter, name):
        print(line)
    if code:
        print(f"Nobody owns this place yet. If it is yours, send the bot in a direct message: claim {code}")
    if not wait:
        return 0
    print("I am waiting for your first message (Ctrl-C to stop) ...", flush=True)
    try:
        async with asyncio.timeout(WAIT):
            await app.turns.answered.wait()
    except TimeoutError:
        print("Nothing came in three minutes. It is connected all the same; `nexus run` starts it.")
        return 0
    print("It works: you wrote, and the bot has answered. Start it any time with: nexus run")
    return 0


def save_secrets(given: Mapping[str, str]) -> Path:
    """Write settings into config.toml (comments kept) with rights for its owner alone. Returns the file."""
    path = config_path({}) or data_folder() / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
    keys = {name: at.key for name, at in places()}
    for name, value in given.items():
        section, _, key = keys[name].partition(".")
        document.setdefault(section, tomlkit.table())[key] = value
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
    return path
