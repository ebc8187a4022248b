"""Saying what may be done with one's own things: it narrows, it is undone with a tap, and it is told in full."""

import pytest
from sqlalchemy import select

from core.errors import BadInput, Conflict, NotFound
from core.operations import Audience, AudienceKind, Origin
from core.operations.run import Ask, Done
from core.rules.rules import set_rule
from core.rules.tables import consent
from core.rules.words import Action, pack_actions
from tests.world import World

TALK = {"origin": Origin.TALK}


@pytest.fixture
def world(world: World) -> World:
    world.nexus("Parser", owner="Ana")
    world.nexus("Inner", owner="Ida", parent="Parser")
    world.join("Ben", "Parser")
    return world


def needs(world: World, who: str, audience: Audience | None = None) -> list[str]:
    at = {"here": "Parser"} | ({"audience": audience} if audience else {})
    return [entry.text for entry in world.do(who, "need.list", at=at).items]


def channel(world: World) -> Audience:
    return Audience(AudienceKind.MEMBERS, nexus_id=world.nexuses["Parser"].id)


def test_nobody_else_sees_what_is_for_oneself(world: World) -> None:
    world.do("Ben", "need.post", text="a desk")
    done = world.call("Ben", "consent.set", what="needs", who="nobody")
    assert isinstance(done, Done)
    assert done.result.sentence.startswith("your needs: nobody but you may see them")
    assert needs(world, "Ana") == []
    assert needs(world, "Ben") == ["a desk"]
    world.do("Ben", "need.post", text="a lamp")  # holds for what comes, too
    assert needs(world, "Ana") == []
    world.do("Ben", "consent.set", what="needs", who="everyone")
    assert needs(world, "Ana") == ["a lamp", "a desk"]
    assert world.read(lambda unit: unit.rows(select(consent))) == []


def test_it_never_widens_what_the_rules_allow(world: World) -> None:
    world.do("Ben", "need.post", text="a desk")
    world.do("Ben", "consent.set", what="everything", who="everyone")
    assert needs(world, "Ida") == []
    parser = world.nexuses["Parser"].id
    see = pack_actions((Action.SEE,))
    world.write(
        lambda unit: set_rule(
            unit, parser, kind="need", audience="sub-member", actions=see, effect="permit", by=world.id_of("Ana")
        )
    )
    assert needs(world, "Ida") == ["a desk"]
    world.do("Ben", "consent.set", what="needs", who="members")
    assert needs(world, "Ida") == []
    assert needs(world, "Ana") == ["a desk"]
    world.do("Ben", "consent.set", what="needs", who="nexuses")
    assert needs(world, "Ida") == ["a desk"]


def test_never_repeated_in_channels(world: World) -> None:
    world.do("Ben", "need.post", text="a desk")
    assert needs(world, "Ana", channel(world)) == ["a desk"]
    world.do("Ben", "consent.set", what="needs", use="repeat")
    assert needs(world, "Ana", channel(world)) == []
    assert needs(world, "Ana") == ["a desk"]
    world.do("Ben", "consent.set", what="needs", use="repeat", who="everyone")
    assert needs(world, "Ana", channel(world)) == ["a desk"]


def test_one_thing_by_its_short_name(world: World) -> None:
    desk = world.do("Ben", "need.post", text="a desk")
    world.do("Ben", "need.post", text="a lamp")
    done = world.do("Ben", "consent.set", thing=f"#{desk.handle}", who="only-me")
    assert done.sentence.startswith("“a desk”: nobody but you may see it")
    assert needs(world, "Ana") == ["a lamp"]
    with pytest.raises(NotFound):
        world.do("Ana", "consent.set", thing=f"#{desk.handle}", who="everyone")
    with pytest.raises(NotFound):
        world.do("Ben", "consent.set", thing="a chair", who="only-me")


def test_what_was_said_about_more_holds_as_well_and_is_told(world: World) -> None:
    world.do("Ben", "consent.set", what="everything", who="members")
    done = world.do("Ben", "consent.set", what="needs", use="count")
    assert done.sentence == (
        "your needs: members may see them, repeat them in channels, build on them and take them along; "
        "nobody but you may count them"
    )
    done = world.do("Ben", "consent.set", what="needs", who="everyone")
    assert done.sentence.startswith("your needs: members may see them")


def test_undo_puts_back_exactly_what_was_said_before(world: World) -> None:
    world.do("Ben", "consent.set", what="needs", use="count")
    before = world.dump("button", "audit", "effect", "quota_use")
    done = world.call("Ben", "consent.set", what="needs", who="only-me")
    assert isinstance(done, Done)
    (undo,) = done.buttons
    world.press("Ben", undo.token)
    assert world.dump("button", "audit", "effect", "quota_use") == before


def test_an_undo_that_comes_too_late_changes_nothing(world: World) -> None:
    done = world.call("Ben", "consent.set", what="needs", who="members")
    assert isinstance(done, Done)
    world.do("Ben", "consent.set", what="needs", who="only-me")
    with pytest.raises(Conflict):
        world.press("Ben", done.buttons[0].token)
    world.do("Ben", "need.post", text="a desk")
    assert needs(world, "Ana") == []


def test_nothing_is_undone_where_nothing_changed(world: World) -> None:
    done = world.call("Ben", "consent.set", what="needs", who="everyone")
    assert isinstance(done, Done)
    assert done.buttons == ()


def test_it_asks_when_it_was_only_understood_and_says_what_would_hold(world: World) -> None:
    asked = world.call("Ben", "consent.set", what="offers", use="build", at=TALK)
    assert isinstance(asked, Ask)
    assert asked.question.format(**asked.arguments) == (
        "From now on, for your offers: whoever the rules let may see them, repeat them in channels, count them "
        "and take them along; nobody but you may build on them. Shall I keep to that?"
    )
    assert world.read(lambda unit: unit.rows(select(consent))) == []


def test_somebody_has_to_be_named_or_some_use(world: World) -> None:
    with pytest.raises(BadInput, match="Who may"):
        world.do("Ben", "consent.set", what="needs")


def test_all_of_it_is_shown_with_what_the_rules_allow(world: World) -> None:
    shown = [line.sentence for line in world.do("Ben", "consent.show").items]
    assert shown[0] == "You have set no limits of your own"
    assert shown[1] == (
        "Needs in Parser, by its rules: members may see them, repeat them in channels, count them and build on them; "
        "nobody but their author may take them along"
    )
    desk = world.do("Ben", "need.post", text="a desk")
    world.do("Ben", "consent.set", thing=desk.handle, who="only-me")
    world.do("Ben", "consent.set", what="offers", use="count")
    shown = [line.sentence for line in world.do("Ben", "consent.show", nexus="Parser").items]
    assert len(shown) == 2 + 3
    assert any(line.startswith("“a desk”: nobody but you") for line in shown)
    assert any(line.startswith("Your offers: whoever the rules let") for line in shown)
    world.do("Ben", "need.close", need="desk")
    assert not any("desk" in line.sentence for line in world.do("Ben", "consent.show").items)


@pytest.mark.parametrize(
    ("name", "value"),
    [("kind", "thought"), ("kind", "nonsense"), ("thing", "x"), ("before", "-1"), ("after", "²"), ("thing", "9" * 20)],
)
def test_the_button_behind_an_undo_takes_no_nonsense(world: World, name: str, value: str) -> None:
    arguments = {"kind": "need", "thing": "0", "before": "0", "after": str(1)} | {name: value}
    with pytest.raises((BadInput, NotFound, Conflict)):
        world.do("Ben", "consent.restore", at={"origin": Origin.CLI}, **arguments)
    assert world.read(lambda unit: unit.rows(select(consent))) == []
