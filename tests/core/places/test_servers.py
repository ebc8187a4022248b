"""Whole servers: what is bound as they are, and what is decided apart from them."""

import itertools
from typing import Any

import pytest

from core.errors import BadInput, NotAllowed
from core.operations import AudienceKind, Origin
from core.operations.run import Ask
from core.places.places import Place, add_server, audience_of, bind, place_at, place_of, server_of, thread_of
from core.places.workspaces import note_workspace
from core.store import Unit
from tests.world import World

CLI = {"origin": Origin.CLI}
DISCORD = {"platform": "discord", "workspace": "g1"}


@pytest.fixture
def world(world: World) -> World:
    """Ana's Parser and Zoe's Other; a server g1 that belongs to Parser."""
    world.nexus("Parser", owner="Ana")
    world.nexus("Other", owner="Zoe")
    world.join("Ben", "Parser")
    world.do("Ben", "need.post", text="a desk")
    bind_server(world, "Parser", "members")
    return world


def bind_server(world: World, nexus: str, audience: str) -> None:
    def unit(unit: Unit) -> None:
        for server_id, title in (("g1", "Our Server"), ("g2", "")):
            note_workspace(unit, "discord", server_id, title, ())
        server = add_server(unit, "discord", "g1", "Our Server")
        bind(unit, server.id, world.nexuses[nexus].id, audience, by=1)

    world.write(unit)


def seen(world: World, place: Place) -> tuple[Any, ...]:
    found = world.read(lambda unit: place_of(unit, place.id))
    return found.nexus_id, found.audience, found.bound


def test_what_is_not_bound_by_itself_is_bound_as_the_server(world: World) -> None:
    channel = world.place("general", **DISCORD)
    parser = world.nexuses["Parser"].id
    assert (channel.nexus_id, channel.audience, channel.bound) == (parser, "members", "server")
    assert seen(world, channel) == (parser, "members", "server")
    heard = world.read(lambda unit: audience_of(unit, channel, 5))
    assert (heard.kind, heard.nexus_id) == (AudienceKind.MEMBERS, parser)
    assert world.place("general", **DISCORD) == channel
    assert [e.text for e in world.do("Eve", "need.list", at={"place": channel}).items] == ["a desk"]
    bind_server(world, "Other", "public")
    assert seen(world, channel) == (world.nexuses["Other"].id, "public", "server")
    assert world.do("Eve", "need.list", at={"place": channel}).items == ()


def test_a_direct_chat_and_another_server_are_not(world: World) -> None:
    direct = world.place("Ana", kind="direct", **DISCORD)
    assert (direct.nexus_id, direct.bound) == (None, "")
    assert seen(world, direct) == (None, "public", "")
    assert world.read(lambda unit: audience_of(unit, direct, 7)).kind is AudienceKind.PERSON
    for elsewhere in ({"workspace": "g2"}, {"workspace": ""}, {"platform": "slack"}):
        assert world.place(f"else {elsewhere}", **(DISCORD | elsewhere)).nexus_id is None


def test_a_unit_that_reads_sees_the_server_behind_a_place_that_is_not_stored(world: World) -> None:
    def unit(unit: Unit) -> Place:
        return place_at(unit, external_id="new", thread="", kind="channel", title="new", **DISCORD)

    assert world.read(unit).nexus_id == world.nexuses["Parser"].id
    with pytest.raises(LookupError):
        world.read(lambda u: place_of(u, world.read(unit).id))


@pytest.mark.parametrize(
    ("thread", "chat", "server"), list(itertools.product(("", "Parser", "Other", "none"), repeat=3))
)
@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_nearest_that_was_decided_counts(world: World, thread: str, chat: str, server: str) -> None:
    """Of a thread, its chat and its server: each undecided, bound to one of two, or to nothing on purpose."""
    where = DISCORD | {"workspace": "g9"}
    row = world.place("forum", external_id="f", **where)

    def unit(unit: Unit) -> int:
        own = thread_of(unit, row, "3")
        whole = add_server(unit, "discord", "g9", "Nine")
        for place_id, decided in ((own.id, thread), (row.id, chat), (whole.id, server)):
            if decided:
                nexus_id = None if decided == "none" else world.nexuses[decided].id
                bind(unit, place_id, nexus_id, "members" if nexus_id else "public", by=1)
        return own.id

    own_id = world.write(unit)
    nearest = next((name for name in (thread, chat, server) if name), "none")
    expected = None if nearest == "none" else world.nexuses[nearest].id
    found = world.read(lambda unit: place_of(unit, own_id))
    assert (found.nexus_id, found.audience) == (expected, "members" if expected else "public")
    assert found == world.place("forum", external_id="f", thread="3", **where)
    assert found.bound == ("itself" if thread else "chat" if chat else "server" if server else "")


def test_a_channel_can_belong_to_nothing_inside_a_server_that_belongs_to_a_nexus(world: World) -> None:
    channel, other = world.place("general", **DISCORD), world.place("random", **DISCORD)
    asked = world.call("Ana", "place.unbind", at={"place": channel})
    assert isinstance(asked, Ask)
    assert asked.arguments["question"].startswith("Disconnect this chat?")
    world.press("Ana", asked.buttons[0].token, at={"place": channel})
    assert seen(world, channel) == (None, "public", "itself")
    assert seen(world, other)[2] == "server"
    assert world.do("Eve", "need.list", at={"place": channel, "here": "Parser"}).items == ()
    with pytest.raises(BadInput, match="not connected"):
        world.do("Ana", "place.unbind", at={"place": channel, "here": "Parser", **CLI})
    world.do("Ana", "place.bind", nexus="Parser", at={"place": channel, "here": "Parser", **CLI})
    assert seen(world, channel) == (world.nexuses["Parser"].id, "members", "itself")


def test_a_channel_can_belong_to_another_nexus_if_both_sides_agree(world: World) -> None:
    channel = world.place("general", **DISCORD)
    with pytest.raises(NotAllowed, match="steward of Parser"):
        world.do("Zoe", "place.bind", nexus="Other", at={"place": channel, "here": "Other", **CLI})
    world.join("Zoe", "Parser", "steward")
    world.do("Zoe", "place.bind", nexus="Other", at={"place": channel, "here": "Other", **CLI})
    assert seen(world, channel) == (world.nexuses["Other"].id, "members", "itself")


def test_disconnecting_the_whole_server(world: World) -> None:
    channel = world.place("general", **DISCORD)
    assert world.do("Eve", "place.show", at={"place": channel}).whole
    with pytest.raises(NotAllowed):
        world.do("Ben", "place.unbind", what="server", at={"place": channel, **CLI})
    asked = world.call("Ana", "place.unbind", what="the whole server".split()[-1], at={"place": channel})
    assert isinstance(asked, Ask)
    assert asked.arguments["question"] == (
        "Disconnect all of Our Server? I then say nothing there that is not for everybody."
    )
    done = world.press("Ana", asked.buttons[0].token, at={"place": channel})
    assert done.result.title == "Our Server"  # type: ignore[union-attr]
    assert seen(world, channel) == (None, "public", "server")
    with pytest.raises(BadInput, match="Our Server is not connected"):
        world.do("Ana", "place.unbind", what="server", at={"place": channel, "here": "Parser", **CLI})
    unknown = world.place("general", platform="discord", workspace="g2")
    with pytest.raises(BadInput, match="this server is not connected"):
        world.do("Ana", "place.unbind", what="server", at={"place": unknown, "here": "Parser", **CLI})


def test_there_is_one_server_and_none_without_a_workspace(world: World) -> None:
    def unit(unit: Unit) -> tuple[Place, Place]:
        return add_server(unit, "discord", "g1", "x"), add_server(unit, "discord", "g1", "y")

    first, second = world.write(unit)
    assert first == second
    assert first.kind == "server"
    assert world.read(lambda unit: server_of(unit, "telegram", "")) is None
    assert world.read(lambda unit: server_of(unit, "discord", "g7")) is None
