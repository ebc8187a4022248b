"""Finding operations by meaning of a few words: weighed words of their names, summaries and example sentences.

Every line of an operation (its name with its summary, and each example) is compared with the query as a vector of word
weights; rare words weigh more. An operation scores as its best line, and a little as all its words together, so that a
query made of two examples still finds it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from core.operations import Operation

_WORD = re.compile(r"[^\W_]+")
_SLOT = re.compile(r"\{\w+\}")
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "es", "ed", "s", "e", "y")
_VOID = frozenset(
    "a an and are as at be by can do does for from i in is it me my of on or that the this to with".split()
)
_TOGETHER = 0.25
EXAMPLES = 8  # the first ones are the plainest; the many others are there for the offline brain


class Finder:
    """An index over a set of operations."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._operations = operations
        lines = [[Counter(_words(line)) for line in _lines(operation)] for operation in operations]
        together = [_sum(of) for of in lines]
        seen = Counter(word for words in together for word in words)
        self._weights = {word: 1 + math.log(len(operations) / count) for word, count in seen.items()}
        self._rare = 1 + math.log(len(operations) or 1)
        self._lines = [[self._vector(line) for line in of] for of in lines]
        self._together = [self._vector(words) for words in together]

    def find(self, query: str, at_most: int = 5) -> list[Operation]:
        """The operations that fit best, best first; none if no word of the query is known."""
        asked = self._vector(Counter(_words(query)))
        scored = []
        for number, operation in enumerate(self._operations):
            best = max(_likeness(asked, line) for line in self._lines[number])
            score = best + _TOGETHER * _likeness(asked, self._together[number])
            if score > 0:
                scored.append((-score, number, operation))
        return [operation for _, _, operation in sorted(scored)[:at_most]]

    def _vector(self, words: Mapping[str, int]) -> dict[str, float]:
        weighed = {word: self._weights.get(word, self._rare) * math.sqrt(count) for word, count in words.items()}
        length = math.sqrt(sum(weight * weight for weight in weighed.values())) or 1.0
        return {word: weight / length for word, weight in weighed.items()}


def _likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())


def _lines(operation: Operation) -> Iterable[str]:
    name = operation.name.replace(".", " ")
    yield f"{name} {operation.summary}"
    yield name
    yield from operation.says[:EXAMPLES]


def _words(text: str) -> list[str]:
    words = [_stem(word) for word in _WORD.findall(_SLOT.sub(" ", text).casefold())]
    return [word for word in words if word not in _VOID] or words


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def _sum(counters: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for counter in counters:
        total.update(counter)
    return total
