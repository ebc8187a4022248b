"""Both engines through everything."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.ledger import large, speed
from benchmarks.ledger.bare import BarePostgres, BareSqlite
from benchmarks.ledger.large import Large
from benchmarks.ledger.speed import Speed
from benchmarks.ledger.world import funds
from core.store import Store, open_store
from tests.postgres import PostgresServer

FUNDS, PEOPLE = 32, 4


def on_sqlite(folder: Path, *, rounds: int, many: int, single: int) -> Speed:
    """Posting and confirming in a file."""
    _say("SQLite ...")
    path = folder / "speed.db"
    store = open_store(f"sqlite:///{path}")
    bare = BareSqlite(path)
    try:
        return speed.measure(store, bare, funds(store, FUNDS, PEOPLE), rounds=rounds, many=many, single=single)
    finally:
        bare.close()
        store.close()


def on_postgres(server: PostgresServer, *, rounds: int, many: int, single: int) -> Speed:
    """The same on a server of our own."""
    _say("PostgreSQL ...")
    with _database(server, "speed") as (store, url):
        bare = BarePostgres(url)
        try:
            return speed.measure(store, bare, funds(store, FUNDS, PEOPLE), rounds=rounds, many=many, single=single)
        finally:
            bare.close()


def large_on_sqlite(folder: Path, entries: int) -> Large:
    """Many entries in a file."""
    _say(f"SQLite: {entries:,} entries ...")
    store = open_store(f"sqlite:///{folder / 'large.db'}")
    try:
        return large.measure(store, entries)
    finally:
        store.close()


def large_on_postgres(server: PostgresServer, entries: int) -> Large:
    """Many entries on a server of our own."""
    _say(f"PostgreSQL: {entries:,} entries ...")
    with _database(server, "large") as (store, _):
        return large.measure(store, entries)


@contextmanager
def _database(server: PostgresServer, name: str) -> Iterator[tuple[Store, str]]:
    server.execute(f"CREATE DATABASE bench_{name}")
    url = server.url(f"bench_{name}")
    store = open_store(url, migrate=True)
    try:
        yield store, url
    finally:
        store.close()
        server.execute(f"DROP DATABASE bench_{name} WITH (FORCE)")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
