"""`nexus run`: every platform that is configured, in one process and one event loop."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from typing import TYPE_CHECKING

from adapters.contract import DeliveryError, Unauthorized
from bot.app import App, make_telegram
from bot.control import Control, socket_path
from bot.log import log, set_up_logs
from bot.settings import Settings
from core.store import Store, open_store
from core.store.open import sqlite_path

if TYPE_CHECKING:
    from bot.web import Web


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module."""
    store = open_store(settings.store_url)
    try:
        adapter = make_telegram(settings, store.clock)
        if adapter is None:
            print(
                "No platform is configured yet. `nexus connect telegram` walks you through it; "
                "`nexus chat` talks here in the terminal.",
                file=sys.stderr,
            )
            return 2
        set_up_logs(settings.log_level)
        return asyncio.run(_run(App(settings, store, [adapter]), store, settings))
    except Unauthorized:
        print("Telegram does not know this token. Copy it again from @BotFather, all of it.", file=sys.stderr)
        return 2
    except DeliveryError as error:
        print(f"Telegram cannot be reached from here ({error}). Is there a proxy in between?", file=sys.stderr)
        return 1
    finally:
        store.close()


async def _run(app: App, store: Store, settings: Settings) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for stopping in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(stopping, stop.set)
    code = await app.start()
    if code:
        print(f"Nobody owns this place yet. If it is yours, write to the bot: claim {code}", flush=True)
    path = sqlite_path(settings.store_url)
    control = Control(app.store, socket_path(path), app.words) if path else None
    web = _web(app, settings.metrics_bind) if settings.metrics_bind else None
    if control is not None:
        await control.start()
    if web is not None:
        await web.start()
    log.info("running", extra={"platforms": sorted(app.adapters), "brain": "model" if app.brain else "offline"})
    for name, adapter in app.adapters.items():
        for sentence in adapter.explain():
            log.warning(sentence, extra={"platform": name})
    try:
        await stop.wait()
        log.info("stopping")
    finally:
        if web is not None:
            await web.stop()
        if control is not None:
            await control.stop()
        await app.stop()
    return 0


def _web(app: App, bind: str) -> Web:
    from bot.web import Web  # tornado: 2 MiB for those alone who asked for it

    return Web(app, bind)
