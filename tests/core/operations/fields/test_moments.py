"""A moment to come: what people type, what is asked because it is doubtful, and what is no moment."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.clock import DAY, HOUR, MINUTE
from core.errors import BadInput
from core.operations.fields.moment import FURTHEST, Moment, read_moment, show_moment

NOW = int(datetime(2026, 11, 25, 15, 30, 20, tzinfo=UTC).timestamp() * 1000)  # a Wednesday
MOMENT = Moment("when")
READ = """
thursday 15:00                       | Thu 26 Nov 2026, 15:00 UTC
Thursday, 15:00                      | Thu 26 Nov 2026, 15:00 UTC
THU 3PM                              | Thu 26 Nov 2026, 15:00 UTC
15:00 on Thursday                    | Thu 26 Nov 2026, 15:00 UTC
thursday 15:00 UTC                   | Thu 26 Nov 2026, 15:00 UTC
thursday 15:00Z                      | Thu 26 Nov 2026, 15:00 UTC
thursday 15:00 UTC+2                 | Thu 26 Nov 2026, 13:00 UTC
thursday 15:00 utc+05:30             | Thu 26 Nov 2026, 09:30 UTC
thursday 3pm gmt-5                   | Thu 26 Nov 2026, 20:00 UTC
thursday 1am utc+3                   | Wed 25 Nov 2026, 22:00 UTC
tomorrow at 3pm                      | Thu 26 Nov 2026, 15:00 UTC
tomorrow at 3 p.m.                   | Thu 26 Nov 2026, 15:00 UTC
tomorrow at 3:05 pm                  | Thu 26 Nov 2026, 15:05 UTC
at 10:00 tomorrow                    | Thu 26 Nov 2026, 10:00 UTC
tomorrow morning at 9                | Thu 26 Nov 2026, 09:00 UTC
tomorrow at 9 in the morning         | Thu 26 Nov 2026, 09:00 UTC
day after tomorrow 10:00             | Fri 27 Nov 2026, 10:00 UTC
3 Dec 14:30                          | Thu 3 Dec 2026, 14:30 UTC
Dec 3, 2:30pm                        | Thu 3 Dec 2026, 14:30 UTC
3rd of December at 9am               | Thu 3 Dec 2026, 09:00 UTC
on the 3rd of december at 15:00      | Thu 3 Dec 2026, 15:00 UTC
3 Jan 14:30                          | Sun 3 Jan 2027, 14:30 UTC
2026-12-03 15:00                     | Thu 3 Dec 2026, 15:00 UTC
2026-12-03T15:00                     | Thu 3 Dec 2026, 15:00 UTC
2026-12-03T15:00:00Z                 | Thu 3 Dec 2026, 15:00 UTC
2026-12-03T15:00+02:00               | Thu 3 Dec 2026, 13:00 UTC
in 2 hours                           | Wed 25 Nov 2026, 17:31 UTC
in 90 minutes                        | Wed 25 Nov 2026, 17:01 UTC
in half an hour                      | Wed 25 Nov 2026, 16:01 UTC
in 1h30                              | Wed 25 Nov 2026, 17:01 UTC
in two weeks at 15:00                | Wed 9 Dec 2026, 15:00 UTC
in 3 days at noon                    | Sat 28 Nov 2026, 12:00 UTC
tonight at 8                         | Wed 25 Nov 2026, 20:00 UTC
tonight 20:00                        | Wed 25 Nov 2026, 20:00 UTC
friday afternoon 3:30                | Fri 27 Nov 2026, 15:30 UTC
friday evening at 7                  | Fri 27 Nov 2026, 19:00 UTC
noon on friday                       | Fri 27 Nov 2026, 12:00 UTC
friday midday                        | Fri 27 Nov 2026, 12:00 UTC
next friday 9am                      | Fri 4 Dec 2026, 09:00 UTC
this friday 10:00                    | Fri 27 Nov 2026, 10:00 UTC
friday 15h                           | Fri 27 Nov 2026, 15:00 UTC
friday 15h30                         | Fri 27 Nov 2026, 15:30 UTC
friday 9h                            | Fri 27 Nov 2026, 09:00 UTC
friday 9 Uhr                         | Fri 27 Nov 2026, 09:00 UTC
friday at 15                         | Fri 27 Nov 2026, 15:00 UTC
friday at 09                         | Fri 27 Nov 2026, 09:00 UTC
friday @ 15:00                       | Fri 27 Nov 2026, 15:00 UTC
friday 12am                          | Fri 27 Nov 2026, 00:00 UTC
friday 12pm                          | Fri 27 Nov 2026, 12:00 UTC
friday 00:00                         | Fri 27 Nov 2026, 00:00 UTC
friday 09:00                         | Fri 27 Nov 2026, 09:00 UTC
friday 12:30                         | Fri 27 Nov 2026, 12:30 UTC
friday 3.30pm                        | Fri 27 Nov 2026, 15:30 UTC
friday 15:00pm                       | Fri 27 Nov 2026, 15:00 UTC
friday 15:00.                        | Fri 27 Nov 2026, 15:00 UTC
16:00                                | Wed 25 Nov 2026, 16:00 UTC
at 16:00                             | Wed 25 Nov 2026, 16:00 UTC
4:30pm                               | Wed 25 Nov 2026, 16:30 UTC
today 15:45                          | Wed 25 Nov 2026, 15:45 UTC
wednesday 10:00                      | Wed 2 Dec 2026, 10:00 UTC
2027-11-24 10:00                     | Wed 24 Nov 2027, 10:00 UTC
"""
ASKED = """
thursday                             | At what time? Say “thursday 15:00”, for example (UTC).
3 Dec                                | At what time? Say “3 Dec 15:00”, for example (UTC).
in 3 days                            | At what time? Say “in 3 days 15:00”, for example (UTC).
thursday at 3                        | 3 can be 03:00 or 15:00. Which one do you mean?
friday 3:30                          | 3:30 can be 03:30 or 15:30. Which one do you mean?
friday 9 o'clock                     | 9 o'clock can be 09:00 or 21:00. Which one do you mean?
friday at 12                         | 12 can be 00:00 or 12:00. Which one do you mean?
at 3                                 | 3 can be 03:00 or 15:00. Which one do you mean?
15:00                                | 15:00 is over for today. Which day do you mean?
wednesday 18:00                      | Today is Wednesday. Do you mean “today 18:00” or “2 Dec 18:00”?
midnight friday                      | Midnight belongs to two days. Please say 00:00 with the day that begins then.
friday 15:00 CET                     | So far I know times in UTC.
friday 3pm EST                       | So far I know times in UTC.
friday 15:00 berlin time             | So far I know times in UTC.
friday 15:00 my time                 | So far I know times in UTC.
friday from 15:00 to 16:00           | friday from 15:00 to 16:00 names two times.
today 10:00                          | today 10:00 is in the past.
2020-01-01 10:00                     | 2020-01-01 10:00 is in the past.
2030-01-01 10:00                     | 2030-01-01 10:00 is more than a year away
2027-11-28 10:00                     | 2027-11-28 10:00 is more than a year away
"""
NO_MOMENT = """
doomsday 15:00 | 3/4 15:00 | 3.12. 15:00 | 15:00-16:00 friday | friday 25:00 | friday 15:60 | friday 13am | friday 0pm
friday 15:00 in the morning | friday 1500 | friday half past three | yesterday 15:00 | monday tuesday 15:00 | in 0h
in 500 days at 10:00 | in 2h and then | friday 15:00:30 | friday 15:00 utc+15 | friday 3 | 15 | at | whenever you like
30 Feb 2027 10:00 | friday 1:5 | friday １５:00 | noonday friday
"""


def _table(text: str) -> list[tuple[str, str]]:
    rows = (line.partition("|") for line in text.strip().splitlines())
    return [(typed.strip(), meant.strip()) for typed, _, meant in rows]


@pytest.mark.parametrize(("typed", "shown"), _table(READ))
def test_moments(typed: str, shown: str) -> None:
    context = SimpleNamespace(now=NOW)
    found = MOMENT.resolve(MOMENT.read(typed), context)
    assert MOMENT.show(found) == show_moment(found) == shown
    later = SimpleNamespace(now=NOW + 10 * MINUTE)
    assert MOMENT.resolve(MOMENT.read(MOMENT.freeze(found)), later) == found


@pytest.mark.parametrize(("typed", "question"), _table(ASKED))
def test_what_is_doubtful_is_asked(typed: str, question: str) -> None:
    with pytest.raises(BadInput) as asked:
        read_moment(typed, NOW)
    assert asked.value.message.startswith(question)
    whole = question.startswith(("So far", "friday from"))
    assert asked.value.code == ("bad_moment" if whole else "doubtful_moment")


@pytest.mark.parametrize("typed", [one.strip() for line in NO_MOMENT.strip().splitlines() for one in line.split("|")])
def test_what_is_no_moment_is_refused(typed: str) -> None:
    with pytest.raises(BadInput) as refusal:
        read_moment(typed, NOW)
    assert refusal.value.code == "bad_moment"


def test_a_frozen_moment_that_has_passed_is_none_any_more() -> None:
    frozen = MOMENT.freeze(read_moment("in 1 hour", NOW))
    with pytest.raises(BadInput, match="in the past"):
        MOMENT.resolve(frozen, SimpleNamespace(now=NOW + 2 * HOUR))


_WORDS = st.sampled_from(
    "thursday wed today tomorrow tonight next in at on the 3 12 15 3rd dec december 2026-12-03 15:00 3:00 9am 3 pm h "
    "utc utc+2 gmt z noon midnight morning afternoon two weeks hours days , . - : + o'clock 15h30 cet time".split()
)


@given(st.one_of(st.lists(_WORDS, max_size=6).map(" ".join), st.text(max_size=40)), st.integers(0, 400 * DAY))
@example("thursday at 3 in the morning", 0)
@example("tonight at 12", 0)
@example("2026-12-03t15:00", 0)
@example("9" * 50 + ":00", 0)
def test_whatever_is_typed_gives_a_moment_to_come_or_bad_input(text: str, later: int) -> None:
    now = NOW + later
    refusal: BadInput | None = None
    try:
        found = read_moment(text, now)
    except BadInput as error:
        refusal = error
    if refusal is not None:
        assert refusal.may_retry
        assert 0 < len(refusal.message) < 500
        return
    assert now < found <= now + FURTHEST
    assert found % MINUTE == 0
    assert read_moment(MOMENT.freeze(found), now) == found
    assert show_moment(found).endswith("UTC")
