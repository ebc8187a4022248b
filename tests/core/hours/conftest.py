"""A Nexus in which people help each other."""

import pytest

from tests.world import World


@pytest.fixture
def world(world: World) -> World:
    """Ana owns Parser; Tom and Ben are in it; Eve is somewhere else."""
    world.nexus("Parser", owner="Ana")
    world.join("Tom", "Parser")
    world.join("Ben", "Parser")
    world.nexus("Other", owner="Eve")
    return world
