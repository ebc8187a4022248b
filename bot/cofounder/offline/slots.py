"""The arguments of an operation, as they stand in a sentence.

What is recognised by its looks (codes, counts, times, words of a list) comes first. Names and free words are found by
the words around them, as the phrasings of the operation have them; the most telling surroundings win. What is not in
the sentence is left out: it is asked for, never guessed.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from bot.cofounder.offline import lasting, moderation, typed
from bot.cofounder.offline.amounts import find_amounts
from bot.cofounder.offline.anchors import COLON, Anchor, anchors_of, left_start, weight
from bot.cofounder.offline.fallbacks import (
    after_colon,
    after_frame,
    nexus_after_preposition,
    person_in_words,
    somebody,
    the_name_left,
)
from bot.cofounder.offline.freewords import free_words
from bot.cofounder.offline.lexicon import ARTICLES, NOT_A_NEXUS
from bot.cofounder.offline.moments import find_moments
from bot.cofounder.offline.peel import after_greeting, after_politeness
from bot.cofounder.offline.placed import Finder, anchored, name_between, settle, words_between
from bot.cofounder.offline.reading import THINGS, Reading, is_free, takes_words
from bot.cofounder.offline.sentences import whole_order, whole_sentence
from bot.cofounder.offline.typed import Found
from bot.cofounder.offline.whens import KINDS, whens
from bot.cofounder.offline.words import Word, text_of
from core.errors import NexusError
from core.operations import Operation, Parameter, Registry

_NAMED = ("person", "nexus", "target")


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

    def announced(self, words: Sequence[Word], core: int, colon: int) -> str:
        """The operation whose phrasing stands before a colon ("note:", "post a need:"), if there is one."""
        for operation in self._registry:
            if not takes_words(operation) or operation.main is None:
                continue
            for anchor in self.anchors(operation).get(operation.main, ()):
                if anchor.left[-1:] == (COLON,):
                    start = left_start(words, colon + 1, anchor.left, core)
                    if start is not None and start <= core + (words[core].norm in ARTICLES):
                        return operation.name
        return ""

    def frame_words(self, operation: Operation, name: str) -> frozenset[str]:
        """All words that the phrasings have before a slot."""
        key = f"{operation.name} {name}"
        found = self._frame_words.get(key)
        if found is None:
            units = {unit for anchor in self.anchors(operation).get(name, ()) for unit in anchor.left}
            found = self._frame_words[key] = frozenset(units)
        return found

    def read(
        self,
        operation: Operation,
        sentence: str,
        words: Sequence[Word],
        known: Iterable[str] = (),
        without: Container[str] = (),
    ) -> Reading:
        """The arguments of `operation` in this sentence. `without`: parameters that are not looked for."""
        reading = Reading()
        core, _ = after_politeness(words, after_greeting(words))
        wanted = [p for p in operation.parameters if p.name not in without]
        find_moments(wanted, sentence, words, reading)
        find_amounts(operation, wanted, sentence, words, reading)
        for parameter in wanted:
            _by_looks(parameter, sentence, words, reading, operation)
            if parameter.field.kind == "sentence":
                whole_sentence(parameter, sentence, words, core, reading)
            if parameter.field.kind == "order":
                whole_order(parameter, sentence, words, core, reading)
            if _why_moderated(operation, parameter):
                moderation.because(parameter, sentence, words, reading)
        anchors = self.anchors(operation)
        for parameter in wanted:
            if parameter.field.kind in ("choice", "rule"):
                self._choose(parameter, words, reading, anchors.get(parameter.name, []))
        free = [p for p in wanted if is_free(p)]
        candidates = []
        for parameter in wanted:
            if parameter.name in reading.values:
                continue
            if parameter.field.kind in _NAMED or parameter.name == "name" or parameter.field.kind == "rule":
                finder: Finder = name_between
            elif parameter in free and not _why_moderated(operation, parameter):
                finder = words_between
            else:
                continue
            candidates += anchored(parameter, finder, sentence, words, core, anchors.get(parameter.name, []), reading)
        settle(candidates, sentence, words, reading)
        place = reading.spans.get("nexus")
        if place and free and all(w.norm in NOT_A_NEXUS for w in words[place[0] : place[1]]):
            del reading.values["nexus"], reading.spans["nexus"]  # "in Berlin" is where, not in which Nexus
        self._fall_back(operation, wanted, sentence, words, core, reading, known)
        for parameter in wanted:
            if _why_moderated(operation, parameter):
                if operation.name == "report":
                    moderation.told_of(parameter, sentence, words, reading)
                if parameter.name not in reading.values:
                    moderation.reason(parameter, sentence, words, core, reading)
            elif operation.name in ("reason", "note", "appeal"):
                moderation.without_what_it_is(operation, parameter, sentence, words, reading)
        for parameter in free:
            person_in_words(wanted, parameter, sentence, words, reading)
            free_words(operation, parameter, sentence, words, reading, known)
        moderation.only_one(wanted, words, reading)
        _drop_unreadable(operation, reading)
        return reading

    def _choose(self, parameter: Parameter, words: Sequence[Word], reading: Reading, anchors: list[Anchor]) -> None:
        finder = typed.rules if parameter.field.kind == "rule" else typed.choices
        found = [f for f in finder(parameter, words) if not reading.covers(f.start)]
        if parameter.name == "kind":
            found = [f for f in found if f.start < 5 or words[f.start - 1].norm in ("in", "through", "my", "the")]
        if parameter.name == "role":
            found = _given_roles(found, words)
        if parameter.name == "gives":
            found = [f for f in found if not _names_a_role(f, words)]
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
        has_text = any(is_free(p) for p in operation.parameters)
        for parameter in wanted:
            if parameter.name in reading.values:
                continue
            if parameter.field.kind == "nexus" and not has_text:
                nexus_after_preposition(operation, parameter, sentence, words, reading)
            elif parameter.field.kind in ("person", "target"):
                somebody(operation, parameter, sentence, words, core, reading)
            elif parameter.name == "name" and parameter.required:
                the_name_left(parameter, sentence, words, reading)
            elif parameter.name == "text" and moderation.of_moderation(operation):
                moderation.after_case(parameter, sentence, words, reading)
            elif parameter.name in ("text", "query"):
                if after_colon(parameter, sentence, words, core, reading):
                    continue
                after_frame(parameter, sentence, words, core, reading, self.frame_words(operation, parameter.name))
        for parameter in wanted:
            alone = not has_text and operation.parameter("person") is None
            if parameter.name == "nexus" and not parameter.required and "nexus" not in reading.values and alone:
                the_name_left(parameter, sentence, words, reading)


def _by_looks(
    parameter: Parameter, sentence: str, words: Sequence[Word], reading: Reading, operation: Operation
) -> None:
    kind = parameter.field.kind
    found: list[Found] = []
    if kind == "code":
        found = typed.codes(words)
    elif parameter.name == "invite":
        found = typed.codes(words) or typed.handles(words)
    elif kind == "receipt":
        found = typed.receipts(words)
    elif kind in THINGS:
        found = typed.handles(words)
    elif kind == "target":
        found = moderation.ids(words)
    elif parameter.name == "reader":
        found = moderation.readers(words)
    elif kind == "case":
        found = moderation.numbers_of_cases(words)
    elif kind in KINDS:
        found = whens(kind, sentence, words, reading.covers)
    elif kind == "duration":
        paused = operation.parameter("pause") is not None
        found = moderation.lengths(words, parameter.name) if paused else typed.durations(words)
    elif kind == "since":
        found = [Found(one.value, one.start, one.end) for one in lasting.since(words, typed.durations)]
    elif kind == "days":
        found = [Found(one.value, one.start, one.end) for one in lasting.days(words, typed.durations)]
    elif kind == "whole":
        purging = operation.name == "purge"
        taken = typed.durations(words) if any(p.field.kind == "duration" for p in operation.parameters) else []
        taken = [*taken, *typed.codes(words), *(moderation.ids(words) if purging else [])]
        found = (moderation.newest(words, taken) if purging else []) or typed.counts(words, taken)
    elif kind == "yesno":
        found = typed.yes_or_no(parameter, words)
    elif parameter.name == "destination":
        found = typed.numbered(words)
    elif parameter.name == "account":
        found = [
            Found(text_of(sentence, [w]), i, i + 1)
            for i, w in enumerate(words)
            if w.means == "<platform>" and not (w.quoted)
        ]
    if found:
        reading.put(parameter.name, found[0].value, (found[0].start, found[0].end))


def _why_moderated(operation: Operation, parameter: Parameter) -> bool:
    return parameter.name in ("reason", "answer") and moderation.of_moderation(operation)


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


def _names_a_role(one: Found, words: Sequence[Word]) -> bool:
    """Whether the word is what a role of a platform is called: "the role Mods", "the Mods role"."""
    before = words[one.start - 1].norm if one.start else ""
    after = words[one.end].norm if one.end < len(words) else ""
    return before == "role" or (after == "role" and words[one.start].capital)


def _drop_unreadable(operation: Operation, reading: Reading) -> None:
    for name in list(reading.values):
        parameter = operation.parameter(name)
        assert parameter is not None
        if parameter.field.kind == "amount":
            continue  # what is doubtful about it, the field asks
        try:
            parameter.field.read(reading.values[name])
        except NexusError:
            del reading.values[name], reading.spans[name]
