"""Free words (a need, an offer, a thought, a question): cutting off what is not part of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.cofounder.offline.lexicon import FILLERS
from bot.cofounder.offline.peel import without_marks, without_tail
from bot.cofounder.offline.reading import THINGS, Reading
from bot.cofounder.offline.sanctions import OF_CASES
from bot.cofounder.offline.spans import (
    Span,
    looks_like_a_nexus,
    name_span,
    named_nexus,
    quoted_span,
    sentence_end,
    skip_marks,
)
from bot.cofounder.offline.words import Shape, Word, text_of
from core.operations import Operation, Parameter

_TO_NEXUS = frozenset("in inside within into at on to".split())
_LEADING = frozenset("please that to - – — :".split()) | (FILLERS - {"up"})
_OF = frozenset("for about of on called saying with regarding".split())
_ASKING = frozenset("who anyone anybody is can does any someone somebody please do are what".split())
_ALL = frozenset("anyone anybody everyone everybody others people you someone somebody all".split())
_PLACE_WORDS = frozenset("here around".split())
_EMPTY = frozenset(
    "it that this something anything nothing someone somebody anyone anybody help you me us him her them a "
    "an the some what who which one things stuff please thanks use this work works do start started begin "
    "get go going myself yourself out".split()
)
_SAME_BREATH = re.compile(r"^(you can|you may|please|close|thanks|thank|so |can you|could you|cancel|delete)")


def free_words(
    operation: Operation,
    parameter: Parameter,
    sentence: str,
    words: Sequence[Word],
    reading: Reading,
    known: Iterable[str],
) -> None:
    """Trim the value of a free slot in `reading`, and take a Nexus at its end out of it."""
    span = reading.spans.get(parameter.name)
    if span is None or parameter.name not in reading.values:
        return
    if words[span[0]].shape is Shape.HANDLE:
        return
    start, end = span
    if operation.subject == "thought" and parameter.name == "text" and end == sentence_end(words, start):
        end = len(words)
    elif end == sentence_end(words, start):
        end = _other_slots(words, parameter.name, start, end, reading)
    if parameter.field.kind == "record" and operation.parameter("outcome") is not None:
        end = _outcome(sentence, words, start, end, reading)
    start = _leading(words, start, end, _OF if parameter.field.kind in THINGS else frozenset())
    quoted = quoted_span(words, start, end) if start < end else None
    if quoted and without_tail(words[:end], quoted[1]) <= quoted[1] + 1:
        start, end = quoted
    else:
        if operation.name == "offer.post":
            end = _not_to_all(words, start, without_marks(words, start, end))
        end = without_tail(words[:end], start, only_thanks=operation.subject == "thought" or operation.name in OF_CASES)
        nexus = operation.parameter("nexus")
        if nexus is not None and "nexus" not in reading.values:
            end = _nexus_at_the_end(nexus, sentence, words, (start, end), reading, known)
        if parameter.name == "query":
            end = next(
                (i for i in range(start + 1, end - 1) if words[i].text == "," and words[i + 1].norm in _ASKING), end
            )
        if parameter.name == "query":
            while end - start > 1 and words[end - 1].norm in _PLACE_WORDS:
                end -= 1 + (end - start > 2 and words[end - 2].norm == "in")
    if parameter.name == "question" and end < len(words) and words[end].text == "?":
        end += 1
    text = text_of(sentence, list(words[start:end])).strip()
    reading.values.pop(parameter.name)
    reading.spans.pop(parameter.name)
    if start >= end or all(w.norm in _EMPTY for w in words[start:end]):
        return
    if parameter.name == "outcome" and _SAME_BREATH.match(text.lower()):
        return
    reading.put(parameter.name, text, (start, end))


def _outcome(sentence: str, words: Sequence[Word], start: int, end: int, reading: Reading) -> int:
    """What stands after a comma is how it ended: "the need for a ladder, Olga lent me hers"."""
    comma = next((i for i in range(start + 1, end - 2) if words[i].text in (",", ":", ";", "-", "–", "—")), None)
    if comma is None:
        return end
    last = without_tail(words[:end], comma + 1)
    told = text_of(sentence, list(words[comma + 1 : last]))
    if last - comma > 2 and "outcome" not in reading.values and not _SAME_BREATH.match(told.lower()):
        reading.put("outcome", told, (comma + 1, last))
    return comma


def _not_to_all(words: Sequence[Word], start: int, end: int) -> int:
    """Without "to anyone" and "for everyone here" at the end."""
    while end - start > 2 and words[end - 1].norm in ("here", "else", "all"):
        end -= 1
    if end - start > 2 and words[end - 1].norm in _ALL and words[end - 2].norm in ("to", "for", "with"):
        return end - 2
    return end


def _leading(words: Sequence[Word], start: int, end: int, more: frozenset[str]) -> int:
    while start < end - 1 and (words[start].norm in _LEADING | more or words[start].text in ",;.:"):
        start += 1
    return skip_marks(words, start, end)


def _other_slots(words: Sequence[Word], name: str, start: int, end: int, reading: Reading) -> int:
    """Free words end where another argument begins."""
    for other, (a, _) in reading.spans.items():
        if other != name and start < a < end and other in ("outcome", "nexus"):
            while a - start > 1 and words[a - 1].norm in _TO_NEXUS | {"the", "for", "because"}:
                a -= 1
            return a
    return end


def _nexus_at_the_end(
    parameter: Parameter, sentence: str, words: Sequence[Word], span: Span, reading: Reading, known: Iterable[str]
) -> int:
    """ "… in Parser" at the end of free words. Returns where these then end."""
    start, end = span
    for i in range(end - 2, max(start, end - 7), -1):
        if words[i].norm not in _TO_NEXUS or words[i].quoted:
            continue
        found = name_span(words, i + 1, end, "nexus", lambda _: False)
        if found is None:
            continue
        rest = [w for w in words[found[1] : end] if w.shape is not Shape.MARK]
        if any(w.norm not in ("nexus", "group", "community", "space", "server") for w in rest):
            continue
        said = " ".join(w.norm for w in words[found[0] : found[1]])
        if words[i].norm in ("on", "at", "to", "into") and said not in known and not named_nexus(words, found, end):
            continue
        if not looks_like_a_nexus(words, found, end, known):
            continue
        reading.put(parameter.name, text_of(sentence, list(words[found[0] : found[1]])), found)
        return without_tail(words[:i], start)
    return end
