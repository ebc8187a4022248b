"""Links between Nexuses through their operations: proposed, answered by the other side, ended, listed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from core.errors import BadInput, Conflict, NexusError, NotAllowed, NotFound
from core.notices.notices import waiting
from core.operations import Audience, AudienceKind
from core.operations.run import Ask, Done
from core.rules.kinds import SHARED
from core.rules.resolver import may_kind
from core.rules.tables import nexus_link
from core.rules.words import Action
from core.store import Unit
from tests.world import PUBLIC, World

NOTHING = "the link shows nothing to members of {other} until a rule there says so."


@pytest.fixture
def two(world: World) -> World:
    """Parser, whose steward is Otto, and Square, whose owner is Sue; Ana and Mo are members of one each."""
    world.nexus("Parser", owner="Otto", door="open")
    world.nexus("Square", owner="Sue", door="open")
    world.nexus("Harbor", owner="Hal", door="open")
    world.join("Ana", "Parser")
    world.join("Mo", "Square")
    return world


def refused(world: World, who: str, operation: str, **arguments: Any) -> NexusError:
    with pytest.raises(NexusError) as refusal:
        world.do(who, operation, **arguments)
    return refusal.value


def told(world: World, who: str) -> list[str]:
    """What somebody is told, oldest first."""
    rows = world.write(waiting)
    return [row["template"].format(**row["data"]) for row in rows if row["person_id"] == world.id_of(who)]


def listed(world: World, who: str, **arguments: Any) -> list[tuple[str, str]]:
    return [(one.other, one.state) for one in world.do(who, "link.list", **arguments).items]


def token(world: World, who: str, label: str) -> str:
    """The button of the newest notice to somebody."""
    rows = [row for row in world.write(waiting) if row["person_id"] == world.id_of(who)]
    return str(next(token for text, token, _ in rows[-1]["buttons"] if text == label))


def mo_sees(world: World) -> set[str]:
    """The kinds of Parser that Mo may see."""

    def unit(unit: Unit) -> set[str]:
        mo = Audience(AudienceKind.PERSON, world.id_of("Mo"))
        return {kind for kind in SHARED if may_kind(unit, mo, world.nexuses["Parser"].id, kind, Action.SEE)}

    found: set[str] = world.read(unit)
    return found


def test_a_link_is_proposed_and_the_other_side_is_asked(two: World) -> None:
    ask = two.call("Otto", "link.propose", other="Square")
    assert isinstance(ask, Ask)
    assert ask.question.format(**ask.arguments).split("\n") == [
        "Propose a link between Parser and Square? The stewards of Square have to agree.",
        "• In Parser, " + NOTHING.format(other="Square"),
        "• In Square, " + NOTHING.format(other="Parser"),
    ]
    assert two.write(waiting) == []
    two.press("Otto", ask.buttons[0].token)
    (message,) = told(two, "Sue")
    assert message.startswith("Otto would like to link Parser with Square. Do you want that?\n• In Square, ")
    assert listed(two, "Otto") == [("Square", "proposed, they have not answered yet")]
    assert listed(two, "Sue") == [("Parser", "they would like it, you have not answered yet")]
    assert listed(two, "Ana") == []


def test_the_button_accepts_it(two: World) -> None:
    two.do("Otto", "rule.set", text="linked nexuses may see offers")
    two.do("Otto", "link.propose", other="Square")
    assert mo_sees(two) == set()
    done = two.press("Sue", token(two, "Sue", "Link them"))
    assert isinstance(done, Done)
    assert done.result.nexus == "Square"
    assert mo_sees(two) == {"offer"}
    assert told(two, "Otto") == ["Square and Parser are linked now: Sue said yes."]
    assert listed(two, "Ana") == [("Square", "since 1 Jan 2026")]


def test_the_card_says_what_rules_show_to_linked_members(two: World) -> None:
    two.do("Otto", "rule.set", text="linked nexuses may see and count offers, linked nexuses may count needs")
    two.do("Otto", "link.propose", other="Square")
    ask = two.call("Sue", "link.accept", link="Parser")
    assert isinstance(ask, Ask)
    assert "• In Parser, members of Square may then count needs; see offers and count them." in ask.question.format(
        **ask.arguments
    )


def test_the_button_declines_it(two: World) -> None:
    two.do("Otto", "link.propose", other="Square")
    two.press("Sue", token(two, "Sue", "Decline"))
    assert told(two, "Otto") == ["Square does not want to be linked with Parser at the moment."]
    assert listed(two, "Sue") == []
    assert isinstance(refused(two, "Sue", "link.accept", link="Parser"), NotFound)
    two.do("Sue", "link.propose", other="Parser")  # and later the other way round
    two.do("Otto", "link.accept", link="Square")
    assert listed(two, "Otto") == [("Square", "since 1 Jan 2026")]


def test_both_sides_can_end_it(two: World) -> None:
    two.do("Otto", "rule.set", text="linked nexuses may see needs")
    for who, other, hears, here in (("Otto", "Square", "Sue", "Parser"), ("Sue", "Parser", "Otto", "Square")):
        two.do("Otto", "link.propose", other="Square")
        two.do("Sue", "link.accept", link="Parser")
        assert mo_sees(two) == {"need"}
        two.do(who, "link.end", link=other)
        assert mo_sees(two) == set()
        assert told(two, hears)[-1] == f"{who} ended the link between {here} and {other}."
        assert listed(two, "Otto") == []


def test_a_proposal_is_taken_back(two: World) -> None:
    two.do("Otto", "link.propose", other="Square")
    assert isinstance(refused(two, "Sue", "link.end", link="Parser"), Conflict)
    ask = two.call("Otto", "link.end", link="Square")
    assert isinstance(ask, Ask)
    assert ask.question.format(**ask.arguments).startswith("It is only proposed so far.")
    two.press("Otto", ask.buttons[0].token)
    assert listed(two, "Sue") == []
    with pytest.raises(NexusError):
        two.press("Sue", token(two, "Sue", "Link them"))
    assert mo_sees(two) == set()


def test_what_is_there_is_not_proposed_again(two: World) -> None:
    two.do("Otto", "link.propose", other="Square")
    for who, other in (("Otto", "Square"), ("Sue", "Parser")):
        assert "waits for an answer" in refused(two, who, "link.propose", other=other).message
    two.do("Sue", "link.accept", link="Parser")
    assert "linked already" in refused(two, "Otto", "link.propose", other="Square").message
    assert isinstance(refused(two, "Otto", "link.propose", other="Parser"), BadInput)


def test_nobody_accepts_for_the_other_side(two: World) -> None:
    two.do("Otto", "link.propose", other="Square")
    assert "the other side has to say yes" in refused(two, "Otto", "link.accept", link="Square").message
    assert isinstance(refused(two, "Mo", "link.accept", link="Parser"), NotAllowed)
    assert isinstance(refused(two, "Hal", "link.accept", link="Parser"), NotFound)
    link_id = two.read(lambda unit: unit.value(select(nexus_link.c.id)))
    assert isinstance(refused(two, "Hal", "link.accept", link=f"={link_id}"), NotFound)
    assert isinstance(refused(two, "Hal", "link.end", link=f"={link_id}"), NotFound)


def test_who_is_both_is_asked_on_each_side(two: World) -> None:
    two.join("Otto", "Square", "steward", here=False)
    two.do("Otto", "link.propose", other="Square")
    assert len(told(two, "Otto")) == 1
    two.press("Otto", token(two, "Otto", "Link them"))
    assert listed(two, "Otto") == [("Square", "since 1 Jan 2026")]
    assert listed(two, "Otto", nexus="Square") == [("Parser", "since 1 Jan 2026")]


def test_members_hear_of_links_only_what_they_may_know(two: World) -> None:
    two.nexus("Secret", owner="Sid", door="private")
    two.do("Sid", "link.propose", other="Square")
    two.do("Sue", "link.accept", link="Secret")
    assert listed(two, "Sue") == [("Secret", "since 1 Jan 2026")]
    assert listed(two, "Mo") == []
    there = Audience(AudienceKind.MEMBERS, nexus_id=two.nexuses["Square"].id)
    assert listed(two, "Sue", at={"audience": there}) == []
    assert listed(two, "Sue", at={"audience": PUBLIC}) == []
