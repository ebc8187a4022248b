"""The composition root: the one place where everything is wired together, started, recovered and stopped."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.contract import Adapter, DeliveryError, MenuEntry, Unauthorized
from bot.brains import make_brain, make_offline, make_second_look
from bot.cluster.part import Part
from bot.cofounder.brain import Speaks, Understands
from bot.inbox import inbox
from bot.inbox.inbox import Entry
from bot.jobs.all import make_scheduler
from bot.jobs.moderation import LISTS
from bot.lanes import Lanes
from bot.log import log
from bot.menu import menu_of
from bot.metrics import metrics
from bot.moderation.carry import Carrier
from bot.moderation.look_back import LookBack
from bot.moderation.watch import Watch
from bot.outbox import outbox
from bot.outbox.notices import take_notices
from bot.outbox.places import take_announcements
from bot.outbox.sender import Delivers, Sender
from bot.payouts.setup import configure_payouts
from bot.platforms import REFUSED, platform_of
from bot.privacy.copies import Copies
from bot.settings import Settings
from bot.talk.budget import Caps
from bot.talk.provider import provider_at
from bot.turn.model import Prices
from bot.turn.turns import Turns
from bot.unit import AsyncStore
from bot.words import Words
from core.catalogue import REGISTRY
from core.errors import N_, NexusError
from core.nexuses.founding import found, found_once
from core.operations import Registry
from core.providers.provider import NO_PROVIDER, configure
from core.store import Store, Unit
from core.store.open import sqlite_path

if TYPE_CHECKING:
    from bot.cluster.node import Node

SWEEP = 5.0  # seconds between looks for replies whose retry is due
STAND_BY = 0.5  # seconds between looks whether this process is the one that listens
START_AGAIN = 5.0  # seconds until a platform that could not be reached is tried again; doubled up to a minute
GRACE = 10.0  # seconds that running turns get at a stop


class NotStarted(NexusError):
    """A platform does not let us in (`refused`), or cannot be reached."""

    code = "not_started"

    def __init__(self, template: str, *, refused: bool, **data: Any) -> None:
        super().__init__(template, **data)
        self.refused = refused


class App:
    """One process: a store, its adapters, the brains, and the tasks in the background."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        adapters: Sequence[Adapter],
        *,
        offline: Understands | None = None,
        brain: Speaks | None = None,
        registry: Registry = REGISTRY,
        part: Part | None = None,
        beside: Path | None = None,
    ) -> None:
        """`beside`: where copies of the store lie that this process looks after; by default beside an SQLite store."""
        self.settings = settings
        self.store = AsyncStore(store)
        self.registry = registry
        self.words = Words(settings.language, self._invite_links)
        made = (settings, self.store, adapters, self.words)
        self.node = make_node(*made, part, registry) if part is not None else None
        # Those that this process starts, and those by which it reaches people.
        self.adapters: Mapping[str, Adapter] = {a.name: a for a in adapters if part is None or part.receives}
        self.reached: Mapping[str, Adapter] = self.node.relays if self.node is not None else self.adapters
        self.lanes = Lanes()
        self.brain = brain or make_brain(settings)
        configure(store, provider_at(settings) if self.brain is not None else NO_PROVIDER)
        configure_payouts(store, settings)
        self.offline = offline or make_offline(registry)
        alone = Sender(self.store, self.adapters, self.words, registry=registry)
        self.sender: Delivers = self.node.handover if self.node is not None else alone
        self._notices = asyncio.Event()
        ours = self.node.keeper.holds if self.node else None
        self.carrier = Carrier(self.store, self.adapters, self.words, ours)
        self.watch = Watch(self.store, settings.bad_domains, make_second_look(settings, self.store))
        self.look_back = LookBack(self.store, self.adapters, lambda: self.watch.bad_domains, ours)
        self.turns = Turns(
            self.store,
            registry,
            self.reached,
            self.sender,
            self.lanes,
            self.words,
            self.offline,
            self.brain,
            caps=Caps(settings.model_person_tokens, settings.model_nexus_tokens, settings.model_all_tokens),
            prices=Prices(
                Decimal(str(settings.price_prompt)),
                Decimal(str(settings.price_cached)),
                Decimal(str(settings.price_completion)),
            ),
            after=self._after_turn,
            shared=self.node.shared if self.node is not None else None,
            carrier=self.carrier if self.node is None else None,
            watch=self.watch,
        )
        beside = beside or sqlite_path(store.url)
        self.copies = Copies(self.store, beside) if beside is not None else None
        self.scheduler = make_scheduler(settings, self.store, self.copies)
        self._wakes: Mapping[str, Callable[[], None]] = {
            "notices": self._notices.set,
            "jobs": self.scheduler.wake,
            "acts": self.carrier.wake,
            "guards": self.watch.forget,
            "looks": self.look_back.wake,
            "lists": self._lists_changed,
        }
        self._tasks: list[asyncio.Task[None]] = []
        self._stale: set[int] = set()

    async def start(self, *, claimable: bool = True) -> str | None:
        """Found or recover the store, start the adapters, begin to work.

        Returns the claim code while nobody owns the store: for the operator's terminal only. A caller that has
        founded it already says `claimable=False`, as each founding makes a new code.
        """
        claimable = claimable and (self.node is None or self.node.part.receives)
        code = await self.store.write(self._found) if claimable else None
        loop = asyncio.get_running_loop()
        self.store.store.listen(lambda topic: self._woken(loop, topic))
        menu = menu_of(self.registry)
        try:
            if self.node is None:
                await self._recover()
            else:
                await self.node.start(self.turns, self._hear)
            await self._start_all(menu)
            if self.node is not None:
                await self.node.open()
        except BaseException:
            await self._close()  # what was recovered stays where it is
            raise
        self.lanes.release()
        await self._look_after_copies()
        works = self.node is None or self.node.part.works
        hears = self.node is None or self.node.part.receives  # acts need the platform's own connection
        beside = (
            *((self.scheduler.run, self._tell_notices) if works else ()),
            *((self.carrier.run, self.look_back.run) if hears else ()),
        )
        for work in (self._sweep, self.watch.run, *beside):
            self._tasks.append(loop.create_task(work(), name=work.__name__))
        self._notices.set()
        return code

    async def _look_after_copies(self) -> None:
        if self.copies is not None:
            try:
                await self.copies()
            except Exception:  # nothing that keeps people from being answered
                log.exception("the copies of the store could not be looked after")

    def _found(self, unit: Unit) -> str | None:
        """A gateway among others leaves the code alone that another process has shown."""
        shared = self.node is not None and not self.node.part.works
        return (found_once if shared else found)(unit, self.settings.name)

    async def _start_all(self, menu: Sequence[MenuEntry]) -> None:
        """Start what is configured. A platform that cannot be reached now is tried again while others work."""
        adapters = [adapter for adapter in self.adapters.values() if await self._is_ours(adapter, menu)]
        outcomes = await asyncio.gather(*(self._start(a, menu) for a in adapters), return_exceptions=True)
        failed = [(a, error) for a, error in zip(adapters, outcomes, strict=True) if error is not None]
        for _, error in failed:
            if len(failed) == len(adapters) or not isinstance(error, NotStarted):
                raise error
        for adapter, error in failed:
            if isinstance(error, NotStarted) and error.refused:  # trying again cannot help; the others need not suffer
                log.error("a platform refused us", extra={"platform": adapter.name, "why": str(error)})
                continue
            log.warning("a platform cannot be reached", extra={"platform": adapter.name, "why": str(error)})
            self._tasks.append(asyncio.create_task(self._start_later(adapter, menu), name=f"start {adapter.name}"))

    async def _is_ours(self, adapter: Adapter, menu: Sequence[MenuEntry]) -> bool:
        """Whether this process is to listen now: of several on one platform some may have to stand by."""
        if self.node is None or not adapter.capabilities.one_listener:
            return True
        ours = await self.node.seek_listening(adapter.name)
        work = self._take_turns(self.node, adapter, menu, listening=ours)
        self._tasks.append(asyncio.create_task(work, name=f"listen {adapter.name}"))
        return ours

    async def _take_turns(self, node: Node, adapter: Adapter, menu: Sequence[MenuEntry], *, listening: bool) -> None:
        """Stand by while another process listens, take over from it, and leave it to another one again."""
        if not listening:
            log.info("another process listens, this one stands by", extra={"platform": adapter.name})
        while True:
            await asyncio.sleep(STAND_BY)
            ours = node.listens(adapter.name)
            if ours and not listening:
                try:
                    await self._start(adapter, menu)
                    listening = True
                except NotStarted as error:
                    log.warning("a platform cannot be reached", extra={"platform": adapter.name, "why": str(error)})
                    await asyncio.sleep(START_AGAIN)
            elif listening and not ours:
                log.warning("this process listens no more", extra={"platform": adapter.name})
                node.ended(adapter.name)
                with contextlib.suppress(Exception):
                    await adapter.stop()
                listening = False

    async def _start_later(self, adapter: Adapter, menu: Sequence[MenuEntry]) -> None:
        pause = START_AGAIN
        while True:
            await asyncio.sleep(pause)
            try:
                await self._start(adapter, menu)
            except NotStarted as error:
                log.warning("a platform cannot be reached", extra={"platform": adapter.name, "why": str(error)})
                pause = min(pause * 2, 60.0)
            else:
                log.info("a platform is back", extra={"platform": adapter.name})
                return

    async def _start(self, adapter: Adapter, menu: Sequence[MenuEntry]) -> None:
        try:
            await adapter.start(self.turns, menu)
            if self.node is not None:
                self.node.started(adapter.name)
        except Unauthorized:
            platform = platform_of(adapter.name)
            raise NotStarted(REFUSED, refused=True, title=platform.title, source=platform.source) from None
        except DeliveryError as error:
            raise NotStarted(
                N_("{title} cannot be reached from here ({why}). Is there a proxy in between?"),
                refused=False,
                title=platform_of(adapter.name).title,
                why=error,
            ) from None

    async def stop(self) -> None:
        """Stop listening, let running turns end, send what is ready, close."""
        self.turns.pause()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.carrier.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self.lanes.drain()
        await self._close()

    async def _close(self) -> None:
        if self.node is not None:
            await self.node.stop()
        await self.lanes.stop()
        for adapter in self.adapters.values():
            with contextlib.suppress(Exception):
                await adapter.stop()
        if self.node is not None:
            await self.node.close()
        if self.brain is not None:
            await self.brain.close()

    async def _recover(self) -> None:
        """Put what a crash left over into its lanes: first what was to be sent, then what was to be worked.

        What a turn has written and not brought to its end is left to that turn, which sends it in its order.
        """
        entries = await self.store.write(lambda unit: inbox.recovered(unit, list(self.adapters)))
        unfinished = {entry.inbox_id for entry in entries}
        rows = [row for row in await self.store.read(outbox.waiting) if row.inbox_id not in unfinished]
        for row in rows:
            self._put(row)
        for entry in entries:
            self.turns.start(entry)
        if rows or entries:
            log.info("recovering", extra={"events": len(entries), "replies": len(rows)})

    def _invite_links(self, code: str) -> list[str]:
        return [link for adapter in self.reached.values() if (link := adapter.invite_link(code))]

    def _woken(self, loop: asyncio.AbstractEventLoop, topic: str) -> None:
        # Runs on a store thread.
        if topic in self._wakes and not loop.is_closed():
            loop.call_soon_threadsafe(self._hear, topic)

    def _hear(self, topic: str) -> None:
        """A topic was woken, by this process or another; "" stands for all of which we may have missed something."""
        for name, wake in self._wakes.items():
            if topic in ("", name):
                wake()

    def _lists_changed(self) -> None:
        """Somebody was banned, or is no more: others may follow that."""
        self.watch.forget()
        self.scheduler.hurry(LISTS)

    async def _tell_notices(self) -> None:
        while True:
            await self._notices.wait()
            try:
                for row in await self._due_notices():
                    self._put(row)
            except Exception:
                log.exception("notices could not be told")
                await asyncio.sleep(1)

    async def _due_notices(self) -> list[outbox.Outgoing]:
        self._notices.clear()
        return await self.store.write(self._take_notices)

    def _take_notices(self, unit: Unit) -> list[outbox.Outgoing]:
        told = take_notices(unit, self.reached, self.words)
        return told + take_announcements(unit, self.reached, self.words)

    async def _after_turn(self) -> None:
        """Tell at once what this turn has to tell others, so that a conversation reads in its order."""
        if self._notices.is_set():
            for row in await self._due_notices():
                await self.sender.deliver(row, left_over=True)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            metrics.waiting.set(self.depth)
            for name, adapter in self.adapters.items():
                metrics.progress.labels(name).set(adapter.health().last_progress / 1000)
            try:
                if self.node is None:  # where several share the work, what is left over is found by its row
                    await self._pick_up()
            except Exception:
                log.exception("what was left over could not be picked up")
            self._notices.set()

    async def _pick_up(self) -> None:
        """Send what was put off, and work what lies there without a turn (the store failed in the middle of one)."""
        for row in await self.store.read(outbox.waiting):
            if row.inbox_id not in self.turns.running:
                self._put(row)
        entries = {entry.inbox_id: entry for entry in await self._left()}
        stale = entries.keys() - self.turns.running
        for inbox_id in sorted(stale & self._stale):  # seen twice: it did not just end or begin
            self.turns.start(entries[inbox_id])
        self._stale = stale

    async def _left(self) -> list[Entry]:
        return await self.store.read(lambda unit: inbox.waiting(unit, list(self.adapters)))

    @property
    def depth(self) -> int:
        """How many tasks wait or run in this process."""
        if self.node is None:
            return self.lanes.depth
        return self.node.lanes.depth + len(self.turns.running)

    def _put(self, row: outbox.Outgoing) -> None:
        self.lanes.put(row.place_key, partial(self.sender.deliver, row, left_over=True))


def make_node(
    settings: Settings,
    store: AsyncStore,
    adapters: Sequence[Adapter],
    words: Words,
    part: Part,
    registry: Registry = REGISTRY,
) -> Node:
    """What makes a process one of several. Its libraries are loaded only then."""
    from bot.cluster.lease import lease_name
    from bot.cluster.node import Node

    leases = {a.name: lease_name(a.name, platform_of(a.name).identity(settings)) for a in adapters}
    return Node(store, adapters, leases, words, part, registry)
