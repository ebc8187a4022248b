"""Suggestions while somebody types: only what the audience may know, and each means exactly what its label says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from core.access.fields import NexusField, PersonField, RecordField
from core.access.nexuses import may_know_nexus
from core.access.people import may_know_person
from core.errors import NexusError
from core.nexuses.members import join, leave
from core.nexuses.tree import ROOT_ID, add_nexus
from core.operations import Audience, AudienceKind, Context
from core.operations.fields import Choice, Text, YesNo
from core.people.people import new_person, speaker
from core.people.tables import account
from core.places.roles import PlatformRoleField
from core.records.records import add_record
from core.store import Unit
from tests.core.access.test_records import in_a_unit
from tests.world import PUBLIC, World

PERSON, NEXUS = PersonField("the person"), NexusField("the Nexus")
NAMES = ("Ana", "Anatol", "Ána", "Joana", "Ben", "Ben Okafor", "50% Ana", "a_b", "axb", "Zoë")
TYPED = ("", "a", "an", "ANA", "ana", "@an", "be", "ok", "%", "_", "a_", "50%", "zoe", "\\", "x" * 50)
DOORS = ("open", "members", "private")


@pytest.fixture
def world(world: World) -> World:
    world.person("Ana", username="ana")
    return world


def context(world: World, unit: Unit, audience: Audience | None = None) -> Context:
    return world.context(unit, "Ana", audience=audience)


_MEMBERS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.integers(0, 3), st.sampled_from(("guest", "member", "moderator", "owner"))),
    max_size=12,
)
_TREE = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(DOORS), st.integers(0, 3)), min_size=4, max_size=4)


@settings(max_examples=60)
@given(tree=_TREE, members=_MEMBERS, mine=st.dictionaries(st.integers(0, 3), st.sampled_from(("member", "steward"))))
def test_what_is_suggested_is_what_may_be_known_and_means_itself(
    world: World, tree: list[Any], members: list[Any], mine: dict[int, str]
) -> None:
    ana = world.id_of("Ana")

    def unit(unit: Unit) -> None:
        nexuses = [add_nexus(unit, tree[0][0], parent_id=ROOT_ID, door=tree[0][1])]
        for name, door, parent in tree[1:]:
            nexuses.append(add_nexus(unit, name, parent_id=nexuses[parent % len(nexuses)].id, door=door))
        people = {name: new_person(unit, name) for name in NAMES}
        twin = new_person(unit, "Ana")
        for name, where, role in [*members, ("twin", 0, "member")]:
            join(unit, twin if name == "twin" else people[name], nexuses[where].id, role, granted_by=1)
        for where, role in mine.items():
            join(unit, ana, nexuses[where].id, role, granted_by=1)
        everybody, everything = [*people.values(), twin], nexuses
        audiences = [None, PUBLIC, *(Audience(AudienceKind.MEMBERS, nexus_id=n.id) for n in nexuses)]
        for audience in audiences:
            here = context(world, unit, audience)
            for typed in TYPED:
                check_people(here, typed, everybody, ana)
                check_nexuses(here, typed, everything)

    in_a_unit(world, unit)


def check_people(here: Context, typed: str, everybody: list[int], me: int) -> None:
    found = PERSON.suggest(typed, here)
    ids = []
    for label, value in found:
        meant = PERSON.resolve(PERSON.read(value), here)
        ids.append(meant.id)
        assert label.startswith(meant.name)
        assert meant.id == me or may_know_person(here.unit, here.audience, meant.id)
    assert len(set(ids)) == len(ids) <= 25
    assert len({label for label, _ in found}) == len(found), "two that nobody could tell apart"
    if not typed:
        assert {i for i in everybody if may_know_person(here.unit, here.audience, i)} <= set(ids)
    if typed == "ana":
        begins = [label.casefold().replace("á", "a").startswith("ana") for label, _ in found]
        assert begins == sorted(begins, reverse=True), "what begins so comes first"
    if typed in ("%", "_", "\\"):
        assert all(typed in label for label, _ in found)


def check_nexuses(here: Context, typed: str, everything: list[Any]) -> None:
    found = NEXUS.suggest(typed, here)
    ids = []
    for label, value in found:
        meant = NEXUS.resolve(NEXUS.read(value), here)
        ids.append(meant.id)
        assert label.startswith(meant.name)
        assert may_know_nexus(here.unit, here.audience, meant.id)
    assert len(set(ids)) == len(ids) <= 25
    assert len({label for label, _ in found}) == len(found)
    if not typed:
        assert {n.id for n in everything if may_know_nexus(here.unit, here.audience, n.id)} <= set(ids)


def test_the_names_of_hidden_people_change_nothing(world: World) -> None:
    parser = world.nexus("Parser", owner="Ana").id
    hidden = world.nexus("Hidden", owner="Zoe", door="private").id

    def unit(unit: Unit) -> None:
        here = context(world, unit)
        for name in ("Anatol", "Ben"):
            join(unit, new_person(unit, name), parser, "member", granted_by=1)
        before = {typed: PERSON.suggest(typed, here) for typed in TYPED}
        for name in NAMES * 5:
            join(unit, new_person(unit, name), hidden, "member", granted_by=1)
        assert {typed: PERSON.suggest(typed, here) for typed in TYPED} == before

    in_a_unit(world, unit)


def test_people_of_one_name_are_told_apart(world: World) -> None:
    parser = world.nexus("Parser", owner="Ana").id

    def unit(unit: Unit) -> None:
        for username in ("ben_1", ""):
            someone = speaker(
                unit, platform="terminal", workspace="", external_id=f"b{username}", name="Ben", username=username
            )
            join(unit, someone.person_id, parser, "member", granted_by=1)
        here = context(world, unit)
        (first, _), (second, value) = PERSON.suggest("ben", here)
        assert first == "Ben (@ben_1)"
        assert second == f"Ben ({value})"
        assert [label for label, _ in PERSON.suggest("@ben_", here)] == ["Ben"]

    in_a_unit(world, unit)


def test_what_was_left_is_suggested_no_more(world: World) -> None:
    world.nexus("Parser", owner="Otto", door="private")
    world.join("Ana", "Parser")
    assert world.read(lambda unit: [label for label, _ in NEXUS.suggest("par", context(world, unit))]) == ["Parser"]
    world.write(lambda unit: leave(unit, world.id_of("Ana"), world.nexuses["Parser"]))
    assert world.read(lambda unit: NEXUS.suggest("par", context(world, unit))) == []
    assert world.read(lambda unit: PERSON.suggest("otto", context(world, unit))) == []


def test_at_most_25(world: World) -> None:
    parser = world.nexus("Parser", owner="Ana").id

    def unit(unit: Unit) -> None:
        for number in range(40):
            join(unit, new_person(unit, f"Kim {number:02}"), parser, "member", granted_by=1)
            add_nexus(unit, f"Kim {number:02}", parent_id=parser, door="open")
            add_record(unit, "need", nexus_id=parser, author_id=world.id_of("Ana"), body=f"kim {number}")
        here = context(world, unit)
        for field in (PERSON, NEXUS, RecordField("which need", "need")):
            assert len(field.suggest("kim", here)) == 25

    in_a_unit(world, unit)


def test_ones_own_open_records_by_words_or_handle(world: World) -> None:
    world.nexus("Parser", owner="Ana")
    world.join("Ben", "Parser")
    field = RecordField("which need", "need")
    desk = world.do("Ana", "need.post", text="a big desk").handle
    world.do("Ana", "need.post", text="desk lamp")
    world.do("Ana", "offer.post", text="an old desk")
    world.do("Ben", "need.post", text="a desk of my own")
    closed = world.do("Ana", "need.post", text="a desk for once").handle
    world.do("Ana", "need.close", need=f"#{closed}")

    def unit(unit: Unit) -> None:
        here = context(world, unit)
        found = field.suggest("DESK", here)
        assert [label.split(" (#")[0] for label, _ in found] == ["desk lamp", "a big desk"]
        for label, value in found:
            assert label.endswith(f"({value})")
            assert field.resolve(field.read(value), here).body in label
        assert field.suggest(f"#{desk[:4]}", here) == [(f"a big desk (#{desk})", f"#{desk}")]
        assert field.suggest("desk", replace(here, audience=PUBLIC)) == []
        assert RecordField("which thought", "thought").suggest("", here) == []

    world.read(unit)


def test_roles_of_the_platform(world: World) -> None:
    field = PlatformRoleField("the role")
    world.roles = (("9", "Mods"), ("7", "Backers"), ("5", "Old Mods"), ("1", "@everyone"))
    channel = world.place("general", platform="discord", workspace="g1")
    chat = world.place("Ana", kind="direct")

    def unit(unit: Unit) -> None:
        here = world.context(unit, "Ana", place=channel)
        assert field.suggest("mod", here) == [("Mods", "=9"), ("Old Mods", "=5")]
        assert [label for label, _ in field.suggest("", here)] == ["Mods", "Backers", "Old Mods", "everyone"]
        for label, value in field.suggest("", here):
            assert field.resolve(field.read(value), here).name == label
        assert [label for label, _ in field.suggest("", world.context(unit, "Ana", place=chat))] == ["everyone"]

    world.read(unit)


def test_words_of_a_list(world: World) -> None:
    def unit(unit: Unit) -> None:
        here = context(world, unit)
        choice = Choice("the role", ("owner", "steward", "member"))
        assert choice.suggest("e", here) == [(w, w) for w in ("owner", "steward", "member")]
        assert choice.suggest("M", here) == [("member", "member")]
        assert YesNo("whether").suggest("", here) == [("yes", "yes"), ("no", "no")]
        assert Text("words").suggest("x", here) == []

    world.read(unit)


def test_a_suggestion_of_somebody_who_is_gone_is_refused(world: World) -> None:
    parser = world.nexus("Parser", owner="Ana")
    world.join("Ben", "Parser")
    (_, value) = world.read(lambda unit: PERSON.suggest("ben", context(world, unit)))[0]
    world.write(lambda unit: leave(unit, world.id_of("Ben"), parser))
    with pytest.raises(NexusError):
        world.read(lambda unit: PERSON.resolve(value, context(world, unit)))


def test_usernames_of_other_platforms_are_not_searched(world: World) -> None:
    parser = world.nexus("Parser", owner="Ana").id

    def unit(unit: Unit) -> None:
        join(unit, world.id_of("Ben"), parser, "member", granted_by=1)
        unit.execute(update(account).where(account.c.person_id == world.id_of("Ben")).values(username="quark"))
        assert [label for label, _ in PERSON.suggest("quar", context(world, unit))] == ["Ben"]
        unit.execute(update(account).where(account.c.person_id == world.id_of("Ben")).values(platform="discord"))
        assert PERSON.suggest("quar", context(world, unit)) == []

    world.person("Ben")
    in_a_unit(world, unit)
