"""The classifier: which operation a sentence asks for, with probabilities. Its weights lie beside it in a file."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.cofounder.offline.features import features
from bot.cofounder.offline.peel import after_greeting, after_politeness
from bot.cofounder.offline.words import Word
from core.operations import Registry

FILE = Path(__file__).parent / "weights.txt"
SAYINGS = FILE.with_name("sayings.jsonl")  # whole sentences of many people, and what each asks for
NOTHING = FILE.with_name("nothing.txt")  # what people say when they ask for nothing, one a line
NOTHING_ASKED = "-"  # the class of everything that asks for nothing
_UNIT = 0.04  # weights are kept in steps of this
# Scores are divided by the root of the number of features, which keeps a long sentence from being surer than a short
# one and makes all of them too modest: of 1.0 to 2.5, this understood most of the development sentences.
_SHARPNESS = 1.6
_ZERO = 64  # in the file, a weight is a character: 64 is zero


def fingerprint(registry: Registry) -> str:
    """Changes when the phrasings change."""
    text = (
        "\n".join(f"{o.name}\t{p}" for o in registry for p in o.says)
        + NOTHING.read_text(encoding="utf-8")
        + SAYINGS.read_text(encoding="utf-8")
    )
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def core_of(words: Sequence[Word]) -> int:
    """Where the request itself begins, after politeness; 0 if nothing else is there."""
    start, _ = after_politeness(words, 0)
    return start if start < len(words) else 0


class Classifier:
    """A linear classifier with sparse weights: feature -> pairs of class and weight, a character each."""

    def __init__(
        self,
        classes: tuple[str, ...],
        vocabulary: frozenset[str],
        weights: Mapping[str, Mapping[int, float]],
        made_from: str,
    ) -> None:
        self.classes = classes
        self.vocabulary = vocabulary
        self.made_from = made_from
        self._weights = {feature: _pack(row) for feature, row in weights.items()}

    def ranked(self, words: Sequence[Word]) -> list[tuple[str, float]]:
        """Classes with their probabilities, best first."""
        words = words[after_greeting(words) :] or words
        found = features(words, self.vocabulary, core_of(words))
        scores = [0] * len(self.classes)
        weights = self._weights
        for feature in found:
            row = weights.get(feature)
            if row:
                for i in range(0, len(row), 2):
                    scores[row[i]] += row[i + 1] - _ZERO
        scale = _SHARPNESS * _UNIT / math.sqrt(len(found) or 1)
        top = max(scores)
        raised = [math.exp((s - top) * scale) for s in scores]
        total = sum(raised)
        ranked = [(r / total, name) for r, name in zip(raised, self.classes, strict=True)]
        ranked.sort(reverse=True)
        return [(name, p) for p, name in ranked]

    def dump(self) -> str:
        """The classifier as a text, sorted, one feature a line. ValueError if it has more than `MOST_CLASSES`."""
        if len(self.classes) > MOST_CLASSES:
            raise ValueError(f"{len(self.classes)} classes, but a row of weights has room for {MOST_CLASSES}")
        lines = [self.made_from, " ".join(self.classes), " ".join(sorted(self.vocabulary))]
        lines += [
            f"{feature}\t{row.decode('latin-1').translate(_SHIFT)}" for feature, row in sorted(self._weights.items())
        ]
        return "\n".join(lines) + "\n"


def _pack(row: Mapping[int, float]) -> bytes:
    packed = bytearray()
    for i, weight in sorted(row.items()):
        step = max(-_ZERO, min(_ZERO - 1, round(weight / _UNIT)))
        if step:
            packed += bytes((i, step + _ZERO))
    return bytes(packed)


# Readable characters instead of control characters: every byte moves up by 0x21, which leaves room for so many classes.
MOST_CLASSES = 256 - 0x21
_SHIFT = {i: i + 0x21 for i in range(MOST_CLASSES)}


def load(registry: Registry) -> Classifier:
    """The classifier of a registry: from the file, or trained now if its phrasings are others."""
    made_from = fingerprint(registry)
    if FILE.exists():
        with FILE.open(encoding="utf-8") as lines:
            if next(lines, "").rstrip("\n") == made_from:
                return _read(made_from, lines)
    from bot.cofounder.offline.train import train

    return train(registry)


def _read(made_from: str, lines: Iterator[str]) -> Classifier:
    found = Classifier(tuple(next(lines).split()), frozenset(next(lines).split()), {}, made_from)
    back = bytes(max(0, i - 0x21) for i in range(256))
    found._weights = {
        feature: row.encode("latin-1").translate(back)
        for feature, _, row in (line.rstrip("\n").partition("\t") for line in lines)
    }
    return found
