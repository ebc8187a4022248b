"""Rules as stewards set them and moderators read them."""

from __future__ import annotations

import pytest

from core.errors import BadInput, NexusError, NotAllowed
from core.moderation.guards import modes
from core.moderation.guards.modes import MODES, RULES
from core.operations import Origin
from core.operations.run import Ask
from core.places.places import Place
from tests.core.moderation.cases.acting import cases
from tests.core.moderation.guards.watching import find, let, mode_of
from tests.world import World

HERE = {"here": "Parser"}


def test_all_rules_start_in_shadow_and_the_raid_asks(world: World, lobby: Place) -> None:
    shown = world.do("Mo", "guard.show", at=HERE)
    assert not shown.on
    assert {line.mode for line in shown.items} == {"off"}
    world.do("Sue", "guard.set", at=HERE, mode="watch")
    assert {rule: mode_of(world, rule) for rule in RULES} == {
        rule: "ask" if rule == "raid" else "shadow" for rule in RULES
    }
    assert world.do("Mo", "guard.show", at=HERE).on


@pytest.mark.parametrize("mode", MODES)
def test_one_rule_or_all(world: World, lobby: Place, mode: str) -> None:
    done = world.do("Sue", "guard.set", at=HERE, rule="spam", mode=mode)
    assert (done.rule, done.mode, done.before, done.nexus) == ("spam", mode, "off", "Parser")
    assert mode_of(world, "spam") == mode
    assert mode_of(world, "flood") == "off"
    if mode != "shadow":
        world.do("Sue", "guard.set", at=HERE, rule="everything", mode=mode)
        assert {mode_of(world, rule) for rule in RULES} == {mode}


@pytest.mark.parametrize("who", ["Mo", "Ben", "Gus", "Eve"])
def test_only_stewards_set_rules_and_words(world: World, lobby: Place, who: str) -> None:
    before = world.dump("quota")
    for name, given in (("guard.set", {"mode": "act"}), ("guard.words", {"add": "kraken"})):
        with pytest.raises(NotAllowed):
            world.call(who, name, at=HERE, **given)
    after = world.dump("quota")
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}


@pytest.mark.parametrize("who", ["Ben", "Gus", "Eve"])
def test_only_moderators_see_whom_rules_met(world: World, lobby: Place, who: str) -> None:
    find(world, lobby, mode="shadow", who="Tim")
    with pytest.raises(NotAllowed):
        world.call(who, "guard.show", at=HERE)


@pytest.mark.parametrize("origin", [Origin.TALK, Origin.COMMAND])
def test_it_is_shown_first_who_would_be_hit(world: World, lobby: Place, origin: Origin) -> None:
    let(world, "spam", "shadow")
    find(world, lobby, mode="shadow")
    find(world, lobby, mode="shadow", who="Tim")
    asked = world.call("Sue", "guard.set", at=HERE | {"origin": origin}, rule="spam", mode="act")
    assert isinstance(asked, Ask)
    question = "Let the rule “spam” act by itself in Parser? In the last seven days it met Ben, Tim."
    assert asked.arguments["question"] == question
    assert mode_of(world, "spam") == "shadow"
    world.press("Sue", asked.buttons[0].token, at=HERE)
    assert mode_of(world, "spam") == "act"


def test_the_names_are_seven_at_most(world: World, lobby: Place) -> None:
    for number in range(9):
        world.person(f"P{number}", platform="telegram", external_id=str(200_000 + number))
        find(world, lobby, mode="shadow", who=f"P{number}")
    line = next(one for one in world.do("Mo", "guard.show", at=HERE).items if one.rule == "spam")
    assert (len(line.people), line.more, line.found) == (7, 2, 9)
    assert line.proposes == "keep them from writing"


def test_a_nexus_inside_is_never_laxer(world: World, lobby: Place) -> None:
    world.nexus("Inner", parent="Parser")
    let(world, "spam", "ask")
    with pytest.raises(NotAllowed, match="at least") as refused:
        world.call("Sue", "guard.set", at={"here": "Inner"}, rule="spam", mode="shadow")
    assert refused.value.data == {"rule": "spam", "least": "ask"}
    world.do("Sue", "guard.set", at={"here": "Inner"}, rule="all", mode="off")
    assert (mode_of(world, "spam", "Inner"), mode_of(world, "flood", "Inner")) == ("ask", "off")
    world.do("Sue", "guard.set", at={"here": "Inner"}, rule="spam", mode="act")
    assert (mode_of(world, "spam", "Inner"), mode_of(world, "spam")) == ("act", "ask")


def test_words_are_added_shown_and_taken_off(world: World, lobby: Place) -> None:
    assert world.do("Sue", "guard.words", at=HERE, add="Kraken").items == ("kraken",)
    assert world.do("Sue", "guard.words", at=HERE, add="kraken").items == ("kraken",)
    assert world.do("Sue", "guard.words", at=HERE, add="free gold").items == ("free gold", "kraken")
    before = world.dump("audit", "button", "quota", "result")["guard_words"]
    assert world.do("Sue", "guard.words", at=HERE).items == ("free gold", "kraken")
    assert world.dump()["guard_words"] == before
    assert world.do("Sue", "guard.words", at=HERE, remove="KRAKEN").items == ("free gold",)
    with pytest.raises(BadInput, match="not on the list"):
        world.do("Sue", "guard.words", at=HERE, remove="kraken")


@pytest.mark.parametrize("word", ["a", "x" * 61, "...", "*"])
def test_what_is_no_word_is_refused(world: World, lobby: Place, word: str) -> None:
    with pytest.raises(NexusError):
        world.do("Sue", "guard.words", at=HERE, add=word)
    assert world.dump()["guard_words"] == []


def test_the_list_is_bounded(world: World, lobby: Place) -> None:
    full = [f"word{number}" for number in range(200)]
    world.write(lambda unit: modes.set_words(unit, world.nexuses["Parser"].id, full, 1))
    with pytest.raises(BadInput, match="room for"):
        world.do("Sue", "guard.words", at=HERE, add="one more")


def test_a_proposal_is_accepted_by_its_button_alone(world: World, lobby: Place) -> None:
    made = find(world, lobby, mode="ask")
    assert made is not None
    for given in ("1", f"={made.id}"):
        with pytest.raises(NotAllowed):
            world.call("Mo", "proposal.accept", at=HERE, case=given)
    assert [one["state"] for one in cases(world)] == ["open"]
