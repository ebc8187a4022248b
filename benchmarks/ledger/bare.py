"""The measure: the rows of the same journals, inserted with the bare driver into the same tables, nothing asked before.

It commits as often as the store does: on SQLite a batch of units together, on PostgreSQL each unit, on as many threads.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg

from benchmarks.ledger.world import Fund
from core.ids import new_id
from core.store.postgres import THREADS
from core.store.sqlite import MAX_BATCH

_JOURNAL = "INSERT INTO journal VALUES (?, ?, ?, 'payment', ?, ?, 'bench', 1, NULL, ?, ?)"
_POSTING = "INSERT INTO posting VALUES (?, ?, ?, 'EUR', ?, ?)"
_BODY = "0" * 64
_Rows = tuple[tuple[Any, ...], list[tuple[Any, ...]]]


class Bare(ABC):
    """Inserts the rows of payments from a fund, each journal with two postings."""

    def __init__(self) -> None:
        self._number = 0

    def rows(self, funds: Sequence[Fund], many: int) -> list[_Rows]:
        """So many journals, made up before anything is measured."""
        made = []
        for fund in (funds[n % len(funds)] for n in range(many)):
            self._number += 1
            number, change = new_id(), self._number + 10**9  # beyond what the accounts count: nobody verifies these
            journal = (number, f"bare:{number}", _BODY, fund.nexus_id, fund.actor_id, number, number)
            given = fund.given[self._number % len(fund.given)]
            made.append(
                (journal, [(number, 1, fund.fund.id, -5, change), (number, 2, given.id, 5, change)]),
            )
        return made

    @abstractmethod
    def insert(self, rows: Sequence[_Rows]) -> float:
        """All of them, as many at once as the store does. Returns seconds."""

    @abstractmethod
    def one(self, rows: _Rows) -> float:
        """One with its commit. Returns seconds."""

    @abstractmethod
    def close(self) -> None:
        """End the connections."""


class BareSqlite(Bare):
    """One connection with the pragmas of the store."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._db = sqlite3.connect(path, isolation_level=None)
        for pragma in ("busy_timeout = 10000", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            self._db.execute(f"PRAGMA {pragma}")

    def insert(self, rows: Sequence[_Rows]) -> float:
        """See `Bare.insert`."""
        began = perf_counter()
        for first in range(0, len(rows), MAX_BATCH):
            self._commit(rows[first : first + MAX_BATCH])
        return perf_counter() - began

    def one(self, rows: _Rows) -> float:
        """See `Bare.one`."""
        began = perf_counter()
        self._commit([rows])
        return perf_counter() - began

    def _commit(self, rows: Sequence[_Rows]) -> None:
        say = self._db.execute
        say("BEGIN IMMEDIATE")
        for journal, postings in rows:
            say(_JOURNAL, journal)
            self._db.executemany(_POSTING, postings)
        say("COMMIT")

    def close(self) -> None:
        """See `Bare.close`."""
        self._db.close()


class BarePostgres(Bare):
    """As many connections as the store has threads; statements are prepared by psycopg as in the store."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._all = [psycopg.connect(url) for _ in range(THREADS)]
        self._pool = ThreadPoolExecutor(THREADS)

    def insert(self, rows: Sequence[_Rows]) -> float:
        """See `Bare.insert`."""
        began = perf_counter()
        parts = [rows[n::THREADS] for n in range(THREADS)]
        for done in [self._pool.submit(self._many, *part) for part in zip(self._all, parts, strict=True)]:
            done.result()
        return perf_counter() - began

    def _many(self, connection: psycopg.Connection, rows: Sequence[_Rows]) -> None:
        for one in rows:
            _commit(connection, one)

    def one(self, rows: _Rows) -> float:
        """See `Bare.one`. By turns on each connection, as the store's threads take theirs."""
        connection = self._all[rows[0][0] % THREADS]
        began = perf_counter()
        _commit(connection, rows)
        return perf_counter() - began

    def close(self) -> None:
        """See `Bare.close`."""
        self._pool.shutdown()
        for connection in self._all:
            connection.close()


def _commit(connection: psycopg.Connection, rows: _Rows) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_JOURNAL.replace("?", "%s").encode(), rows[0])
        cursor.executemany(_POSTING.replace("?", "%s").encode(), rows[1])
    connection.commit()
