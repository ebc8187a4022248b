"""Spans of time as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import DAY, HOUR
from core.counts.since import CALENDAR, Since, read_since, span_of
from core.errors import BadInput

NOW = 1_768_480_200_000  # Thursday, 2026-01-15 12:30 UTC
MIDNIGHT = NOW - 12 * HOUR - 30 * 60_000


@pytest.mark.parametrize(
    ("typed", "canonical", "start"),
    [
        ("today", "today", MIDNIGHT),
        ("This Week", "this week", MIDNIGHT - 3 * DAY),
        ("since this month", "this month", MIDNIGHT - 14 * DAY),
        ("this year?", "this year", MIDNIGHT - 14 * DAY),
        ("30 days", "30d", NOW - 30 * DAY),
        ("the last month", "30d", NOW - 30 * DAY),
        ("in the past two weeks", "14d", NOW - 14 * DAY),
        ("last 36 hours", "1d12h", NOW - 36 * HOUR),
    ],
)
def test_spans(typed: str, canonical: str, start: int) -> None:
    field = Since("since when")
    assert field.read(typed) == canonical
    span = span_of(canonical, NOW)
    assert span.start == start
    assert field.read(field.freeze(span)) == canonical
    assert field.read(span.said) == canonical


@pytest.mark.parametrize("typed", ["", "yesterday's lunch", "5 years", "this", "0 days", "the last", "next month"])
def test_what_is_none(typed: str) -> None:
    with pytest.raises(BadInput):
        Since("since when").read(typed)


@given(st.integers(0, 4_000_000_000_000), st.sampled_from(CALENDAR))
def test_calendar_spans_begin_in_the_past_and_not_long_ago(now: int, typed: str) -> None:
    assert 0 <= now - span_of(typed, now).start < 367 * DAY


@given(st.text(max_size=30))
def test_anything_is_read_or_refused(text: str) -> None:
    found = read_since(text)
    assert found is None or read_since(found) == found
