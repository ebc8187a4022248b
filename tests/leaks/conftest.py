"""A store with its root and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.nexuses import founding
from core.store import Store
from tests.conftest import StoreFactory


@pytest.fixture
def ground(new_store: StoreFactory) -> Store:
    """A store with its root."""
    store = new_store("sqlite")
    store.write(founding.found).result()
    return store


@pytest.fixture
def founded(new_store: StoreFactory) -> Callable[[], Store]:
    """Makes stores with their root."""

    def make() -> Store:
        store = new_store("sqlite")
        store.write(founding.found).result()
        return store

    return make
