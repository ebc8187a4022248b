"""A platform on which things are done as a test says: slowly, in part, not at all, or only after a crash."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from adapters.contract import Act, Capabilities, Did, Power, Written
from tests.bot.outbox.scripted import Scripted


@dataclass
class Chat:
    """What is so on the platform; it outlives the process that talks to it."""

    done: list[Act] = field(default_factory=list)  # in order, repetitions too
    state: dict[tuple[Power, str, str], int] = field(default_factory=dict)  # the effect of what was done
    slow: dict[str, int] = field(default_factory=dict)
    history: list[Written] | None = None

    def effect(self, act: Act) -> None:
        """Do it. Twice has the effect of once."""
        self.done.append(act)
        if act.power is Power.DELETE and self.history is not None:
            self.history = [one for one in self.history if one.message_id not in act.message_ids]
        elif act.power is Power.SLOW:
            self.slow[act.place_id] = act.seconds
        else:
            self.state[(act.power, act.place_id, act.account_id)] = act.until


class Doing(Scripted):
    """One process's way to a chat. `answers` and `befores` are used up, one for each call; then all works."""

    def __init__(self, chat: Chat, name: str = "telegram") -> None:
        super().__init__(name)
        self.capabilities = Capabilities(direct_first=True, powers=frozenset(Power), history=chat.history is not None)
        self.chat = chat
        self.answers: deque[Did | Exception] = deque()
        self.befores: deque[dict[str, str] | Exception] = deque()
        self.asked: list[Act] = []  # what was asked about before it was done
        self.holds = {name: asyncio.Event() for name in ("before", "act", "after")}
        self.reached = {name: asyncio.Event() for name in ("before", "act", "after")}
        for one in self.holds.values():
            one.set()
        self.under_way: list[str] = []
        self.at_once = 0  # the most that were under way at the same time
        self.two_at_once = asyncio.Event()

    def hold(self, point: str) -> None:
        """From now on it stops there, until `holds[point]` is set: before "before", before "act", or "after" it."""
        self.holds[point].clear()

    async def _at(self, point: str) -> None:
        self.reached[point].set()
        await self.holds[point].wait()

    async def before(self, act: Act) -> dict[str, str]:
        """See the contract."""
        await self._at("before")
        self.asked.append(act)
        answer = self.befores.popleft() if self.befores else {"seconds": str(self.chat.slow.get(act.place_id, 0))}
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def act(self, act: Act) -> Did:
        """See the contract."""
        self.under_way.append(act.place_id)
        self.at_once = max(self.at_once, len(self.under_way))
        if self.at_once > 1:
            self.two_at_once.set()
        try:
            await self._at("act")
            answer = self.answers.popleft() if self.answers else Did(True)
            if isinstance(answer, Exception):
                raise answer
            if answer.done:
                self.chat.effect(act)
            await self._at("after")
            return answer
        finally:
            self.under_way.remove(act.place_id)

    async def written(
        self, workspace: str, place_id: str, most: int, account_id: str = "", thread: str = ""
    ) -> list[Written] | None:
        """See the contract."""
        if self.chat.history is None:
            return None
        return [one for one in self.chat.history if account_id in ("", one.account_id)][:most]
