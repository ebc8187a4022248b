"""A sentence about messages, cut into words: what is quoted, an expression and a host stay whole. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.moderation.own.phrases import phrases_of
from core.operations.fields import read_duration
from core.operations.fields.base import NUMBER_WORDS
from core.people.people import fold

_QUOTED = (
    r"“([^“”\n]+)”|„([^“”„\n]+)[“”]|«([^«»\n]+)»|\"([^\"\n]+)\"|`([^`\n]+)`|‘([^‘’\n]+)’(?!\w)"
    r"|(?<!\w)'([^'\n]+(?:'\w[^'\n]*)*)'(?!\w)"
)
_PATTERN = r"(?<![^\s(:,])/((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+)/(?=$|[\s,.;)])"
_HOST = r"(?:https?://)?(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,24}(?:/[^\s,;()“”\"']*)?(?!\w)"
_TOKEN = re.compile(
    rf"(?P<pattern>{_PATTERN})|(?P<quoted>{_QUOTED})|(?P<host>{_HOST})|(?P<number>\d{{1,6}}(?![\w]))"
    r"|(?P<word>[@#]?[^\W_](?:[\w]|[-/'’](?=[^\W_]))*)|(?P<mark>\S)"
)
_SMALL = {word: number for word, number in NUMBER_WORDS.items() if " " not in word and word not in ("a", "an", "once")}
_BEGINS = frozenset({"a", "an", "half", "one"}) | _SMALL.keys()
LONGEST_LENGTH = 8  # words of a length of time


@dataclass(frozen=True, slots=True)
class Token:
    """One piece. `kind`: word, number, quoted, pattern, host or mark. `text`: as it was typed, without quotation marks
    or slashes; `norm`: in small letters, "" for what is quoted and for expressions."""

    kind: str
    text: str
    norm: str

    @property
    def number(self) -> int | None:
        """The whole number that it is, in digits or as a word."""
        if self.kind == "number":
            return int(self.text)
        return _SMALL.get(self.norm) if self.kind == "word" else None


def tokens_of(text: str) -> list[Token]:
    """The pieces of a sentence."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(text):
        kind = str(found.lastgroup) if found.lastgroup in ("host", "number", "word", "mark") else ""
        if found["pattern"] is not None:
            yield Token("pattern", found[2].replace("\\/", "/"), "")
        elif found["quoted"] is not None:
            inner = next(one for one in found.groups()[3:10] if one is not None)
            yield Token("quoted", " ".join(inner.split()), "")
        else:
            plain = fold(found[0]).replace("’", "'")
            yield Token(kind, found[0], plain)


def starts(tokens: Sequence[Token], i: int, words: str) -> int:
    """How many pieces from `i` on are one of the phrases of a list, the longest that fits; 0 for none."""
    if i >= len(tokens):
        return 0
    for phrase in phrases_of(words).get(tokens[i].norm, ()):
        end = i + len(phrase)
        if end <= len(tokens) and all(
            token.norm == word for token, word in zip(tokens[i + 1 : end], phrase[1:], strict=True)
        ):
            return len(phrase)
    return 0


def length_at(tokens: Sequence[Token], i: int, *, bare: bool = False) -> tuple[int, int]:
    """The seconds of a length of time that begins at `i` ("ten minutes", "1h30m", "a day"), and where it ends. (0, i)
    if none does. `bare`: "hour" alone is one as well."""
    if i >= len(tokens):
        return 0, i
    first = tokens[i]
    if first.kind not in ("word", "number"):
        return 0, i
    if bare and (one := _seconds(f"1 {first.norm}")):
        return one, i + 1
    if first.kind == "word" and first.norm not in _BEGINS and not first.norm[0].isdigit():
        return 0, i
    for end in range(min(len(tokens), i + LONGEST_LENGTH), i, -1):
        if tokens[end - 1].norm in ("and", "of") or any(one.kind not in ("word", "number") for one in tokens[i:end]):
            continue
        found = _seconds(" ".join(one.norm for one in tokens[i:end]))
        if found:
            return found, end
    return 0, i


@lru_cache(maxsize=1024)
def _seconds(text: str) -> int:
    try:
        return (read_duration(text) or 0) // 1000
    except (ValueError, OverflowError):
        return 0
