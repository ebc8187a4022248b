"""The one interface that every platform implements, and the promises that come with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from adapters.contract.event import Attachment, Event
from adapters.contract.reply import Address, MenuEntry, Reply, Sent


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can really do. What it cannot is said to people, never pretended.

    `edit_interval` is the least number of seconds between two edits of one message; `max_length` is the longest
    message in the platform's own unit (see the adapter). `idempotent_send`: a resend with the same key is dropped
    by the platform.
    """

    buttons: bool = True
    edits: bool = True
    private_in_group: bool = False  # an answer in a group that only one person sees
    direct_first: bool = True  # the bot may open a direct chat by itself
    typing: bool = True
    files: bool = True
    sees_deletions: bool = False
    idempotent_send: bool = False
    max_length: int = 4096
    edit_interval: float = 1.0


@dataclass(frozen=True, slots=True)
class Health:
    """Real progress, not "connected": when the platform last answered a poll or heartbeat (ms since epoch)."""

    alive: bool
    last_progress: int
    detail: str = ""


class Sink(Protocol):
    """Where an adapter delivers events."""

    async def record(self, events: Sequence[Event]) -> None:
        """Return when the events are stored durably. Only then may the adapter acknowledge them."""


class Adapter(Protocol):
    """A platform. One instance per bot token; all of it runs on the event loop that called `start`."""

    @property
    def name(self) -> str:
        """The platform's name, e.g. "telegram": the same word as in `Event.platform`."""

    @property
    def capabilities(self) -> Capabilities:
        """What this platform can do."""

    async def start(self, sink: Sink, menu: Sequence[MenuEntry]) -> None:
        """Log in, publish the command menu if it changed, and begin to deliver events. Returns once listening.

        Raises `Unauthorized` for a refused token and `Transient` when the platform cannot be reached.
        """

    async def stop(self) -> None:
        """Stop listening, finish what is being recorded, close connections."""

    async def send(self, to: Address, reply: Reply, *, key: str) -> Sent:
        """Send a reply, split where it is too long. `key` names the outbox row, for platforms that drop repeats.

        Raises a `DeliveryError`.
        """

    async def edit(self, to: Address, sent: Sent, reply: Reply) -> Sent:
        """Replace a reply that was sent before, sending further messages when it has become longer.

        Returns the ids as they are now. An edit that changes nothing is no error. Raises a `DeliveryError`.
        """

    async def typing(self, to: Address) -> None:
        """Show that the bot is thinking. Never raises: it is a courtesy."""

    async def answer_press(self, event: Event, notice: str = "") -> None:
        """Close the waiting state of a pressed button, optionally with a short note only the presser sees.

        Never raises: a press too old to be answered is answered by the message that follows.
        """

    def reaches(self, account_id: str) -> bool:
        """Whether something unasked can be told to that account now. A chat platform keeps it for them: True.

        A terminal reaches only who sits at it; what waits is told when they come.
        """

    def invite_link(self, code: str) -> str:
        """A link that opens a direct chat with the bot and accepts an invitation code; "" where there is none."""

    def turn_done(self, event_id: str) -> None:
        """The turn of an event is over and all of its replies are sent. For platforms that take turns."""

    async def fetch(self, attachment: Attachment) -> bytes:
        """Download a file that came with an event. Raises a `DeliveryError`."""

    def health(self) -> Health:
        """Progress so far, cheap enough to be asked every second."""

    def explain(self) -> list[str]:
        """What does not work for lack of configuration or permission, one plain sentence each (for `nexus check`)."""
