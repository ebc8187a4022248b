"""Setting a server up with a few taps: the questions, what the last answer does, and who may."""

from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Ambiguous, BadInput, Missing, NotAllowed
from core.nexuses.members import roles_here
from core.operations import Origin
from core.operations.run import Ask, Dismissed, Done
from core.places.mapped import Seen, apply
from core.places.maps import mappings
from core.places.places import Place, place_of
from core.places.tables import place, role_map
from core.places.workspaces import note_workspace
from tests.world import World

CLI = {"origin": Origin.CLI}
DISCORD = {"platform": "discord", "workspace": "g1"}
ROLES = (("1", "Admins"), ("2", "Mods"), ("3", "Backers"))


@pytest.fixture
def world(world: World) -> World:
    """Ana decides for Parser and Other, Sue for Parser alone, Ben is in Parser; a server called Makers."""
    world.nexus("Parser", owner="Ana")
    world.nexus("Other", owner="Ana")
    world.join("Sue", "Parser", "steward")
    world.join("Ben", "Parser")
    world.write(lambda unit: note_workspace(unit, "discord", "g1", "Makers", ROLES))
    return world


@pytest.fixture
def channel(world: World) -> Place:
    return world.place("general", **DISCORD)


def ask(outcome: Any) -> Ask:
    assert isinstance(outcome, Ask)
    return outcome


def labels(asked: Ask | Done) -> list[str]:
    return [b.label for b in asked.buttons]


def test_from_nothing_to_set_up_with_two_taps(world: World, channel: Place) -> None:
    at = {"place": channel}
    which = ask(world.call("Ana", "place.setup", at=at))
    assert which.arguments["question"] == "Which Nexus does Makers belong to?"
    assert labels(which) == ["Other", "Parser", "None of these"]
    before = world.dump("button", "notice")
    who = ask(world.press("Ana", which.buttons[1].token, at=at))
    assert world.dump("button", "notice") == before
    assert who.arguments["question"].startswith(
        "Makers will belong to Parser. Is everyone here a member of Parser, also who comes later?"
    )
    assert labels(who) == [
        "Yes, everyone here is a member",
        "No, only those who come in",
        "No, and I go by who can read",
        "Leave it",
    ]
    done = world.press("Ana", who.buttons[0].token, at=at)
    assert isinstance(done, Done)
    assert (done.result.title, done.result.name, done.result.everyone) == ("Makers", "Parser", True)
    found = world.read(lambda unit: place_of(unit, channel.id))
    assert (found.nexus_id, found.audience, found.bound) == (world.nexuses["Parser"].id, "members", "server")
    (rule,) = world.read(lambda unit: mappings(unit, "discord", "g1"))
    assert (rule.external_role, rule.role, rule.nexus_id) == ("*", "member", world.nexuses["Parser"].id)


def test_who_decides_for_one_is_asked_one_question(world: World, channel: Place) -> None:
    who = ask(world.call("Sue", "place.setup", at={"place": channel}))
    done = world.press("Sue", who.buttons[1].token, at={"place": channel})
    assert isinstance(done, Done)
    found = world.read(lambda unit: place_of(unit, channel.id))
    assert (found.nexus_id, found.audience) == (world.nexuses["Parser"].id, "public")
    assert world.read(lambda unit: mappings(unit, "discord", "g1")) == []


def test_the_third_answer_is_who_can_read(world: World, channel: Place) -> None:
    at = {"place": channel}
    who = ask(world.call("Sue", "place.setup", at=at))
    done = world.press("Sue", who.buttons[2].token, at=at)
    assert isinstance(done, Done)
    assert (done.result.everyone, done.result.hears) == (False, "people")
    found = world.read(lambda unit: place_of(unit, channel.id))
    assert (found.nexus_id, found.audience, found.bound) == (world.nexuses["Parser"].id, "people", "server")
    assert world.read(lambda unit: mappings(unit, "discord", "g1")) == []
    asked = ask(world.call("Sue", "place.setup", everyone="no", hears="people", at=at))
    assert asked.arguments["question"] == (
        "Connect Makers to Parser? In each channel I then say only what everybody who can read it may see. "
        "Where I am not told who that is, it is only what anybody may know."
    )
    assert labels(asked) == ["Yes", "No"]
    world.press("Sue", asked.buttons[0].token, at=at)
    assert world.read(lambda unit: place_of(unit, channel.id)).audience == "people"


def test_said_in_full_it_is_confirmed_once(world: World, channel: Place) -> None:
    asked = ask(world.call("Ana", "place.setup", nexus="Other", everyone="yes", at={"place": channel}))
    assert asked.arguments["question"].startswith("Connect Makers to Other, with everyone here as a member")
    assert labels(asked) == ["Yes", "No"]
    assert isinstance(world.press("Ana", asked.buttons[1].token, at={"place": channel}), Dismissed)
    assert world.read(lambda unit: unit.rows(select(role_map))) == []
    asked = ask(world.call("Ana", "place.setup", everyone="no", at={"place": channel}))
    asked = ask(world.press("Ana", asked.buttons[0].token, at={"place": channel}))
    assert asked.arguments["question"] == (
        "Connect Makers to Other? I then say here only what anybody may know of it. At this moment that is: nothing."
    )


def test_roles_that_sound_like_it_are_offered_one_after_the_other(world: World, channel: Place) -> None:
    world.roles = ROLES
    at = {"place": channel}
    who = ask(world.call("Sue", "place.setup", at=at))
    done = world.press("Sue", who.buttons[0].token, at=at)
    assert isinstance(done, Done)
    assert done.result.roles
    assert labels(done) == ["Admins are stewards", "Mods are moderators", "That's all"]
    asked = ask(world.press("Sue", done.buttons[1].token, at=at))
    assert asked.question.format(**asked.arguments) == (
        "Whoever has the role Mods on Makers becomes moderator of Parser, and stays it as long as they have that "
        "there. Shall I?"
    )
    mapped = world.press("Sue", asked.buttons[0].token, at=at)
    assert isinstance(mapped, Done)
    assert labels(mapped) == ["Admins are stewards", "That's all"]


@pytest.mark.parametrize("workspace", ["", "bot 1"])  # some platforms fill it for reasons of their own
def test_where_there_are_no_servers_it_is_the_chat(world: World, workspace: str) -> None:
    group = world.place("Lobby", external_id="77", workspace=workspace)
    other = world.place("Hall", external_id="78", workspace=workspace)
    world.do("Sue", "place.setup", everyone=True, at={"place": group, **CLI})
    assert world.read(lambda unit: place_of(unit, group.id)).bound == "itself"
    assert world.read(lambda unit: place_of(unit, other.id)).nexus_id is None
    assert [m.role for m in world.read(lambda unit: mappings(unit, "telegram", "77"))] == ["member"]
    assert world.read(lambda unit: unit.rows(select(place).where(place.c.external_id == ""))) == []
    tom = world.person("Tom", platform="telegram")
    world.write(lambda unit: apply(unit, [Seen(tom.person_id, tom.account_id, "telegram", workspace, chat="77")]))
    assert world.read(lambda unit: roles_here(unit, tom.person_id, world.nexuses["Parser"].id)) == ["member"]
    world.do("Sue", "place.bind", audience="public", at={"place": group, **CLI})
    assert world.read(lambda unit: roles_here(unit, tom.person_id, world.nexuses["Parser"].id)) == []


def test_a_later_no_takes_what_everyone_had_and_nothing_else(world: World, channel: Place) -> None:
    at = {"place": channel, **CLI}
    world.roles = ROLES
    world.do("Sue", "place.setup", everyone=True, at=at)
    world.do("Sue", "place.map", role="Mods", gives="moderator", at=at)
    tom, mod = world.person("Tom", platform="discord"), world.person("Mo", platform="discord")
    parser = world.nexuses["Parser"].id

    def see() -> None:
        world.write(
            lambda unit: apply(
                unit,
                [
                    Seen(tom.person_id, tom.account_id, "discord", "g1", ()),
                    Seen(mod.person_id, mod.account_id, "discord", "g1", ("2",)),
                ],
            )
        )

    def held(someone: Any) -> list[str]:
        return sorted(world.read(lambda unit: roles_here(unit, someone.person_id, parser)))

    see()
    assert (held(tom), held(mod)) == (["member"], ["member", "moderator"])
    world.do("Sue", "place.setup", everyone=False, at=at)
    see()
    assert (held(tom), held(mod)) == ([], ["member", "moderator"])
    assert [m.external_role for m in world.read(lambda unit: mappings(unit, "discord", "g1"))] == ["2"]


def test_another_nexus_ends_what_the_first_gave(world: World, channel: Place) -> None:
    at = {"place": channel, **CLI}
    world.do("Ana", "place.setup", nexus="Parser", everyone=True, at=at)
    world.do("Ana", "place.setup", nexus="Other", everyone=True, at=at)
    assert [m.nexus_id for m in world.read(lambda unit: mappings(unit, "discord", "g1"))] == [world.nexuses["Other"].id]
    again = ask(world.call("Ana", "place.setup", at={"place": channel}))
    assert again.arguments["question"].startswith("Makers will belong to Other.")


def test_who_may_not(world: World, channel: Place) -> None:
    at = {"place": channel, **CLI}
    for who, given in (("Ben", {}), ("Eve", {}), ("Ben", {"nexus": "Parser"})):
        with pytest.raises(NotAllowed):
            world.do(who, "place.setup", everyone=True, at=at, **given)
    world.do("Ana", "place.setup", nexus="Other", everyone=False, at=at)
    for given in ({}, {"nexus": "Parser"}):
        with pytest.raises(NotAllowed, match="steward of Other"):
            world.do("Sue", "place.setup", everyone=True, at=at, **given)


def test_where_and_what_is_needed(world: World, channel: Place) -> None:
    with pytest.raises(BadInput, match="in a chat only"):
        world.do("Ana", "place.setup")
    with pytest.raises(BadInput, match="yours alone"):
        world.do("Ana", "place.setup", at={"place": world.place("Ana", kind="direct")})
    with pytest.raises(Ambiguous, match="Other, Parser"):
        world.do("Ana", "place.setup", everyone=True, at={"place": channel, **CLI})
    with pytest.raises(Missing):
        world.do("Sue", "place.setup", at={"place": channel, **CLI})


def test_stewards_who_came_by_a_role_are_not_cut_by_a_steward(world: World, channel: Place) -> None:
    """Taking the role steward from others takes an owner, also when a whole server is disconnected."""
    at = {"place": channel, **CLI}
    world.roles = ROLES
    world.do("Ana", "place.setup", nexus="Parser", everyone=True, at=at)
    world.do("Ana", "place.map", role="Admins", gives="steward", at=at)
    before = world.dump("quota_use")
    for operation, given in (
        ("place.unbind", {"what": "server"}),
        ("place.unmap", {"role": "Admins"}),
        ("place.map", {"role": "Admins", "gives": "member"}),
    ):
        with pytest.raises(NotAllowed, match="takes someone above them"):
            world.do("Sue", operation, at=at, **given)
        assert world.dump("quota_use") == before
    world.do("Ana", "place.unbind", what="server", at=at)
    assert world.read(lambda unit: mappings(unit, "discord", "g1")) == []


def test_whoever_does_not_manage_the_server_there_cannot_take_it_for_their_nexus(world: World, channel: Place) -> None:
    at = {"place": channel}
    world.manages = False
    with pytest.raises(NotAllowed, match="takes somebody who manages it"):
        world.call("Ana", "place.setup", at=at, nexus="Parser", everyone=True)
    world.manages = True
    assert world.do("Ana", "place.setup", at=at, nexus="Parser", everyone=True).name == "Parser"


def test_a_steward_from_elsewhere_cannot_let_roles_of_a_server_count_at_home(world: World, channel: Place) -> None:
    world.nexus("Elsewhere", owner="Olga")
    at, given = {"place": channel, **CLI}, {"role": "everyone", "gives": "member"}
    world.manages = False
    with pytest.raises(NotAllowed, match="takes somebody who manages it"):
        world.call("Olga", "place.map", at=at, nexus="Elsewhere", **given)
    for manages in (False, None):  # once the server belongs to a Nexus, its stewards decide, too
        world.manages = True
        world.do("Ana", "place.setup", at=at, nexus="Parser", everyone=False)
        world.manages = manages
        with pytest.raises(NotAllowed, match="Connecting a chat takes a steward of Parser"):
            world.call("Olga", "place.map", at=at, nexus="Elsewhere", **given)
    world.manages = False
    world.do("Ana", "place.map", at=at, nexus="Parser", **given)
    assert [m.role for m in world.read(lambda unit: mappings(unit, "discord", "g1"))] == ["member"]


def test_who_manages_the_server_takes_it_back_from_a_nexus_of_somebody_else(world: World, channel: Place) -> None:
    at = {"place": channel}
    world.nexus("Trap", owner="Mallory")
    world.do("Mallory", "place.bind", at=at, nexus="Trap")
    with pytest.raises(NotAllowed):
        world.do("Ana", "place.bind", at=at, nexus="Parser")
    world.manages = True
    assert world.do("Ana", "place.bind", at=at, nexus="Parser").nexus == "Parser"
