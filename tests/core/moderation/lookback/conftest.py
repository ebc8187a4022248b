"""One engine."""

import pytest


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """What is asked of the store is plain, and the same on both engines."""
    return str(request.param)
