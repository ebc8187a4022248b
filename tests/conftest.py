"""Fixtures for all suites: stores on both engines, a clock that moves when told, and a world to act in.

`store` and `world` run a test once on SQLite and once on PostgreSQL; `engine` can be set by `parametrize` to one of
them. Every store is fresh: a copy of a migrated SQLite file, or a clone of a migrated PostgreSQL database.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from core.clock import ManualClock
from core.store import Store, open_store, sqlite
from core.store.migrate import migrate_postgres
from tests.postgres import PostgresServer
from tests.world import World

# Examples share a test's fixtures on purpose (each makes a store or names of its own), and CI machines stall.
settings.register_profile(
    "nexus",
    deadline=None,
    max_examples=int(os.environ.get("EXAMPLES", "60")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("nexus")

# As with the server of `tests.postgres`: no test cuts the power, and the disk is what most of them would wait for.
# Processes that a test starts, and kills, are as they are shipped.
sqlite.SYNCHRONOUS = "OFF"

ENGINES = ("sqlite", "postgres")
_number = itertools.count()

StoreFactory = Callable[[str], Store]


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole run, started when the first test needs it, with a migrated template."""
    server = PostgresServer()
    try:
        server.execute("CREATE DATABASE migrated")
        migrate_postgres(server.url("migrated"), allowed=True)
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite store that is closed."""
    path = tmp_path_factory.mktemp("migrated") / "nexus.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def clock() -> ManualClock:
    """A clock that starts on 2026-01-01 and moves only when told."""
    return ManualClock()


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes the URL of a fresh migrated store on the engine that is named.

    Databases are emptied and used again, which is many times faster than to clone one for each test.
    """
    databases: list[str] = []

    def make(engine: str) -> str:
        if engine == "sqlite":
            name = f"store_{next(_number)}"
            path = tmp_path / f"{name}.db"
            shutil.copyfile(request.getfixturevalue("migrated_file"), path)
            return f"sqlite:///{path}"
        server: PostgresServer = request.getfixturevalue("postgres")
        databases.append(server.clean_database("migrated"))
        return server.url(databases[-1])

    yield make
    for name in databases:
        request.getfixturevalue("postgres").give_back(name)


@pytest.fixture
def new_store(new_url: Callable[[str], str], clock: ManualClock) -> Iterator[StoreFactory]:
    """Makes fresh stores on the engine that is named; they are closed when the test ends."""
    stores: list[Store] = []

    def make(engine: str) -> Store:
        stores.append(open_store(new_url(engine), clock))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The engine that the test runs on."""
    return str(request.param)


@pytest.fixture
def store(new_store: StoreFactory, engine: str) -> Store:
    """A fresh store."""
    return new_store(engine)


@pytest.fixture
def world(store: Store, clock: ManualClock) -> World:
    """People who act in a fresh store."""
    return World(store, clock)
