"""Where an argument begins and ends, learned from the phrasings: the words before and after its slot.

"promote {person} to {role} in {nexus}" says that a person follows "promote" and is followed by "to". Words are
compared by meaning; articles, fillers and most marks do not count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.cofounder.offline.amounts import begins_at, ends_at
from bot.cofounder.offline.lexicon import ARTICLES, FILLERS
from bot.cofounder.offline.peel import after_politeness
from bot.cofounder.offline.words import Shape, Word, split
from core.operations import Operation

ANY = "<any>"  # one word, whatever it is (a slot with a closed list of values)
AMOUNT = "<amount>"  # money or a length of time, however many words it has
COLON = ":"
_TELLING = 1.3
_SLOT = re.compile(r"\{(\w+)\}")
_COLONS = frozenset(":-–—")
_SKIPPED = ARTICLES | FILLERS | {"me", "us", "here", "out", "there", "up"}
_WEAK = ARTICLES | frozenset(
    "i you me my be was been to of in into for from with without about on at by as that this it and "
    "or not can would do does have has any more longer no should who what which because : ,".split()
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """One slot in one phrasing. `opens`: nothing stands before it. `last`: nothing stands after it."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    opens: bool
    last: bool

    @property
    def weight(self) -> float:
        """How much the words around the slot say."""
        return weight(self.left) + weight(self.right)


def weight(units: Sequence[str]) -> float:
    """How telling these words are together."""
    return sum(0.1 if unit == ANY else 0.35 if unit in _WEAK else 1.0 for unit in units)


def unit_of(word: Word) -> str:
    """The word for comparison, empty if it does not count."""
    if word.shape is Shape.MARK:
        return COLON if word.text in _COLONS else "'s" if word.norm == "'s" else ""
    return "" if word.norm in ARTICLES else word.means


def anchors_of(operation: Operation) -> dict[str, list[Anchor]]:
    """The anchors of each parameter, the most telling first."""
    found: dict[str, set[Anchor]] = {}
    for phrase in operation.says:
        pieces = _SLOT.split(phrase)
        literals = [_units(piece) for piece in pieces[::2]]
        slots = pieces[1::2]
        for i, slot in enumerate(slots):
            left, right = literals[i], literals[i + 1]
            before = operation.parameter(slots[i - 1]) if i else None
            after = operation.parameter(slots[i + 1]) if i + 1 < len(slots) else None
            if before is not None and before.field.kind in ("choice", "whole", "duration", "case"):
                left = (*literals[i - 1], ANY, *(left or (",",)))
            elif before is not None and before.field.kind == "amount":
                left = (*literals[i - 1], AMOUNT, *left)
            elif i and not left:
                left = (",",)
            if not right and after is not None and after.field.kind == "amount":
                right = (AMOUNT,)
            if not right and i < len(slots) - 1:
                right = (",",)
            anchor = Anchor(left, right, not left, i == len(slots) - 1 and not right)
            found.setdefault(slot, set()).add(anchor)
    return {slot: sorted(those, key=lambda a: (-a.weight, a.left, a.right)) for slot, those in found.items()}


def _units(piece: str) -> tuple[str, ...]:
    return tuple(unit for unit in map(unit_of, split(piece)) if unit)


def heads_of(operation: Operation) -> frozenset[str]:
    """The words that its phrasings begin with, politeness aside."""
    found = set()
    for phrase in operation.says:
        words = split(_SLOT.sub(" ", phrase) if not phrase.startswith("{") else "")
        core, _ = after_politeness(words, 0)
        if core < len(words):
            found.add(words[core].means)
    return frozenset(found)


def left_start(words: Sequence[Word], at: int, left: Sequence[str], floor: int = 0) -> int | None:
    """Where `left` begins if it stands right before the word `at`, else None."""
    i = at
    for unit in reversed(left):
        i -= 1
        if unit == ",":
            if i < floor or words[i].text not in (",", ";", "-", "–", "—", ".", "!"):
                return None
            continue
        while i >= floor and _may_skip(words[i], unit):
            i -= 1
        if i < floor:
            return None
        if unit == AMOUNT:
            start = ends_at(words, i + 1, floor)
            if start is None:
                return None
            i = start
            continue
        if unit != ANY and unit_of(words[i]) != unit:
            return None
    return i


def end_of_left(words: Sequence[Word], at: int, left: Sequence[str]) -> tuple[int | None, Sequence[str]]:
    """Where the longest telling end of `left` begins that stands right before the word `at`, and that end."""
    for drop in range(len(left) - 1):
        rest = left[drop:]
        if drop and (weight(rest) < _TELLING or len(rest) < 2):
            break
        start = left_start(words, at, rest)
        if start is not None:
            return start, rest
    if len(left) == 1:
        return left_start(words, at, left), left
    return None, ()


def right_end(words: Sequence[Word], at: int, right: Sequence[str], end: int) -> int | None:
    """The first place from `at` on where the first words of `right` stand, else None."""
    right = right[:2]
    for i in range(at, end):
        j = i
        if right[0] != "," and _may_skip(words[i], right[0]):
            continue
        for unit in right:
            if unit == AMOUNT:
                if begins_at(words, j, end):
                    continue
                break
            if unit == "," and j < end and words[j].text in (",", ";", "-", "–", "—"):
                j += 1
                continue
            while j < end and j > i and _may_skip(words[j], unit):
                j += 1
            if j >= end or unit_of(words[j]) != unit:
                break
            j += 1
        else:
            return i
    return None


def _may_skip(word: Word, unit: str) -> bool:
    if word.shape is Shape.MARK:
        own = unit_of(word)
        return own != unit and word.norm != "'s" and unit != COLON and word.text not in ".!?;"
    return word.norm in _SKIPPED and word.means != unit
