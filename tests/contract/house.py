"""A house to live in: the real App on a real store, with a terminal and Telegram as people use them.

`Desk` is a terminal in plain mode with injected streams, `Phone` is Telegram through the real python-telegram-bot at a
fake server on loopback. Both are a `Surface`: a person says something or presses a button, and gets back what was
shown to them. Nothing here waits by the clock: an answer is complete when the bot has nothing left to do.
"""

from __future__ import annotations

import asyncio
import io
import queue
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Column, Table, select

from adapters.contract import Account, Adapter, ButtonPress, Event, EventKind, Place, PlaceKind
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.pace import Pace
from adapters.terminal import TerminalAdapter
from bot.app import App
from bot.cofounder.brain import Kind, Pending, Speaks, Understanding, Understands
from bot.outbox import notices, outbox
from bot.settings import Settings
from core.catalogue import metadata
from core.clock import ManualClock
from core.notices.tables import notice
from core.store import Store, Unit
from tests.fakes.telegram import Chat, FakeTelegram, Message, User

PATIENCE = 20.0  # seconds until something that never happens is called a failure

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass
class Stub:
    """A brain that understands the sentences it is told, answers an open question, and takes the rest as statements."""

    knows: dict[str, Understanding] = field(default_factory=dict)

    def understand(
        self,
        sentence: str,
        *,
        direct: bool = True,
        allowed: frozenset[str] | None = None,
        pending: Pending | None = None,
    ) -> Understanding:
        """See `bot.cofounder.brain.Understands`."""
        if sentence in self.knows:
            return self.knows[sentence]
        if pending is not None:
            return request(pending.operation, **pending.arguments, **{pending.asked: sentence})
        if sentence in ("hello", "Hello"):
            return Understanding(Kind.SMALL_TALK, reply="Hello. What are you working on?")
        return Understanding(Kind.STATEMENT)


def request(operation: str, /, **arguments: Any) -> Understanding:
    """A sentence that asks for an operation."""
    return Understanding(Kind.REQUEST, operation, arguments, confidence=1.0)


class Keyboard(io.StringIO):
    """A stream that is typed into while it is read; it knows when the next line is waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._asked = asyncio.Event()

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        """The next line, once somebody typed it; called on the terminal's reading thread."""
        self._loop.call_soon_threadsafe(self._asked.set)
        return self._lines.get()

    async def type(self, line: str) -> None:
        """Type a line; returns when the terminal asks for the next one, so when the turn is over."""
        await self.rest()
        self._asked.clear()
        self._lines.put(line + "\n")
        await self.rest()

    async def rest(self) -> None:
        """Wait until a line is waited for."""
        async with asyncio.timeout(PATIENCE):
            await self._asked.wait()

    def end(self) -> None:
        """Nobody types any more."""
        self._lines.put("")


class Surface(Protocol):
    """A platform as people meet it."""

    name: str
    house: House

    async def say(self, who: str, text: str) -> str:
        """Somebody writes to the bot in their direct chat; everything that they are shown in answer."""

    async def press(self, who: str, label: str) -> str:
        """Somebody presses the newest button of that label; everything that they are shown in answer."""

    async def news(self, who: str) -> str:
        """What somebody was shown since they last did something."""

    def buttons(self, who: str) -> list[str]:
        """The labels that somebody can press now, oldest first."""

    def token(self, who: str, label: str) -> tuple[str, str]:
        """The token and the message id behind a button."""

    def any_message(self, who: str) -> str:
        """The id of a message of the bot's that somebody was shown."""

    async def forge(self, who: str, token: str, message_id: str) -> str:
        """Somebody's client sends a press of its own making; what they are shown."""


class Desk:
    """One terminal at which everybody takes a seat in turn."""

    name = "terminal"

    def __init__(self, house: House, adapter: TerminalAdapter, keyboard: Keyboard, screen: io.StringIO) -> None:
        self.house, self.adapter = house, adapter
        self.keyboard, self.screen = keyboard, screen
        self.speaker = "Ana"
        self._read = 0
        self._shown: dict[str, list[str]] = {}

    async def say(self, who: str, text: str) -> str:
        """See `Surface.say`."""
        await self.sit(who)
        self._shown[who] = []
        await self.keyboard.type(text)
        await self.house.settle()
        return await self.news(who)

    async def sit(self, who: str) -> None:
        """Somebody takes the seat at the keyboard."""
        self._look()
        if who != self.speaker:
            await self.keyboard.type(f"/as {who}")
            self.speaker = who
            self._look()

    async def press(self, who: str, label: str) -> str:
        """See `Surface.press`."""
        await self.sit(who)
        standing = self.adapter._choices.standing(who.casefold())
        number = next(number for number, button in reversed(standing) if button.label == label)
        return await self.say(who, str(number))

    async def news(self, who: str) -> str:
        """See `Surface.news`."""
        self._look()
        return "\n".join(self._shown.pop(who, []))

    def buttons(self, who: str) -> list[str]:
        """See `Surface.buttons`."""
        return [button.label for _, button in self.adapter._choices.standing(who.casefold())]

    def token(self, who: str, label: str) -> tuple[str, str]:
        """See `Surface.token`."""
        asked = self.adapter._choices._asked[who.casefold()]
        found = [(b.token, card.message_id) for card in asked.cards for b in card.buttons if b.label == label]
        return found[-1]

    def any_message(self, who: str) -> str:
        """See `Surface.any_message`."""
        return "elsewhere"

    async def forge(self, who: str, token: str, message_id: str) -> str:
        """See `Surface.forge`: there is no such client here, so the event itself is made up."""
        await self.sit(who)
        self._shown[who] = []
        account = Account(who.casefold(), who)
        await self.house.deliver(
            Event(
                "terminal",
                f"forged-{self.house.number()}",
                EventKind.BUTTON,
                account,
                Place(f"terminal:{account.id}", PlaceKind.DIRECT),
                addressed=True,
                press=ButtonPress(token, message_id),
            )
        )
        return await self.news(who)

    def _look(self) -> None:
        """Read on the screen what is new, and note who it was shown to."""
        shown = self.screen.getvalue()[self._read :]
        self._read += len(shown)
        reader = self.speaker
        for line in shown.splitlines():
            if line.startswith(("> ", "(You are ")):
                reader = self.speaker
            elif found := re.fullmatch(r"To (.+):", line):
                reader = found[1]
            elif line:
                self._shown.setdefault(reader, []).append(line)


class Phone:
    """Telegram: everybody has a direct chat with the bot; groups are made with `tg` itself."""

    name = "telegram"

    def __init__(self, house: House, tg: FakeTelegram, adapter: TelegramAdapter) -> None:
        self.house, self.tg, self.adapter = house, tg, adapter
        self.users: dict[str, User] = {}
        self._seen: dict[str, int] = {}

    def user(self, who: str) -> User:
        """Somebody with a phone."""
        if who not in self.users:
            self.users[who] = self.tg.user(who, who.split()[0].casefold())
        return self.users[who]

    def chat(self, who: str) -> Chat:
        """Somebody's direct chat with the bot."""
        return self.tg.private(self.user(who))

    async def say(self, who: str, text: str) -> str:
        """See `Surface.say`."""
        self._seen[who] = self.tg.sequence
        self.chat(who).say(self.user(who), text)
        await self.house.settle()
        return await self.news(who)

    async def start(self, who: str, payload: str = "") -> str:
        """Follow a deep link."""
        self._seen[who] = self.tg.sequence
        self.chat(who).start(self.user(who), payload)
        await self.house.settle()
        return await self.news(who)

    async def press(self, who: str, label: str) -> str:
        """See `Surface.press`. What pops up counts as shown."""
        token, message_id = self.token(who, label)
        return await self.forge(who, token, message_id)

    def any_message(self, who: str) -> str:
        """See `Surface.any_message`."""
        return str(self.chat(who).bot_messages[-1].message_id)

    async def forge(self, who: str, token: str, message_id: str) -> str:
        """See `Surface.forge`."""
        self._seen[who] = self.tg.sequence
        update = self.chat(who).callback(self.user(who), int(message_id), token)
        answer = await self.chat(who).wait_for_answer(after=update, timeout=PATIENCE)
        await self.house.settle()
        return "\n".join(filter(None, (answer.text, await self.news(who))))

    async def news(self, who: str) -> str:
        """See `Surface.news`: new messages, and those that were changed."""
        since = self._seen.get(who, 0)
        self._seen[who] = self.tg.sequence
        return "\n".join(m.text for m in self.chat(who).bot_messages if m.changed > since)

    def buttons(self, who: str) -> list[str]:
        """See `Surface.buttons`."""
        return [label for message in self.chat(who).bot_messages for label in message.buttons]

    def token(self, who: str, label: str) -> tuple[str, str]:
        """See `Surface.token`."""
        return button(self.chat(who), label)


def button(chat: Chat, label: str) -> tuple[str, str]:
    """The token and message id of the newest button of that label in a chat."""
    found = [
        (str(one["callback_data"]), str(message.message_id))
        for message in chat.bot_messages
        for row in message.keyboard
        for one in row
        if one["text"] == label
    ]
    assert found, f"no button {label!r} in {[m.view() for m in chat.bot_messages]}"
    return found[-1]


def newest(chat: Chat) -> Message:
    """The newest message of the bot."""
    return chat.bot_messages[-1]


@dataclass
class House:
    """The App and its surroundings."""

    store: Store
    clock: ManualClock
    settings: Settings
    offline: Understands
    app: App = field(init=False)
    code: str = field(init=False, default="")
    desk: Desk | None = None
    phone: Phone | None = None
    _number: int = 0

    def number(self) -> int:
        """A fresh number."""
        self._number += 1
        return self._number

    async def settle(self) -> None:
        """Wait until everything that was said is answered, and everybody was told what they have to know."""
        async with asyncio.timeout(PATIENCE):
            if self.phone is not None:
                await self.phone.tg.wait_until_acknowledged(PATIENCE)
            while True:
                await self.app.lanes.drain()
                await self.app.store.write(lambda unit: unit.now)  # behind the notices that are being taken
                await self.app.lanes.drain()
                if not self.app._notices.is_set() and not await self._untold():
                    return
                await asyncio.sleep(0)

    async def _untold(self) -> bool:
        """Whether there is a notice, or a reply that is due, for somebody who can be reached now."""

        def unit(unit: Unit) -> bool:
            adapters = self.app.adapters
            if any(adapters[r.address.platform].reaches(r.address.account_id) for r in outbox.waiting(unit)):
                return True
            waiting = unit.rows(select(notice.c.person_id, notice.c.account_id).where(notice.c.state == "waiting"))
            return any(notices._account(unit, adapters, one["person_id"], one["account_id"]) for one in waiting)

        return await self.app.store.read(unit)

    async def deliver(self, *events: Event) -> None:
        """Hand events to the bot as an adapter would, and let it answer."""
        await self.app.turns.record(events)
        await self.settle()

    def dump(self, *tables: str) -> Rows:
        """Rows of these tables (none named: of all that hold what people did), to compare before and after."""

        def unit(unit: Unit) -> Rows:
            return {
                table.name: sorted((tuple(row) for row in unit.execute(select(*_lasting(table)))), key=repr)
                for table in metadata.sorted_tables
                if table.name in (tables or STATE)
            }

        return self.store.read(unit).result()

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return len(self.dump(table)[table])


def _lasting(table: Table) -> list[Column[Any]]:
    """The columns but for the time somebody was last seen."""
    return [column for column in table.columns if column.name != "seen_at"]


# What an operation can change; what a turn needs for itself (inbox, outbox, buttons, quotas, questions) is not here.
STATE = (
    "account",
    "audit",
    "founding",
    "invite",
    "invite_request",
    "link",
    "membership",
    "nexus",
    "nexus_tree",
    "notice",
    "place",
    "record",
)


@asynccontextmanager
async def living(
    store: Store,
    clock: ManualClock,
    folder: Path,
    *,
    terminal: bool = True,
    telegram: FakeTelegram | None = None,
    offline: Understands | None = None,
    brain: Speaks | None = None,
    settings: Settings | None = None,
) -> AsyncIterator[House]:
    """The App with these adapters, started and in the end stopped."""
    house = House(store, clock, settings or Settings(store_url=store.url), offline or Stub())
    adapters: list[Adapter] = []
    if terminal:
        keyboard, screen = Keyboard(), io.StringIO()
        seat = TerminalAdapter(
            "Ana", history=None, downloads=folder, clock=clock, plain=True, input=keyboard, output=screen
        )
        house.desk = Desk(house, seat, keyboard, screen)
        adapters.append(seat)
    if telegram is not None:
        bot = TelegramAdapter(
            telegram.token,
            base_url=telegram.base_url,
            file_base_url=telegram.file_base_url,
            clock=clock.now,
            pace=Pace(burst=10_000, sleep=at_once),
        )
        house.phone = Phone(house, telegram, bot)
        adapters.append(bot)
    house.app = App(house.settings, store, adapters, offline=house.offline, brain=brain)
    house.code = await house.app.start() or ""
    try:
        yield house
    finally:
        if house.desk is not None:
            house.desk.keyboard.end()
        await house.app.stop()


@dataclass(frozen=True, slots=True)
class Scene:
    """What happened before a scenario: who is there, and what there is."""

    surface: Surface

    async def claimed(self, who: str = "Ana") -> None:
        """Somebody is the owner of the place."""
        said = await self.surface.say(who, f"/claim {self.surface.house.code}")
        assert "you are its owner" in said

    async def invited(self, maker: str, guest: str, role: str = "member") -> str:
        """Somebody comes in with an invitation of somebody else's."""
        code = found_code(await self.surface.say(maker, f"/invite role={role}"))
        await self.surface.say(guest, f"/accept {code}")
        return code


def found_code(text: str) -> str:
    """The first code in a text."""
    found = re.search(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){1,3}\b", text)
    assert found, text
    return found[0]


async def at_once(_: float) -> None:
    """A pause that takes no time."""


async def until(condition: Callable[[], object]) -> None:
    """Give the loop its turns until something is true."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.002)
