"""All turns: which lane an event goes to, and what happens there. One instance per process."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from adapters.contract import Adapter, DeliveryError, Event, EventKind, Heard, Power, Reply, Sent, Suggestion
from bot.cards.plain import as_text
from bot.cofounder.brain import Answer, Pending, ProviderDown, Speaks, Understands
from bot.inbox import inbox
from bot.inbox.inbox import Entry
from bot.lanes import Lanes
from bot.log import log
from bot.metrics import metrics
from bot.moderation import seen
from bot.moderation.carry import Carrier
from bot.moderation.watch import Watch
from bot.outbox import outbox
from bot.outbox.outbox import Outgoing
from bot.outbox.sender import Delivers
from bot.talk import budget, questions
from bot.talk.budget import Caps
from bot.talk.provider import Refused
from bot.turn import model, talk
from bot.turn.asking import Asking
from bot.turn.commands import read_command
from bot.turn.context import Forgotten, Setting, sayable, setting_of
from bot.turn.greeting import GREETING_POSITION, apologise, greet_apart, greeted, remark
from bot.turn.prepare import prepare
from bot.turn.readers import Readers
from bot.turn.shared import Shared
from bot.turn.step import Said, shown_by, take_press, take_step, write_replies
from bot.turn.surroundings import Surroundings
from bot.unit import AsyncStore
from bot.words import Words
from core.errors import N_, NexusError
from core.operations import Origin, Registry
from core.store import Unit
from core.store.store import StoreDown

_CODE = re.compile(r"\b[0-9A-Za-z]{4}([- ]?)[0-9A-Za-z]{4}\1[0-9A-Za-z]{4}\b")
_MIXED = re.compile(r"[0-9][A-Za-z]|[A-Za-z][0-9]")
NO_WORDS = N_("I can read messages and small text files, but not that. Could you tell me in words what it is about?")
LONGEST_FILE = 4_000  # bytes of a text file that are read as if they had been typed
DECIDED = N_("{name} has answered that.")
HELLO_GROUP = N_("Hello. Mention me or reply to me to talk. A steward can connect this chat: “bind this chat to …”.")


class Turns:
    """Receives events from adapters and brings each to its end."""

    def __init__(
        self,
        store: AsyncStore,
        registry: Registry,
        adapters: Mapping[str, Adapter],
        sender: Delivers,
        lanes: Lanes,
        words: Words,
        offline: Understands,
        brain: Speaks | None = None,
        *,
        caps: Caps | None = None,
        prices: model.Prices | None = None,
        after: Callable[[], Awaitable[None]] | None = None,
        shared: Shared | None = None,
        carrier: Carrier | None = None,
        watch: Watch | None = None,
    ) -> None:
        self._store = store
        self._registry = registry
        self._adapters = adapters
        self._sender = sender
        self._lanes = lanes
        self._words = words
        self._offline = offline
        self._brain = brain
        self._caps = caps or Caps(0, 0, 0)
        self._prices = prices or model.Prices()
        self._after = after
        self._shared = shared
        self._carrier = carrier
        self._watch = watch
        self._folds: dict[int, Callable[[], Awaitable[None]]] = {}  # by inbox id: what follows a turn that is worked
        self._asking = Asking(store, registry, words)
        self._surroundings = Surroundings(store, adapters)
        self._readers = Readers(store, adapters, words, self._tell)
        self._paused = False
        self.running: set[int] = set()  # inbox ids of the turns that this process has in hand, begun or not
        self.answered = asyncio.Event()  # set once a first turn has been answered
        self._clock = store.clock

    async def record(self, events: Sequence[Event]) -> None:
        """`adapters.contract.Sink`: returns when the events are stored. Their turns run in their lanes."""
        looked = self._watch.expect(events) if self._watch is not None else None
        try:
            await asyncio.gather(self._surroundings.note(events), self._readers.note(events))
            gone = await self._watch.look(events) if self._watch is not None else set()
        finally:
            if looked is not None:
                looked()
        left = [event for event in events if event.event_id not in gone]
        entries = await self._store.write(lambda unit: self._record(unit, left))
        for event in events:
            metrics.events.labels(event.platform, event.kind.value).inc()
        started = {entry.event.event_id for entry in entries}
        for event in events:
            if event.event_id not in started:
                metrics.repeats.labels(event.platform).inc()
                self._adapters[event.platform].turn_done(event.event_id)
        if self._shared is None:
            for entry in entries:
                self.start(entry)

    def _record(self, unit: Unit, events: Sequence[Event]) -> list[Entry]:
        seen.note(unit, [event for event in events if self._without_history(event)])
        entries = inbox.record(unit, events)
        if self._shared is not None:
            for entry in entries:
                self._shared.defer(unit, entry)
        return entries

    def _without_history(self, event: Event) -> bool:
        """Whether which messages stand there can only be known from having heard them."""
        return Power.DELETE in (can := self._adapters[event.platform].capabilities).powers and not can.history

    def _tell(self, row: Outgoing) -> None:
        """Say what no turn has written. Where several processes share the work, the one that sends finds it."""
        if self._shared is None and not self._paused:
            self._lanes.put(row.place_key, partial(self._sender.deliver, row, left_over=True))

    async def complete(self, event: Event, option: str, typed: str) -> list[Suggestion]:
        """`adapters.contract.Sink`."""
        return await self._asking.complete(event, option, typed)

    async def home(self, event: Event) -> Reply:
        """`adapters.contract.Sink`."""
        return await self._asking.home(event)

    async def heard(self, platform: str) -> list[Heard]:
        """`adapters.contract.Sink`."""
        return await self._asking.heard(platform)

    def pause(self) -> None:
        """From now on events are only recorded; the next start works them."""
        self._paused = True

    def start(self, entry: Entry) -> None:
        """Put a recorded event into its lane."""
        if self._paused or entry.inbox_id in self.running:
            return
        self.running.add(entry.inbox_id)
        self._lanes.put(entry.place_key, partial(self._quick, entry, self._clock.now()))

    async def _quick(self, entry: Entry, since: int) -> None:
        """The quick lane: commands and buttons at once, talk on to the talk lane."""
        work = self._way(entry)
        if work == self._talk:
            self._lanes.put(f"talk:{entry.talk_key}", partial(self._turn, entry, since, work))
            return
        await self._turn(entry, since, work)

    async def work(self, entry: Entry) -> None:
        """One recorded event, here and now, for a worker: its order is kept by whoever calls.

        Raises what the store raises: then the event is worked once more, by any process.
        """
        self.running.add(entry.inbox_id)
        await self._turn(entry, self._clock.now(), self._way(entry))
        fold = self._folds.pop(entry.inbox_id, None)
        if fold is not None:
            await fold()

    def _way(self, entry: Entry) -> Callable[[Entry], Awaitable[list[Outgoing]]]:
        kind = entry.event.kind
        if entry.given_up:
            log.error("an event was given up", extra={"inbox": entry.inbox_id, "kind": kind.value})
            return self._give_up
        if kind is EventKind.MESSAGE:
            return self._talk
        return self._press if kind is EventKind.BUTTON else self._explicit

    async def _turn(self, entry: Entry, since: int, work: Callable[[Entry], Awaitable[list[Outgoing]]]) -> None:
        """Run a turn to its end, whatever happens: the person is always answered."""
        try:
            try:
                rows = await work(entry)
            except Forgotten:
                await self._store.write(lambda unit: inbox.finish(unit, entry.inbox_id))
                rows = []
            except Exception as error:
                if self._shared is not None and isinstance(error, StoreDown):
                    raise  # no reason to apologise yet: it is tried again
                log.exception("a turn failed", extra={"inbox": entry.inbox_id, "kind": entry.event.kind.value})
                metrics.turn_failures.inc()
                rows = await self._store.write(lambda unit: apologise(unit, self._words, entry))
            if self._carrier is not None:
                rows = await self._carrier.answered(entry.key, rows)
            for row in rows:
                await self._sender.deliver(row)
            self.answered.set()
            if self._after is not None:
                await self._after()
            metrics.turn_seconds.observe(max(self._clock.now() - since, 0) / 1000)
        finally:
            self.running.discard(entry.inbox_id)
            self._adapters[entry.event.platform].turn_done(entry.event.event_id)

    async def _press(self, entry: Entry) -> list[Outgoing]:
        """A pressed button: the card becomes what came of it; a refusal is told to the presser alone."""
        metrics.turns.labels(entry.event.kind.value).inc()
        notice, rows = await self._store.write(lambda unit: self._press_unit(unit, entry))
        if self._shared is None:
            await self._adapters[entry.event.platform].answer_press(entry.event, notice)
        return rows

    def _press_unit(self, unit: Unit, entry: Entry) -> tuple[str, list[Outgoing]]:
        notice, rows = self._pressed(unit, entry)
        if self._shared is not None:
            self._shared.answer_press(unit, entry.event, notice)
        return notice, rows

    def _pressed(self, unit: Unit, entry: Entry) -> tuple[str, list[Outgoing]]:
        press = entry.event.press
        if not inbox.finish(unit, entry.inbox_id) or press is None:
            return "", []
        earlier = outbox.of_turn(unit, entry.inbox_id)
        if earlier:
            return "", [row for row in earlier if row.state == "waiting"]
        setting = setting_of(unit, entry)
        said = take_press(unit, self._registry, self._words, entry, setting, press.token, entry.key)
        if said.went == "refused" and not setting.place.direct and not said.shows:
            return as_text(said.reply), []
        card = Sent(entry.event.place.id, (press.message_id,)) if press.message_id else None
        alone = setting.place.direct or press.private
        if said.went != "done" or card is None:
            return "", write_replies(unit, self._words, entry, setting, [said])
        if alone or not said.private:
            return "", write_replies(unit, self._words, entry, setting, [said], replaces=card)
        # What came of it is theirs alone; the card that everybody saw goes all the same, as its buttons are used up.
        decided = Said(Reply(self._words(DECIDED, name=entry.event.account.name)))
        return "", write_replies(unit, self._words, entry, setting, [decided, said], replaces=card)

    async def _explicit(self, entry: Entry) -> list[Outgoing]:
        metrics.turns.labels(entry.event.kind.value).inc()
        return await self._store.write(lambda unit: self._explicit_unit(unit, entry))

    def _explicit_unit(self, unit: Unit, entry: Entry) -> list[Outgoing]:
        if not inbox.finish(unit, entry.inbox_id):
            return []
        earlier = outbox.of_turn(unit, entry.inbox_id)
        if earlier:
            return [row for row in earlier if row.state == "waiting"]
        setting = setting_of(unit, entry)
        return write_replies(unit, self._words, entry, setting, self._explicit_said(unit, entry, setting))

    def _explicit_said(self, unit: Unit, entry: Entry, setting: Setting) -> list[Said]:
        event = entry.event
        if event.kind is EventKind.BOT_ADDED:
            return [] if setting.place.direct else [Said(Reply(self._words(HELLO_GROUP)))]
        if event.command is None:
            return []
        try:
            operation, raw = read_command(self._registry, event.command, answering=bool(event.reply_to))
        except NexusError as error:
            # In a group a command that we do not know is probably another bot's, unless the platform sent it to us.
            if event.respond and event.command.rest and event.command.arguments is None:
                said = self._spoken(unit, entry, setting, f"{event.command.name} {event.command.rest}")
                if said:
                    return said
            ours = setting.place.direct or bool(event.respond)
            return [Said(Reply(self._words.error(error)), private=True)] if ours else []
        step = take_step(
            unit, self._registry, self._words, entry, setting, operation.name, raw, Origin.COMMAND, entry.key
        )
        return [greeted(unit, self._words, entry, setting, step)]

    def _spoken(self, unit: Unit, entry: Entry, setting: Setting, words: str) -> list[Said]:
        """Somebody said a sentence behind the platform's one command (/nexus I need …). [] if it asks for nothing."""
        entry = replace(entry, event=replace(entry.event, text=words))
        names = frozenset(operation.name for operation in sayable(self._registry, setting))
        understood = self._offline.understand(words, direct=setting.place.direct, allowed=names)
        if understood.operation is None:
            return []
        return talk.answer(unit, self._registry, self._words, entry, setting, understood)

    async def _talk(self, entry: Entry) -> list[Outgoing]:
        if entry.event.attachments and not entry.event.text:
            entry = await self._with_words(entry)
            if not entry.event.text:
                return await self._store.write(lambda unit: self._cannot_read(unit, entry))
        if self._brain is not None and not _has_code(entry.event.text):  # codes are secrets: no model sees them
            adapter = self._adapters[entry.event.platform]
            prepared = await self._store.read(lambda unit: prepare(unit, self._registry, self._caps, entry))
            if prepared.refused:
                return await self._talk_offline(entry, "", kept=prepared.refused is Refused.NEXUS)
            if prepared.conversation is None:
                return await self._talk_offline(entry, model.CAPPED)
            if entry.new_person and prepared.setting.place.direct:
                # First who we are and who can read along, then the first word that goes to the provider.
                newcomer, who = entry, prepared.setting
                greeting = await self._store.write(lambda unit: greet_apart(unit, self._words, newcomer, who))
                await self._sender.deliver(greeting, left_over=True)
                entry = replace(entry, new_person=False)
            turn = model.ModelTurn(self._store, self._registry, self._brain, adapter, self._words, self._prices, entry)
            try:
                rows = await turn.run(prepared)
            except ProviderDown as down:
                log.warning("the model is down", extra={"why": str(down)})
                model.count_usage(down.usage, "down", self._prices)
                who, usage = prepared.setting, down.usage
                if turn.steps:  # understanding the same words once more would do things twice
                    return await turn.end(prepared, Answer(turn.told(self._words(model.DOWN)), usage))
                await self._store.write(lambda unit: budget.spend(unit, who.person.id, who.nexus_id, usage))
                return await self._talk_offline(entry, model.DOWN)
            metrics.turns.labels("model").inc()
            if prepared.recalled.fold:
                fold = partial(model.fold_memory, self._store, self._brain, self._prices, entry, prepared)
                if self._shared is None:
                    self._lanes.put(f"talk:{entry.talk_key}", fold)
                else:
                    self._folds[entry.inbox_id] = fold
            return rows
        return await self._talk_offline(entry, "")

    async def _with_words(self, entry: Entry) -> Entry:
        """The event with the words of a small text file that came without any."""
        file = entry.event.attachments[0]
        if not file.media_type.startswith("text/") or file.size > LONGEST_FILE:
            return entry
        try:
            content = await self._adapters[entry.event.platform].fetch(file)
        except DeliveryError as error:
            log.info("a file could not be fetched", extra={"why": type(error).__name__})
            return entry
        text = content[:LONGEST_FILE].decode("utf-8", errors="replace").strip()
        return replace(entry, event=replace(entry.event, text=text))

    def _cannot_read(self, unit: Unit, entry: Entry) -> list[Outgoing]:
        if not inbox.finish(unit, entry.inbox_id):
            return []
        setting = setting_of(unit, entry)
        said = greeted(unit, self._words, entry, setting, Said(Reply(self._words(NO_WORDS))))
        return write_replies(unit, self._words, entry, setting, [said])

    async def _talk_offline(self, entry: Entry, aside: str, *, kept: bool = False) -> list[Outgoing]:
        """Answer without a model. `aside` says why; with `kept` it is because the Nexus sends nothing to one."""
        metrics.turns.labels("offline").inc()
        pending, allowed, direct = await self._store.read(lambda unit: self._before(unit, entry))
        understood = self._offline.understand(entry.event.text, direct=direct, allowed=allowed, pending=pending)

        def unit(unit: Unit) -> list[Outgoing]:
            if not inbox.finish(unit, entry.inbox_id):
                return []  # another worker took this one for dead, and was faster
            earlier = outbox.of_turn(unit, entry.inbox_id)
            ready = [row for row in earlier if row.state == "waiting"]
            open_row = next((row for row in earlier if row.state == "open"), None)
            welcomed = any(row.position == GREETING_POSITION for row in earlier)
            setting = setting_of(unit, entry)
            said = talk.answer(unit, self._registry, self._words, entry, setting, understood)
            why = remark(unit, self._words, entry, setting) if kept else self._words(aside)
            said[0] = talk.with_aside(said[0], why)
            if not welcomed:
                said[0] = greeted(unit, self._words, entry, setting, said[0])
            if open_row is not None and not (said[0].private and not setting.place.direct):
                # The placeholder of the model that failed becomes the answer.
                open_row.reply, open_row.state, open_row.shows = said[0].reply, "waiting", shown_by(setting, said[0])
                outbox.set_final(unit, open_row.id, open_row.reply, open_row.shows)
                return [open_row, *ready, *write_replies(unit, self._words, entry, setting, said[1:], position=60)]
            rows = write_replies(
                unit, self._words, entry, setting, said, position=60 if earlier else 0, hint_in=open_row
            )
            return ready + rows

        return await self._store.write(unit)

    def _before(self, unit: Unit, entry: Entry) -> tuple[Pending | None, frozenset[str], bool]:
        setting = setting_of(unit, entry)
        names = frozenset(operation.name for operation in sayable(self._registry, setting))
        return questions.open_question(unit, entry.talk_key), names, setting.place.direct

    async def _give_up(self, entry: Entry) -> list[Outgoing]:
        """An event at which the process has died again and again must not stop it for ever."""
        return await self._store.write(lambda unit: apologise(unit, self._words, entry))


def _has_code(text: str) -> bool:
    """Whether a code seems to stand there (`core.ids.new_code`); three words of four letters are none."""
    return any(match[1] == "-" or _MIXED.search(match[0]) for match in _CODE.finditer(text))
