"""The Events API's payloads as events. Pure: no clock, no network; what has to be looked up is said by `needs`.

A mention in a channel arrives as `message` and as `app_mention`: both become the same event, under the same id. What
the app says itself is no event; other apps are marked `is_bot`, so nothing downstream takes them for a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.common.text import legible
from adapters.contract import Account, Attachment, Command, Event, EventKind, Place, PlaceKind
from adapters.slack.text import calls_everybody, mentioned, read

Json = dict[str, Any]

PLATFORM = "slack"
SPOKEN = (None, "", "file_share", "thread_broadcast", "me_message", "bot_message")
_KINDS = {"im": PlaceKind.DIRECT, "mpim": PlaceKind.GROUP, "group": PlaceKind.GROUP, "channel": PlaceKind.CHANNEL}
_SLACKBOT = "USLACKBOT"
_TYPED = re.compile(r"(?:/nexus\s+)?/?(\w{1,64})(?=\s|$)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Me:
    """The app in one workspace: its team, its bot user and bot id, and what the workspace is called."""

    team: str
    user: str
    bot: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """What is known of a conversation."""

    id: str
    kind: PlaceKind
    title: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What was looked up for a payload; an account that is missing is known by its id alone."""

    accounts: Mapping[str, Account] = field(default_factory=dict)
    channel: Channel | None = None
    roles: Mapping[str, tuple[str, ...]] | None = None  # user groups by user, None where they are not known
    follows: bool = False  # the speaker goes on in a thread that their own words to the app have opened


@dataclass(frozen=True, slots=True)
class Needs:
    """What a payload mentions by id only. `worth`: whether somebody waits for it, so that it is worth a request."""

    users: tuple[str, ...] = ()
    channel: str = ""
    worth: bool = False


def kind_of(channel: str, channel_type: str = "") -> PlaceKind:
    """The kind of a conversation as far as its id tells (https://docs.slack.dev/apis/web-api/using-the-conversations-api)."""
    if channel_type in _KINDS:
        return _KINDS[channel_type]
    return {"D": PlaceKind.DIRECT, "G": PlaceKind.GROUP}.get(channel[:1], PlaceKind.CHANNEL)


def needs(body: Json, me: Me) -> Needs:
    """Whom and what an envelope of the Events API speaks of."""
    event = body["event"]
    kind = event.get("type")
    if kind in ("message", "app_mention"):
        said = event.get("message") or event.get("previous_message") or event
        text = str(said.get("text") or "")
        users = [said.get("user"), event.get("parent_user_id"), *mentioned(text)]
        worth = "subtype" not in event or event["subtype"] in SPOKEN
        worth = worth and (kind == "app_mention" or event.get("channel_type") == "im" or f"<@{me.user}" in text)
        worth = worth or event.get("parent_user_id") == me.user
        return Needs(_people(users, me), str(event.get("channel") or ""), worth)
    if kind in ("member_joined_channel", "member_left_channel"):
        return Needs(_people([event.get("user"), event.get("inviter")], me), str(event.get("channel") or ""), True)
    if kind in ("channel_left", "group_left"):
        return Needs(channel=str(event.get("channel") or ""))
    return Needs()


def _people(users: list[Any], me: Me) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(user) for user in users if user and user != me.user))


def translate(body: Json, me: Me, known: Known) -> tuple[Event, ...]:
    """The events in an envelope of the Events API: none for what does not concern us.

    Raises KeyError, TypeError, ValueError or AttributeError for what is no such envelope.
    """
    event = body["event"]
    reader = _Reader(body, event, me, known)
    match event["type"]:
        case "message" | "app_mention":
            return reader.message()
        case "member_joined_channel":
            return reader.presence(EventKind.BOT_ADDED, EventKind.JOINED)
        case "member_left_channel":
            return reader.presence(EventKind.BOT_REMOVED, EventKind.LEFT)
        case "channel_left" | "group_left":
            return reader.gone(event["channel"], kind_of(event["channel"]))
        case "app_uninstalled":
            return reader.gone("", PlaceKind.GROUP)
        case "tokens_revoked" if (event.get("tokens") or {}).get("bot"):
            return reader.gone("", PlaceKind.GROUP)
        case "team_join" if not event["user"].get("is_bot"):
            return reader.newcomer()
        case "subteam_members_changed":
            return reader.roles([*(event.get("added_users") or ()), *(event.get("removed_users") or ())])
        case "user_change" if event["user"].get("deleted") and not event["user"].get("is_bot"):
            return reader.deactivated()
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class _Reader:
    body: Json
    event: Json
    me: Me
    known: Known

    def _event(self, event_id: str, kind: EventKind, account: Account, place: Place, **more: Any) -> Event:
        return Event(
            PLATFORM,
            event_id,
            kind,
            account,
            place,
            workspace=self.me.team,
            workspace_title=self.me.title,
            answers_privately=place.kind is not PlaceKind.DIRECT,
            **more,
        )

    def account(self, user: str) -> Account:
        account = self.known.accounts.get(user) or Account(user, user, workspace=self.me.team)
        if self.known.roles is None:
            return account
        roles = self.known.roles.get(user, ())
        return replace(account, roles=roles)

    def speaker(self, message: Json) -> Account:
        """Who is behind a message: a person, or an app (with or without a user of its own)."""
        if self._own(message):
            return self._parent(self.me.user)
        user = str(message.get("user") or message.get("bot_id") or "")
        account = self.account(user)
        if not account.is_bot and (
            message.get("bot_id") or message.get("subtype") == "bot_message" or user == _SLACKBOT
        ):
            name = str(message.get("username") or account.name)
            return Account(account.id, name, account.username, account.workspace, is_bot=True)
        return account

    def _place(self, channel: str, channel_type: str, thread: str) -> Place:
        found = self.known.channel
        kind = found.kind if found else kind_of(channel, channel_type)
        title = found.title if found and kind is not PlaceKind.DIRECT else ""
        # Every thread of a direct chat with an app is a conversation of its own, in Slack's window for assistants.
        return Place(channel, kind, title, thread, assistant=kind is PlaceKind.DIRECT and bool(thread))

    def message(self) -> tuple[Event, ...]:
        event = self.event
        channel, channel_type = str(event["channel"]), str(event.get("channel_type") or "")
        match event.get("subtype"):
            case "message_changed" if (event["message"].get("subtype") or "") == "tombstone":
                return self._deleted(channel, channel_type, event.get("previous_message") or {}, event["message"]["ts"])
            case "message_changed":
                return self._edited(channel, channel_type, event["message"], event.get("previous_message") or {})
            case "message_deleted":
                return self._deleted(channel, channel_type, event.get("previous_message") or {}, event["deleted_ts"])
            case subtype if subtype in SPOKEN:
                return self._said(channel, channel_type, event)
            case _:
                return ()  # a topic, a purpose, somebody joined …: told by events of their own, or no concern of ours

    def _said(self, channel: str, channel_type: str, message: Json) -> tuple[Event, ...]:
        if self._own(message):
            return ()
        kind, ts = EventKind.MESSAGE, str(message["ts"])
        return (self._spoken(f"{channel}:{ts}", kind, channel, channel_type, message, ts),)

    def _edited(self, channel: str, channel_type: str, message: Json, before: Json) -> tuple[Event, ...]:
        """A preview that Slack adds to a link, and the app's own edits, are no edits."""
        edited = message.get("edited") or {}
        if self._own(message) or not edited.get("ts") or edited.get("ts") == (before.get("edited") or {}).get("ts"):
            return ()
        event_id = f"{channel}:{message['ts']}:edit:{edited['ts']}"
        return (self._spoken(event_id, EventKind.EDIT, channel, channel_type, message, str(edited["ts"])),)

    def _deleted(self, channel: str, channel_type: str, before: Json, ts: str) -> tuple[Event, ...]:
        if not before.get("user") or self._own(before):
            return ()
        thread = _thread(before)
        place = self._place(channel, channel_type, thread)
        return (
            self._event(
                f"{channel}:{ts}:deleted",
                EventKind.DELETE,
                self.speaker(before),
                place,
                message_id=str(ts),
                sent_at=_milliseconds(str(self.event.get("event_ts") or ts)),
            ),
        )

    def _spoken(self, event_id: str, kind: EventKind, channel: str, channel_type: str, message: Json, at: str) -> Event:
        raw = str(message.get("text") or "")
        text, named = read(raw, self.me.user, self._name)
        shared = shared_words(message)
        ts, thread = str(message["ts"]), _thread(message)
        place = self._place(channel, channel_type, thread)
        parent = str(message.get("parent_user_id") or "")
        direct = place.kind is PlaceKind.DIRECT
        answers = bool(thread) and (parent == self.me.user or (self.known.follows and not mentioned(raw)))
        addressed = named or direct or answers
        if addressed and not direct and not thread:  # its answer opens a thread: the conversation goes on there
            place = Place(place.id, place.kind, place.title, ts)
        command = _command(text) if addressed and kind is EventKind.MESSAGE else None
        if shared and not (addressed and text):  # what somebody says to the app is what they wrote beside it
            text = "\n".join(filter(None, (text, read(shared, self.me.user, self._name)[0])))
        return self._event(
            event_id,
            kind if command is None else EventKind.COMMAND,
            self.speaker(message),
            place,
            text=text,
            message_id=ts,
            reply_to=thread,
            reply_to_account=self._parent(parent) if parent and thread else None,
            addressed=addressed,
            command=command,
            attachments=_attachments(message, self.me.team),
            sent_at=_milliseconds(at),
            mentions=self.mentions(raw),
            reply_text=read(str((message.get("root") or {}).get("text") or ""), self.me.user, self._name)[0],
            everyone=calls_everybody(raw),
            forwarded=bool(_shared(message)),
        )

    def mentions(self, raw: str) -> tuple[Account, ...]:
        accounts = (self.account(user) for user in mentioned(raw) if user != self.me.user)
        return tuple(account for account in accounts if not account.is_bot)

    def _name(self, user: str, label: str) -> str:
        account = self.known.accounts.get(user)
        return (account.username or account.name) if account else label or user

    def _parent(self, user: str) -> Account:
        if user == self.me.user:
            return Account(user, "Nexus", workspace=self.me.team, is_bot=True)
        return self.account(user)

    def _own(self, message: Json) -> bool:
        return message.get("user") == self.me.user or (bool(self.me.bot) and message.get("bot_id") == self.me.bot)

    def presence(self, ours: EventKind, theirs: EventKind) -> tuple[Event, ...]:
        user, channel = str(self.event["user"]), str(self.event["channel"])
        place = self._place(channel, {"C": "", "G": "group"}.get(str(self.event.get("channel_type") or ""), ""), "")
        more = {"sent_at": self._when()}
        if user != self.me.user:
            account = self.account(user)
            if theirs is EventKind.JOINED:
                account = replace(account, joined_at=self._when())
            return (self._event(self._id(), theirs, account, place, **more),)
        inviter = str(self.event.get("inviter") or "")
        by = self.account(inviter) if inviter else self._parent(user)
        return (self._event(self._id(), ours, by, place, **more),)

    def gone(self, channel: str, kind: PlaceKind) -> tuple[Event, ...]:
        by = str(self.event.get("actor_id") or "")
        account = self.account(by) if by else self._parent(self.me.user)
        place = Place(channel, kind)
        return (self._event(self._id(), EventKind.BOT_REMOVED, account, place, sent_at=self._when()),)

    def roles(self, users: list[Any]) -> tuple[Event, ...]:
        """What somebody's user groups are now; nothing while they are not known."""
        if self.known.roles is None:
            return ()
        place = Place(self.me.team, PlaceKind.GROUP)
        return tuple(
            self._event(f"{self._id()}.{index}", EventKind.ROLES, self.account(str(user)), place, sent_at=self._when())
            for index, user in enumerate(dict.fromkeys(users))
        )

    def newcomer(self) -> tuple[Event, ...]:
        """Somebody has come into the workspace, where they hold no role yet."""
        account = account_from(self.event["user"], self.me.team)
        roles = None if self.known.roles is None else self.known.roles.get(account.id, ())
        account = replace(account, roles=roles, joined_at=self._when())
        place = Place(self.me.team, PlaceKind.GROUP)
        return (self._event(self._id(), EventKind.JOINED, account, place, sent_at=self._when()),)

    def deactivated(self) -> tuple[Event, ...]:
        """Who is deactivated has left the whole workspace."""
        place = Place(self.me.team, PlaceKind.GROUP)
        account = self.account(str(self.event["user"]["id"]))
        return (self._event(self._id(), EventKind.LEFT, account, place, sent_at=self._when()),)

    def _id(self) -> str:
        return str(self.body["event_id"])

    def _when(self) -> int:
        return int(self.body.get("event_time") or 0) * 1000


def author_of(message: Json, me: Me, accounts: Mapping[str, Account]) -> Account:
    """Who wrote a message, with what is known of them."""
    return _Reader({}, {}, me, Known(accounts)).speaker(message)


def author_by(id: str, me: Me, accounts: Mapping[str, Account]) -> Account:
    """The same where only the id is left: of a user, or of an app that has no user."""
    return author_of({"bot_id": id} if id.startswith("B") else {"user": id}, me, accounts)


def words_of(message: Json, me: Me) -> str:
    """The text of a message as people read it, with what it forwards; who is named in it goes by what Slack says."""
    found = (str(message.get("text") or ""), shared_words(message))
    return "\n".join(filter(None, (read(text, me.user, lambda user, label: label or user)[0] for text in found)))


def _shared(message: Json) -> list[Json]:
    """The messages that one forwards; one that a link leads to is none of them."""
    return [one for one in message.get("attachments") or () if one.get("is_share")]


def shared_words(message: Json) -> str:
    """The text of what a message forwards, as Slack writes text."""
    return "\n".join(str(one.get("text") or one.get("fallback") or "") for one in _shared(message)).strip()


def _thread(message: Json) -> str:
    """The thread that a message answers in; "" for the first message of one."""
    thread = str(message.get("thread_ts") or "")
    return "" if thread == str(message.get("ts")) else thread


def _command(text: str) -> Command | None:
    """What begins with a slash: Slack's own commands work in no thread, so there they are typed behind a mention."""
    found = _TYPED.match(text) if text.startswith("/") else None
    return Command(found[1].lower(), text[found.end() :].strip()) if found else None


def _milliseconds(ts: str) -> int:
    return int(float(ts) * 1000)


def _attachments(message: Json, team: str) -> tuple[Attachment, ...]:
    """Files that can be fetched: the workspace and the address of each. Some from elsewhere have no address."""
    return tuple(
        Attachment(
            f"{team} {file.get('url_private_download') or file['url_private']}",
            str(file.get("name") or file.get("title") or ""),
            str(file.get("mimetype") or ""),
            int(file.get("size") or 0),
        )
        for file in message.get("files") or ()
        if file.get("url_private") and file.get("mode") not in ("tombstone", "hidden_by_limit")
    )


def account_from(user: Json, team: str) -> Account:
    """Somebody as users.info and the events about people describe them."""
    profile = user.get("profile") or {}
    username = legible(str(user.get("name") or ""))
    name = profile.get("real_name") or user.get("real_name") or profile.get("display_name") or username
    return Account(
        str(user["id"]),
        legible(str(name or user["id"])),
        username=username,
        workspace=team,
        is_bot=bool(user.get("is_bot")) or user["id"] == _SLACKBOT,
        language=str(user.get("locale") or ""),
        manages=bool(user.get("is_admin") or user.get("is_owner")) if "is_admin" in user else None,
    )
