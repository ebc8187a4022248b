"""The one interface that every platform implements, and the promises that come with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from adapters.contract.event import Attachment, Event, PlaceKind
from adapters.contract.menu import MenuEntry, Suggestion
from adapters.contract.powers import Act, Did, Power, Written
from adapters.contract.reply import Address, Reply, Sent


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
    native_commands: bool = False  # typed options and completions in the platform's own command menu
    forms: bool = False  # what a command lacks is asked for in a form
    roles: bool = False  # the platform has roles that can be mapped to those of a Nexus
    readers: bool = False  # the platform may tell who can read in a shared place
    home: bool = False  # a page of one's own inside the platform
    history: bool = False  # what was written before can be read: what was missed while nobody listened, and `recent`
    follows: bool = True  # whoever was removed can still be written to; else they are told before it is done
    one_listener: bool = False  # the platform tells its events to one process at a time: others stand by
    max_length: int = 4096
    edit_interval: float = 1.0
    powers: frozenset[Power] = frozenset()  # what moderators can do here at all, given the rights


@dataclass(frozen=True, slots=True)
class Health:
    """Real progress, not "connected": when the platform last answered a poll or heartbeat (ms since epoch)."""

    alive: bool
    last_progress: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A place in which an event was recorded, and when last (ms since epoch, our clock)."""

    workspace: str
    place_id: str
    kind: PlaceKind
    at: int


class Sink(Protocol):
    """Where an adapter delivers events, and what it may ask while a person waits."""

    async def record(self, events: Sequence[Event]) -> None:
        """Return when the events are stored durably. Only then may the adapter acknowledge them."""

    async def complete(self, event: Event, option: str, typed: str) -> list[Suggestion]:
        """At most 25 values for an option of the command that somebody is typing.

        `event` is a COMMAND with what is filled in so far; it is not recorded. Never raises: no suggestion is better
        than a broken menu.
        """

    async def home(self, event: Event) -> Reply:
        """What the event's account sees on a page of their own: where they stand. Not recorded. Never raises."""

    async def heard(self, platform: str) -> list[Heard]:
        """Where a platform was heard during the last week, newest first, at most 500 places.

        After a start, or a session that could not be resumed, what was said there since can be fetched where the API
        has a history. Events that were recorded already are dropped by their id, so asking too far back is harmless.
        """


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

    async def look(self) -> tuple[str, list[str]]:
        """Log in, look around, and leave without taking any event: who the bot is there, and `explain`'s sentences.

        Raises `Unauthorized` or another `DeliveryError`. For `nexus check` and `nexus connect`, not beside `start`.
        """

    def join_link(self) -> str:
        """The link by which somebody brings the bot into their server, workspace or group, with all that it needs.

        "" before `start` or `look`, and where there is none.
        """

    async def roles(self, workspace: str) -> list[tuple[str, str]]:
        """The roles (id, name) of a server or workspace that can stand for those of a Nexus, highest first.

        [] where the platform has none. Raises a `DeliveryError`.
        """

    async def readers(self, workspace: str, place_id: str, most: int) -> tuple[str, ...] | None:
        """The account ids of the people who can read in a shared place now: no bots, and not us.

        None where the platform does not tell or there are more than `most`, and where somebody who is not among them
        could begin to read without anybody's doing: a public channel, one that people can open to themselves, one that
        is shared with another organisation. A thread is asked about as its chat, or by its own id where it is `apart`.
        Raises a `DeliveryError`; who asked then knows nothing, whatever was known before.
        """

    async def before(self, act: Act) -> dict[str, str]:
        """What has to be known to take an act back later: asked and stored before it is carried out.

        The rights that a lock will change, the slow mode that was set. {} for acts that need nothing. Raises a
        `DeliveryError`.
        """

    async def act(self, act: Act) -> Did:
        """Carry out what a moderator or a rule decided. Asks the platform first whether it may be done.

        Nobody is acted on who stands above the moderator `act.by` or above the bot on the platform, is one of its
        owners or administrators, or is the bot; the answer says so. A power that the platform does not have, a missing
        permission and a person or message that is gone are answers too (a message that is gone is deleted). Never
        faster than the platform allows. Raises `TooManyRequests`, `Transient` and `Unauthorized` alone: then the act
        is repeated.
        """

    async def written(
        self, workspace: str, place_id: str, most: int, account_id: str = "", thread: str = ""
    ) -> list[Written] | None:
        """The newest messages of a place, or of a `thread` in it, of everybody or of one account, newest first.

        None where there is no history. Raises a `DeliveryError`.
        """

    async def recent(self, workspace: str, place_id: str, since: int, most: int) -> list[Event] | None:
        """What people wrote in a place and its threads since then (ms since epoch), oldest first: the newest `most`.

        MESSAGEs as they would have been told, with what can be found out of their authors within reason; they are for
        looking at, and recorded by nobody. `place_id` "" is the whole workspace, as far as the bot can read there.
        None where the platform shows no history, or not to the bot. Never faster than the platform allows; where it
        asks to wait for long, what was read until then. Raises a `DeliveryError`.
        """

    def explain(self) -> list[str]:
        """What does not work for lack of configuration or permission, one plain sentence each (for `nexus check`)."""
