"""The command menu of every platform, from the registry: each operation's declaration and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from adapters.contract import Least, MenuEntry, MenuOption, OptionKind, Shortcut, Target
from bot.words import Words
from core.errors import BadInput
from core.operations import Operation, Parameter, Registry, Who
from core.operations.fields import Choice, Field, Reference, Text, Whole, YesNo

_ONE_LINE = 200  # characters up to which a text is typed in one line


# Commands that also stand in the menu under one word: what somebody looks for who has just brought the bot in.
ONE_WORD = {"setup": "place.setup"}


def menu_of(registry: Registry, words: Words | None = None) -> list[MenuEntry]:
    """The commands as platforms show them, the common ones first."""
    words = words or Words()
    shown = [o for o in registry if not o.internal]
    ordered = sorted(shown, key=lambda o: (o.name != "help", not o.common))
    entries = [_entry(o, words) for o in ordered]
    return entries + [replace(_entry(registry.get(n), words), name=one) for one, n in ONE_WORD.items() if n in registry]


def _entry(operation: Operation, words: Words) -> MenuEntry:
    shortcut = operation.shortcut
    return MenuEntry(
        operation.name,
        words(operation.summary).rstrip("."),
        operation.direct_only,
        tuple(_option(p, words) for p in operation.parameters),
        private=operation.private,
        least=_least(operation.who),
        shortcut=Shortcut(words(shortcut.label), Target(shortcut.on), shortcut.argument) if shortcut else None,
    )


def _least(who: Who) -> Least:
    if who >= Who.STEWARD:
        return Least.STEWARD
    return Least.MODERATOR if who >= Who.MODERATOR else Least.ANYONE


def _option(parameter: Parameter, words: Words) -> MenuOption:
    field = parameter.field
    kind, choices, bounds = _shape(field)
    return MenuOption(
        parameter.name,
        words(field.about),
        kind,
        parameter.required,
        choices,
        *bounds,
        completes=isinstance(field, Reference),
        check=_checker(field, words),
    )


def _shape(field: Field) -> tuple[OptionKind, tuple[str, ...], tuple[int, int]]:
    match field:
        case Text():
            long = not field.line and field.maximum > _ONE_LINE
            return (OptionKind.LONG if long else OptionKind.TEXT), (), (field.minimum, field.maximum)
        case Choice():
            return OptionKind.CHOICE, field.options, (0, 0)
        case Whole():
            return OptionKind.WHOLE, (), (field.minimum, field.maximum)
        case YesNo():
            return OptionKind.YESNO, (), (0, 0)
        case Reference():
            return (OptionKind.PERSON if field.kind == "person" else OptionKind.REFERENCE), (), (0, 0)
        case _:
            return OptionKind.TEXT, (), (0, 0)


def _checker(field: Field, words: Words) -> Callable[[str], str]:
    def check(typed: str) -> str:
        try:
            field.read(typed)
        except BadInput as error:
            return words.error(error)
        return ""

    return check
