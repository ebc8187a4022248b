"""A platform that does what a test says, as the process that holds its adapter has it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from adapters.contract import Address, Attachment, Event, Reply, Sent
from tests.bot.outbox.scripted import Scripted

PATIENCE = 20.0  # seconds


class Platform(Scripted):
    """Beside what `Scripted` does: presses, files and links, a gate before each send, and a way to wait."""

    def __init__(self, name: str = "scripted") -> None:
        super().__init__(name)
        self.pressed: list[tuple[str, str]] = []
        self.files: dict[str, bytes] = {}
        self.there: dict[str, tuple[str, ...]] = {}
        self.open = asyncio.Event()
        self.open.set()
        self.asked = asyncio.Event()  # a send is at the gate
        self._did = asyncio.Condition()

    async def send(self, to: Address, reply: Reply, *, key: str) -> Sent:
        """Wait at the gate, then as `Scripted`."""
        self.asked.set()
        await self.open.wait()
        return await self._done(await super().send(to, reply, key=key))

    async def edit(self, to: Address, sent: Sent, reply: Reply) -> Sent:
        """As `Scripted`."""
        return await self._done(await super().edit(to, sent, reply))

    async def answer_press(self, event: Event, notice: str = "") -> None:
        """Remember it."""
        self.pressed.append((event.event_id, notice))
        await self._done(Sent("", ()))

    async def fetch(self, attachment: Attachment) -> bytes:
        """A file that the test has put there."""
        self._trouble()
        return self.files[attachment.reference]

    def invite_link(self, code: str) -> str:
        """A link."""
        return f"https://example.org/{code}?go"

    def join_link(self) -> str:
        """Another."""
        return "https://example.org/join"

    async def look(self) -> tuple[str, list[str]]:
        """Nothing to see."""
        return self.name, []

    async def readers(self, workspace: str, place_id: str, most: int) -> tuple[str, ...] | None:
        """A place has those that the test has put there."""
        return self.there.get(place_id)

    async def roles(self, workspace: str) -> list[tuple[str, str]]:
        """None."""
        return []

    @property
    def texts(self) -> list[str]:
        """What was sent and edited, in that order."""
        return [reply.text for _, reply, _ in self.sent] + [reply.text for _, reply in self.edited]

    async def until(self, ready: Callable[[], bool]) -> None:
        """Wait until something that this platform does has made `ready` true."""
        async with asyncio.timeout(PATIENCE), self._did:
            await self._did.wait_for(ready)

    async def _done(self, sent: Sent) -> Sent:
        async with self._did:
            self._did.notify_all()
        return sent
