"""Words and regular expressions that a Nexus does not want to read, made safe to look for.

A word matches in every disguise that `core.moderation.text` knows. A regular expression is somebody's input: it is
bounded in length, every * and + is bounded to REACH characters, and what could run for ages on a chosen text (a repeat
inside a repeat, a choice inside a repeat, a reference back) is refused with a sentence that says why.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from core.errors import N_, BadInput
from core.moderation.text.leet import without_leet
from core.moderation.text.letters import plain
from core.moderation.text.reading import Reading, folded

LONGEST = 200  # characters of an expression
REACH = 50  # how far a * or + goes
READ = 1000  # characters of a message that expressions are tried on
MOST_WAYS = 3000  # in which an expression may match at one place: bounds its time to some 20 ms at the very worst
_PIECES = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d*),(\d*)\}|[*+]|.", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")
_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)


class Phrases:
    """The words of a message and runs of them, each made once, however many lists look for theirs."""

    def __init__(self, reading: Reading) -> None:
        self.words = _WORD.findall(reading.words)
        self._runs: dict[int, frozenset[str]] = {1: frozenset(self.words)}

    def runs(self, length: int) -> frozenset[str]:
        """All runs of so many words."""
        found = self._runs.get(length)
        if found is None:
            words = self.words
            many = range(len(words) - length + 1)
            found = self._runs[length] = frozenset(" ".join(words[at : at + length]) for at in many)
        return found


class WordList:
    """Words and phrases, found as whole words in any disguise; one that ends in * also as a beginning."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._whole: dict[int, set[str]] = {}  # by how many words
        self._begun: set[str] = set()
        for word in words:
            parts = _WORD.findall(folded(without_leet(plain(word))))
            if parts and word.rstrip().endswith("*"):
                self._begun.add(" ".join(parts))
            elif parts:
                self._whole.setdefault(len(parts), set()).add(" ".join(parts))

    def __bool__(self) -> bool:
        return bool(self._whole or self._begun)

    def found(self, reading: Reading) -> bool:
        """Whether one of the words is in the message."""
        return self.among(Phrases(reading))

    def among(self, phrases: Phrases) -> bool:
        """The same, where the words of the message are known."""
        if any(not some.isdisjoint(phrases.runs(length)) for length, some in self._whole.items()):
            return True
        if self._begun:
            text = " " + " ".join(phrases.words)
            return any(" " + beginning in text for beginning in self._begun)
        return False


def safe_pattern(source: str) -> re.Pattern[str]:
    """An expression that may be tried on anybody's text. BadInput with a kind sentence if it is not taken."""
    if not source.strip():
        raise BadInput(N_("The expression is empty."))
    if len(source) > LONGEST:
        raise BadInput(N_("That expression is too long; at most {most} characters, please."), most=LONGEST)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)  # a set within a set, which a later Python reads differently
            bounded = "".join(_bounded(source))
            tree = parser.parse(bounded, re.IGNORECASE)
            compiled = re.compile(bounded, re.IGNORECASE)
    except (FutureWarning, re.error, OverflowError, RecursionError):
        raise BadInput(N_("I cannot read that expression. Is a bracket open, or a sign missing?")) from None
    if _ways(tree, inside=False) > MOST_WAYS:
        raise BadInput(
            N_("That expression could take very long on some messages. Use fewer * and +, or shorter ranges.")
        )
    return compiled


def matches(pattern: re.Pattern[str], reading: Reading) -> bool:
    """Whether a safe expression matches a message, in plain letters or with its leet undone."""
    return pattern.search(reading.plain[:READ]) is not None or pattern.search(reading.words[:READ]) is not None


def _bounded(source: str) -> Iterator[str]:
    """The pieces of an expression, with every open end closed at REACH."""
    for piece in _PIECES.finditer(source):
        if piece[0] == "*":
            yield f"{{0,{REACH}}}"
        elif piece[0] == "+":
            yield f"{{1,{REACH}}}"
        elif piece[1] is not None and (piece[1] or piece[2]):
            least = min(int(piece[1] or 0), 10_000)
            yield f"{{{least},{piece[2] or least + REACH}}}"
        else:
            yield piece[0]


def _ways(tree: Any, *, inside: bool) -> int:
    """In how many ways an expression can match at one place, at most. BadInput for what has no bound worth the name."""
    ways = 1
    for kind, argument in tree:
        if kind in _REPEATS:
            least, most, inner = argument
            if inside and most > 1:
                raise BadInput(
                    N_("A repeat inside a repeat, like (a+)+, can run for ages. Please write it without one.")
                )
            ways *= (most - least + 1) * _ways(inner, inside=inside or most > 1)
        elif kind is ops.BRANCH:
            if inside:
                raise BadInput(
                    N_("A choice inside a repeat, like (a|b)+, can run for ages. Please use [ab]+ or no repeat.")
                )
            ways *= sum(_ways(branch, inside=inside) for branch in argument[1])
        elif kind in (ops.GROUPREF, ops.GROUPREF_EXISTS):
            raise BadInput(N_("References back, like \\1, are not possible here."))
        elif kind is ops.SUBPATTERN:
            ways *= _ways(argument[-1], inside=inside)
        elif kind in (ops.ASSERT, ops.ASSERT_NOT):
            ways *= _ways(argument[1], inside=inside)
        elif kind is ops.ATOMIC_GROUP:
            ways *= _ways(argument, inside=inside)
        if ways > MOST_WAYS:
            break
    return ways
