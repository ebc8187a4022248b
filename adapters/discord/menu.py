"""The bot's commands as Discord's: "need.post" is /need post, "help" is /help, shortcuts are context-menu commands.

Limits: https://discord.com/developers/docs/interactions/application-commands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters.contract import Least, MenuEntry, MenuOption, OptionKind, Target
from adapters.discord.markup import clean

Json = dict[str, Any]

SLASH, ON_PERSON, ON_MESSAGE = 1, 2, 3  # types of commands
SUB, STRING, INTEGER, BOOLEAN, USER = 1, 3, 4, 5, 6  # types of options

_MOST_COMMANDS, _MOST_VERBS, _MOST_OPTIONS, _MOST_CHOICES, _MOST_SHORTCUTS = 100, 25, 25, 25, 5
_NAME, _ABOUT, _VALUE, _TEXT = 32, 100, 100, 6000
_WHOLE = 2**53
_TOGETHER = 8000  # characters of all names, descriptions and values of one command
_NOT_IN_A_NAME = re.compile(r"[^\w-]+")
_RIGHTS = {Least.STEWARD: 1 << 5, Least.MODERATOR: 1 << 40}  # Manage Server, Moderate Members
_ORDER = list(Least)
_IN_SERVER, _IN_DIRECT = 0, 1  # contexts; a direct chat between people (2) has no bot in it


class Menu:
    """The commands of one bot, and the way back from what a person used to the bot's own names."""

    def __init__(self, entries: Sequence[MenuEntry] = ()) -> None:
        self.left_out: list[str] = []
        self._slash: dict[tuple[str, str], MenuEntry] = {}
        self._shortcuts: dict[tuple[int, str], MenuEntry] = {}
        self._by_name = {entry.name: entry for entry in entries}
        tops: dict[str, dict[str, MenuEntry]] = {}
        for entry in entries:
            subject, _, verb = entry.name.partition(".")
            tops.setdefault(_named(subject), {}).setdefault(_named(verb), entry)
        self.commands = [self._command(top, verbs) for top, verbs in list(tops.items())[:_MOST_COMMANDS]]
        self.left_out += list(tops)[_MOST_COMMANDS:]
        for entry in entries:
            self._add_shortcut(entry)

    def slash(self, top: str, verb: str) -> MenuEntry | None:
        """The entry behind /top verb (`verb` is "" for a command without)."""
        return self._slash.get((top, verb))

    def shortcut(self, kind: int, label: str) -> MenuEntry | None:
        """The entry behind a context-menu command."""
        return self._shortcuts.get((kind, label))

    def entry(self, name: str) -> MenuEntry | None:
        """The entry of the bot's name for it."""
        return self._by_name.get(name)

    def _command(self, top: str, verbs: dict[str, MenuEntry]) -> Json:
        if "" in verbs and len(verbs) > 1:  # Discord cannot have both /grant and /grant create
            verbs.setdefault(top, verbs.pop(""))
        self.left_out += [f"{top} {verb}" for verb in list(verbs)[_MOST_VERBS:]]
        verbs = dict(list(verbs.items())[:_MOST_VERBS])
        self._slash |= {(top, verb): entry for verb, entry in verbs.items()}
        entries = list(verbs.values())
        longest = _ABOUT
        command = _slash(top, verbs, longest)
        while _weight(command) > _TOGETHER and longest > 1:
            longest = longest * 3 // 4
            command = _slash(top, verbs, longest)
        return command | _seen_by(entries)

    def _add_shortcut(self, entry: MenuEntry) -> None:
        if entry.shortcut is None:
            return
        kind = ON_MESSAGE if entry.shortcut.on is Target.MESSAGE else ON_PERSON
        label = _short(entry.shortcut.label, _NAME)
        if (kind, label) in self._shortcuts or sum(one == kind for one, _ in self._shortcuts) == _MOST_SHORTCUTS:
            self.left_out.append(label)
            return
        self._shortcuts[kind, label] = entry
        # Messages and people to use it on are in servers, too; what is for the asker alone is answered so there.
        everywhere = {"contexts": [_IN_SERVER, _IN_DIRECT]}
        self.commands.append({"type": kind, "name": label} | _seen_by([entry]) | everywhere)


def _slash(top: str, verbs: Mapping[str, MenuEntry], longest: int) -> Json:
    if list(verbs) == [""]:
        (entry,) = verbs.values()
        return {
            "type": SLASH,
            "name": top,
            "description": _short(entry.about, longest),
            "options": _options(entry.options, longest),
        }
    return {
        "type": SLASH,
        "name": top,
        "description": _short(next(iter(verbs.values())).about if len(verbs) == 1 else top.capitalize(), longest),
        "options": [
            {
                "type": SUB,
                "name": verb,
                "description": _short(entry.about, longest),
                "options": _options(entry.options, longest),
            }
            for verb, entry in verbs.items()
        ],
    }


def _seen_by(entries: Sequence[MenuEntry]) -> Json:
    least = min((entry.least for entry in entries), key=_ORDER.index)
    direct = all(entry.direct_only for entry in entries)
    return {
        "default_member_permissions": _RIGHTS.get(least),
        "contexts": [_IN_DIRECT] if direct else [_IN_SERVER, _IN_DIRECT],
        "integration_types": [0],
    }


def option_name(option: MenuOption) -> str:
    """What an option is called on Discord."""
    return _named(option.name)


def demanded(option: MenuOption) -> bool:
    """Whether Discord insists on the option. Long texts are asked for in a form, which has room for them."""
    return option.required and option.kind is not OptionKind.LONG


def _options(options: Iterable[MenuOption], longest: int) -> list[Json]:
    drawn = [_option(option, longest) for option in sorted(options, key=lambda o: not demanded(o))]
    return drawn[:_MOST_OPTIONS]


def _option(option: MenuOption, longest: int) -> Json:
    drawn: Json = {"type": STRING, "name": option_name(option), "description": _short(option.about, longest)}
    if demanded(option):
        drawn["required"] = True
    match option.kind:
        case OptionKind.WHOLE:
            drawn["type"] = INTEGER
            if option.minimum or option.maximum:
                drawn["min_value"] = max(option.minimum, -_WHOLE)
            if option.maximum:
                drawn["max_value"] = min(option.maximum, _WHOLE)
        case OptionKind.YESNO:
            drawn["type"] = BOOLEAN
        case OptionKind.PERSON:
            drawn["type"] = USER
        case OptionKind.CHOICE if len(option.choices) <= _MOST_CHOICES:
            drawn["choices"] = [{"name": _short(one, _VALUE), "value": one[:_VALUE]} for one in option.choices]
        case OptionKind.CHOICE:
            drawn["autocomplete"] = True
        case _:
            if option.completes:
                drawn["autocomplete"] = True
            if option.minimum > 0:
                drawn["min_length"] = min(option.minimum, _TEXT)
            if option.maximum > 0:
                drawn["max_length"] = min(option.maximum, _TEXT)
    return drawn


def _named(word: str) -> str:
    return _NOT_IN_A_NAME.sub("-", word.lower())[:_NAME]


def _short(text: str, limit: int) -> str:
    text = " ".join(clean(text).split())
    return (text if len(text) <= limit else text[: limit - 1].rstrip() + "…") or "…"


def _weight(drawn: Json) -> int:
    """Characters that count towards the limit of one command."""
    own = len(drawn.get("name", "")) + len(drawn.get("description", ""))
    own += sum(len(choice["name"]) + len(str(choice["value"])) for choice in drawn.get("choices", ()))
    return own + sum(_weight(option) for option in drawn.get("options", ()))


_COMPARED = ("type", "name", "description", "default_member_permissions", "contexts", "integration_types", "options")
_COMPARED_OPTION = (
    *("type", "name", "description", "required", "autocomplete", "choices"),
    *("min_value", "max_value", "min_length", "max_length", "options"),
)


def same(ours: Sequence[Json], theirs: Sequence[Json]) -> bool:
    """Whether Discord already has these commands, whatever it adds to them by itself."""
    return _normal(ours) == _normal(theirs)


def _normal(commands: Sequence[Json]) -> list[Json]:
    drawn = [_picked(command, _COMPARED) for command in commands]
    return sorted(drawn, key=lambda command: (command.get("type", SLASH), command["name"]))


def _picked(thing: Json, names: Sequence[str]) -> Json:
    found: Json = {}
    for name in names:
        value = thing.get(name)
        if name == "options":
            value = [_picked(option, _COMPARED_OPTION) for option in value or ()]
        elif name == "choices":
            value = [(choice["name"], choice["value"]) for choice in value or ()]
        elif name in ("contexts", "integration_types"):
            value = sorted(value or ())
        elif name == "default_member_permissions" and value is not None:
            value = str(value)  # sent as a number, told as text
        if value not in (None, "", False) and value != []:
            found[name] = value
    return found
