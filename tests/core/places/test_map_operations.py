"""Letting a platform's roles count: named as people name them, seen, changed and ended."""

from typing import Any

import pytest

from core.errors import Ambiguous, BadInput, Conflict, NotAllowed, NotFound
from core.nexuses.members import roles_here
from core.operations import Origin
from core.operations.run import Ask, Done
from core.places.mapped import Seen, apply
from core.places.maps import mappings
from core.places.places import Place
from core.places.roles import PlatformRole, PlatformRoleField
from core.places.workspaces import note_workspace
from tests.world import World

CLI = {"origin": Origin.CLI}
ROLES = (("9", "Admins"), ("7", "Mods"), ("5", "Core Team"), ("4", "Core Friends"), ("3", "Bäcker"), ("1", "@everyone"))
FIELD = PlatformRoleField("the role")


@pytest.fixture
def world(world: World) -> World:
    """Ana owns Parser, Sue is its steward, Ben its member; Hidden is Ana's alone."""
    world.nexus("Parser", owner="Ana")
    world.nexus("Hidden", owner="Ana", door="private")
    world.join("Sue", "Parser", "steward")
    world.join("Ben", "Parser")
    world.roles = ROLES
    return world


@pytest.fixture
def channel(world: World) -> Place:
    for server in ("g1", "g2"):
        world.write(lambda unit, s=server: note_workspace(unit, "discord", s, "", ()))
    found = world.place("general", platform="discord", workspace="g1")
    world.do("Ana", "place.setup", nexus="Parser", everyone=False, at={"place": found, **CLI})
    return found


def resolve(world: World, channel: Place, words: str) -> PlatformRole:
    found: PlatformRole = world.read(
        lambda unit: FIELD.resolve(FIELD.read(words), world.context(unit, "Sue", place=channel))
    )
    return found


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("Mods", "7"),
        ("mods", "7"),
        ("@Mods", "7"),
        ("“Mods”", "7"),
        ("<@&7>", "7"),
        ("<!subteam^7|@mods>", "7"),
        ("=7", "7"),
        ("7", "7"),
        ("the role Mods", "7"),
        ("the Mods role", "7"),
        ("mod", "7"),
        ("team", "5"),
        ("backer", "3"),
        ("BÄCKER", "3"),
        ("everyone", "*"),
        ("@everyone", "*"),
        ("=*", "*"),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_role_as_people_name_it(world: World, channel: Place, words: str, role: str) -> None:
    found = resolve(world, channel, words)
    assert found.id == role
    assert resolve(world, channel, FIELD.freeze(found)) == found


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_role_that_is_none(world: World, channel: Place) -> None:
    for words in ("Pirates", "=8", "<@&8>", "<@7>", "role", "="):
        with pytest.raises(NotFound, match="There is no role called"):
            resolve(world, channel, words)
    with pytest.raises(Ambiguous, match="Core Team, Core Friends"):
        resolve(world, channel, "core")
    world.roles = ()
    with pytest.raises(BadInput, match="I know of no roles here"):
        resolve(world, channel, "Mods")
    assert resolve(world, channel, "everyone").id == "*"


def test_a_role_that_was_mapped_can_be_named_when_it_is_gone(world: World, channel: Place) -> None:
    at = {"place": channel, **CLI}
    world.do("Sue", "place.map", role="Mods", gives="moderator", at=at)
    world.roles = ()
    assert world.do("Sue", "place.unmap", role="mods", at=at).role == "Mods"


def held(world: World, who: str) -> set[str]:
    return set(world.read(lambda unit: roles_here(unit, world.id_of(who), world.nexuses["Parser"].id)))


def see(world: World, who: str, *roles: str) -> None:
    someone = world.person(who, platform="discord")
    world.write(lambda unit: apply(unit, [Seen(someone.person_id, someone.account_id, "discord", "g1", roles)]))


def test_from_a_role_there_to_a_role_here_and_back(world: World, channel: Place) -> None:
    at = {"place": channel}
    asked = world.call("Sue", "place.map", role="Mods", gives="mods", at=at)
    assert isinstance(asked, Ask)
    assert asked.question.format(**asked.arguments) == (
        "Whoever has the role Mods on this server becomes moderator of Parser, and stays it as long as they have that "
        "there. Shall I?"
    )
    done = world.press("Sue", asked.buttons[0].token, at=at)
    assert isinstance(done, Done)
    see(world, "Tom", "7")
    see(world, "Ida")
    assert (held(world, "Tom"), held(world, "Ida")) == ({"member", "moderator"}, set())
    with pytest.raises(Conflict, match="gives moderator of Parser already"):
        world.do("Sue", "place.map", role="Mods", gives="moderator", at=at)
    assert world.do("Sue", "place.map", role="Mods", gives="member", at=at).people == 2
    see(world, "Tom", "7")
    assert held(world, "Tom") == {"member"}
    asked = world.call("Sue", "place.unmap", role="Mods", at=at)
    assert isinstance(asked, Ask)
    assert asked.question.format(**asked.arguments) == (
        "Shall Mods no longer give member of Parser? Who is it only by that role is it no more."
    )
    ended = world.press("Sue", asked.buttons[0].token, at=at)
    assert isinstance(ended, Done)
    assert ended.result.people == 1
    assert held(world, "Tom") == set()
    with pytest.raises(Conflict, match="Mods gives nothing in Parser"):
        world.do("Sue", "place.unmap", role="Mods", at=at)


def test_everyone_can_be_a_member_and_no_more(world: World, channel: Place) -> None:
    at = {"place": channel, **CLI}
    for gives in ("moderator", "steward"):
        with pytest.raises(BadInput, match="not more than that"):
            world.do("Ana", "place.map", role="everyone", gives=gives, at=at)
    world.do("Ana", "place.map", role="everyone", gives="member", at=at)
    (line,) = world.do("Ben", "place.roles", at={"place": channel}).items
    assert (line.role, line.gives, line.nexus) == ("everyone", "member", "Parser")


@pytest.mark.parametrize("gives", ["owner", "treasurer", "guest", "king"])
def test_no_role_gives_that(world: World, channel: Place, gives: str) -> None:
    with pytest.raises(BadInput):
        world.do("Ana", "place.map", role="Admins", gives=gives, at={"place": channel, **CLI})
    assert world.read(lambda unit: mappings(unit, "discord", "g1")) == []


def test_who_may_not(world: World, channel: Place) -> None:
    before = world.dump("quota_use")
    for who, given in (("Ben", {}), ("Eve", {}), ("Sue", {"nexus": "Hidden"})):
        for operation, more in (("place.map", {"gives": "member"}), ("place.unmap", {})):
            world.person(who)
            before = world.dump("quota_use")
            with pytest.raises((NotAllowed, NotFound)):
                world.do(who, operation, role="Mods", at={"place": channel, **CLI}, **more, **given)
            assert world.dump("quota_use") == before


def test_the_list_shows_what_its_listeners_may_know(world: World, channel: Place) -> None:
    at: dict[str, Any] = {"place": channel, **CLI}
    world.do("Ana", "place.map", role="Mods", gives="moderator", at=at)
    world.do("Ana", "place.map", role="Admins", gives="steward", nexus="Hidden", at=at)
    shown = world.do("Ben", "place.roles", at={"place": channel})
    assert [(line.role, line.nexus) for line in shown.items] == [("Mods", "Parser")]
    assert shown.others == ("Admins", "Core Team", "Core Friends", "Bäcker")
    elsewhere = world.place("general", platform="discord", workspace="g2")
    assert world.do("Ben", "place.roles", at={"place": elsewhere}).items == ()


def test_two_nexuses_may_count_the_same_role(world: World, channel: Place) -> None:
    at = {"place": channel, **CLI}
    world.do("Ana", "place.map", role="Mods", gives="moderator", at=at)
    world.do("Ana", "place.map", role="Mods", gives="member", nexus="Hidden", at=at)
    see(world, "Tom", "7")
    hidden = world.nexuses["Hidden"].id
    assert held(world, "Tom") == {"member", "moderator"}
    world.do("Ana", "place.unmap", role="Mods", nexus="Hidden", at=at)
    assert held(world, "Tom") == {"member", "moderator"}
    assert world.read(lambda unit: roles_here(unit, world.id_of("Tom"), hidden)) == []
