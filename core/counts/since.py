"""Since when: "this week", "this month", "the last 30 days", as people type it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.clock import DAY, as_datetime
from core.errors import N_, BadInput
from core.operations.context import Context
from core.operations.fields import Field, read_duration, say_duration, show_duration
from core.operations.fields.base import as_word

LONGEST = 366 * DAY
CALENDAR = ("today", "this week", "this month", "this year")
_BEFORE = re.compile(r"^(?:(?:since|in|during|over|within|for|from)\s+)?(?:the\s+)?(?:(?:last|past|previous)\s+)?")


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` (milliseconds since the epoch) until now, as typed (canonical form) and as people say it."""

    typed: str
    said: str
    start: int


def read_since(text: str) -> str | None:
    """The canonical form of a span ("this month", "30d"), or None where the text is none. Pure."""
    text = " ".join(text.casefold().split()).rstrip(".?!")
    named = re.sub(r"^(?:since|in|during)\s+", "", text)
    if named in CALENDAR:
        return named
    if "next" in text.split():
        return None
    length = read_duration(_BEFORE.sub("", text, count=1))
    return show_duration(length) if length is not None and 0 < length <= LONGEST else None


def span_of(typed: str, now: int) -> Span:
    """The span of a canonical form. Days begin at midnight UTC, weeks on Monday."""
    length = read_duration(typed)
    if typed not in CALENDAR and length is not None:
        return Span(typed, f"in the last {say_duration(length)}", now - length)
    day = as_datetime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if typed == "this week":
        day -= timedelta(days=day.weekday())
    elif typed == "this month":
        day = day.replace(day=1)
    elif typed == "this year":
        day = day.replace(month=1, day=1)
    return Span(typed, typed, int(day.timestamp() * 1000))


class Since(Field):
    """A span of time that ends now."""

    kind = "since"

    def read(self, raw: object) -> str:
        """See `Field.read`."""
        text = as_word(raw, self.about)
        found = read_since(text)
        if found is None:
            raise BadInput(N_("I could not read {text} as a span of time. Try this month, or 30 days."), text=text)
        return found

    def resolve(self, value: Any, context: Context) -> Span:
        """See `Field.resolve`."""
        return span_of(value, context.now)

    def freeze(self, value: Any) -> str:
        """See `Field.freeze`."""
        return str(value.typed)

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        return str(value.said)

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        part = typed.strip().casefold()
        return [(one, one) for one in (*CALENDAR, "30 days", "90 days") if part in one]
