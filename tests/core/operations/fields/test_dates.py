"""Days as people type them. Today is Wednesday, 14 January 2026."""

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.operations.fields import Date
from core.operations.fields.time import read_date

TODAY = date(2026, 1, 14)
CONTEXT = SimpleNamespace(now=1_768_392_000_000)  # noon of that day, UTC


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", (2026, 1, 14)), ("tonight", (2026, 1, 14)), ("Tomorrow.", (2026, 1, 15)), ("friday", (2026, 1, 16)),
        ("on Friday", (2026, 1, 16)), ("fri", (2026, 1, 16)), ("this friday", (2026, 1, 16)),
        ("wednesday", (2026, 1, 21)),
        ("next friday", (2026, 1, 23)), ("next monday", (2026, 1, 19)), ("by sunday", (2026, 1, 18)),
        ("2026-12-03", (2026, 12, 3)), ("3 Dec", (2026, 12, 3)), ("3rd of December", (2026, 12, 3)),
        ("December 3rd", (2026, 12, 3)), ("Dec 3, 2027", (2027, 12, 3)), ("sept 9", (2026, 9, 9)),
        ("13 jan", (2027, 1, 13)),
        ("14 jan", (2026, 1, 14)), ("29 feb 2028", (2028, 2, 29)), ("may 5", (2026, 5, 5)),
    ],
)  # fmt: skip
def test_days(text: str, day: tuple[int, int, int]) -> None:
    assert read_date(text, TODAY) == date(*day)
    assert Date("the day").resolve(Date("the day").read(text), CONTEXT) == date(*day)


@pytest.mark.parametrize(
    "text", ["3/4", "03.04.2026", "someday", "may", "30 feb", "decade 3", "marble 4", "0000-01-01", "2026-13-01", "m"]
)
def test_what_is_no_day(text: str) -> None:
    assert read_date(text, TODAY) is None
    with pytest.raises(BadInput, match=r"2026-12-03"):
        Date("the day").resolve(text, CONTEXT)


def test_a_day_that_has_passed_is_refused() -> None:
    with pytest.raises(BadInput, match="in the past"):
        Date("the day").resolve("2020-01-01", CONTEXT)


@given(st.text())
def test_any_text_is_a_day_or_bad_input(text: str) -> None:
    field = Date("the day")
    try:
        day = field.resolve(field.read(text), CONTEXT)
    except BadInput:
        return
    assert field.resolve(field.freeze(day), CONTEXT) == day
