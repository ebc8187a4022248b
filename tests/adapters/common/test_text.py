"""Texts without what no platform takes, and their length."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.common.text import clean, legible, utf16_units


def test_what_no_platform_takes_is_taken_out() -> None:
    assert clean("a\x00b\ud800c\r\nd") == "a b\N{REPLACEMENT CHARACTER}c\nd"


@given(st.text(alphabet=st.characters(), max_size=60))
def test_a_legible_text_can_be_sent_and_is_as_long(text: str) -> None:
    shown = legible(text)
    shown.encode()  # no half of a surrogate pair
    assert utf16_units(shown) == utf16_units(text)


def test_lengths_are_utf16_units() -> None:
    assert utf16_units("") == 0
    assert utf16_units("a🎉é") == 4
