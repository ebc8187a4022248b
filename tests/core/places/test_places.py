"""Places: found, bound to a Nexus, and who hears what is said there."""

from typing import Any

import pytest
from sqlalchemy import select

from core.clock import MINUTE
from core.errors import BadInput, NotAllowed, NotFound
from core.notices.tables import notice
from core.operations import Audience, AudienceKind, Origin
from core.operations.run import Ask
from core.people.tables import account
from core.places.places import Place, audience_of, bind, moved, place_at, place_of, thread_of
from core.places.readers import note_readers
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


def heard(world: World, place: Place, person_id: int = 5) -> Audience:
    found: Audience = world.read(lambda unit: audience_of(unit, place_of(unit, place.id), person_id))
    return found


def test_who_hears(world: World) -> None:
    direct, group = world.place("Ana", kind="direct"), world.place("Lobby")
    assert heard(world, direct) == Audience(AudienceKind.PERSON, 5)
    assert heard(world, group) == Audience(AudienceKind.PUBLIC)
    parser = world.nexuses["Parser"].id
    for audience, kind in (("members", AudienceKind.MEMBERS), ("public", AudienceKind.PUBLIC)):
        world.write(lambda unit, a=audience: bind(unit, group.id, parser, a, by=1))
        assert heard(world, group) == Audience(kind, nexus_id=parser if kind is AudienceKind.MEMBERS else 0)


def test_a_thread_without_a_binding_of_its_own_is_its_chat(world: World) -> None:
    chat = world.place("Forum", external_id="f")
    assert world.place("Forum", external_id="f", thread="3") == chat
    own = world.write(lambda unit: thread_of(unit, chat, "3"))
    assert (own.thread, own.external_id) == ("3", "f")
    assert world.place("Forum", external_id="f", thread="3").id == own.id
    assert world.place("Forum", external_id="f", thread="4").id == chat.id
    assert world.write(lambda unit: thread_of(unit, own, "3")) == own
    assert world.write(lambda unit: thread_of(unit, chat, "")) == chat


def told(world: World) -> list[tuple[int, str]]:
    """Whom something was told in private, and what."""
    rows = world.read(lambda unit: unit.rows(select(notice).order_by(notice.c.id)))
    return [(row["person_id"], row["template"].format(**row["data"])) for row in rows]


def ask(world: World, at: dict[str, Any], **given: Any) -> Ask:
    """Ana begins to bind a chat."""
    asked = world.call("Ana", "place.bind", at=at, **given)
    assert isinstance(asked, Ask)
    return asked


def question(asked: Ask) -> str:
    return asked.question.format(**asked.arguments)


def test_binding_says_what_it_reveals_and_then_people_hear_it(world: World) -> None:
    group = world.place("Lobby")
    at = {"place": group}
    assert world.do("Ben", "need.list", at=at | {"here": "Parser"}).items == ()
    asked = ask(world, at | {"here": "Parser"}, nexus="Parser", audience="members")
    assert question(asked) == (
        "Connect Lobby to Parser? Everyone here then hears what members of Parser may see: "
        "its needs, offers and people. How much that is at this moment, I tell you in private."
    )
    assert told(world) == [
        (
            world.id_of("Ana"),
            "What Lobby would hear of Parser at this moment. If everyone there counts as a member: 1 need.",
        )
    ]
    world.press("Ana", asked.buttons[0].token, at=at)
    assert [e.text for e in world.do("Eve", "need.list", at=at).items] == ["a desk"]
    assert world.do("Eve", "place.show", at=at) == type(world.do("Eve", "place.show", at=at))(
        "Lobby", "Parser", "members"
    )
    world.do("Ana", "place.bind", audience="everyone", at=at)
    assert world.do("Eve", "need.list", at=at).items == ()


def test_who_does_not_say_who_listens_is_asked(world: World) -> None:
    group = world.place("Lobby", platform="slack", workspace="T1")
    at = {"place": group}
    for answer, number in (("members", 0), ("people", 1), ("public", 2)):
        asked = ask(world, at | {"here": "Parser"}, nexus="Parser")
        assert [b.label for b in asked.buttons] == [
            "Everyone here is a member",
            "Exactly the people here",
            "Anybody",
            "Leave it",
        ]
        world.press("Ana", asked.buttons[number].token, at=at)
        found = world.read(lambda unit: place_of(unit, group.id))
        assert (found.audience, found.bound_by) == (answer, world.id_of("Ana"))
    assert question(asked).startswith(
        "Connect Lobby to Parser? Does everyone here count as a member? Everyone here then hears"
    )


def test_the_third_answer_is_exactly_the_people_here(world: World) -> None:
    group = world.place("Lobby", platform="slack", workspace="T1")
    at = {"place": group, "here": "Parser"}
    asked = ask(world, at, nexus="Parser", audience="just us")
    assert question(asked) == (
        "Connect Lobby to Parser? Here I then say only what everybody who can read this may see. I am not told who "
        "that is, so until I am, it is only what anybody may know. How much that is at this moment, I tell you in "
        "private."
    )
    world.press("Ana", asked.buttons[0].token, at=at)
    shown = world.do("Ana", "place.show", at=at)
    assert (shown.audience, shown.exact, shown.people) == ("public", True, None)
    assert world.do("Ana", "need.list", at=at).items == ()

    ana, ben = world.person("Ana on Slack", platform="slack"), world.person("Ben on Slack", platform="slack")
    for who, name in ((ana, "Ana"), (ben, "Ben")):
        owner = world.id_of(name)
        world.write(
            lambda unit, i=who.account_id, o=owner: unit.execute(
                account.update().where(account.c.id == i).values(person_id=o)
            )
        )
    world.write(lambda unit: note_readers(unit, group.id, (ana.external_id, ben.external_id)))
    world.clock.advance(3 * MINUTE)
    shown = world.do("Ana", "place.show", at=at)
    assert (shown.audience, shown.people, shown.minutes) == ("people", 2, 3)
    assert [e.text for e in world.do("Ana", "need.list", at=at).items] == ["a desk"]
    # All who read it are members of Parser: they may hear how much it is.
    asked = ask(world, at, audience="people")
    assert question(asked) == (
        "Connect Lobby to Parser? Here I then say only what everybody who can read this may see. That is 2 now, and I "
        "know all of them. At this moment that is: 1 need."
    )
    asked = ask(world, at, audience="members")
    assert question(asked).endswith("At this moment that is: 1 need. What I said here before stays readable.")

    world.write(lambda unit: note_readers(unit, group.id, (ana.external_id, ben.external_id, "stranger")))
    assert world.do("Ana", "need.list", at=at).items == ()
    asked = ask(world, at, audience="people")
    assert "That is 3 now, some of whom I don't know." in question(asked)
    assert told(world)[-1][1].endswith("If I say only what everybody who can read there may see: nothing.")


def test_a_card_in_a_channel_does_not_tell_how_much_is_hidden(world: World) -> None:
    at = {"place": world.place("Lobby"), "here": "Parser"}

    def asked() -> str:
        return "\n".join(question(ask(world, at, **given)) for given in GIVEN)

    before = asked()
    for number in range(3):
        world.do("Ben", "offer.post", text=f"offer {number}")
    assert asked() == before
    assert "3 offers" in told(world)[-2][1]


GIVEN: tuple[dict[str, str], ...] = ({}, {"audience": "members"}, {"audience": "people"}, {"audience": "public"})


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
