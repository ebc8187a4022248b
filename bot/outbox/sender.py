"""Sending what the outbox holds: in order within a place, patiently, and marked as soon as the platform has it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Protocol

from adapters.contract import (
    Adapter,
    Address,
    DeliveryError,
    Gone,
    NotPermitted,
    Reply,
    Sent,
    TooManyRequests,
    Transient,
    Unauthorized,
    Unreachable,
)
from bot.log import log
from bot.metrics import metrics
from bot.outbox import outbox
from bot.outbox.looked import with_card
from bot.outbox.outbox import Outgoing
from bot.outbox.roster import ask_readers
from bot.outbox.shown import Shows, as_it_may_be_said
from bot.pictures import drawn
from bot.unit import AsyncStore
from bot.words import Words
from core.catalogue import REGISTRY
from core.clock import MINUTE, SECOND
from core.errors import N_
from core.notices import notices
from core.operations import Registry
from core.people.people import lost_direct
from core.store import Unit

ATTEMPTS_AT_ONCE = 4  # tries while the lane waits; after that the row is retried in the background
MAX_ATTEMPTS = 40
OPEN_CHAT = N_("I'd like to answer you in private. Please open a direct chat with me first.")
LONGEST_PAUSE = 30.0  # seconds


class Lost(Exception):
    """Another process sends for this platform now."""


class Guard(Protocol):
    """Says whether this process is the one that sends, where several could (see `bot.cluster.lease`)."""

    def holds(self, platform: str) -> bool:
        """Whether it may send at this moment: cheap, asked before each request."""

    def check(self, unit: Unit, platform: str) -> None:
        """Raise `Lost` inside a unit that writes how a row ended, if another process is in charge of it now."""


class Delivers(Protocol):
    """What a turn hands its rows to."""

    async def deliver(self, row: Outgoing, *, left_over: bool = False) -> None:
        """See `Sender.deliver`."""


class _Alone:
    """The guard of a process that shares its store with nobody."""

    def holds(self, platform: str) -> bool:
        return True

    def check(self, unit: Unit, platform: str) -> None:
        return


class Sender:
    """Delivers outbox rows through the adapters of this process."""

    def __init__(
        self,
        store: AsyncStore,
        adapters: Mapping[str, Adapter],
        words: Words,
        guard: Guard | None = None,
        registry: Registry = REGISTRY,
    ) -> None:
        self._store = store
        self._registry = registry
        self._adapters = adapters
        self._words = words
        self._guard = guard or _Alone()
        self._busy: set[int] = set()
        self._accepted: dict[int, Sent] = {}  # the platform has them, and the store could not be told yet

    async def deliver(self, row: Outgoing, *, left_over: bool = False) -> None:
        """Send (or edit into place) one row. Returns when it is sent, given up, or left for the background.

        A turn delivers its own rows as it has written them. Anybody else says `left_over`: somebody may have been
        faster, so the row is looked at again. A row for somebody who cannot be reached now waits for them.
        """
        adapter = self._adapters.get(row.address.platform)
        if adapter is None or row.id in self._busy or not adapter.reaches(row.address.account_id):
            return
        self._busy.add(row.id)
        try:
            now = await self._store.read(partial(outbox.due, row_id=row.id)) if left_over else row
            if now is not None:
                await self._deliver(adapter, now)
        except Lost:
            log.warning("a reply is left to the process that sends now", extra={"outbox": row.id})
        finally:
            self._busy.discard(row.id)

    async def _deliver(self, adapter: Adapter, row: Outgoing) -> None:
        pause = 0.5
        attempt = 0
        while row.id in self._accepted or self._guard.holds(row.address.platform):
            attempt += 1
            try:
                sent = self._accepted.get(row.id) or await self._once(adapter, row)
            except TooManyRequests as error:
                metrics.send_errors.labels(row.address.platform, "too_many_requests").inc()
                attempt -= 1  # being asked to wait is no failure
                await asyncio.sleep(min(error.after, 120.0))
            except (Gone, NotPermitted, Unreachable) as error:
                await self._undeliverable(row, error)
                return
            except (Transient, Unauthorized) as error:
                kind = "unauthorized" if isinstance(error, Unauthorized) else "transient"
                metrics.send_errors.labels(row.address.platform, kind).inc()
                if attempt >= ATTEMPTS_AT_ONCE:
                    await self._postpone(row)
                    return
                await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, not a secret
                pause = min(pause * 2, LONGEST_PAUSE)
            except Lost:
                raise
            except DeliveryError as error:  # refused for good, for a reason that has no class of its own
                await self._undeliverable(row, error)
                return
            except Exception:  # a fault of ours: it must not be tried without end, nor be lost at once
                log.exception("a reply could not be sent", extra={"outbox": row.id})
                await self._postpone(row)
                return
            else:
                # Not guarded: it is a fact, and who sends now should know it.
                self._accepted[row.id] = sent
                await self._store.write(partial(outbox.mark_sent, row_id=row.id, sent=sent))
                del self._accepted[row.id]
                metrics.sent.labels(row.address.platform).inc()
                return

    async def _once(self, adapter: Adapter, row: Outgoing) -> Sent:
        reply = row.reply
        if row.shows is not None and row.shows.card is not None:
            reply = await self._with_card(adapter, row, row.shows)
        elif row.shows is not None and row.shows.records:
            reply = await self.as_it_may_be_said(row, row.reply)
            if reply is not row.reply:
                row.reply, row.shows = reply, replace(row.shows, records=frozenset())
                await self._settle(row, partial(outbox.withdraw, row_id=row.id, reply=reply, shows=row.shows))
                log.info("who may hear a reply has changed: it is left unsaid", extra={"outbox": row.id})
        reply = await drawn(reply)
        if row.sent is not None and row.sent.message_ids:
            try:
                return await adapter.edit(row.address, row.sent, reply)
            except Gone:
                row.sent = None  # somebody deleted the placeholder: say it anew
        return await adapter.send(row.address, reply, key=row.key)

    async def _with_card(self, adapter: Adapter, row: Outgoing, found: Shows) -> Reply:
        """What a notice says at this moment: it is not written down, so that a retry says what is true then."""
        told = await ask_readers(self._store, adapter, self._words, found, row.address)
        if told is not None:
            await self.deliver(told)
        look = partial(
            with_card,
            registry=self._registry,
            words=self._words,
            found=found,
            to=row.address,
            reply=row.reply,
        )
        return await self._store.read(look)

    async def as_it_may_be_said(self, row: Outgoing, reply: Reply) -> Reply:
        """What the message of a row may say at this moment: the reply, or one constant sentence in its place."""
        return await as_it_may_be_said(self._store, self._words, row.shows, row.address, reply)

    async def _undeliverable(self, row: Outgoing, error: DeliveryError) -> None:
        log.warning(
            "a reply cannot be delivered",
            extra={"platform": row.address.platform, "why": type(error).__name__, "outbox": row.id},
        )
        metrics.send_errors.labels(row.address.platform, type(error).__name__.lower()).inc()
        asked_in = row.address.place_id
        tell = isinstance(error, Unreachable) and row.address.private and asked_in and row.inbox_id > 0

        def unit(unit: Unit) -> Outgoing | None:
            self._guard.check(unit, row.address.platform)
            if isinstance(error, Unreachable) and row.inbox_id < 0:  # a notice: it waits until they write to us again
                outbox.drop(unit, row.id)
                notices.put_back(unit, -row.inbox_id)
                lost_direct(unit, row.address.platform, row.address.workspace, row.address.account_id)
                return None
            outbox.mark_failed(unit, row.id)
            if row.inbox_id < 0 and not row.address.private:
                notices.lost_announced(unit, -row.inbox_id)
            if not tell:
                return None
            return outbox.say(
                unit,
                inbox_id=row.inbox_id,
                position=row.position + 100,
                place_key=row.place_key,
                address=Address(
                    row.address.platform,
                    asked_in,
                    thread=row.address.thread,
                    workspace=row.address.workspace,
                    reply_to=row.address.reply_to,
                ),
                reply=Reply(self._words(OPEN_CHAT)),
            )

        hint = await self._store.write(unit)
        if hint is not None:
            await self.deliver(hint)

    async def _postpone(self, row: Outgoing) -> None:
        tries = row.attempts + ATTEMPTS_AT_ONCE
        if tries >= MAX_ATTEMPTS:
            await self._settle(row, partial(outbox.mark_failed, row_id=row.id))
            log.error("a reply was given up", extra={"platform": row.address.platform, "outbox": row.id})
            return
        delay = min(5 * SECOND * 2 ** (row.attempts), 10 * MINUTE)
        await self._settle(row, partial(outbox.later, row_id=row.id, delay=delay))

    async def _settle(self, row: Outgoing, what: Callable[[Unit], None]) -> None:
        def unit(unit: Unit) -> None:
            self._guard.check(unit, row.address.platform)
            what(unit)

        await self._store.write(unit)
