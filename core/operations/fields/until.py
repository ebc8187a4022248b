"""The end of something, as people type it: `friday`, `3 Dec 2026`, `for two weeks`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core.clock import DAY, show_day, show_time
from core.errors import N_, BadInput
from core.operations.fields.base import Field, as_word
from core.operations.fields.time import read_date, read_duration

_LONGEST = 10 * 366 * DAY


class Until(Field):
    """The first moment at which something no longer holds, in milliseconds since the epoch.

    A day counts to its end (UTC).
    """

    kind = "until"

    def read(self, raw: object) -> Any:
        """See `Field.read`. The moment itself is found when the caller's present is known."""
        if isinstance(raw, int) and not isinstance(raw, bool):
            return raw  # frozen
        return as_word(raw, self.about)

    def resolve(self, value: Any, context: Any) -> int:
        """See `Field.resolve`."""
        return value if isinstance(value, int) else read_until(str(value), context.now)

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        return show_until(value)


def read_until(text: str, now: int) -> int:
    """The moment that a day or a length of time ends. Raises `BadInput`."""
    length = read_duration(text)
    day = None if length is not None else read_date(text, datetime.fromtimestamp(now / 1000, UTC).date())
    if length is None and day is None:
        raise BadInput(
            N_("I could not read {text} as an end. Try friday, 3 Dec, 2026-12-03 or “for two weeks”."), text=text
        )
    if day is not None:
        moment = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000) + DAY
    else:
        assert length is not None
        moment = now + length
    if moment <= now:
        raise BadInput(N_("{text} is in the past."), text=text)
    if moment - now > _LONGEST:
        raise BadInput(N_("{text} is too far away. Without an end it holds until somebody changes it."), text=text)
    return moment


def show_until(moment: int) -> str:
    """As people read it: `3 Dec 2026` for the end of a day, with the time (UTC) otherwise."""
    if moment % DAY == 0:
        return show_day(moment - 1)
    return f"{show_day(moment)} {show_time(moment).rsplit(' ', 1)[1]}"
