"""Time and ids: an adjustable clock, and snowflakes (ids that carry their time of birth) made from it."""

import itertools
import time
from datetime import UTC, datetime

EPOCH_MS = 1_420_070_400_000
_YEAR_MS = 365 * 86_400_000


class Clock:
    """Unix time in seconds, which a test may move forward."""

    def __init__(self) -> None:
        self._offset = 0.0

    def now(self) -> float:
        """Seconds since 1970, plus what was advanced."""
        return time.time() + self._offset

    def advance(self, seconds: float) -> None:
        """The fake believes that so much time has passed: tokens run out, messages grow old."""
        self._offset += seconds

    def iso(self) -> str:
        """Now, as Discord writes a time."""
        return iso(self.now())


def iso(seconds: float) -> str:
    """Unix seconds as ISO 8601 in UTC, with microseconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def born(snowflake: int) -> float:
    """The Unix seconds inside an id."""
    return ((snowflake >> 22) + EPOCH_MS) / 1000


class Snowflakes:
    """Ids of Discord: milliseconds since 2015 above 22 bits. They only grow, so that sorting them sorts by time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        start = int(time.time() * 1000) - EPOCH_MS
        # Servers are two years old and everything in them one. Ids one millisecond apart spread over the shards.
        self._guilds = itertools.count(start - 2 * _YEAR_MS)
        self._things = itertools.count(start - _YEAR_MS)

    def new(self) -> int:
        """For what happens now: messages, interactions, files."""
        self._last = max(self._last + 1, int(self._clock.now() * 1000) - EPOCH_MS << 22)
        return self._last

    def guild(self) -> int:
        """For a server."""
        return next(self._guilds) << 22

    def old(self) -> int:
        """For what exists already when a test begins: people, channels, roles, applications."""
        return next(self._things) << 22
