"""Many long lives of grants, on both engines: see `tests.core.grants.life`."""

from __future__ import annotations

from tests.core.grants.life import live
from tests.world import World


def test_many_long_lives(world: World) -> None:
    live(world, examples=150, steps=50)
