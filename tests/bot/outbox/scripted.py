"""An adapter that does what a test says, and remembers what it was asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from adapters.common.powerless import Powerless
from adapters.contract import Address, Attachment, Capabilities, Event, Health, MenuEntry, Reply, Sent, Sink


class Scripted(Powerless):
    """Raises what is queued in `troubles`, one for each call; otherwise everything works."""

    def __init__(self, name: str = "scripted", *, direct_first: bool = True) -> None:
        self._name = name
        self.capabilities = Capabilities(direct_first=direct_first)
        self.troubles: deque[Exception | None] = deque()
        self.sent: list[tuple[Address, Reply, str]] = []
        self.edited: list[tuple[Sent, Reply]] = []
        self.absent: set[str] = set()

    @property
    def name(self) -> str:
        return self._name

    async def start(self, sink: Sink, menu: Sequence[MenuEntry]) -> None:
        return None

    async def stop(self) -> None:
        return None

    def _trouble(self) -> None:
        trouble = self.troubles.popleft() if self.troubles else None
        if trouble is not None:
            raise trouble

    async def send(self, to: Address, reply: Reply, *, key: str) -> Sent:
        self._trouble()
        self.sent.append((to, reply, key))
        return Sent(to.place_id, (f"m{len(self.sent)}",))

    async def edit(self, to: Address, sent: Sent, reply: Reply) -> Sent:
        self._trouble()
        self.edited.append((sent, reply))
        return sent

    async def typing(self, to: Address) -> None:
        return None

    async def answer_press(self, event: Event, notice: str = "") -> None:
        return None

    def reaches(self, account_id: str) -> bool:
        return account_id not in self.absent

    def turn_done(self, event_id: str) -> None:
        return None

    def invite_link(self, code: str) -> str:
        return ""

    async def fetch(self, attachment: Attachment) -> bytes:
        return b""

    def health(self) -> Health:
        return Health(True, 0)

    async def look(self) -> tuple[str, list[str]]:
        """All is well."""
        return self.name, []

    async def readers(self, workspace: str, place_id: str, most: int) -> tuple[str, ...] | None:
        """See the contract."""
        return None

    async def roles(self, workspace: str) -> list[tuple[str, str]]:
        """None."""
        return []

    def join_link(self) -> str:
        """None."""
        return ""

    def explain(self) -> list[str]:
        return []
