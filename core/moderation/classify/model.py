"""The two classifiers at work: loading the weights, and scoring a message for spam and for abuse in one pass.

The strengths are from 0 to 1 and mean something: 0.5 is where training found the best balance of what is missed and
what is wrongly hit (for abuse the latter counts twice), 0.9 where it hit one innocent message in a thousand
(docs/model-card.md has the figures).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.moderation.classify.features import features
from core.moderation.classify.solver import BIAS, score, total
from core.moderation.text.reading import Reading

FILE = Path(__file__).with_name("weights.txt")
STEPS = 100  # weights are stored as whole hundredths
SURE = 0.9  # the strength of a score of `Scale.sure`
_HEADER = "# nexus classifiers 1"


@dataclass(frozen=True, slots=True)
class Scale:
    """How scores become strengths: `half` becomes 0.5, `sure` becomes SURE, a logistic curve through both."""

    half: float
    sure: float

    def strength(self, value: float) -> float:
        """The strength of a score."""
        steep = math.log(SURE / (1 - SURE)) / max(self.sure - self.half, 1e-3)
        return 1 / (1 + math.exp(min(max(steep * (self.half - value), -60.0), 60.0)))


@dataclass(frozen=True, slots=True)
class Linear:
    """One model: weights by feature, BIAS among them, and the scale of its scores."""

    weights: Mapping[str, float]
    scale: Scale

    def score(self, found: AbstractSet[str]) -> float:
        """The bare score of a message with these features."""
        return score(self.weights, found)

    def strength(self, found: AbstractSet[str]) -> float:
        """How much a message with these features is what the model looks for, 0 to 1."""
        return self.scale.strength(self.score(found))


@dataclass(frozen=True, slots=True)
class Strengths:
    """What both models say of one message, each 0 to 1."""

    spam: float
    abuse: float


Pair = tuple[float | None, float | None]  # the weights of a feature for spam and for abuse; None: it has none


class Side(Mapping[str, float]):
    """The weights of one of two models that are kept together, since one look finds both."""

    def __init__(self, pairs: Mapping[str, Pair], side: int) -> None:
        self._pairs, self._side = pairs, side

    def __getitem__(self, feature: str) -> float:
        weight = self._pairs[feature][self._side]
        if weight is None:
            raise KeyError(feature)
        return weight

    def __contains__(self, feature: object) -> bool:
        pair = self._pairs.get(feature)  # type: ignore[call-overload]
        return pair is not None and pair[self._side] is not None

    def __iter__(self) -> Iterator[str]:
        return (feature for feature, pair in self._pairs.items() if pair[self._side] is not None)

    def __len__(self) -> int:
        return sum(pair[self._side] is not None for pair in self._pairs.values())


class Classifiers:
    """Both models; they see the same features."""

    def __init__(self, spam: Linear, abuse: Linear) -> None:
        names = {*spam.weights, *abuse.weights}
        self._pairs: dict[str, Pair] = {name: (spam.weights.get(name), abuse.weights.get(name)) for name in names}
        self.spam = Linear(Side(self._pairs, 0), spam.scale)
        self.abuse = Linear(Side(self._pairs, 1), abuse.scale)
        self._bias = spam.weights[BIAS], abuse.weights[BIAS]

    def strengths(self, reading: Reading) -> Strengths:
        """Both strengths of a message. Without a word in it both are 0."""
        if not reading.words:
            return Strengths(0.0, 0.0)
        found = features(reading, self.spam.weights)
        pairs = [*map(self._pairs.__getitem__, self._pairs.keys() & found)]
        for_spam, for_abuse = self._bias
        return Strengths(
            self.spam.scale.strength(total([one for one, _ in pairs if one is not None], for_spam)),
            self.abuse.scale.strength(total([other for _, other in pairs if other is not None], for_abuse)),
        )


def dumped(models: Classifiers) -> str:
    """Both models as text, one line per feature in order: the feature, its weight for spam, its weight for abuse; a dot
    where a model does not know the feature."""
    both = (models.spam, models.abuse)
    lines = [_HEADER, *(f"{one.scale.half!r}\t{one.scale.sure!r}" for one in both)]
    lines += (
        "\t".join((name, *(str(round(one.weights[name] * STEPS)) if name in one.weights else "." for one in both)))
        for name in sorted({*models.spam.weights, *models.abuse.weights})
    )
    return "\n".join(lines) + "\n"


def loaded(lines: Iterable[str]) -> Classifiers:
    """The models of the lines of a dump. ValueError if it is none."""
    rest = (line.rstrip("\n") for line in lines)
    header, *scales = (next(rest, "") for _ in range(3))
    if header != _HEADER:
        raise ValueError("This is no file of weights for the two classifiers.")
    spam: dict[str, float] = {}
    abuse: dict[str, float] = {}
    for line in rest:
        name, for_spam, for_abuse = line.split("\t")
        if for_spam != ".":
            spam[name] = int(for_spam) / STEPS
        if for_abuse != ".":
            abuse[name] = int(for_abuse) / STEPS
    if BIAS not in spam or BIAS not in abuse:
        raise ValueError("The file of weights is cut short.")
    of_spam, of_abuse = (Scale(*map(float, line.split("\t"))) for line in scales)
    return Classifiers(Linear(spam, of_spam), Linear(abuse, of_abuse))


@lru_cache(maxsize=1)
def load() -> Classifiers:
    """The shipped models, read on first use and kept."""
    with FILE.open(encoding="utf-8") as lines:
        return loaded(lines)
