"""The tests of leaks on many more worlds, on both engines. LEAK_SEED begins with other worlds than the usual ones."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from core.clock import ManualClock
from core.nexuses import founding
from core.store import Store
from tests.conftest import StoreFactory
from tests.leaks.test_core import attacked
from tests.leaks.test_refusals import differences, told_apart
from tests.leaks.test_turns import attacked as turns
from tests.leaks.worlds import passing

FIRST = int(os.environ.get("LEAK_SEED", "1000000"))
WORLDS = {"sqlite": 10_000, "postgres": 500}
TURNS = 400


@pytest.fixture
def founded(store: Store) -> Store:
    """A store with its root."""
    store.write(founding.found).result()
    return store


@pytest.mark.parametrize("check", [attacked, differences, told_apart], ids=lambda one: one.__name__)
def test_nothing_leaks(check: Callable[..., list[str]], founded: Store, engine: str) -> None:
    for seed in range(FIRST, FIRST + WORLDS[engine]):
        found = passing(founded, partial(check, seed=seed))
        assert not found, "\n".join(found)


async def test_no_channel_hears_what_it_may_not(new_store: StoreFactory, clock: ManualClock, tmp_path: Path) -> None:
    for seed in range(FIRST, FIRST + TURNS):
        store = new_store("sqlite")
        store.write(founding.found).result()
        found = await turns(store, clock, tmp_path / "files", seed)
        store.close()
        assert not found, "\n".join(found)
