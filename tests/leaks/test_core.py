"""Whatever is asked for, nobody hears what they may not: every operation, in places of every sort, in 1,000 worlds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from random import Random

import pytest

from core.catalogue import REGISTRY
from core.operations import Operation
from core.store import Store, Unit
from tests.leaks.attacker import Attacker, carry_out, leaks, suggested
from tests.leaks.maker import make
from tests.leaks.worlds import names_of_nexuses, passing

WORLDS = 1_000
PARTS = 8
CALLS = 40  # in each world
OPERATIONS = tuple(REGISTRY)


def attacked(unit: Unit, seed: int, operations: Sequence[Operation] = OPERATIONS) -> list[str]:
    """What leaks in the world of a seed by these operations."""
    world = make(unit, seed)
    random = Random(-seed - 1)
    attacker = Attacker(world, random, names_of_nexuses(unit))
    found = []
    for _ in range(CALLS):
        who = random.choice((world.people[0], world.people[0], random.choice(world.people)))
        place = random.choice((None, *world.places, *world.places))
        attack = attacker.attack(random.choice(operations), who, place)
        found += carry_out(unit, world, attack)
        if random.random() < 0.15:
            typed = attacker.typed()
            found += leaks(world, attack, suggested(unit, world, attack, typed), typed)
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_nobody_hears_what_they_may_not(ground: Store, part: int) -> None:
    for seed in range(part, WORLDS, PARTS):
        found = passing(ground, partial(attacked, seed=seed))
        assert not found, "\n".join(found)
