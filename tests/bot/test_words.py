"""Words are filled in after translation, and never fail."""

from __future__ import annotations

from bot.words import Words
from core.errors import BadInput


def test_a_template_is_filled_in() -> None:
    assert Words()("Let {person} into {nexus}?", person="Ana", nexus="Home") == "Let Ana into Home?"


def test_a_value_that_is_missing_is_left_out() -> None:
    assert Words()("Hello {name}.") == "Hello ."
    assert Words()("") == ""


def test_values_are_never_read_as_templates() -> None:
    assert Words()("{a}", a="{b} %s {0}") == "{b} %s {0}"


def test_an_unknown_language_speaks_english() -> None:
    assert Words("xx-YY")("Yes") == "Yes"
    assert Words("")("Yes") == "Yes"
    assert Words("de-AT").language == "de"


def test_a_refusal_without_data_may_hold_braces() -> None:
    assert Words().error(BadInput("Try {this}.")) == "Try {this}."


def test_links_come_from_the_platforms() -> None:
    assert Words().links("CODE") == []
    assert Words("en", lambda code: [f"https://x.example/{code}"]).links("CODE") == ["https://x.example/CODE"]
