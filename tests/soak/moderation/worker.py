"""`python -m tests.soak.moderation.worker STORE FILE NOW POINT PASSAGE`: carry out all that is due, or die on the way.

It kills itself, with SIGKILL, when it passes the point for the so manieth time: "writing" is within a unit of work,
"written" after its commit, "looked" after the look at an arrival or a message and before the platform knows of it, the
others are those of `platform`. Without a death it ends when nothing is left to do.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TypeVar

from adapters.contract import Account, Event, EventKind, Place, PlaceKind
from bot.jobs.jobs import run_due
from bot.jobs.moderation import WORKS
from bot.moderation.carry import Carrier
from bot.moderation.watch import Watch
from bot.unit import AsyncStore
from bot.words import Words
from core.clock import ManualClock
from core.moderation.cases import acts
from core.store import Store, Unit, open_store
from core.store.store import UnitFunction
from tests.soak.moderation.platform import File, Platform

T = TypeVar("T")


class Trap:
    """Where it dies."""

    def __init__(self, point: str, passage: int) -> None:
        self._point, self._left = point, passage

    def passing(self, point: str) -> None:
        """It is here now."""
        if point == self._point:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)


class Trapped(AsyncStore):
    """A store at whose commits it can die."""

    def __init__(self, store: Store, trap: Trap) -> None:
        super().__init__(store)
        self._trap = trap

    async def write(self, unit: UnitFunction[T]) -> T:
        """See `AsyncStore.write`."""

        def inside(at: Unit) -> T:
            found = unit(at)
            self._trap.passing("writing")
            return found

        done = await super().write(inside)
        self._trap.passing("written")
        return done


async def hear(store: AsyncStore, file: File, trap: Trap) -> None:
    """Look at what the platform has told and is not sure of that it arrived."""
    watch = Watch(store)
    store.store.listen(lambda topic: watch.forget() if topic == "guards" else None)
    for number, what, who, at in file.unheard():
        event = Event(
            "telegram",
            f"e{number}",
            EventKind.JOINED if what == "joined" else EventKind.MESSAGE,
            Account(who, f"N{who}"),
            Place("-Lobby", PlaceKind.GROUP, "Lobby"),
            text="" if what == "joined" else "free coins for everybody",
            message_id="" if what == "joined" else f"m{number}",
            sent_at=at,
        )
        await watch.look([event])
        trap.passing("looked")
        file.add("heard", str(number))


async def work(store: AsyncStore, platform: Platform) -> None:
    """Until nothing is left to do."""
    carrier = Carrier(store, {"telegram": platform}, Words())
    left = True
    while left:
        await store.write(lambda unit: run_due(unit, WORKS))
        await carrier._look()
        await asyncio.gather(*carrier._busy.values())
        await asyncio.sleep(0)
        left = await store.read(lambda unit: bool(acts.due(unit, ["telegram"])))


async def _run(store: AsyncStore, file: File, trap: Trap) -> None:
    await hear(store, file, trap)
    await work(store, Platform(file, trap.passing))


def main() -> None:
    """See above."""
    url, path, now, point, passage = sys.argv[1:]
    trap = Trap(point, int(passage))
    store = open_store(url, ManualClock(int(now)))
    try:
        asyncio.run(_run(Trapped(store, trap), File(Path(path)), trap))
    finally:
        store.close()


if __name__ == "__main__":
    main()
