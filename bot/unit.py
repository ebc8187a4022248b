"""The store as the event loop sees it: the same units of work, awaited."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from core.clock import Clock
from core.store import Store
from core.store.store import UnitFunction

T = TypeVar("T")


class AsyncStore:
    """Awaitable `write` and `read`. Nothing is awaited inside a unit: a unit is a plain function."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @property
    def clock(self) -> Clock:
        """The store's clock."""
        return self.store.clock

    async def write(self, unit: UnitFunction[T]) -> T:
        """See `core.store.Store.write`. Being cancelled does not undo what was handed over."""
        return await asyncio.wrap_future(self.store.write(unit))

    async def read(self, unit: UnitFunction[T]) -> T:
        """See `core.store.Store.read`."""
        return await asyncio.wrap_future(self.store.read(unit))
