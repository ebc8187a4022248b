"""The message after a question: it answers it, drops it, or is about something else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.cofounder.brain import Pending
from bot.cofounder.offline import cues
from bot.cofounder.offline.peel import after_greeting, after_politeness, without_tail
from bot.cofounder.offline.reading import THINGS, is_free
from bot.cofounder.offline.slots import Slots
from bot.cofounder.offline.spans import name_span, skip_marks
from bot.cofounder.offline.words import Word, text_of
from core.errors import NexusError
from core.operations import Operation, Parameter
from core.operations.fields import Money

_LEAD = frozenset(
    "it is its it's the to for in into as a an of about that would should be i mean make well just say let us his her "
    "their name call called with called: my want please under from go take use role".split()
)
_TYPED = ("choice", "whole", "duration", "code", "yesno", "amount")


def answer(
    operation: Operation, pending: Pending, sentence: str, words: Sequence[Word], slots: Slots, known: Iterable[str]
) -> tuple[dict[str, Any], bool]:
    """What the message says of the arguments, and whether it says it outright (in the form that was asked for)."""
    asked = operation.parameter(pending.asked)
    already = [name for name in pending.arguments if name != pending.asked]
    reading = slots.read(operation, sentence, words, known, without=already)
    found = reading.values
    if asked is None:
        return found, False
    framed = reading.frames and not reading.guessed and min(reading.frames)[0] <= after_greeting(words)
    if is_free(asked) and not framed and not str(found.get(asked.name, "")).startswith("#"):
        found.pop(asked.name, None)
    outright = asked.name in found and (asked.field.kind in _TYPED or is_free(asked))
    if asked.name not in found:
        value = _with_what_was_said(asked, pending, sentence, words) or _bare(asked, sentence, words)
        if value is not None:
            found[asked.name] = value
            outright = asked.field.kind in _TYPED
    inside = str(found.get(asked.name, "")).casefold()
    for name in [n for n, v in found.items() if n != asked.name and str(v).casefold() in inside]:
        del found[name]
    return found, outright


def is_request(words: Sequence[Word]) -> bool:
    """Whether the message begins as a request or a question of its own does, and not as an answer."""
    core, polite = after_politeness(words, after_greeting(words))
    if core >= len(words):
        return False
    return bool(polite) or words[core].norm in (cues.IMPERATIVE - {"help"}) | cues.QUESTIONS | {"i", "we", "my"}


def _bare(asked: Parameter, sentence: str, words: Sequence[Word]) -> Any:
    """The answer without a phrasing around it: "steward", "it's for Parser", "three"."""
    kind = asked.field.kind
    start = after_greeting(words)
    end = without_tail(words, start)
    if start >= end:
        start, end = 0, len(words)
    if kind in ("person", "nexus", "target") or asked.name == "name":
        at = start
        while at < end - 1 and words[at].norm in _LEAD and not (words[at].capital and not words[at].opens):
            at += 1
        named = "name" if asked.name == "name" else "person" if kind == "target" else kind
        span = name_span(words, at, end, named, lambda _: False)
        if span is None and named != "name" and end - at == 1:
            span = (at, end)
        return _readable(asked, text_of(sentence, list(words[span[0] : span[1]]))) if span else None
    if kind == "code":
        return None  # anything long enough would pass for one
    if kind in _TYPED:
        for i in range(start, end):
            for j in range(end, i, -1):
                value = _readable(asked, text_of(sentence, list(words[i:j])))
                if value is not None:
                    return _canonical(asked, value)
        return _number(sentence, words, start, end) if kind == "amount" else None
    at = skip_marks(words, start, end)
    while at < end - 1 and (
        words[at].norm in ("it", "is", "just", "well", "about", ":", "-")
        or (
            kind in THINGS and words[at].norm in ("the", "one", "my", "on", "need", "offer", "thought", "note", "grant")
        )
    ):
        at += 1
    return _readable(asked, text_of(sentence, list(words[at:end])))


def _number(sentence: str, words: Sequence[Word], start: int, end: int) -> str | None:
    """A number alone: the field asks for its currency."""
    first = next((i for i in range(start, end) if words[i].text[:1].isdigit()), None)
    return None if first is None else text_of(sentence, list(words[first:end]))


def _with_what_was_said(asked: Parameter, pending: Pending, sentence: str, words: Sequence[Word]) -> str | None:
    """ "500" and then "EUR", "$500" and then "CAD": what is missing of an amount that was said before."""
    before = pending.arguments.get(asked.name)
    if asked.field.kind != "amount" or not isinstance(before, str) or any(c.isdigit() for c in sentence):
        return None
    for word in words:
        whole = f"{before} {word.text}"
        if isinstance(_value(asked, whole), Money):
            return whole
    return None


def _value(asked: Parameter, text: str) -> Any:
    try:
        return asked.field.read(text)
    except NexusError:
        return None


def _readable(asked: Parameter, text: str) -> Any:
    return text if _value(asked, text) is not None else None


def _canonical(asked: Parameter, text: str) -> Any:
    value = asked.field.read(text)
    if asked.field.kind in ("code", "amount"):
        return text
    return asked.field.freeze(value) if asked.field.kind == "duration" else value
