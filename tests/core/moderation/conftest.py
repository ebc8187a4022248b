"""A community with moderators, in a group on Telegram."""

import pytest

from core.places.places import Place
from tests.core.moderation.cases.acting import Chats, gather
from tests.world import World


@pytest.fixture
def lobby(world: World) -> Place:
    """The group of Parser; everybody of `tests.core.moderation.cases.acting.NUMBERS` is there."""
    return gather(world)


@pytest.fixture
def chats(world: World, lobby: Place) -> Chats:
    """The platforms."""
    return Chats(world)
