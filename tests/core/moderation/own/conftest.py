"""One engine."""

import pytest


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """What is asked of the store is the same on both engines; what finds are counted by is tested on both in guards."""
    return str(request.param)
