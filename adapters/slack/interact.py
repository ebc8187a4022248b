"""Slash commands, buttons, forms and shortcuts as events. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.contract import Account, ButtonPress, Command, Event, EventKind, MenuEntry, Place, PlaceKind
from adapters.slack.compose import PRESS
from adapters.slack.forms import Filled, Origin
from adapters.slack.respond import pack
from adapters.slack.text import mentioned, read
from adapters.slack.translate import PLATFORM, Json, Me

_HELP = "help"
_GRANT = "grant"


def named_entry(menu: Sequence[MenuEntry], text: str) -> tuple[MenuEntry | None, str]:
    """The menu entry that the words begin with ("need post …" or "need.post …" or "help …"), and the words after it."""
    words = text.split(None, 2)
    for count in (2, 1):
        name = ".".join(words[:count]).lower()
        entry = next((entry for entry in menu if entry.name == name), None)
        if entry is not None and len(words) >= count:
            return entry, text.split(None, count)[count] if len(words) > count else ""
    return None, text


def typed_command(command: str, text: str) -> Command:
    """What `/nexus need post a designer` or `/grant …` asks for; without words it asks for help."""
    text = text.strip()
    if command.lstrip("/").lower() == _GRANT:
        return Command(_HELP, _GRANT) if text.lower() in ("", _HELP) else Command(_GRANT, text)
    name, _, rest = text.lstrip("/").partition(" ")
    return Command(name.lower(), rest.strip()) if name else Command(_HELP)


def slash_words(body: Json, me: Me, accounts: Mapping[str, Account]) -> tuple[str, tuple[Account, ...]]:
    """The words of a slash command as people read them, and who is mentioned in them."""
    raw = str(body.get("text") or "")

    def name_of(user: str, label: str) -> str:
        account = accounts.get(user)
        return (account.username or account.name) if account else label or user

    text, _ = read(raw, me.user, name_of)
    people = [
        accounts.get(user) or Account(user, name_of(user, ""), workspace=me.team)
        for user in mentioned(raw)
        if user != me.user
    ]
    return text, tuple(one for one in people if not one.is_bot)


def place_of(channel: str, kind: PlaceKind, title: str = "", thread: str = "") -> Place:
    """A place; threads of the direct chat are conversations in Slack's window for assistants."""
    return Place(channel, kind, title, thread, assistant=kind is PlaceKind.DIRECT and bool(thread))


@dataclass(frozen=True, slots=True)
class UsedOn:
    """Whose message a shortcut was used on, and what it says."""

    author: Account
    words: str


def command_event(
    event_id: str,
    me: Me,
    account: Account,
    place: Place,
    command: Command,
    *,
    mentions: tuple[Account, ...] = (),
    message: str = "",
    used_on: UsedOn | None = None,
    respond: str = "",
    sent_at: int = 0,
) -> Event:
    """A COMMAND; its answer can be private where it was asked."""
    return Event(
        PLATFORM,
        event_id,
        EventKind.COMMAND,
        account,
        place,
        workspace=me.team,
        workspace_title=me.title,
        message_id=message,
        reply_to=message if used_on else "",
        reply_to_account=used_on.author if used_on else None,
        reply_text=used_on.words if used_on else "",
        addressed=True,
        command=command,
        mentions=mentions,
        respond=respond,
        answers_privately=place.kind is not PlaceKind.DIRECT,
        sent_at=sent_at,
    )


def form_event(
    event_id: str,
    me: Me,
    account: Account,
    entry: MenuEntry,
    origin: Origin,
    values: Filled,
    people: Sequence[Account],
    author: Account | None = None,
) -> Event:
    """A submitted form as the command that it stands for. `author` is who wrote the message that it is about."""
    place = place_of(origin.channel, origin.kind, thread=origin.thread)
    command = Command(entry.name, arguments=values.arguments)
    return command_event(
        event_id,
        me,
        account,
        place,
        command,
        mentions=tuple(people),
        message=origin.message,
        used_on=UsedOn(author, origin.words) if author else None,
        respond=origin.respond,
    )


def press_event(body: Json, me: Me, account: Account, place: Place, now: int) -> Event | None:
    """A pressed button of ours; None for any other element. The same press, told twice, has the same id.

    Raises KeyError for what is no `block_actions` payload.
    """
    action = body["actions"][0]
    if not str(action.get("action_id", "")).startswith(PRESS) or not action.get("value"):
        return None
    container = body.get("container") or {}
    message_id = str(container.get("message_ts") or "")
    private = bool(container.get("is_ephemeral")) and place.kind is not PlaceKind.DIRECT
    press_id = f"{action['action_ts']}:{account.id}:{action['action_id']}"
    handle = pack(str(body.get("response_url") or ""), now, message_id, ephemeral=bool(container.get("is_ephemeral")))
    return Event(
        PLATFORM,
        f"press:{press_id}",
        EventKind.BUTTON,
        account,
        place,
        workspace=me.team,
        workspace_title=me.title,
        message_id=message_id,
        addressed=True,
        press=ButtonPress(str(action["value"]), message_id, press_id, private),
        respond=handle,
        answers_privately=place.kind is not PlaceKind.DIRECT,
        sent_at=int(float(action["action_ts"]) * 1000),
    )


def pressed_in(body: Json) -> tuple[str, str]:
    """The channel and the thread that a pressed button stands in; "" for the App Home."""
    container, message = body.get("container") or {}, body.get("message") or {}
    channel = str(container.get("channel_id") or (body.get("channel") or {}).get("id") or "")
    thread = str(container.get("thread_ts") or message.get("thread_ts") or "")
    return channel, "" if thread == str(container.get("message_ts")) else thread


def account_of(user: Json, team: str) -> Account:
    """What an interaction tells of who did it, where nothing better is known."""
    name = str(user.get("name") or user.get("username") or user["id"])
    return Account(str(user["id"]), name, str(user.get("username") or user.get("name") or ""), team)


def home_event(me: Me, account: Account, direct: str, event_id: str) -> Event:
    """Somebody looks at their page; it is never recorded."""
    place = Place(direct, PlaceKind.DIRECT)
    return Event(
        PLATFORM,
        event_id,
        EventKind.MESSAGE,
        account,
        place,
        workspace=me.team,
        workspace_title=me.title,
        addressed=True,
    )
