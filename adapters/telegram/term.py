"""How long Telegram will do something: it takes a date, and reads one too near or too far away as "for ever". Pure.

"If user is banned for more than 366 days or less than 30 seconds from the current time they are considered to be
banned forever" (banChatMember; restrictChatMember alike). Our clock and Telegram's may differ: we stay well inside.
"""

from __future__ import annotations

from dataclasses import dataclass

_LEAST = 60  # seconds
_MOST = 366 * 24 * 3600 - 3600
_PASSING = 300


@dataclass(frozen=True, slots=True)
class Term:
    """`date` is what Telegram is given (Unix time, 0: without end); `said` and `until` are for `Did`."""

    date: int
    said: str = ""
    until: int = 0
    over: bool = False


def term(until: int, now: int) -> Term:
    """The term of an act that ends at `until` (0: never); both in ms since epoch."""
    if not until:
        return Term(0)
    if until <= now:
        return Term(0, over=True)
    start = _seconds(now)
    if until - now < _LEAST * 1000:
        date = start + _LEAST
        return Term(date, "Telegram does this for a minute or longer, so it lasts a minute.", date * 1000)
    if until - now > _MOST * 1000:
        date = start + _MOST
        return Term(date, "Telegram ends this after 366 days at the latest; then it has to be renewed.", date * 1000)
    return Term(_seconds(until))


def passing(now: int) -> int:
    """The date for a ban that is lifted at once: should we die before that, Telegram lifts it after five minutes."""
    return _seconds(now) + _PASSING


def is_passing(until_date: int, now: int) -> bool:
    """Whether a ban that is in force is such a one, or ends as soon. `now` in ms since epoch."""
    return 0 < until_date <= passing(now) + _LEAST


def _seconds(milliseconds: int) -> int:
    return -(-milliseconds // 1000)
