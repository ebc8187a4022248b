"""Arguments that no phrasing of the operation led to, where the sentence still leaves no doubt."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cofounder.offline.anchors import unit_of, weight
from bot.cofounder.offline.lexicon import ARTICLES, COMMON, FILLERS, HARD_STOPS, MEANING
from bot.cofounder.offline.peel import without_tail
from bot.cofounder.offline.reading import Reading
from bot.cofounder.offline.spans import (
    Span,
    end_of_target,
    is_first_name,
    looks_like_a_nexus,
    name_span,
    orders,
    sentence_end,
)
from bot.cofounder.offline.words import Shape, Word, text_of
from core.operations import Operation, Parameter

_INTO = frozenset("in inside into within under below beneath underneath".split())
_BEFORE_NEXUS = _INTO | frozenset("to at for of from on over with".split())
_PAST_VERBS = frozenset("went was were had did got came made said took".split())
_ABOUT = frozenset("about with for on : , because".split())
_PRONOUNS = frozenset("him her them he she they".split())


def nexus_after_preposition(
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
    if parameter.name == "nexus" and operation.parameter("person") is None:
        for a, b in _owner(words, 0, reading):
            if not is_first_name(words, (a, b)):
                reading.put(parameter.name, text_of(sentence, list(words[a:b])), (a, b))
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


def the_name_left(parameter: Parameter, sentence: str, words: Sequence[Word], reading: Reading) -> None:
    """The one name that is left: in quotation marks, or else with a capital inside a sentence."""
    kind = "name" if parameter.name == "name" else "nexus"
    for wanted in ("quoted", "capital"):
        for i, word in enumerate(words):
            if reading.covers(i) or not getattr(word, wanted) or (wanted == "capital" and word.opens):
                continue
            if word.means in ("<platform>", "<role>", "nexus") or (i and words[i - 1].capital and not word.quoted):
                continue
            span = name_span(words, i, sentence_end(words, i), kind, reading.covers)
            if span and not (kind == "nexus" and is_first_name(words, span)):
                reading.put(parameter.name, text_of(sentence, list(words[span[0] : span[1]])), span)
                return


def after_colon(parameter: Parameter, sentence: str, words: Sequence[Word], core: int, reading: Reading) -> bool:
    """Free words that somebody announced with a colon: "please keep this for me: …"."""
    at = next((i for i in range(core + 1, len(words) - 1) if words[i].text == ":" and not reading.covers(i)), 0)
    if not at:
        return False
    reading.put(parameter.name, text_of(sentence, list(words[at + 1 :])), (at + 1, len(words)))
    reading.weight += 0.5
    reading.frames.append((core, at + 1))
    reading.whole.append(False)
    return True


def after_frame(
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
    while i < end and words[i].shape is Shape.MARK and not words[i].quoted and words[i].text not in '"“„«‘':
        i += 1
    while i > core and words[i - 1].norm in ARTICLES:
        i -= 1
    if telling >= 1.0 and core < i < end and words[i].norm not in _PAST_VERBS:
        reading.guessed = True
        reading.put(parameter.name, text_of(sentence, list(words[i:end])), (i, end))
        reading.weight += 0.5
        reading.frames.append((core, i))
        reading.whole.append(False)


def somebody(
    operation: Operation, parameter: Parameter, sentence: str, words: Sequence[Word], core: int, reading: Reading
) -> None:
    """A person whom no phrasing led to: the one handle or first name there is; "him" is whoever was named before."""
    spans: list[Span] = []
    for i, word in enumerate(words):
        if reading.covers(i) or word.quoted or not (word.shape is Shape.AT or is_first_name(words, (i, i + 1))):
            continue
        if spans and i < spans[-1][1]:
            continue
        first = i
        if (
            i - 1 > core
            and word.capital == words[i - 1].capital
            and _could_be_a_name(words[i - 1])
            and not reading.covers(i - 1)
        ):
            first = i - 1
        span = name_span(words, first, sentence_end(words, i), "person", reading.covers, most=3)
        if span:
            spans.append(span)
    if not spans:
        taken = operation.name in ("role.revoke", "invite.reject")
        before = ("from", "for") if taken else ("to", "for")
        spans = _owner(words, core, reading) or _unknown_names(words, core, reading, before)
    if len(spans) != 1:
        pronoun = next((i for i, w in enumerate(words) if w.norm in _PRONOUNS and i >= core), None)
        capitals = [] if pronoun is None else [i for i in range(pronoun) if words[i].capital and words[i].text != "I"]
        if pronoun is None or not capitals:
            return
        span = name_span(words, capitals[0], sentence_end(words, capitals[0]), "person", reading.covers, most=3)
        spans = [span] if span else []
    if spans and parameter.field.kind == "target":
        spans = [] if orders(words, spans[0]) else [(spans[0][0], end_of_target(words, spans[0]))]
    if spans:
        reading.put(parameter.name, text_of(sentence, list(words[spans[0][0] : spans[0][1]])), spans[0])


def person_in_words(
    wanted: Sequence[Parameter], parameter: Parameter, sentence: str, words: Sequence[Word], reading: Reading
) -> None:
    """Free words that begin with the person who is still missing: "log 2h with Ben about his pitch"."""
    missing = next(
        (p for p in wanted if p.field.kind == "person" and p.required and p.name not in reading.values), None
    )
    span = reading.spans.get(parameter.name)
    if missing is None or span is None or parameter.field.kind != "text" or parameter.name not in reading.values:
        return
    start, end = span
    if not (words[start].shape is Shape.AT or is_first_name(words, span)):
        return
    found = name_span(words, start, end, "person", lambda _: False, most=3)
    if found is None or found[0] != start:
        return
    rest = found[1]
    if rest < end and words[rest].norm not in _ABOUT:
        return
    reading.put(missing.name, text_of(sentence, list(words[start:rest])), found)
    del reading.values[parameter.name], reading.spans[parameter.name]
    if rest + 1 < end:
        reading.put(parameter.name, text_of(sentence, list(words[rest + 1 : end])), (rest + 1, end))


def _owner(words: Sequence[Word], core: int, reading: Reading) -> list[Span]:
    """Whose something is: "wanjiru's role"."""
    for i in range(core + 1, len(words)):
        if words[i].norm == "'s" and not reading.covers(i - 1) and _may_own(words[i - 1]):
            return [(i - 1, i)]
    return []


def _may_own(word: Word) -> bool:
    return word.shape is Shape.WORD and word.norm not in COMMON and word.norm not in MEANING


def _could_be_a_name(word: Word) -> bool:
    return (
        word.shape is Shape.WORD
        and word.norm not in COMMON
        and word.norm not in MEANING
        and word.means != "<role>"
        and (word.capital or word.norm.isalpha())
        and not word.opens
    )


def _unknown_names(words: Sequence[Word], core: int, reading: Reading, after: tuple[str, ...]) -> list[Span]:
    """Names nobody has heard of: with a capital, or after a word such as "to"."""
    found: list[Span] = []
    for i in range(core, len(words)):
        before = words[i - 1].norm if i else ""
        if reading.covers(i) or words[i].quoted or not _could_be_a_name(words[i]):
            continue
        if words[i].capital or before in after:
            span = name_span(words, i, sentence_end(words, i), "person", reading.covers, most=3)
            if span and not (found and span[0] < found[-1][1]):
                found.append(span)
    return found
