"""Off the list, unfollowed, shared no more, wrong too often, passed on, forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from core.clock import DAY
from core.errors import NexusError
from core.moderation.guards.counts import COUNTED
from core.operations.run import Ask
from core.people.people import speaker
from core.places.places import Place
from core.privacy.forget import forget_everything
from tests.core.moderation.cases.acting import Chats, button, queued, suspended, told, words
from tests.core.moderation.guards.watching import everywhere
from tests.core.moderation.lists.listing import (
    NUMBERS,
    about,
    ban,
    entries,
    follow,
    kinds,
    pressed,
    share,
    sweep,
    the_follow,
    undo,
)
from tests.world import World


@pytest.fixture(autouse=True)
def two(mill: Place) -> Place:
    return mill


def unban(world: World, whom: str, nexus: str = "Bakers", who: str = "Ana") -> None:
    """Let somebody back in by hand."""
    world.do(who, "unban", at={"here": nexus}, person=NUMBERS[whom])


def unfollow(world: World, **more: Any) -> Any:
    """Follow the list no more."""
    return world.do("Sue", "banlist.unfollow", at={"here": "Millers"}, source="Bakers", **more)


# -- off the list -----------------------------------------------------------------------------------------------------


def test_in_act_who_is_off_the_list_is_let_back_in(world: World) -> None:
    share(world)
    ban(world, "Otto")
    follow(world, "act")
    told(world, "Otto"), told(world, "Mo")
    Chats(world).carry()
    unban(world, "Otto")
    sweep(world)
    assert kinds(world, "Otto") == [("ban", "lifted", "list of Bakers"), ("unban", "standing", "list of Bakers")]
    assert not suspended(world, "Otto", "Millers")
    assert ("unban", NUMBERS["Otto"], "-Mill") in queued(world)
    assert "You may come back to Millers." in [words(notice) for notice in told(world, "Otto")]
    assert "Bakers took Otto off its ban list, so they may come back to Millers. It is case 2." in [
        words(notice) for notice in told(world, "Mo")
    ]
    assert entries(world) == {"Otto": "over"}
    ban(world, "Otto")
    sweep(world)
    assert suspended(world, "Otto", "Millers")


def test_what_moderators_decided_is_theirs_to_end(world: World) -> None:
    share(world)
    ban(world, "Otto")
    follow(world, "ask")
    world.press("Mo", button(told(world, "Mo")[-1], "Ban"))
    undo(world, 1)
    sweep(world)
    assert suspended(world, "Otto", "Millers")
    said = told(world, "Mo")[-1]
    assert words(said) == (
        "Bakers took Otto off its ban list: it was a mistake. Here they are banned because of it. Let them back in?"
    )
    with pytest.raises(NexusError):
        world.press("Ben", button(said, "Let them back in"))
    assert pressed(world, "Mo", button(said, "Let them back in")).kind == "unban"
    assert not suspended(world, "Otto", "Millers")
    with pytest.raises(NexusError, match="just dealt"):
        world.press("Max", button(told(world, "Max")[-1], "Let them back in"))


def test_what_an_appeal_left_standing_is_not_ended_by_the_list(world: World) -> None:
    share(world)
    ban(world, "Otto")
    follow(world, "act")
    at = {"here": "Millers"}
    world.do("Otto", "appeal", at=at, case="1", text="it was my brother")
    world.do("Mo", "uphold", at=at, case="1")
    undo(world, 1)
    sweep(world)
    assert suspended(world, "Otto", "Millers")
    assert "Let them back in?" in words(told(world, "Mo")[-1])


def test_who_is_banned_here_anyway_stays_so(world: World) -> None:
    share(world)
    ban(world, "Otto", who="Mo", nexus="Millers", place="Mill")
    ban(world, "Otto")
    follow(world, "act")
    assert entries(world) == {"Otto": "known"}
    undo(world, 1)
    sweep(world)
    assert suspended(world, "Otto", "Millers")
    assert len(about(world, "Otto")) == 1


def test_two_lists_hold_together(world: World) -> None:
    """Somebody on two lists stays out until both let them go."""
    world.nexus("Weavers", owner="Ana", door="private")
    for source, place in (("Bakers", "Bakery"), ("Weavers", "Bakery")):
        share(world, source=source)
        ban(world, "Otto", nexus=source, place=place)
        follow(world, "act", source=source)
    assert len(about(world, "Otto")) == 1
    undo(world, 1)
    sweep(world)
    assert suspended(world, "Otto", "Millers")
    undo(world, 1, nexus="Weavers")
    sweep(world)
    assert not suspended(world, "Otto", "Millers")


def test_an_open_card_closes_when_they_are_off_the_list(world: World) -> None:
    share(world)
    ban(world, "Otto")
    follow(world, "ask")
    card = told(world, "Mo")[-1]
    unban(world, "Otto")
    with pytest.raises(NexusError, match="on that list no more"):
        world.press("Mo", button(card, "Ban"))
    sweep(world)
    assert kinds(world, "Otto") == [("report", "closed", "list of Bakers")]


# -- no more ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "stays"), [("Keep the bans", True), ("Lift them all", False)])
def test_unfollowing_says_what_becomes_of_the_bans(world: World, answer: str, stays: bool) -> None:
    share(world)
    ban(world, "Otto")
    ban(world, "Cara")
    follow(world, "act")
    asked = world.call("Sue", "banlist.unfollow", at={"here": "Millers"}, source="Bakers")
    assert isinstance(asked, Ask)
    assert asked.arguments["question"] == (
        "Stop following the ban list of Bakers in Millers? Here 2 people are banned because of it. Shall that stay so?"
    )
    token = next(one.token for one in asked.buttons if one.label == answer)
    left = pressed(world, "Sue", token)
    assert (left.kept, left.lifted) == ((2, 0) if stays else (0, 2))
    assert suspended(world, "Otto", "Millers") is stays
    undo(world, 1)
    sweep(world)  # what Bakers does is nobody's concern here any more
    assert suspended(world, "Otto", "Millers") is stays


def test_who_shares_no_more_is_followed_no_more_and_moderators_are_told(world: World) -> None:
    share(world)
    ban(world, "Otto")
    follow(world, "act")
    told(world, "Mo")
    world.do("Ana", "banlist.stop", at={"here": "Bakers"})
    said = told(world, "Mo")[-1]
    assert "does not share its ban list with Millers any more" in words(said)
    assert "Here one person is banned because of it. Lift that?" in words(said)
    assert the_follow(world).state == "ended"
    assert suspended(world, "Otto", "Millers")
    left = pressed(world, "Mo", button(said, "Lift them all"))
    assert (left.kept, left.lifted) == (0, 1)
    assert not suspended(world, "Otto", "Millers")


def test_too_often_wrong_it_only_asks(world: World) -> None:
    share(world)
    for name in ("Otto", "Cara", "Ben"):
        ban(world, name)
    follow(world, "act")
    undo(world, 1, who="Mo", nexus="Millers")
    assert the_follow(world).mode == "act"  # one mistake is forgiven
    world.do("Cara", "appeal", at={"here": "Millers"}, case="2", text="no")
    world.do("Mo", "overturn", at={"here": "Millers"}, case="2")
    assert (the_follow(world).mode, the_follow(world).set_by) == ("ask", None)
    assert "was wrong too often for Millers" in words(told(world, "Sue")[-1])
    world.clock.advance(COUNTED + DAY)
    follow(world, "act")
    undo(world, 3, who="Mo", nexus="Millers")
    assert the_follow(world).mode == "act"


# -- a chain, and the forgotten ---------------------------------------------------------------------------------------


def test_what_came_from_a_list_is_not_passed_on(world: World) -> None:
    world.nexus("Weavers", owner="Eve", door="private")
    for name in ("Otto", "Cara", "Ben"):
        world.join(name, "Weavers", here=False)
    share(world)
    share(world, "Sue", "Millers")
    ban(world, "Otto")
    follow(world, "act")
    follow(world, "ask", who="Eve", here="Weavers", source="Millers")
    world.do("Sue", "banlist.follow", at={"here": "Millers"}, source="Bakers", mode="ask")
    ban(world, "Cara")
    sweep(world)
    world.press("Mo", button(told(world, "Mo")[-1], "Ban"))
    ban(world, "Ben", who="Mo", nexus="Millers", place="Mill")
    sweep(world)
    assert [suspended(world, who, "Millers") for who in ("Otto", "Cara", "Ben")] == [True, True, True]
    assert [kinds(world, who, "Weavers") for who in ("Otto", "Cara")] == [[], []]
    assert kinds(world, "Ben", "Weavers") == [("report", "open", "list of Millers")]


def test_a_list_has_nobody_on_it_who_was_forgotten(world: World) -> None:
    share(world, shown="reasons")
    ban(world, "Otto", reason="zitherfish")
    follow(world, "act")
    otto = world.id_of("Otto")
    world.write(lambda unit: forget_everything(unit, otto))
    sweep(world)
    assert entries(world) == {}
    for word in ("zitherfish", NUMBERS["Otto"]):
        assert everywhere(world, word) == []
    world.nexus("Weavers", owner="Eve")
    asked = world.call("Eve", "banlist.follow", at={"here": "Weavers"}, source="Bakers")
    assert isinstance(asked, Ask)
    assert "It has nobody on it" in asked.arguments["question"]
    back = world.write(
        lambda unit: speaker(unit, platform="telegram", workspace="", external_id=NUMBERS["Otto"], name="Otto")
    )
    world.people["Otto"] = world.people["Otto"].__class__(
        back.account_id, back.person_id, "Otto", "telegram", NUMBERS["Otto"]
    )
    assert suspended(world, "Otto", "Millers")  # by what is kept of it: a hash
    assert suspended(world, "Otto", "Bakers")


def test_whom_a_list_met_can_read_that_and_take_it_along(world: World) -> None:
    share(world)
    ban(world, "Otto")
    follow(world)
    shown = world.do("Otto", "my.data")
    assert "Millers goes by the ban list of Bakers and noted that you are on it." in str(shown)
