"""A community with moderators, in a group on Telegram."""

import pytest

from core.places.places import Place
from tests.core.moderation.cases.acting import gather
from tests.world import World


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """What is asked of the store is plain, and the same on both engines."""
    return str(request.param)


@pytest.fixture
def lobby(world: World) -> Place:
    """The group of Parser; everybody of `tests.core.moderation.cases.acting.NUMBERS` is there."""
    return gather(world)
