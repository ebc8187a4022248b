"""Words as they came in, made harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import clean, clean_line


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  hello  ", "hello"),
        ("two\r\nlines\rhere", "two\nlines\nhere"),
        ("tab\tis a space", "tab is a space"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("\u202eevil\u202c", "evil"),  # turns text around
        ("Ana\u200b", "Ana"),  # looks like another name
        ("a\U000e0041\U000e0042b", "ab"),  # words hidden in tags
        ("\ud800lone", "lone"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # Persian needs it
        ("👩\u200d🔧", "👩\u200d🔧"),
        ("🫨", "🫨"),  # newer than some Pythons
        ("e\u0301", "é"),
        ("a\u200b\u0301", "á"),
        ("\u200d\n\u200c", ""),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@given(st.text())
def test_cleaning_is_idempotent_and_what_stays_can_be_stored(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert "\x00" not in once
    once.encode()
    line = clean_line(text, 10)
    assert clean_line(line, 10) == line
    assert len(line) <= 10
    assert "\n" not in line
