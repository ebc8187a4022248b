"""`nexus chat`: the Cofounder in this terminal."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from bot.cli.speaker import default_name, enter
from bot.log import set_up_logs
from bot.settings import Settings, store_file
from core.store import Store, open_store
from core.store.open import sqlite_path


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module."""
    store = open_store(settings.store_url)
    try:
        return talk(options, settings, store, name=options.speaker or default_name())
    finally:
        store.close()


def talk(options: argparse.Namespace, settings: Settings, store: Store, *, name: str, banner: str = "") -> int:
    """Talk as `name` until they leave."""
    folder = (sqlite_path(settings.store_url) or Path.home() / ".nexus" / "x").parent
    folder.mkdir(parents=True, exist_ok=True)
    plain = True if options.plain else None
    log_file = (folder / "nexus.log").open("a", encoding="utf-8")
    set_up_logs(settings.log_level, log_file)
    try:
        return asyncio.run(_talk(options, settings, store, name, plain, folder, banner))
    finally:
        log_file.close()


async def _talk(
    options: argparse.Namespace,
    settings: Settings,
    store: Store,
    name: str,
    plain: bool | None,
    folder: Path,
    banner: str,
) -> int:
    from adapters.terminal.adapter import TerminalAdapter
    from bot.app import App
    from bot.control import Control, socket_path
    from core.nexuses.founding import found

    # The code is shown before the first line is read: it belongs to whoever holds this terminal.
    claim = await asyncio.wrap_future(store.write(lambda unit: found(unit, settings.name)))
    nexus = getattr(options, "nexus", None)
    if nexus:
        await asyncio.wrap_future(store.write(lambda unit: enter(unit, name, nexus)))
    print(banner or f"The Cofounder is here. You are {name}; say “help” to see what you can do, /quit to leave.")
    if claim:
        print(f"Nobody owns this place yet. If it is yours, say: claim {claim}")
    sys.stdout.flush()
    adapter = TerminalAdapter(
        name, history=folder / "history", downloads=folder / "downloads", plain=plain, clock=store.clock
    )
    app = App(settings, store, [adapter], beside=store_file(settings.store_url))
    path = sqlite_path(settings.store_url)
    control = Control(app.store, socket_path(path), app.words) if path else None
    await app.start(claimable=False)
    if control is not None:
        await control.start()
    try:
        await adapter.wait_closed()
    finally:
        if control is not None:
            await control.stop()
        await app.stop()
    return 0
