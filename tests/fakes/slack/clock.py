"""The fake's clock: dates go on by themselves; deadlines pass only when a test moves it, unless it runs."""

import time


class Clock:
    """Dates are real time plus what was advanced.

    Deadlines (trigger ids of 3 s, response URLs of 30 minutes) count what was advanced alone, so that no test depends
    on how fast the machine is; with `running` real time counts too, as on the real Slack.
    """

    def __init__(self, *, running: bool = False) -> None:
        self.running = running
        self._offset = 0.0
        self._last = 0

    def advance(self, seconds: float) -> None:
        """Move on."""
        self._offset += seconds

    def time(self) -> float:
        """Unix seconds, for dates."""
        return time.time() + self._offset

    def elapsed(self) -> float:
        """Seconds, for deadlines."""
        return self._offset + (time.monotonic() if self.running else 0.0)

    def ts(self) -> str:
        """A new message timestamp, greater than every one before."""
        self._last = max(self._last + 1, int(self.time() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"
