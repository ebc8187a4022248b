"""Two communities in one store."""

import pytest

from core.places.places import Place
from tests.core.moderation.lists.listing import towns
from tests.world import World


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """What follows does not depend on the engine; the tests that reach every query name both."""
    return str(request.param)


@pytest.fixture
def mill(world: World) -> Place:
    """The group of Millers; see `listing.towns`."""
    return towns(world)[1]
