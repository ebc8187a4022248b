"""The terminal in plain mode, with injected streams."""

from __future__ import annotations

import asyncio
import io
import queue
import re
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.contract import Account, ButtonPress, Event, EventKind, Place, PlaceKind
from adapters.terminal import TerminalAdapter
from tests.contract.surfaces import PATIENCE, Stands

if TYPE_CHECKING:
    from tests.contract.house import House


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


class Desk:
    """One terminal at which everybody takes a seat in turn."""

    name = "terminal"

    def __init__(
        self, house: House, adapter: TerminalAdapter, keyboard: Keyboard, screen: io.StringIO, folder: Path
    ) -> None:
        self.house, self.adapter = house, adapter
        self.keyboard, self.screen, self.folder = keyboard, screen, folder
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

    async def send_file(self, who: str, name: str, content: bytes, words: str = "") -> str:
        """See `Surface.send_file`."""
        path = self.folder / name
        path.write_bytes(content)
        return await self.say(who, f'/file "{path}" {words}'.strip())

    def stands(self, who: str) -> Stands:
        """See `Surface.stands`."""
        account = Account(who.casefold(), who)
        return Stands(account, Place(f"terminal:{account.id}", PlaceKind.DIRECT))

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
