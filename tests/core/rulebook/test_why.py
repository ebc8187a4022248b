"""Why somebody may see something: all reasons in words, and nothing revealed by asking."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from core.errors import NotAllowed, NotFound
from core.operations.run import Done
from core.records.tables import record
from core.rules import links
from core.rules.consents import set_consent
from core.rules.words import BITS, Action, spread
from core.store import Unit
from tests.core.rulebook.house import furnish, handle, refused, sees
from tests.world import PUBLIC, World


@pytest.fixture
def house(world: World) -> World:
    """Parser with its people, and Lab inside it."""
    return furnish(world)


def why(world: World, who: str, **arguments: Any) -> list[str]:
    return list(world.do(who, "why", **arguments).items)


def test_why_names_the_membership_the_nexus_and_the_rule(house: World) -> None:
    thing = handle(house)
    assert why(house, "Member 1", thing=thing) == [
        f"Yes: you can see {thing}.",
        "You are a member of Parser since 1 Jan 2026.",
        "A rule of Home says so from the start: “Members may see everything, repeat it in channels, count it and build "
        "on it”.",
    ]
    assert why(house, "Ana", thing=thing) == [
        f"Yes: you can see {thing}.",
        "You wrote it: what is yours you can always see.",
    ]
    house.do("Otto", "rule.set", text="guests may see needs")
    assert why(house, "Gus", thing=thing)[1:] == [
        "You are a guest of Parser since 1 Jan 2026.",
        "A rule of Parser says so since 1 Jan 2026: “Guests may see needs”.",
    ]


def test_why_a_group_may_or_may_not(house: World) -> None:
    """Asked by a member: about the rules, and about nobody by name."""
    assert why(house, "Member 1", thing="offers", group="public") == [
        "No: the public cannot see offers in Parser.",
        "No rule there lets anybody see offers.",
    ]
    house.do("Otto", "rule.set", text="the public may see offers")
    assert why(house, "Member 1", thing="offers", group="guests") == [
        "Yes: guests can see offers in Parser, unless whoever wrote it said otherwise.",
        "A rule of Parser says so since 1 Jan 2026: “Anybody may see offers”.",
    ]
    house.do("Otto", "rule.set", text="the public may not see offers")
    said = why(house, "Member 1", thing="offers", group="public", action="repeat")
    assert said[0] == "No: the public cannot repeat offers in Parser in channels."
    assert said[1].startswith("A rule of Parser says so since 1 Jan 2026: “The public may not see offers")
    assert why(house, "Lea", thing="offers", nexus="Parser", group="public") == [
        "You are not in Parser, and its rules are for its members."
    ]


def test_why_not_names_what_is_missing(house: World) -> None:
    assert why(house, "Gus", thing="offers") == [
        "No: you cannot see offers in Parser.",
        "You are a guest of Parser since 1 Jan 2026.",
        "No rule there lets guests see offers.",
    ]
    assert why(house, "Lea", thing="needs", nexus="Parser") == [
        "No: you cannot see needs in Parser.",
        "You are a member of Lab since 1 Jan 2026, which is inside Parser.",
        "No rule there lets members of the Nexuses inside see needs.",
    ]
    assert why(house, "Ana", thing="thoughts")[0] == "No: you cannot see thoughts in Parser."
    house.suspend("Member 1", "Parser")
    house.nexus("Square", door="open")
    assert why(house, "Member 1", thing="needs", nexus="Square")[1:] == [
        "You are not in Square.",
        "No rule there lets anybody see needs.",
    ]


def test_why_names_whose_consent(house: World) -> None:
    thing = handle(house)
    house.do("Otto", "rule.set", text="guests may see needs, members may see needs")
    house.write(lambda unit: set_consent(unit, house.id_of("Ana"), kind="need", word=spread(BITS["member"], Action)))
    assert why(house, "Ana", thing=thing, person="Gus")[1:] == [
        "Gus is a guest of Parser since 1 Jan 2026.",
        "Ana, who wrote it, does not let guests see it.",
    ]


def test_why_without_a_thing_is_about_what_is_here(house: World) -> None:
    for thing in ({}, {"thing": "this"}, {"thing": "everything"}):
        said = "Yes: you can see needs, offers, facts about people, grants and funds in Parser."
        assert why(house, "Member 1", **thing)[0] == said


def test_about_others_only_those_may_ask_whom_it_concerns(house: World) -> None:
    thing = handle(house)
    for who in ("Ana", "Otto"):  # the author, a steward
        assert why(house, who, thing=thing, person="Member 1")[0] == f"Yes: Member 1 can see {thing}."
    assert why(house, "Member 1", thing=thing, person="me")[0] == f"Yes: you can see {thing}."
    assert isinstance(refused(house, "Member 2", "why", thing=thing, person="Member 1"), NotAllowed)
    assert isinstance(refused(house, "Ana", "why", thing="needs", person="Member 1"), NotAllowed)
    assert why(house, "Otto", thing="needs", person="Gus")[0] == "No: Gus cannot see needs in Parser."


def test_what_one_may_not_see_sounds_as_what_is_not_there(house: World) -> None:
    hidden, bench = handle(house), handle(house, "a bench")
    for who, thing in (("Eve", hidden), ("Zoe", hidden), ("Gus", hidden), ("Otto", bench)):
        there = refused(house, who, "why", thing=thing)
        nowhere = refused(house, who, "why", thing="#zzzzz")
        assert isinstance(there, NotFound)
        assert there.message.replace(thing, "#zzzzz") == nowhere.message
    with_somebody = refused(house, "Otto", "why", thing=bench, person="Lea")
    assert isinstance(with_somebody, NotFound)
    house.write(lambda unit: unit.execute(update(record).where(record.c.body == "need 0").values(state="removed")))
    assert isinstance(refused(house, "Member 1", "why", thing=hidden), NotFound)


def test_the_rules_of_a_nexus_that_one_may_not_know_are_not_told(house: World) -> None:
    house.nexus("Secret", owner="Sid", door="private")
    house.do("Sid", "rule.set", text="the public may not see needs, locked", nexus="Secret")
    for thing in ({}, {"thing": "needs"}):
        assert why(house, "Eve", at={"here": "Secret"}, **thing) == [
            "You are not in Secret, and its rules are for its members."
        ]
    assert len(why(house, "Sid", at={"here": "Secret"}, thing="needs")) > 1


def test_why_answers_in_private(house: World) -> None:
    found = house.call("Ana", "why", thing=handle(house), at={"audience": PUBLIC})
    assert isinstance(found, Done)
    assert found.operation.private


def test_a_link_through_a_private_nexus_is_not_named(house: World) -> None:
    house.nexus("Secret", owner="Sid", door="private")
    house.join("Gus", "Secret", here=False)

    def link(unit: Unit) -> None:
        link_id = links.propose(unit, house.nexuses["Secret"].id, house.nexuses["Parser"].id, by=0)
        links.accept(unit, link_id, by=0)

    house.write(link)
    house.do("Otto", "rule.set", text="linked nexuses may see needs")
    thing = handle(house)
    for_gus = " ".join(why(house, "Gus", thing=thing))
    assert "You are a member of Secret since 1 Jan 2026, which is linked with Parser." in for_gus
    for_otto = " ".join(why(house, "Otto", thing=thing, person="Gus"))
    assert "Secret" not in for_otto
    assert "Gus is a member of another Nexus since 1 Jan 2026, which is linked with Parser." in for_otto


@pytest.mark.parametrize("engine", ["sqlite"])
def test_why_agrees_with_what_is_seen(house: World) -> None:
    thing = handle(house)
    for text in ("guests may see needs", "members may not see needs", "the public may see needs"):
        house.do("Otto", "rule.set", text=text)
        for who in ("Gus", "Member 1", "Lea", "Zoe", "Eve", "Ana"):
            seen = sees(house, who) > 0
            told = why(house, who, thing="needs", nexus="Parser")[0].startswith("Yes") if who != "Ana" else True
            assert told == seen, (text, who)
        if sees(house, "Gus"):
            assert why(house, "Gus", thing=thing)[0].startswith("Yes")
