"""Since when, how long, and who may: arguments that a few words give away, wherever they stand in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cofounder.offline.words import Shape, Word
from core.operations.fields import read_duration, show_duration

_BEFORE = frozenset("in the last past previous during over within since for".split())
_UNITS = frozenset("day week month year fortnight".split())
_ALL = frozenset("everyone everybody anyone anybody".split())
_NOBODY = frozenset("nobody noone none private secret myself".split())
_AT_AN_END = 4  # words: who may is said first, or last


@dataclass(frozen=True, slots=True)
class Lasting:
    """A value, and the words [start, end) that it came from."""

    value: Any
    start: int
    end: int


Durations = Callable[[Sequence[Word]], Sequence[Any]]


def since(words: Sequence[Word], durations: Durations) -> list[Lasting]:
    """Spans that end now: "this month", "today", "in the last 30 days", "the past week"."""
    for i, word in enumerate(words):
        following = words[i + 1].norm if i + 1 < len(words) else ""
        if word.norm == "this" and following in ("week", "month", "year"):
            return [Lasting(f"this {following}", _begin(words, i), i + 2)]
        if word.norm == "today":
            return [Lasting("today", i, i + 1)]
        if word.norm in ("last", "past") and following in _UNITS:
            length = read_duration(following)
            return [Lasting(show_duration(length or 0), _begin(words, i), i + 2)]
    return [Lasting(one.value, _begin(words, one.start), one.end) for one in durations(words)]


def days(words: Sequence[Word], durations: Durations) -> list[Lasting]:
    """How long something is kept: "90 days", "for ever", "as above"."""
    for i, word in enumerate(words):
        following = words[i + 1].norm if i + 1 < len(words) else ""
        if word.norm in ("forever", "always"):
            return [Lasting("for ever", i, i + 1)]
        if (word.norm, following) == ("for", "ever"):
            return [Lasting("for ever", i, i + 2)]
        if (word.norm, following) == ("as", "above"):
            return [Lasting("as above", i, i + 2)]
    return [Lasting(one.value, one.start, one.end) for one in durations(words)]


def who(words: Sequence[Word], widest: str) -> list[Lasting]:
    """Who may: "only members", "nobody", "anyone". Where it might be part of other words, it is left to be asked."""
    for i, word in enumerate(words):
        if word.quoted or word.shape is not Shape.WORD or not (i < _AT_AN_END or i >= len(words) - _AT_AN_END - 1):
            continue
        before = words[i - 1].norm if i else ""
        if word.norm in _NOBODY or (before in ("only", "just") and word.norm in ("me", "i")):
            return [Lasting("only-me", i, i + 1)]
        if before == "from" and word.norm in _ALL | {"others"}:
            return [Lasting("only-me", i, i + 1)]
        if word.norm in ("members", "member"):
            return [Lasting("members", i, i + 1)]
        if word.norm in ("nexuses", "communities") and widest == "everyone":
            return [Lasting("nexuses", i, i + 1)]
        if word.norm in _ALL | {"public"} or (word.norm == "rules" and widest == "everyone"):
            return [Lasting(widest, i, i + 1)]
    return []


def _begin(words: Sequence[Word], start: int) -> int:
    while start > 1 and words[start - 1].norm in _BEFORE:
        start -= 1
    return start
