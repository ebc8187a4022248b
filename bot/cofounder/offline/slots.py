"""The arguments of an operation, as they stand in a sentence.

What is recognised by its looks (codes, counts, times, words of a list) comes first. Names and free words are found by
the words around them, as the phrasings of the operation have them; the most telling surroundings win. What is not in
the sentence is left out: it is asked for, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.cofounder.offline import typed
from bot.cofounder.offline.anchors import Anchor, anchors_of, end_of_left, left_start, right_end, unit_of, weight
from bot.cofounder.offline.freewords import free_words
from bot.cofounder.offline.lexicon import ARTICLES, COMMON, FILLERS, HARD_STOPS, MEANING
from bot.cofounder.offline.peel import after_greeting, after_politeness, without_tail
from bot.cofounder.offline.spans import Span, is_first_name, looks_like_a_nexus, name_span, sentence_end
from bot.cofounder.offline.typed import Found
from bot.cofounder.offline.words import Shape, Word, text_of
from core.errors import NexusError
from core.operations import Operation, Parameter, Registry

_NAMED = ("person", "nexus")
_INTO = frozenset("in inside into within under below beneath underneath".split())
_BEFORE_NEXUS = _INTO | frozenset("to at for of from on over with".split())
_PAST_VERBS = frozenset("went was were had did got came made said took".split())
_PRONOUNS = frozenset("him her them he she they".split())


@dataclass(slots=True)
class Reading:
    """Values by parameter, the words that each came from, and how telling what stood around them was."""

    values: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    weight: float = 0.0
    frames: list[Span] = field(default_factory=list)
    guessed: bool = False  # free words were taken without a phrasing around them

    def covers(self, i: int) -> bool:
        """Whether the word `i` fills some slot."""
        return any(a <= i < b for a, b in self.spans.values())

    def put(self, name: str, value: Any, span: Span) -> None:
        """Fill a slot."""
        self.values[name] = value
        self.spans[name] = span


class Slots:
    """Reads arguments for the operations of one registry."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._anchors: dict[str, dict[str, list[Anchor]]] = {}
        self._frame_words: dict[str, frozenset[str]] = {}

    def anchors(self, operation: Operation) -> dict[str, list[Anchor]]:
        """The anchors of an operation, made when first needed."""
        found = self._anchors.get(operation.name)
        if found is None:
            found = self._anchors[operation.name] = anchors_of(operation)
        return found

    def frame_words(self, operation: Operation, name: str) -> frozenset[str]:
        """All words that the phrasings have before a slot."""
        key = f"{operation.name} {name}"
        found = self._frame_words.get(key)
        if found is None:
            units = {unit for anchor in self.anchors(operation).get(name, ()) for unit in anchor.left}
            found = self._frame_words[key] = frozenset(units)
        return found

    def read(
        self, operation: Operation, sentence: str, words: Sequence[Word], known: Iterable[str] = (), only: str = ""
    ) -> Reading:
        """The arguments of `operation` in this sentence. `only`: the one parameter that is looked for."""
        reading = Reading()
        core, _ = after_politeness(words, after_greeting(words))
        wanted = [p for p in operation.parameters if not only or p.name == only]
        for parameter in wanted:
            _typed(parameter, sentence, words, reading, operation)
        anchors = self.anchors(operation)
        for parameter in wanted:
            if parameter.field.kind == "choice":
                self._choose(parameter, words, reading, anchors.get(parameter.name, []))
        free = [p for p in wanted if _is_free(p)]
        candidates = []
        for parameter in wanted:
            if parameter.name in reading.values:
                continue
            if parameter.field.kind in _NAMED or parameter.name == "name":
                finder: Callable[..., Span | None] = _name_between
            elif parameter in free:
                finder = _words_between
            else:
                continue
            candidates += _anchored(parameter, finder, sentence, words, core, anchors.get(parameter.name, []), reading)
        _settle(candidates, sentence, words, reading)
        self._fall_back(operation, wanted, sentence, words, core, reading, known)
        for parameter in free:
            free_words(operation, parameter, sentence, words, reading, known)
        _drop_unreadable(operation, reading)
        return reading

    def _choose(self, parameter: Parameter, words: Sequence[Word], reading: Reading, anchors: list[Anchor]) -> None:
        found = [f for f in typed.choices(parameter, words) if not reading.covers(f.start)]
        if parameter.name == "kind":
            found = [f for f in found if f.start < 5 or words[f.start - 1].norm in ("in", "through", "my", "the")]
        if parameter.name == "role":
            found = _given_roles(found, words)
        if not found:
            return
        best, most = found[0], -1.0
        for one in found:
            for anchor in anchors:
                if anchor.left and left_start(words, one.start, anchor.left) is not None and weight(anchor.left) > most:
                    best, most = one, weight(anchor.left)
        reading.put(parameter.name, best.value, (best.start, best.end))

    def _fall_back(
        self,
        operation: Operation,
        wanted: list[Parameter],
        sentence: str,
        words: Sequence[Word],
        core: int,
        reading: Reading,
        known: Iterable[str],
    ) -> None:
        has_text = any(_is_free(p) for p in operation.parameters)
        for parameter in wanted:
            if parameter.name in reading.values:
                continue
            if parameter.field.kind == "nexus" and not has_text:
                _nexus_after_preposition(operation, parameter, sentence, words, reading)
            elif parameter.field.kind == "person":
                _somebody(parameter, sentence, words, core, reading)
            elif parameter.name == "name" and parameter.required:
                _capitals(parameter, sentence, words, reading)
            elif parameter.name in ("text", "query") and operation.subject != "thought":
                _after_frame(parameter, sentence, words, core, reading, self.frame_words(operation, parameter.name))
        for parameter in wanted:
            alone = not has_text and operation.parameter("person") is None
            if parameter.name == "nexus" and not parameter.required and "nexus" not in reading.values and alone:
                _capitals(parameter, sentence, words, reading)


def takes_words(operation: Operation) -> bool:
    """Whether the main argument of an operation is free words."""
    return any(_is_free(p) for p in operation.parameters if p.name == operation.main)


def _is_free(parameter: Parameter) -> bool:
    kind = parameter.field.kind
    return kind == "record" or (kind == "text" and parameter.name not in ("name", "invite", "account"))


def _typed(parameter: Parameter, sentence: str, words: Sequence[Word], reading: Reading, operation: Operation) -> None:
    kind = parameter.field.kind
    found: list[Found] = []
    if kind == "code":
        found = typed.codes(sentence, words)
    elif parameter.name == "invite":
        found = typed.codes(sentence, words) or typed.handles(words)
    elif kind == "record":
        found = typed.handles(words)
    elif kind == "duration":
        found = typed.durations(words)
    elif kind == "whole":
        taken = typed.durations(words) if any(p.field.kind == "duration" for p in operation.parameters) else []
        found = typed.counts(words, [*taken, *typed.codes(sentence, words)])
    elif kind == "yesno":
        found = typed.yes_or_no(parameter, words)
    elif parameter.name == "account":
        found = [
            Found(text_of(sentence, [w]), i, i + 1)
            for i, w in enumerate(words)
            if w.means == "<platform>" and not (w.quoted)
        ]
    if found:
        reading.put(parameter.name, found[0].value, (found[0].start, found[0].end))


def _given_roles(found: list[Found], words: Sequence[Word]) -> list[Found]:
    """Roles that are meant to be held: not "approved by a steward", not "member" in "members of Parser"."""
    kept = []
    for one in found:
        before = [w.norm for w in words[max(0, one.start - 4) : one.start]]
        if any(n.startswith("approv") for n in before) or "by" in before[-2:]:
            continue
        following = words[one.end].norm if one.end < len(words) else ""
        if following in ("approves", "approve", "approval", "has", "must", "says"):
            continue
        kept.append(one)
    return kept


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    parameter: Parameter
    span: Span
    frame: Span


def _anchored(
    parameter: Parameter,
    finder: Callable[..., Span | None],
    sentence: str,
    words: Sequence[Word],
    core: int,
    anchors: list[Anchor],
    reading: Reading,
) -> list[_Candidate]:
    found = []
    partly = not _is_free(parameter)
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
            if anchor.right and stop is None and (not anchor.left or weight(anchor.right) > 0.9):
                continue
            span = finder(parameter, words, at, stop if stop is not None else end, stop is not None, reading)
            if span is None:
                continue
            if partly and anchor.left and weight(left) < 0.8 and not _stands_alone(words, span, end, stop):
                continue
            score = 1.05 * weight(left) + (weight(anchor.right[:3]) if stop is not None else 0.0)
            score -= 0.3 if len(left) < len(anchor.left) else 0.0
            score += 0.5 if begins == core else 0.0
            score -= 0.02 * begins
            if anchor.right and stop is None:
                score -= 0.6
            found.append(_Candidate(score, parameter, span, (begins, span[0])))
    return found


def _stands_alone(words: Sequence[Word], span: Span, end: int, stop: int | None) -> bool:
    """Whether a name after nothing but a small word ("to", "in") is one: by its looks, or because all ends there."""
    first = words[span[0]]
    return first.capital or first.quoted or first.shape is Shape.AT or span[1] >= without_tail(words[:end], span[0])


def _name_between(
    parameter: Parameter, words: Sequence[Word], at: int, end: int, closed: bool, reading: Reading
) -> Span | None:
    kind = "name" if parameter.field.kind == "text" else parameter.field.kind
    if not closed:
        end = without_tail(words[:end], at)
    span = name_span(words, at, end, kind, reading.covers)
    if span is None:
        return None
    if closed and kind != "name" and span[1] < end - 2:
        return None
    return span


def _words_between(
    parameter: Parameter, words: Sequence[Word], at: int, end: int, closed: bool, reading: Reading
) -> Span | None:
    if end <= at or (words[at].norm in ("that", ",") and end == at + 1):
        return None
    return (at, end)


def _settle(candidates: list[_Candidate], sentence: str, words: Sequence[Word], reading: Reading) -> None:
    """Take the best candidate of each slot; words belong to one slot only."""
    for one in sorted(candidates, key=lambda c: (-c.score, c.span)):
        name = one.parameter.name
        if name in reading.values or any(a < one.span[1] and one.span[0] < b for a, b in reading.spans.values()):
            continue
        if any(a < one.frame[1] and one.frame[0] < b for a, b in reading.spans.values()) and _is_free(one.parameter):
            inside = [s for s in reading.spans.values() if s[0] < one.frame[1] and one.frame[0] < s[1]]
            if any(s[1] > one.frame[1] for s in inside):
                continue
        if one.parameter.field.kind == "person" and words[one.span[0]].norm in ("me", "myself", "i"):
            continue
        reading.put(name, text_of(sentence, list(words[one.span[0] : one.span[1]])), one.span)
        reading.weight += one.score
        reading.frames.append(one.frame)


def _nexus_after_preposition(
    operation: Operation, parameter: Parameter, sentence: str, words: Sequence[Word], reading: Reading
) -> None:
    """ "in Parser", "for the Harbor group": a Nexus that no phrasing of the operation led to."""
    before = _INTO if parameter.name == "parent" else _BEFORE_NEXUS
    for i in range(len(words) - 1):
        if words[i].norm not in before or words[i].quoted or reading.covers(i) or reading.covers(i + 1):
            continue
        span = name_span(words, i + 1, sentence_end(words, i + 1), "nexus", reading.covers)
        if span is None or (is_first_name(words, span) and words[i].norm in ("for", "to", "from", "with", "of")):
            continue
        capital = words[span[0]].capital or words[span[0]].quoted
        if not capital and not looks_like_a_nexus(words, span, len(words), ()):
            plain = words[i].norm in _INTO and span[1] >= without_tail(words, span[0])
            unknown = all(w.norm not in COMMON for w in words[span[0] : span[1]])
            if not plain and (not unknown or words[i].norm in ("to", "on", "with", "over")):
                continue
        reading.put(parameter.name, text_of(sentence, list(words[span[0] : span[1]])), span)
        return
    if parameter.name == "nexus":
        _nexus_before_noun(parameter, sentence, words, reading)


def _nexus_before_noun(parameter: Parameter, sentence: str, words: Sequence[Word], reading: Reading) -> None:
    """ "the open kitchen nexus", "bakers group"."""
    for i, word in enumerate(words):
        if word.norm not in ("nexus", "group", "community") or word.quoted or reading.covers(i):
            continue
        first = i
        while first > 1 and i - first < 3 and _describes(words[first - 1]) and not reading.covers(first - 1):
            first -= 1
        if first < i and any(w.norm not in COMMON for w in words[first:i]):
            reading.put(parameter.name, text_of(sentence, list(words[first:i])), (first, i))
            return


def _describes(word: Word) -> bool:
    return (
        word.shape is Shape.WORD
        and word.norm not in HARD_STOPS
        and word.norm not in ("new", "private", "current", "whole", "same", "archive", "list", "all", "every")
    )


def _capitals(parameter: Parameter, sentence: str, words: Sequence[Word], reading: Reading) -> None:
    """The one name that is left: in quotation marks, or else with a capital inside a sentence."""
    kind = "name" if parameter.name == "name" else "nexus"
    for wanted in ("quoted", "capital"):
        for i, word in enumerate(words):
            if reading.covers(i) or not getattr(word, wanted) or (wanted == "capital" and word.opens):
                continue
            if word.means == "<platform>" or word.means == "<role>" or (i and words[i - 1].capital and not word.quoted):
                continue
            span = name_span(words, i, sentence_end(words, i), kind, reading.covers)
            if span and not (kind == "nexus" and is_first_name(words, span)):
                reading.put(parameter.name, text_of(sentence, list(words[span[0] : span[1]])), span)
                return


def _after_frame(
    parameter: Parameter, sentence: str, words: Sequence[Word], core: int, reading: Reading, known: frozenset[str]
) -> None:
    """Free words that no phrasing led to: what follows after the words that phrasings begin with."""
    end = sentence_end(words, core) if core < len(words) else core
    i, telling = core, 0.0
    while i < end:
        unit = unit_of(words[i])
        if words[i].quoted or reading.covers(i) or (unit and unit not in known and words[i].norm not in FILLERS):
            break
        telling += weight((unit,)) if unit else 0.0
        i += 1
    while i < end and words[i].shape is Shape.MARK and not words[i].quoted and words[i].text not in "\"“„«‘":
        i += 1
    while i > core and words[i - 1].norm in ARTICLES:
        i -= 1
    if telling >= 1.0 and core < i < end and words[i].norm not in _PAST_VERBS:
        reading.guessed = True
        reading.put(parameter.name, text_of(sentence, list(words[i:end])), (i, end))
        reading.weight += 0.5
        reading.frames.append((core, i))


def _somebody(parameter: Parameter, sentence: str, words: Sequence[Word], core: int, reading: Reading) -> None:
    """A person whom no phrasing led to: the one handle or first name there is; "him" is whoever was named before."""
    spans = []
    for i, word in enumerate(words):
        if reading.covers(i) or word.quoted or not (word.shape is Shape.AT or is_first_name(words, (i, i + 1))):
            continue
        if spans and i < spans[-1][1]:
            continue
        first = i
        if i - 1 > core and _could_be_a_name(words[i - 1]) and not reading.covers(i - 1):
            first = i - 1
        span = name_span(words, first, sentence_end(words, i), "person", reading.covers, most=3)
        if span:
            spans.append(span)
    if not spans:
        spans = _unknown_names(words, core, reading)
    if len(spans) != 1:
        pronoun = next((i for i, w in enumerate(words) if w.norm in _PRONOUNS and i >= core), None)
        capitals = [] if pronoun is None else [i for i in range(pronoun) if words[i].capital and words[i].text != "I"]
        if pronoun is None or not capitals:
            return
        span = name_span(words, capitals[0], sentence_end(words, capitals[0]), "person", reading.covers, most=3)
        spans = [span] if span else []
    if spans:
        reading.put(parameter.name, text_of(sentence, list(words[spans[0][0] : spans[0][1]])), spans[0])


def _could_be_a_name(word: Word) -> bool:
    return (
        word.shape is Shape.WORD
        and word.norm not in COMMON
        and word.norm not in MEANING
        and word.means != "<role>"
        and (word.capital or word.norm.isalpha())
        and not word.opens
    )


def _unknown_names(words: Sequence[Word], core: int, reading: Reading) -> list[Span]:
    """Names nobody has heard of: with a capital, or after a word such as "to"."""
    found = []
    for i in range(core, len(words)):
        before = words[i - 1].norm if i else ""
        if reading.covers(i) or words[i].quoted or not _could_be_a_name(words[i]):
            continue
        if words[i].capital or before in ("to", "for", "from"):
            span = name_span(words, i, sentence_end(words, i), "person", reading.covers, most=3)
            if span and not (found and span[0] < found[-1][1]):
                found.append(span)
    return found


def _drop_unreadable(operation: Operation, reading: Reading) -> None:
    for name in list(reading.values):
        parameter = operation.parameter(name)
        assert parameter is not None
        try:
            parameter.field.read(reading.values[name])
        except NexusError:
            del reading.values[name], reading.spans[name]
