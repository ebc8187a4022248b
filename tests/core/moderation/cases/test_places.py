"""Deciding about places: messages that go, places that are closed and slowed down, and what each leads back to."""

from typing import Any

import pytest

from core.clock import HOUR, MINUTE
from core.errors import BadInput, Conflict, LimitReached, NotAllowed
from core.moderation.cases import acts, undo
from core.moderation.cases.tables import mod_act
from core.operations import Origin
from core.operations.run import Ask, Done
from core.places.places import Place
from tests.core.moderation.cases.acting import NUMBERS, Chats, case, cases, queued
from tests.world import World

SPOT = ("telegram", "", "-Lobby")


def acts_of(world: World, number: int) -> list[Any]:
    found = case(world, number)
    return list(world.read(lambda unit: acts.acts_of(unit, found.id)))


def test_a_purge_of_up_to_twenty_goes_at_once_and_a_larger_one_asks_with_its_count(world: World, lobby: Place) -> None:
    at = {"place": lobby}
    assert isinstance(world.call("Mo", "purge", count="20", at=at), Done)
    asked = world.call("Mo", "purge", count="21", at=at)
    assert isinstance(asked, Ask)
    assert asked.arguments["question"] == "Delete the newest 21 messages here? They cannot come back."
    assert len(cases(world)) == 1
    theirs = world.call("Mo", "purge", count="500", person="Ben", at=at)
    assert isinstance(theirs, Ask)
    assert theirs.arguments["question"] == "Delete the newest 500 messages of Ben here? They cannot come back."
    world.press("Mo", theirs.buttons[0].token, at=at)
    assert [(row["newest"], row["whom"]) for n in (1, 2) for row in acts_of(world, n)] == [
        (20, None),
        (500, NUMBERS["Ben"]),
    ]
    for count in ("0", "501", "-3"):
        with pytest.raises(BadInput):
            world.call("Mo", "purge", count=count, at=at)


def test_a_purge_of_one_person_never_becomes_one_of_everybody(world: World, lobby: Place) -> None:
    """Somebody without an account here has written nothing here: that is said, and nothing is deleted."""
    world.person("Tam")
    world.join("Tam", "Parser")
    for count in ("5", "50"):
        for origin in (Origin.COMMAND, Origin.TALK, Origin.CLI):
            with pytest.raises(BadInput, match="no account of Tam here"):
                world.call("Mo", "purge", count=count, person="Tam", at={"place": lobby, "origin": origin})
    assert queued(world) == []
    assert cases(world) == []


def test_nobody_deletes_what_those_above_wrote(world: World, lobby: Place) -> None:
    for whom in ("Sue", "Max", "Mo"):
        with pytest.raises(NotAllowed):
            world.call("Mo", "purge", count="5", person=f"={world.id_of(whom)}", at={"place": lobby})
    assert cases(world) == []


def test_what_is_about_a_place_has_to_be_said_in_it(world: World, lobby: Place) -> None:
    direct = world.place("Mo alone", kind="direct", external_id=NUMBERS["Mo"])
    for operation, given in (("purge", {"count": "5"}), ("lock", {}), ("unlock", {}), ("slowmode", {"pause": "1m"})):
        for at in ({"place": direct, "here": "Parser"}, {"here": "Parser"}):
            with pytest.raises(BadInput, match="Say that in the channel or group"):
                world.call("Mo", operation, at=at, **given)


def test_ten_purges_an_hour(world: World, lobby: Place) -> None:
    for _ in range(10):
        world.do("Mo", "purge", count="5", at={"place": lobby})
    with pytest.raises(LimitReached):
        world.call("Mo", "purge", count="5", at={"place": lobby})


def test_a_purge_in_a_topic_is_about_the_topic(world: World, lobby: Place) -> None:
    """Most topics have no place of their own: what is said in them is said in the group."""
    at = {"place": lobby, "thread": "12"}
    world.do("Mo", "purge", count="5", at=at)
    world.do("Mo", "lock", at=at)
    world.do("Mo", "slowmode", pause="1m", at=at)
    assert {(row["place"], row["thread"]) for n in (1, 2, 3) for row in acts_of(world, n)} == {("-Lobby", "12")}
    with pytest.raises(BadInput, match="I did not lock this place"):
        world.call("Mo", "unlock", at={"place": lobby})
    world.do("Mo", "unlock", at=at)


def test_a_lock_ends_by_the_clock_by_hand_and_by_undo(world: World, lobby: Place, chats: Chats) -> None:
    at = {"place": lobby}
    world.do("Mo", "lock", duration="1h", at=at)
    chats.carry()
    assert chats.locked == {SPOT}
    chats.later(HOUR)
    world.write(undo.sweep)
    chats.carry()
    assert chats.locked == set()
    world.do("Mo", "lock", at=at)
    chats.carry()
    world.do("Max", "unlock", at=at)
    chats.carry()
    assert chats.locked == set()
    world.do("Mo", "lock", at=at)
    chats.carry()
    world.do("Mo", "undo", case="4", at=at)
    chats.carry()
    assert chats.locked == set()
    assert [row["state"] for row in cases(world)] == ["lifted", "lifted", "standing", "undone"]
    with pytest.raises(BadInput, match="I did not lock this place"):
        world.call("Mo", "unlock", at=at)


def test_a_place_that_was_closed_already_stays_so_when_our_lock_ends(world: World, lobby: Place, chats: Chats) -> None:
    chats.locked.add(SPOT)
    world.do("Mo", "lock", at={"place": lobby})
    chats.carry()
    world.do("Mo", "unlock", at={"place": lobby})
    chats.carry()
    assert chats.locked == {SPOT}


@pytest.mark.parametrize("first", ["1h", "2h"])
def test_of_two_locks_the_place_opens_with_the_last(world: World, lobby: Place, chats: Chats, first: str) -> None:
    at = {"place": lobby}
    second = {"1h": "2h", "2h": "1h"}[first]
    world.do("Mo", "lock", duration=first, at=at)
    chats.carry()
    world.do("Max", "lock", duration=second, at=at)
    chats.carry()
    chats.later(HOUR)
    world.write(undo.sweep)
    chats.carry()
    assert chats.locked == {SPOT}, "the longer one holds"
    chats.later(HOUR)
    world.write(undo.sweep)
    chats.carry()
    assert chats.locked == set()


def test_unlock_opens_what_was_locked_several_times(world: World, lobby: Place, chats: Chats) -> None:
    for _ in range(3):
        world.do("Mo", "lock", at={"place": lobby})
        chats.carry()
    world.do("Mo", "unlock", at={"place": lobby})
    chats.carry()
    assert chats.locked == set()


def test_slow_mode_goes_back_to_what_it_was(world: World, lobby: Place, chats: Chats) -> None:
    at = {"place": lobby}
    chats.slow[SPOT] = 5
    world.do("Mo", "slowmode", pause="30 seconds", duration="2h", at=at)
    chats.carry()
    world.do("Mo", "slowmode", pause="1m", duration="1h", at=at)
    chats.carry()
    assert chats.slow[SPOT] == 60
    chats.later(HOUR)
    world.write(undo.sweep)
    chats.carry()
    assert chats.slow[SPOT] == 30
    chats.later(HOUR)
    world.write(undo.sweep)
    chats.carry()
    assert chats.slow[SPOT] == 5


def test_an_older_slow_mode_that_ends_leaves_the_newer_and_hands_on_what_was_before(
    world: World, lobby: Place, chats: Chats
) -> None:
    at = {"place": lobby}
    chats.slow[SPOT] = 5
    world.do("Mo", "slowmode", pause="30 seconds", duration="1h", at=at)
    chats.carry()
    world.do("Mo", "slowmode", pause="1m", duration="2h", at=at)
    chats.carry()
    chats.later(HOUR)
    world.write(undo.sweep)
    chats.carry()
    assert chats.slow[SPOT] == 60
    chats.later(HOUR)
    world.write(undo.sweep)
    chats.carry()
    assert chats.slow[SPOT] == 5


def test_slow_mode_off_is_a_decision_too(world: World, lobby: Place, chats: Chats) -> None:
    at = {"place": lobby}
    world.do("Mo", "slowmode", pause="30 seconds", duration="1h", at=at)
    chats.carry()
    off = world.call("Mo", "slowmode", pause="0", at=at)
    assert isinstance(off, Done)
    assert off.result.pause == ""
    chats.carry()
    chats.later(HOUR)
    world.write(undo.sweep)
    chats.carry()
    assert chats.slow[SPOT] == 0
    for pause in ("7h", "-1m"):
        with pytest.raises(BadInput):
            world.call("Mo", "slowmode", pause=pause, at=at)


def test_a_lock_that_was_begun_when_it_was_undone_is_taken_back_too(world: World, lobby: Place, chats: Chats) -> None:
    """It may have been carried out, and the process died before it could say so."""
    world.do("Mo", "lock", at={"place": lobby})
    (row,) = world.read(lambda unit: acts.due(unit, ["telegram"]))
    chats.prepare(row)
    chats.act(row)
    world.do("Mo", "undo", case="1", at={"place": lobby})
    assert queued(world) == [("unlock", "", "-Lobby")]
    chats.carry()
    assert chats.locked == set()
    assert not world.write(lambda unit: acts.settle(unit, row["id"], "done", "", ()))


def test_a_lock_that_was_not_begun_is_just_not_carried_out(world: World, lobby: Place) -> None:
    world.do("Mo", "lock", at={"place": lobby})
    world.do("Mo", "undo", case="1", at={"place": lobby})
    assert queued(world) == []
    assert [row["state"] for row in world.read(lambda unit: unit.rows(mod_act.select()))] == ["dropped"]


def test_what_was_deleted_is_said_to_be_gone(world: World, lobby: Place, chats: Chats) -> None:
    world.do("Mo", "purge", count="5", at={"place": lobby})
    chats.carry()
    done = world.do("Mo", "undo", case="1", at={"place": lobby})
    assert done.lasting == ("Deleted messages cannot come back.",)
    with pytest.raises(Conflict, match="dealt with already"):
        world.do("Mo", "undo", case="1", at={"place": lobby})


def test_places_know_who_may(world: World, lobby: Place) -> None:
    world.clock.advance(MINUTE)
    for operation, given in (("purge", {"count": "5"}), ("lock", {}), ("unlock", {}), ("slowmode", {"pause": "1m"})):
        for who in ("Ben", "Gus", "Eve"):
            with pytest.raises(NotAllowed, match="takes a moderator"):
                world.call(who, operation, at={"place": lobby}, **given)
