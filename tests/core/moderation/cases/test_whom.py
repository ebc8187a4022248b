"""Whom one may act on, and every way to say who is meant."""

import pytest

from core.errors import BadInput, Missing, NotAllowed, NotFound
from core.operations import Named, Origin
from core.operations.run import Ask, Done
from core.places.places import Place
from tests.core.moderation.cases.acting import (
    NUMBERS,
    answering,
    case,
    cases,
    queued,
    suspended,
)
from tests.world import World

SANCTIONS = ("warn", "timeout", "kick", "ban")


@pytest.mark.parametrize("operation", [*SANCTIONS, "unban"])
@pytest.mark.parametrize(
    ("who", "whom"),
    [("Mo", "Max"), ("Mo", "Sue"), ("Mo", "Ana"), ("Sue", "Ana"), ("Mo", "Mo"), ("Ana", "Ana")],
    ids=["an equal", "a steward", "an owner", "an owner from a steward", "oneself", "an owner themselves"],
)
@pytest.mark.parametrize("engine", ["sqlite"])
def test_nobody_acts_on_themselves_or_on_who_is_not_below_them(
    world: World, lobby: Place, operation: str, who: str, whom: str
) -> None:
    before = world.dump("quota_use")
    for origin in (Origin.COMMAND, Origin.TALK, Origin.CLI):
        with pytest.raises(NotAllowed, match="That would be you" if who == whom else "is not below your own role"):
            world.call(who, operation, person=f"={world.id_of(whom)}", at={"place": lobby, "origin": origin})
    assert world.dump("quota_use") == before


def test_from_above_one_is_above(world: World, lobby: Place) -> None:
    world.join("Eve", "Home", "owner")
    with pytest.raises(NotAllowed, match="Eve is owner here"):
        world.call("Ana", "ban", person=NUMBERS["Eve"], at={"place": lobby})
    world.do("Eve", "ban", person="Sue", at={"place": lobby})
    assert suspended(world, "Sue")


def test_members_and_strangers_decide_nothing(world: World, lobby: Place) -> None:
    for who in ("Ben", "Gus", "Eve"):
        for operation in SANCTIONS:
            with pytest.raises(NotAllowed, match="That takes a moderator of Parser"):
                world.call(who, operation, person=NUMBERS["Tim"], at={"place": lobby})


def test_who_keeps_the_money_moderates_nobody_and_is_moderated_by_stewards_alone(world: World, lobby: Place) -> None:
    world.join("Eve", "Parser", "treasurer")
    world.do("Mo", "warn", person="Ben", at={"place": lobby})
    for operation, given in (
        *((name, {"person": NUMBERS["Tim"]}) for name in (*SANCTIONS, "unban")),
        ("purge", {"count": "3"}), ("lock", {}), ("slowmode", {"pause": "1m"}), ("raid.begin", {}), ("guard.show", {}),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match="That takes a moderator of Parser"):
            world.call("Eve", operation, at={"place": lobby}, **given)
    with pytest.raises(NotFound):
        world.do("Eve", "case", case="1", at={"place": lobby})
    with pytest.raises(NotAllowed, match="Eve is treasurer here"):
        world.call("Mo", "ban", person=NUMBERS["Eve"], at={"place": lobby})
    world.join("Eve", "Parser", "moderator")
    world.do("Eve", "warn", person=NUMBERS["Tim"], at={"place": lobby})
    world.join("Tim", "Parser", "treasurer")
    world.do("Sue", "ban", person=NUMBERS["Tim"], at={"place": lobby})
    assert suspended(world, "Tim")


def test_the_author_of_the_answered_message_is_meant_where_nobody_is_named(world: World, lobby: Place) -> None:
    at = {"place": lobby, "answered": answering(world, "Ben", "BUY NOW")}
    world.do("Mo", "warn", at=at)
    world.do("Mo", "ban", person="^", at=at)
    assert [row["person_id"] for row in cases(world)] == [world.id_of("Ben")] * 2
    with pytest.raises(Missing, match="Whom do you mean"):
        world.call("Mo", "ban", at={"place": lobby})
    with pytest.raises(BadInput, match="Answer a message of theirs"):
        world.call("Mo", "ban", person="^", at={"place": lobby})


def test_somebody_absent_is_kept_out_by_their_id(world: World, lobby: Place) -> None:
    done = world.call("Mo", "ban", person="123456789", reason="known from elsewhere", at={"place": lobby})
    assert isinstance(done, Done)
    assert done.result.name == "123456789"
    assert queued(world) == [("ban", "123456789", "-Lobby")]
    new = world.person("Zed", platform="telegram", external_id="123456789")
    assert suspended(world, "Zed")
    assert case(world, 1).person_id == new.person_id
    with pytest.raises(NotAllowed, match="not below"):
        world.call("Mo", "ban", person=NUMBERS["Max"], at={"place": lobby})


@pytest.mark.parametrize("words", ["<@100005>", "<@!100005>", "<@100005|ben>", "@ben", "@Ben", "100005", "ben"])
@pytest.mark.parametrize("engine", ["sqlite"])
def test_every_way_to_say_who_is_meant(world: World, lobby: Place, words: str) -> None:
    named = (Named("100005", "Ben", "ben"), Named("100006", "Tim", "tim"))
    world.do("Mo", "warn", person=words, at={"place": lobby, "named": named})
    assert case(world, 1).person_id == world.id_of("Ben")
    assert case(world, 1).account_id == world.person("Ben").account_id


def test_a_mention_means_the_one_who_is_mentioned_and_no_namesake(world: World, lobby: Place) -> None:
    """A stranger who calls themselves like a member is meant by their mention, and nobody else."""
    world.person("Ben II", platform="telegram", external_id="199999", username="other_ben")
    named = (Named("199999", "Ben", "other_ben"),)
    world.do("Mo", "ban", person="@Ben", at={"place": lobby, "named": named})
    assert queued(world) == [("ban", "199999", "-Lobby")]
    assert not suspended(world, "Ben")


def test_nobody_is_found_who_is_nobody(world: World, lobby: Place) -> None:
    for said in ("Nemo", "@nemo", "=12", "=@12"):
        with pytest.raises(NotFound):
            world.call("Mo", "ban", person=said, at={"place": lobby})
    assert cases(world) == []


def test_a_frozen_account_of_a_stranger_works_on_a_card_alone(world: World, lobby: Place) -> None:
    """Row ids can be guessed; only a card that we made ourselves may name somebody whom the caller cannot know."""
    mark = f"=@{world.person('Eve').account_id}"
    with pytest.raises(NotFound):
        world.call("Mo", "ban", person=mark, at={"place": lobby})
    named = (Named(NUMBERS["Eve"], "Eve"),)
    asked = world.call("Mo", "ban", person="<@100008>", at={"place": lobby, "named": named, "origin": Origin.TALK})
    assert isinstance(asked, Ask)
    assert asked.arguments["person"] == "Eve"
    assert isinstance(world.press("Mo", asked.buttons[0].token, at={"place": lobby}), Done)
    assert suspended(world, "Eve")
