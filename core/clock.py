"""Time as the engine sees it: milliseconds since the epoch, UTC, from a clock that is handed in."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock(Protocol):
    """A source of the present."""

    def now(self) -> int:
        """Milliseconds since 1970-01-01T00:00:00Z."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return time.time_ns() // 1_000_000


class ManualClock:
    """A clock that moves only when told, for tests and simulated weeks."""

    def __init__(self, start: int = 1_767_225_600_000) -> None:  # 2026-01-01T00:00:00Z
        self._now = start

    def now(self) -> int:
        """The time it was set to, in milliseconds since the epoch."""
        return self._now

    def advance(self, milliseconds: int) -> None:
        """Move forward; never backward, as nothing in the store expects that."""
        if milliseconds < 0:
            raise ValueError("a clock does not run backward")
        self._now += milliseconds


def as_datetime(milliseconds: int) -> datetime:
    """An aware datetime in UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def show_day(milliseconds: int) -> str:
    """A day as people read it: `3 Dec 2026` (UTC)."""
    at = as_datetime(milliseconds)
    return f"{at.day} {at:%b %Y}"


def show_time(milliseconds: int) -> str:
    """A moment of these weeks as people read it: `3 Dec 14:05` (UTC)."""
    at = as_datetime(milliseconds)
    return f"{at.day} {at:%b %H:%M}"
