"""Periods and past days as people type them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from core.clock import DAY, as_datetime
from core.funds.period import PeriodField, exactly, read_period
from core.operations.fields.past import read_past

NOW = int(datetime(2026, 11, 25, 5, tzinfo=UTC).timestamp() * 1000)
TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "ahead", "said"),
    [
        ("this month", True, "November 2026"),
        ("in the last month", False, "October 2026"),
        ("next quarter", True, "Q1 2027"),
        ("last quarter", False, "Q3 2026"),
        ("2027", True, "2027"),
        ("the year 2025", False, "2025"),
        ("Q1 2027", True, "Q1 2027"),
        ("2027-Q1", True, "Q1 2027"),
        ("q1", True, "Q1 2027"),
        ("q1", False, "Q1 2026"),
        ("march", True, "March 2027"),
        ("in March", False, "March 2026"),
        ("november", True, "November 2026"),
        ("sept", False, "September 2026"),
        ("Oct 2025", False, "October 2025"),
        ("2026-10", False, "October 2026"),
        ("this week", False, "23 Nov 2026 to 29 Nov 2026"),
        ("today", False, "25 Nov 2026"),
        ("the last 30 days", False, "the last 30 days"),
        ("ever", False, "so far"),
    ],
)
def test_periods(text: str, ahead: bool, said: str) -> None:
    found = read_period(text, NOW, ahead=ahead)
    assert found is not None
    assert found.said == said
    field = PeriodField("the time", ahead=ahead)
    again = read_period(field.read(field.freeze(found)), NOW, ahead=ahead)
    assert again is not None
    assert (again.start, again.end) == (found.start, found.end)


@pytest.mark.parametrize(
    "text", ["", "soon", "30", "1 hour", "q5", "2026-13", "12..3", "marchish", "99999999999999..1"]
)
def test_what_is_none(text: str) -> None:
    assert read_period(text, NOW, ahead=False) is None


def test_a_year_is_its_months() -> None:
    read = [read_period(f"2024-{month:02}", NOW, ahead=False) for month in range(1, 13)]
    months = [one for one in read if one is not None]
    assert len(months) == 12
    assert all(one.end == other.start for one, other in pairwise(months))
    assert exactly(months[0].start, months[-1].end).said == "2024"
    assert months[-1].end - months[0].start == 366 * DAY
    assert as_datetime(months[0].start).hour == 0


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-11-25"),
        ("yesterday", "2026-11-24"),
        ("3 days ago", "2026-11-22"),
        ("last friday", "2026-11-20"),
        ("on friday", "2026-11-20"),
        ("wednesday", "2026-11-25"),
        ("3 Dec", "2025-12-03"),
        ("nov 25", "2026-11-25"),
        ("03.11.2026", "2026-11-03"),
        ("2026-11-03", "2026-11-03"),
        ("dec 3 2026", "2026-12-03"),  # to come: the field says so
        ("3/4", ""),
        ("tomorrow", ""),
        ("next friday", ""),
        ("29 feb", ""),
        ("soon", ""),
    ],
)
def test_days_that_are_over(text: str, day: str) -> None:
    found = read_past(text, TODAY)
    assert (found.isoformat() if found else "") == day
