"""A turn with a model: a placeholder, streamed words, operations in between, and one final message that lasts.

Recoverable at every point: the outbox row and the placeholder's id are committed before the first words; what the
model said is stored before it is sent; each operation has the key event + position, so that a turn that is done again
repeats no effect and edits the same message.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from adapters.contract import Adapter, DeliveryError, Reply, Sent, Transient
from bot.cards.plain import as_text
from bot.cofounder.brain import Answer, Conversation, Fact, ProviderDown, Said, Speaks, Step, Usage
from bot.cofounder.model.cost import cost
from bot.inbox import inbox
from bot.inbox.inbox import Entry
from bot.log import log
from bot.metrics import metrics
from bot.outbox import outbox
from bot.outbox.outbox import Outgoing
from bot.talk import budget, memory
from bot.talk.budget import Caps
from bot.turn.context import Setting, address_of, sayable, setting_of, usable
from bot.turn.step import Said as Replied
from bot.turn.step import take_step, write_replies
from bot.unit import AsyncStore
from bot.words import Words
from core.access.records import search_records
from core.errors import N_
from core.operations import Operation, Origin, Registry
from core.places.places import audience_of
from core.store import Unit

THINKING = "…"
FACTS = 2  # with two the first turn stays below 800 tokens, however they are counted


@dataclass(slots=True)
class Prepared:
    """What a model turn starts from, read before the prompt is built and restricted to its audience."""

    setting: Setting
    conversation: Conversation | None
    cap: str
    fold: list[tuple[int, Said]] = field(default_factory=list)
    summary: str = ""


def prepare(unit: Unit, registry: Registry, caps: Caps, entry: Entry) -> Prepared:
    """Read the conversation, and who may use what here. No conversation when a cap is reached."""
    setting = setting_of(unit, entry)
    cap = budget.room(unit, caps, setting.person.id, setting.nexus_id)
    if cap:
        return Prepared(setting, None, cap)
    summary, lines, fold = memory.recall(unit, entry.talk_key)
    possible = usable(registry, setting)
    audience = audience_of(setting.place, setting.person.id)
    known = search_records(unit, audience, entry.event.text, most=FACTS)
    return Prepared(
        setting,
        Conversation(
            message=entry.event.text,
            speaker=setting.person.name.split(" ")[0],
            nexus=setting.nexus,
            standing=setting.role,
            audience=_heard_by(setting),
            tools=_offered(possible),
            all_tools=sayable(registry, setting),
            summary=summary,
            history=[said for said in lines if said.text],
            facts=[Fact(r.author, f"{r.kind} #{r.handle}: {r.body}") for r in known],
            conversation_id=entry.talk_key,
        ),
        "",
        fold,
        summary,
    )


def _offered(possible: Sequence[Operation]) -> list[Operation]:
    return [operation for operation in possible if operation.common]


def _heard_by(setting: Setting) -> str:
    if setting.place.direct:
        return f"only {setting.person.name.split(' ')[0]}"
    if setting.place.nexus_id is not None and setting.place.audience == "members":
        return f"the members of {setting.nexus}"
    return "anyone"


class ModelTurn:
    """One turn of the model, for one event."""

    def __init__(
        self,
        store: AsyncStore,
        registry: Registry,
        brain: Speaks,
        adapter: Adapter,
        words: Words,
        prices: Prices,
        entry: Entry,
    ) -> None:
        self._store = store
        self._registry = registry
        self._brain = brain
        self._adapter = adapter
        self._words = words
        self._prices = prices
        self._entry = entry
        self._address = address_of(entry)
        self.steps: list[Step] = []  # what was done, before a crash too
        self._extra: list[Outgoing] = []
        self._row: Outgoing | None = None
        self._text = ""
        self._grown = asyncio.Event()
        self._editing = asyncio.Lock()

    async def run(self, prepared: Prepared) -> list[Outgoing]:
        """Answer; returns what is ready to be delivered. Raises `ProviderDown`, with the placeholder left open."""
        assert prepared.conversation is not None
        row = await self._store.write(lambda unit: self._begin(unit, prepared.setting))
        self._row = row
        self.steps = [Step(**step) for step in row.steps]
        conversation = replace(prepared.conversation, steps=tuple(self.steps))
        editor = None
        if not self._entry.again:
            row.sent = await self._place(row)
            editor = asyncio.create_task(self._edit_along(row)) if row.sent is not None else None
        elif row.sent is None and self._adapter.capabilities.idempotent_send:
            # After a crash the answer is given whole, in the place of what stands there: the platform finds it again.
            row.sent = await self._place(row)
        try:
            answer = await self._brain.answer(conversation, self._call, self._stream)
        finally:
            if editor is not None:
                # An edit on its way is waited for: cut off here, it might still arrive there, after the final one.
                async with self._editing:
                    editor.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await editor
        count_usage(answer.usage, "answered", self._prices)
        return await self.end(prepared, answer)

    async def end(self, prepared: Prepared, answer: Answer) -> list[Outgoing]:
        """Store what is said in the end; returns what is ready to be delivered."""
        row = self._row
        assert row is not None
        await self._store.write(lambda unit: self._end(unit, prepared.setting, row, answer))
        row.reply, row.state = Reply(answer.text), "waiting"
        return [row, *self._extra]

    def told(self, aside: str) -> str:
        """The answer of a turn whose model broke off: what was done, as the operations themselves say it."""
        return "\n\n".join([*(step.told for step in self.steps if step.told), aside])

    def _begin(self, unit: Unit, setting: Setting) -> Outgoing:
        entry = self._entry
        earlier = outbox.of_turn(unit, entry.inbox_id)
        self._extra = [r for r in earlier if r.position > 0 and r.state == "waiting"]
        first = next((r for r in earlier if r.position == 0), None)
        if first is not None:
            return first
        memory.remember(unit, entry.talk_key, setting.person.id, entry.inbox_id, "user", entry.event.text)
        return outbox.say(
            unit,
            inbox_id=entry.inbox_id,
            position=0,
            place_key=entry.place_key,
            address=self._address,
            reply=Reply(THINKING),
            state="open",
        )

    async def _place(self, row: Outgoing) -> Sent | None:
        """Send the placeholder and commit its id. Where that fails the answer is sent whole, later."""
        if not self._adapter.capabilities.edits:
            return None
        try:
            try:
                sent = await self._adapter.send(self._address, Reply(THINKING), key=str(row.id))
            except Transient as error:
                if not (error.maybe_done and self._adapter.capabilities.idempotent_send):
                    raise
                sent = await self._adapter.send(self._address, Reply(THINKING), key=str(row.id))
        except DeliveryError as error:
            log.info("no placeholder", extra={"why": type(error).__name__, "platform": self._address.platform})
            return None
        await self._store.write(lambda unit: outbox.set_ids(unit, row.id, sent))
        return sent

    def _stream(self, text: str) -> None:
        self._text = text
        self._grown.set()

    async def _edit_along(self, row: Outgoing) -> None:
        """Show the words while they come, no faster than the platform takes edits; the final text is sent apart."""
        pause = self._adapter.capabilities.edit_interval
        while True:
            await asyncio.sleep(pause)
            await self._grown.wait()
            self._grown.clear()
            if not self._text.strip() or row.sent is None:
                continue
            async with self._editing:
                try:
                    sent = await self._adapter.edit(self._address, row.sent, Reply(self._text + " " + THINKING))
                    if sent != row.sent:  # it became longer than one message
                        row.sent = sent
                        await self._store.write(partial(outbox.set_ids, row_id=row.id, sent=sent))
                except DeliveryError as error:
                    pause = min(max(pause * 2, getattr(error, "after", 0.0)), 30.0)

    async def _call(self, name: str, arguments: dict[str, Any], position: int) -> str:
        step, rows = await self._store.write(lambda unit: self._call_unit(unit, name, arguments, position))
        self.steps.append(step)
        self._extra += rows
        return step.result

    def _call_unit(
        self, unit: Unit, name: str, arguments: dict[str, Any], position: int
    ) -> tuple[Step, list[Outgoing]]:
        assert self._row is not None
        setting = setting_of(unit, self._entry)
        key = f"{self._entry.key}:{position}"
        said = take_step(unit, self._registry, self._words, self._entry, setting, name, arguments, Origin.TALK, key)
        private = said.private and not setting.place.direct
        has_buttons = said.reply.card is not None and bool(said.reply.card.buttons)
        rows = (
            write_replies(unit, self._words, self._entry, setting, [said], position=position + 1)
            if private or has_buttons
            else []
        )
        told = "" if private or has_buttons else as_text(said.reply)
        step = Step(name, arguments, _result(said, private=private, has_buttons=has_buttons), told)
        outbox.set_steps(unit, self._row.id, Reply(THINKING), [asdict(one) for one in (*self.steps, step)])
        return step, rows

    def _end(self, unit: Unit, setting: Setting, row: Outgoing, answer: Answer) -> None:
        if not inbox.finish(unit, self._entry.inbox_id):
            return  # another worker took this one for dead, and was faster
        outbox.set_final(unit, row.id, Reply(answer.text))
        memory.remember(unit, self._entry.talk_key, setting.person.id, self._entry.inbox_id, "assistant", answer.text)
        budget.spend(unit, setting.person.id, setting.nexus_id, answer.usage)


def _result(said: Replied, *, private: bool, has_buttons: bool) -> str:
    """What the model reads."""
    text = as_text(said.reply)
    if private:
        return "The answer was given to the person in a direct message. Say nothing about its content."
    if said.went == "asked":
        return f"Not done yet. A card with buttons now asks the person: {text}"
    if said.went in ("refused", "missing"):
        return f"Not possible: {text}"
    return text + ("\n(A card with buttons shows this too.)" if has_buttons else "")


async def fold_memory(store: AsyncStore, brain: Speaks, prices: Prices, entry: Entry, prepared: Prepared) -> None:
    """Fold older lines into the summary, after the person has their answer."""
    if not prepared.fold:
        return
    try:
        summary, usage = await brain.summarise(prepared.summary, [said for _, said in prepared.fold])
    except ProviderDown as error:
        log.info("no summary", extra={"why": str(error)})
        return
    person, nexus = prepared.setting.person.id, prepared.setting.nexus_id

    def unit(unit: Unit) -> None:
        memory.fold(unit, entry.talk_key, person, summary, prepared.fold[-1][0])
        budget.spend(unit, person, nexus, usage)

    await store.write(unit)
    count_usage(usage, "summarised", prices)


@dataclass(frozen=True, slots=True)
class Prices:
    """Per million tokens, in the operator's currency."""

    prompt: Decimal = Decimal(0)
    cached: Decimal = Decimal(0)
    completion: Decimal = Decimal(0)


def count_usage(usage: Usage, outcome: str, prices: Prices) -> None:
    """Count tokens, and what they cost, for the metrics."""
    metrics.model_cost.inc(cost(usage, prices.prompt, prices.cached, prices.completion) / 1_000_000)
    metrics.model_requests.labels(outcome).inc()
    metrics.model_tokens.labels("prompt").inc(usage.prompt_tokens)
    metrics.model_tokens.labels("cached").inc(usage.cached_tokens)
    metrics.model_tokens.labels("completion").inc(usage.completion_tokens)


DOWN = N_("(My model can't be reached just now, so I answer by myself.)")
CAPPED = N_("(Today's share of the model is used up, so I answer by myself.)")
