"""The measure of everything: one read of a record's row by its primary key with the bare driver, prepared."""

from __future__ import annotations

import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, TypeVar

T = TypeVar("T")

_TURNS, _AT_ONCE = 21, 50


def steady(do: Callable[[T], object], things: Sequence[T], at_once: int = _AT_ONCE) -> float:
    """Microseconds of doing it with one thing: so many at a stretch, as one is shorter than a clock can tell, and the
    median of the stretches, as the machine is not ours alone."""
    took, clock = [], time.perf_counter_ns
    for start in range(0, len(things), at_once):
        some = things[start : start + at_once]
        began = clock()
        for one in some:
            do(one)
        took.append((clock() - began) / len(some))
    return median(took) / 1000


class Base(ABC):
    """A connection of its own, which reads other rows each time."""

    def __init__(self, ids: Sequence[int]) -> None:
        self._ids = ids
        self._random = Random(11)

    def __call__(self) -> float:
        """Microseconds for one row."""
        return steady(self.read, [(one,) for one in self._random.choices(self._ids, k=_TURNS * _AT_ONCE)])

    @abstractmethod
    def read(self, values: tuple[int]) -> Any:
        """The row of this id."""

    @abstractmethod
    def close(self) -> None:
        """End the connection."""


class SqliteBase(Base):
    """The driver of Python, in one transaction: the statement is prepared once."""

    def __init__(self, path: Path, ids: Sequence[int]) -> None:
        super().__init__(ids)
        # The reads are made on the store's threads, one after the other.
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("BEGIN")

    def read(self, values: tuple[int]) -> Any:
        """See `Base.read`."""
        return self._connection.execute("SELECT * FROM record WHERE id = ?", values).fetchone()

    def close(self) -> None:
        """See `Base.close`."""
        self._connection.close()


class PostgresBase(Base):
    """psycopg, in one transaction, prepared on the server."""

    def __init__(self, url: str, ids: Sequence[int]) -> None:
        super().__init__(ids)
        import psycopg

        self._connection = psycopg.connect(url)

    def read(self, values: tuple[int]) -> Any:
        """See `Base.read`."""
        return self._connection.execute("SELECT * FROM record WHERE id = %s", values, prepare=True).fetchone()

    def close(self) -> None:
        """See `Base.close`."""
        self._connection.close()
