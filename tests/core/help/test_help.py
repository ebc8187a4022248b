"""Help: what this person can do here, and nothing that they cannot."""

import pytest

from core.catalogue import REGISTRY
from core.help.operations import example_of
from core.nexuses.members import standing_in
from core.operations import Operation, Who
from tests.world import World


@pytest.fixture
def world(world: World) -> World:
    world.nexus("Parser", owner="Ana")
    for who, role in (("Sue", "steward"), ("Mo", "moderator"), ("Ben", "member"), ("Gus", "guest")):
        world.join(who, "Parser", role)
    world.person("Eve")
    return world


def everything(world: World, who: str, **at: object) -> set[str]:
    """All that help names for somebody, topic by topic."""
    named = set()
    for topic in ("", *REGISTRY.subjects(), *(o.name for o in REGISTRY)):
        named |= {p.operation for p in world.do(who, "help", topic=topic, at={"here": "Parser", **at}).items}
    return named


@pytest.mark.parametrize("who", ["Ana", "Sue", "Mo", "Ben", "Gus", "Eve"])
def test_help_names_only_what_this_person_may_do_here(world: World, who: str) -> None:
    standing = world.read(lambda unit: standing_in(unit, world.id_of(who), world.nexuses["Parser"].id))[0]
    named = everything(world, who)
    for name in named:
        operation = REGISTRY.get(name)
        assert not operation.internal
        assert operation.who is Who.ANYONE or standing >= operation.who
    first = world.do(who, "help", at={"here": "Parser"})
    possible = [
        o for o in REGISTRY if not o.internal and o.name != "help" and (o.who is Who.ANYONE or standing >= o.who)
    ]
    assert len(first.items) + first.more == len(possible)
    assert first.standing == {"Ana": "owner", "Sue": "steward", "Mo": "moderator", "Ben": "member"}.get(who, "guest")


def test_roles_are_offered_to_those_who_may_give_them(world: World) -> None:
    assert "role.grant" in everything(world, "Sue")
    assert "role.grant" not in everything(world, "Ben")
    assert "need.post" not in everything(world, "Eve")


def test_claiming_is_offered_until_somebody_has(world: World) -> None:
    assert "owner.claim" in everything(world, "Eve")
    world.do("Ana", "owner.claim", code=world.claim_code)
    assert "owner.claim" not in everything(world, "Eve")


def test_a_group_is_not_told_what_only_works_alone(world: World) -> None:
    assert "thought.add" in everything(world, "Ben")
    assert "thought.add" not in everything(world, "Ben", place=world.place("Lobby"))


def test_one_operation_is_explained(world: World) -> None:
    for topic in ("need.post", "/need post", "need post"):
        told = world.do("Ben", "help", topic=topic)
        assert [p.operation for p in told.items] == ["need.post"]
        assert "members of the Nexus can see it" in told.details
    assert {p.operation.split(".")[0] for p in world.do("Ben", "help", topic="invitations").items} <= {
        "invite",
        "nexus",
    }


def test_an_unknown_topic_gives_what_there_is(world: World) -> None:
    assert len(world.do("Ben", "help", topic="astrology").items) == 12


@pytest.mark.parametrize("operation", list(REGISTRY), ids=lambda o: o.name)
def test_examples_are_whole_sentences(operation: Operation) -> None:
    example = example_of(operation)
    assert "{" not in example
    assert example.strip() == example
