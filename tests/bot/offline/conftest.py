"""One brain for all: it is pure, so tests cannot disturb each other."""

from __future__ import annotations

import pytest

from bot.cofounder.offline import OfflineBrain
from core.catalogue import REGISTRY


@pytest.fixture(scope="session")
def brain() -> OfflineBrain:
    """The offline brain over all operations."""
    return OfflineBrain(REGISTRY)
