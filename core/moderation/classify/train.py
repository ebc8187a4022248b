"""Training of both classifiers, from the texts of `benchmarks/moderation/data`.

    python -m core.moderation.classify.train

writes the weights anew (about half a minute; always the same bytes for the same texts). The recipe below is also what
the benchmark trains, on parts of the texts, to measure on the rest.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from core.moderation.classify import disguises
from core.moderation.classify.disguises import Disguise
from core.moderation.classify.examples import DataMissing, Text, abuse_texts, own_texts, spam_texts
from core.moderation.classify.features import features
from core.moderation.classify.model import FILE, Classifiers, Linear, Scale, dumped
from core.moderation.classify.solver import Example, fit, score
from core.moderation.text.reading import read

FOLDS = 5
RARE = 2  # features of fewer texts are left out
SPAM_BETA, ABUSE_BETA = 1.0, 0.5  # an innocent message taken for abuse is worse than an insult overlooked
FALSE_POSITIVES = 0.001  # of innocent texts that reach the strength of model.SURE


@dataclass(frozen=True, slots=True)
class Seen:
    """A text as the trainer sees it: its own features, and the features of its disguised copies with their cost."""

    text: Text
    wanted: bool
    cost: float
    features: frozenset[str]
    copies: tuple[tuple[frozenset[str], float], ...] = ()
    measured: bool = True  # whether the scale is set by it


def fold(text: str) -> int:
    """Which fifth of the data a text is in, by its bytes alone: the same in every run, whatever is added."""
    return int.from_bytes(sha256(text.encode()).digest()[:4]) % FOLDS


# Costs were chosen on the five folds of the data and on held-out genres: twice for missed spam, because it is rare, and
# for our own sentences, because they are few and cover what the public data lacks; of disguised
# copies the innocent ones cost most, so that a disguise alone never looks like spam.
_SPAM_COST, _HAM_COST, _OWN = 0.24, 0.12, 2.0
_COPIES: tuple[tuple[Disguise, float, float], ...] = (
    (disguises.spaced_evenly, 0.6, 2.5),
    (disguises.leet, 0.1, 1.0),
    (disguises.leet_signs, 0.1, 1.0),
)
_TOXIC_COST, _OK_COST, _OFFENSIVE_COST = 0.6, 0.3, 0.06


def spam_seen() -> list[Seen]:
    """What the spam model learns from: the spam table, our own sentences, and as ham what people write in comments."""
    chance = random.Random(1)  # noqa: S311 - where disguises fall, no secret
    texts = spam_texts()
    plain = [_of_spam(one) for one in texts]
    known = _words(plain)
    seen = []
    for one, bare in zip(texts, plain, strict=True):
        spam = one.label == "spam"
        copies = tuple(
            (_of_spam(one, disguise(one.text, chance), known), bare_cost * (_SPAM_COST if spam else _HAM_COST))
            for disguise, for_spam, for_ham in _COPIES
            for bare_cost in (for_spam if spam else for_ham,)
        )
        seen.append(Seen(one, spam, _SPAM_COST if spam else _HAM_COST, bare, copies))
    for one in own_texts():
        spam = one.label == "spam"
        cost = _OWN * (_SPAM_COST if spam else _HAM_COST)
        seen.append(Seen(one, spam, cost, _of_spam(one), measured=False))
    comments = [one for one in abuse_texts() if one.source == "surge"]
    return seen + [Seen(one, False, _HAM_COST, _of_spam(one), measured=False) for one in comments]


def abuse_seen() -> list[Seen]:
    """What the abuse model learns from: the table of abuse, where merely offensive words count little as innocent (so
    that swearing alone is no abuse), our own sentences, and ordinary talk of the spam table as innocent."""
    seen = [
        Seen(
            one,
            one.label == "toxic",
            _abuse_cost(one),
            frozenset(features(read(one.text))),
            (),
            one.label != "offensive",
        )
        for one in abuse_texts()
    ]
    for one in own_texts("own_abuse.txt"):
        seen.append(Seen(one, one.label == "toxic", _abuse_cost(one), frozenset(features(read(one.text))), (), False))
    talk = [one for one in spam_texts() if one.label == "ham" and one.source.startswith(("irc", "yt"))]
    return seen + [Seen(one, False, _OK_COST, frozenset(features(read(one.text)))) for one in talk[::2]]


def _abuse_cost(one: Text) -> float:
    return {"toxic": _TOXIC_COST, "offensive": _OFFENSIVE_COST}.get(one.label, _OK_COST)


def _of_spam(one: Text, text: str | None = None, known: frozenset[str] = frozenset()) -> frozenset[str]:
    found = features(read(one.text if text is None else text), known)
    return frozenset(name for name in found if not name.startswith("m:"))  # manners are no matter of spam


def _words(plain: Sequence[frozenset[str]]) -> frozenset[str]:
    times = Counter(name for found in plain for name in found if " " not in name and ":" not in name)
    return frozenset(name for name, seen in times.items() if seen > 1)


def weights(seen: Sequence[Seen]) -> dict[str, float]:
    """Trained weights. Of the disguised copies only what also occurs in plain texts is learned from."""
    plain = Counter(name for one in seen for name in one.features)
    known = {name for name, times in plain.items() if times >= RARE}
    examples = [Example(one.features & known, one.wanted, one.cost) for one in seen]
    examples += [Example(found & known, one.wanted, cost) for one in seen for found, cost in one.copies]
    return fit(examples)


def crossed(seen: Sequence[Seen], group: Callable[[Seen], object] = lambda one: fold(one.text.text)) -> list[float]:
    """For every text the score of a model that has seen nothing of its group (by default: its fifth of the data)."""
    groups = [group(one) for one in seen]
    scores = [0.0] * len(seen)
    for held in sorted(set(groups), key=str):
        trained = weights([one for one, its in zip(seen, groups, strict=True) if its != held])
        for at, one in enumerate(seen):
            if groups[at] == held:
                scores[at] = score(trained, one.features)
    return scores


def scale(seen: Sequence[Seen], scores: Sequence[float], beta: float) -> Scale:
    """Where the strengths 0.5 (best F-beta) and model.SURE (FALSE_POSITIVES) lie, by scores that `crossed` gave."""
    ranked = sorted(
        ((value, one.wanted) for one, value in zip(seen, scores, strict=True) if one.measured), reverse=True
    )
    wanted = sum(label for _, label in ranked)
    hits, best, half = 0, 0.0, 0.0
    for number, (value, label) in enumerate(ranked, 1):
        hits += label
        if (found := (1 + beta**2) * hits / (number + beta**2 * wanted)) > best:
            best, half = found, value
    innocent = [value for value, label in ranked if not label]
    sure = innocent[int(FALSE_POSITIVES * len(innocent))]
    return Scale(round(half, 3), round(max(sure, half + 0.05), 3))


def trained(seen: Sequence[Seen], beta: float) -> Linear:
    """A model of these texts with its scale, where precision counts 1/beta times as much as recall."""
    return Linear(weights(seen), scale(seen, crossed(seen), beta))


def main() -> None:
    """Train and write."""
    try:
        models = Classifiers(trained(spam_seen(), SPAM_BETA), trained(abuse_seen(), ABUSE_BETA))
    except DataMissing as error:
        sys.exit(str(error))
    FILE.write_text(dumped(models), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
