"""Buttons: for the right person, once, for a while; anything else does nothing."""

from typing import Any

import pytest
from sqlalchemy import delete, select, update

from core.buttons import buttons
from core.buttons.buttons import Choice, offer, press
from core.buttons.tables import button
from core.clock import DAY
from core.errors import Conflict, NexusError, NotAllowed
from core.ids import new_token
from core.operations import Origin
from core.operations.run import Ask, Dismissed, Done
from tests.core.nexuses.test_tree import together
from tests.world import World

TALK = {"origin": Origin.TALK}


@pytest.fixture
def world(world: World) -> World:
    world.nexus("Parser", owner="Ana")
    world.join("Ben", "Parser")
    return world


@pytest.fixture
def card(world: World) -> Ask:
    asked = world.call("Ben", "need.post", text="a purple desk", at=TALK)
    assert isinstance(asked, Ask)
    return asked


def needs(world: World) -> int:
    return len(world.do("Ben", "need.list").items)


def refused(world: World, who: str, token: str) -> str:
    world.person(who)
    before = world.dump()
    with pytest.raises(NexusError) as refusal:
        world.press(who, token)
    assert world.dump() == before
    return refusal.value.code


def test_the_right_person_once(world: World, card: Ask) -> None:
    yes, no = (b.token for b in card.buttons)
    assert refused(world, "Ana", yes) == "foreign_button"
    assert refused(world, "Eve", no) == "foreign_button"
    assert isinstance(world.press("Ben", yes), Done)
    assert needs(world) == 1
    assert refused(world, "Ben", yes) == "used_button"
    assert refused(world, "Ben", no) == "used_button"
    assert needs(world) == 1


def test_a_dismissed_card_is_closed(world: World, card: Ask) -> None:
    yes, no = (b.token for b in card.buttons)
    assert isinstance(world.press("Ben", no), Dismissed)
    assert refused(world, "Ben", yes) == "used_button"
    assert needs(world) == 0


def test_forged_tokens_do_nothing(world: World, card: Ask) -> None:
    yes = card.buttons[0].token
    digest = world.read(lambda unit: unit.value(select(button.c.digest)))
    for token in ("", "x", new_token(), yes[:-1], yes + "A", yes.swapcase(), digest.hex(), "\x00", "x" * 10_000):
        assert refused(world, "Ben", token) == "unknown_button"


def test_a_button_runs_out(world: World, card: Ask) -> None:
    world.clock.advance(DAY - 1)
    other = world.call("Ben", "need.post", text="a desk", at=TALK)
    assert isinstance(other, Ask)
    world.clock.advance(1)
    assert refused(world, "Ben", card.buttons[0].token) == "expired_button"
    assert isinstance(world.press("Ben", other.buttons[0].token), Done)


def test_a_failure_leaves_the_button_as_it_was(world: World) -> None:
    asked = world.call("Ana", "role.grant", person="Ben", role="steward", at=TALK)
    assert isinstance(asked, Ask)
    world.suspend("Ana", "Parser")
    assert refused(world, "Ana", asked.buttons[0].token) in ("not_allowed", "not_found")
    world.nexus("Elsewhere", owner="Ben")
    world.join("Ana", "Home", "owner", here=False)
    assert isinstance(world.press("Ana", asked.buttons[0].token), Done)


def test_a_press_has_the_rights_of_that_moment(world: World, card: Ask) -> None:
    world.do("Ana", "role.revoke", person="Ben", role="member")
    assert refused(world, "Ben", card.buttons[0].token) == "not_allowed"


def test_the_same_press_delivered_twice_has_one_effect(world: World, card: Ask) -> None:
    world.press("Ben", card.buttons[0].token, at={"key": "e1"})
    with pytest.raises(Conflict):
        world.press("Ben", card.buttons[0].token, at={"key": "e1"})
    assert needs(world) == 1


def test_rows_hold_neither_tokens_nor_words(world: World, card: Ask) -> None:
    stored = repr(world.dump())
    assert "purple" not in stored
    for one in card.buttons:
        assert one.token not in stored


def test_a_button_for_anyone_is_for_whoever_may(world: World) -> None:
    def open_to_all(unit: Any) -> str:
        choice = Choice("Post", "need.post", {"text": "a desk"})
        return offer(unit, [choice], person_id=0, nexus_id=world.nexuses["Parser"].id)[0].token

    token = world.write(open_to_all)
    assert refused(world, "Eve", token) == "not_allowed"
    assert isinstance(world.press("Ana", token), Done)
    assert refused(world, "Ben", token) == "used_button"


def test_a_button_that_only_says_what_was_meant_still_asks(world: World) -> None:
    def meant(unit: Any) -> str:
        choice = Choice("A need", "need.post", {"text": "a desk"}, asks=True)
        return offer(unit, [choice], person_id=world.id_of("Ben"), nexus_id=world.nexuses["Parser"].id)[0].token

    asked = world.press("Ben", world.write(meant))
    assert isinstance(asked, Ask)
    assert needs(world) == 0
    world.press("Ben", asked.buttons[0].token)
    assert needs(world) == 1


def test_a_button_of_an_operation_that_is_gone_is_refused(world: World) -> None:
    def gone(unit: Any) -> str:
        return offer(unit, [Choice("Old", "thing.gone")], person_id=world.id_of("Ben"), nexus_id=1)[0].token

    assert refused(world, "Ben", world.write(gone)) == "bad_input"


def test_whose_row_was_tampered_with_opens_nothing_of_others(world: World, card: Ask) -> None:
    other = world.call("Ben", "need.post", text="another", at=TALK)
    assert isinstance(other, Ask)
    rows = world.read(lambda unit: [dict(r) for r in unit.rows(select(button).where(button.c.operation != ""))])
    swap = dict(zip([r["digest"] for r in rows], [r["arguments"] for r in reversed(rows)], strict=True))

    def unit(unit: Any) -> None:
        for digest, arguments in swap.items():
            unit.execute(update(button).where(button.c.digest == digest).values(arguments=arguments))

    world.write(unit)
    with pytest.raises(Exception):  # noqa: B017 - whatever it is, nothing is posted
        world.press("Ben", card.buttons[0].token)
    assert needs(world) == 0


def test_old_ones_are_forgotten(world: World, card: Ask) -> None:
    world.clock.advance(8 * DAY)
    assert world.write(buttons.forget_old) == 0
    world.clock.advance(1)
    assert world.write(buttons.forget_old) == 2
    assert refused(world, "Ben", card.buttons[0].token) == "unknown_button"


@pytest.mark.parametrize("engine", ["postgres"])
def test_presses_at_the_same_moment_have_one_effect(world: World) -> None:
    for round_ in range(5):
        world.write(lambda unit: unit.execute(delete(button)) and None)
        asked = world.call("Ben", "need.post", text=f"need {round_}", at=TALK)
        assert isinstance(asked, Ask)

        def go(token: str) -> str:
            try:
                return type(world.press("Ben", token)).__name__
            except NexusError as error:
                return error.code

        tokens = [b.token for b in asked.buttons]
        results = together(*(lambda t=t: go(t) for t in [*tokens, *tokens, tokens[0]]))
        assert sorted(results, key=lambda r: r == "used_button")[1:] == ["used_button"] * 4
    assert needs(world) <= 5


def test_press_and_offer_by_hand(world: World) -> None:
    ben = world.id_of("Ben")

    def unit(unit: Any) -> None:
        made = offer(unit, [Choice("A", "a.b", {"x": ["ü", 1, None]}), Choice("No")], person_id=ben, nexus_id=7)
        assert [b.label for b in made] == ["A", "No"]
        with pytest.raises(NotAllowed):
            press(unit, made[0].token, ben + 1)
        pressed = press(unit, made[0].token, ben)
        assert (pressed.operation, pressed.arguments, pressed.nexus_id) == ("a.b", {"x": ["ü", 1, None]}, 7)
        assert pressed.confirms

    world.write(unit)
