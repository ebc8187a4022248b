"""Everything here runs on PostgreSQL."""

from __future__ import annotations

import pytest

from bot.unit import AsyncStore
from core.store import Store


@pytest.fixture
def engine() -> str:
    """The engine that can be shared."""
    return "postgres"


@pytest.fixture
def shared(store: Store) -> AsyncStore:
    """A fresh database."""
    return AsyncStore(store)
