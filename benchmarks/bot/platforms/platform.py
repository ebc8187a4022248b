"""What the comparison needs to know of a platform."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from benchmarks.processes import Fakes


@dataclass(frozen=True, slots=True)
class Permitted:
    """Requests that ours may make and the bare bot does not, or with `ours` False the bare bot alone.

    Why, and at most how many for each person, and in all.
    """

    reason: str
    per_person: int = 0
    in_all: int = 0
    ours: bool = True

    def most(self, people: int) -> int:
        """How many with so many people."""
        return self.per_person * people + self.in_all


@dataclass(frozen=True, slots=True)
class Talked:
    """How a load went: `missed` are answers that did not come, times are milliseconds until the answer was whole."""

    replies: int
    missed: Sequence[str]
    per_second: float
    p50: float
    p95: float


class Platform(Protocol):
    """One platform. People talk with the bot in direct messages.

    `bare` starts the bot to compare with. `polls` are requests whose number says nothing about messages. `permitted`
    are those that one of the two may make beyond the other. `pieces` of a streamed answer come every 0.1 s: as many as
    keep its end away from the moment of an edit, so that both bots make the same number of them.
    """

    name: str
    bare: tuple[str, ...]
    polls: frozenset[str]
    pieces: int
    permitted: Mapping[str, Permitted]

    def environment(self, addresses: Mapping[str, str]) -> dict[str, str]:
        """The settings with which a bot finds the fake."""

    def listening(self, fakes: Fakes, since: float) -> float | None:
        """When (seconds since the epoch) the bot that was spawned at `since` began to listen; None before."""

    def people(self, fakes: Fakes, count: int) -> list[Any]:
        """New people who can talk with the bot, by whatever names them."""

    def talk(self, fakes: Fakes, people: Sequence[Any], messages: int, text: str, expect: str) -> Talked:
        """Each says so many messages, every one after the answer to the former; {chat} and {n} tell them apart."""

    def requests(self, fakes: Fakes) -> dict[str, int]:
        """The requests to the platform since the last `forget`, by what they do."""

    def forget(self, fakes: Fakes) -> None:
        """Forget the requests."""


GREETING = "who we are and who can read along, once to everybody new"


def bare(platform: str) -> tuple[str, ...]:
    """How the bare bot of a platform is started."""
    return (sys.executable, "-m", f"benchmarks.bot.bare.{platform}")


def told(result: Mapping[str, Any]) -> Talked:
    """What the control port answers to `talk`: times one by one, or as percentiles."""
    done = result.get("done_ms") or {"p50": share(result["done"], 0.5), "p95": share(result["done"], 0.95)}
    return Talked(result["replies"], result["missed"], result["per_second"], done["p50"], done["p95"])


def share(values: Sequence[float], part: float) -> float:
    """The nearest-rank percentile; 0 without values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0
