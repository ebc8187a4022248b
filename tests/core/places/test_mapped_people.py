"""What roles of a platform gave, when two people become one or one becomes two, and when two things happen at once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from core.nexuses.members import is_suspended, leave, roles_here, suspend
from core.nexuses.tables import membership
from core.people import linking
from core.people.people import account_of
from core.places.mapped import Seen, apply
from core.places.maps import drop_mapping, mappings
from core.store import Unit
from tests.core.nexuses.test_tree import overlapping, together
from tests.core.places.seen import ACCOUNTS, G1, NEXUSES, held, mapped, people_of, see, sight, unmap
from tests.world import World


@pytest.fixture
def world(world: World) -> World:
    return people_of(world)


def test_two_people_who_become_one(world: World) -> None:
    """By hand outweighs by a role, active outweighs left, suspended outweighs everything."""
    parser = world.nexuses["Parser"].id
    cases = {
        "hand+given": {"member"},
        "given+hand": {"member"},
        "given+left": {"member"},
        "left+given": {"member"},
        "left+nothing": set(),
        "nothing+left": set(),
        "given+suspended": set(),
        "suspended+given": set(),
        "left+suspended": set(),
    }
    for case in cases:
        for side in (f"{case} a", f"{case} b"):
            world.person(side, platform="discord")
    number = mapped(world, "*", "member")
    for case, expected in cases.items():
        for side, state in zip("ab", case.split("+"), strict=True):
            who = f"{case} {side}"
            if state in ("given", "left", "suspended"):
                see(world, who)
            if state == "left":
                world.write(lambda unit, w=who: leave(unit, world.id_of(w), world.nexuses["Parser"]))
            if state == "suspended":
                world.suspend(who, "Parser")
            if state == "hand":
                world.join(who, "Parser", here=False)
        new, old = world.id_of(f"{case} a"), world.id_of(f"{case} b")
        world.write(lambda unit, o=old, n=new: linking.merge(unit, old=o, new=n))
        assert held(world, f"{case} a") == expected, case
        assert world.read(lambda unit, n=new: is_suspended(unit, n, parser)) == ("suspended" in case)
        assert world.read(lambda unit, o=old: unit.rows(select(membership).where(membership.c.person_id == o))) == []
    unmap(world, number)
    for case in cases:
        assert held(world, f"{case} a") == ({"member"} if "hand" in case else set()), case


def test_an_account_that_is_separated_takes_along_what_it_gave(world: World) -> None:
    mapped(world, "1", "moderator")
    mapped(world, "2", "member", "Other")
    see(world, "Tom", "2")
    see(world, "Tom 2", "1")
    world.join("Tom", "Parser", here=False)
    second = world.read(lambda unit: account_of(unit, world.person("Tom 2").account_id))
    alone: int = world.write(lambda unit: linking.separate(unit, second))
    parser, other = (world.nexuses[name].id for name in NEXUSES)
    assert held(world, "Tom") == {"member"}
    assert held(world, "Tom", "Other") == {"member"}
    assert world.read(lambda unit: roles_here(unit, alone, parser)) == ["moderator"]
    assert world.read(lambda unit: roles_here(unit, alone, other)) == []


def test_being_alone_again_is_no_way_back_in(world: World) -> None:
    mapped(world, "*", "member")
    see(world, "Tom")
    world.do("Tom", "nexus.leave", nexus="Parser")
    second = world.read(lambda unit: account_of(unit, world.person("Tom 2").account_id))
    alone: int = world.write(lambda unit: linking.separate(unit, second))
    account = world.person("Tom 2").account_id
    world.write(lambda unit: apply(unit, [Seen(alone, account, *G1, ())]))
    assert world.read(lambda unit: roles_here(unit, alone, world.nexuses["Parser"].id)) == []


@pytest.mark.parametrize("engine", ["postgres"])
@pytest.mark.parametrize("first", ["apply", "drop"])
def test_a_mapping_that_ends_at_the_same_moment_leaves_nothing_behind(world: World, first: str) -> None:
    mapped(world, "*", "member")
    one = world.read(lambda unit: mappings(unit, *G1))[0]

    def give(unit: Unit) -> None:
        apply(unit, [sight(world, "Ida"), sight(world, "Tom")])

    def drop(unit: Unit) -> None:
        drop_mapping(unit, one)

    calls = (give, drop) if first == "apply" else (drop, give)
    results = overlapping(world, *calls)
    assert not any(isinstance(r, Exception) for r in results)
    assert (held(world, "Ida"), held(world, "Tom")) == (set(), set())


@pytest.mark.parametrize("engine", ["postgres"])
@pytest.mark.parametrize("turn", [0, 1])
def test_leaving_and_being_suspended_win_over_a_role_given_at_the_same_moment(world: World, turn: int) -> None:
    mapped(world, "*", "member")
    mapped(world, "1", "moderator")
    for who, end in (("Ida", leave), ("Tom", None)):
        see(world, who)
        person, parser = world.id_of(who), world.nexuses["Parser"]

        def give(unit: Unit, who: str = who) -> None:
            apply(unit, [sight(world, who, ("1",))])

        def stop(unit: Unit, person: int = person, end: Any = end, parser: Any = parser) -> None:
            if end is not None:
                end(unit, person, parser)
            else:
                suspend(unit, person, parser.id)

        results = overlapping(world, *((give, stop) if turn else (stop, give)))
        assert not any(isinstance(r, Exception) for r in results)
        assert held(world, who) == set(), who


@pytest.mark.parametrize("engine", ["postgres"])
def test_many_gateways_at_once_give_everything_once(world: World) -> None:
    mapped(world, "*", "member")
    mapped(world, "1", "moderator")
    batches = [[sight(world, name, ("1",)) for name in order] for order in (ACCOUNTS, ACCOUNTS[::-1])] * 3
    results = together(*[lambda b=b: world.write(lambda unit: apply(unit, b)) for b in batches])
    assert not any(isinstance(r, Exception) for r in results)
    assert held(world, "Ida") == held(world, "Tom") == {"member", "moderator"}


@pytest.mark.parametrize("engine", ["postgres"])
def test_a_merge_at_the_same_moment_leaves_one_person_with_it(world: World) -> None:
    mapped(world, "1", "moderator")
    one = sight(world, "Ida", ("1",))
    new = world.id_of("Tom")
    results = overlapping(
        world,
        lambda unit: linking.merge(unit, old=one.person_id, new=new),
        lambda unit: apply(unit, [one]),
    )
    assert not any(isinstance(r, Exception) for r in results)
    assert held(world, "Tom") == {"member", "moderator"}
    assert held(world, "Ida") == set()
