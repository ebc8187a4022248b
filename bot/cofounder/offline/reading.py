"""What was read from a sentence for one operation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.cofounder.offline.spans import Span
from core.operations import Operation, Parameter


@dataclass(slots=True)
class Reading:
    """Values by parameter, the words that each came from, and how telling what stood around them was."""

    values: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    weight: float = 0.0
    frames: list[Span] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)  # for each frame: all of what the phrasing has before the slot
    guessed: bool = False  # free words were taken without a phrasing around them

    def covers(self, i: int) -> bool:
        """Whether the word `i` fills some slot."""
        return any(a <= i < b for a, b in self.spans.values())

    def put(self, name: str, value: Any, span: Span) -> None:
        """Fill a slot."""
        self.values[name] = value
        self.spans[name] = span


def takes_words(operation: Operation) -> bool:
    """Whether the main argument of an operation is free words."""
    return any(is_free(p) for p in operation.parameters if p.name == operation.main)


THINGS = frozenset({"record", "grant", "pledge", "mandate", "receipt", "entry"})
"""Kinds of what was kept earlier: named by a short name (#k7m2p) or by words."""


def is_free(parameter: Parameter) -> bool:
    """Whether an argument is free words (or words that name a thing kept earlier), and not a name."""
    kind = parameter.field.kind
    return (
        kind in THINGS
        or kind == "platform_role"
        or (kind == "text" and parameter.name not in ("name", "invite", "account", "destination"))
    )
