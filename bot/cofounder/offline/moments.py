"""Moments and days in a sentence: "thursday 15:00", "in two weeks at noon", "yesterday", "last friday".

What is doubtful about one, its field asks; nothing is worked out here, so the argument is what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from bot.cofounder.offline.reading import Reading
from bot.cofounder.offline.typed import Found
from bot.cofounder.offline.words import Shape, Word, text_of
from core.clock import as_datetime
from core.errors import BadInput
from core.operations import Parameter
from core.operations.fields import read_moment
from core.operations.fields.moment import names_a_zone
from core.operations.fields.past import read_past

_LONGEST = 10  # words, marks among them: "on the 3rd of december at 15:00"
_SOME_TIME = 1_767_571_200_000  # a Monday: whether something is a moment does not depend on when it is said
_SOME_DAY: date = as_datetime(_SOME_TIME).date()
_LENGTH = re.compile(r"\d{1,4} ?h(?:\d\d)?", re.ASCII | re.IGNORECASE)
_BEFORE = frozenset("on last this next from by".split())
_DAYS = frozenset("mon tue wed thu fri sat sun".split())


def find_moments(wanted: Sequence[Parameter], sentence: str, words: Sequence[Word], reading: Reading) -> None:
    """Fill the arguments that are moments or days that are over."""
    for parameter in wanted:
        kind = parameter.field.kind
        if kind not in ("moment", "past"):
            continue
        found = _longest(sentence, words, _is_moment if kind == "moment" else _is_day)
        if found is not None:
            reading.put(parameter.name, found.value, (found.start, found.end))


def _longest(sentence: str, words: Sequence[Word], fits: Callable[[str], bool]) -> Found | None:
    """The longest run of words that fits, the first of those."""
    best: Found | None = None
    for start, word in enumerate(words):
        if word.shape is Shape.MARK or word.quoted or _a_name_or_verb(words, start):
            continue
        for end in range(min(len(words), start + _LONGEST), start + (best.end - best.start if best else 0), -1):
            if words[end - 1].shape is Shape.MARK:
                continue
            text = text_of(sentence, list(words[start:end]))
            if fits(text):
                while end < len(words) and names_a_zone(words[end].norm):
                    end += 1  # the field says that it does not know that one
                best = Found(text_of(sentence, list(words[start:end])), start, end)
                break
    return best


def _a_name_or_verb(words: Sequence[Word], at: int) -> bool:
    """ "sat", "sun" and "wed" are days only where that shows."""
    word = words[at]
    if word.text.casefold() not in _DAYS or (word.capital and not word.opens):
        return False
    after = words[at + 1].norm if at + 1 < len(words) else ""
    return not (at and words[at - 1].norm in _BEFORE) and not (after[:1].isdigit() or after == "at")


def _is_moment(text: str) -> bool:
    if _LENGTH.fullmatch(text):
        return False  # "2h" alone is a length
    try:
        read_moment(text, _SOME_TIME)
    except BadInput as refusal:
        return refusal.code == "doubtful_moment"
    return True


def _is_day(text: str) -> bool:
    return read_past(text, _SOME_DAY) is not None
