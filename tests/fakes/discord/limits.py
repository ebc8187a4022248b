"""Rate limits of routes and of a whole bot: the headers of every answer, and 429 where a test made a limit small.

Time for limits is that of the machine: what a test does to the fake's clock makes nobody faster.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.fakes.discord.clock import Clock
from tests.fakes.discord.errors import flood
from tests.fakes.discord.faults import fits
from tests.fakes.discord.record import Request

_MAJOR = ("channel_id", "guild_id", "webhook_id", "token", "interaction_id")
IN_FLIGHT = 0.05  # seconds after a 429 in which a call may have left before it was read


@dataclass(slots=True)
class _Bucket:
    ends: float
    left: float
    refused_at: float = 0.0


@dataclass(slots=True)
class _Rule:
    method: str
    path: str
    limit: int
    seconds: float
    buckets: dict[str, _Bucket] = field(default_factory=dict)


class Limits:
    """Buckets per method, route and major parameters. Nothing is limited until a test says so.

    `refused` counts the 429s by route, `ignored` the calls that came in spite of one before its wait was over.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rules: list[_Rule] = []
        self._all: _Rule | None = None
        self.refused: Counter[str] = Counter()
        self.ignored: Counter[str] = Counter()

    def set(self, method: str, path: str, limit: int, seconds: float) -> None:
        """At most `limit` calls per window of `seconds` for each bucket of that route (see `faults.fits`)."""
        self._rules.append(_Rule(method, path, limit, seconds))

    def set_global(self, limit: int, seconds: float = 1.0) -> None:
        """At most `limit` calls of a bot per window, whatever they are; interactions do not count."""
        self._all = _Rule("*", "**", limit, seconds)

    def clear(self) -> None:
        """No limits any more."""
        self._rules.clear()
        self._all = None

    def spend(self, request: Request, parts: Mapping[str, str]) -> dict[str, str]:
        """The headers for this call. Raises ApiError 429 when its bucket is empty."""
        route = f"{request.method} {request.route}"
        name = hashlib.md5(route.encode(), usedforsecurity=False).hexdigest()
        if self._all is not None and "interaction_id" not in parts:
            found = self._spend(self._all, "all", "everything")
            if found.left < 0:
                raise flood(found.ends - time.monotonic(), everywhere=True)
        rule = next((one for one in self._rules if fits(request, one.method, one.path)), None)
        if rule is None:
            return self._headers(name, 1000, 999, 1.0)
        found = self._spend(rule, name + ":".join(parts.get(part, "") for part in _MAJOR), route)
        after = found.ends - time.monotonic()
        if found.left < 0:
            error = flood(after)
            error.headers = self._headers(name, rule.limit, 0, after) | (error.headers or {})
            raise error
        return self._headers(name, rule.limit, int(found.left), after)

    def _spend(self, rule: _Rule, key: str, route: str) -> _Bucket:
        now = time.monotonic()
        bucket = rule.buckets.get(key)
        if bucket is None or bucket.ends <= now:
            bucket = rule.buckets[key] = _Bucket(now + rule.seconds, rule.limit)
        bucket.left = max(bucket.left - 1, -1)
        if bucket.left < 0:
            self.refused[route] += 1
            if bucket.refused_at and now - bucket.refused_at > IN_FLIGHT:
                self.ignored[route] += 1
            bucket.refused_at = bucket.refused_at or now
        return bucket

    def _headers(self, bucket: str, limit: int, remaining: int, after: float) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": f"{self._clock.now() + after:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": bucket,
            "Via": "1.1 google",
        }
