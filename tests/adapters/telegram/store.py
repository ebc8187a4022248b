"""A sink that can fail, and can be waited for."""

import asyncio
from collections.abc import Sequence

from adapters.contract import Event


class StoreDown(Exception):
    """What a broken store raises; its text quotes what was to be stored, as a database's does."""


class Store:
    """Keeps events as the inbox would: once per event id. `batches` is every call that succeeded."""

    def __init__(self) -> None:
        self.batches: list[list[Event]] = []
        self.failures = 0
        self.failed = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.entered = asyncio.Event()
        self.refused = asyncio.Event()
        self._changed = asyncio.Condition()

    async def record(self, events: Sequence[Event]) -> None:
        self.entered.set()
        await self.gate.wait()
        if self.failures:
            self.failures -= 1
            self.failed += 1
            self.refused.set()
            raise StoreDown(f"INSERT failed: {[event.text for event in events]}")
        self.batches.append(list(events))
        async with self._changed:
            self._changed.notify_all()

    @property
    def events(self) -> list[Event]:
        """Distinct events in the order of their first arrival."""
        first: dict[str, Event] = {}
        for batch in self.batches:
            for event in batch:
                first.setdefault(event.event_id, event)
        return list(first.values())

    async def wait_for(self, count: int) -> list[Event]:
        """The events once there are that many."""
        async with asyncio.timeout(5), self._changed:
            await self._changed.wait_for(lambda: len(self.events) >= count)
        return self.events
