"""What people tell about themselves: who hears it, who decides that, and what is left when it is taken back."""

import pytest
from sqlalchemy import select, text

from core.errors import BadInput, NotAllowed, NotFound
from core.operations import Audience, AudienceKind, Origin
from core.operations.run import Ask, Done
from core.rules.rules import set_rule
from core.rules.tables import consent
from core.rules.words import Action, pack_actions
from tests.world import PUBLIC, World

TALK = {"origin": Origin.TALK}


@pytest.fixture
def world(world: World) -> World:
    world.nexus("Parser", owner="Ana")
    world.nexus("Other", owner="Zoe")
    world.join("Ben", "Parser")
    world.person("Eve")
    return world


def members(world: World, nexus: str = "Parser") -> Audience:
    return Audience(AudienceKind.MEMBERS, nexus_id=world.nexuses[nexus].id)


def open_to_all(world: World) -> None:
    parser, by = world.nexuses["Parser"].id, world.id_of("Ana")
    actions = pack_actions((Action.SEE, Action.QUOTE))
    world.write(
        lambda unit: set_rule(unit, parser, kind="fact", audience="public", actions=actions, effect="permit", by=by)
    )


def said_of(world: World, listener: str, who: str, **at: object) -> list[str]:
    seen = world.do(listener, "person.show", person=f"={world.id_of(who)}" if who != "me" else "me", at=at or None)
    return [fact.text for fact in seen.facts]


def test_members_hear_it_by_default_and_nobody_else(world: World) -> None:
    kept = world.do("Ben", "fact.add", text="I am good at typography")
    assert (kept.nexus, kept.readers) == ("Parser", "members")
    assert said_of(world, "Ana", "Ben") == ["I am good at typography"]
    assert said_of(world, "Ben", "me") == ["I am good at typography"]
    assert said_of(world, "Ana", "Ben", audience=members(world)) == ["I am good at typography"]
    assert said_of(world, "Ben", "me", audience=PUBLIC) == []
    world.join("Zoe", "Parser", "guest", here=False)
    world.join("Ben", "Other", here=False)  # so that Zoe knows Ben at all
    assert said_of(world, "Zoe", "Ben") == []


def test_what_is_for_oneself_is_for_oneself(world: World) -> None:
    world.do("Ben", "fact.add", text="I snore", readers="only me")
    assert said_of(world, "Ana", "Ben") == []
    assert said_of(world, "Ben", "me") == ["I snore"]
    assert said_of(world, "Ben", "me", audience=members(world)) == []
    assert world.do("Ana", "people.find", query="snore").items == ()


def test_anyone_is_as_many_as_the_rules_allow(world: World) -> None:
    kept = world.do("Ben", "fact.add", text="I live in Lisbon", readers="anyone")
    assert kept.readers == "members"
    assert said_of(world, "Ben", "me", audience=PUBLIC) == []
    open_to_all(world)
    assert said_of(world, "Ben", "me", audience=PUBLIC) == ["I live in Lisbon"]
    (line,) = world.do("Ben", "fact.list").items
    assert line.readers == "anyone"
    world.do("Ben", "fact.add", text="I keep bees", readers="members")
    assert said_of(world, "Ben", "me", audience=PUBLIC) == ["I live in Lisbon"]


def test_the_card_says_who_could_read_it(world: World) -> None:
    asked = world.call("Ben", "fact.add", text="I keep bees", at=TALK)
    assert isinstance(asked, Ask)
    assert asked.question.format(**asked.arguments) == (
        "Keep this about you in Parser, where members can read it: “I keep bees”?"
    )
    asked = world.call("Ben", "fact.add", text="I snore", readers="only-me", at=TALK)
    assert isinstance(asked, Ask)
    assert asked.question.format(**asked.arguments) == (
        "Keep this about you in Parser, where you alone can read it: “I snore”?"
    )
    assert said_of(world, "Ben", "me") == []


def test_what_was_said_about_all_facts_holds_for_each(world: World) -> None:
    world.do("Ben", "consent.set", what="facts", who="only-me")
    kept = world.do("Ben", "fact.add", text="I keep bees", readers="anyone")
    assert kept.readers == "you alone"
    assert said_of(world, "Ana", "Ben") == []
    world.do("Ben", "consent.set", what="facts", who="everyone")
    assert said_of(world, "Ana", "Ben") == ["I keep bees"]


def test_undo_takes_it_back_with_everything(world: World) -> None:
    done = world.call("Ben", "fact.add", text="purple elephant")
    assert isinstance(done, Done)
    (undo,) = done.buttons
    world.press("Ben", undo.token)
    assert "elephant" not in repr(world.dump())
    assert world.read(lambda unit: unit.value(text("SELECT count(*) FROM record_text"))) == 0
    assert world.read(lambda unit: unit.rows(select(consent))) == []


def test_who_may_know_it_can_be_changed_and_changed_back(world: World) -> None:
    kept = world.do("Ben", "fact.add", text="I keep bees")
    asked = world.call("Ben", "fact.change", fact="bees", readers="only-me", at=TALK)
    assert isinstance(asked, Ask)
    assert asked.question.format(**asked.arguments) == (
        "From now on, you alone can read this about you: “I keep bees”. Shall I change it?"
    )
    done = world.press("Ben", asked.buttons[0].token)
    assert isinstance(done, Done)
    assert said_of(world, "Ana", "Ben") == []
    (undo,) = done.buttons
    world.press("Ben", undo.token)
    assert said_of(world, "Ana", "Ben") == ["I keep bees"]
    with pytest.raises(NotFound):
        world.do("Ana", "fact.change", fact=f"#{kept.handle}", readers="anyone")
    with pytest.raises(BadInput):
        world.do("Ben", "fact.change", fact="bees", readers="the cat")


def test_it_says_so_where_nothing_changes(world: World) -> None:
    world.do("Ben", "fact.add", text="I keep bees")
    done = world.call("Ben", "fact.change", fact="bees", readers="members")
    assert isinstance(done, Done)
    assert done.buttons == ()


def test_a_list_of_ones_own_is_ones_own(world: World) -> None:
    world.do("Ben", "fact.add", text="I keep bees")
    world.do("Ben", "fact.add", text="I snore", readers="only-me")
    listed = world.do("Ben", "fact.list", at={"audience": members(world)})
    assert [(f.text, f.readers) for f in listed.items] == [("I snore", "you alone"), ("I keep bees", "members")]
    assert world.do("Ana", "fact.list").items == ()


def test_removing_wipes_it(world: World) -> None:
    world.do("Ben", "fact.add", text="purple elephant")
    world.do("Ben", "fact.remove", fact="elephant")
    assert "elephant" not in repr(world.dump())
    assert said_of(world, "Ana", "Ben") == []
    with pytest.raises(NotFound):
        world.do("Ben", "fact.remove", fact="elephant")


def test_people_are_found_by_what_they_say_of_themselves_after_what_they_offer(world: World) -> None:
    world.join("Cleo", "Parser")
    world.do("Ben", "fact.add", text="I am good at typography")
    world.do("Cleo", "offer.post", text="typography lessons")
    world.do("Cleo", "fact.add", text="typography is my life")
    found = world.do("Ana", "people.find", query="typography")
    assert [(h.name, h.kind, h.reason, h.nexus) for h in found.items] == [
        ("Cleo", "offer", "typography lessons", "Parser"),
        ("Ben", "fact", "I am good at typography", "Parser"),
    ]
    assert world.do("Zoe", "people.find", query="typography").items == ()
    assert world.do("Ana", "people.find", query="typography", at={"audience": PUBLIC}).items == ()


def test_only_members_tell_something_there(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.do("Eve", "fact.add", text="I keep bees", at={"here": "Parser"})
