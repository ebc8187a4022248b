"""Giving and taking roles: nobody above oneself, and the last owner stays."""

import itertools
from typing import Any

import pytest

from core.errors import Conflict, NexusError, NotAllowed, NotFound
from core.nexuses.members import roles_here, stewards_of
from core.nexuses.roles import ROLES, STANDING, may_grant, may_revoke, standing
from core.notices.notices import waiting
from core.operations import Origin
from tests.core.nexuses.test_tree import together
from tests.world import World

CLI = {"origin": Origin.CLI}


@pytest.fixture
def world(world: World) -> World:
    world.nexus("Studio", owner="Otto")
    world.nexus("Parser", owner="Ana", parent="Studio")
    world.join("Ben", "Parser")
    return world


def roles(world: World, who: str, nexus: str = "Parser") -> set[str]:
    return set(world.read(lambda unit: roles_here(unit, world.id_of(who), world.nexuses[nexus].id)))


def test_nobody_gives_a_role_above_their_own() -> None:
    for own, role in itertools.product(ROLES, ROLES):
        allowed = own == "owner" or (own == "steward" and role != "owner")
        assert may_grant(STANDING[own], role) == allowed, (own, role)


def test_nobody_takes_a_role_from_above_or_beside_them() -> None:
    for own, role, theirs in itertools.product(ROLES, ROLES, ROLES):
        if STANDING[role] > STANDING[theirs]:
            continue
        allowed = own == "owner" or (own == "steward" and STANDING[theirs] < STANDING["steward"])
        assert may_revoke(STANDING[own], role, STANDING[theirs], oneself=False) == allowed, (own, role, theirs)
        assert may_revoke(STANDING[own], role, STANDING[own], oneself=True)


def test_standing_is_that_of_the_highest_role() -> None:
    assert standing([]) == -1
    assert standing(["guest", "treasurer", "member"]) == 15
    assert standing(["moderator", "treasurer", "member"]) == 20


@pytest.mark.parametrize(("own", "role"), list(itertools.product(ROLES, ROLES)))
@pytest.mark.parametrize("engine", ["sqlite"])
def test_granting_through_the_operation_is_as_the_rule(world: World, own: str, role: str) -> None:
    world.join("Eve", "Parser", own)
    world.join("Zed", "Parser", "guest" if role != "guest" else "member")
    before = world.dump()
    if may_grant(STANDING[own], role):
        result = world.do("Eve", "role.grant", person="Zed", role=role, at=CLI)
        assert (result.person, result.role, result.nexus) == ("Zed", role, "Parser")
        assert role in roles(world, "Zed")
    else:
        with pytest.raises(NotAllowed):
            world.do("Eve", "role.grant", person="Zed", role=role, at=CLI)
        assert {k: v for k, v in world.dump().items() if k != "quota_use"} == {
            k: v for k, v in before.items() if k != "quota_use"
        }


def test_a_grant_makes_a_member_too_and_tells_the_person(world: World) -> None:
    world.join("Zed", "Parser", "guest")
    world.do("Ana", "role.grant", person="Zed", role="moderator")
    assert roles(world, "Zed") == {"guest", "member", "moderator"}
    (notice,) = world.write(lambda unit: waiting(unit))
    assert notice["person_id"] == world.id_of("Zed")
    assert notice["template"].format(**notice["data"]) == "Ana made you moderator of Parser."


def test_twice_is_a_conflict(world: World) -> None:
    with pytest.raises(Conflict, match="Ben is member of Parser already"):
        world.do("Ana", "role.grant", person="Ben", role="member")
    with pytest.raises(Conflict, match="Ben is not steward of Parser"):
        world.do("Ana", "role.revoke", person="Ben", role="steward")


def test_roles_reach_down_from_moderator_upward_and_membership_does_not(world: World) -> None:
    world.do("Otto", "role.grant", person="Ana", role="steward", nexus="Parser")
    world.join("Mo", "Studio")
    with pytest.raises(NotAllowed):
        world.do("Mo", "need.post", text="a desk", nexus="Parser")
    world.join("Sue", "Studio", "steward")
    world.do("Sue", "role.grant", person="Ana", role="moderator", nexus="Parser")


def test_only_somebody_one_knows_can_get_a_role(world: World) -> None:
    world.nexus("Hidden", owner="Zoe", door="private")
    for words in ("Zoe", f"={world.id_of('Zoe')}"):
        with pytest.raises(NotFound):
            world.do("Ana", "role.grant", person=words, role="member")


def test_taking_member_takes_all_and_leads_the_talk_away(world: World) -> None:
    world.join("Ben", "Parser", "treasurer")
    world.do("Ana", "role.revoke", person="Ben", role="member")
    assert roles(world, "Ben") == set()
    assert world.do("Ben", "nexus.show").name == "Home"


def test_a_suspended_member_gets_no_role_until_it_is_lifted(world: World) -> None:
    world.suspend("Ben", "Parser")
    world.join("Ben", "Studio")
    with pytest.raises(Conflict) as refusal:
        world.do("Otto", "role.grant", person="Ben", role="steward", nexus="Parser")
    assert refusal.value.code == "suspended"


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("role.revoke", {"person": "me", "role": "owner"}),
        ("role.revoke", {"person": "me", "role": "member"}),
        ("nexus.leave", {}),
    ],
)
def test_the_last_owner_stays(world: World, operation: str, arguments: dict[str, Any]) -> None:
    before = roles(world, "Ana")
    with pytest.raises(Conflict, match="needs at least one owner") as refusal:
        world.do("Ana", operation, at=CLI, **arguments)
    assert refusal.value.code == "last_owner"
    assert roles(world, "Ana") == before
    world.join("Ben", "Parser", "owner")
    world.do("Ana", operation, at=CLI, **arguments)
    assert "owner" not in roles(world, "Ana")


def test_those_who_decide_are_the_nearest_first(world: World) -> None:
    world.join("Sue", "Parser", "steward")
    decide = world.read(lambda unit: stewards_of(unit, world.nexuses["Parser"].id))
    assert set(decide[:2]) == {world.id_of("Ana"), world.id_of("Sue")}
    assert decide[2:] == [world.id_of("Otto")]


@pytest.mark.parametrize("engine", ["postgres"])
@pytest.mark.parametrize("how", ["each other", "leave"])
def test_two_owners_who_go_at_once_do_not_both_go(world: World, how: str) -> None:
    for number in range(5):
        name = f"Pair {number}"
        world.nexus(name, owner="Ana")
        world.join("Ben", name, "owner")

        def go(who: str, other: str, name: str = name) -> None:
            if how == "leave":
                world.do(who, "nexus.leave", nexus=name, at=CLI)
            else:
                world.do(who, "role.revoke", person=other, role="owner", nexus=name, at=CLI)

        results = together(lambda go=go: go("Ana", "Ben"), lambda go=go: go("Ben", "Ana"))
        left = [who for who in ("Ana", "Ben") if "owner" in roles(world, who, name)]
        assert len(left) == 1
        assert sum(isinstance(r, NexusError) for r in results) == 1
