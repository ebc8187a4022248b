"""What the figures are: F1, recall at a share of false positives, counts. Scores and labels in, numbers out."""

from __future__ import annotations

from collections.abc import Sequence


def f1(scores: Sequence[float], labels: Sequence[bool], threshold: float) -> float:
    """F1 of what scores at least `threshold`."""
    hits = sum(label and score >= threshold for score, label in zip(scores, labels, strict=True))
    taken = sum(score >= threshold for score in scores)
    return 2 * hits / max(1, taken + sum(labels))


def above(scores: Sequence[float], labels: Sequence[bool], threshold: float) -> tuple[float, int]:
    """Recall, and how many innocent ones are hit, of what scores above `threshold`."""
    found = sum(label and score > threshold for score, label in zip(scores, labels, strict=True))
    false = sum(not label and score > threshold for score, label in zip(scores, labels, strict=True))
    return found / max(1, sum(labels)), false


def threshold_at(scores: Sequence[float], labels: Sequence[bool], false_positives: float) -> float:
    """The lowest threshold above which no more than this share of the innocent scores."""
    innocent = sorted((score for score, label in zip(scores, labels, strict=True) if not label), reverse=True)
    return innocent[int(false_positives * len(innocent))]


def recall_at(scores: Sequence[float], labels: Sequence[bool], false_positives: float) -> float:
    """Recall at this share of false positives."""
    return above(scores, labels, threshold_at(scores, labels, false_positives))[0]


def false_at_recall(scores: Sequence[float], labels: Sequence[bool], recall: float) -> int:
    """How many innocent ones score no less than what it takes to reach this recall."""
    wanted = sorted((score for score, label in zip(scores, labels, strict=True) if label), reverse=True)
    threshold = wanted[max(0, min(len(wanted) - 1, round(recall * len(wanted)) - 1))]
    return sum(not label and score >= threshold for score, label in zip(scores, labels, strict=True))
