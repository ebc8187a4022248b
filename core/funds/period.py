"""A period as people type it: `this month`, `last quarter`, `2027`, `Q1 2027`, `March`, `the last 30 days`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.clock import DAY, as_datetime, show_day
from core.errors import N_, BadInput
from core.operations.fields import Field, read_duration, say_duration
from core.operations.fields.base import as_word

_MONTHS = "january february march april may june july august september october november december".split()
_AROUND = re.compile(r"^(?:(?:in|for|during|of|over|since)\s+)?(?:the\s+)?(?:year\s+|month of\s+)?")
_STEPS = {"this": 0, "current": 0, "last": -1, "previous": -1, "past": -1, "next": 1, "coming": 1}
_EXACT = re.compile(r"(\d+)\.\.(\d+)", re.ASCII)
_EVER = frozenset({"ever", "all time", "so far", "always", "altogether", "in total"})


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` on and before `end` (milliseconds since the epoch), and as people say it."""

    start: int
    end: int
    said: str


def _ms(year: int, month: int) -> int:
    """The beginning of a month; months past the twelfth are of the years after."""
    return int(datetime(year + (month - 1) // 12, (month - 1) % 12 + 1, 1, tzinfo=UTC).timestamp() * 1000)


def month_of(year: int, month: int) -> Period:
    """One month; a number below 1 or above 12 goes into other years."""
    start = as_datetime(_ms(year, month))
    return Period(_ms(year, month), _ms(year, month + 1), f"{start:%B %Y}")


def quarter_of(year: int, quarter: int) -> Period:
    """Three months; a number below 1 or above 4 goes into other years."""
    year, quarter = year + (quarter - 1) // 4, (quarter - 1) % 4 + 1
    return Period(_ms(year, 3 * quarter - 2), _ms(year, 3 * quarter + 1), f"Q{quarter} {year}")


def year_of(year: int) -> Period:
    """One year."""
    return Period(_ms(year, 1), _ms(year + 1, 1), str(year))


def exactly(start: int, end: int) -> Period:
    """A period by its bounds, called by its month, quarter or year where it is one."""
    at = as_datetime(start)
    for known in (month_of(at.year, at.month), quarter_of(at.year, (at.month + 2) // 3), year_of(at.year)):
        if (known.start, known.end) == (start, end):
            return known
    if end - start <= DAY:
        return Period(start, end, show_day(start))
    return Period(start, end, N_("{start} to {end}").format(start=show_day(start), end=show_day(end - 1)))


def read_period(text: str, now: int, *, ahead: bool) -> Period | None:
    """The period that is meant, None where the text is none. A month without a year is the next one if `ahead`, the
    last one otherwise; the present one in either case. Pure.
    """
    text = " ".join(text.casefold().split()).rstrip(".?!")
    match = _EXACT.fullmatch(text)
    if match and 0 <= int(match[1]) < int(match[2]) < 2**47:
        return exactly(int(match[1]), int(match[2]))
    if text in _EVER and not ahead:
        return Period(0, now + 1, N_("so far"))
    text = _AROUND.sub("", text, count=1)
    at = as_datetime(now)
    today = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if text == "today":
        return exactly(int(today.timestamp() * 1000), int(today.timestamp() * 1000) + DAY)
    step, _, what = text.partition(" ")
    if step in _STEPS and what in ("week", "month", "quarter", "year"):
        by = _STEPS[step]
        if what == "week":
            monday = int((today + timedelta(days=7 * by - today.weekday())).timestamp() * 1000)
            return exactly(monday, monday + 7 * DAY)
        if what == "month":
            return month_of(at.year, at.month + by)
        return quarter_of(at.year, (at.month + 2) // 3 + by) if what == "quarter" else year_of(at.year + by)
    match = re.fullmatch(r"(?:q([1-4])[ /-]*)?(20\d\d)|(20\d\d)[ /-]*q([1-4])", text)
    if match:
        quarter, year = match[1] or match[4], int(match[2] or match[3])
        return quarter_of(year, int(quarter)) if quarter else year_of(year)
    match = re.fullmatch(r"q([1-4])", text)
    if match:
        return _nearest([quarter_of(at.year + by, int(match[1])) for by in (-1, 0, 1)], now, ahead=ahead)
    match = re.fullmatch(r"([a-z]{3,9})(?: (20\d\d))?|(20\d\d)-(\d\d)", text)
    if match:
        return _month(match, at, now, ahead=ahead)
    length = None if ahead else read_duration(re.sub(r"^(?:last|past|previous)\s+", "", text))
    if length is not None and DAY <= length <= 3660 * DAY:
        return Period(now - length, now + 1, N_("the last {time}").format(time=say_duration(length)))
    return None


def _month(match: re.Match[str], at: datetime, now: int, *, ahead: bool) -> Period | None:
    if match[3]:
        return month_of(int(match[3]), int(match[4])) if 1 <= int(match[4]) <= 12 else None
    word = "sep" if match[1] == "sept" else match[1]
    number = next((i for i, name in enumerate(_MONTHS, 1) if name.startswith(word)), 0)
    if not number:
        return None
    if match[2]:
        return month_of(int(match[2]), number)
    return _nearest([month_of(at.year + by, number) for by in (-1, 0, 1)], now, ahead=ahead)


def _nearest(periods: list[Period], now: int, *, ahead: bool) -> Period:
    """The first that is not over, or the last that has begun."""
    if ahead:
        return next(one for one in periods if one.end > now)
    return next(one for one in reversed(periods) if one.start <= now)


class PeriodField(Field):
    """A period of days. `ahead`: a plan, so what leaves the year open lies ahead."""

    kind = "period"

    def __init__(self, about: str, *, ahead: bool = False) -> None:
        super().__init__(about)
        self.ahead = ahead

    def read(self, raw: object) -> str:
        """See `Field.read`; the period itself is found when the caller's present is known."""
        return as_word(raw, self.about)

    def resolve(self, value: Any, context: Any) -> Period:
        """See `Field.resolve`."""
        found = read_period(str(value), context.now, ahead=self.ahead)
        if found is None:
            raise BadInput(
                N_("I could not read {text} as a period. Try this month, last quarter, March 2027 or 2027."),
                text=value,
            )
        return found

    def freeze(self, value: Any) -> str:
        """See `Field.freeze`."""
        return f"{value.start}..{value.end}"

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        return str(value.said)

    def suggest(self, typed: str, context: Any) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        part = typed.strip().casefold()
        known = ("this month", "next month", "this quarter", "next quarter", "this year", "next year")
        past = ("this month", "last month", "this quarter", "last quarter", "this year", "last year")
        return [(one, one) for one in (known if self.ahead else past) if part in one]
