"""What people did with commands, buttons and forms, read from raw interactions. Pure.

https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.contract import Account, ButtonPress, Command, Event, EventKind, MenuEntry, OptionKind, PlaceKind
from adapters.discord.compose import EPHEMERAL, PICK
from adapters.discord.menu import ON_MESSAGE, ON_PERSON, SLASH, SUB, Menu, option_name
from adapters.discord.respond import LIFETIME, Handle, Kind, moment
from adapters.discord.translate import Names, account, channel_of, place, speaker, words

Json = dict[str, Any]

COMMAND, PRESS, TYPING, SUBMIT = 2, 3, 4, 5  # types of interactions
ANSWER, WAIT, WAIT_QUIETLY, COMPLETE, ASK = 4, 5, 6, 8, 9  # types of callbacks


@dataclass(frozen=True, slots=True)
class Used:
    """A command as somebody used it. `arguments` are by the bot's own names; `typing` is the option being typed.

    `picked`: from the menu of a message or a person, which it is about.
    """

    entry: MenuEntry
    arguments: Mapping[str, str] = field(default_factory=dict)
    mentions: tuple[Account, ...] = ()
    reply_to: str = ""
    reply_to_account: Account | None = None
    reply_text: str = ""
    typing: str = ""
    picked: bool = False


def used(raw: Json, menu: Menu, names: Names) -> Used | None:
    """The command of an interaction; None for one that the menu no longer has."""
    data = raw["data"]
    kind = data.get("type", SLASH)
    if kind in (ON_PERSON, ON_MESSAGE):
        entry = menu.shortcut(kind, data["name"])
        return _on(entry, raw, names) if entry else None
    options = data.get("options") or []
    verb = ""
    if options and options[0]["type"] == SUB:
        verb, options = options[0]["name"], options[0].get("options") or []
    entry = menu.slash(data["name"], verb)
    if entry is None:
        return None
    by_name = {option_name(option): option for option in entry.options}
    arguments, mentions, typing = {}, [], ""
    for given in options:
        option = by_name.get(given["name"])
        if option is None:
            return None
        if option.kind is OptionKind.PERSON:
            person = _resolved(data, str(given["value"]))
            arguments[option.name] = f"@{person.username or person.name}"
            mentions += [] if person.is_bot else [person]
        else:
            arguments[option.name] = _text(given["value"])
        if given.get("focused"):
            typing = option.name
    return Used(entry, arguments, tuple(mentions), typing=typing)


def _on(entry: MenuEntry, raw: Json, names: Names) -> Used:
    """A context-menu command: what it was used on fills the shortcut's option."""
    data, target, shortcut = raw["data"], str(raw["data"]["target_id"]), entry.shortcut
    option = shortcut.option if shortcut else ""
    if data["type"] == ON_PERSON:
        person = _resolved(data, target)
        arguments = {option: f"@{person.username or person.name}"} if option else {}
        return Used(entry, arguments, () if person.is_bot else (person,), picked=True)
    message = data["resolved"]["messages"][target]
    text, people = words(message, str(raw.get("guild_id") or ""), names)
    arguments = {option: text} if option and text else {}
    return Used(entry, arguments, people, target, speaker(message), text, picked=True)


def _resolved(data: Json, user_id: str) -> Account:
    resolved = data.get("resolved") or {}
    user = (resolved.get("users") or {}).get(user_id) or {"id": user_id}
    return account(user, (resolved.get("members") or {}).get(user_id))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def handle(raw: Json, *, now: int, ephemeral: bool = False) -> Handle:
    """The way back into the interaction. Its token lives 15 minutes from when Discord made it; `now` is our clock.

    The two clocks may differ: the end is reckoned from ours, as nearly as nothing lies between (it was just pressed).
    """
    kind = Kind.PRESS if raw["type"] == PRESS else Kind.COMMAND
    return Handle(
        kind,
        str(raw["application_id"]),
        str(raw["id"]),
        str(raw["token"]),
        now + LIFETIME,
        ephemeral=ephemeral,
        shared=bool(raw.get("guild_id")),
        message_id=str(raw["message"]["id"]) if kind is Kind.PRESS else "",
    )


def for_one(raw: Json) -> bool:
    """Whether the message of a press is seen by the presser alone, in a shared place."""
    return bool(int(raw["message"].get("flags") or 0) & EPHEMERAL)


def command_event(raw: Json, done: Used, names: Names, respond: str) -> Event:
    """The command as an event."""
    command = Command(done.entry.name, arguments=dict(done.arguments))
    return _event(
        raw,
        EventKind.COMMAND,
        names,
        respond,
        command=command,
        mentions=done.mentions,
        reply_to=done.reply_to,
        reply_to_account=done.reply_to_account,
        reply_text=done.reply_text,
    )


def press_event(raw: Json, names: Names, respond: str) -> Event:
    """A pressed button, or a choice from a menu of buttons."""
    data, message = raw["data"], raw["message"]
    token = str(data["values"][0]) if str(data["custom_id"]).startswith(PICK) else str(data["custom_id"])
    message_id = str(message["id"])
    press = ButtonPress(token, message_id, str(raw["id"]), private=for_one(raw))
    return _event(raw, EventKind.BUTTON, names, respond, press=press, message_id=message_id)


def _event(raw: Json, kind: EventKind, names: Names, respond: str, **more: Any) -> Event:
    guild_id = str(raw.get("guild_id") or "")
    member = raw.get("member")
    user = member["user"] if member else raw["user"]
    described = raw.get("channel") or {"id": raw["channel_id"]}
    parent = names.channel(guild_id, str(described.get("parent_id") or ""))
    where = place(guild_id, channel_of(described, parent.name if parent else ""))
    return Event(
        "discord",
        str(raw["id"]),
        kind,
        account(user, member, language=str(raw.get("locale") or "")),
        where,
        workspace=guild_id,
        addressed=True,
        sent_at=moment(str(raw["id"])),
        workspace_title=names.server(guild_id),
        respond=respond,
        answers_privately=where.kind is not PlaceKind.DIRECT,
        **more,
    )
