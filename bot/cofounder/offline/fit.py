"""How well a sentence fits an operation once its arguments are read, and whether what is missing still makes sense."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.cofounder.offline.evidence import has_evidence, is_of_the_house
from bot.cofounder.offline.reading import Reading
from bot.cofounder.offline.spans import is_first_name, looks_like_a_nexus, named_nexus
from bot.cofounder.offline.words import Word
from core.operations import Operation

_OWNERS = frozenset("owner claim operator terminal own mine server admin run installed host ownership".split())


def fit(operation: Operation, reading: Reading, words: Sequence[Word], known: Iterable[str]) -> float:
    """How well the sentence fills the slots of the operation."""
    required = [p for p in operation.parameters if p.required]
    filled = [p for p in required if p.name in reading.values]
    score = 0.15 * min(reading.weight, 4.0) + (0.3 if has_evidence(operation, words) else 0.0)
    if required and len(filled) == len(required):
        score += 0.5
    elif required and not filled:
        score -= 1.0
    elif required:
        score -= 0.3
    person, nexus = reading.spans.get("person"), reading.spans.get("nexus")
    if operation.name == "person.show" and person and not is_first_name(words, person):
        score -= 0.0 if words[person[0]].capital else 0.4
    if operation.name == "owner.claim" and not any(w.norm in _OWNERS for w in words):
        score -= 1.5
    if nexus and is_first_name(words, nexus) and not named_nexus(words, nexus, len(words)):
        score -= 2.0
    return score


def plausible(
    operation: Operation, reading: Reading, probability: float, words: Sequence[Word], known: Iterable[str]
) -> bool:
    """Whether what is missing or unusual still makes sense."""
    required = [p for p in operation.parameters if p.required]
    filled = [p for p in required if p.name in reading.values]
    if required and not filled and not has_evidence(operation, words):
        return False
    if required and not filled and probability < 0.4:
        return False
    if operation.name == "thought.add" and not filled:
        return len(words) <= 8 and any(w.norm in ("a", "my", "something") for w in words)
    nexus = reading.spans.get("nexus")
    if operation.writes and nexus and is_first_name(words, nexus) and not named_nexus(words, nexus, len(words)):
        return False
    if operation.subject == "role" and "person" not in reading.values and probability < 0.5:
        return False
    if len(filled) < len(required) and probability < 0.5 and not has_evidence(operation, words):
        return False
    if operation.name == "nexus.show" and "nexus" in reading.spans and probability < 0.35:
        first = words[reading.spans["nexus"][0]]
        return first.capital or named_nexus(words, reading.spans["nexus"], len(words))
    unsure = probability < 0.3
    if not reading.values and (probability < 0.12 or (unsure and not has_evidence(operation, words))):
        return False
    if operation.name == "help" and not reading.values and probability < 0.25:
        return has_evidence(operation, words)
    if operation.name == "help" and "topic" in reading.values:
        return _of_this_house(reading, words)
    if operation.name == "role.grant" and "role" not in reading.values:
        return any(w.norm in ("role", "promote", "roles", "rights") for w in words)
    if operation.name == "role.revoke" and "role" not in reading.values:
        return any(w.norm in ("role", "demote", "roles", "rights") for w in words)
    if operation.name == "nexus.leave" and "nexus" not in reading.values:
        return has_evidence(operation, words) or "this" in {w.norm for w in words}
    if operation.name in ("nexus.show", "person.show"):
        return _nameable(operation, reading, words, known)
    return True


def _of_this_house(reading: Reading, words: Sequence[Word]) -> bool:
    """Whether help is asked with something that exists here, not with bread."""
    a, b = reading.spans["topic"]
    return any(is_of_the_house(w) for w in words[a:b])


def _nameable(operation: Operation, reading: Reading, words: Sequence[Word], known: Iterable[str]) -> bool:
    span = reading.spans.get("nexus" if operation.name == "nexus.show" else "person")
    opening = [w.norm for w in words[:2]]
    if span is None:
        return has_evidence(operation, words) or any(
            w.norm in (("we", "here", "place", "i") if operation.name == "nexus.show" else ("i", "me", "my", "myself"))
            for w in words
        )
    if operation.name == "nexus.show" and opening == ["what", "is"] and span[1] - span[0] >= len(words) - 4:
        return looks_like_a_nexus(words, span, len(words), known)
    if operation.name == "person.show":
        first = words[span[0]]
        return first.capital or is_first_name(words, span) or opening != ["who", "is"] or span[1] - span[0] == 1
    return True
