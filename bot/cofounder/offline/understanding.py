"""The offline brain itself: the operation from the classifier, the arguments from the slots, the last word to the gate.

The best few operations are read in full, and how well the sentence fills their slots decides between them: a sentence
that promises a role to nobody is no promotion. Confidence never opens the gate; it only orders what passed it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cofounder.brain import Kind, Pending, Understanding
from bot.cofounder.offline import pending as answers
from bot.cofounder.offline.anchors import heads_of
from bot.cofounder.offline.classifier import NOTHING_ASKED, Classifier, load
from bot.cofounder.offline.evidence import is_foreign, told
from bot.cofounder.offline.fit import fit, plausible
from bot.cofounder.offline.gate import Gate
from bot.cofounder.offline.lexicon import FILLERS
from bot.cofounder.offline.peel import after_greeting, after_politeness, without_tail
from bot.cofounder.offline.reading import Reading, is_free, takes_words
from bot.cofounder.offline.slots import Slots
from bot.cofounder.offline.smalltalk import DROPPED, is_cancel, small_talk
from bot.cofounder.offline.typed import codes
from bot.cofounder.offline.words import Shape, Word, split
from core.operations import Operation, Registry

TRIED = 5  # operations that are read in full
LEAST = 0.045  # probability below which an operation is not tried
LEAST_TO_WRITE = 0.15  # the same for what changes something
SURE_TO_READ = 0.9  # probability from which unknown words in a plain question do not matter
CLOSE = 0.12  # difference of scores below which two operations are a close call
# A sentence as a whole may be so much like a request that its form need not be: people turn phrases in endless ways.
SURE = 0.5
SURER = 0.85  # the same for what changes something and says no detail of it
DOUBTFUL = 0.03
SOFT = frozenset({"no request", "question", "about others", "question about the world", "nothing to find"})
MARGIN = 1.2  # how much better than "nothing is asked" a guess has to be
LONGEST = 4000  # characters that are looked at
_CODED = ("code", "receipt")  # kinds of fields that are written like a code
_STATEMENT = Understanding(Kind.STATEMENT)


@dataclass(frozen=True, slots=True)
class _Guess:
    score: float
    operation: Operation
    reading: Reading
    probability: float
    part: Sequence[Word]
    sure: bool


class OfflineBrain:
    """Understands sentences; see `bot.cofounder.brain.Understands`.

    `names`, if given, tells the names of Nexuses that are known, in lower case: only a help in doubtful cases.
    """

    def __init__(self, registry: Registry, names: Callable[[], Iterable[str]] | None = None) -> None:
        self._registry = registry
        self._classifier: Classifier = load(registry)
        self._slots = Slots(registry)
        self._gate = Gate()
        self._heads: dict[str, frozenset[str]] = {}
        self._names = names or (lambda: ())

    def understand(
        self,
        sentence: str,
        *,
        direct: bool = True,
        allowed: frozenset[str] | None = None,
        pending: Pending | None = None,
    ) -> Understanding:
        """Understand one message. See `Understands.understand`.

        `allowed` decides between close operations. What is plainly asked for is returned although it is not allowed,
        so that the engine can say why, and who could help.
        """
        sentence = sentence[:LONGEST]
        words = split(sentence)
        if pending is not None and pending.operation in self._registry:
            answered = self._answered(sentence, words, direct, allowed, pending)
            if answered is not None:
                return answered
        reply = small_talk(words)
        if reply:
            return Understanding(Kind.SMALL_TALK, confidence=1.0, reply=reply)
        if not any(w.shape is not Shape.MARK for w in words) or is_foreign(words):
            return _STATEMENT
        guesses = self._guesses(sentence, words, direct, allowed)
        if guesses and len(guesses[0].part) < len(words):
            self._complete(guesses[0], sentence, words)
        return self._decide(guesses)

    def _complete(self, guess: _Guess, sentence: str, words: list[Word]) -> None:
        """Take what other sentences of the message say of the arguments: "Make an invite. For 4 people, please." """
        if takes_words(guess.operation):
            return
        whole = self._slots.read(guess.operation, sentence, words, frozenset(self._names()))
        for name, value in whole.values.items():
            guess.reading.values.setdefault(name, value)

    def _decide(self, guesses: list[_Guess]) -> Understanding:
        if not guesses:
            return _STATEMENT
        best = guesses[0]
        near = [g.operation.name for g in guesses[:3] if best.score - g.score < CLOSE and g.probability > 0.3]
        return Understanding(
            Kind.REQUEST,
            best.operation.name,
            best.reading.values,
            tuple(p.name for p in best.operation.parameters if p.required and p.name not in best.reading.values),
            round(best.probability, 3),
            tuple(near) if len(near) > 1 else (),
        )

    def _guesses(self, sentence: str, words: list[Word], direct: bool, allowed: frozenset[str] | None) -> list[_Guess]:
        """What passed the gate, best first. Every sentence of the message is looked at, and the whole."""
        found: list[_Guess] = []
        for part in _parts(words):
            found += self._guesses_in(sentence, part, words, direct, allowed)
            if found:
                break
        return sorted(found, key=lambda g: -g.score)

    def _guesses_in(
        self, sentence: str, part: list[Word], words: list[Word], direct: bool, allowed: frozenset[str] | None
    ) -> list[_Guess]:
        ranked = self._ranked(part)
        nothing = next((p for name, p in ranked if name == NOTHING_ASKED), 0.0)
        core, _ = after_politeness(part, after_greeting(part))
        known = frozenset(self._names())
        guesses = []
        coded = bool(codes(part))
        least = LEAST / 3 if coded else LEAST
        for name, probability in ranked[: TRIED + 3 * coded]:
            if name == NOTHING_ASKED or probability < least:
                continue
            operation = self._registry.get(name)
            if coded and not any(p.field.kind in _CODED or p.name == "invite" for p in operation.parameters):
                continue
            if operation.internal or (operation.direct_only and not direct):
                continue
            reading = self._slots.read(operation, sentence, part, known)
            sure = probability >= (SURE if reading.values or not operation.writes else SURER) and nothing <= DOUBTFUL
            why_not = self._gate.closed(operation, part, core, reading, probability, nothing)
            if why_not and not (sure and why_not in SOFT):
                continue
            if not coded and operation.writes and probability < LEAST_TO_WRITE:
                continue
            if (
                not (sure or operation.writes or reading.values)
                and self._strange(part, core)
                and probability < SURE_TO_READ
            ):
                continue
            if not sure and reading.guessed and probability < (0.65 if operation.writes else 0.5):
                continue
            score = math.log(probability) + fit(operation, reading, part, known)
            if not sure and not coded and not self._begins_as(operation, part, core, reading):
                if probability < 0.6 and not (probability > 0.25 and nothing < 0.08 and not operation.writes):
                    continue
                score -= 0.8 if operation.writes else 0.4
            if allowed is not None and name not in allowed:
                score -= 0.5
            if score > math.log(nothing * (0.3 if coded else 1.0) + 0.02) + MARGIN:
                guesses.append(_Guess(score, operation, reading, probability, part, sure))
        guesses.sort(key=lambda g: -g.score)
        best = guesses[0] if guesses else None
        if best is None:
            return []
        if best.sure:
            return guesses
        if not plausible(best.operation, best.reading, best.probability, part, known):
            return []
        return guesses

    def _strange(self, part: list[Word], core: int) -> bool:
        """Whether words stand there that no phrasing has: "what does the hotel offer?" """
        known = self._classifier.vocabulary
        return any(
            w.shape is Shape.WORD and w.means not in known and w.norm not in known and w.norm not in FILLERS
            for w in part[core : without_tail(part, core)]
        )

    def _begins_as(self, operation: Operation, part: list[Word], core: int, reading: Reading) -> bool:
        """Whether the request begins as some phrasing does, or a phrasing was recognised from its first word on."""
        if any(start <= core for start, _ in reading.frames) or part[core].shape is not Shape.WORD:
            return True
        heads = self._heads.get(operation.name)
        if heads is None:
            heads = self._heads[operation.name] = heads_of(operation)
        if operation.writes and not reading.values and part[core].norm in ("this", "that", "the"):
            return self._gate.said_in_the_negative(operation)
        return part[core].means in heads

    def _ranked(self, part: list[Word]) -> list[tuple[str, float]]:
        """The classifier's view; of "note: …" and "need - …" only what stands before the colon says what it is."""
        ranked = self._classifier.ranked(part)
        core, _ = after_politeness(part, after_greeting(part))
        colon = next((i for i, w in enumerate(part[:9]) if w.text in (":", "-", "–", "—") and i > core), 0)
        announced = self._slots.announced(part, core, colon) if colon and colon + 1 < len(part) else ""
        if announced:
            rest = [(name, p * 0.1) for name, p in ranked if name != announced]
            return [(announced, 0.9), *rest]
        return ranked

    def _answered(
        self,
        sentence: str,
        words: list[Word],
        direct: bool,
        allowed: frozenset[str] | None,
        pending: Pending,
    ) -> Understanding | None:
        operation = self._registry.get(pending.operation)
        asked = operation.parameter(pending.asked)
        if is_cancel(words) and not (asked is not None and asked.field.kind == "yesno"):
            return Understanding(Kind.SMALL_TALK, confidence=1.0, reply=DROPPED)
        fresh = self.understand(sentence, direct=direct, allowed=allowed)
        values, outright = answers.answer(operation, pending, sentence, words, self._slots, self._names())
        free = asked is not None and is_free(asked)
        other = fresh.kind is Kind.REQUEST and fresh.operation != operation.name
        if fresh.kind is Kind.SMALL_TALK and not outright:
            return fresh
        sure = fresh.confidence > (0.8 if free else 0.6) or not (outright or free)
        named = pending.asked == "name" and any(w.norm == "it" for w in words[:3])  # "call it Blue Lab"
        if other and sure and not named and not fresh.missing and len(words) > 2 and answers.is_request(words):
            return fresh
        if pending.asked not in values:
            return fresh if fresh.operation != operation.name else _merged(operation, pending, fresh.arguments)
        if words[-1].text == "?" and not outright:
            return fresh
        return _merged(operation, pending, values)


def _merged(operation: Operation, pending: Pending, values: dict[str, Any]) -> Understanding:
    known = {n: v for n, v in pending.arguments.items() if operation.parameter(n) is not None}
    known.update({n: v for n, v in values.items() if n not in known or n == pending.asked})
    missing = tuple(p.name for p in operation.parameters if p.required and known.get(p.name) in (None, ""))
    return Understanding(Kind.REQUEST, operation.name, known, missing, 0.9)


def _parts(words: list[Word]) -> list[list[Word]]:
    """The sentences of a message, the last request first only if it stands alone; then clauses after a comma."""
    sentences: list[list[Word]] = []
    for word in words:
        if not sentences or word.opens:
            sentences.append([])
        sentences[-1].append(word)
    parts = [words] if len(sentences) == 1 else [*sentences, words]
    clauses = []
    for sentence in sentences:
        for i, word in enumerate(sentence[:-1]):
            if word.text == ":" and i and not told(sentence[:i]) and not sentence[i + 1].quoted:
                clauses.append(sentence[i + 1 :])
            if word.text in (",", "-", "–", "—") and i and sentence[i + 1].norm in _TURNS and not told(sentence[:i]):
                clauses.append(sentence[i + 1 :])
    return parts + clauses


_TURNS = frozenset(
    "cancel delete revoke withdraw accept approve reject decline let rename move turn invite show find "
    "please can could would make create let give add remove invite i we so archive close then kindly put take "
    "ban kick mute warn lock unlock purge timeout silence unban undo report overturn uphold dismiss flag".split()
)
