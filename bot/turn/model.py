"""A turn with a model: a placeholder, streamed words, operations in between, and one final message that lasts.

Recoverable at every point: the outbox row and the placeholder's id are committed before the first words; what the
model said is stored before it is sent; each operation has the key event + position, so that a turn that is done again
repeats no effect and edits the same message.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from adapters.contract import Adapter, DeliveryError, Reply, Sent, Transient
from bot.cards.plain import as_text
from bot.cofounder.brain import Answer, ProviderDown, Speaks, Step, Usage
from bot.cofounder.model.cost import cost
from bot.inbox import inbox
from bot.inbox.inbox import Entry
from bot.log import log
from bot.metrics import metrics
from bot.outbox import outbox
from bot.outbox.outbox import Outgoing
from bot.outbox.shown import Shows, as_it_may_be_said, shows
from bot.talk import budget, memory
from bot.talk.provider import Refused, refused
from bot.turn.context import Setting, address_of, setting_of
from bot.turn.prepare import SHOWN, Prepared, steps_again
from bot.turn.step import Said, take_step, write_replies
from bot.unit import AsyncStore
from bot.words import Words
from core.access.again import those_sendable
from core.errors import N_
from core.operations import Origin, Registry
from core.store import Unit
from core.store.store import StoreDown

THINKING = "…"
ASKED = "Not done yet. A card with buttons now asks the person. Say nothing about its content."


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
        row = await self._store.write(lambda unit: self._begin(unit, prepared))
        self._row = row
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
        await self._store.write(lambda unit: self._end(unit, prepared, row, answer))
        row.reply, row.state = Reply(answer.text), "waiting"
        return [row, *self._extra]

    def told(self, aside: str) -> str:
        """The answer of a turn whose model broke off: what was done, as the operations themselves say it."""
        return "\n\n".join([*(step.told for step in self.steps if step.told), aside])

    def _begin(self, unit: Unit, prepared: Prepared) -> Outgoing:
        entry, setting = self._entry, prepared.setting
        earlier = outbox.of_turn(unit, entry.inbox_id)
        self._extra = [r for r in earlier if r.position > 0 and r.state == "waiting"]
        if prepared.recalled.outdated:
            memory.drop_summary(unit, entry.talk_key)
        first = next((r for r in earlier if r.position == 0), None)
        if first is not None:
            made = [Step(**{**step, "shows": tuple(step.get("shows", ()))}) for step in first.steps]
            had = first.shows.records if first.shows is not None else frozenset()
            self.steps = steps_again(unit, prepared.audience, made, had)
            first.shows = self._shows(setting, prepared.records.union(*(step.shows for step in self.steps)))
            self._keep_steps(unit, first, first.shows)
            return first
        self.steps = []
        memory.remember(
            unit, entry.talk_key, setting.person.id, entry.inbox_id, "user", entry.event.text, prepared.mark()
        )
        return outbox.say(
            unit,
            inbox_id=entry.inbox_id,
            position=0,
            place_key=entry.place_key,
            address=self._address,
            reply=Reply(THINKING),
            state="open",
            shows=self._shows(setting, prepared.records),
        )

    def _shows(self, setting: Setting, records: frozenset[int]) -> Shows | None:
        return shows(setting.place, setting.person.id, records, private=False)

    def _keep_steps(self, unit: Unit, row: Outgoing, shown: Shows | None, *more: Step) -> None:
        outbox.set_steps(unit, row.id, Reply(THINKING), [asdict(one) for one in (*self.steps, *more)], shown)

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
                    so_far = Reply(self._text + " " + THINKING)
                    reply = await as_it_may_be_said(self._store, self._words, row.shows, row.address, so_far)
                    sent = await self._adapter.edit(self._address, row.sent, reply)
                    if sent != row.sent:  # it became longer than one message
                        row.sent = sent
                        await self._store.write(partial(outbox.set_ids, row_id=row.id, sent=sent))
                    if reply is not so_far:
                        return  # the sender decides once more what stands there in the end
                except (DeliveryError, StoreDown) as error:
                    pause = min(max(pause * 2, getattr(error, "after", 0.0)), 30.0)

    async def _call(self, name: str, arguments: dict[str, Any], position: int) -> str:
        row = self._row
        assert row is not None
        step, rows, row.shows = await self._store.write(
            lambda unit: self._call_unit(unit, row, name, arguments, position)
        )
        self.steps.append(step)
        self._extra += rows
        return step.result

    def _call_unit(
        self, unit: Unit, row: Outgoing, name: str, arguments: dict[str, Any], position: int
    ) -> tuple[Step, list[Outgoing], Shows | None]:
        """The step, what is said of it beside the answer, and what the answer may show from now on."""
        setting = setting_of(unit, self._entry)
        key = f"{self._entry.key}:{position}"
        said = take_step(unit, self._registry, self._words, self._entry, setting, name, arguments, Origin.TALK, key)
        private = said.private and not setting.place.direct
        has_buttons = said.reply.card is not None and bool(said.reply.card.buttons)
        has_picture = said.reply.card is not None and said.reply.card.picture is not None
        # Words under review reach no model: whatever they say, they steer nothing. A refusal has none of them.
        sealed = said.operation is not None and said.operation.sealed and said.went == "done"
        kept = sealed or not those_sendable(unit, said.shows).issuperset(said.shows)
        apart = private or has_buttons or has_picture or kept or bool(said.reply.files)
        rows = write_replies(unit, self._words, self._entry, setting, [said], position=position + 1) if apart else []
        told = "" if apart else as_text(said.reply)
        result = _result(said, private=private, has_buttons=has_buttons, kept=kept)
        step = Step(name, arguments, result, told, () if private or kept else tuple(sorted(said.shows)))
        records = row.shows.records if row.shows is not None else frozenset()
        now = self._shows(setting, records.union(step.shows))
        self._keep_steps(unit, row, now, step)
        return step, rows, now

    def _end(self, unit: Unit, prepared: Prepared, row: Outgoing, answer: Answer) -> None:
        entry, person_id = self._entry, prepared.setting.person.id
        if not inbox.finish(unit, entry.inbox_id):
            return  # another worker took this one for dead, and was faster
        outbox.set_final(unit, row.id, Reply(answer.text), row.shows)
        mark = prepared.mark(row.shows.records if row.shows is not None else frozenset())
        memory.remember(unit, entry.talk_key, person_id, entry.inbox_id, "assistant", answer.text, mark)
        budget.spend(unit, person_id, prepared.setting.nexus_id, answer.usage)


def _result(said: Said, *, private: bool, has_buttons: bool, kept: bool) -> str:
    """What the model reads. `kept`: it tells of what its provider may not have."""
    if kept:
        return ASKED if said.went == "asked" else SHOWN
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
    recalled, old = prepared.recalled, prepared.recalled.fold
    person, nexus = prepared.setting.person.id, prepared.setting.nexus_id
    if not old or await store.read(lambda unit: refused(unit, nexus, person)) is not Refused.NOBODY:
        return
    try:
        summary, usage = await brain.summarise(recalled.summary, [line.said for line in old])
    except ProviderDown as error:
        log.info("no summary", extra={"why": str(error)})
        return

    def unit(unit: Unit) -> None:
        if not memory.still_there(unit, [line.id for line in old]):
            return  # some of it was forgotten meanwhile, and the summary has it
        memory.fold(unit, entry.talk_key, person, summary, old[-1].id, recalled.mark)
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
