"""What happened on a platform, in neutral words. Stored as JSON in the inbox before it is acknowledged."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class EventKind(StrEnum):
    """What a person (or the platform) did."""

    MESSAGE = "message"
    COMMAND = "command"
    BUTTON = "button"
    EDIT = "edit"
    DELETE = "delete"
    JOINED = "joined"  # a person came into the place
    LEFT = "left"  # a person left the place
    BOT_ADDED = "bot_added"
    BOT_REMOVED = "bot_removed"
    PLACE_MOVED = "place_moved"  # the platform gave the place a new id (in `text`)
    ROLES = "roles"  # the account's roles on the platform are now `Account.roles`
    READERS = "readers"  # who can read in the place, or anywhere in its workspace, may have changed; by nobody's word


class PlaceKind(StrEnum):
    """Who can be in a place: `direct` is one person with the bot, the others are shared."""

    DIRECT = "direct"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Account:
    """Who spoke, as the platform knows them.

    `id` is the platform's stable user id, never a display name. `workspace` is empty where user ids are global
    (Telegram, Discord); on Slack it is the team id. `roles` are the ids of the roles (user groups) that they hold in
    the event's workspace, None where the platform does not say. `manages`: they may change that workspace itself (an
    administrator), None where the platform does not say. `made_at` and `joined_at`: when the account was made, and when
    it came into the event's workspace or place (ms since epoch), 0 where the platform does not say.
    """

    id: str
    name: str
    username: str = ""
    workspace: str = ""
    is_bot: bool = False
    language: str = ""
    roles: tuple[str, ...] | None = None
    manages: bool | None = None
    made_at: int = 0
    joined_at: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where it was said: a chat and, inside it, a thread or topic (empty when there is none).

    A Discord thread has its channel as `id` and itself as `thread`. `assistant` marks a direct chat in a window that
    the platform made for talk with bots, each `thread` a conversation of its own. `apart`: not everybody in the chat
    can read the thread, so who can is asked about the thread by its own id.
    """

    id: str
    kind: PlaceKind
    title: str = ""
    thread: str = ""
    assistant: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message. `reference` is what the adapter needs to fetch it again."""

    reference: str
    name: str = ""
    media_type: str = ""
    size: int = 0  # bytes, 0 if unknown


@dataclass(frozen=True, slots=True)
class Command:
    """An explicit command such as `/need post a designer`: its words after the slash, and the rest as typed.

    `name` is the first word without slash or @bot ("need"), `rest` everything after it ("post a designer").
    A native command with typed options (Discord) gives `arguments` by parameter name instead, and `name` is then
    the operation's full name ("need.post").
    """

    name: str
    rest: str = ""
    arguments: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """A pressed button: the opaque token it carried, the message it stood on, and what answers the press."""

    token: str
    message_id: str = ""
    press_id: str = ""
    private: bool = False  # the message it stands on is seen by the presser alone, in a shared place


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. (platform, workspace, event_id) is unique; a second arrival is the same event.

    `addressed` says that the bot was spoken to: a direct message, a mention, a reply to it, a command, a button.
    `text` has the mention of the bot removed, and mentions of people as "@username" (their accounts, bots left out,
    are in `mentions`). `sent_at` is the platform's time in milliseconds since the epoch, UTC.

    `workspace` is the server, team or organisation that the place belongs to: a Discord guild's id, a Slack team's,
    "" in a Discord direct chat; on Telegram, which has none, the bot's own id, since event ids are counted per bot.
    `workspace_title` is its name where it is known. `respond` is opaque: see `Address.respond`; it may be a secret, so
    it is never logged. `answers_privately`: a private answer to this event can be given where it was asked, seen by
    the asker alone; otherwise it goes to the direct chat. `reply_text`: the text of the message that it answers, where
    the platform sends it along. `everyone`: it calls everybody in the place (@everyone, @channel). `forwarded`: it was
    written elsewhere. A JOINED has who came in `account`.
    """

    platform: str
    event_id: str
    kind: EventKind
    account: Account
    place: Place
    workspace: str = ""
    text: str = ""
    message_id: str = ""
    reply_to: str = ""  # id of the message it answers
    reply_to_account: Account | None = None  # whose message that was
    addressed: bool = False
    command: Command | None = None
    press: ButtonPress | None = None
    attachments: tuple[Attachment, ...] = ()
    sent_at: int = 0
    mentions: tuple[Account, ...] = ()
    workspace_title: str = ""
    respond: str = field(default="", repr=False)
    answers_privately: bool = False
    reply_text: str = ""
    everyone: bool = False
    forwarded: bool = False
