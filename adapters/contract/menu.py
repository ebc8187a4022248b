"""The commands as platforms show them: typed options for native commands, forms and completions. Made by the bot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class OptionKind(StrEnum):
    """What a person gives. LONG is free text of several lines; REFERENCE names a thing that can be completed."""

    TEXT = "text"
    LONG = "long"
    WHOLE = "whole"
    YESNO = "yesno"
    CHOICE = "choice"
    PERSON = "person"
    REFERENCE = "reference"


class Target(StrEnum):
    """What a shortcut in a platform's context menu is used on."""

    MESSAGE = "message"
    PERSON = "person"


class Least(StrEnum):
    """Who sees a command by default where the platform can hide it. The core checks rights in any case."""

    ANYONE = "anyone"
    MODERATOR = "moderator"
    STEWARD = "steward"


def _accept(_: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class MenuOption:
    """One argument of a command.

    `choices` are the values of CHOICE. `minimum` and `maximum` bound a WHOLE number, or the length of a text in
    characters (0: unbounded). `completes`: the bot can suggest values while it is typed (`Sink.complete`).
    `check` says what is wrong with a typed value in one kind sentence, or "": pure, for forms that show errors
    beside their fields.
    """

    name: str
    about: str
    kind: OptionKind = OptionKind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0
    completes: bool = False
    check: Callable[[str], str] = _accept


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of the context menu of a message or a person: its label, and the option that what it is used on fills.

    For a message that is its text, for a person their account (`Event.mentions`, and "@username" as the value).
    """

    label: str
    on: Target
    option: str


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A command as the platform's menu shows it: `name` is "subject.verb" or one word, `about` one line.

    `private`: its answer is for the caller alone wherever it was asked, so a platform that has to say beforehand
    whether an answer is ephemeral says yes.
    """

    name: str
    about: str
    direct_only: bool = False
    options: tuple[MenuOption, ...] = ()
    private: bool = False
    least: Least = Least.ANYONE
    shortcut: Shortcut | None = None

    def option(self, name: str) -> MenuOption | None:
        """The option of that name, if there is one."""
        return next((o for o in self.options if o.name == name), None)

    def missing(self, given: object) -> list[MenuOption]:
        """The required options that `given` (a mapping or set of names) does not have."""
        names = set(given) if isinstance(given, dict | set | frozenset) else set()
        return [o for o in self.options if o.required and o.name not in names]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion: what people see, and the value that the command gets."""

    label: str
    value: str
