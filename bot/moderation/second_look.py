"""A second look at what might be abuse, by the moderation endpoint of the model's provider. Off unless the operator
turns it on.

Only what the offline classifier is in doubt about is sent (from DOUBT to below MET): what it is sure of needs no second
opinion. Of ordinary technical talk that is one message in 180, and of the abuse that was written for the benchmarks all
that the classifier did not find by itself (4,000 and 41 messages). A message leaves only where
the Nexus lets its talk go to the provider and whoever wrote it has not said no. The look is taken beside everything
else: a message is answered, stored and shown as if there was none, and a provider that is slow or down changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from adapters.contract import Event
from bot.log import log
from bot.talk.provider import Refused, refused
from bot.unit import AsyncStore
from core.moderation.classify import model
from core.moderation.signals.seen import Signal
from core.moderation.text.reading import read
from core.people.people import known_speaker
from core.providers.consents import decision_for
from core.store import Unit

SIGNAL = "abuse"
DOUBT = 0.1  # of the offline classifier
MET = 0.9  # the strength from which the rule about abuse is met: what the endpoint flags has at least that
WAITING = 200  # messages that wait for a look at most; beyond that none is taken
AT_ONCE = 4  # looks
PAUSE = 30.0  # seconds without a look after one failed


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the endpoint says: the strongest category of abuse, its score (0 to 1), and whether it flags any."""

    category: str
    score: float
    flagged: bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """A message about which the offline classifier is in doubt, and everything that was noticed about it."""

    event: Event
    nexus_id: int
    signals: Sequence[Signal]


class Asks(Protocol):
    """An endpoint at `host`."""

    host: str

    async def ask(self, text: str) -> Verdict | None:
        """What it says of a text; None if it does not answer."""

    async def close(self) -> None:
        """Close all connections."""


def doubtful(text: str, signals: Sequence[Signal]) -> bool:
    """Whether the offline classifier is in doubt about a text, with what was noticed about it. Pure."""
    found = next((one.strength for one in signals if one.name == SIGNAL), None)
    return DOUBT <= (model.load().strengths(read(text)).abuse if found is None else found) < MET


def signal_of(verdict: Verdict, host: str) -> Signal:
    """What an endpoint says, as a signal beside the others. Pure."""
    strength = max(verdict.score, MET) if verdict.flagged else min(verdict.score, MET - 0.01)
    return Signal(SIGNAL, strength, f"{host} reads {verdict.category.replace('/', ', ')} in it ({verdict.score:.0%})")


class SecondLook:
    """Takes second looks, one after the other has come. One instance per process."""

    def __init__(self, store: AsyncStore, endpoint: Asks) -> None:
        self._store = store
        self._endpoint = endpoint
        self._waiting: asyncio.Queue[Doubt] = asyncio.Queue(WAITING)
        self._rests_until = 0.0  # by the loop's clock

    def put(self, doubt: Doubt) -> None:
        """Have a look taken soon; none, where too many wait."""
        if not self._waiting.full():
            self._waiting.put_nowait(doubt)

    async def run(self, follow: Callable[[Doubt, Signal], Awaitable[None]]) -> None:
        """Look until cancelled; `follow` is told what came of each look."""
        try:
            async with asyncio.TaskGroup() as looks:
                for _ in range(AT_ONCE):
                    looks.create_task(self._look_on(follow))
        finally:
            await self._endpoint.close()

    async def drained(self) -> None:
        """Wait until nothing waits for a look or is being looked at."""
        await self._waiting.join()

    async def _look_on(self, follow: Callable[[Doubt, Signal], Awaitable[None]]) -> None:
        while True:
            doubt = await self._waiting.get()
            try:
                await self._look(doubt, follow)
            except Exception:
                log.exception("a second look failed")
            finally:
                self._waiting.task_done()

    async def _look(self, doubt: Doubt, follow: Callable[[Doubt, Signal], Awaitable[None]]) -> None:
        clock = asyncio.get_running_loop().time
        if clock() < self._rests_until or not await self._store.read(lambda unit: may_leave(unit, doubt)):
            return
        verdict = await self._endpoint.ask(doubt.event.text)
        if verdict is None:
            self._rests_until = clock() + PAUSE
        else:
            await follow(doubt, signal_of(verdict, self._endpoint.host))


def may_leave(unit: Unit, doubt: Doubt) -> bool:
    """Whether the Nexus lets its talk go to the provider, and whoever wrote this has not said no."""
    account = doubt.event.account
    who = known_speaker(unit, platform=doubt.event.platform, workspace=account.workspace, external_id=account.id)
    if who is None:
        return decision_for(unit, doubt.nexus_id).allowed
    return refused(unit, doubt.nexus_id, who.person_id) is Refused.NOBODY
