"""Periods and ends in a sentence ("next quarter", "by friday"): the longest words that their parsers read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.cofounder.offline.typed import Found
from bot.cofounder.offline.words import Shape, Word, text_of
from core.errors import NexusError
from core.funds.period import read_period
from core.operations.fields.until import read_until

_LONGEST = 7  # words
_NOW = 1_768_435_200_000  # only whether it can be read matters here; what it means, the field finds out
_LEADS = frozenset("on in at by for from until till since of to the it is was".split())
_ENDS = frozenset("until till by before".split())
_NO_TIME = frozenset("may march second sun sat sec mon".split())  # alone they are other words


def _reads(parse: Callable[[str], Any], text: str) -> bool:
    try:
        return parse(text) is not None
    except NexusError:
        return False


_PARSERS: dict[str, Callable[[str], Any]] = {
    "period": lambda text: read_period(text, _NOW, ahead=True) or read_period(text, _NOW, ahead=False),
    "until": lambda text: read_until(text, _NOW),
}
KINDS = frozenset(_PARSERS)


def whens(kind: str, sentence: str, words: Sequence[Word], is_taken: Callable[[int], bool]) -> list[Found]:
    """What can be a period or an end there, as it was typed, in the order of the sentence."""
    found: list[Found] = []
    i = 0
    while i < len(words):
        end = 0 if _can_not_begin(kind, words, i) else _end(kind, sentence, words, i, is_taken)
        if end:
            found.append(Found(text_of(sentence, list(words[i:end])), i, end))
        i = end or i + 1
    return found


def _can_not_begin(kind: str, words: Sequence[Word], i: int) -> bool:
    word = words[i]
    if word.shape not in (Shape.WORD, Shape.NUMBER) or word.quoted or word.norm in _LEADS:
        return True
    return kind == "until" and not (i and words[i - 1].norm in _ENDS)


def _end(kind: str, sentence: str, words: Sequence[Word], i: int, is_taken: Callable[[int], bool]) -> int:
    for end in range(min(len(words), i + _LONGEST), i, -1):
        if words[end - 1].shape is Shape.SUM or any(is_taken(k) for k in range(i, end)):
            continue
        text = " ".join(text_of(sentence, list(words[i:end])).split())
        if end - i == 1 and (text.lower() in _NO_TIME or (len(text) < 4 and text.isdigit())):
            continue
        if words[end - 1].shape is not Shape.MARK and _reads(_PARSERS[kind], text):
            return end
    return 0
