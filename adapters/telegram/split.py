"""Cutting a long text where a reader would: at a paragraph or code fence, a line, a sentence, a word.

Lengths are in UTF-16 units, as Telegram counts them. A border is only taken if it leaves a part that is at least
a quarter full, so that a long answer does not begin with one lonely line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from adapters.telegram.markup import Run, plain, section

_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_LINE = re.compile(r"\n")
_SENTENCE = re.compile(r"(?<=[.!?…。！？])[)\]\"'”’»]*(?=\s)")
_WORD = re.compile(r"\s")
_JOINER = "\N{ZERO WIDTH JOINER}"


def units(text: str) -> int:
    """The length in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(runs: Sequence[Run], limit: int) -> list[list[Run]]:
    """Parts of at most `limit` UTF-16 units each (limit >= 8), in order, with nothing lost but white space at cuts."""
    text = plain(runs)
    fences = _fences(runs)
    parts: list[list[Run]] = []
    start = _skip_blank(text, 0, fences)
    stop = len(text.rstrip())
    while start < stop:
        end = _longest(text, start, stop, limit)
        cut = end if end == stop else _border(text, start, end, fences)
        trimmed = start + len(text[start:cut].rstrip())
        if trimmed > start:
            parts.append(section(runs, start, trimmed))
        start = _skip_blank(text, cut, fences)
    return parts


def _fences(runs: Sequence[Run]) -> list[tuple[int, int]]:
    """Where fenced blocks begin and end."""
    found: list[tuple[int, int]] = []
    at = 0
    for run in runs:
        if run.style.pre is not None:
            found.append((at, at + len(run.text)))
        at += len(run.text)
    return found


def _inside(position: int, fences: Sequence[tuple[int, int]]) -> bool:
    return any(first < position < last for first, last in fences)


def _skip_blank(text: str, start: int, fences: Sequence[tuple[int, int]]) -> int:
    """Where the next part begins: after the white space, but with the indentation of a code line kept."""
    at = start
    while at < len(text) and text[at].isspace():
        at += 1
    for first, last in fences:
        if first <= at < last:
            line = text.rfind("\n", start, at) + 1
            return max(start, line, first) if line else max(start, first)
    return at


def _longest(text: str, start: int, stop: int, limit: int) -> int:
    """The furthest end whose part still has at most `limit` units."""
    end = min(start + limit, stop)
    over = units(text[start:end]) - limit
    while over > 0:
        end -= max(over // 2, 1)
        over = units(text[start:end]) - limit
    while end < stop and units(text[start : end + 1]) <= limit:
        end += 1
    return end


def _border(text: str, start: int, end: int, fences: Sequence[tuple[int, int]]) -> int:
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


def _ends(border: re.Pattern[str], text: str, start: int, end: int, fences: Sequence[tuple[int, int]]) -> Iterator[int]:
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
