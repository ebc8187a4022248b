"""A command's options as a modal, and what was filled in as its arguments. Pure.

Each option is an input block whose block id is the option's name, so that an error lands beside its field.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.common.text import clean
from adapters.contract import Account, MenuEntry, MenuOption, OptionKind, PlaceKind, Suggestion, Target

Json = dict[str, Any]

FORM = "nexus_form"  # the callback id of our modals
VALUE = "nexus_value"  # the action id of every input
OPEN = "nexus_open:"  # the action id of a button that opens a form, with the command behind it
SHORTCUT = "nexus_shortcut:"  # the callback id of a shortcut, with the command behind it

_TITLE_LIMIT, _LABEL_LIMIT, _OPTION_LIMIT, _VALUE_LIMIT = 24, 2_000, 75, 150
_TEXT_LIMIT = 3_000
_MOST_CHOICES, _MOST_SHORTCUTS, _MOST_INPUTS = 100, 10, 95
_NOTED_LIMIT = 3_000  # bytes of private_metadata: Slack says characters
_YES_NO = ("yes", "no")
_EMPTY = "Please fill this in."


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form was asked for, so that the answer goes there. `respond` is the event's handle, a secret.

    `author` (a user's or an app's id) and `words` are those of the message that a shortcut was used on, `message`.
    """

    channel: str
    kind: PlaceKind
    thread: str = ""
    message: str = ""
    respond: str = field(default="", repr=False)
    author: str = ""
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Filled:
    """A submitted form: arguments by option, the ids of chosen people by option, and what is wrong by option."""

    arguments: dict[str, str]
    people: dict[str, str]
    errors: dict[str, str]


def modal(entry: MenuEntry, origin: Origin, given: Mapping[str, str] | None = None) -> Json:
    """The view that asks for a command's options, with what is known already filled in."""
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": _noted(entry, origin),
        "title": _text(entry.about or entry.name, _TITLE_LIMIT),
        "submit": _text("OK", _TITLE_LIMIT),
        "close": _text("Cancel", _TITLE_LIMIT),
        "blocks": _blocks(entry, given or {}),
    }


def _blocks(entry: MenuEntry, given: Mapping[str, str]) -> list[Json]:
    """The command in full, since a title has room for 24 characters, then its options."""
    about = {"type": "context", "elements": [_text(entry.about or entry.name, _LABEL_LIMIT)]}
    inputs = [_input(option, given.get(option.name, "")) for option in entry.options[:_MOST_INPUTS]]
    return [about, *inputs] if inputs else [{"type": "section", "text": _text(entry.about or entry.name, _LABEL_LIMIT)}]


def _noted(entry: MenuEntry, origin: Origin) -> str:
    """What the form keeps of where it came from, as much as Slack has room for: first words go, then the handle."""
    where = [entry.name, origin.channel, origin.kind.value, origin.thread, origin.message]
    words, respond = origin.words[:_NOTED_LIMIT], origin.respond
    while len((text := _json([*where, respond, origin.author, words])).encode()) > _NOTED_LIMIT and (words or respond):
        words, respond = words[: len(words) * 7 // 8], respond if words else ""
    return text


def _json(noted: list[str]) -> str:
    return json.dumps(noted, separators=(",", ":"), ensure_ascii=False)


def read_noted(private_metadata: str) -> tuple[str, Origin]:
    """The command and the origin of a form. Raises ValueError for what `modal` did not write."""
    name, channel, kind, *rest = json.loads(private_metadata)
    return str(name), Origin(str(channel), PlaceKind(kind), *map(str, rest))


def _input(option: MenuOption, given: str) -> Json:
    return {
        "type": "input",
        "block_id": option.name,
        "optional": not option.required,
        "label": _text(option.about[:1].upper() + option.about[1:] or option.name, _LABEL_LIMIT),
        "element": {"action_id": VALUE} | _element(option, given),
    }


def _element(option: MenuOption, given: str) -> Json:
    match option.kind:
        case OptionKind.CHOICE if 0 < len(option.choices) <= _MOST_CHOICES:
            choices = [_choice(value) for value in option.choices]
            return {"type": "static_select", "options": choices} | _initial(choices, given)
        case OptionKind.YESNO:
            choices = [_choice(value) for value in _YES_NO]
            return {"type": "radio_buttons", "options": choices} | _initial(choices, given)
        case OptionKind.WHOLE:
            bounds = {}
            if option.minimum or option.maximum:
                bounds["min_value"] = str(option.minimum)
            if option.maximum:
                bounds["max_value"] = str(option.maximum)
            given = given if given.lstrip("-").isdigit() else ""
            return {"type": "number_input", "is_decimal_allowed": False} | bounds | _first(given)
        case OptionKind.PERSON:
            return {"type": "users_select"}
        case OptionKind.REFERENCE if option.completes:
            return {"type": "external_select", "min_query_length": 0}
        case kind:
            most = min(option.maximum or _TEXT_LIMIT, _TEXT_LIMIT)
            least = {"min_length": min(option.minimum, most)} if option.minimum else {}
            multiline = kind is OptionKind.LONG
            field = {"type": "plain_text_input", "multiline": multiline, "max_length": most}
            return field | least | _first(given[:most])


def _first(given: str) -> Json:
    return {"initial_value": given} if given else {}


def _initial(choices: Sequence[Json], given: str) -> Json:
    found = next((choice for choice in choices if choice["value"] == given), None)
    return {"initial_option": found} if found else {}


def _choice(value: str, label: str = "") -> Json:
    return {"text": _text(label or value, _OPTION_LIMIT), "value": value[:_VALUE_LIMIT]}


def _text(text: str, limit: int) -> Json:
    text = clean(text).strip() or "\N{HORIZONTAL ELLIPSIS}"
    short = text if len(text) <= limit else text[: limit - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
    return {"type": "plain_text", "text": short, "emoji": False}


def suggestions(found: Sequence[Suggestion]) -> Json:
    """The answer to a `block_suggestion`."""
    return {"options": [_choice(one.value, one.label) for one in found[:_MOST_CHOICES] if one.value]}


def filled(entry: MenuEntry, state: Json, accounts: Mapping[str, Account] | None = None) -> Filled:
    """What a view's `state` holds, checked. `accounts` are those of chosen people that are known."""
    values = state.get("values") or {}
    arguments: dict[str, str] = {}
    people: dict[str, str] = {}
    errors: dict[str, str] = {}
    for option in entry.options:
        value = _value((values.get(option.name) or {}).get(VALUE) or {}).strip()
        if value and option.kind is OptionKind.PERSON:
            people[option.name] = value
            account = (accounts or {}).get(value)
            value = f"@{account.username or account.name}" if account else f"@{value}"
        if value:
            arguments[option.name] = value
            if wrong := option.check(value):
                errors[option.name] = wrong
        elif option.required:
            errors[option.name] = _EMPTY
    return Filled(arguments, people, errors)


def chosen_people(state: Json) -> list[str]:
    """The user ids that were chosen in a form."""
    inputs = [one.get(VALUE) or {} for one in (state.get("values") or {}).values()]
    return [str(one["selected_user"]) for one in inputs if one.get("selected_user")]


def _value(element: Json) -> str:
    option = element.get("selected_option") or {}
    return str(element.get("value") or element.get("selected_user") or option.get("value") or "")


def shortcuts(menu: Sequence[MenuEntry]) -> list[Json]:
    """The manifest's shortcuts: entries for messages. Slack has no context menu for people."""
    found = []
    for entry in menu:
        shortcut = entry.shortcut
        if shortcut is not None and shortcut.on is Target.MESSAGE:
            found.append(
                {
                    "name": _text(shortcut.label, _TITLE_LIMIT)["text"],
                    "type": "message",
                    "callback_id": SHORTCUT + entry.name,
                    "description": _text(entry.about, _VALUE_LIMIT)["text"],
                }
            )
    return found[:_MOST_SHORTCUTS]


def open_button(entry: MenuEntry) -> Json:
    """A button that opens the form of a command."""
    return {"type": "button", "action_id": OPEN + entry.name, "text": _text(entry.about or entry.name, _OPTION_LIMIT)}
