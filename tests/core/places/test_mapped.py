"""What roles of a platform give: given, taken, kept and in the books."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from core.audit.stream import events
from core.catalogue import REGISTRY
from core.errors import Conflict, NexusError
from core.nexuses.members import add_role, is_suspended, join, roles_here
from core.nexuses.roles import MAPPABLE, STANDING, may_grant
from core.nexuses.tree import archive, nexus_of
from core.operations import Origin
from core.operations.run import run
from core.people.people import here_of
from core.places.mapped import apply
from core.places.maps import ground_of, mappings, move_mappings
from core.places.workspaces import note_workspace
from core.store import Unit
from tests.core.access.test_records import in_a_unit
from tests.core.places.seen import NEXUSES, PEOPLE, held, mapped, people_of, see, sight, unmap
from tests.world import World


@pytest.fixture
def world(world: World) -> World:
    return people_of(world)


@pytest.mark.parametrize("engine", ["sqlite"])
@settings(max_examples=40)
@given(
    own=st.sampled_from(sorted(STANDING)),
    external=st.sampled_from(("Mods", "everyone")),
    gives=st.sampled_from(MAPPABLE),
)
def test_nobody_maps_more_than_they_could_grant(world: World, own: str, external: str, gives: str) -> None:
    """Whatever the mapper is, what people have by the mapping afterwards is no more than the mapper could give."""
    channel = world.place("general", platform="discord", workspace="g1")
    world.roles = (("1", "Mods"),)
    parser = world.nexuses["Parser"].id

    def unit(unit: Unit) -> None:
        join(unit, world.id_of("Ida"), parser, own, granted_by=1)
        context = world.context(unit, "Ida", origin=Origin.CLI, here="Parser", place=channel)
        before = set(roles_here(unit, world.id_of("Ida"), parser))
        try:
            run(REGISTRY, context, "place.map", {"role": external, "gives": gives})
            done = True
        except NexusError:
            done = False
        assert done == (may_grant(STANDING[own], gives) and (external != "everyone" or gives == "member"))
        apply(unit, [sight(world, "Tom", ("1",)), sight(world, "Ida", ("1",))])
        for who in PEOPLE:
            new = set(roles_here(unit, world.id_of(who), parser)) - before
            assert all(may_grant(STANDING[own], role) for role in new)
            assert new == set() or done

    world.person("Ida")
    in_a_unit(world, unit)


def test_what_was_given_is_in_the_books(world: World) -> None:
    number = mapped(world, "1", "moderator")
    before = len(world.read(lambda unit: events(unit, 0)))
    see(world, "Ida", "1")
    see(world, "Ida", "1")
    see(world, "Ida")
    rows = world.read(lambda unit: events(unit, 0))[before:]
    parser = world.nexuses["Parser"].id
    assert [(r["facts"]["role"], r["facts"]["change"]) for r in rows] == [
        ("member", "given"),
        ("moderator", "given"),
        ("member", "taken"),
        ("moderator", "taken"),
    ]
    ida = world.person("Ida")
    for row in rows:
        assert (row["operation"], row["origin"], row["allowed_by"]) == ("place.map", "system", f"role map {number}")
        assert (row["person_id"], row["account_id"], row["nexus_id"]) == (ida.person_id, ida.account_id, parser)


def test_it_costs_one_read_and_no_write_where_nothing_changes(world: World) -> None:
    said: list[str] = []

    def unit(unit: Unit) -> None:
        listening = (unit.connection, "before_cursor_execute", lambda *a: said.append(a[2]))
        event.listen(*listening)
        try:
            apply(unit, [sight(world, "Ida", ("1",))])
        finally:
            event.remove(*listening)

    world.write(unit)
    assert len(said) == 1
    mapped(world, "1", "moderator")
    see(world, "Ida", "1")
    said.clear()
    world.write(unit)
    assert [words.split()[0] for words in said] == ["SELECT"]


def test_in_an_archived_nexus_nothing_is_given(world: World) -> None:
    mapped(world, "*", "member")
    see(world, "Tom")
    world.write(lambda unit: archive(unit, nexus_of(unit, world.nexuses["Parser"].id)))
    see(world, "Ida")
    assert (held(world, "Tom"), held(world, "Ida")) == ({"member"}, set())


def test_the_first_nexus_somebody_is_in_is_what_their_talk_is_about(world: World) -> None:
    number = mapped(world, "*", "member")
    mapped(world, "1", "member", "Other")
    see(world, "Ida")
    ida, parser = world.id_of("Ida"), world.nexuses["Parser"].id
    assert world.read(lambda unit: here_of(unit, ida)) == parser
    see(world, "Ida", "1")
    assert world.read(lambda unit: here_of(unit, ida)) == parser
    unmap(world, number)
    assert world.read(lambda unit: here_of(unit, ida)) == 0


def test_who_leaves_stays_out_until_they_join_again(world: World) -> None:
    mapped(world, "*", "member")
    mapped(world, "1", "moderator")
    see(world, "Ida", "1")
    world.do("Ida", "nexus.leave", nexus="Parser")
    for roles in (("1",), (), ("1",)):
        see(world, "Ida", *roles)
        assert held(world, "Ida") == set()
    world.write(lambda unit: apply(unit, [sight(world, "Ida", gone=True)]))
    see(world, "Ida", "1")
    assert held(world, "Ida") == set()
    world.write(lambda unit: add_role(unit, world.id_of("Ida"), world.nexuses["Parser"].id, "member", granted_by=1))
    see(world, "Ida", "1")
    assert held(world, "Ida") == {"member", "moderator"}
    see(world, "Ida")
    assert held(world, "Ida") == {"member"}


def test_a_role_taken_by_a_stewards_word_is_not_given_again(world: World) -> None:
    world.join("Olga", "Parser", "member")
    mapped(world, "1", "moderator")
    see(world, "Ida", "1")
    world.do("Olga", "role.revoke", person="Ida", role="moderator", nexus="Parser")
    see(world, "Ida", "1")
    assert held(world, "Ida") == {"member"}
    world.do("Olga", "role.grant", person="Ida", role="moderator", nexus="Parser")
    see(world, "Ida")
    assert held(world, "Ida") == {"member", "moderator"}


def test_a_grant_by_hand_of_what_a_role_gave_makes_it_stay(world: World) -> None:
    number = mapped(world, "1", "moderator")
    see(world, "Ida", "1")
    world.do("Olga", "role.grant", person="Ida", role="moderator", nexus="Parser")
    with pytest.raises(Conflict, match="already"):
        world.do("Olga", "role.grant", person="Ida", role="moderator", nexus="Parser")
    see(world, "Ida")
    unmap(world, number)
    assert held(world, "Ida") == {"member", "moderator"}


def test_who_is_suspended_is_given_nothing_more(world: World) -> None:
    world.join("Ida", "Parser", here=False)
    world.suspend("Ida", "Parser")
    mapped(world, "1", "moderator")
    see(world, "Ida", "1")
    assert held(world, "Ida") == set()


def test_what_two_roles_give_stays_while_one_of_them_is_held(world: World) -> None:
    first, _ = mapped(world, "1", "member"), mapped(world, "2", "moderator")
    see(world, "Ida", "1", "2")
    before = len(world.read(lambda unit: events(unit, 0)))
    see(world, "Ida", "2")
    assert len(world.read(lambda unit: events(unit, 0))) == before, "nobody has more or less than before"
    unmap(world, first)
    assert held(world, "Ida") == {"member", "moderator"}
    see(world, "Ida")
    assert held(world, "Ida") == set()


def test_a_suspension_outlives_the_mapping(world: World) -> None:
    number = mapped(world, "*", "member")
    see(world, "Ida")
    world.suspend("Ida", "Parser")
    unmap(world, number)
    mapped(world, "*", "member")
    see(world, "Ida")
    assert held(world, "Ida") == set()
    assert world.read(lambda unit: is_suspended(unit, world.id_of("Ida"), world.nexuses["Parser"].id))


def test_what_belongs_to_what(world: World) -> None:
    world.write(lambda unit: note_workspace(unit, "discord", "g1", "", ()))

    def unit(unit: Unit) -> None:
        assert ground_of(unit, "discord", "g1", "c1") == ("g1", True)
        assert ground_of(unit, "discord", "g2", "c1") == ("c1", False)
        assert ground_of(unit, "telegram", "g1", "77") == ("77", False)
        assert ground_of(unit, "telegram", "", "77") == ("77", False)

    world.read(unit)
    mapped(world, "*", "member", ground="old")
    mapped(world, "*", "member", "Other", ground="old")
    mapped(world, "*", "member", ground="new")
    world.write(lambda unit: move_mappings(unit, "discord", "old", "new"))
    assert world.read(lambda unit: mappings(unit, "discord", "old")) == []
    assert {m.nexus_id for m in world.read(lambda unit: mappings(unit, "discord", "new"))} == {
        world.nexuses[name].id for name in NEXUSES
    }
