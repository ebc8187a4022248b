"""Platforms as people meet them: somebody says something or presses a button, and gets back what was shown to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from adapters.contract import Account, Place

if TYPE_CHECKING:
    from tests.contract.house import House

PATIENCE = 20.0  # seconds until something that never happens is called a failure


async def at_once(_: float) -> None:
    """A pause that takes no time."""


@dataclass(frozen=True, slots=True)
class Stands:
    """An account, its direct chat with the bot, and the workspace of that."""

    account: Account
    place: Place
    workspace: str = ""


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

    async def send_file(self, who: str, name: str, content: bytes, words: str = "") -> str:
        """Somebody sends a file in their direct chat, perhaps with words; everything that they are shown in answer."""

    def stands(self, who: str) -> Stands:
        """Who somebody is to the platform, and their direct chat, as its adapter tells it."""

    def buttons(self, who: str) -> list[str]:
        """The labels that somebody can press now, oldest first."""

    def token(self, who: str, label: str) -> tuple[str, str]:
        """The token and the message id behind a button."""

    def any_message(self, who: str) -> str:
        """The id of a message of the bot's that somebody was shown."""

    async def forge(self, who: str, token: str, message_id: str) -> str:
        """Somebody's client sends a press of its own making; what they are shown."""
