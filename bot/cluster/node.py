"""One process among several: its relays and leases, its desk, its workers, its ear, wired together for `bot.app`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from adapters.contract import Adapter, Event
from bot.cluster import asks, lease, queue
from bot.cluster.desk import Desk
from bot.cluster.ear import Ear
from bot.cluster.lease import Keeper
from bot.cluster.part import Part
from bot.cluster.relay import CODE, Handover, Relay
from bot.cluster.worker import GRACE, Work
from bot.inbox.inbox import Entry
from bot.lanes import Lanes
from bot.log import log
from bot.outbox.sender import Sender
from bot.turn.turns import Turns
from bot.unit import AsyncStore
from bot.waiting import woken
from bot.words import Words
from core.catalogue import REGISTRY
from core.operations import Registry
from core.store import Unit

KNOWN_EVERY = 5.0  # seconds between looks at what the sending processes tell of their adapters


class Deferred:
    """Implements `bot.turn.shared.Shared`."""

    def defer(self, unit: Unit, entry: Entry) -> None:
        """See `queue.defer`."""
        queue.defer(unit, entry)

    def answer_press(self, unit: Unit, event: Event, notice: str) -> None:
        """See `asks.answer_press`."""
        asks.answer_press(unit, event, notice)


class Node:
    """Everything that makes a process one of several.

    `adapters` are all that are configured here; only in a part that receives are they started, by the caller, between
    `start` and `open`, and told by `started`. `leases` has the name of each one's lease.
    """

    def __init__(
        self,
        store: AsyncStore,
        adapters: Sequence[Adapter],
        leases: Mapping[str, str],
        words: Words,
        part: Part,
        registry: Registry = REGISTRY,
    ) -> None:
        self.part = part
        self.shared = Deferred()
        self.handover = Handover()
        self.relays: dict[str, Relay] = {a.name: Relay(store, a, partial(self._known_of, a.name)) for a in adapters}
        self._store = store
        self._adapters = {adapter.name: adapter for adapter in adapters}
        self._known: dict[str, dict[str, Any]] = {}
        self._known_woken = asyncio.Event()
        self.lanes = Lanes()
        both = {**leases, **{lease.listening(name): lease.listening(called) for name, called in leases.items()}}
        self.keeper = Keeper(store, both, self._info, gained=lambda: self.desk.wake())
        self.sender = Sender(store, self._adapters, words, self.keeper, registry)
        self.desk = Desk(store, self._adapters, self.sender, self.keeper, self.lanes)
        self.work: Work | None = None
        self._ear = Ear(store.store.url, self._heard, self._all_woken)
        self._topics: list[Callable[[str], None]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._working: asyncio.Task[None] | None = None

    async def start(self, turns: Turns, topic: Callable[[str], None]) -> None:
        """Begin to hear of other processes. `topic` is called with each topic they wake, and with "" for all."""
        self._topics.append(topic)
        self._known = await self._store.read(lease.known)
        self._task(self._ear.run(), "ear")
        self._task(self._learn(), "learn")
        if self.part.works:
            self.work = Work(
                self._store,
                turns.work,
                concurrency=self.part.concurrency,
                stalled_after=self.part.stalled_after,
            )

    def started(self, platform: str) -> None:
        """Its adapter listens: this process may send for it."""
        self.keeper.add(platform)

    async def seek_listening(self, platform: str) -> bool:
        """Whether this process is the one that hears the platform; if not, it may become it later."""
        self.keeper.add(lease.listening(platform))
        await self.keeper.look()
        return self.listens(platform)

    def listens(self, platform: str) -> bool:
        """Whether it is so at this moment."""
        return self.keeper.holds(lease.listening(platform))

    def ended(self, platform: str) -> None:
        """Its adapter listens no more."""
        self.keeper.remove(platform)

    async def open(self) -> None:
        """Take leases, send, and work."""
        self.lanes.release()
        if self.part.receives:
            await self.keeper.look()
            self._task(self.keeper.run(), "leases")
            self._task(self.desk.run(), "desk")
        if self.work is not None:
            self._working = asyncio.create_task(self.work.run(), name="work")

    async def stop(self) -> None:
        """Let running turns end and send what is ready; what remains is left to others."""
        if self.work is not None and self._working is not None:
            self.work.stop()
            await asyncio.gather(self._working, return_exceptions=True)
        if self.part.receives:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(GRACE):
                    await self.desk.look()
                    await self.lanes.drain()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.lanes.stop()

    async def close(self) -> None:
        """The adapters are closed: give the leases back."""
        await self.keeper.stop()

    def report(self) -> dict[str, Any]:
        """For /healthz: whether it works (None where it is not to), and the platforms for which it sends."""
        works = self.work.working.is_set() if self.work is not None else None
        return {"works": works, "sends": sorted(name for name in self._adapters if self.keeper.holds(name))}

    def _heard(self, topic: str) -> None:
        """A topic was woken, by this process or another: the ear hears both."""
        for relay in self.relays.values():
            relay.hear(topic)
        if topic in ("", "outbox", "ask"):
            self.desk.wake()
        if self.work is not None:
            self.work.wake(topic)
        if topic in ("", "lease"):
            self.keeper.wake()
            self._known_woken.set()
        for listener in self._topics:
            listener(topic)

    def _all_woken(self) -> None:
        self._heard("")

    def _known_of(self, platform: str) -> Mapping[str, Any]:
        return self._known.get(platform, {})

    def _info(self, platform: str) -> dict[str, Any]:
        adapter = self._adapters.get(platform)
        if adapter is None:  # the lease of a listener
            return {}
        return {"invite": adapter.invite_link(CODE), "join": adapter.join_link()}

    async def _learn(self) -> None:
        while True:
            self._known_woken.clear()
            try:
                self._known = await self._store.read(lease.known)
            except Exception as error:
                log.info("the leases could not be read", extra={"why": type(error).__name__})
            await woken(self._known_woken, KNOWN_EVERY)

    def _task(self, work: Any, name: str) -> None:
        self._tasks.append(asyncio.create_task(work, name=name))
