"""A little bot for the other end: it keeps the events and answers each as the test says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from adapters.contract import Address, Button, ButtonStyle, Card, Event, Heard, Reply, Suggestion
from adapters.terminal import TerminalAdapter

Answer = Callable[[TerminalAdapter, Event], Awaitable[None]]

QUESTION = Card(
    "A need",
    "A **designer** for the page",
    (("Where", "Riverside"),),
    ("Tom may know someone",),
    "Nothing is posted yet.",
    (Button("Yes, post it", "tok-yes", ButtonStyle.PRIMARY), Button("No", "tok-no")),
)


def to(event: Event) -> Address:
    """Back to where it was said."""
    return Address("terminal", event.place.id)


async def until(condition: Callable[[], object]) -> None:
    """Wait up to ten seconds for something to become true."""
    for _ in range(2_000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never became true")


async def echo(adapter: TerminalAdapter, event: Event) -> None:
    """Say what arrived."""
    what = event.press.token if event.press else f"{event.command.name}|{event.command.rest}" if event.command else ""
    await adapter.send(to(event), Reply(f"{event.account.name}: {what or event.text}"), key=event.event_id)


async def ask(adapter: TerminalAdapter, event: Event) -> None:
    """Answer talk about cards with a card, and everything else with an echo."""
    if event.text.startswith("card"):
        await adapter.send(to(event), Reply(card=QUESTION), key=event.event_id)
    else:
        await echo(adapter, event)


@dataclass
class Bot:
    """A sink that works events out in tasks of their own, as the bot does."""

    answer: Answer = echo
    ends: bool = True
    events: list[Event] = field(default_factory=list)
    adapter: TerminalAdapter | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def record(self, events: Sequence[Event]) -> None:
        """Keep the events and begin to answer."""
        for event in events:
            self.events.append(event)
            self._tasks.add(asyncio.create_task(self._turn(event)))

    async def complete(self, event: Event, option: str, typed: str) -> list[Suggestion]:
        """Never asked for."""
        raise AssertionError("the terminal completes nothing")

    async def home(self, event: Event) -> Reply:
        """Never asked for."""
        raise AssertionError("the terminal has no home page")

    async def heard(self, platform: str) -> list[Heard]:
        """Never asked for."""
        raise AssertionError("the terminal has no history")

    async def _turn(self, event: Event) -> None:
        assert self.adapter is not None
        await self.answer(self.adapter, event)
        if self.ends:
            self.adapter.turn_done(event.event_id)

    async def settle(self) -> None:
        """Wait for every answer begun so far; what failed in one is raised here."""
        await asyncio.gather(*self._tasks)
