"""Who hears of hours: the two people always, others what the rules of the Nexus let them see of its grants."""

from typing import Any

import pytest

from core.access.hours import EntryField, TimeField
from core.errors import NexusError, NotAllowed
from core.operations import Audience, AudienceKind
from core.rules.rules import set_rule
from core.rules.words import Action, pack_actions
from tests.core.hours.helped import accepted_grant
from tests.world import PUBLIC, World


@pytest.fixture
def world(world: World) -> World:
    """Tom gave Ana two hours that count and one that waits; Ben gave Tom half an hour."""
    for giver, helped, time, about in (("Tom", "Ana", "2h", "the parser"), ("Ben", "Tom", "30m", "the lexer")):
        world.do(giver, "hours.log", person=helped, time=time, about=about)
        world.do(helped, "hours.confirm", entry="it")
    world.do("Tom", "hours.log", person="Ana", time="1h", about="not yet sure")
    return world


def rule(world: World, audience: str, effect: str, *actions: Action) -> None:
    who = world.id_of("Ana")
    more: dict[str, Any] = {"kind": "grant", "audience": audience, "effect": effect, "by": who}
    world.write(
        lambda unit: set_rule(unit, world.nexuses["Parser"].id, actions=pack_actions(actions or (Action.SEE,)), **more)
    )


def lines(found: Any) -> list[str]:
    return [f"{one.giver} {one.helped} {one.time} {one.text} {one.state}" for one in found.items]


def test_ones_own_are_always_seen_alone_whatever_counts(world: World) -> None:
    rule(world, "member", "deny")
    found = world.do("Tom", "hours.list")
    assert lines(found) == [
        "Tom Ana 1h not yet sure waits for a yes",
        "Ben Tom 30m the lexer counts",
        "Tom Ana 2h the parser counts",
    ]
    assert (found.given, found.helped, found.got, found.money) == ("2h", 1, "30m", ())
    assert lines(world.do("Tom", "hours.list", person="me")) == lines(found)
    assert world.do("Tom", "hours.list", nexus="Parser", person="me").given == "2h"


def test_others_see_what_counts_as_far_as_the_rules_let_them(world: World) -> None:
    rule(world, "member", "permit")
    found = world.do("Ben", "hours.list", nexus="here")
    assert lines(found) == ["Ben Tom 30m the lexer counts", "Tom Ana 2h the parser counts"]
    assert (found.got, found.people) == ("2h30", 2)
    of_tom = world.do("Ben", "hours.list", person="Tom")
    assert (of_tom.whose, of_tom.given, of_tom.got) == ("person", "2h", "30m")
    assert "not yet sure" not in repr(of_tom)
    rule(world, "member", "deny")
    asked: list[dict[str, Any]] = [{"nexus": "here"}, {"person": "Tom"}]
    for arguments in asked:
        with pytest.raises(NotAllowed, match="The rules of Parser don't let you see"):
            world.do("Ben", "hours.list", **arguments)
    assert len(world.do("Ana", "hours.list", nexus="here").items) == 3  # she decides about the money, and is in them


def test_in_a_place_only_what_may_be_said_there_is_said(world: World) -> None:
    members = Audience(AudienceKind.MEMBERS, nexus_id=world.nexuses["Parser"].id)
    rule(world, "member", "permit", Action.SEE, Action.QUOTE)
    assert lines(world.do("Tom", "hours.list", at={"audience": members, "here": "Parser"})) == [
        "Ben Tom 30m the lexer counts",
        "Tom Ana 2h the parser counts",
    ]
    rule(world, "member", "deny", Action.QUOTE)
    asked: list[dict[str, Any]] = [{}, {"nexus": "here"}, {"person": "Tom"}]
    for audience in (members, PUBLIC):
        for arguments in asked:
            with pytest.raises(NexusError) as refusal:  # who is named may be unknown there
                world.do("Tom", "hours.list", at={"audience": audience, "here": "Parser"}, **arguments)
            assert "lexer" not in str(refusal.value)


def test_strangers_learn_nothing(world: World) -> None:
    for who in ("Eve", "Zed"):
        assert world.do(who, "hours.list").items == ()
        with pytest.raises(NotAllowed):
            world.do(who, "hours.list", nexus="here", at={"here": "Parser"})


def test_hours_of_a_grant_are_for_those_who_may_see_it(world: World) -> None:
    grant = accepted_grant(world, "Ana")
    world.do("Tom", "hours.log", person="Ana", time="3h", about="for the grant", grant=f"={grant.id}")
    world.do("Ana", "hours.confirm", entry="for the grant")
    found = world.do("Ana", "hours.list", grant="a parser")
    assert (found.whose, found.name, found.got, found.people) == ("grant", "a parser", "3h", 1)
    assert lines(found) == ["Tom Ana 3h for the grant counts"]


def test_suggestions_name_only_what_is_ones_own(world: World) -> None:
    entry, time = EntryField("which", own=False), TimeField("which", mine=False)
    world.do("Tom", "office.offer", when="2 Jan 15:00")

    def suggested(who: str, field: Any, **at: Any) -> list[str]:
        found: list[str] = world.read(
            lambda unit: [label for label, _ in field.suggest("", world.context(unit, who, **at))]
        )
        return [label.rsplit(" (", 1)[0] for label in found]

    world.person("Eve")
    assert suggested("Ana", entry) == ["1h, Tom: not yet sure", "2h, Tom: the parser"]
    assert suggested("Eve", entry) == suggested("Ana", entry, audience=PUBLIC) == []
    assert suggested("Ben", time) == ["Fri 2 Jan 2026, 15:00 UTC, Tom"]
    assert suggested("Eve", time) == suggested("Ben", time, audience=PUBLIC) == []
