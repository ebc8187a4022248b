"""What follows when platforms have answered: who is told of what, and what is left of a case that nobody did."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import BadInput, Conflict
from core.moderation.cases import acts, outcome
from core.moderation.cases.cases import points_of
from core.moderation.guards.report import figures, month_of
from core.operations.run import Done
from core.places.places import Place
from tests.core.moderation.cases.acting import (
    NUMBERS,
    PLATFORMS,
    Chats,
    case,
    group,
    queued,
    server,
    suspended,
    told,
    words,
)
from tests.core.moderation.cases.test_taking_back import also, both
from tests.core.moderation.guards.watching import find
from tests.world import World


def settle(world: World, **states: str) -> None:
    """What is due is over now; `states` by power, "done" for all others."""
    for row in world.read(lambda unit: acts.due(unit, PLATFORMS, 1000)):
        state = states.get(row["power"], "done")
        world.write(lambda unit, row=row, state=state: outcome.settled(unit, row, state, "", ()))


def points(world: World, who: str = "Ben") -> int:
    return int(world.read(lambda unit: points_of(unit, world.id_of(who), world.nexuses["Parser"].id)))


@pytest.mark.parametrize("operation", ["timeout", "kick", "ban"])
@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_no_platform_does_counts_nothing_and_nobody_is_told(
    world: World, lobby: Place, chats: Chats, operation: str
) -> None:
    group(world, "Annex")
    world.do("Mo", operation, person="Ben", at={"place": lobby})
    assert points(world) > 0
    first, *others = world.read(lambda unit: acts.due(unit, PLATFORMS, 1000))
    world.write(lambda unit: outcome.settled(unit, first, "refused", "Ben is the owner.", ()))
    assert case(world, 1).state == "standing", "the other group has not answered yet"
    assert len(others) == 1
    chats.refuse()
    assert case(world, 1).not_done
    assert (points(world), suspended(world, "Ben"), told(world, "Ben"), queued(world)) == (0, False, [], [])
    shown = world.do("Mo", "case", case="1")
    assert (shown.state, shown.points) == ("not done", 0)
    assert world.do("Mo", "cases").items[0].state == "not done"
    with pytest.raises(Conflict, match="dealt with already"):
        world.do("Mo", "undo", case="1", at={"place": lobby})
    with pytest.raises(BadInput, match="nothing to appeal against"):
        world.do("Ben", "appeal", case="1", text="what?", at={"place": lobby})
    month = world.read(lambda unit: figures(unit, world.nexuses["Parser"].id, month_of(world.clock.now())))
    assert (month.kinds, month.people, month.undone) == ((), 0, 0)


def test_one_platform_that_does_it_is_enough_and_they_are_told_once(world: World, lobby: Place) -> None:
    group(world, "Annex")
    world.do("Mo", "timeout", person="Ben", at={"place": lobby})
    for row, state in zip(world.read(lambda unit: acts.due(unit, PLATFORMS, 9)), ("refused", "done"), strict=True):
        world.write(lambda unit, row=row, state=state: outcome.settled(unit, row, state, "", ()))
        assert not world.write(lambda unit, row=row, state=state: outcome.settled(unit, row, state, "", ()))
    assert (case(world, 1).state, points(world)) == ("standing", 2)
    assert len(told(world, "Ben")) == 1
    (act, *_) = world.read(lambda unit: acts.acts_of(unit, case(world, 1).id))
    world.write(lambda unit: acts.renew(unit, act, unit.now))
    settle(world)
    assert told(world, "Ben") == [], "a renewal is no news"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_earlier_ban_keeps_out_who_a_later_one_could_not(world: World, lobby: Place, chats: Chats) -> None:
    world.do("Mo", "ban", person="Ben", at={"place": lobby})
    chats.carry()
    world.do("Mo", "ban", person=NUMBERS["Ben"], duration="7d", at={"place": lobby})
    chats.refuse()
    assert [case(world, number).state for number in (1, 2)] == ["standing", "undone"]
    assert suspended(world, "Ben")


@pytest.mark.parametrize("operation", ["lock", "purge"])
@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_place_where_nothing_could_be_done(world: World, lobby: Place, chats: Chats, operation: str) -> None:
    world.do("Mo", operation, at={"place": lobby}, **({"count": "3"} if operation == "purge" else {}))
    chats.refuse()
    assert case(world, 1).not_done


def test_what_one_platform_refused_can_still_be_done_on_another(world: World, lobby: Place, chats: Chats) -> None:
    server(world, "general")
    both(world)
    told(world, "Ben")
    done = world.call("Mo", "ban", person="Ben", duration="7d", at={"place": lobby})
    assert isinstance(done, Done)
    chats.refuse()
    assert case(world, 1).not_done
    also(world, "Mo", done)
    assert (case(world, 1).state, case(world, 1).ended_at, suspended(world, "Ben")) == ("standing", None, True)
    chats.carry()
    assert set(chats.banned) == {("discord", "guild", "", "4444444444")}


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_rule_that_could_not_act_says_so_and_only_what_it_did(world: World, lobby: Place, chats: Chats) -> None:
    find(world, lobby)
    settle(world, timeout="refused")
    assert case(world, 1).not_done
    assert [words(one) for one in told(world, "Ben")] == [
        "What you wrote in Parser meets its rule “spam”: the message was removed."
    ]
    (notice,) = told(world, "Mo")
    assert words(notice) == (
        "What Ben wrote in Parser meets the rule “spam”, and no platform let me act on it: case 1 is not done."
    )
    assert notice["buttons"] == []
    find(world, lobby, who="Tim")
    chats.refuse()
    assert told(world, "Tim") == []
    assert len(told(world, "Mo")) == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_ban_without_any_platform_is_told_at_once(world: World) -> None:
    """On the command line: the membership is all there is."""
    world.nexus("Parser")
    for who, role in (("Mo", "moderator"), ("Ben", "member")):
        world.person(who)
        world.join(who, "Parser", role)
    at: dict[str, Any] = {"here": "Parser"}
    world.do("Mo", "ban", person="Ben", at=at)
    world.do("Mo", "warn", person="Ben", at=at)
    assert [words(one).split(".")[0] for one in told(world, "Ben")] == [
        "You are banned from Parser",
        "You were warned in Parser",
    ]
    assert case(world, 1).state == "standing"
