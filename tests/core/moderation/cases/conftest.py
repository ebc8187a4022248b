"""A community with moderators."""

import pytest

from core.places.places import Place
from tests.core.moderation.cases.acting import Chats, gather
from tests.world import World


@pytest.fixture
def lobby(world: World) -> Place:
    """The group of Parser on Telegram; everybody of `acting.NUMBERS` is there."""
    return gather(world)


@pytest.fixture
def chats(world: World, lobby: Place) -> Chats:
    """The platforms."""
    return Chats(world)
