"""The properties find what they are for: each of these mistakes, planted into the engine, is found in a few worlds.

A mutant that is not found is a hole in the properties, and fails here.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from random import Random

import pytest

from core.store import Store, Unit
from tests.core.rules import checks
from tests.core.rules.built import build
from tests.core.rules.doings import Several, Undone, glance, play
from tests.core.rules.mutants import MUTANTS, Mutant, belonging, deciding, reading
from tests.core.rules.worlds import SOON, make

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])
ROUNDS = 10  # of two worlds each, a sequence and a while
STEPS = 20
Fresh = Callable[[], AbstractContextManager[Several]]
PLANTED = (belonging, deciding, reading)  # whose mistakes are noted where they are brought in


def hunt(fresh: Fresh) -> checks.Disagreements:
    """Look at dense worlds, at what happens to some, and at time going by; the first disagreements, or none."""
    with fresh() as lasting:
        for number in range(ROUNDS):
            for seed in (2 * number, 2 * number + 1):
                found = in_a_world(lasting.stores[0], seed)
                if found:
                    return [f"world {seed}: {one}" for one in found]
            with fresh() as several:
                found = play(several, Random(number), STEPS)
                if found:
                    return [f"sequence {number}: {one}" for one in found]
            with fresh() as several:
                found = as_time_goes_by(several, number)
                if found:
                    return [f"time in world {number}: {one}" for one in found]
    return []


def as_time_goes_by(several: Several, seed: int) -> checks.Disagreements:
    store = several.stores[0]
    store.write(lambda unit: build(unit, make(Random(seed)))).result()
    found: checks.Disagreements = []
    for step in (0, 1, SOON):
        several.clock.advance(step)
        found = found or store.read(glance).result()
    return found


def in_a_world(store: Store, seed: int) -> checks.Disagreements:
    found: checks.Disagreements = []

    def unit(unit: Unit) -> None:
        build(unit, make(Random(seed)))
        for each in checks.ALL_CHECKS:
            found.extend(each(unit))
            if found:
                break
        else:
            found.extend(checks.moves(unit, Random(seed)))
        raise Undone

    with suppress(Undone):
        store.write(unit).result()
    return found


def test_the_engine_itself_is_fine(fresh: Fresh) -> None:
    """Or what follows would prove nothing."""
    assert hunt(fresh) == []


@pytest.mark.parametrize("plant", MUTANTS.values(), ids=MUTANTS.keys())
def test_it_is_found(fresh: Fresh, monkeypatch: pytest.MonkeyPatch, plant: Mutant) -> None:
    plant(monkeypatch)
    assert hunt(fresh), "this mistake is found by no property"
