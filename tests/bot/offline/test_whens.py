"""Periods and ends as they stand in sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cofounder.offline.whens import KINDS, whens
from bot.cofounder.offline.words import split


def found(kind: str, sentence: str) -> list[str]:
    return [one.value for one in whens(kind, sentence, split(sentence), lambda _: False)]


@pytest.mark.parametrize(
    ("kind", "sentence", "expected"),
    [
        ("period", "set the budget to 3000 EUR for 2027", ["2027"]),
        ("period", "our plan for next quarter is 900 EUR", ["next quarter"]),
        ("period", "may we budget 900 EUR?", []),
        ("until", "I pledge 50 EUR by friday", ["friday"]),
        ("until", "I pledge 50 EUR for two weeks", []),
    ],
)
def test_as_they_were_typed(kind: str, sentence: str, expected: list[str]) -> None:
    assert found(kind, sentence) == expected


def test_what_is_taken_is_no_period() -> None:
    sentence = "plan 900 EUR for 2027"
    words = split(sentence)
    assert whens("period", sentence, words, lambda i: words[i].norm == "2027") == []


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=120))
def test_whatever_is_typed_it_stands_in_the_sentence(kind: str, sentence: str) -> None:
    assert all(one in sentence for one in found(kind, sentence))
