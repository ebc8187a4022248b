"""What a rule may do down a tree of Nexuses: what is said above holds below, where it can only be stricter."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import NotAllowed
from core.moderation.guards import modes
from core.moderation.guards.modes import MODES
from core.places.places import Place
from tests.core.moderation.guards.watching import let, mode_of
from tests.world import World

_number = itertools.count()
RULES = ("spam", "raid")


def test_where_nobody_said_anything_a_rule_is_off(world: World, lobby: Place) -> None:
    assert mode_of(world, "spam") == "off"
    assert world.read(modes.any_watched) is False
    let(world, "spam", "off")
    assert world.read(modes.any_watched) is False
    let(world, "spam", "shadow")
    assert world.read(modes.any_watched) is True


@pytest.mark.parametrize("above", MODES)
@pytest.mark.parametrize("here", MODES)
def test_the_stricter_of_above_and_here_holds(world: World, lobby: Place, above: str, here: str) -> None:
    world.nexus("Inner", parent="Parser")
    let(world, "spam", above)
    let(world, "spam", here, "Inner")
    assert mode_of(world, "spam", "Inner") == max(above, here, key=MODES.index)
    assert mode_of(world, "spam") == above
    assert world.read(lambda unit: modes.inherited(unit, world.nexuses["Inner"].id, "spam")) == above


def test_sisters_do_not_hear_of_each_other(world: World, lobby: Place) -> None:
    for name in ("Left", "Right"):
        world.nexus(name, parent="Parser")
    let(world, "spam", "act", "Left")
    assert [mode_of(world, "spam", name) for name in ("Left", "Right", "Parser")] == ["act", "off", "off"]


def test_words_come_from_above_as_well(world: World, lobby: Place) -> None:
    world.nexus("Inner", parent="Parser")
    ids = {name: world.nexuses[name].id for name in ("Parser", "Inner")}
    world.write(lambda unit: modes.set_words(unit, ids["Parser"], ["kraken"], 1))
    world.write(lambda unit: modes.set_words(unit, ids["Inner"], ["squid", "kraken"], 1))
    words = [world.read(lambda unit, one=one: modes.words_of(unit, ids[one])) for one in ("Parser", "Inner")]
    assert words == [["kraken"], ["kraken", "squid"]]
    assert world.read(lambda unit: modes.own_words(unit, ids["Inner"])) == ["squid", "kraken"]


def test_setting_wakes_whoever_watches(world: World, lobby: Place) -> None:
    woken: list[str] = []
    world.store.listen(woken.append)
    let(world, "spam", "shadow")
    world.write(lambda unit: modes.set_words(unit, world.nexuses["Parser"].id, ["kraken"], 1))
    assert woken.count("guards") == 2


class Tree:
    """The naive reference: a tree as parents by number, and what was said where."""

    def __init__(self, parents: list[int]) -> None:
        self.parents = parents
        self.said: dict[tuple[int, str], str] = {}

    def above(self, one: int) -> list[int]:
        """The numbers above."""
        return [] if one == 0 else [self.parents[one], *self.above(self.parents[one])]

    def may(self, one: int, rule: str) -> str:
        """What a rule may do."""
        said = [self.said[where, rule] for where in (one, *self.above(one)) if (where, rule) in self.said]
        return max(said, key=MODES.index, default="off")

    def least(self, one: int, rule: str) -> str:
        """What a rule may do at least."""
        said = [self.said[where, rule] for where in self.above(one) if (where, rule) in self.said]
        return max(said, key=MODES.index, default="off")

    def set(self, one: int, rule: str, mode: str) -> bool:
        """Say something. Whether that was allowed."""
        if MODES.index(mode) < MODES.index(self.least(one, rule)):
            return False
        self.said[one, rule] = mode
        return True


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[int], list[tuple[int, str, str]]]:
    """Parents by number (the first has none), and what is said one after the other."""
    size = draw(st.integers(1, 6))
    parents = [0, *(draw(st.integers(0, one - 1)) for one in range(1, size))]
    step = st.tuples(st.integers(0, size - 1), st.sampled_from((*RULES, "all")), st.sampled_from(MODES))
    return parents, draw(st.lists(step, max_size=10))


@pytest.mark.parametrize("engine", ["sqlite"])
@settings(max_examples=40)
@given(trees())
def test_any_tree_and_any_order_of_saying_is_as_the_reference(
    world: World, drawn: tuple[list[int], list[tuple[int, str, str]]]
) -> None:
    parents, steps = drawn
    names = [f"T{next(_number)}" for _ in parents]
    reference = Tree(parents)
    for one, name in enumerate(names):
        world.nexus(name, owner="Ana", parent=names[parents[one]] if one else "Home")
    for one, rule, mode in steps:
        at: dict[str, Any] = {"here": names[one]}
        if rule == "all":
            world.do("Ana", "guard.set", at=at, rule="all", mode=mode)
            for each in modes.RULES:
                reference.set(one, each, modes.FIRST.get(each, mode) if mode == "shadow" else mode)
        elif reference.set(one, rule, mode):
            world.do("Ana", "guard.set", at=at, rule=rule, mode=mode)
        else:
            before = world.dump()["guard"]
            with pytest.raises(NotAllowed):
                world.do("Ana", "guard.set", at=at, rule=rule, mode=mode)
            assert world.dump()["guard"] == before
        for where, name in enumerate(names):
            for each in RULES:
                assert mode_of(world, each, name) == reference.may(where, each)
                below = MODES.index(reference.may(where, each))
                assert all(below >= MODES.index(mode_of(world, each, names[up])) for up in reference.above(where))
