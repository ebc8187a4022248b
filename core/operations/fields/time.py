"""Durations and dates as people type them: `1h30`, `90m`, `2 weeks`, `tomorrow`, `next friday`, `3 Dec`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.clock import DAY, HOUR, MINUTE, SECOND
from core.errors import N_, BadInput
from core.operations.fields.base import NUMBER_WORDS, Field, as_word

WEEK = 7 * DAY
_UNITS = {
    "s": SECOND, "sec": SECOND, "second": SECOND,
    "m": MINUTE, "min": MINUTE, "minute": MINUTE,
    "h": HOUR, "hr": HOUR, "hour": HOUR,
    "d": DAY, "day": DAY, "night": DAY,
    "w": WEEK, "wk": WEEK, "week": WEEK, "fortnight": 2 * WEEK,
    "mo": 30 * DAY, "month": 30 * DAY,
    "y": 365 * DAY, "yr": 365 * DAY, "year": 365 * DAY,
}  # fmt: skip
_NUMBER = re.compile(r"(\d{1,6}(?:\.\d{1,2})?)\s*([a-z]+)", re.ASCII)
_CLOCKLIKE = re.compile(r"(\d{1,4})h(\d{1,2})m?", re.ASCII)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("january february march april may june july august september october november december").split()


def _unit(word: str) -> int | None:
    return _UNITS.get(word) or _UNITS.get(word.removesuffix("s"))


def read_duration(text: str) -> int | None:
    """Milliseconds of a duration, or None where the text is not one. Fractions only of hours and above.

    A month counts 30 days, a year 365.
    """
    text = text.casefold().strip().rstrip(".").replace("half an hour", "30m").replace("half a day", "12h")
    text = re.sub(r"\b(?:an?|one) ([a-z]+) and a half", r"1.5 \1s", text).replace(" and a half", ".5")
    text = re.sub(r"^(for|in|within|after|the next|next)\s+", "", text)
    clocklike = _CLOCKLIKE.fullmatch(text)
    if clocklike and int(clocklike[2]) < 60:
        return int(clocklike[1]) * HOUR + int(clocklike[2]) * MINUTE
    words = text.replace(" of ", " ").split()
    if words and words[0] in NUMBER_WORDS and len(words) >= 2:
        count = NUMBER_WORDS[words[0]]
        if words[0] == "a" and words[1] == "couple" and len(words) == 3:
            count, words = 2, words[1:]
        unit = _unit(words[1]) if len(words) == 2 else None
        return count * unit if unit else None
    if len(words) == 1 and words[0] in ("week", "day", "month", "hour", "fortnight", "year"):
        return _UNITS[words[0]]
    rest = text.replace(",", " ").replace(" and ", " ")
    total = 0.0
    found = False
    for match in _NUMBER.finditer(rest):
        unit = _unit(match[2])
        if unit is None or ("." in match[1] and unit < HOUR):
            return None
        total += float(match[1]) * unit
        found = True
    if not found or _NUMBER.sub("", rest).strip():
        return None
    return round(total)


def show_duration(milliseconds: int) -> str:
    """The shortest exact form: `7d`, `1h30m`, `45s`."""
    if milliseconds <= 0:
        return "0s"
    parts = []
    rest = milliseconds // SECOND
    for sign, size in (("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND)):
        count, rest = divmod(rest, size // SECOND)
        if count:
            parts.append(f"{count}{sign}")
    return "".join(parts)


def say_duration(milliseconds: int) -> str:
    """As people say it: `7 days`, `1 hour 30 minutes`."""
    parts = []
    rest = milliseconds // SECOND
    for name, size in (("day", DAY), ("hour", HOUR), ("minute", MINUTE), ("second", SECOND)):
        count, rest = divmod(rest, size // SECOND)
        if count:
            parts.append(f"{count} {name}{'s' if count > 1 else ''}")
    return " ".join(parts) or "no time"


_NOTHING = ("0", "0s", "off", "none", "no", "normal")


class Duration(Field):
    """A length of time, in milliseconds."""

    kind = "duration"

    def __init__(self, about: str, *, minimum: int = MINUTE, maximum: int = 366 * DAY) -> None:
        super().__init__(about)
        self.minimum = minimum
        self.maximum = maximum

    def read(self, raw: object) -> int:
        """See `Field.read`."""
        text = as_word(raw, self.about)
        duration = read_duration(text)
        if duration is None and not self.minimum and text.casefold().strip() in _NOTHING:
            duration = 0
        if duration is None:
            raise BadInput(N_("I could not read {text} as a length of time. Try 30m, 2h or 7 days."), text=text)
        if not self.minimum <= duration <= self.maximum:
            raise BadInput(
                N_("For {about} I can take {minimum} to {maximum}."),
                about=self.about,
                minimum=say_duration(self.minimum),
                maximum=say_duration(self.maximum),
            )
        return duration

    def freeze(self, value: Any) -> str:
        """See `Field.freeze`."""
        return show_duration(value)

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        return say_duration(value)


def read_date(text: str, today: date) -> date | None:
    """A day from what people type, or None; what leaves the year open lies today or later."""
    text = re.sub(r"^(on|by|until|till|this|coming)\s+", "", text.casefold().strip().rstrip("."))
    if text in ("today", "tonight"):
        return today
    if text == "tomorrow":
        return today + timedelta(days=1)
    match = re.fullmatch(r"(next\s+)?([a-z]+)", text)
    if match:
        days = [i for i, day in enumerate(_WEEKDAYS) if len(match[2]) >= 3 and day.startswith(match[2])]
        if len(days) == 1:
            ahead = (days[0] - today.weekday()) % 7 or 7
            return today + timedelta(days=ahead + (7 if match[1] and ahead < 7 - today.weekday() else 0))
        return None
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    if match:
        return _day(int(match[1]), int(match[2]), int(match[3]))
    match = re.fullmatch(
        r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?([a-z]{3,9})|([a-z]{3,9})\s+(\d{1,2})(?:st|nd|rd|th)?),?(?:\s+(\d{4}))?",
        text,
    )
    if match:
        word = match[2] or match[3]
        month = next((i for i, name in enumerate(_MONTHS, 1) if name.startswith("sep" if word == "sept" else word)), 0)
        day = int(match[1] or match[4])
        year = int(match[5]) if match[5] else today.year
        found = _day(year, month, day)
        if found is not None and found < today and not match[5]:
            found = _day(year + 1, found.month, day)
        return found
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


class Date(Field):
    """A day. `3/4` is refused, as it means two different days on two sides of an ocean."""

    kind = "date"

    def read(self, raw: object) -> str:
        """See `Field.read`; the day itself is found when the caller's present is known."""
        return as_word(raw, self.about)

    def resolve(self, value: Any, context: Any) -> date:
        """See `Field.resolve`."""
        today = datetime.fromtimestamp(context.now / 1000, UTC).date()
        found = read_date(str(value), today)
        if found is None:
            raise BadInput(
                N_("I could not read {text} as a day. Try tomorrow, friday, 3 Dec or 2026-12-03."), text=value
            )
        if found < today:
            raise BadInput(N_("{text} is in the past."), text=value)
        return found

    def freeze(self, value: Any) -> str:
        """See `Field.freeze`."""
        return str(value.isoformat())
