"""Which button a line presses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Button, ButtonStyle
from adapters.terminal.choices import Choices, Pressed, Unclear

YES = Button("Yes, post it", "yes", ButtonStyle.PRIMARY)
NO = Button("Not now", "no")
LATER = Button("Later", "later")
UNDO = Button("Undo", "undo")


def asked(*buttons: Button) -> Choices:
    choices = Choices()
    choices.offer("ana", "m1", buttons)
    return choices


@pytest.mark.parametrize(
    ("line", "token"),
    [
        ("1", "yes"),
        ("[2]", "no"),
        ("2", "no"),
        ("yes", "yes"),
        ("Y", "yes"),
        ("n", "no"),
        ("No.", "no"),
        ("yes post it", "yes"),
        ("NOT NOW!", "no"),
    ],
)
def test_a_number_a_label_or_a_plain_yes_or_no_presses(line: str, token: str) -> None:
    assert asked(YES, NO).find("ana", line) == Pressed("m1", token)


@pytest.mark.parametrize("line", ["3", "0", "1 of them", "yes please", "yes?", "", "²", "why", "-1"])
def test_anything_else_presses_nothing(line: str) -> None:
    assert asked(YES, NO).find("ana", line) is None


def test_no_is_asked_back_when_two_choices_could_be_meant() -> None:
    assert asked(YES, NO, LATER).find("ana", "no") == Unclear()
    assert asked(YES, NO, LATER).find("ana", "yes") == Pressed("m1", "yes")


def test_yes_and_no_mean_nothing_to_a_card_without_an_expected_choice() -> None:
    assert asked(UNDO).find("ana", "no") is None
    assert asked(UNDO, LATER).find("ana", "yes") is None


def test_a_choice_belongs_to_the_person_who_was_asked() -> None:
    assert asked(YES, NO).find("tom", "1") is None


def test_cards_of_one_turn_count_on_and_yes_is_asked_back() -> None:
    choices = asked(YES, NO)
    assert choices.offer("ana", "m2", (YES, NO)) == range(3, 5)
    assert choices.find("ana", "3") == Pressed("m2", "yes")
    assert choices.find("ana", "1") == Pressed("m1", "yes")
    assert choices.find("ana", "yes") == Unclear()
    assert choices.find("ana", "not now") == Unclear()


def test_a_card_stands_while_other_things_are_said_but_yes_no_longer_means_it() -> None:
    choices = asked(YES, NO)
    choices.spoke("ana")
    assert choices.find("ana", "1") == Pressed("m1", "yes")
    assert choices.find("ana", "yes, post it") == Pressed("m1", "yes")
    assert choices.find("ana", "yes") is None


def test_a_newer_card_takes_the_numbers_over() -> None:
    choices = asked(YES, NO, LATER)
    choices.spoke("ana")
    assert choices.offer("ana", "m2", (UNDO,)) == range(1, 2)
    assert choices.find("ana", "1") == Pressed("m2", "undo")
    assert choices.find("ana", "3") is None


def test_a_pressed_card_is_gone_and_its_neighbour_stands() -> None:
    choices = asked(YES, NO)
    choices.offer("ana", "m2", (YES, NO))
    choices.withdraw("ana", "m1")
    choices.spoke("ana")
    assert choices.find("ana", "1") is None
    assert choices.standing("ana") == [(3, YES), (4, NO)]


def test_an_edited_card_keeps_its_numbers_until_its_buttons_change() -> None:
    choices = asked(YES, NO)
    choices.spoke("ana")
    assert choices.offer("ana", "m1", (YES, NO)) == range(1, 3)
    assert choices.offer("ana", "m1", (LATER,)) == range(1, 2)
    assert choices.offer("ana", "m1", ()) == range(0)
    assert choices.standing("ana") == []


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=30))
def test_a_number_always_means_the_newest_card_that_showed_it(steps: list[tuple[int, int]]) -> None:
    choices, newest = Choices(), dict[int, str]()
    for turn, (speaks, count) in enumerate(steps):
        if not speaks:
            choices.spoke("ana")
        buttons = [Button(f"b{turn} {n}", f"{turn}.{n}") for n in range(count)]
        for number, button in zip(choices.offer("ana", f"m{turn}", buttons), buttons, strict=True):
            newest[number] = button.token
    standing = choices.standing("ana")
    assert len({number for number, _ in standing}) == len(standing)
    for number, button in standing:
        assert newest[number] == button.token
        pressed = choices.find("ana", str(number))
        assert isinstance(pressed, Pressed)
        assert pressed.token == button.token
