"""The desk of the process that sends: what the outbox holds for its platforms, and what workers ask of its adapters.

Both are done in lanes by place, in the order in which conversations were recorded. Rows and asks are read in one
snapshot and rows are put into their lanes first: what a draft belongs to was committed before it.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from sqlalchemy import Text, bindparam, case, func, not_, select
from sqlalchemy.types import ARRAY, BigInteger

from adapters.contract import Adapter, Attachment, DeliveryError, Gone
from bot.cluster import asks
from bot.cluster.asks import Ask
from bot.cluster.lease import Keeper
from bot.inbox.payload import dump, load_address, load_event, load_reply
from bot.lanes import Lanes
from bot.log import log
from bot.outbox.outbox import Outgoing, open_row, outgoing, set_ids
from bot.outbox.sender import Sender
from bot.outbox.tables import outbox
from bot.turn.greeting import GREETING_POSITION
from bot.unit import AsyncStore
from bot.waiting import woken
from core.store import Unit

LOOK_AGAIN = 2.0  # seconds between looks for what a notification did not tell: what fell due, what was missed
MOST = 500  # rows of a look
LARGEST_FILE = 4 << 20  # bytes that go through the store

_ROWS = (
    select(outbox)
    .where(
        outbox.c.state == "waiting",
        outbox.c.due_at <= bindparam("at"),
        outbox.c.platform == func.any(bindparam("platforms", type_=ARRAY(Text))),
        not_(outbox.c.id == func.any(bindparam("taken", type_=ARRAY(BigInteger)))),
    )
    .order_by(
        outbox.c.inbox_id < 0,  # turns in the order of recording, then notices in the order in which they were made
        func.abs(outbox.c.inbox_id),
        case((outbox.c.position == GREETING_POSITION, -1), else_=outbox.c.position),
    )
    .limit(MOST)
)


class Desk:
    """Sends and answers for the platforms whose lease this process holds."""

    def __init__(
        self, store: AsyncStore, adapters: Mapping[str, Adapter], sender: Sender, keeper: Keeper, lanes: Lanes
    ) -> None:
        self._store = store
        self._adapters = adapters
        self._sender = sender
        self._keeper = keeper
        self._lanes = lanes
        self._rows: set[int] = set()  # in a lane
        self._asks: set[int] = set()
        self._woken = asyncio.Event()
        self._kinds: dict[str, Callable[[Adapter, Ask], Awaitable[dict[str, Any]]]] = {
            asks.PLACE: self._place,
            asks.EDIT: self._edit,
            asks.TYPING: self._typing,
            asks.PRESS: self._press,
            asks.FETCH: self._fetch,
        }

    def wake(self) -> None:
        """There may be something to do."""
        self._woken.set()

    async def run(self) -> None:
        """Look whenever there is something, for ever."""
        while True:
            self._woken.clear()
            try:
                if await self.look() == MOST:
                    self._woken.set()
            except Exception as error:  # of any kind: a desk that closes quietly is a dead bot
                log.warning("the outbox could not be looked at", extra={"why": type(error).__name__})
                await asyncio.sleep(0.5)
            await woken(self._woken, LOOK_AGAIN)

    async def look(self) -> int:
        """Put what waits into its lanes. Returns how many rows of the outbox that were."""
        platforms = [name for name in self._adapters if self._keeper.holds(name)]
        if not platforms or len(self._rows) > 2 * MOST:
            return 0
        rows, asked = await self._store.read(lambda unit: self._waiting(unit, platforms))
        for row in rows:
            self._rows.add(row.id)
            self._lanes.put(row.place_key, partial(self._send, row))
        for ask in asked:
            self._asks.add(ask.id)
            self._lanes.put(ask.place_key or f"ask:{ask.id}", partial(self._answer, ask))
        return len(rows)

    def _waiting(self, unit: Unit, platforms: list[str]) -> tuple[list[Outgoing], list[Ask]]:
        rows = unit.rows(_ROWS, platforms=platforms, taken=list(self._rows), at=unit.now)
        return [outgoing(row) for row in rows], asks.waiting(unit, platforms, list(self._asks))

    async def _send(self, row: Outgoing) -> None:
        try:
            await self._sender.deliver(row, left_over=True)
        finally:
            self._rows.discard(row.id)

    async def _answer(self, ask: Ask) -> None:
        """Do one ask and store what came of it. It is left to others if this process is not the one that sends."""
        try:
            adapter = self._adapters[ask.platform]
            if not self._keeper.holds(ask.platform):
                return
            if ask.expires_at < self._store.clock.now():
                answer: dict[str, Any] | None = None
            else:
                try:
                    answer = await self._kinds[ask.kind](adapter, ask)
                except DeliveryError as error:
                    answer = asks.dump_error(error)
            await self._store.write(lambda unit: self._store_answer(unit, ask, answer))
        finally:
            self._asks.discard(ask.id)

    def _store_answer(self, unit: Unit, ask: Ask, answer: dict[str, Any] | None) -> None:
        if answer is None or ask.kind in (asks.TYPING, asks.PRESS):  # nobody waits for it
            asks.drop(unit, ask.id)
        else:
            asks.answer(unit, ask.id, answer)

    async def _place(self, adapter: Adapter, ask: Ask) -> dict[str, Any]:
        row = await self._open(ask)
        address, reply = load_address(ask.payload["address"]), load_reply(ask.payload["reply"])
        sent = row.sent or await adapter.send(address, reply, key=str(row.id))
        # Its ids are stored whatever becomes of the worker: the answer goes into that message.
        await self._store.write(partial(set_ids, row_id=row.id, sent=sent))
        return {"sent": dump(sent)}

    async def _edit(self, adapter: Adapter, ask: Ask) -> dict[str, Any]:
        row = await self._open(ask)
        if row.sent is None:
            raise Gone("there is no placeholder")
        reply = await self._sender.as_it_may_be_said(row, load_reply(ask.payload["reply"]))
        sent = await adapter.edit(load_address(ask.payload["address"]), row.sent, reply)
        if sent != row.sent:  # it became longer than one message
            await self._store.write(partial(set_ids, row_id=row.id, sent=sent))
        return {"sent": dump(sent)}

    async def _open(self, ask: Ask) -> Outgoing:
        row = await self._store.read(partial(open_row, row_id=ask.outbox_id or 0))
        if row is None:
            raise Gone("the answer is complete already")
        return row

    async def _typing(self, adapter: Adapter, ask: Ask) -> dict[str, Any]:
        await adapter.typing(load_address(ask.payload["address"]))
        return {}

    async def _press(self, adapter: Adapter, ask: Ask) -> dict[str, Any]:
        await adapter.answer_press(load_event(ask.payload["event"]), ask.payload["notice"])
        return {}

    async def _fetch(self, adapter: Adapter, ask: Ask) -> dict[str, Any]:
        content = await adapter.fetch(Attachment(**asdict(Attachment("")) | ask.payload["attachment"]))
        if len(content) > LARGEST_FILE:
            raise Gone("the file is too large to be handed on")
        return {"content": base64.b64encode(content).decode()}
