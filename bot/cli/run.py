"""`nexus run`: every platform that is configured, in one process and one event loop."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.app import App, NotStarted
from bot.cluster.part import Part
from bot.control import Control, socket_path
from bot.log import log, set_up_logs
from bot.platforms import PLATFORMS, configured, surrounding
from bot.settings import Settings, store_file
from core.errors import N_, BadInput
from core.store import open_store
from core.store.open import sqlite_path

if TYPE_CHECKING:
    from bot.web import Web

_MOST_SHARDS = 100_000  # more than anybody has; so a slip of the finger does not fill the memory


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module."""
    shards = read_shards(options.shards)
    check_shards(shards, settings.discord_shards)
    for platform in PLATFORMS:
        if lacking := platform.lacking(settings):
            print(f"{platform.title} is {lacking}.", file=sys.stderr)
    platforms = configured(settings, options.only or ())
    if not platforms:
        print(
            "No platform is configured yet. `nexus connect discord`, `nexus connect slack` or `nexus connect telegram` "
            "walks you through it; `nexus chat` talks here in the terminal.",
            file=sys.stderr,
        )
        return 2
    store = open_store(settings.store_url)
    try:
        set_up_logs(settings.log_level)
        around = surrounding(settings, store, shards)
        adapters = [platform.make(settings, around) for platform in platforms]
        works = not options.only
        part = (
            Part(works=works, concurrency=options.concurrency, stalled_after=options.stalled_after)
            if is_shared(settings)
            else None
        )
        return asyncio.run(
            serve(App(settings, store, adapters, part=part, beside=store_file(settings.store_url)), settings)
        )
    except NotStarted as error:
        print(error.message, file=sys.stderr)
        return 2 if error.refused else 1
    finally:
        store.close()


def read_shards(text: str | None) -> tuple[int, ...] | None:
    """ "0-3" or "0,2" as numbers; None for all. Raises `BadInput`."""
    if not text:
        return None
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise BadInput(N_("--shards takes numbers such as 0-3 or 0,2, not {text}."), text=text)
        found += range(int(first), min(int(last or first), _MOST_SHARDS) + 1)
    if not found:
        raise BadInput(N_("--shards takes numbers such as 0-3 or 0,2, not {text}."), text=text)
    return tuple(sorted(set(found)))


def check_shards(shards: Sequence[int] | None, count: int) -> None:
    """Raise `BadInput` for shards that do not exist where there are `count` of them (0: as many as Discord says)."""
    if shards and count and shards[-1] >= count:
        raise BadInput(
            N_("There is no shard {shard}: DISCORD_SHARDS says {count}, and they are numbered from 0."),
            shard=shards[-1],
            count=count,
        )


def is_shared(settings: Settings) -> bool:
    """Whether several processes can share the store: then what one does of the whole is told apart."""
    return sqlite_path(settings.store_url) is None


async def serve(app: App, settings: Settings) -> int:
    """Run until a signal. Returns the exit code."""
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
