"""Names and free words by what stands around them: candidates from the phrasings, and the choice between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.cofounder.offline.anchors import Anchor, end_of_left, left_start, right_end, weight
from bot.cofounder.offline.lexicon import FILLERS, FIRST_NAMES, HARD_STOPS
from bot.cofounder.offline.peel import without_tail
from bot.cofounder.offline.reading import THINGS, Reading, is_free
from bot.cofounder.offline.spans import Span, end_of_target, name_span, orders, sentence_end
from bot.cofounder.offline.words import Shape, Word, text_of
from core.operations import Parameter

_WHAT_PEOPLE_ARE = frozenset("the user users account member guy person id number called named bot".split())
Finder = Callable[[Parameter, Sequence[Word], int, int, bool, Reading], Span | None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place for an argument. `frame`: from where its surroundings begin to the slot; `whole`: all of them stand."""

    score: float
    parameter: Parameter
    span: Span
    frame: Span
    whole: bool


def anchored(
    parameter: Parameter,
    finder: Finder,
    sentence: str,
    words: Sequence[Word],
    core: int,
    anchors: list[Anchor],
    reading: Reading,
) -> list[Candidate]:
    """All places where a phrasing has this argument. The score says how telling the words around it are."""
    found: list[Candidate] = []
    if core >= len(words):
        return found
    partly = not is_free(parameter) or parameter.field.kind in THINGS
    for anchor in anchors:
        left: Sequence[str] = anchor.left
        for at in range(core, len(words)) if anchor.left else (core,):
            begins = at
            if anchor.left:
                if words[at].shape is Shape.MARK and words[at].text not in "\"“„«‘'":
                    continue
                if partly:
                    start, left = end_of_left(words, at, anchor.left)
                else:
                    start, left = left_start(words, at, anchor.left), anchor.left
                if start is None or any(w.quoted for w in words[start:at]):
                    continue
                begins = start
            end = sentence_end(words, at)
            stop = right_end(words, at + 1, anchor.right, end) if anchor.right else None
            whole = len(left) == len(anchor.left)
            plain = weight(anchor.right[:2]) < 1.0 and len(anchor.right) < 2
            if not anchor.left and plain and not _stands_out(words[core]):
                continue
            if anchor.right and stop is None and (not anchor.left or not whole or weight(anchor.right) > 0.9):
                continue
            if not whole and parameter.field.kind in THINGS and left[-1] not in ("about", "on", "for", "of"):
                continue
            span = finder(parameter, words, at, stop if stop is not None else end, stop is not None, reading)
            if span is None:
                continue
            if (
                partly
                and anchor.left
                and stop is None
                and weight(left) < 0.8
                and not _stands_alone(words, span, end, stop)
            ):
                continue
            score = 1.05 * weight(left) + (weight(anchor.right[:3]) if stop is not None else 0.0)
            score -= 0.3 if len(left) < len(anchor.left) else 0.0
            score += 0.5 if begins == core else 0.0
            score -= 0.02 * begins
            if anchor.right and stop is None:
                score -= 0.6
            found.append(Candidate(score, parameter, span, (begins, span[0]), whole))
    return found


def _stands_alone(words: Sequence[Word], span: Span, end: int, stop: int | None) -> bool:
    """Whether a name after nothing but a small word ("to", "in") is one: by its looks, or because all ends there."""
    first = words[span[0]]
    return first.capital or first.quoted or first.shape is Shape.AT or span[1] >= without_tail(words[:end], span[0])


def _stands_out(word: Word) -> bool:
    return word.capital or word.quoted or word.shape is Shape.AT or word.norm in FIRST_NAMES


def name_between(
    parameter: Parameter, words: Sequence[Word], at: int, end: int, closed: bool, reading: Reading
) -> Span | None:
    """The name that begins at `at`. `closed`: what stands at `end` belongs to the phrasing."""
    kind = "name" if parameter.field.kind == "text" else parameter.field.kind
    if kind == "target":
        kind = "person"
        while at < end - 1 and words[at].norm in _WHAT_PEOPLE_ARE and not words[at].quoted:
            at += 1
    if not closed:
        end = without_tail(words[:end], at)
    span = name_span(words, at, end, kind, reading.covers)
    if span is not None and parameter.field.kind == "target":
        span = None if orders(words, span) else (span[0], end_of_target(words, span))
    if span is None:
        return None
    if closed and kind != "name" and span[1] < end - 2:
        return None
    if kind == "nexus" and not closed and span[1] < end and not _ends_there(words, span):
        return None
    return span


def _ends_there(words: Sequence[Word], span: Span) -> bool:
    """Whether a name in lower case ends where grammar goes on, and not amid other words ("source carries | all")."""
    if span[1] >= len(words) or any(w.capital or w.quoted for w in words[span[0] : span[1]]):
        return True
    following = words[span[1]]
    return (
        following.shape is Shape.MARK
        or following.opens
        or following.norm in HARD_STOPS | FILLERS
        or following.means in ("nexus", "<role>")
        or following.norm
        in ("group", "community", "instead", "forever", "please", "pls", "called", "private", "public")
    )


def words_between(
    parameter: Parameter, words: Sequence[Word], at: int, end: int, closed: bool, reading: Reading
) -> Span | None:
    """The free words from `at` to `end`."""
    if end <= at or (words[at].norm in ("that", ",") and end == at + 1):
        return None
    if parameter.name == "about":  # "design help | this month"
        end = next((i for i in range(at + 1, end) if reading.covers(i)), end)
    return (at, end)


def settle(candidates: list[Candidate], sentence: str, words: Sequence[Word], reading: Reading) -> None:
    """Take the best candidate of each slot; words belong to one slot only."""
    for one in sorted(candidates, key=lambda c: (-c.score, c.span)):
        name = one.parameter.name
        if name in reading.values or any(a < one.span[1] and one.span[0] < b for a, b in reading.spans.values()):
            continue
        if any(a < one.frame[1] and one.frame[0] < b for a, b in reading.spans.values()) and is_free(one.parameter):
            inside = [s for s in reading.spans.values() if s[0] < one.frame[1] and one.frame[0] < s[1]]
            if any(s[1] > one.frame[1] for s in inside):
                continue
        if one.parameter.field.kind in ("person", "target") and words[one.span[0]].norm in ("me", "myself", "i"):
            continue
        reading.put(name, text_of(sentence, list(words[one.span[0] : one.span[1]])), one.span)
        reading.weight += one.score
        reading.frames.append(one.frame)
        reading.whole.append(one.whole)
