"""Training of the classifier, from the phrasings beside the operations and from what asks for nothing.

    python -m bot.cofounder.offline.train

writes the weights anew (a minute; always the same for the same phrasings). A softmax regression, trained by
AdaGrad with a fixed shuffle. A registry whose phrasings differ from those of the file is trained when it is loaded.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import reduce
from operator import add
from pathlib import Path

from bot.cofounder.offline.classifier import FILE, NOTHING, NOTHING_ASKED, SAYINGS, Classifier, core_of, fingerprint
from bot.cofounder.offline.cues import MODERATION
from bot.cofounder.offline.features import features, vocabulary_of
from bot.cofounder.offline.peel import after_greeting
from bot.cofounder.offline.words import split
from core.operations import Operation, Registry
from core.operations.fields import Amount

EPOCHS = 14
RATE = 0.35
DECAY = 2e-4
LEAST_ERROR = 0.02  # of a probability: what is less wrong than this teaches nothing and is most of the time
SMALLEST = 0.1  # weights below this are forgotten: they would only cost memory
FILLINGS = 4
RARE = 3  # features seen this often or less are left out
_SLOT = re.compile(r"\{(\w+)\}")

_PEOPLE = ("Ana", "oyelaran", "Zsofia Nagy", "@lea", "tom", "Kwabena", "Ben Okafor", "eilidh", "Sara")
_NEXUSES = ("Parser", "open kitchen", "Studio", "Night Market", "bakers", "the Harbor group", "Blue Lab", "orbit")
_TOPICS = (
    "logo design", "taxes", "a bicycle repair", "fix a roof", "Kubernetes", "someone who can paint a wall",
    "a designer for my logo", "my website", "a quiet place in Berlin", "two hours of legal advice",
    "garden work on Sundays", "translate letters into Czech", "feedback on my pitch", "an electrician", "guitar",
)  # fmt: skip
_BY_KIND = {
    "person": _PEOPLE,
    "target": (*_PEOPLE, "204255221017214977", "@free_nitro", "sven"),
    "rule": ("spam", "nitro", "mention bomb", "unwanted words", "repeat", "all", "airdrop", "flood"),
    "case": ("12", "#12", "7", "#31", "104"),
    "nexus": _NEXUSES,
    "record": ("#k7m2p", "bread", "the landlord", "a designer", "guitar lessons", "my old bicycle", "#x8k2m", "flour"),
    "grant": ("#k7m2p", "the parser", "Ana", "the website", "#x8k2m", "Tom", "my old bicycle"),
    "pledge": ("#k7m2p", "Mira", "#x8k2m"),
    "mandate": ("#k7m2p", "Mira", "Tom"),
    "receipt": ("2026-0001", "2026-0012"),
    "entry": ("#k7m2p", "500 EUR", "Mira"),
    "period": ("this year", "2027", "next quarter"),
    "until": ("friday", "3 Dec", "the end of june"),
    "platform_role": ("Mods", "helpers", "@Core Team", "Backers", "staff", "the Admins"),
    "code": ("KF3M-9TQ2-X7PD", "qt4x-9km2-33pd", "ZK8T-4PPM-29QX"),
    "whole": ("3", "five", "10", "two", "25"),
    "duration": ("7 days", "24 hours", "two weeks", "a month", "3d"),
    "yesno": ("yes", "no"),
    "date": ("tomorrow", "3 Dec", "friday"),
    "moment": ("thursday 15:00", "tomorrow at 3pm", "3 Dec 14:30", "next friday 9:30am", "in two hours"),
    "past": ("yesterday", "last friday", "on 3 Dec", "today"),
    "amount": ("500 EUR", "20 dollars", "€30", "1.5k EUR"),
}
_TIMES = ("2h", "half an hour", "1h30", "3 hours", "90 minutes")
_BY_NAME = {
    "name": ("Riverside", "tinkerers", "Open Kitchen", '"Tiny Bridges"', "Helio", "Big Al", "maria"),
    "invite": ("#p4k9x", "KD4R-22MX-7TTQ", "#t2m7q", "k7m2p"),
    "account": ("telegram", "Discord", "slack"),
    "outcome": ("Ana helped", "Tom lent us his hall", "it worked out well"),
    "topic": ("invitations", "offers", "make an invite", "the Nexus", "needs", "join a group"),
}
_MODERATED = {
    "pause": ("30 seconds", "a minute", "10s", "five minutes", "1m"),
    "reason": ("spamming", "insults", "he keeps posting scams", "trolling", "bad language"),
    "text": ("he said sorry", "I was not there", "ban evasion", "insults in two rooms", "it was a joke"),
    "answer": ("it was clear", "sorry for that", "the rule is the rule"),
}


def fill(operation: Operation, phrase: str, number: int) -> str:
    """A phrasing with values in its slots; `number` picks them."""

    def value(match: re.Match[str]) -> str:
        parameter = operation.parameter(match[1])
        values: tuple[str, ...] = _TOPICS
        if operation.name in MODERATION and match[1] in _MODERATED:
            values = _MODERATED[match[1]]
        elif match[1] in _BY_NAME:
            values = _BY_NAME[match[1]]
        elif parameter is not None and parameter.field.kind == "choice":
            options: tuple[str, ...] = parameter.field.options  # type: ignore[attr-defined]
            values = tuple(options) if match[1] != "kind" else ("needs", "offers", "thoughts", "notes")
        elif isinstance(field := parameter.field if parameter is not None else None, Amount) and not field.money:
            values = _TIMES
        elif parameter is not None:
            values = _BY_KIND.get(parameter.field.kind, _TOPICS)
        return values[(number * 7 + len(phrase) * 3) % len(values)]

    return _SLOT.sub(value, phrase)


def examples(registry: Registry) -> Iterator[tuple[str, str]]:
    """Sentences with the name of what they ask for."""
    for operation in registry:
        for phrase in operation.says:
            variants = FILLINGS if "{" in phrase else 1
            for number in range(variants):
                said = fill(operation, phrase, number)
                yield said, operation.name
                if number == 1:
                    yield said.lower().rstrip("?!."), operation.name
                if number == 2 and phrase.split()[0].lower() in _IMPERATIVE:
                    yield f"could you {said[0].lower()}{said[1:]} please?", operation.name
                if number == 0 and phrase.split()[0].lower() in _IMPERATIVE:
                    yield f"I'd like to {said[0].lower()}{said[1:]}", operation.name
            yield _shaken(operation, phrase, 1), operation.name
    for said, name in sayings():
        if name in registry or name == NOTHING_ASKED:
            yield said, name
            yield said.lower().rstrip("?!."), name
    for said in _nothing():
        yield said, NOTHING_ASKED
        yield said.lower().rstrip("?!."), NOTHING_ASKED


def sayings() -> Iterator[tuple[str, str]]:
    """Whole sentences as people of many kinds wrote them, with what each asks for."""
    for line in SAYINGS.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        yield entry["text"], entry["operation"] or NOTHING_ASKED


def _nothing() -> list[str]:
    return NOTHING.read_text(encoding="utf-8").splitlines()


def _shaken(operation: Operation, phrase: str, number: int) -> str:
    """The phrase without one of its words (not a slot), so that no single word decides."""
    pieces = phrase.split()
    plain = [i for i, piece in enumerate(pieces) if "{" not in piece]
    if len(plain) > 3:
        del pieces[plain[(len(phrase) * 5 + number) % len(plain)]]
    return fill(operation, " ".join(pieces), number)


_IMPERATIVE = frozenset(
    "create make start set open add build launch spin show list give tell join sign enroll switch go leave "
    "move put rename change archive close shut promote appoint assign grant take remove demote revoke strip "
    "invite generate accept redeem use withdraw cancel kill delete approve let admit reject decline refuse "
    "deny keep note remember write jot save post search find look recommend introduce link connect merge "
    "unlink disconnect separate bind attach tie unbind detach forget erase throw drop discard warn ban kick mute "
    "timeout silence unban pardon purge clear wipe lock unlock freeze slow report flag dismiss appeal uphold overturn "
    "quash overrule undo revert reverse".split()
)


def train(registry: Registry) -> Classifier:
    """A classifier for the operations of a registry."""
    said = list(dict.fromkeys(examples(registry)))
    known = vocabulary_of(split(re.sub(r"\{\w+\}", "·", p)) for o in registry for p in o.says)
    often: dict[str, int] = {}
    for sentence in _nothing():
        for part in vocabulary_of([split(sentence)]):
            often[part] = often.get(part, 0) + 1
    for sentence, _ in sayings():
        for part in vocabulary_of([split(sentence)]):
            often[part] = often.get(part, 0) + 1
    vocabulary = known | {part for part, count in often.items() if count > 1}
    classes = sorted({name for _, name in said})
    number = {name: i for i, name in enumerate(classes)}
    data = []
    for sentence, name in said:
        words = split(sentence)
        words = words[after_greeting(words) :] or words
        data.append((sorted(features(words, vocabulary, core_of(words))), number[name]))
    weights = _descend(data, len(classes))
    kept = {
        feature: {i: w for i, w in row.items() if abs(w) > SMALLEST}
        for feature, row in sorted(weights.items())
        if any(abs(w) > SMALLEST for w in row.values())
    }
    return Classifier(tuple(classes), vocabulary, kept, fingerprint(registry))


def _descend(data: list[tuple[list[str], int]], count: int) -> dict[str, dict[int, float]]:
    """AdaGrad over sparse rows: a feature has a weight only for the classes that it was once mistaken about.

    Sums are written out: sum() rounds otherwise since Python 3.12, and the weights must not differ.
    """
    order = random.Random(7)  # noqa: S311 (a fixed shuffle, no secret)
    seen = Counter(f for found, _ in data for f in found)
    data = [([f for f in found if seen[f] > RARE], right) for found, right in data]
    weights: dict[str, dict[int, float]] = {f: {} for f, times in seen.items() if times > RARE}
    steps: dict[str, dict[int, float]] = {f: {} for f in weights}
    for _ in range(EPOCHS):
        order.shuffle(data)
        for found, right in data:
            scale = 1 / math.sqrt(len(found))
            scores = [0.0] * count
            for f in found:
                for i, weight in weights[f].items():
                    scores[i] += weight
            top = max(scores)
            raised = [math.exp((s - top) * scale) for s in scores]
            total = reduce(add, raised)
            least = LEAST_ERROR * total
            errors = [(i, r / total) for i, r in enumerate(raised) if r > least and i != right]
            short = raised[right] / total - 1
            if short < -LEAST_ERROR:
                errors.append((right, short))
            for f in found if errors else ():
                row, step = weights[f], steps[f]
                for i, error in errors:
                    old = row.get(i, 0.0)
                    gradient = error * scale + DECAY * old
                    step[i] = squares = step.get(i, 1e-2) + gradient * gradient
                    row[i] = old - RATE * gradient / math.sqrt(squares)
    return weights


def main() -> None:
    """Write the weights."""
    from core.catalogue import REGISTRY

    Path(FILE).write_text(train(REGISTRY).dump(), encoding="utf-8")


if __name__ == "__main__":
    main()
