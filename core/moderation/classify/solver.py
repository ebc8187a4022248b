"""A linear support vector machine with squared hinge loss, trained by dual coordinate descent (Hsieh et al., 2008,
"A dual coordinate descent method for large-scale linear SVM"), in plain Python.

Only sums, products and square roots, which IEEE 754 rounds the same everywhere, and a shuffle with a fixed seed: the
same examples give the same weights, to the byte, on every machine (fsum, because what `sum` rounds differs between
versions of Python). That is why neither numpy nor scikit-learn trains
what is shipped.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import fsum, sqrt

BIAS = "1:"  # a feature that every example has


@dataclass(frozen=True, slots=True)
class Example:
    """What is learned from: features, whether it is what the model looks for, and how much a mistake here costs."""

    features: AbstractSet[str]
    wanted: bool
    cost: float = 1.0


def rarity(times: int, all_: int) -> float:
    """How much a feature counts by how rare it is: the binary digits of all/times, a logarithm of whole numbers."""
    return 1.0 + max(0, (16 * (all_ + 1) // (times + 1)).bit_length() - 5)


def fit(examples: Sequence[Example], *, epochs: int = 20, seed: int = 1) -> dict[str, float]:
    """Weights by feature, BIAS among them. A message scores sum(weights) / sqrt(number of its features known here).

    The cost of an example is the C of the literature."""
    times = Counter(feature for example in examples for feature in example.features)
    names = sorted(times)
    number = {name: at + 1 for at, name in enumerate(names)}
    size = len(examples)
    square = [1.0] + [rarity(times[name], size) for name in names]  # a feature's value, squared
    rows = [[0, *sorted(map(number.__getitem__, example.features))] for example in examples]
    scale = [1.0 / sqrt(len(row)) for row in rows]
    sign = [1.0 if example.wanted else -1.0 for example in examples]
    slack = [0.5 / example.cost for example in examples]
    length = [scale[i] * scale[i] * fsum(map(square.__getitem__, row)) + slack[i] for i, row in enumerate(rows)]
    weight = [0.0] * len(square)
    dual = [0.0] * size
    order = list(range(size))
    shuffle = random.Random(seed).shuffle  # noqa: S311 - an order, no secret
    for _ in range(epochs):
        shuffle(order)
        for i in order:
            row = rows[i]
            slope = sign[i] * scale[i] * fsum(map(weight.__getitem__, row)) - 1.0 + dual[i] * slack[i]
            old = dual[i]
            if old == 0.0 and slope >= 0.0:
                continue
            new = max(old - slope / length[i], 0.0)
            if abs(new - old) > 1e-9:
                dual[i] = new
                step = (new - old) * sign[i] * scale[i]
                for j in row:
                    weight[j] += step * square[j]
    return dict(zip([BIAS, *names], weight, strict=True))


def score(weights: Mapping[str, float], features: AbstractSet[str]) -> float:
    """What a message scores; above 0 the model has found what it looks for."""
    return total([weights[feature] for feature in features if feature in weights], weights[BIAS])


def total(known: Sequence[float], bias: float) -> float:
    """What the weights of the known features of a message come to."""
    return fsum((*known, bias)) / sqrt(len(known) + 1)
