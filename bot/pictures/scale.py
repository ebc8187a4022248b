"""Round numbers along an axis and days along a time line, with the few words that fit there. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from core.clock import DAY, as_datetime, show_day

_SHORT = ((10**12, "T"), (10**9, "bn"), (10**6, "M"), (10**3, "k"))
_MOST_MARKS = 5


def axis(values: Sequence[int], unit: int, *, whole: bool = False) -> tuple[int, int, list[tuple[int, str]]]:
    """Lowest and highest value of an axis that has all values, and the values with names on it: 0 among them.

    `unit` is how many of them make one of what is named: 100 for cents that are read as euros. `whole`: only whole ones
    are named, such as hours.
    """
    low, high = min(0, *values), max(0, *values)
    if high == low:
        high = low + unit
    step = _step(-(-(high - low) // unit)) * unit if whole else _step(high - low)
    first, last = low // step, -(-high // step)
    return first * step, last * step, [(at * step, _short(at * step, unit)) for at in range(first, last + 1)]


def _step(span: int) -> int:
    """1, 2 or 5 times a power of ten, so that there are three or four of them in the span."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if span <= 3 * step * factor:
                return step * factor
        step *= 10


def _short(value: int, unit: int) -> str:
    """12,000 as "12k", with at most two decimals."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    for size, name in _SHORT:
        if value >= size * unit:
            return sign + _decimal(value, size * unit) + name
    return sign + _decimal(value, unit)


def _decimal(value: int, unit: int) -> str:
    whole, rest = divmod(value, unit)
    part = f"{rest * 1000 // unit:03}".rstrip("0") if rest else ""
    return f"{whole:,}.{part}" if part else f"{whole:,}"


def marks(since: int, until: int) -> list[tuple[int, str]]:
    """Days to name on a time line, oldest first: beginnings of months where it is long, else the first and the last."""
    months = _months(since, until)
    if len(months) < 2:
        return [(since, show_day(since)), (until, show_day(until))]
    each = next(n for n in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(months) / n <= _MOST_MARKS)
    years = as_datetime(months[0]).year != as_datetime(months[-1]).year
    kept = [at for at in months if (as_datetime(at).year * 12 + as_datetime(at).month - 1) % each == 0]
    return [(at, f"{as_datetime(at):%b %Y}" if years or at == kept[0] else f"{as_datetime(at):%b}") for at in kept]


def _months(since: int, until: int) -> list[int]:
    """The first day of each month between two days."""
    at = as_datetime(since)
    year, month = at.year, at.month
    found: list[int] = []
    while True:
        first = int(datetime(year, month, 1, tzinfo=UTC).timestamp()) * 1000
        if first > until:
            return found
        if first >= since - DAY:
            found.append(max(first, since))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
