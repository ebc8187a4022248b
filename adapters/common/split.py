"""Cutting a long text where a reader would: at a paragraph or code fence, a line, a sentence, a word.

A border is only taken if it leaves a part that is at least a quarter full, so that a long answer does not begin with
one lonely line. How long a part may be is the platform's to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from adapters.common.runs import Run, plain

_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_LINE = re.compile(r"\n")
_SENTENCE = re.compile(r"(?<=[.!?…。！？])[)\]\"'”’»]*(?=\s)")
_WORD = re.compile(r"\s")
_JOINER = "\N{ZERO WIDTH JOINER}"

Positions = tuple[int, int]  # where a part begins and ends in the plain text
Fits = Callable[[int, int], bool]  # whether the part between two positions is short enough


def cuts(runs: Sequence[Run], longest: Callable[[int, int], int], fits: Fits | None = None) -> Iterator[Positions]:
    """Where the parts of a text begin and end, in order, with nothing lost but white space at cuts.

    `longest(start, stop)` says how far a part from `start` may reach, `stop` being the end of the text; it must get on.
    `fits` is for platforms where a shorter part can be the longer one to send.
    """
    text = plain(runs)
    fences = _fences(runs)
    start = _skip_blank(text, 0, fences)
    stop = len(text.rstrip())
    while start < stop:
        end = longest(start, stop)
        cut = end if end == stop else _border(text, start, end, fences)
        while fits and cut > start + 1 and not fits(start, cut):
            cut -= 1
        trimmed = start + len(text[start:cut].rstrip())
        if trimmed > start:
            yield start, trimmed
        start = _skip_blank(text, cut, fences)


def furthest(fits: Fits, start: int, least: int, most: int) -> int:
    """The furthest end from `least` to `most` up to which a part from `start` fits; `least` itself is not tried."""
    low, high = least, most
    while low < high:
        middle = (low + high + 1) // 2
        if fits(start, middle):
            low = middle
        else:
            high = middle - 1
    return low


def _fences(runs: Sequence[Run]) -> list[Positions]:
    """Where fenced blocks begin and end."""
    found: list[Positions] = []
    at = 0
    for run in runs:
        if run.style.pre is not None:
            found.append((at, at + len(run.text)))
        at += len(run.text)
    return found


def _inside(position: int, fences: Sequence[Positions]) -> bool:
    return any(first < position < last for first, last in fences)


def _skip_blank(text: str, start: int, fences: Sequence[Positions]) -> int:
    """Where the next part begins: after the white space, but with the indentation of a code line kept."""
    at = start
    while at < len(text) and text[at].isspace():
        at += 1
    for first, last in fences:
        if first <= at < last:
            line = text.rfind("\n", start, at) + 1
            return max(start, line, first) if line else max(start, first)
    return at


def _border(text: str, start: int, end: int, fences: Sequence[Positions]) -> int:
    least = start + max((end - start) // 4, 1)
    best = max(_ends(_PARAGRAPH, text, start, end, fences), default=0)
    best = max(best, *(edge for fence in fences for edge in fence if edge <= end), 0, 0)
    if best >= least:
        return best
    for border in (_LINE, _SENTENCE, _WORD):
        best = max(_ends(border, text, start, end, () if border is _LINE else fences), default=0)
        if best >= least:
            return best
    while end > least and _joined(text, end):
        end -= 1
    return end


def _ends(border: re.Pattern[str], text: str, start: int, end: int, fences: Sequence[Positions]) -> Iterator[int]:
    """Every place in the window where the border would let us cut, fenced blocks left whole."""
    for match in border.finditer(text, start, min(end + 1, len(text))):
        at = match.end() if border is _SENTENCE else match.start()
        if start < at <= end and not _inside(at, fences):
            yield at


def _joined(text: str, at: int) -> bool:
    """Whether a cut here would tear one visible character apart (accents, emoji sequences)."""
    following = text[at]
    return (
        following == _JOINER
        or text[at - 1] == _JOINER
        or unicodedata.category(following).startswith("M")
        or "\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}" <= following <= "\N{EMOJI MODIFIER FITZPATRICK TYPE-6}"
    )
