"""Expressions of people are bounded, or refused with a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.moderation.signals.patterns import matches, safe_pattern
from core.moderation.text.reading import read


@pytest.mark.parametrize(
    ("expression", "because"),
    [
        ("(a+)+b", "repeat inside a repeat"),
        ("(?:a*)*", "repeat inside a repeat"),
        ("(a|aa)+b", "choice inside a repeat"),
        (r"(\w{1,20}){5}", "repeat inside a repeat"),
        (r"(a)\1", "References back"),
        ("(", "cannot read"),
        ("a{5,2}", "cannot read"),
        ("", "empty"),
        ("a" * 201, "too long"),
        (".*.*.*x", "very long"),
        ("a?" * 40 + "b", "very long"),
        ("a{0,100000}", "very long"),
    ],
)
def test_what_could_run_for_ages_is_refused(expression: str, because: str) -> None:
    with pytest.raises(BadInput, match=because):
        safe_pattern(expression)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (r"free\s+nitro", "FREE   nitro"),
        (r"\bnitro\b.*gift", "nitro as a gift"),
        ("[+*]{2}", "a ++ b"),
        (r"a\+b", "a+b"),
        ("(cheap|free) (pills|meds)", "cheap meds"),
        (r"\$\d{3,}", "$1000"),
    ],
)
def test_what_is_taken_matches(expression: str, text: str) -> None:
    assert matches(safe_pattern(expression), read(text))


@given(st.text(alphabet="ab.*+?()[]{}|\\1,2^$", max_size=30), st.text(alphabet="ab12,", max_size=200))
def test_any_expression_is_taken_or_refused(expression: str, text: str) -> None:
    try:
        pattern = safe_pattern(expression)
    except BadInput:
        return
    assert matches(pattern, read(text)) in (True, False)
