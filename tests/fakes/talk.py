"""Many conversations at once, for benchmarks and soak tests: what is the same on every platform."""

import asyncio
import time
from typing import Generic, Required, TypedDict, TypeVar, Unpack

from tests.fakes.wire import Json

P = TypeVar("P")
U = TypeVar("U")
Times = tuple[float, float]  # when the person saw anything, and when the reply counted: time.perf_counter()


class Course(TypedDict, total=False):
    """How a `Talk` goes: `chats` conversations of `messages` messages.

    `text` and `expect` are templates with {chat}, {n} and {bot}. A reply counts once it contains `expect`; without it,
    the first message of the bot does. `timeout` in seconds (30) is for each reply.
    """

    chats: Required[int]
    messages: Required[int]
    text: str
    expect: str | None
    timeout: float


class Talk(Generic[P, U]):
    """Conversations side by side; in each, every message comes after the reply to the former.

    A reply that does not come in time ends its conversation and is counted.
    """

    def __init__(self, **course: Unpack[Course]) -> None:
        self._chats = course["chats"]
        self._messages = course["messages"]
        self._text = course.get("text", "message {n} of {chat}")
        self._expect = course.get("expect")
        self.patience = course.get("timeout", 30.0)
        self.first: list[float] = []  # milliseconds until the person saw anything
        self.done: list[float] = []  # milliseconds until the reply counted
        self._missed: list[str] = []

    async def run(self) -> Json:
        """Talk until all replies were seen. Returns counts, `seconds` in all, `per_second`, and `figures`."""
        cpu, began = time.process_time(), time.perf_counter()
        await asyncio.gather(*(self._converse(number) for number in range(self._chats)))
        seconds = time.perf_counter() - began
        return {
            "replies": len(self.done),
            "missing": len(self._missed),
            "missed": self._missed[:20],
            "seconds": seconds,
            "per_second": len(self.done) / seconds,
            **self.figures(),
            "fakes_cpu_seconds": time.process_time() - cpu,
        }

    def figures(self) -> Json:
        """Milliseconds one by one: `first` until the person saw anything, `done` until the reply counted."""
        return {"first": self.first, "done": self.done}

    def place(self, number: int) -> tuple[P, U]:
        """Where a conversation is held, and who talks."""
        raise NotImplementedError

    def mention(self, place: P) -> str:
        """How the bot is named there."""
        raise NotImplementedError

    async def exchange(self, place: P, user: U, text: str, expect: str | None, said: float) -> Times:
        """Say something (at `said`, time.perf_counter()) and wait for the reply. Raises AssertionError in vain."""
        raise NotImplementedError

    async def _converse(self, number: int) -> None:
        place, user = self.place(number)
        for n in range(self._messages):
            names = {"chat": number, "n": n, "bot": self.mention(place)}
            expect = self._expect.format(**names) if self._expect is not None else None
            said = time.perf_counter()
            try:
                first, done = await self.exchange(place, user, self._text.format(**names), expect, said)
            except AssertionError as error:
                self._missed.append(f"chat {number}, message {n}: {error}")
                return
            self.first.append((first - said) * 1000)
            self.done.append((done - said) * 1000)


def percentiles(values: list[float]) -> Json:
    """Nearest-rank percentiles and the extremes; empty without values."""
    if not values:
        return {}
    ordered = sorted(values)
    ranks = {"p50": 0.50, "p90": 0.90, "p95": 0.95, "p99": 0.99}
    found = {name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] for name, share in ranks.items()}
    return {"min": ordered[0], **found, "max": ordered[-1], "mean": sum(ordered) / len(ordered)}
