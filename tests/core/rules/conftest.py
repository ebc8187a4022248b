"""Stores that hold a root and nothing else: one for a whole test, or a fresh one for each example."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from core.clock import ManualClock
from core.nexuses import founding
from core.store import Store, open_store
from tests.core.rules.doings import Several

_number = itertools.count()


@pytest.fixture
def home(store: Store) -> Store:
    """A store with its root."""
    store.write(founding.found).result()
    return store


@pytest.fixture(scope="session")
def founded_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite store with its root that is closed."""
    path = tmp_path_factory.mktemp("founded") / "nexus.db"
    shutil.copyfile(migrated_file, path)
    store = open_store(f"sqlite:///{path}", ManualClock())
    store.write(founding.found).result()
    store.close()
    return path


@pytest.fixture
def fresh(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> Callable[[], AbstractContextManager[Several]]:
    """Gives a fresh store as often as asked, on PostgreSQL as two processes see it: `with fresh() as several`."""

    @contextmanager
    def make() -> Iterator[Several]:
        clock = ManualClock()
        if engine == "sqlite":
            path = tmp_path / f"fresh_{next(_number)}.db"
            shutil.copyfile(request.getfixturevalue("founded_file"), path)
            stores = [open_store(f"sqlite:///{path}", clock)]
        else:
            server = request.getfixturevalue("postgres")
            name = server.clean_database("migrated")
            stores = [open_store(server.url(name), clock) for _ in range(2)]
            stores[0].write(founding.found).result()
        try:
            yield Several(stores, clock)
        finally:
            for one in stores:
                one.close()
            if engine == "sqlite":
                for part in path.parent.glob(f"{path.name}*"):
                    part.unlink()
            else:
                server.give_back(name)

    return make
