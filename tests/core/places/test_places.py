"""Places: found, bound to a Nexus, and who hears what is said there."""

import pytest
from sqlalchemy import select

from core.errors import BadInput, NotAllowed, NotFound
from core.operations import AudienceKind, Origin
from core.operations.run import Ask
from core.places.places import audience_of, bind, moved, place_at, place_of, thread_of
from core.places.tables import place
from core.store import Unit
from tests.world import World

CLI = {"origin": Origin.CLI}


@pytest.fixture
def world(world: World) -> World:
    world.nexus("Parser", owner="Ana")
    world.nexus("Other", owner="Zoe")
    world.join("Ben", "Parser")
    world.do("Ben", "need.post", text="a desk")
    return world


def test_a_place_is_added_once_and_follows_its_title(world: World) -> None:
    first = world.place("Lobby", external_id="7")
    assert (first.kind, first.nexus_id, first.audience, first.direct) == ("group", None, "public", False)
    assert world.place("Lobby", external_id="7") == first
    world.place("Hall\u202e\x00 " + "x" * 500, external_id="7")
    renamed = world.read(lambda unit: place_of(unit, first.id))
    assert (renamed.id, renamed.title) == (first.id, ("Hall " + "x" * 500)[:120])
    assert world.read(lambda unit: len(unit.rows(select(place)))) == 1
    with pytest.raises(LookupError):
        world.read(lambda unit: place_of(unit, 1))


def test_who_hears(world: World) -> None:
    direct, group = world.place("Ana", kind="direct"), world.place("Lobby")
    assert audience_of(direct, 5).kind is AudienceKind.PERSON
    assert audience_of(direct, 5).person_id == 5
    assert audience_of(group, 5).kind is AudienceKind.PUBLIC
    parser = world.nexuses["Parser"].id
    for audience, kind in (("members", AudienceKind.MEMBERS), ("public", AudienceKind.PUBLIC)):
        world.write(lambda unit, a=audience: bind(unit, group.id, parser, a, by=1))
        heard = audience_of(world.read(lambda unit: place_of(unit, group.id)), 5)
        assert heard.kind is kind
        assert heard.nexus_id == (parser if kind is AudienceKind.MEMBERS else 0)


def test_a_thread_without_a_binding_of_its_own_is_its_chat(world: World) -> None:
    chat = world.place("Forum", external_id="f")
    assert world.place("Forum", external_id="f", thread="3") == chat
    own = world.write(lambda unit: thread_of(unit, chat, "3"))
    assert (own.thread, own.external_id) == ("3", "f")
    assert world.place("Forum", external_id="f", thread="3").id == own.id
    assert world.place("Forum", external_id="f", thread="4").id == chat.id
    assert world.write(lambda unit: thread_of(unit, own, "3")) == own
    assert world.write(lambda unit: thread_of(unit, chat, "")) == chat


def test_binding_says_what_it_reveals_and_then_people_hear_it(world: World) -> None:
    group = world.place("Lobby")
    at = {"place": group}
    assert world.do("Ben", "need.list", at=at | {"here": "Parser"}).items == ()
    asked = world.call("Ana", "place.bind", nexus="Parser", at=at | {"here": "Parser"})
    assert isinstance(asked, Ask)
    assert asked.question.format(**asked.arguments) == (
        "Connect Lobby to Parser? Everyone here then hears what members of Parser may see: "
        "its needs, offers and people."
    )
    world.press("Ana", asked.buttons[0].token, at=at)
    assert [e.text for e in world.do("Eve", "need.list", at=at).items] == ["a desk"]
    assert world.do("Eve", "place.show", at=at) == type(world.do("Eve", "place.show", at=at))(
        "Lobby", "Parser", "members"
    )
    world.do("Ana", "place.bind", audience="everyone", at=at)
    assert world.do("Eve", "need.list", at=at).items == ()


def test_binding_takes_a_steward_of_both_sides(world: World) -> None:
    at = {"place": world.place("Lobby"), **CLI}
    for who in ("Ben", "Zoe", "Eve"):
        with pytest.raises((NotAllowed, NotFound)):
            world.do(who, "place.bind", nexus="Parser", at=at)
    world.do("Ana", "place.bind", nexus="Parser", at=at | {"here": "Parser"})
    with pytest.raises(NotAllowed, match="steward of Parser"):
        world.do("Zoe", "place.bind", nexus="Other", at=at | {"here": "Other"})
    world.join("Zoe", "Parser", "steward")
    world.do("Zoe", "place.bind", nexus="Other", at=at | {"here": "Other"})
    with pytest.raises(NotAllowed):
        world.do("Ana", "place.unbind", at=at)
    assert world.do("Zoe", "place.unbind", at=at).nexus == ""
    assert world.do("Zoe", "place.show", at=at).audience == "public"


def test_unbinding_ends_what_was_heard(world: World) -> None:
    at = {"place": world.place("Lobby")}
    world.do("Ana", "place.bind", nexus="Parser", at=at | {"here": "Parser"})
    world.do("Ana", "place.unbind", at=at)
    assert world.do("Ana", "need.list", at=at | {"here": "Parser"}).items == ()
    with pytest.raises(BadInput, match="not connected"):
        world.do("Ana", "place.unbind", at=at | {"here": "Parser"})


def test_a_direct_chat_and_no_chat_cannot_be_bound(world: World) -> None:
    direct = world.place("Ana", kind="direct")
    for operation in ("place.bind", "place.unbind"):
        with pytest.raises(BadInput, match="yours alone"):
            world.do("Ana", operation, at={"place": direct, "here": "Parser"})
        with pytest.raises(BadInput, match="in a chat only"):
            world.do("Ana", operation)
    for at in ({"place": direct, "here": "Parser"}, {}):
        shown = world.do("Ana", "place.show", at=at)
        assert (shown.title, shown.nexus, shown.audience) == ("", "Parser", "you")


def test_a_chat_that_gets_another_id_takes_its_bindings_along(world: World) -> None:
    parser = world.nexuses["Parser"].id

    def unit(unit: Unit) -> None:
        for thread in ("", "3"):
            found = place_at(
                unit, platform="telegram", workspace="", external_id="old", thread="", kind="group", title="Lobby"
            )
            bind(unit, thread_of(unit, found, thread).id, parser, "members", by=7)
        moved(unit, "telegram", "", "old", "new")

    world.write(unit)
    for thread in ("", "3"):
        assert world.place("Lobby", external_id="new", thread=thread).nexus_id == parser
    assert world.place("Lobby", external_id="old").nexus_id is None


def test_a_message_from_the_new_id_may_come_first(world: World) -> None:
    parser, other = world.nexuses["Parser"].id, world.nexuses["Other"].id
    old, new = world.place("Lobby", external_id="old"), world.place("Lobby", external_id="new")

    def unit(unit: Unit) -> None:
        bind(unit, old.id, parser, "members", by=7)
        moved(unit, "telegram", "", "old", "new")

    world.write(unit)
    met = world.read(lambda unit: place_of(unit, new.id))
    assert (met.nexus_id, met.audience) == (parser, "members")
    world.write(lambda unit: bind(unit, new.id, other, "public", by=7))
    world.write(lambda unit: moved(unit, "telegram", "", "old", "new"))
    assert world.read(lambda unit: place_of(unit, new.id)).nexus_id == other
