"""Who has an interest, and who may decide: beside a slow reference that is plain to see through, and in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from core.clock import DAY
from core.errors import NotAllowed
from core.grants import conflicts
from core.grants.conflicts import Approver, approvers, distinct, relatives
from core.nexuses.roles import ROLES
from core.nexuses.tables import membership
from core.nexuses.tree import add_nexus
from core.people.linking import merge, separate
from core.people.people import account_of, accounts_of, person_of, speaker
from core.places.maps import add_mapping
from core.policies.terms import DEFAULT, Terms
from core.store import Unit
from tests.world import World

_numbers = count()
STEPS = st.lists(st.tuples(st.sampled_from(["link", "part"]), st.integers(0, 9), st.integers(0, 9)), max_size=9)


def new_account(unit: Unit, platform: str = "telegram") -> int:
    """Somebody new who speaks; their person."""
    number = next(_numbers)
    return speaker(unit, platform=platform, workspace="", external_id=f"x{number}", name=f"X{number}").person_id


# -- who counts as one -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["sqlite"])
@given(steps=STEPS)
def test_who_ever_shared_an_account_counts_as_one(world: World, steps: list[tuple[str, int, int]]) -> None:
    def unit(unit: Unit) -> None:
        everybody = [new_account(unit) for _ in range(4)]
        groups = [{one} for one in everybody]  # the reference: who was ever brought together, by hand
        for what, first, second in steps:
            one = person_of(unit, everybody[first % len(everybody)]).id
            if what == "link":
                other = person_of(unit, everybody[second % len(everybody)]).id
                merge(unit, old=one, new=other)
                joined = {number for group in groups if one in group or other in group for number in group}
                groups = [group for group in groups if not group & joined] + [joined]
            elif accounts := accounts_of(unit, one):
                alone = separate(unit, account_of(unit, accounts[second % len(accounts)]["id"]))
                everybody.append(alone)
                next(group for group in groups if one in group).add(alone)
        for number in everybody:
            assert relatives(unit, [number]) == next(group for group in groups if number in group)
        assert len(distinct(unit, everybody)) == len(groups)
        assert relatives(unit, everybody) == set(everybody)
        assert relatives(unit, [0]) == frozenset()

    world.write(unit)


def test_an_account_that_went_from_one_to_another_keeps_all_of_them_together(world: World) -> None:
    def unit(unit: Unit) -> None:
        ana, ben, eve = (new_account(unit) for _ in range(3))
        account_id = accounts_of(unit, ana)[0]["id"]
        merge(unit, old=ana, new=ben)
        alone = separate(unit, account_of(unit, account_id))
        merge(unit, old=alone, new=eve)
        again = separate(unit, account_of(unit, account_id))
        assert relatives(unit, [ben]) == {ana, ben, eve, alone, again}

    world.write(unit)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_all_who_speak_from_the_terminal_are_one_human(world: World) -> None:
    def unit(unit: Unit) -> tuple[frozenset[int], list[int]]:
        ana, ben, eve = new_account(unit, "terminal"), new_account(unit, "terminal"), new_account(unit)
        tom = new_account(unit)
        merge(unit, old=tom, new=ben)
        return relatives(unit, [ana]), [ana, ben, tom, eve]

    found, (ana, ben, tom, eve) = world.write(unit)
    assert found == {ana}  # as in the demo, where each name is somebody
    world.store.pictures.clear()
    found, (ana, ben, tom, eve) = world.write(unit)
    assert {ana, ben, tom} <= found
    assert eve not in found
    conflicts.tell_terminals_apart(world.store)


# -- who may decide ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody (0-5) holds a role, `level` up from here, given by somebody so many hours ago."""

    who: int
    level: int
    role: str
    giver: int
    hours: int
    mapped: bool
    state: str


HELD = st.builds(
    Held,
    st.integers(0, 5),
    st.integers(0, 2),
    st.sampled_from(ROLES),
    st.integers(0, 5),
    st.integers(0, 60),
    st.booleans(),
    st.sampled_from(["active", "active", "active", "suspended", "left"]),
)
KINDS_OF_TERMS = st.builds(
    lambda roles, hours: replace(DEFAULT, roles=tuple(sorted(roles)), role_age_ms=hours * 3_600_000),
    st.sets(st.sampled_from(DEFAULT.roles), min_size=1),
    st.integers(0, 60),
)


def plainly(held: list[Held], interest: set[int], terms: Terms) -> list[tuple[int, int]]:
    """The reference: who may decide and how far up their nearest role that counts is."""
    found: dict[int, int] = {}
    for one in held:
        if one.state != "active" or one.who in interest or one.giver in interest:
            continue
        if one.role in terms.roles and one.hours * 3_600_000 >= terms.role_age_ms:
            found[one.who] = min(one.level, found.get(one.who, 9))
    return sorted(found.items())


@pytest.mark.parametrize("engine", ["sqlite"])
@settings(max_examples=40)
@given(
    held=st.lists(HELD, max_size=12, unique_by=lambda one: (one.who, one.level, one.role)),
    interest=st.sets(st.integers(0, 5), max_size=3),
    terms=KINDS_OF_TERMS,
)
def test_who_may_decide_is_who_a_plain_look_finds(
    world: World, held: list[Held], interest: set[int], terms: Terms
) -> None:
    world.clock.advance(100 * DAY)

    def unit(unit: Unit) -> None:
        people = [new_account(unit) for _ in range(6)]
        top = add_nexus(unit, "Top", parent_id=1, door="members")
        middle = add_nexus(unit, "Middle", parent_id=top.id, door="members")
        here = add_nexus(unit, "Here", parent_id=middle.id, door="members")
        where = (here.id, middle.id, top.id)
        for one in held:
            unit.execute(insert(membership), row(unit, one, people, where))
        concerned = relatives(unit, [people[number] for number in interest])
        found = approvers(unit, here.id, concerned, terms)
        assert sorted((people.index(one.person_id), one.depth) for one in found) == plainly(held, interest, terms)
        assert [one.depth for one in found] == sorted(one.depth for one in found)

    world.write(unit)


def row(unit: Unit, one: Held, people: list[int], where: tuple[int, ...]) -> dict[str, Any]:
    mapped, by = None, people[one.giver]
    if one.mapped:  # then the row names the account that it came through
        mapped = add_mapping(
            unit,
            platform="telegram",
            ground=f"g{next(_numbers)}",
            external_role="7",
            title="Mods",
            nexus_id=where[one.level],
            role=one.role,
            made_by=people[one.giver],
        )
        by = accounts_of(unit, people[one.who])[0]["id"]
    return {
        "person_id": people[one.who],
        "nexus_id": where[one.level],
        "role": one.role,
        "state": one.state,
        "granted_by": by,
        "granted_at": unit.now - one.hours * 3_600_000,
        "map_id": mapped,
    }


def test_a_mapped_role_whose_mapping_is_gone_counts_for_nothing(world: World) -> None:
    def unit(unit: Unit) -> list[Approver]:
        one = Held(0, 0, "steward", 1, 50, False, "active")
        people = [new_account(unit) for _ in range(2)]
        here = add_nexus(unit, "Here", parent_id=1, door="members").id
        unit.execute(insert(membership), {**row(unit, one, people, (here,)), "map_id": 12345})
        return approvers(unit, here, frozenset(), DEFAULT)

    world.clock.advance(100 * DAY)
    assert world.write(unit) == []


def test_nobody_decides_in_a_nexus_that_is_closed(world: World) -> None:
    world.nexus("Den", owner="Olga")
    world.clock.advance(2 * DAY)
    den = world.nexuses["Den"].id
    assert [one.person_id for one in world.read(lambda unit: approvers(unit, den, frozenset(), DEFAULT))] == [
        world.id_of("Olga")
    ]
    world.do("Olga", "nexus.archive", nexus="Den")
    assert world.read(lambda unit: approvers(unit, den, frozenset(), DEFAULT)) == []


# -- what a refusal says -----------------------------------------------------------------------------------------


def refused(world: World, who: str, *part: str, terms: Terms = DEFAULT, **more: Any) -> str:
    """What somebody reads who may not decide, in Parser, where `part` are those with an interest."""

    def unit(unit: Unit) -> str:
        interest = relatives(unit, [world.id_of(name) for name in part])
        context = world.context(unit, who, here="Parser")
        with pytest.raises(NotAllowed) as refusal:
            conflicts.check_unconcerned(
                context, world.nexuses["Parser"].id, interest, terms, doing="approve it", **more
            )
        assert refusal.value.code == "four_eyes"
        return refusal.value.message

    for name in (who, *part):
        world.person(name)
    found: str = world.read(unit)
    return found


@pytest.fixture
def parser(world: World) -> World:
    """Parser: Olga owns it, Stan is its steward for days; Mia is a member. Hilda owns Home."""
    world.join("Hilda", "Home", "owner")
    world.nexus("Parser", owner="Olga")
    world.join("Stan", "Parser", "steward")
    world.join("Mia", "Parser")
    world.person("Eve")
    world.clock.advance(2 * DAY)
    return world


def test_a_refusal_says_what_why_and_who_can_help(parser: World) -> None:
    part = "To approve it takes someone other than you, as you have a part in it."
    assert refused(parser, "Stan", "Stan", "Mia") == f"{part} I could ask Olga."
    assert (
        refused(parser, "Mia", "Eve")
        == "To approve it takes an owner, steward or treasurer of Parser, which you are not. I could ask Olga or Stan."
    )
    owners = replace(DEFAULT, roles=("owner",))
    assert refused(parser, "Stan", "Eve", terms=owners) == (
        "To approve it takes an owner of Parser, which you are not. I could ask Olga."
    )
    old = replace(DEFAULT, role_age_ms=1 * DAY)
    parser.join("Tom", "Parser", "treasurer")
    assert refused(parser, "Tom", "Eve", terms=old) == (
        "To approve it takes somebody who has had their role for 1 day, and yours is younger. I could ask Olga or Stan."
    )


def test_a_role_from_somebody_with_a_part_is_said_so(parser: World) -> None:
    parser.do("Stan", "role.grant", person="Mia", role="treasurer", nexus="Parser")
    parser.clock.advance(2 * DAY)
    assert refused(parser, "Mia", "Stan") == (
        "To approve it takes somebody whose role is not from a person with a part in it, and yours is. "
        "I could ask Olga."
    )


def test_only_people_whom_the_asker_may_know_are_named(parser: World) -> None:
    # Hilda is above: somebody who is in Parser alone knows nothing of her.
    part = "To approve it takes someone other than you, as you have a part in it."
    assert refused(parser, "Stan", "Stan", "Olga") == f"{part} There are others who can."
    parser.join("Stan", "Home", here=False)
    assert refused(parser, "Stan", "Stan", "Olga") == f"{part} I could ask Hilda."


def test_where_nobody_can_the_ways_out_are_named(parser: World) -> None:
    everybody = ("Stan", "Olga", "Hilda")
    part = "To approve it takes someone other than you, as you have a part in it."
    ways = (
        "Nobody else can so far. Ways out: one more owner, steward or treasurer, a mandate, or giving from one's own "
        "deposit."
    )
    assert refused(parser, "Stan", *everybody) == f"{part} {ways}"
    # Stan proposed something for Mia: had she asked herself, he and the others could decide.
    mia = parser.read(lambda unit: relatives(unit, [parser.id_of("Mia")]))
    assert refused(parser, "Stan", *everybody, applied_for=mia) == (
        f"{part} {ways} Or whoever it is for applies for it themselves: then there is somebody who can decide."
    )
    both = parser.read(lambda unit: relatives(unit, [parser.id_of(name) for name in everybody]))
    assert refused(parser, "Stan", *everybody, applied_for=both) == f"{part} {ways}"
