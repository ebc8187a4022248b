"""A sink that can fail, can be slow, can be waited for, and answers what adapters ask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from adapters.contract import Event, EventKind, Heard, Reply, Suggestion


class StoreDown(Exception):
    """What a broken store raises; its text quotes what was to be stored, as a database's does."""


class Store:
    """Keeps events as the inbox would: once per workspace and event id. `batches` is every call that succeeded.

    The next `failures` calls fail; `failed` counts those that did. `gate` and `completing` hold calls back while
    cleared. `suggestions` answer completions, `asked` are what they were for; `page` is everybody's home page, `homes`
    are those who looked; `places` is what was heard before, and `heard_asked` how often that was asked.
    """

    def __init__(self) -> None:
        self.batches: list[list[Event]] = []
        self.failures = 0
        self.failed = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.entered = asyncio.Event()
        self.refused = asyncio.Event()
        self.suggestions: list[Suggestion] = []
        self.asked: list[tuple[Event, str, str]] = []
        self.completing = asyncio.Event()
        self.completing.set()
        self.page = Reply("You have nothing open.")
        self.homes: list[Event] = []
        self.places: list[Heard] = []
        self.heard_asked = 0
        self._changed = asyncio.Condition()

    async def record(self, events: Sequence[Event]) -> None:
        """See `Sink.record`."""
        self.entered.set()
        await self.gate.wait()
        if self.failures:
            self.failures -= 1
            self.failed += 1
            self.refused.set()
            raise StoreDown(f"INSERT failed: {[event.text for event in events]}")
        self.batches.append(list(events))
        await self._notify()

    async def complete(self, event: Event, option: str, typed: str) -> list[Suggestion]:
        """See `Sink.complete`."""
        self.asked.append((event, option, typed))
        await self.completing.wait()
        return self.suggestions

    async def home(self, event: Event) -> Reply:
        """See `Sink.home`."""
        self.homes.append(event)
        return self.page

    async def heard(self, platform: str) -> list[Heard]:
        """See `Sink.heard`."""
        self.heard_asked += 1
        await self._notify()
        return self.places

    @property
    def events(self) -> list[Event]:
        """Distinct events in the order of their first arrival."""
        first: dict[tuple[str, str], Event] = {}
        for batch in self.batches:
            for event in batch:
                first.setdefault((event.workspace, event.event_id), event)
        return list(first.values())

    def of(self, *kinds: EventKind) -> list[Event]:
        """Those of these kinds."""
        return [event for event in self.events if event.kind in kinds]

    async def wait_for(self, count: int, *kinds: EventKind) -> list[Event]:
        """The events (of these kinds, if named) once there are that many."""
        kinds = kinds or tuple(EventKind)
        await self.wait_until(lambda: len(self.of(*kinds)) >= count)
        return self.of(*kinds)

    async def wait_until_asked(self, count: int) -> None:
        """Until what was heard before was asked for that often."""
        await self.wait_until(lambda: self.heard_asked >= count)

    async def wait_until(self, held: Callable[[], bool]) -> None:
        """Until something holds, asked after each batch and question."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(held)

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()
