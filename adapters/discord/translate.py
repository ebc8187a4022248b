"""Discord's raw gateway payloads as events. Pure: no library objects, no clock, no network.

People only: messages of bots and webhooks are marked `is_bot`, those of the bot itself are nothing at all.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from adapters.contract import Account, Attachment, Command, Event, EventKind, Place, PlaceKind
from adapters.discord.markup import clean
from adapters.discord.moments import milliseconds
from adapters.discord.respond import moment

Json = dict[str, Any]

_SAID, _ANSWERED = 0, 19  # types of messages that people write; the others are Discord's own sentences
_FORWARDED = 1  # type of a message reference
THREADS = (10, 11, 12)  # types of channels
_PRIVATE_THREAD = 12
_DIRECT = 1
_FORMS = re.compile(
    r"<@!?(?P<person>\d+)>|<@&(?P<role>\d+)>|<#(?P<channel>\d+)>"
    r"|<a?(?P<emoji>:\w+:)\d+>|<(?P<command>/[^:<>]+):\d+>"
)
_TYPED = re.compile(r"/(\w{1,64})(?=\s|$)\s*")  # a command written as a message, where the menu was not used
_AFTER_MENTION = re.compile(r"^[\s,:;–—-]+")
_OURS = "\0"  # stands for a mention of the bot until it is taken out


@dataclass(frozen=True, slots=True)
class Channel:
    """What is known of a channel: `parent` is set for threads, `private` for those that people are added to."""

    id: str
    name: str = ""
    parent: str = ""
    parent_name: str = ""
    direct: bool = False
    private: bool = False


class Names(Protocol):
    """What ids stand for, as far as it is known."""

    @property
    def me(self) -> str:
        """The bot's own account id."""

    def server(self, guild_id: str) -> str:
        """A server's name, "" if unknown."""

    def channel(self, guild_id: str, channel_id: str) -> Channel | None:
        """A channel or thread."""

    def role(self, guild_id: str, role_id: str) -> str:
        """A role's name, "" if unknown."""

    def manages(self, guild_id: str, user_id: str, roles: Sequence[str] | None) -> bool | None:
        """Whether somebody with these roles (None: not known) may change the server itself; None if not known."""

    def own_role(self, guild_id: str) -> str:
        """The id of the role that Discord made for the bot in that server."""


MANAGES = (1 << 3) | (1 << 5)  # Administrator, Manage Server


def account(user: Json, member: Json | None = None, *, language: str = "") -> Account:
    """A user, with what their membership of a server adds."""
    member = member or {}
    username = str(user.get("username") or "")
    name = clean(str(member.get("nick") or user.get("global_name") or username)).strip()
    roles = member.get("roles")
    return Account(
        str(user["id"]),
        name or str(user["id"]),
        username=username,
        is_bot=bool(user.get("bot")) or bool(user.get("system")),
        language=language,
        roles=None if roles is None else tuple(str(role) for role in roles),
        manages=bool(int(member["permissions"]) & MANAGES) if "permissions" in member else None,
        made_at=moment(str(user["id"])),
        joined_at=milliseconds(member.get("joined_at")),
    )


def place(guild_id: str, channel: Channel) -> Place:
    """Where something was said: a thread counts as part of its channel."""
    if not guild_id:
        kind = PlaceKind.DIRECT if channel.direct or not channel.name else PlaceKind.GROUP
        return Place(channel.id, kind, title=channel.name)
    if channel.parent:
        title = channel.parent_name
        return Place(channel.parent, PlaceKind.GROUP, title=title, thread=channel.id, apart=channel.private)
    return Place(channel.id, PlaceKind.GROUP, title=channel.name)


def channel_of(payload: Json, parent_name: str = "") -> Channel:
    """A channel as Discord describes it in an interaction or by REST."""
    thread = payload.get("type") in THREADS
    return Channel(
        str(payload["id"]),
        clean(str(payload.get("name") or "")),
        str(payload.get("parent_id") or "") if thread else "",
        parent_name,
        direct=payload.get("type") == _DIRECT,
        private=payload.get("type") == _PRIVATE_THREAD,
    )


def worth(message: Json, me: str) -> bool:
    """Whether a message can be an event at all: written by somebody else, and not by Discord."""
    author = message.get("author")
    return author is not None and author["id"] != me and message.get("type", _SAID) in (_SAID, _ANSWERED)


def said(message: Json, channel: Channel, names: Names) -> tuple[Event, ...]:
    """A new message; one that begins with a slash and is meant for the bot is a command.

    Raises KeyError, TypeError or ValueError for what is none.
    """
    return _message(message, channel, names, EventKind.MESSAGE)


def edited(message: Json, channel: Channel, names: Names) -> tuple[Event, ...]:
    """A changed message; nothing for one whose words are the same (Discord unfolded a link, somebody pinned it)."""
    return _message(message, channel, names, EventKind.EDIT) if message.get("edited_timestamp") else ()


def _message(message: Json, channel: Channel, names: Names, kind: EventKind) -> tuple[Event, ...]:
    if not worth(message, names.me):
        return ()
    guild_id = str(message.get("guild_id") or "")
    where = place(guild_id, channel)
    content, attachments = _content(message)
    if not (content.strip() or attachments):  # hidden from us, or nothing that we could read
        return ()
    text, mentions, ours = readable(content, message.get("mentions", ()), guild_id, names)
    answered = _reply_to(message)
    replied = message.get("referenced_message") or None
    asker = speaker(replied) if replied and replied.get("author") else None
    event_id, sent_at = str(message["id"]), moment(str(message["id"]))
    if kind is EventKind.EDIT:
        sent_at = milliseconds(message["edited_timestamp"])
        event_id = f"{event_id}.{sent_at}"
    addressed = where.kind is PlaceKind.DIRECT or ours or (asker is not None and asker.id == names.me)
    forwarded = _forwards(message)
    command = None
    if kind is EventKind.MESSAGE and addressed and not forwarded:
        command = _command(text)
    return (
        Event(
            "discord",
            event_id,
            kind if command is None else EventKind.COMMAND,
            _who(message, guild_id, names),
            where,
            workspace=guild_id,
            text=text,
            message_id=str(message["id"]),
            reply_to=answered,
            reply_to_account=asker,
            addressed=addressed,
            command=command,
            attachments=attachments,
            sent_at=sent_at,
            mentions=mentions,
            workspace_title=names.server(guild_id),
            reply_text=words(replied, guild_id, names)[0] if replied and answered else "",
            everyone=bool(message.get("mention_everyone")),
            forwarded=forwarded,
        ),
    )


def deleted(payload: Json, channel: Channel, names: Names) -> tuple[Event, ...]:
    """One or many messages that are gone. Discord does not say by whom, nor whose they were."""
    guild_id = str(payload.get("guild_id") or "")
    ids = payload["ids"] if "ids" in payload else [payload["id"]]
    return tuple(
        Event(
            "discord",
            f"{message_id}.deleted",
            EventKind.DELETE,
            Account("", ""),
            place(guild_id, channel),
            workspace=guild_id,
            message_id=str(message_id),
            workspace_title=names.server(guild_id),
        )
        for message_id in ids
    )


def member(payload: Json, kind: EventKind, stamp: str, names: Names) -> tuple[Event, ...]:
    """Somebody came into a server, left it, or has other roles there: the place is the server itself.

    `stamp` tells this event of the session from every other, and is the same when Discord replays it.
    """
    user, guild_id = payload["user"], str(payload["guild_id"])
    if user["id"] == names.me:
        return ()
    came = str(payload["joined_at"]) if kind is EventKind.JOINED and payload.get("joined_at") else stamp
    who = account(user, None if kind is EventKind.LEFT else payload)
    return (
        Event(
            "discord",
            f"{guild_id}.{who.id}.{kind.value}.{came}",
            kind,
            who,
            Place(guild_id, PlaceKind.GROUP, title=names.server(guild_id)),
            workspace=guild_id,
            sent_at=milliseconds(payload["joined_at"]) if came != stamp else 0,
            workspace_title=names.server(guild_id),
        ),
    )


def readers_changed(guild_id: str, stamp: str, channel: Channel | None = None) -> tuple[Event, ...]:
    """Other people may view a channel now, or (None) any channel of a server."""
    where = Place(guild_id, PlaceKind.GROUP) if channel is None else place(guild_id, channel)
    event_id = f"{where.thread or where.id}.readers.{stamp}"
    return (Event("discord", event_id, EventKind.READERS, Account("", ""), where, workspace=guild_id),)


def bot_moved(guild: Json, kind: EventKind, where: Place, stamp: str, names: Names) -> tuple[Event, ...]:
    """The bot came into a server or was removed. Who did it is not said: the server's owner stands for them."""
    guild_id = str(guild["id"])
    owner = str(guild.get("owner_id") or "")
    return (
        Event(
            "discord",
            f"{guild_id}.{kind.value}.{stamp}",
            kind,
            Account(owner, owner),
            where,
            workspace=guild_id,
            workspace_title=str(guild.get("name") or "") or names.server(guild_id),
        ),
    )


def stamp(session: str, sequence: int | None) -> str:
    """A mark of one event of one session, without the session's id, which is half a secret."""
    return hashlib.blake2b(f"{session}.{sequence}".encode(), digest_size=8).hexdigest()


def readable(
    content: str, mentioned: Sequence[Json], guild_id: str, names: Names
) -> tuple[str, tuple[Account, ...], bool]:
    """A text with its mentions in words: the text, the people in it, and whether the bot is one of those meant."""
    people = {str(user["id"]): user for user in mentioned}
    own_role = names.own_role(guild_id) if guild_id else ""
    ours = names.me in people

    def word(found: re.Match[str]) -> str:
        nonlocal ours
        if found["person"] == names.me or (found["role"] and found["role"] == own_role):
            ours = True
            return _OURS
        if found["person"]:
            user = people.get(found["person"])
            return f"@{user['username']}" if user else "@someone"
        if found["role"]:
            return f"@{names.role(guild_id, found['role']) or 'role'}"
        if found["channel"]:
            channel = names.channel(guild_id, found["channel"])
            return f"#{channel.name if channel and channel.name else 'channel'}"
        return found["emoji"] or found["command"]

    text = _FORMS.sub(word, content.replace(_OURS, ""))
    while _OURS in text:
        before, _, after = text.rpartition(_OURS)
        text = _join(before, after)
    accounts = tuple(account(user, user.get("member")) for user in mentioned if not user.get("bot"))
    return clean(text).strip(), accounts, ours


def _join(before: str, after: str) -> str:
    """The words around a removed mention, without the gap or the comma that belonged to it."""
    if not before.strip(" \t\n" + _OURS):
        return before + _AFTER_MENTION.sub("", after)
    if before[-1].isspace() and (not after or after[0].isspace() or after[0] in ",.;:!?"):
        return before.rstrip(" ") + after
    return before + after


def words(message: Json, guild_id: str, names: Names) -> tuple[str, tuple[Account, ...]]:
    """What a message says, and the people that it mentions."""
    text, mentions, _ = readable(_content(message)[0], message.get("mentions", ()), guild_id, names)
    return text, mentions


def speaker(message: Json) -> Account:
    """Who wrote a message; a webhook is no person."""
    author = account(message["author"], message.get("member"))
    if message.get("webhook_id") and not author.is_bot:
        return replace(author, is_bot=True)
    return author


def _who(message: Json, guild_id: str, names: Names) -> Account:
    author = speaker(message)
    if not guild_id or author.is_bot:
        return author
    return replace(author, manages=names.manages(guild_id, author.id, author.roles))


def _command(text: str) -> Command | None:
    """What somebody typed who would use a command and did not pick it from the menu."""
    found = _TYPED.match(text)
    return Command(found[1].lower(), text[found.end() :].strip()) if found else None


def _forwards(message: Json) -> bool:
    """Somebody else's words, which command nothing."""
    return (message.get("message_reference") or {}).get("type") == _FORWARDED


def _content(message: Json) -> tuple[str, tuple[Attachment, ...]]:
    """The words and files of a message, or of the one that it forwards; a sticker or poll in words."""
    source = message
    if _forwards(message) and message.get("message_snapshots"):
        source = message["message_snapshots"][0].get("message", {})
    content = str(source.get("content") or "")
    if not content and source.get("sticker_items"):
        content = " ".join(f":{sticker['name']}:" for sticker in source["sticker_items"])
    if not content and source.get("poll"):
        content = str(source["poll"].get("question", {}).get("text") or "")
    return content, tuple(_attachment(one) for one in source.get("attachments") or ())


def _attachment(raw: Json) -> Attachment:
    return Attachment(
        str(raw["url"]),
        clean(str(raw.get("filename") or "")),
        str(raw.get("content_type") or "").partition(";")[0],
        int(raw.get("size") or 0),
    )


def _reply_to(message: Json) -> str:
    if message.get("type") != _ANSWERED:
        return ""
    return str((message.get("message_reference") or {}).get("message_id") or "")
