"""What a quota is, and the ones there are. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from core.clock import DAY, HOUR


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `most` times in each window of `window` milliseconds."""

    what: str
    most: int
    window: int


GUEST_WRITES = Quota("guest_write", 30, DAY)
GUEST_NEXUSES = Quota("guest_nexus", 3, DAY)
CODE_GUESSES = Quota("code_guess", 10, HOUR)
