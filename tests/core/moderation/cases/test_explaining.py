"""What became of somebody and why, in sentences: for them and for moderators, each as far as they may hear."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cards.own_rules import explained
from bot.words import Words
from core.clock import DAY
from core.errors import NotFound
from core.operations import Origin
from core.operations.run import Done
from core.places.places import Place
from tests.core.moderation.cases.acting import Chats, answering
from tests.core.moderation.guards.watching import buttons, find
from tests.world import World

HERE = {"here": "Parser"}


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """Its one query is plain; the rest is read as everywhere else."""
    return str(request.param)


def told(world: World, who: str, here: str = "Parser", **given: Any) -> str:
    """The explanation, as somebody reads it."""
    card = explained(world.do(who, "explain", at={"here": here}, **given), Words()).card
    assert card is not None
    return f"{card.title}. {card.text}"


def today(world: World) -> str:
    """The day, as people read it."""
    return str(world.do("Mo", "case", at=HERE, case="1").day)


def test_what_a_moderator_decided(world: World, lobby: Place) -> None:
    world.do("Mo", "timeout", at={"place": lobby}, person="@ben", duration="2h", reason="far too loud")
    Chats(world).carry()
    day = today(world)
    assert told(world, "Sue", case="1").startswith(
        f"Case 1, in short. On {day} Ben was kept from writing in Parser, by Mo, moderator there, because of "
        "“far too loud”. It was done on Telegram. It holds until "
    )
    assert told(world, "Sue", case="1").endswith("“Undo 1” takes it back.")
    mine = told(world, "Ben", case="1")
    assert f"On {day} you were kept from writing in Parser, by a moderator, because of “far too loud”." in mine
    assert mine.endswith("If that is wrong, appeal: another moderator looks at it.")
    assert "Mo" not in mine.replace("Moderator", "")


def test_what_a_rule_did(world: World, lobby: Place) -> None:
    find(world, lobby)
    for who, begins in (("Mo", "Ben was"), ("Ben", "you were")):
        said = told(world, who, case="1")
        assert f"{begins} kept from writing in Parser, by the rule “spam”, which acts by itself there" in said
        assert "What it noticed: it reads like spam (97%); a link." in said
        assert "zitherfish" not in said  # no word of the message


def test_what_a_rule_proposed_and_a_moderator_agreed_to(world: World, lobby: Place) -> None:
    find(world, lobby, mode="ask")
    said = told(world, "Sue", case="1")
    assert "the rule “spam” asked the moderators of Parser to look at it" in said
    assert "Nobody has decided yet." in said
    world.press("Mo", buttons(world, "Mo", "Time out")[0], at=HERE)
    said = told(world, "Sue", case="2")
    assert (
        "the rule “spam” proposed it (it reads like spam, and something else speaks for it), and Mo (moderator)" in said
    )
    assert "What it noticed: it reads like spam (97%); a link." in said
    assert "and a moderator agreed" in told(world, "Ben", case="2")


def test_without_a_number_it_is_the_newest_about_who_asks(world: World, lobby: Place) -> None:
    with pytest.raises(NotFound, match="nothing like that about you"):
        world.do("Ben", "explain", at=HERE)
    world.do("Mo", "warn", at={"place": lobby}, person="@ben", reason="first")
    world.do("Mo", "timeout", at={"place": lobby}, person="@ben", reason="second")
    world.do("Mo", "ban", at={"place": lobby}, person="@tim", reason="third")
    assert "second" in told(world, "Ben")
    assert "first" in told(world, "Ben", kind="warned")
    with pytest.raises(NotFound):
        world.do("Ben", "explain", at=HERE, kind="banned")
    assert "third" in told(world, "Tim", here="Home")  # wherever it was


@pytest.mark.parametrize("who", ["Tim", "Gus", "Eve"])
def test_nobody_else_hears_of_it(world: World, lobby: Place, who: str) -> None:
    world.do("Mo", "warn", at={"place": lobby}, person="@ben", reason="loud")
    with pytest.raises(NotFound):
        world.call(who, "explain", at=HERE, case="1")


def test_who_reported_is_not_told(world: World, lobby: Place) -> None:
    world.do("Tim", "report", at={"place": lobby, "answered": answering(world, "Ben")}, reason="spam")
    said = told(world, "Mo", case="1")
    assert "Ben was reported in Parser" in said
    assert "Tim" not in said
    with pytest.raises(NotFound):
        world.call("Ben", "explain", at=HERE, case="1")


def test_how_it_went_on(world: World, lobby: Place) -> None:
    world.do("Mo", "warn", at={"place": lobby}, person="@ben", reason="loud")
    assert "One point is left of it." in told(world, "Sue", case="1")
    world.do("Ben", "appeal", at=HERE, case="1", text="it was not me")
    assert "It was appealed, and nobody has decided yet." in told(world, "Ben", case="1")
    world.do("Sue", "overturn", at=HERE, case="1")
    said = told(world, "Ben", case="1")
    assert "It was taken back on" in said
    assert "It was appealed, and overturned." in said
    world.do("Mo", "ban", at={"place": lobby}, person="@tim")
    assert "It has no end." in told(world, "Sue", case="2")


def test_a_place_is_told_of_as_well(world: World, lobby: Place) -> None:
    world.do("Mo", "lock", at={"place": lobby}, duration="30m")
    assert "a place was closed for writing in Parser, by Mo, moderator there" in told(world, "Sue", case="1")
    world.clock.advance(DAY)
    world.do("Mo", "unlock", at={"place": lobby})
    assert "It ended on" in told(world, "Sue", case="1")


def test_the_button_appeals(world: World, lobby: Place) -> None:
    world.do("Mo", "warn", at={"place": lobby}, person="@ben", reason="loud")
    for who, labels in (("Ben", ["Appeal"]), ("Mo", [])):
        done = world.call(who, "explain", at=HERE | {"origin": Origin.TALK}, case="1")
        assert isinstance(done, Done)
        assert [button.label for button in done.buttons] == labels
