"""A raw update of the Bot API as events. Pure: no library objects, no clock, no network.

People only: messages of bots, of anonymous administrators and of channels (`sender_chat`) are marked `is_bot`,
so nothing downstream takes them for a person. Offsets in Telegram's entities are in UTF-16 units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from adapters.common.text import legible
from adapters.contract import (
    Account,
    Attachment,
    ButtonPress,
    Command,
    Event,
    EventKind,
    Place,
    PlaceKind,
)
from adapters.telegram.rights import Json, present

# Named one by one: `chat_member` comes only if asked for, and channel posts have no person behind them.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")

_SERVICE_ACCOUNT = 777000  # "Telegram" itself, which the API does not mark as a bot
_KINDS = {"private": PlaceKind.DIRECT, "channel": PlaceKind.CHANNEL}
_MEDIA = {
    "document": ("", ""),
    "voice": ("voice.ogg", "audio/ogg"),
    "audio": ("audio.mp3", "audio/mpeg"),
    "video": ("video.mp4", "video/mp4"),
    "video_note": ("video.mp4", "video/mp4"),
}
# What a person can send that has neither words nor a file we read: still theirs to get an answer to.
_WORDLESS = ("sticker", "location", "venue", "contact", "poll", "dice", "checklist", "story", "paid_media")
_COMMAND = re.compile(r"/(\w{1,64})(?:@(\w+))?(?=\s|$)\s*")
_AFTER_MENTION = re.compile(r"^[\s,:;–—-]+")


@dataclass(frozen=True, slots=True)
class Me:
    """The bot's own account."""

    id: int
    username: str


def translate(update: Json, me: Me) -> tuple[Event, ...]:
    """The events in one update: usually one, none for what does not concern us, several when many people join.

    `Event.event_id` is the update's id (with ".1", ".2" … for further people), `Event.workspace` the bot's id,
    since update ids count per bot. Raises KeyError, TypeError or ValueError for what is no update of the Bot API.
    """
    reader = _Reader(int(update["update_id"]), me)
    for key in ("message", "channel_post"):
        if key in update:
            return reader.message(update[key])
    for key in ("edited_message", "edited_channel_post"):
        if key in update:
            return reader.edited(update[key])
    if "callback_query" in update:
        return reader.press(update["callback_query"])
    if "my_chat_member" in update:
        return reader.membership(update["my_chat_member"], EventKind.BOT_ADDED, EventKind.BOT_REMOVED)
    if "chat_member" in update:
        return reader.membership(update["chat_member"], EventKind.JOINED, EventKind.LEFT)
    return ()


@dataclass(frozen=True, slots=True)
class _Reader:
    update_id: int
    me: Me

    def _event(self, kind: EventKind, account: Account, place: Place, *, part: int = 0, **more: Any) -> Event:
        event_id = f"{self.update_id}.{part}" if part else str(self.update_id)
        return Event("telegram", event_id, kind, account, place, workspace=str(self.me.id), **more)

    def message(self, message: Json) -> tuple[Event, ...]:
        place, sent_at = _place(message["chat"], message), int(message["date"]) * 1000
        if "migrate_to_chat_id" in message:
            text = str(message["migrate_to_chat_id"])
            return (self._event(EventKind.PLACE_MOVED, _speaker(message), place, text=text, sent_at=sent_at),)
        if "new_chat_members" in message:
            return self._people(EventKind.JOINED, message["new_chat_members"], message, place, sent_at)
        if "left_chat_member" in message:
            return self._people(EventKind.LEFT, [message["left_chat_member"]], message, place, sent_at)
        attachments = _attachments(message)
        if not (attachments or "text" in message or any(key in message for key in _WORDLESS)):
            return ()  # a service message: pinned, title changed, topic created …
        return (self._said(EventKind.MESSAGE, message, place, sent_at, attachments),)

    def edited(self, message: Json) -> tuple[Event, ...]:
        place = _place(message["chat"], message)
        attachments = _attachments(message)
        if not (attachments or "text" in message):
            return ()  # a live location that moves, a poll that closes …
        sent_at = int(message.get("edit_date") or message["date"]) * 1000
        return (self._said(EventKind.EDIT, message, place, sent_at, attachments),)

    def _people(
        self, kind: EventKind, users: list[Json], message: Json, place: Place, sent_at: int
    ) -> tuple[Event, ...]:
        """Who came or went by a service message. The bot's own coming and going is told by `my_chat_member`."""
        came = sent_at if kind is EventKind.JOINED else 0
        people = [account(user, came) for user in users if user["id"] != self.me.id]
        message_id = str(message["message_id"])
        return tuple(
            self._event(kind, person, place, part=part, message_id=message_id, sent_at=sent_at)
            for part, person in enumerate(people)
        )

    def _said(
        self,
        kind: EventKind,
        message: Json,
        place: Place,
        sent_at: int,
        attachments: tuple[Attachment, ...],
    ) -> Event:
        text, mentioned, formatted_code = self._words(message)
        command = None
        found = _COMMAND.match(text) if text.startswith("/") and not formatted_code else None
        if found and kind is EventKind.MESSAGE and not _second_hand(message):
            target = (found[2] or self.me.username).lower()
            if target == self.me.username.lower():
                kind, command = EventKind.COMMAND, _command(found[1], text[found.end() :])
                text = f"/{found[1]} {text[found.end() :]}".rstrip()
        answered = _answered(message)
        own = answered is not None and answered.get("from", {}).get("id") == self.me.id
        return self._event(
            kind,
            _speaker(message),
            place,
            text=text,
            message_id=str(message["message_id"]),
            reply_to=str(answered["message_id"]) if answered else "",
            reply_to_account=_speaker(answered) if answered else None,
            addressed=mentioned or own or command is not None or place.kind is PlaceKind.DIRECT,
            command=command,
            attachments=attachments,
            sent_at=sent_at,
            mentions=self._named(message),
            reply_text=_answered_words(message, answered),
            forwarded="forward_origin" in message,
        )

    def _named(self, message: Json) -> tuple[Account, ...]:
        """People mentioned by a link: of an @name alone Telegram does not tell whose it is."""
        entities = message.get("entities") or message.get("caption_entities") or ()
        users = {one["user"]["id"]: account(one["user"]) for one in entities if one["type"] == "text_mention"}
        return tuple(person for person in users.values() if not person.is_bot)

    def _words(self, message: Json) -> tuple[str, bool, bool]:
        """The text without mentions of the bot, whether there were any, and whether it opens in code formatting."""
        text = legible(message.get("text") or message.get("caption") or "")
        entities = message.get("entities") or message.get("caption_entities") or ()
        if not text and "sticker" in message:
            text = message["sticker"].get("emoji") or ""
        code = any(one["type"] in ("code", "pre") and one["offset"] == 0 for one in entities)
        mentioned = False
        for one in reversed(entities):  # from the end, so that earlier offsets stay true
            if one["type"] not in ("mention", "text_mention", "text_link"):
                continue
            before, name, after = _around(text, one)
            if one["type"] == "text_link":
                text = f"{before}{_link(name, one['url'])}{after}"
                continue
            if one["type"] == "mention":
                ours = name.lower() == f"@{self.me.username}".lower()
            else:
                ours = one["user"]["id"] == self.me.id
            if ours:
                text, mentioned = _join(before, after), True
        return text.strip(), mentioned, code

    def press(self, query: Json) -> tuple[Event, ...]:
        """A pressed button; nothing for a game or an inline message, which have no chat to answer in.

        An `InaccessibleMessage` (older than the platform remembers) still tells chat and message id.
        """
        message = query.get("message")
        if message is None or "data" not in query:
            return ()
        message_id = str(message["message_id"])
        return (
            self._event(
                EventKind.BUTTON,
                account(query["from"]),
                _place(message["chat"], message),
                message_id=message_id,
                addressed=True,
                press=ButtonPress(query["data"], message_id, str(query["id"])),
            ),
        )

    def membership(self, change: Json, came: EventKind, went: EventKind) -> tuple[Event, ...]:
        """Somebody's (or the bot's own) coming and going. Promotions and restrictions are neither."""
        was, now = present(change["old_chat_member"]), present(change["new_chat_member"])
        if was == now:
            return ()
        place, sent_at = _place(change["chat"], {}), int(change["date"]) * 1000
        if came is EventKind.BOT_ADDED:
            who = account(change["from"])
        else:
            who = account(change["new_chat_member"]["user"], sent_at if now else 0)
        return (self._event(came if now else went, who, place, sent_at=sent_at),)


def _around(text: str, entity: Json) -> tuple[str, str, str]:
    """The text before an entity, under it, and after it."""
    raw, first, last = text.encode("utf-16-le"), 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
    before, under, after = (cut.decode("utf-16-le", "replace") for cut in (raw[:first], raw[first:last], raw[last:]))
    return before, under, after


def _link(label: str, address: str) -> str:
    """A link under other words, with its address: where it leads must not stay hidden."""
    address = legible(address)
    return label if address.rstrip("/").endswith(label.strip().rstrip("/")) else f"{label} ({address})"


def _join(before: str, after: str) -> str:
    """The words around a removed mention, without the gap or the comma that belonged to it."""
    if not before.strip():
        return _AFTER_MENTION.sub("", after)
    if before[-1].isspace() and (not after or after[0].isspace() or after[0] in ",.;:!?"):
        return before.rstrip(" ") + after
    return before + after


def _command(word: str, rest: str) -> Command:
    """`/need_post words` and `/need post words` are the same: the menu allows no space in a command's name."""
    name, _, verb = word.partition("_")
    return Command(name.lower(), f"{verb} {rest}".strip() if verb else rest.strip())


def _second_hand(message: Json) -> bool:
    """Forwarded or written by another bot's inline result: somebody else's words, which command nothing."""
    return "forward_origin" in message or "via_bot" in message


def _answered(message: Json) -> Json | None:
    """The message that this one answers. In a topic every message formally answers the topic's first one."""
    reply: Json | None = message.get("reply_to_message")
    if reply is None or "forum_topic_created" in reply:
        return None
    if message.get("is_topic_message") and reply["message_id"] == message.get("message_thread_id"):
        return None
    return reply


def _answered_words(message: Json, answered: Json | None) -> str:
    """What the answered message says; of one in another chat Telegram sends along what was quoted."""
    if answered is None:
        return legible(message["quote"]["text"]).strip() if "external_reply" in message and "quote" in message else ""
    text = legible(answered.get("text") or answered.get("caption") or "")
    for one in reversed(answered.get("entities") or answered.get("caption_entities") or ()):
        if one["type"] == "text_link":
            before, name, after = _around(text, one)
            text = f"{before}{_link(name, one['url'])}{after}"
    return text.strip()


def _speaker(message: Json) -> Account:
    """Who is behind a message: a person, a bot, or a chat speaking for itself (channel, anonymous administrator)."""
    chat = message.get("sender_chat") or (None if "from" in message else message["chat"])
    if chat is None:
        return account(message["from"])
    title = chat.get("title") or chat.get("username") or str(chat["id"])
    return Account(str(chat["id"]), legible(title), username=chat.get("username", ""), is_bot=True)


def account(user: Json, joined_at: int = 0) -> Account:
    """An API's `User`; `joined_at` in ms since epoch. When an account was made, Telegram does not tell."""
    name = legible(f"{user.get('first_name', '')} {user.get('last_name', '')}".strip())
    username = user.get("username", "")
    return Account(
        str(int(user["id"])),
        name or username or str(user["id"]),
        username=username,
        is_bot=bool(user.get("is_bot")) or user["id"] == _SERVICE_ACCOUNT,
        language=user.get("language_code", ""),
        joined_at=joined_at,
    )


def _place(chat: Json, message: Json) -> Place:
    """The chat and, only for messages in a forum's topic, the topic: replies have a thread id of their own too."""
    thread = str(message["message_thread_id"]) if message.get("is_topic_message") else ""
    kind = _KINDS.get(chat["type"], PlaceKind.GROUP)
    return Place(str(int(chat["id"])), kind, title=legible(chat.get("title", "")), thread=thread)


def _attachments(message: Json) -> tuple[Attachment, ...]:
    found = []
    if photo := message.get("photo"):  # sizes of one picture, the largest last
        largest = max(photo, key=lambda size: size["width"] * size["height"])
        found.append(Attachment(largest["file_id"], "photo.jpg", "image/jpeg", int(largest.get("file_size") or 0)))
    for key, (name, media_type) in _MEDIA.items():
        if media := message.get(key):
            found.append(
                Attachment(
                    media["file_id"],
                    legible(media.get("file_name") or name),
                    media.get("mime_type") or media_type,
                    int(media.get("file_size") or 0),
                )
            )
    return tuple(found)
