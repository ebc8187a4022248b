"""Rate limits of routes: the headers of every answer, and 429 where a test made a limit small."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.fakes.discord.clock import Clock
from tests.fakes.discord.errors import flood
from tests.fakes.discord.faults import fits
from tests.fakes.discord.record import Request

_MAJOR = ("channel_id", "guild_id", "webhook_id", "token", "interaction_id")


@dataclass(slots=True)
class _Rule:
    method: str
    path: str
    limit: int
    seconds: float
    # Key of the bucket → [end of its window, calls left].
    buckets: dict[str, list[float]] = field(default_factory=dict)


class Limits:
    """Buckets per method, route and major parameters. Nothing is limited until a test says so."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rules: list[_Rule] = []

    def set(self, method: str, path: str, limit: int, seconds: float) -> None:
        """At most `limit` calls per window of `seconds` for each bucket of that route (see `faults.fits`)."""
        self._rules.append(_Rule(method, path, limit, seconds))

    def clear(self) -> None:
        """No limits any more."""
        self._rules.clear()

    def spend(self, request: Request, parts: Mapping[str, str]) -> dict[str, str]:
        """The headers for this call. Raises ApiError 429 when its bucket is empty."""
        route = f"{request.method} {request.route}"
        bucket = hashlib.md5(route.encode(), usedforsecurity=False).hexdigest()
        now = self._clock.now()
        rule = next((one for one in self._rules if fits(request, one.method, one.path)), None)
        if rule is None:
            return _headers(bucket, 1000, 999, now + 1.0, 1.0)
        key = bucket + ":".join(parts.get(name, "") for name in _MAJOR)
        state = rule.buckets.get(key)
        if state is None or state[0] <= now:
            state = rule.buckets[key] = [now + rule.seconds, rule.limit]
        left = state[0] - now
        if state[1] <= 0:
            error = flood(left)
            error.headers = _headers(bucket, rule.limit, 0, state[0], left) | (error.headers or {})
            raise error
        state[1] -= 1
        return _headers(bucket, rule.limit, int(state[1]), state[0], left)


def _headers(bucket: str, limit: int, remaining: int, reset: float, after: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": f"{reset:.3f}",
        "X-RateLimit-Reset-After": f"{after:.3f}",
        "X-RateLimit-Bucket": bucket,
        "Via": "1.1 google",
    }
