"""How often rules were right, and what happens to one that was wrong too often."""

from __future__ import annotations

import pytest

from core.clock import DAY, MINUTE
from core.moderation.guards import counts
from core.places.places import Place
from tests.core.moderation.cases.acting import cases, told, words
from tests.core.moderation.guards.watching import find, hits, let, mode_of
from tests.world import World

BACK = "The rule “spam” was wrong too often in {nexus}. From now on it asks before it does anything."


def count(world: World, nexus: str = "Parser", days: int = 7) -> counts.Count:
    """What the rule spam found."""
    since = world.clock.now() - days * DAY
    found = world.read(lambda unit: counts.count(unit, world.nexuses[nexus].id, since))
    one: counts.Count = found.get("spam", counts.Count())
    return one


def people(world: World, most: int) -> list[str]:
    """So many newcomers."""
    for number in range(most):
        world.person(f"P{number}", platform="telegram", external_id=str(200_000 + number))
    return [f"P{number}" for number in range(most)]


def undo_last(world: World, who: str = "Mo") -> None:
    """A moderator takes the newest case back."""
    world.do(who, "undo", at={"here": "Parser"}, case=str(cases(world)[-1]["number"]))


def test_nothing_judged_has_no_precision() -> None:
    assert counts.Count(found=5).precision is None
    assert counts.Count(right=3, wrong=1).precision == 0.75
    assert counts.Count(wrong=2).precision == 0.0


def test_what_people_say_is_counted(world: World, lobby: Place) -> None:
    let(world, "spam", "act")
    right, wrong, open_ = people(world, 3)
    for who in (right, wrong, open_):
        find(world, lobby, who=who)
        find(world, lobby, who=who, message="78")
    world.do("Mo", "undo", at={"here": "Parser"}, case="2")
    world.do(right, "appeal", at={"here": "Parser"}, case="1", text="it was not me")
    world.do("Mo", "uphold", at={"here": "Parser"}, case="1")
    one = count(world)
    assert (one.found, one.right, one.wrong, one.acted, one.precision) == (6, 1, 1, 3, 0.5)
    assert one.people == [world.id_of(who) for who in (right, wrong, open_)]


def test_an_overturned_case_was_wrong(world: World, lobby: Place) -> None:
    find(world, lobby)
    world.do("Ben", "appeal", at={"here": "Parser"}, case="1", text="it was not me")
    world.do("Mo", "overturn", at={"here": "Parser"}, case="1")
    assert [hit["state"] for hit in hits(world)] == ["wrong"]


def test_what_moderators_decide_themselves_counts_for_no_rule(world: World, lobby: Place) -> None:
    world.do("Mo", "warn", at={"place": lobby}, person="@ben")
    world.do("Mo", "undo", at={"here": "Parser"}, case="1")
    assert hits(world) == []


def test_seven_days_are_shown_and_what_is_below_as_well(world: World, lobby: Place) -> None:
    world.nexus("Inner", parent="Parser")
    find(world, lobby, mode="shadow", nexus="Inner")
    assert (count(world).found, count(world, "Inner").found) == (1, 1)
    world.clock.advance(7 * DAY)
    assert count(world).found == 0


def test_one_error_is_forgiven_and_the_second_of_few_is_not(world: World, lobby: Place) -> None:
    let(world, "spam", "act")
    first, second = people(world, 2)
    find(world, lobby, who=first)
    undo_last(world)
    assert mode_of(world, "spam") == "act"
    find(world, lobby, who=second)
    for who in ("Sue", "Ana", "Mo"):
        told(world, who)
    undo_last(world)
    assert mode_of(world, "spam") == "ask"
    assert [words(one) for one in told(world, "Sue")] == [BACK.format(nexus="Parser")]
    assert [words(one) for one in told(world, "Ana")] == [BACK.format(nexus="Parser")]
    assert told(world, "Mo") == []  # a moderator does not decide what rules may do


@pytest.mark.parametrize(("right", "mode"), [(17, "ask"), (18, "act")])
def test_one_in_ten_may_be_wrong(world: World, lobby: Place, right: int, mode: str) -> None:
    let(world, "spam", "act")
    for who in people(world, right + 2):
        find(world, lobby, who=who)
    for number in (1, 2):
        world.do("Mo", "undo", at={"here": "Parser"}, case=str(number))
    assert mode_of(world, "spam") == mode


def test_errors_older_than_thirty_days_are_forgotten(world: World, lobby: Place) -> None:
    let(world, "spam", "act")
    first, second, third = people(world, 3)
    find(world, lobby, who=first)
    undo_last(world)
    world.clock.advance(30 * DAY)
    find(world, lobby, who=second)
    undo_last(world)
    assert mode_of(world, "spam") == "act"
    find(world, lobby, who=third)
    undo_last(world)
    assert mode_of(world, "spam") == "ask"


def test_errors_of_proposals_take_nothing_from_a_rule_that_only_asks(world: World, lobby: Place) -> None:
    let(world, "spam", "ask")
    for who in people(world, 4):
        find(world, lobby, mode="ask", who=who)
        world.do("Mo", "dismiss", at={"here": "Parser"}, case=str(cases(world)[-1]["number"]))
    assert mode_of(world, "spam") == "ask"
    assert count(world).wrong == 4


def test_a_rule_that_fell_back_is_shown_as_such_and_can_be_let_act_again(world: World, lobby: Place) -> None:
    let(world, "spam", "act")
    for who in people(world, 2):
        find(world, lobby, who=who)
        undo_last(world)
    line = next(one for one in world.do("Mo", "guard.show", at={"here": "Parser"}).items if one.rule == "spam")
    assert (line.mode, line.fell_back, line.wrong, line.found) == ("ask", True, 2, 2)
    world.do("Sue", "guard.set", at={"here": "Parser"}, rule="spam", mode="act")
    line = next(one for one in world.do("Mo", "guard.show", at={"here": "Parser"}).items if one.rule == "spam")
    assert (line.mode, line.fell_back) == ("act", False)


def test_a_rule_that_falls_back_falls_back_wherever_it_was_let_act(world: World, lobby: Place) -> None:
    """Here and above somebody let it act: taking back one of both would change nothing."""
    world.join("Tim", "Home", "steward", here=False)
    let(world, "spam", "act", "Home")
    let(world, "spam", "act")
    for who in people(world, 2):
        find(world, lobby, who=who)
        world.clock.advance(MINUTE)
        undo_last(world)
    assert (mode_of(world, "spam"), mode_of(world, "spam", "Home")) == ("ask", "ask")
    for who in ("Tim", "Sue"):  # each once
        said = [words(one) for one in told(world, who)]
        assert [one for one in said if "too often" in one] == [BACK.format(nexus="Parser")]
