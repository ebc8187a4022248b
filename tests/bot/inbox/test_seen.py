"""What an event shows of an account on its platform, and what follows for its memberships."""

from __future__ import annotations

import itertools

import pytest

from adapters.contract import Account, Event, EventKind, Place, PlaceKind
from bot.inbox import inbox
from core.nexuses.members import roles_here
from core.people.people import known_speaker
from core.places.maps import add_mapping
from core.store import Unit
from tests.world import World

_number = itertools.count()


@pytest.fixture
def world(world: World) -> World:
    """Parser takes in everyone on the server g1 and in the group 77; the role 7 of g1 makes moderators."""
    world.nexus("Parser", owner="Otto")

    def unit(unit: Unit) -> None:
        for platform, ground, role, gives in (
            ("discord", "g1", "*", "member"),
            ("discord", "g1", "7", "moderator"),
            ("telegram", "77", "*", "member"),
        ):
            add_mapping(
                unit,
                platform=platform,
                ground=ground,
                external_role=role,
                title=role,
                nexus_id=world.nexuses["Parser"].id,
                role=gives,
                made_by=world.id_of("Otto"),
            )

    world.write(unit)
    return world


def happens(
    world: World,
    kind: EventKind = EventKind.MESSAGE,
    *,
    platform: str = "discord",
    workspace: str = "g1",
    place: str = "c1",
    roles: tuple[str, ...] | None = None,
    direct: bool = False,
    bot: bool = False,
) -> set[str]:
    """Record an event of Tom's; the roles that he has in Parser afterwards."""
    event = Event(
        platform=platform,
        event_id=str(next(_number)),
        kind=kind,
        account=Account("tom", "Tom", roles=roles, is_bot=bot),
        place=Place(place, PlaceKind.DIRECT if direct else PlaceKind.CHANNEL),
        workspace=workspace,
        text="hello",
        addressed=True,
    )
    world.write(lambda unit: inbox.record(unit, [event]))

    def held(unit: Unit) -> set[str]:
        known = known_speaker(unit, platform=platform, workspace="", external_id="tom")
        return set(roles_here(unit, known.person_id, world.nexuses["Parser"].id)) if known else set()

    found: set[str] = world.read(held)
    return found


def test_what_a_message_shows_counts_at_once(world: World) -> None:
    assert happens(world, roles=("7", "8")) == {"member", "moderator"}
    assert happens(world, roles=None) == {"member", "moderator"}, "a platform that says nothing takes nothing"
    assert happens(world, EventKind.ROLES, roles=("8",)) == {"member"}
    assert happens(world, EventKind.ROLES, roles=("7",)) == {"member", "moderator"}


def test_a_direct_chat_and_another_server_show_nothing(world: World) -> None:
    assert happens(world, workspace="", place="d1", direct=True) == set()
    assert happens(world, place="d1", direct=True, roles=("7",)) == set()
    assert happens(world, workspace="g2", roles=("7",)) == set()


def test_who_leaves_the_server_has_nothing_of_it_and_who_leaves_a_channel_has(world: World) -> None:
    happens(world, roles=("7",))
    assert happens(world, EventKind.LEFT, place="c1") == {"member", "moderator"}
    assert happens(world, EventKind.LEFT, place="") == set()
    assert happens(world, EventKind.JOINED, place="", roles=()) == {"member"}
    assert happens(world, EventKind.LEFT, place="g1") == set()


@pytest.mark.parametrize("workspace", ["", "bot 1"])
def test_where_there_are_no_servers_the_group_is_what_counts(world: World, workspace: str) -> None:
    telegram = {"platform": "telegram", "workspace": workspace}
    assert happens(world, place="78", **telegram) == set()  # type: ignore[arg-type]
    assert happens(world, place="77", **telegram) == {"member"}  # type: ignore[arg-type]
    assert happens(world, EventKind.LEFT, place="78", **telegram) == {"member"}  # type: ignore[arg-type]
    assert happens(world, EventKind.LEFT, place="77", **telegram) == set()  # type: ignore[arg-type]


def test_nobody_comes_in_before_their_first_word(world: World) -> None:
    assert happens(world, EventKind.JOINED, place="", roles=("7",)) == set()
    assert happens(world, EventKind.ROLES, place="", roles=("7",), bot=True) == set()
