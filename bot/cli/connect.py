"""`nexus connect telegram`: from nothing to a bot that answers, step by step."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from pathlib import Path

import tomlkit
from pydantic import SecretStr

from adapters.contract import DeliveryError, Unauthorized
from bot.app import App, make_telegram
from bot.log import set_up_logs
from bot.settings import Settings, config_path, data_folder
from core.errors import N_, BadInput
from core.store import Store, open_store

STEPS = """Connecting Telegram takes about two minutes.

  1. In Telegram, open a chat with @BotFather and send /newbot.
  2. Give it a name (say, the name of your community) and a username that ends in "bot".
  3. BotFather answers with a token that looks like 123456789:AA… Copy it.
"""
WAIT = 180.0  # seconds for the first message


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module."""
    token = options.token or settings.telegram_token.get_secret_value()
    if not token:
        print(STEPS)
        if not sys.stdin.isatty():
            raise BadInput(N_("There is nobody to ask for the token here. Set TELEGRAM_BOT_TOKEN, or pass --token."))
        token = getpass.getpass("  4. Paste the token here (it is not shown): ").strip()
    settings = settings.model_copy(update={"telegram_token": SecretStr(token)})
    store = open_store(settings.store_url)
    try:
        set_up_logs("warning")
        return asyncio.run(_connect(settings, store, token, wait=not options.no_wait))
    finally:
        store.close()


async def _connect(settings: Settings, store: Store, token: str, *, wait: bool) -> int:
    from adapters.telegram.adapter import TelegramAdapter

    adapter = make_telegram(settings, store.clock)
    assert isinstance(adapter, TelegramAdapter)
    app = App(settings, store, [adapter])
    try:
        code = await app.start()
    except Unauthorized:
        print("Telegram does not know this token. Copy it again from @BotFather, all of it.", file=sys.stderr)
        return 1
    except DeliveryError as error:
        print(f"Telegram cannot be reached from here ({error}). Is there a proxy in between?", file=sys.stderr)
        return 1
    try:
        path = save_token(token)
        print(f"\nTelegram answers: this is @{adapter.username}. The token is kept in {path}, readable by you alone.")
        for sentence in adapter.explain():
            print(f"  Note: {sentence}")
        print(f"\nNow write to your bot: https://t.me/{adapter.username}")
        if code:
            print(f"Nobody owns this place yet. If it is yours, send the bot: claim {code}")
        if not wait:
            return 0
        print("I am waiting for your first message (Ctrl-C to stop) ...")
        return await _first_message(app)
    finally:
        await app.stop()


async def _first_message(app: App) -> int:
    try:
        async with asyncio.timeout(WAIT):
            await app.turns.answered.wait()
    except TimeoutError:
        print("Nothing came in three minutes. It is connected all the same; `nexus run` starts it.")
        return 0
    print("It works: you wrote, and the bot has answered. Start it any time with: nexus run")
    return 0


def save_token(token: str) -> Path:
    """Write the token into config.toml (comments kept) with rights for its owner alone. Returns the file."""
    path = config_path({}) or data_folder() / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
    section = document.setdefault("telegram", tomlkit.table())
    section["bot_token"] = token
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
    return path
