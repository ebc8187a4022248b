"""Following a list: the look before it, and what it does in shadow, ask and act."""

from __future__ import annotations

import pytest

from core.clock import DAY, HOUR
from core.errors import BadInput, Conflict, NotFound
from core.moderation.cases.cases import Message
from core.moderation.guards.tables import guard_hit
from core.moderation.lists import follows, reach
from core.operations.run import Ask
from core.people.linking import merge
from core.places.places import Place
from tests.conftest import ENGINES
from tests.core.moderation.cases.acting import Chats, button, group, queued, suspended, told, words
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


def question(world: World, mode: str = "shadow", source: str = "Bakers") -> str:
    """What is said before a list is followed."""
    asked = world.call("Sue", "banlist.follow", at={"here": "Millers"}, source=source, mode=mode)
    assert isinstance(asked, Ask)
    return asked.question.format(**asked.arguments)


def hits(world: World) -> list[tuple[str, str, str]]:
    """What was counted."""
    rows = world.read(lambda unit: unit.rows(guard_hit.select().order_by(guard_hit.c.id)))
    return [(row["rule"], row["mode"], row["state"]) for row in rows]


# -- sharing and the look before --------------------------------------------------------------------------------------


def test_nothing_is_shared_before_a_steward_says_so(world: World) -> None:
    ban(world, "Otto")
    with pytest.raises(NotFound, match="may follow"):
        follow(world)


def test_a_list_of_nobody_sounds_like_one_that_is_not_shared(world: World) -> None:
    said = []
    for name in ("Bakers", "Nowhere"):
        with pytest.raises(NotFound) as refused:
            follow(world, source=name)
        said.append(str(refused.value).replace(name, "it"))
    assert said[0] == said[1]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_look_names_only_whom_the_follower_knows(world: World) -> None:
    share(world, shown="reasons")
    ban(world, "Otto", reason="spam")
    ban(world, "Lure")
    ban(world, "Eve")
    said = question(world)
    assert "It has 3 people on it; one of them is among you: Otto (spam, since 1 Jan 2026)." in said, said
    for stranger in ("Lure", "Eve", *NUMBERS.values()):
        assert stranger not in said


def test_without_reasons_no_word_of_them_leaves(world: World) -> None:
    share(world)
    ban(world, "Otto", reason="zitherfish")
    assert "zitherfish" not in question(world)
    follow(world, "act")
    assert [case.reason for case in about(world, "Otto")] == [""]
    assert all("zitherfish" not in words(notice) for who in ("Otto", "Mo", "Sue") for notice in told(world, who)[1:])


def test_a_list_is_offered_to_whom_it_was_opened(world: World) -> None:
    world.join("Ana", "Millers", here=False)
    share(world, to="Millers")
    (offer,) = [notice for notice in told(world, "Sue") if "shares its ban list" in words(notice)]
    card = world.press("Sue", button(offer, "Follow it"))
    assert isinstance(card, Ask)
    world.press("Sue", card.buttons[0].token)
    assert the_follow(world).mode == "shadow"
    world.nexus("Weavers", owner="Eve")
    with pytest.raises(NotFound):
        follow(world, who="Eve", here="Weavers")


# -- shadow, ask, act -------------------------------------------------------------------------------------------------


def test_in_shadow_it_only_counts(world: World) -> None:
    share(world)
    ban(world, "Otto")
    follow(world)
    sweep(world)
    assert hits(world) == [("ban lists", "shadow", "found")]
    assert about(world, "Otto") == []
    assert not suspended(world, "Otto", "Millers")
    shown = world.do("Mo", "banlist.show", at={"here": "Millers"})
    assert [(line.source, line.people, line.on_it) for line in shown.followed] == [("Bakers", ("Otto",), 1)]


def test_in_ask_moderators_decide_each(world: World) -> None:
    share(world, shown="reasons")
    ban(world, "Otto", reason="spam")
    ban(world, "Cara", duration="7d")
    follow(world, "ask")
    cards = [notice for notice in told(world, "Mo") if "Ban them here" in words(notice)]
    assert words(cards[0]).startswith("Otto is in Millers, and on the ban list of Bakers since 1 Jan 2026 (spam).")
    made = pressed(world, "Mo", button(cards[0], "Ban"))
    assert (made.kind, made.name, made.source) == ("ban", "Otto", "Bakers")
    assert suspended(world, "Otto", "Millers")
    assert ("ban", NUMBERS["Otto"], "-Mill") in queued(world)
    assert kinds(world, "Otto") == [("report", "closed", "list of Bakers"), ("ban", "standing", "list of Bakers")]
    world.press("Mo", button(cards[1], "Dismiss"))
    sweep(world)
    assert entries(world) == {"Otto": "banned", "Cara": "dismissed"}
    assert sorted(hit[2] for hit in hits(world)) == ["right", "wrong"]
    with pytest.raises(Conflict):
        world.press("Mo", button(cards[0], "Ban"))
    with pytest.raises(BadInput, match="just dealt"):
        world.press("Max", button(next(n for n in told(world, "Max") if "Otto" in words(n)), "Ban"))


@pytest.mark.parametrize("engine", ENGINES)
def test_in_act_they_are_banned_as_on_the_list(world: World) -> None:
    share(world, shown="reasons")
    ban(world, "Otto", reason="spam", duration="7d")
    said = question(world, "act")
    assert "I ban each of them who is or comes here" in said
    follow(world, "act")
    (case,) = about(world, "Otto")
    assert (case.kind, case.why, case.rule, case.reason, case.by_id) == ("ban", "list", "list of Bakers", "spam", None)
    assert case.until == about(world, "Otto", "Bakers")[0].until
    assert suspended(world, "Otto", "Millers")
    assert told(world, "Otto") == []  # nothing is done yet
    Chats(world).carry()
    (you,) = [notice for notice in told(world, "Otto") if "ban list" in words(notice)]
    assert "you are on the ban list of Bakers, and Millers goes by that (spam)" in words(you)
    assert [label for label, _, _ in you["buttons"]] == ["Appeal"]
    (card,) = [notice for notice in told(world, "Mo") if "I banned them" in words(notice)]
    world.press("Mo", button(card, "Undo"))
    assert not suspended(world, "Otto", "Millers")
    sweep(world)
    assert len(about(world, "Otto")) == 1  # what was decided here is not decided again
    assert entries(world) == {"Otto": "dismissed"}


def test_what_no_platform_did_is_said_and_not_tried_again(world: World) -> None:
    share(world)
    ban(world, "Otto")
    Chats(world).carry()
    follow(world, "act")
    Chats(world).refuse()
    assert [words(notice) for notice in told(world, "Mo")] == [
        "Otto is on the ban list of Bakers, and no platform let me ban them: case 1 is not done."
    ]
    assert told(world, "Otto")[1:] == []  # of Millers they hear nothing
    assert not suspended(world, "Otto", "Millers")
    sweep(world)
    assert len(about(world, "Otto")) == 1


def test_a_ban_of_the_list_that_was_not_done_is_no_mistake_of_it(world: World) -> None:
    share(world)
    ban(world, "Otto")
    follow(world, "act")
    Chats(world).refuse()
    follow(world, "ask")
    assert entries(world) == {"Otto": "over"}
    assert hits(world) == [("ban lists", "act", "found")]


def test_what_is_new_on_the_list_reaches_followers(world: World) -> None:
    share(world)
    follow(world, "act")
    ban(world, "Otto")
    woken: list[str] = []
    world.store.listen(woken.append)
    ban(world, "Cara")
    assert "lists" in woken
    sweep(world)
    assert [case.kind for name in ("Otto", "Cara") for case in about(world, name)] == ["ban", "ban"]
    undo(world, about(world, "Cara", "Bakers")[0].number)
    assert woken.count("lists") >= 2


def test_who_moderates_is_never_met(world: World) -> None:
    world.join("Otto", "Millers", "moderator", here=False)
    world.join("Cara", "Millers", "treasurer", here=False)
    share(world)
    ban(world, "Otto")
    ban(world, "Cara")
    assert "nobody of them is among you" in question(world, "act")
    follow(world, "act")
    assert entries(world) == {}
    assert about(world, "Otto") == []
    assert world.read(lambda unit: reach.awaited(unit, world.nexuses["Millers"].id)) == frozenset()


def test_no_more_than_so_many_an_hour(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follows, "MOST_IN_AN_HOUR", 2)
    share(world)
    for name in ("Otto", "Cara", "Ben"):
        ban(world, name)
    assert "no more than 2 people are met in an hour" in question(world, "act")
    follow(world, "act")
    assert list(entries(world)) == ["Otto", "Cara"]
    world.clock.advance(HOUR + 1)
    sweep(world)
    assert set(entries(world)) == {"Otto", "Cara", "Ben"}


# -- who comes later, other accounts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_who_comes_later_is_met_when_they_are_seen(world: World, mill: Place) -> None:
    share(world)
    ban(world, "Lure")
    follow(world, "act")
    assert entries(world) == {}
    nexus_id, lure = world.nexuses["Millers"].id, world.person("Lure")
    assert world.read(lambda unit: reach.awaited(unit, nexus_id)) == {("telegram", "", NUMBERS["Lure"])}
    message = Message("telegram", "", "-Mill", "9", lure.person_id, "hello")
    assert world.write(lambda unit: reach.seen(unit, nexus_id, lure.account_id, mill, message))
    assert queued(world)[-2:] == [("ban", NUMBERS["Lure"], "-Mill"), ("delete", NUMBERS["Lure"], "-Mill")]
    assert world.read(lambda unit: reach.awaited(unit, nexus_id)) == frozenset()
    assert not world.write(lambda unit: reach.seen(unit, nexus_id, lure.account_id, mill, message))


def test_another_account_of_theirs_is_asked_about(world: World) -> None:
    """What was decided about an account is proposed for the others, and never done."""
    group(world, "Yard", "Millers", platform="discord", kind="channel", workspace="guild")
    second = world.person("Otto D", platform="discord", external_id="77")
    otto = world.id_of("Otto")
    world.write(lambda unit: merge(unit, old=second.person_id, new=otto))
    group(world, "Bakers yard", "Bakers", platform="discord", kind="channel", workspace="guild2")
    world.nexus("Sailors", owner="Sue")
    group(world, "Deck", "Sailors", platform="discord", kind="channel", workspace="guild3")
    world.join("Otto", "Sailors", here=False)
    share(world)
    ban(world, "Otto")
    follow(world, "act", here="Sailors")
    (case,) = about(world, "Otto", "Sailors")
    assert (case.kind, case.state) == ("report", "open")
    follow(world, "act")
    assert ("ban", NUMBERS["Otto"], "-Mill") in queued(world)
    Chats(world).carry()
    (card,) = [notice for notice in told(world, "Mo") if "I banned them" in words(notice)]
    assert [label for label, _, _ in card["buttons"]] == ["Also on Discord", "Undo"]
    world.press("Mo", button(card, "Also on Discord"))
    assert [whom for power, whom, place in queued(world) if place == "-Yard"] == ["77"]


@pytest.mark.parametrize("engine", ENGINES)
def test_two_people_who_turn_out_to_be_one_are_on_the_list_once(world: World) -> None:
    share(world)
    ban(world, "Lure")
    follow(world, "act")
    lure, otto = world.id_of("Lure"), world.id_of("Otto")
    world.write(lambda unit: merge(unit, old=lure, new=otto))
    sweep(world)
    assert entries(world)["Otto"] == "banned"
    assert suspended(world, "Otto", "Millers")
    more = world.person("Third", platform="terminal")
    world.write(lambda unit: merge(unit, old=otto, new=more.person_id))
    sweep(world)
    assert set(entries(world)) == {"Third"}
    undo(world, about(world, "Lure", "Bakers")[-1].number if about(world, "Lure", "Bakers") else 1)
    sweep(world)
    assert entries(world) == {"Third": "over"}


def test_a_ban_for_a_while_ends_on_both_sides(world: World) -> None:
    share(world)
    ban(world, "Otto", duration="1d")
    follow(world, "act")
    world.clock.advance(2 * DAY)
    sweep(world)
    assert entries(world) == {"Otto": "over"}
    assert [case.kind for case in about(world, "Otto")] == ["ban"]  # the clock ends it, and nobody has to say so
