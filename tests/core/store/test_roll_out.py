"""Old and new versions side by side: a program works with a newer schema that says it may."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from core.clock import ManualClock
from core.store import open_store
from core.store.migrate import HEAD, SchemaMismatch, migrate_postgres, readable
from tests.postgres import PostgresServer
from tests.world import World

# What the next version does first, while processes of this one run: it only adds.
EXPAND = (
    "ALTER TABLE record ADD COLUMN colour TEXT",
    "ALTER TABLE person ADD COLUMN mood TEXT DEFAULT 'calm' NOT NULL",
    "CREATE TABLE palette (id BIGINT PRIMARY KEY)",
    "UPDATE alembic_version SET version_num = '9998'",
)
# What it does once no process of this one is left: it says so, and takes away.
CONTRACT = ("ALTER TABLE record DROP COLUMN outcome", "UPDATE alembic_version SET version_num = '9999'")
NOTE = "UPDATE schema_note SET oldest_reader = '{}'"


@pytest.fixture
def url(
    engine: str, request: pytest.FixtureRequest, new_url: Callable[[str], str], clock: ManualClock
) -> Iterator[str]:
    """A store in which something happened, closed. It is changed for good, so on PostgreSQL it is a clone."""
    if engine == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        server.execute("CREATE DATABASE roll_out TEMPLATE migrated")
        made = server.url("roll_out")
    else:
        made = new_url(engine)
    store = open_store(made, clock)
    World(store, clock).nexus("Parser", owner="Ana")
    store.close()
    yield made
    if engine == "postgres":
        server.execute("DROP DATABASE roll_out WITH (FORCE)")


def change(url: str, *statements: str) -> None:
    """As a migration of a later version would."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    with create_engine(parsed, poolclass=NullPool).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def note(url: str) -> str:
    """The oldest version whose programs may work with the store."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    with create_engine(parsed, poolclass=NullPool).begin() as connection:
        return str(connection.execute(text("SELECT oldest_reader FROM schema_note")).scalar_one())


def test_a_store_says_who_may_work_with_it(url: str) -> None:
    assert note(url) <= HEAD


def test_this_program_works_with_a_schema_that_was_only_added_to(url: str, clock: ManualClock) -> None:
    running = open_store(url, clock)  # before the roll-out begins
    try:
        if running.url.startswith("postgresql"):  # of a file there is one process at a time
            change(url, *EXPAND)
            World(running, clock).do("Ana", "offer.post", text="logo design")
    finally:
        running.close()
    if running.url.startswith("sqlite"):
        change(url, *EXPAND)
    restarted = open_store(url, clock)
    try:
        world = World(restarted, clock)
        world.do("Ana", "need.post", text="a lighthouse")
        assert len(world.do("Ana", "record.search", query="lighthouse").items) == 1
    finally:
        restarted.close()


def test_it_stays_away_from_one_that_took_something_from_it(url: str, clock: ManualClock) -> None:
    change(url, *EXPAND, NOTE.format("9998"), *CONTRACT)
    with pytest.raises(SchemaMismatch):
        open_store(url, clock)


@pytest.mark.parametrize("engine", ["postgres"])
def test_a_later_schema_is_not_migrated_back(url: str) -> None:
    change(url, *EXPAND)
    migrate_postgres(url, allowed=True)
    change(url, NOTE.format("9998"))
    with pytest.raises(SchemaMismatch, match="needs " + HEAD):
        migrate_postgres(url, allowed=False)


@pytest.mark.parametrize(
    ("current", "oldest", "may"),
    [
        ("9999", HEAD, True),
        ("9999", "0001", True),
        ("9999", "9999", False),
        ("9999", None, False),
        ("0001", "0001", False),
    ],
)
def test_who_may(current: str, oldest: str | None, may: bool) -> None:
    assert readable(current, oldest) is may
