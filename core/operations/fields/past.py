"""A day that is over, or today, as people type it: `yesterday`, `last friday`, `3 Dec`, `2026-12-03`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.clock import DAY, as_datetime, show_day
from core.errors import N_, BadInput
from core.operations.fields.base import Field, as_word
from core.operations.fields.time import read_date, read_duration

_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_EARLIEST = date(2000, 1, 1)


def read_past(text: str, today: date) -> date | None:
    """The latest day, today or before, that is meant; None where the text is none. Pure."""
    text = re.sub(r"^(?:on|from|since|dated)\s+", "", " ".join(text.casefold().split()).rstrip("."))
    if text == "yesterday":
        return today - timedelta(days=1)
    if text.endswith(" ago"):
        length = read_duration(text.removesuffix(" ago"))
        return today - timedelta(days=length // DAY) if length is not None else None
    dotted = _DOTTED.fullmatch(text)
    if dotted:
        text = f"{dotted[3]}-{dotted[2]}-{dotted[1]}"
    if text == "tomorrow" or text.startswith("next "):
        return None
    found = read_date(text.removeprefix("last "), today)
    if found is None or found <= today:
        return found
    if re.fullmatch(r"(?:last )?[a-z]+", text):  # a day of the week
        return found - timedelta(days=7)
    if re.search(r"\d{4}", text):
        return found  # the year was said: it is in the future
    try:
        return found.replace(year=found.year - 1)
    except ValueError:  # 29 February
        return None


class Past(Field):
    """A day that is over, or today: its beginning (UTC) in milliseconds since the epoch. `3/4` is refused."""

    kind = "past"

    def read(self, raw: object) -> str:
        """See `Field.read`; the day itself is found when the caller's present is known."""
        return as_word(raw, self.about)

    def resolve(self, value: Any, context: Any) -> int:
        """See `Field.resolve`."""
        today = as_datetime(context.now).date()
        found = read_past(str(value), today)
        if found is None:
            raise BadInput(
                N_("I could not read {text} as a day. Try yesterday, last friday, 3 Dec or 2026-12-03."), text=value
            )
        if found > today:
            raise BadInput(N_("{text} is still to come. I need the day on which it happened."), text=value)
        if found < _EARLIEST:
            raise BadInput(N_("{text} is too long ago for me."), text=value)
        return int(datetime(found.year, found.month, found.day, tzinfo=UTC).timestamp() * 1000)

    def freeze(self, value: Any) -> str:
        """See `Field.freeze`."""
        return f"{as_datetime(value):%Y-%m-%d}"

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        return show_day(value)
