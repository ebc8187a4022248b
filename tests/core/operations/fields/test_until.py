"""The end of something: a day to its end, or a length of time from now."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from core.clock import DAY, HOUR
from core.errors import BadInput
from core.operations.fields import Until, read_until, show_until

NOW = int(datetime(2026, 11, 25, 15, 30, tzinfo=UTC).timestamp() * 1000)  # a Wednesday
MIDNIGHT = NOW - 15 * HOUR - HOUR // 2
UNTIL = Until("until when")


@pytest.mark.parametrize(
    ("text", "moment", "shown"),
    [
        ("today", MIDNIGHT + DAY, "25 Nov 2026"),
        ("friday", MIDNIGHT + 3 * DAY, "27 Nov 2026"),
        ("3 Dec", MIDNIGHT + 9 * DAY, "3 Dec 2026"),
        ("2026-12-03", MIDNIGHT + 9 * DAY, "3 Dec 2026"),
        ("for two days", NOW + 2 * DAY, "27 Nov 2026 15:30"),
        ("12h", NOW + 12 * HOUR, "26 Nov 2026 03:30"),
    ],
)
def test_ends(text: str, moment: int, shown: str) -> None:
    context = SimpleNamespace(now=NOW)
    found = UNTIL.resolve(UNTIL.read(text), context)
    assert found == moment
    assert UNTIL.show(found) == show_until(found) == shown
    later = SimpleNamespace(now=NOW + HOUR)
    assert UNTIL.resolve(UNTIL.read(UNTIL.freeze(found)), later) == moment


@pytest.mark.parametrize("text", ["doomsday", "3/4", "2020-01-01", "30 years", "9999-12-31", "0h"])
def test_what_is_no_end_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_until(text, NOW)
