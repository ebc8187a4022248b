"""The adapter: who is speaking, what is open, and which screen shows it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TextIO, TypeVar
from uuid import uuid4

from adapters.common.powerless import Powerless
from adapters.contract import (
    Account,
    Address,
    Attachment,
    Capabilities,
    Event,
    Gone,
    Health,
    MenuEntry,
    Reply,
    Sent,
    Sink,
    Unreachable,
)
from adapters.terminal import files, translate
from adapters.terminal.choices import Choices, Pressed, Unclear
from adapters.terminal.plain import Plain
from adapters.terminal.screen import Screen, Shown
from adapters.terminal.translate import PLATFORM, Leave, SendFile, SpeakAs, Talk, account_of, place_of

T = TypeVar("T")

TURN_TIMEOUT = 300.0
_REMEMBERED = 500


class Clock(Protocol):
    """A source of the present."""

    def now(self) -> int:
        """Milliseconds since the epoch, UTC."""


class TerminalAdapter(Powerless):
    """One terminal, at which one person speaks at a time.

    `name` is who speaks first; `/as NAME` changes it. Everyone who has spoken here since `start` can be reached
    here, in a direct chat of their own, until the terminal is left; others raise `Unreachable`. `history` keeps
    typed lines (None: nowhere), `downloads` takes the files that the bot sends. `plain` forces or forbids plain
    mode; by default it is used unless both streams are terminals. `turn_timeout` is the safety, in seconds, for a
    turn whose end is never told.

    Beyond the contract, the bot calls `turn_done` once per event, and waits on `wait_closed`.
    """

    name = PLATFORM
    # A repeat within one run is dropped here; after a restart the screen is a new one and a repeat is welcome.
    capabilities = Capabilities(idempotent_send=True, max_length=100_000, edit_interval=0.05)

    def __init__(
        self,
        name: str,
        *,
        history: Path | None,
        downloads: Path,
        clock: Clock,
        plain: bool | None = None,
        input: TextIO | None = None,
        output: TextIO | None = None,
        turn_timeout: float = TURN_TIMEOUT,
    ) -> None:
        self._speaker = account_of(name)
        self._present: dict[str, Account] = {self._speaker.id: self._speaker}
        self._downloads = downloads
        self._clock = clock
        self._turn_timeout = turn_timeout
        self._screen = _screen(plain, input, output, history)
        self._choices = Choices()
        self._turns: dict[str, asyncio.Event] = {}
        self._waiting: set[asyncio.Task[None]] = set()
        self._pending: list[Shown] = []
        self._printed: OrderedDict[str, Shown] = OrderedDict()
        self._keys: OrderedDict[str, Sent] = OrderedDict()
        self._listening: asyncio.Task[None] | None = None

    async def start(self, sink: Sink, menu: Sequence[MenuEntry]) -> None:
        """Begin to read. Returns at once."""
        self._screen.open(menu)
        self._listening = asyncio.create_task(self._listen(sink), name="terminal")

    async def wait_closed(self) -> None:
        """Return when the person left or `stop` was called, and the terminal is free again.

        Raises what broke the reading, if something did.
        """
        if self._listening is None:
            return
        await asyncio.wait({self._listening})
        if not self._listening.cancelled():
            self._listening.result()

    async def stop(self) -> None:
        """Stop reading, show what is still waiting to be shown, give the terminal back."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait({self._listening})

    def invite_link(self, code: str) -> str:
        """Nothing links into a terminal."""
        return ""

    def turn_done(self, event_id: str) -> None:
        """The bot has sent, and finally edited, everything that answers this event. Unknown ids are ignored."""
        if turn := self._turns.get(event_id):
            turn.set()

    async def send(self, to: Address, reply: Reply, *, key: str) -> Sent:
        """Show a reply. Within a turn it may still change; otherwise it is shown for good.

        Raises `Unreachable` for somebody who is not here, `Gone` when the output is closed.
        """
        if key in self._keys:
            return self._keys[key]
        account = self._reach(to)
        sent = Sent(place_of(account.id).id, (uuid4().hex,))
        await self._put(Shown(sent.message_ids[0], account.id, reply))
        _remember(self._keys, key, sent)
        return sent

    async def edit(self, to: Address, sent: Sent, reply: Reply) -> Sent:
        """Change a reply in place while its turn lasts. Afterwards it is shown again, unless only buttons went."""
        account = self._reach(to)
        message_id = sent.message_ids[0]
        waiting = next((item for item in self._pending if item.message_id == message_id), None)
        before = waiting or self._printed.get(message_id)
        new = Shown(message_id, account.id, reply)
        if before is not None:
            new.numbers, new.saved = before.numbers, before.saved
            if before.reply == reply:
                return sent
        await self._put(new, before=before)
        return sent

    async def typing(self, to: Address) -> None:
        """Show that the bot is thinking, if the person who waits is the one at the keyboard."""
        if _recipient(to) == self._speaker.id and self._turns:
            self._screen.thinking(True)

    async def answer_press(self, event: Event, notice: str = "") -> None:
        """Show the notice; nothing else waits here."""
        if notice:
            with suppress(Gone):
                await self._screen.note(translate.one_line(notice))

    async def fetch(self, attachment: Attachment) -> bytes:
        """Read an attached file. Raises `Gone` when it is not there any more."""
        return await asyncio.to_thread(files.read, attachment.reference)

    def reaches(self, account_id: str) -> bool:
        """Whether this person has spoken here since `start`."""
        return account_id in self._present

    def health(self) -> Health:
        """Alive while lines are being read: a silent person is no fault."""
        alive = self._listening is not None and not self._listening.done()
        return Health(alive, self._clock.now(), "" if alive else "nobody is at the terminal")

    async def readers(self, workspace: str, place_id: str, most: int) -> tuple[str, ...] | None:
        """None: a terminal has no shared places."""
        return None

    async def roles(self, workspace: str) -> list[tuple[str, str]]:
        """None: a terminal has no roles of its own."""
        return []

    def join_link(self) -> str:
        """Nowhere to be brought to: ""."""
        return ""

    async def look(self) -> tuple[str, list[str]]:
        """A terminal is there or not; nothing is missing."""
        return "terminal", []

    def explain(self) -> list[str]:
        """Nothing can be missing here."""
        return []

    async def _listen(self, sink: Sink) -> None:
        try:
            while (line := await self._screen.read(self._speaker.name)) is not None:
                if not await self._take(line, sink):
                    break
        except Gone:
            return
        finally:
            await self._leave()

    async def _leave(self) -> None:
        """Show what is there of unfinished answers; from now on nobody can be reached here."""
        for task in self._waiting:
            task.cancel()
        self._turns.clear()
        with suppress(Gone):
            await self._show()
        self._present.clear()
        await self._screen.close()

    async def _take(self, line: str, sink: Sink) -> bool:
        """Act on one line; False when it says goodbye."""
        meant = translate.parse(line)
        event_id, now = uuid4().hex, self._clock.now()
        if isinstance(meant, Leave):
            return False
        if isinstance(meant, SpeakAs):
            await self._speak_as(meant.name)
            return True
        if isinstance(meant, SendFile):
            found = await asyncio.to_thread(files.look_up, meant.path) if meant.path else None
            if found is None:
                await self._screen.note(f"There is no file {meant.path}." if meant.path else "Type /file and a path.")
                return True
            event = translate.with_file(found, meant.words, self._speaker, event_id=event_id, now=now)
        else:
            choice = self._choices.find(self._speaker.id, line) if isinstance(meant, Talk) else None
            if isinstance(choice, Unclear):
                await self._screen.note("More than one choice fits. Type its number.")
                return True
            if isinstance(choice, Pressed):
                self._choices.withdraw(self._speaker.id, choice.message_id)
                event = translate.pressed(choice.token, choice.message_id, self._speaker, event_id=event_id, now=now)
            else:
                event = translate.said(meant, self._speaker, line, event_id=event_id, now=now)
        await self._deliver(event, sink)
        return True

    async def _deliver(self, event: Event, sink: Sink) -> None:
        self._choices.spoke(event.account.id)
        turn = self._turns[event.event_id] = asyncio.Event()
        try:
            await sink.record([event])
        except BaseException:
            del self._turns[event.event_id]
            raise
        waiting = asyncio.create_task(self._finish(event.event_id, turn))
        self._waiting.add(waiting)
        waiting.add_done_callback(self._waiting.discard)
        if self._screen.turn_by_turn:
            await waiting

    async def _finish(self, event_id: str, turn: asyncio.Event) -> None:
        """Wait for the end of a turn, then show for good what came in it."""
        try:
            async with asyncio.timeout(self._turn_timeout):
                await turn.wait()
        except TimeoutError:
            await self._screen.note("No answer yet. Let's go on meanwhile.")
        finally:
            self._turns.pop(event_id, None)
        with suppress(Gone):  # told to whoever reads or sends next
            await self._show()

    async def _speak_as(self, name: str) -> None:
        try:
            account = account_of(name)
        except ValueError:
            await self._screen.note(f"You are {self._speaker.name}. Type /as and a name to be somebody else.")
            return
        self._speaker = self._present.setdefault(account.id, account)
        still = translate.choices_line(self._choices.standing(self._speaker.id))
        await self._screen.note(f"You are {self._speaker.name} now." + (f" Still open: {still}" if still else ""))

    async def _put(self, item: Shown, before: Shown | None = None) -> None:
        """Bring a reply, new or changed, to the screen."""
        card = item.reply.card
        picture = card.picture if card and card.picture and not card.picture.plain else None  # what is drawn in lines
        attached = (*((picture,) if picture else ()), *item.reply.files)
        if attached and not item.saved:
            item.saved = await asyncio.to_thread(files.save, attached, self._downloads)
        item.numbers = self._choices.offer(item.account_id, item.message_id, card.buttons if card else ())
        if item.account_id != self._speaker.id:
            item.label = f"To {self._present[item.account_id].name}:"
        if before is not None and before in self._pending:
            self._pending[self._pending.index(before)] = item
        elif before is not None and not item.numbers and _words(before.reply) == _words(item.reply):
            _remember(self._printed, item.message_id, item)
            return
        else:
            self._pending.append(item)
        await self._show()

    async def _show(self) -> None:
        if self._turns:
            if any(_words(item.reply) != Reply() for item in self._pending):
                self._screen.thinking(False)
            self._screen.preview(self._pending)
            return
        self._screen.thinking(False)
        ready, self._pending = self._pending, []
        for item in ready:
            _remember(self._printed, item.message_id, item)
        if ready:
            await self._screen.commit(ready, self._pending)

    def _reach(self, to: Address) -> Account:
        account = self._present.get(_recipient(to))
        if account is None:
            raise Unreachable("that person is not at this terminal")
        return account


def _recipient(to: Address) -> str:
    return to.account_id or to.place_id.removeprefix(f"{PLATFORM}:")


def _words(reply: Reply) -> Reply:
    """A reply without its buttons, to tell whether there is anything new to read."""
    return replace(reply, card=replace(reply.card, buttons=())) if reply.card else reply


def _remember(kept: OrderedDict[str, T], key: str, value: T) -> None:
    kept[key] = value
    while len(kept) > _REMEMBERED:
        kept.popitem(last=False)


def _screen(plain: bool | None, input: TextIO | None, output: TextIO | None, history: Path | None) -> Screen:
    reads, writes = input or sys.stdin, output or sys.stdout
    if plain is None:
        plain = not (reads.isatty() and writes.isatty()) or os.environ.get("TERM") == "dumb"
    if plain:
        return Plain(reads, writes)
    from adapters.terminal.interactive import Interactive

    return Interactive(history, input, output)
