"""Measuring the recipe of the shipped classifiers, trained on parts of the data, on the rest. The baseline beside it is
trained and asked on exactly the same texts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.moderation import baseline
from benchmarks.moderation.figures import above, f1, false_at_recall, recall_at, threshold_at
from core.moderation.classify.disguises import DISGUISES
from core.moderation.classify.examples import OWN
from core.moderation.classify.features import features
from core.moderation.classify.model import Linear
from core.moderation.classify.train import ABUSE_BETA, SPAM_BETA, Seen, abuse_seen, fold, spam_seen, trained
from core.moderation.text.reading import read

GENRES = {"yt_katyperry": "yt", "yt_lmfao": "yt", "yt_psy": "yt"}


@dataclass(frozen=True, slots=True)
class Side:
    """Scores of one side (ours or the baseline's) for held-out texts; `half` is where it says yes."""

    name: str
    scores: list[float]
    half: list[float]  # per text: that of the model that scored it

    def shifted(self) -> list[float]:
        """Scores with every model's own threshold at 0."""
        return [score - half for score, half in zip(self.scores, self.half, strict=True)]


@dataclass(slots=True)
class Split:
    """Every measured text with the scores of models that have not seen its group, and those models."""

    seen: list[Seen]
    ours: Side
    base: Side | None
    models: dict[object, Linear]
    bases: dict[object, baseline.Scorer]
    groups: list[object]

    @property
    def sides(self) -> list[Side]:
        return [self.ours, *([self.base] if self.base else [])]

    @property
    def labels(self) -> list[bool]:
        return [one.wanted for one in self.seen]


def split(seen: Sequence[Seen], group: Callable[[Seen], object], beta: float, *, with_baseline: bool) -> Split:
    """Train without each group in turn, and score it. Texts of group None are always trained on and not measured."""
    measured = [one for one in seen if group(one) is not None]
    groups = [group(one) for one in measured]
    models: dict[object, Linear] = {}
    bases: dict[object, baseline.Scorer] = {}
    ours: list[float] = [0.0] * len(measured)
    half: list[float] = [0.0] * len(measured)
    base: list[float] = [0.0] * len(measured)
    for held in sorted(set(groups), key=str):
        rest = [one for one in seen if group(one) != held]
        models[held] = model = trained(rest, beta)
        at = [number for number, its in enumerate(groups) if its == held]
        for number in at:
            ours[number] = model.score(measured[number].features)
            half[number] = model.scale.half
        if with_baseline:
            public = [one for one in rest if one.text.source != OWN]  # the baseline knows only the public data
            bases[held] = baseline.trained([one.text.text for one in public], [one.wanted for one in public])
            for number, score in zip(at, bases[held]([measured[n].text.text for n in at]), strict=True):
                base[number] = score
    zero = [0.0] * len(measured)
    other = Side("baseline", base, zero) if with_baseline else None
    return Split(measured, Side("ours", ours, half), other, models, bases, groups)


def spam_by_fold(*, with_baseline: bool) -> Split:
    """The spam data in five parts, each scored by models of the other four."""
    return split(
        spam_seen(), lambda one: fold(one.text.text) if one.measured else None, SPAM_BETA, with_baseline=with_baseline
    )


def pooled(found: Split) -> Iterator[str]:
    """The pooled figures, and per source."""
    for side in found.sides:
        moved = side.shifted()
        yield (
            f"  {side.name:9} F1 {f1(moved, found.labels, 0):.3f}   recall at 0.1 % false positives "
            f"{recall_at(side.scores, found.labels, 0.001):.3f}, "
            f"at 1 % {recall_at(side.scores, found.labels, 0.01):.3f}"
        )
    yield "  by source: found of its spam, and hits among its ham, at the strength 0.5"
    for source in sorted({one.text.source for one in found.seen}):
        at = [n for n, one in enumerate(found.seen) if one.text.source == source]
        labels = [found.labels[n] for n in at]
        cells = []
        for side in found.sides:
            moved = side.shifted()
            recall, false = above([moved[n] for n in at], labels, 0)
            cells.append(f"{side.name} {recall:6.1%} {false:3}" if any(labels) else f"{side.name}      - {false:3}")
        yield f"    {source:20} {sum(labels):4} spam {len(labels) - sum(labels):5} ham   " + "   ".join(cells)


def evasions(found: Split) -> Iterator[str]:
    """Every disguise on every text: recall kept, and hits on equally disguised innocent text."""
    yield "  at two thresholds: of F1, and of 0.1 % false positives on plain text; innocent texts hit in brackets"
    sides = [(side, _disguised(found, side.name)) for side in found.sides]
    for name in ("plain", *(disguise.__name__ for disguise in DISGUISES)):
        cells = []
        for side, scores in sides:
            strict = threshold_at(side.scores, found.labels, 0.001)
            for moved, threshold in ((side.half, 0.0), ([0.0] * len(side.half), strict)):
                plain = above([s - m for s, m in zip(side.scores, moved, strict=True)], found.labels, threshold)
                drawn = above([s - m for s, m in zip(scores[name], moved, strict=True)], found.labels, threshold)
                cells.append(f"{drawn[0]:6.1%} ({drawn[1]:4}) kept {drawn[0] / max(plain[0], 1e-9):4.0%}")
        yield f"    {name:16} " + " | ".join(cells)


def _disguised(found: Split, side: str) -> dict[str, list[float]]:
    scores = {"plain": found.ours.scores if side == "ours" or found.base is None else found.base.scores}
    for disguise in DISGUISES:
        chance = random.Random(1)
        texts = [disguise(one.text.text, chance) for one in found.seen]
        if side == "ours":
            models = [found.models[group] for group in found.groups]
            scores[disguise.__name__] = [
                model.score({n for n in features(read(text), model.weights) if not n.startswith("m:")})
                for text, model in zip(texts, models, strict=True)
            ]
        else:
            drawn = [0.0] * len(texts)
            for held, scorer in found.bases.items():
                at = [n for n, group in enumerate(found.groups) if group == held]
                for n, score in zip(at, scorer([texts[n] for n in at]), strict=True):
                    drawn[n] = score
            scores[disguise.__name__] = drawn
    return scores


def unseen_sources(*, with_baseline: bool, genres: bool) -> Iterator[str]:
    """Spam sources held out of training altogether, one by one; with `genres` all of YouTube at once."""

    def group(one: Seen) -> object:
        if not one.measured:
            return None
        return GENRES.get(one.text.source, one.text.source) if genres else one.text.source

    found = split(spam_seen(), group, SPAM_BETA, with_baseline=with_baseline)
    for side in found.sides:
        moved = side.shifted()
        cells = []
        for held in sorted(set(found.groups), key=str):
            at = [n for n, its in enumerate(found.groups) if its == held]
            labels = [found.labels[n] for n in at]
            recall, false = above([moved[n] for n in at], labels, 0)
            cells.append(f"{held} {f1([moved[n] for n in at], labels, 0):.2f} ({recall:.0%}, {false} hits)")
        yield f"  {side.name:9} F1 {f1(moved, found.labels, 0):.3f} over all; " + "; ".join(cells)


def abuse(*, with_baseline: bool, held_out: bool) -> Iterator[str]:
    """The abuse model on HateCheck and elsewhere; with `held_out` HateCheck is held out of training altogether."""

    def group(one: Seen) -> object:
        if one.text.source == OWN:
            return None
        if held_out:
            return "hatecheck" if one.text.source.startswith("hatecheck") else None
        return fold(one.text.text)

    found = split(abuse_seen(), group, ABUSE_BETA, with_baseline=with_baseline)
    kinds: dict[str, Callable[[Seen], bool]] = {
        "HateCheck": lambda one: one.text.source.startswith("hatecheck"),
        "surge": lambda one: one.text.source == "surge",
        "davidson, toxic and ok": lambda one: one.text.source == "davidson" and one.text.label != "offensive",
        "ordinary talk": lambda one: one.text.source.startswith(("irc", "yt")),
    }
    for name, chosen in kinds.items():
        at = [n for n, one in enumerate(found.seen) if chosen(one)]
        labels = [found.labels[n] for n in at]
        if not at:
            continue
        sides = {side.name: [side.shifted()[n] for n in at] for side in found.sides}
        if any(labels):
            yield f"  {name}: {sum(labels)} toxic, {len(labels) - sum(labels)} innocent"
            yes = [
                f"{side} {recall:.0%} of toxic and {false} innocent"
                for side, scores in sides.items()
                for recall, false in (above(scores, labels, 0),)
            ]
            yield "    says yes to: " + ", ".join(yes)
            reference = sides.get("baseline", sides["ours"])
            for recall in (above(reference, labels, 0)[0], 0.5, 0.7):
                cells = [f"{side} {false_at_recall(scores, labels, recall)}" for side, scores in sides.items()]
                note = " (where the baseline says yes)" if recall not in (0.5, 0.7) else ""
                yield f"    innocent hit at recall {recall:.2f}{note}: " + ", ".join(cells)
        else:
            cells = [f"{side} {above(scores, labels, 0)[1]}" for side, scores in sides.items()]
            yield f"  {name}: {len(labels)} innocent, hit at the strength 0.5: " + ", ".join(cells)
        if not held_out and name == "HateCheck":
            yield from _by_function(found, at)


def _by_function(found: Split, at: Sequence[int]) -> Iterator[str]:
    for source in sorted({found.seen[n].text.source for n in at}):
        its = [n for n in at if found.seen[n].text.source == source]
        cells = [f"{side.name} {sum(side.shifted()[n] > 0 for n in its) / len(its):.0%}" for side in found.sides]
        yield f"      {source:32} {'toxic' if source.endswith('_h') else 'ok':5} says yes: " + ", ".join(cells)
