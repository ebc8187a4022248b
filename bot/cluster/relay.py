"""A platform as a worker has it: the adapter is in another process, and is asked through the store."""

from __future__ import annotations

import asyncio
import base64
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adapters.contract import (
    Act,
    Adapter,
    Address,
    Attachment,
    Capabilities,
    Did,
    Event,
    Health,
    MenuEntry,
    Reply,
    Sent,
    Sink,
    Transient,
    Written,
)
from bot.cluster import asks
from bot.inbox.payload import dump, load_sent
from bot.unit import AsyncStore
from bot.waiting import woken
from core.clock import SECOND
from core.ids import new_id

PATIENCE = 20.0  # seconds for an answer
TYPING_LIFE = 5 * SECOND
CODE = "NEXUSCODE"  # stands for an invitation's code in the links that a lease tells
_LOOK_AGAIN = 2.0  # seconds, should a notification be missed
_MOST_PLACED = 1_000


class Relay:
    """Implements `adapters.contract.Adapter` for one platform, on an adapter that is not started.

    A placeholder and its growing text go through the outbox row that is open for them, and only while it is: what the
    turn says in the end can never be overtaken by a draft. `send` is therefore for placeholders alone; its key is the
    number of the row. `known` gives what the sending process tells of the started adapter.
    """

    def __init__(self, store: AsyncStore, adapter: Adapter, known: Callable[[], Mapping[str, Any]]) -> None:
        self._store = store
        self._adapter = adapter
        self._known = known
        self._waiting: dict[int, asyncio.Event] = {}
        self._placed: OrderedDict[tuple[str, str], int] = OrderedDict()

    @property
    def name(self) -> str:
        """The platform's."""
        return self._adapter.name

    @property
    def capabilities(self) -> Capabilities:
        """The platform's."""
        return self._adapter.capabilities

    def hear(self, topic: str) -> None:
        """A topic was woken; "" stands for all that may have been missed."""
        if not topic:
            for answered in self._waiting.values():
                answered.set()
        elif topic.startswith("answer:") and int(topic[7:]) in self._waiting:
            self._waiting[int(topic[7:])].set()

    async def send(self, to: Address, reply: Reply, *, key: str) -> Sent:
        """Place the message of an open outbox row."""
        payload = {"address": dump(to), "reply": dump(reply)}
        answer = await self._ask(asks.PLACE, payload, outbox_id=int(key))
        sent = load_sent(answer["sent"])
        assert sent is not None
        self._remember(sent, int(key))
        return sent

    async def edit(self, to: Address, sent: Sent, reply: Reply) -> Sent:
        """Let the message of an open outbox row grow."""
        row_id = self._placed.get(_first(sent), 0)
        answer = await self._ask(asks.EDIT, {"address": dump(to), "reply": dump(reply)}, outbox_id=row_id)
        now = load_sent(answer["sent"])
        assert now is not None
        return now

    def _remember(self, sent: Sent, row_id: int) -> None:
        self._placed[_first(sent)] = row_id
        if len(self._placed) > _MOST_PLACED:
            self._placed.popitem(last=False)

    async def typing(self, to: Address) -> None:
        """See `Adapter.typing`."""
        await self._store.write(lambda unit: asks.put(unit, self.name, asks.TYPING, {"address": dump(to)}, TYPING_LIFE))

    async def answer_press(self, event: Event, notice: str = "") -> None:
        """See `Adapter.answer_press`. It is kept until it is done, or nobody could do it any more."""
        await self._store.write(lambda unit: asks.answer_press(unit, event, notice))

    async def fetch(self, attachment: Attachment) -> bytes:
        """See `Adapter.fetch`."""
        answer = await self._ask(asks.FETCH, {"attachment": dump(attachment)})
        return base64.b64decode(answer["content"])

    def reaches(self, account_id: str) -> bool:
        """See `Adapter.reaches`."""
        return self._adapter.reaches(account_id)

    def invite_link(self, code: str) -> str:
        """See `Adapter.invite_link`; "" until some process has started the adapter."""
        return str(self._known().get("invite", "")).replace(CODE, code)

    def join_link(self) -> str:
        """See `Adapter.join_link`."""
        return str(self._known().get("join", ""))

    def turn_done(self, event_id: str) -> None:
        """Nothing to do: no platform that is shared takes turns."""

    def health(self) -> Health:
        """Of this side there is nothing to tell."""
        return Health(True, self._store.clock.now(), "in another process")

    async def start(self, sink: Sink, menu: Sequence[MenuEntry]) -> None:
        """Another process does."""

    async def stop(self) -> None:
        """Another process does."""

    async def look(self) -> tuple[str, list[str]]:
        """See `Adapter.look`."""
        return await self._adapter.look()

    async def roles(self, workspace: str) -> list[tuple[str, str]]:
        """See `Adapter.roles`: asked only in the process that hears from the workspace."""
        return await self._adapter.roles(workspace)

    async def readers(self, workspace: str, place_id: str, most: int) -> tuple[str, ...] | None:
        """See `Adapter.readers`: asked only in the process that hears from the place."""
        return await self._adapter.readers(workspace, place_id, most)

    async def before(self, act: Act) -> dict[str, str]:
        """See `Adapter.before`: acts are carried out in the process that hears from the place."""
        return await self._adapter.before(act)

    async def act(self, act: Act) -> Did:
        """See `Adapter.act`."""
        return await self._adapter.act(act)

    async def written(
        self, workspace: str, place_id: str, most: int, account_id: str = "", thread: str = ""
    ) -> list[Written] | None:
        """See `Adapter.written`."""
        return await self._adapter.written(workspace, place_id, most, account_id, thread)

    async def recent(self, workspace: str, place_id: str, since: int, most: int) -> list[Event] | None:
        """See `Adapter.recent`: asked only in the process that hears from the place."""
        return await self._adapter.recent(workspace, place_id, since, most)

    def explain(self) -> list[str]:
        """See `Adapter.explain`: the process with the adapter does."""
        return []

    async def _ask(self, kind: str, payload: dict[str, Any], *, outbox_id: int = 0) -> dict[str, Any]:
        ask_id = new_id(self._store.clock.now())
        answered = self._waiting[ask_id] = asyncio.Event()  # before it is asked: the answer may be quick
        life = int(PATIENCE * SECOND)
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        try:
            await self._store.write(
                lambda unit: asks.put(unit, self.name, kind, payload, life, ask_id=ask_id, outbox_id=outbox_id)
            )
            while (left := until - loop.time()) > 0:
                await woken(answered, min(left, _LOOK_AGAIN))
                answered.clear()
                answer = await self._store.write(lambda unit: asks.collect(unit, ask_id))
                if answer is not None:
                    if "error" in answer:
                        raise asks.load_error(answer)
                    return answer
            await self._store.write(lambda unit: asks.drop(unit, ask_id))
        finally:
            del self._waiting[ask_id]
        raise Transient("the process that sends does not answer", maybe_done=True)


def _first(sent: Sent) -> tuple[str, str]:
    return sent.place_id, sent.message_ids[0] if sent.message_ids else ""


class Handover:
    """Delivers for a worker: what is in the outbox has been handed over by its commit."""

    async def deliver(self, row: object, *, left_over: bool = False) -> None:
        """See `bot.outbox.sender.Delivers`."""
