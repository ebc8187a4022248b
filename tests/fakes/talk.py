"""Many conversations at once, for benchmarks and soak tests."""

import asyncio
import time
from collections.abc import Sequence
from typing import Literal

from tests.fakes.telegram import Chat, FakeTelegram, User
from tests.fakes.wire import Json


class Talk:
    """`chats` conversations side by side; in each, `messages` messages, every one after the reply to the former.

    `text` and `expect` are templates with {chat}, {n} and {bot} (the @name). A reply counts once it contains `expect`;
    without it, the first message of the bot does. `kind` "group" puts two people and the bot into each chat, in groups
    made for it. `people` are ids of those who talk in private, who may have talked before; None makes new ones.
    `timeout` in seconds is for each reply: one that does not come ends its conversation and is counted.
    """

    def __init__(
        self,
        tg: FakeTelegram,
        *,
        chats: int,
        messages: int,
        text: str = "message {n} of {chat}",
        expect: str | None = None,
        kind: Literal["private", "group"] = "private",
        people: Sequence[int] | None = None,
        timeout: float = 30.0,
    ) -> None:
        self._tg = tg
        self._chats = chats
        self._messages = messages
        self._text = text
        self._expect = expect
        self._kind = kind
        self._people = people
        self._timeout = timeout
        self._first: list[float] = []
        self._done: list[float] = []
        self._missed: list[str] = []

    async def run(self) -> Json:
        """Talk until all replies were seen.

        Returns counts, `seconds` in all, `per_second`, and percentiles in milliseconds: `first_ms` until the person
        saw anything (a draft or the message), `done_ms` until the reply counted.
        """
        cpu, began = time.process_time(), time.perf_counter()
        await asyncio.gather(*(self._converse(number) for number in range(self._chats)))
        seconds = time.perf_counter() - began
        return {
            "replies": len(self._done),
            "missing": len(self._missed),
            "missed": self._missed[:20],
            "seconds": seconds,
            "per_second": len(self._done) / seconds,
            "first_ms": percentiles(self._first),
            "done_ms": percentiles(self._done),
            "fakes_cpu_seconds": time.process_time() - cpu,
        }

    async def _converse(self, number: int) -> None:
        chat, user = self._place(number)
        handle = f"@{self._tg.bot.user.username}"
        for n in range(self._messages):
            names = {"chat": number, "n": n, "bot": handle}
            expect = self._expect.format(**names) if self._expect is not None else None
            said = time.perf_counter()
            update = chat.say(user, self._text.format(**names))
            try:
                reply = await chat.wait_for_reply(after=update, contains=expect, timeout=self._timeout)
            except AssertionError as error:
                self._missed.append(f"chat {number}, message {n}: {error}")
                return
            shown = [at for at in (reply.at, chat.draft_at) if at > said]
            self._first.append((min(shown) - said) * 1000)
            self._done.append((max(reply.at, reply.changed_at) - said) * 1000)

    def _place(self, number: int) -> tuple[Chat, User]:
        user = self._tg.users[self._people[number]] if self._people else self._tg.user(f"Talker {number}")
        if self._kind == "private":
            return self._tg.private(user), user
        return self._tg.group(f"Group {number}", [user, self._tg.user(f"Listener {number}")]), user


def percentiles(values: list[float]) -> Json:
    """Nearest-rank percentiles and the extremes; empty without values."""
    if not values:
        return {}
    ordered = sorted(values)
    ranks = {"p50": 0.50, "p90": 0.90, "p95": 0.95, "p99": 0.99}
    found = {name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] for name, share in ranks.items()}
    return {"min": ordered[0], **found, "max": ordered[-1], "mean": sum(ordered) / len(ordered)}
