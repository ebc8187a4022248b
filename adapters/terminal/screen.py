"""What the adapter asks of a screen, and what a screen shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from adapters.contract import MenuEntry, Reply


@dataclass(slots=True)
class Shown:
    """A reply on its way to the screen: to whom, with which numbers on its buttons, and where its files were put.

    `label` says whom it is for when that is not the person who is speaking.
    """

    message_id: str
    account_id: str
    reply: Reply
    numbers: Sequence[int] = ()
    saved: tuple[str, ...] = ()
    label: str = ""


class Screen(Protocol):
    """Reads lines and shows replies."""

    @property
    def turn_by_turn(self) -> bool:
        """Whether the next line may be read only when everything that answers the last one was shown."""

    def open(self, menu: Sequence[MenuEntry]) -> None:
        """Make ready to read."""

    async def read(self, speaker: str) -> str | None:
        """The next line that says something; None when the person left."""

    def preview(self, pending: Sequence[Shown]) -> None:
        """Show replies that may still change."""

    async def commit(self, shown: Sequence[Shown], pending: Sequence[Shown]) -> None:
        """Show replies for good; `pending` are those that remain a preview. Raises `Gone` when nobody can see them."""

    async def note(self, text: str) -> None:
        """A short word of the terminal itself, not of the bot."""

    def thinking(self, on: bool) -> None:
        """Whether the bot is at work on an answer."""

    async def close(self) -> None:
        """Give the terminal back."""
