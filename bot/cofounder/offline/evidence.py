"""Signs in a sentence that do not depend on its grammar: its language, its subject, words of a report."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cofounder.offline import cues
from bot.cofounder.offline.words import Shape, Word
from core.operations import Operation


def is_foreign(words: Sequence[Word]) -> bool:
    """Whether the small words of another language outweigh those of English."""
    plain = [w.norm for w in words if w.shape is Shape.WORD]
    foreign = sum(norm in cues.FOREIGN for norm in plain)
    english = sum(norm in cues.ENGLISH for norm in plain)
    odd = sum(any(ord(c) > 0x7F and c.isalpha() for c in w.norm) for w in words if not w.capital)
    return foreign + odd > english and (foreign >= 2 or odd >= 1 or (foreign == 1 and len(plain) <= 3 and not english))


def told(words: Sequence[Word]) -> bool:
    """Whether these words begin a report, a refusal or a condition, so that what follows asks for nothing."""
    return any(w.norm in cues.REPORTED | cues.HYPOTHETICAL | cues.NO or w.norm == "had" for w in words)


def has_evidence(operation: Operation, words: Sequence[Word]) -> bool:
    """Whether a word of the operation's subject is said outright."""
    wanted = cues.EVIDENCE.get(operation.subject, frozenset({operation.subject}))
    by_meaning = operation.subject not in ("need", "offer")  # "I give up" is no offer
    return any(w.norm in wanted or (by_meaning and w.means in wanted) for w in words if not w.quoted)


def is_of_the_house(word: Word) -> bool:
    """Whether the word names something that exists here: a Nexus, an invitation, a role."""
    return word.norm in cues.HOUSE or any(word.means in w or word.norm in w for w in cues.EVIDENCE.values())
