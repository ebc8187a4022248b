"""The composition root: the one place where everything is wired together, started, recovered and stopped."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from urllib.parse import urlsplit

from adapters.contract import Adapter, MenuEntry
from bot.cofounder.brain import Speaks, Understands
from bot.inbox import inbox
from bot.jobs.jobs import Periodic, Scheduler
from bot.jobs.tidy import EVERY, tidy
from bot.lanes import Lanes
from bot.log import log
from bot.metrics import metrics
from bot.outbox import outbox
from bot.outbox.notices import take_notices
from bot.outbox.sender import Sender
from bot.settings import Settings
from bot.talk.budget import Caps
from bot.turn.model import Prices
from bot.turn.turns import Turns
from bot.unit import AsyncStore
from bot.words import Words
from core.catalogue import REGISTRY
from core.clock import Clock
from core.nexuses.founding import found
from core.operations import Operation, Registry
from core.store import Store

SWEEP = 5.0  # seconds between looks for replies whose retry is due
GRACE = 10.0  # seconds that running turns get at a stop


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
    ) -> None:
        self.settings = settings
        self.store = AsyncStore(store)
        self.registry = registry
        self.adapters: Mapping[str, Adapter] = {adapter.name: adapter for adapter in adapters}
        self.words = Words(settings.language, self._invite_links)
        self.lanes = Lanes()
        self.brain = brain or make_brain(settings)
        self.offline = offline or make_offline(registry)
        self.sender = Sender(self.store, self.adapters, self.words)
        self._notices = asyncio.Event()
        self.turns = Turns(
            self.store,
            registry,
            self.adapters,
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
            provider=urlsplit(settings.model_url).hostname or "" if self.brain is not None else "",
        )
        self.scheduler = Scheduler(self.store, {"tidy": tidy}, (Periodic("tidy", EVERY),))
        self._tasks: list[asyncio.Task[None]] = []
        self._stale: set[int] = set()

    async def start(self, *, claimable: bool = True) -> str | None:
        """Found or recover the store, start the adapters, begin to work.

        Returns the claim code while nobody owns the store: for the operator's terminal only. A caller that has
        founded it already says `claimable=False`, as each founding makes a new code.
        """
        code = await self.store.write(lambda unit: found(unit, self.settings.name)) if claimable else None
        loop = asyncio.get_running_loop()
        self.store.store.listen(lambda topic: self._woken(loop, topic))
        await self._recover()
        menu = menu_of(self.registry)
        try:
            for adapter in self.adapters.values():
                await adapter.start(self.turns, menu)
        except BaseException:
            await self._close()  # what was recovered stays where it is
            raise
        self.lanes.release()
        for work in (self.scheduler.run, self._tell_notices, self._sweep):
            self._tasks.append(loop.create_task(work(), name=work.__name__))
        self._notices.set()
        return code

    async def stop(self) -> None:
        """Stop listening, let running turns end, send what is ready, close."""
        self.turns.pause()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self.lanes.drain()
        await self._close()

    async def _close(self) -> None:
        await self.lanes.stop()
        for adapter in self.adapters.values():
            with contextlib.suppress(Exception):
                await adapter.stop()
        if self.brain is not None:
            await self.brain.close()

    async def _recover(self) -> None:
        """Put what a crash left over into its lanes: first what was to be sent, then what was to be worked.

        What a turn has written and not brought to its end is left to that turn, which sends it in its order.
        """
        entries = await self.store.write(inbox.recovered)
        unfinished = {entry.inbox_id for entry in entries}
        rows = [row for row in await self.store.read(outbox.waiting) if row.inbox_id not in unfinished]
        for row in rows:
            self._put(row)
        for entry in entries:
            if entry.event.platform in self.adapters:
                self.turns.start(entry)
        if rows or entries:
            log.info("recovering", extra={"events": len(entries), "replies": len(rows)})

    def _invite_links(self, code: str) -> list[str]:
        return [link for adapter in self.adapters.values() if (link := adapter.invite_link(code))]

    def _woken(self, loop: asyncio.AbstractEventLoop, topic: str) -> None:
        # Runs on a store thread.
        if loop.is_closed():
            return
        if topic == "notices":
            loop.call_soon_threadsafe(self._notices.set)
        elif topic == "jobs":
            loop.call_soon_threadsafe(self.scheduler.wake)

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
        return await self.store.write(lambda unit: take_notices(unit, self.adapters, self.words))

    async def _after_turn(self) -> None:
        """Tell at once what this turn has to tell others, so that a conversation reads in its order."""
        if self._notices.is_set():
            for row in await self._due_notices():
                await self.sender.deliver(row, left_over=True)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            metrics.waiting.set(self.lanes.depth)
            for name, adapter in self.adapters.items():
                metrics.progress.labels(name).set(adapter.health().last_progress / 1000)
            try:
                await self._pick_up()
            except Exception:
                log.exception("what was left over could not be picked up")
            self._notices.set()

    async def _pick_up(self) -> None:
        """Send what was put off, and work what lies there without a turn (the store failed in the middle of one)."""
        for row in await self.store.read(outbox.waiting):
            if row.inbox_id not in self.turns.running:
                self._put(row)
        entries = {entry.inbox_id: entry for entry in await self.store.read(inbox.waiting)}
        stale = entries.keys() - self.turns.running
        for inbox_id in sorted(stale & self._stale):  # seen twice: it did not just end or begin
            if entries[inbox_id].event.platform in self.adapters:
                self.turns.start(entries[inbox_id])
        self._stale = stale

    def _put(self, row: outbox.Outgoing) -> None:
        self.lanes.put(row.place_key, partial(self.sender.deliver, row, left_over=True))


def menu_of(registry: Registry) -> list[MenuEntry]:
    """The commands as platforms show them, the common ones first."""
    shown = [o for o in registry if not o.internal]
    ordered = sorted(shown, key=lambda o: (o.name != "help", not o.common))
    return [MenuEntry(o.name, _about(o), o.direct_only) for o in ordered]


def _about(operation: Operation) -> str:
    return operation.summary.rstrip(".")


def make_brain(settings: Settings) -> Speaks | None:
    """The model, if one is configured. Its library is loaded only then."""
    if not settings.has_model:
        return None
    from bot.cofounder.model import ModelBrain, Patience

    return ModelBrain(
        api_key=settings.model_key.get_secret_value() or "none",
        base_url=settings.model_url,
        model=settings.model_name,
        patience=Patience(first=settings.model_timeout, between=settings.model_timeout),
    )


def make_offline(registry: Registry) -> Understands:
    """The offline brain."""
    from bot.cofounder.offline import OfflineBrain

    return OfflineBrain(registry)


def make_telegram(settings: Settings, clock: Clock) -> Adapter | None:
    """The Telegram adapter, if a token is configured."""
    token = settings.telegram_token.get_secret_value()
    if not token:
        return None
    from adapters.telegram.adapter import TelegramAdapter

    return TelegramAdapter(
        token,
        base_url=settings.telegram_api,
        file_base_url=settings.telegram_files,
        webhook_url=settings.telegram_webhook,
        webhook_secret=settings.telegram_webhook_secret.get_secret_value(),
        webhook_bind=settings.http_bind,
        clock=clock.now,
    )
