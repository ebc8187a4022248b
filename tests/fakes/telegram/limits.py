"""How many calls Telegram takes: of a bot, and of some methods in one chat. Nothing is limited until a test says so."""

import math
import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from tests.fakes.telegram.errors import ApiError
from tests.fakes.telegram.params import Params

IN_FLIGHT = 0.05  # seconds after a 429 in which a call may have left before it was read


@dataclass(slots=True)
class _Rule:
    methods: frozenset[str]  # lower case; none: all but polling
    limit: int
    seconds: float
    unit: float
    spent: dict[str, list[float]] = field(default_factory=dict)
    until: dict[str, tuple[float, float]] = field(default_factory=dict)  # told to rest: from when, until when


class Limits:
    """`refused` counts the 429s by method, `ignored` the calls that came before the wait that one asked for was over.

    A real Telegram asks for whole seconds; `unit` is how long such a second lasts here.
    """

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self.refused: Counter[str] = Counter()
        self.ignored: Counter[str] = Counter()

    def set(self, limit: int, seconds: float, methods: Collection[str] = (), *, unit: float = 1.0) -> None:
        """At most `limit` calls in any `seconds` of these methods in one chat; without methods, of all in all chats."""
        self._rules.append(_Rule(frozenset(name.lower() for name in methods), limit, seconds, unit))

    def clear(self) -> None:
        """No limits any more."""
        self._rules.clear()

    def spend(self, method: str, params: Params) -> None:
        """Raises ApiError 429 for a call too many."""
        if method == "getupdates":
            return
        now = time.monotonic()
        for rule in self._rules:
            if rule.methods and method not in rule.methods:
                continue
            key = str(params.get("chat_id", "")) if rule.methods else ""
            told, until = rule.until.get(key, (0.0, 0.0))
            spent = [at for at in rule.spent.get(key, []) if at > now - rule.seconds]
            if now < until:
                self.refused[method] += 1
                if now - told > IN_FLIGHT:
                    self.ignored[method] += 1
            elif len(spent) < rule.limit:
                rule.spent[key] = [*spent, now]
                continue
            else:
                self.refused[method] += 1
                wait = math.ceil((spent[0] + rule.seconds - now) / rule.unit) * rule.unit
                told, until = rule.until[key] = now, now + wait
            after = until - now
            raise ApiError(429, f"Too Many Requests: retry after {after:g}", {"retry_after": after})
