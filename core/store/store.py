"""The interface of a store, the same for both engines."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from core.clock import Clock
from core.store.unit import Unit

T = TypeVar("T")
_log = logging.getLogger(__name__)
UnitFunction = Callable[[Unit], T]


class StoreClosed(Exception):
    """The store was closed before the unit could run; nothing was done."""


class StoreDown(Exception):
    """The database server cannot be reached, or has gone in the middle: the unit may have been committed or not."""


class Store(ABC):
    """Runs units of work. Thread-safe; the futures may be awaited through `asyncio.wrap_future`.

    A write unit may run more than once (a batch is replayed, a serialisation failure is retried), always from a
    clean transaction: it must have no effect but through its `Unit`.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        self.url = url
        self.clock = clock
        self.pictures: dict[str, Any] = {}  # what rooms keep for this process beside the data: see `Unit.pictures`
        self._listeners: list[Callable[[str], None]] = []

    @abstractmethod
    def write(self, unit: UnitFunction[T]) -> Future[T]:
        """Run a unit in a transaction. The future resolves only after a durable commit."""

    @abstractmethod
    def read(self, unit: UnitFunction[T]) -> Future[T]:
        """Run a unit on a snapshot that never takes the write lock."""

    @abstractmethod
    def clean(self, tables: Sequence[str]) -> Future[None]:
        """Leave nothing of what was deleted in the files of the store, as far as the engine can (`core.store.clean`).

        Behind every unit that was accepted before. `tables` are those that something was deleted from.
        """

    @abstractmethod
    def close(self) -> None:
        """Finish what was accepted and close every connection. Later calls raise `StoreClosed`."""

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener(topic)` after each commit that woke a topic. It runs on a store thread: be brief."""
        self._listeners.append(listener)

    def committed(self, then: Iterable[Callable[[], None]]) -> None:
        """Run what a unit wanted done once it is committed."""
        for one in then:
            one()

    def announce(self, topics: Iterable[str]) -> None:
        """Tell listeners of what was committed, here or by another process."""
        for topic in topics:
            for listener in self._listeners:
                try:
                    listener(topic)
                except Exception:  # what is committed stays so, and the next listener is told all the same
                    _log.exception("a listener failed on %s", topic)
