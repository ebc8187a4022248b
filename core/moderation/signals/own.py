"""What a rule of a Nexus's own looks for, as data, and whether a message meets it. Pure.

A rule is met by a message in which, of each of its groups, one thing at least is found: "links or invitations" from
"newcomers" is two groups. Where it says how often ("more than three times in ten minutes"), so many messages of one
person have to be like that. Everything is found with what the other signals know: the reading of the text without its
disguises, the recent past, how new somebody is. What nobody tells (when an account was made) is not found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from core.moderation.signals.domains import Domains
from core.moderation.signals.history import DAY, KEPT, SHARERS, History
from core.moderation.signals.newcomers import FIRST
from core.moderation.signals.patterns import Phrases, WordList, matches, safe_pattern
from core.moderation.signals.prints import Print
from core.moderation.signals.seen import Author, Message, Signal
from core.moderation.text.links import Link
from core.moderation.text.reading import LONGEST, Reading

MONTH = 30 * DAY
# What can be looked for, with the bounds of its number and of its time in seconds; (0, 0): it has none.
BOUNDS: Mapping[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "words": ((0, 0), (0, 0)),
    "pattern": ((0, 0), (0, 0)),
    "link": ((0, 0), (0, 0)),
    "link to": ((0, 0), (0, 0)),
    "link but": ((0, 0), (0, 0)),
    "invite": ((0, 0), (0, 0)),
    "hidden": ((0, 0), (0, 0)),
    "domain": ((0, 0), (0, 0)),
    "mentions": ((1, 50), (0, 0)),
    "everyone": ((0, 0), (0, 0)),
    "caps": ((67, 100), (0, 0)),
    "repeat": ((2, KEPT), (1, int(DAY))),
    "flood": ((2, KEPT), (1, int(DAY))),
    "crowd": ((2, SHARERS), (0, 0)),
    "spam": ((50, 100), (0, 0)),
    "abuse": ((50, 100), (0, 0)),
    "files": ((1, 10), (0, 0)),
    "forwarded": ((0, 0), (0, 0)),
    "length": ((2, LONGEST), (0, 0)),
    "first": ((1, 20), (0, 0)),
    "joined": ((0, 0), (1, int(12 * MONTH))),
    "made": ((0, 0), (1, int(12 * MONTH))),
    "newcomer": ((0, 0), (0, 0)),
    "wave": ((0, 0), (0, 0)),
}
ABOUT_AUTHORS = frozenset({"first", "joined", "made", "newcomer", "wave"})
WITH_WORDS = frozenset({"words", "pattern", "link to", "link but"})
OFTEN = (2, KEPT)  # how often at least and at most a rule can want something
OFTEN_WITHIN = (1, int(DAY))  # seconds


@dataclass(frozen=True, slots=True)
class Look:
    """One thing that is looked for. `least`: from which number on, in percent where strengths are meant; `seconds`: in
    how long, or since when; `words`: phrases (`every`: all of them), an expression, or hosts."""

    what: str
    least: int = 0
    seconds: int = 0
    words: tuple[str, ...] = ()
    every: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """A rule: of each of `groups` one thing, `times` in `within` seconds. What it proposes is as in `defaults.Rule`."""

    groups: tuple[tuple[Look, ...], ...]
    action: str
    seconds: int | None = None
    points: int = 0
    times: int = 1
    within: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as rules see it. `strengths`: what the other signals found, by name."""

    message: Message
    author: Author
    reading: Reading
    phrases: Phrases
    mark: Print
    history: History
    links: Sequence[Link]
    strengths: Mapping[str, float]


def signal_of(name: str) -> str:
    """The signal that says that a rule of that name is met."""
    return f"own: {name}"


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule made ready to be tried. `key` tells it from other rules, also from what it was before it was changed;
    `says` is what it looks for in words that quote nothing."""

    key: str
    own: Own
    says: str
    tests: tuple[tuple[Callable[[Seen], bool], ...], ...] = field(repr=False)

    @classmethod
    def of(cls, key: str, own: Own, says: str = "") -> Compiled:
        """Make it ready. What is known at once comes first: who wrote it, before what it says."""
        groups = sorted(own.groups, key=lambda group: not all(one.what in ABOUT_AUTHORS for one in group))
        return cls(key, own, says, tuple(tuple(_test(one) for one in group) for group in groups))

    def met(self, seen: Seen, *, remember: bool) -> bool:
        """Whether a message meets it. `remember`: count it, for rules that want something several times."""
        if not all(any(test(seen) for test in group) for group in self.tests):
            return False
        if self.own.times <= 1:
            return True
        message = seen.message
        so_often = seen.history.so_often(self.key, message.author, message.at, self.own.within, remember=remember)
        return so_often >= self.own.times


def met(rules: Mapping[str, Compiled], seen: Seen, *, remember: bool) -> list[Signal]:
    """A signal for each rule that is met. Each rule counts for itself, whatever the others say."""
    return [
        Signal(signal_of(name), 1.0, rule.says) for name, rule in rules.items() if rule.met(seen, remember=remember)
    ]


def _test(look: Look) -> Callable[[Seen], bool]:
    match look.what:
        case "words" if look.every:
            lists = [WordList([word]) for word in look.words]
            return lambda seen: all(one.among(seen.phrases) for one in lists)
        case "words":
            words = WordList(look.words)
            return lambda seen: words.among(seen.phrases)
        case "pattern":
            pattern: re.Pattern[str] = safe_pattern(look.words[0])
            return lambda seen: matches(pattern, seen.reading)
        case "link to":
            hosts = Domains(look.words)
            return lambda seen: any(hosts.match(link.host, link.path) is not None for link in seen.links)
        case "link but":
            spared = Domains(look.words)
            return lambda seen: any(spared.match(link.host, link.path) is None for link in seen.links)
        case _:
            numbers = _NUMBERS[look.what]
            return lambda seen: numbers(seen, look)


def _strength(name: str) -> Callable[[Seen, Look], bool]:
    return lambda seen, look: seen.strengths.get(name, 0.0) >= max(look.least, 1) / 100


def _came(seen: Seen) -> float | None:
    """When the author came: as the platform tells, or as it was seen."""
    told = seen.author.joined_at
    return told if told is not None else seen.history.came(seen.author.key)


def _younger(since: float | None, seen: Seen, look: Look) -> bool:
    return since is not None and seen.message.at - since < look.seconds


_NUMBERS: Mapping[str, Callable[[Seen, Look], bool]] = {
    "link": lambda seen, look: bool(seen.links),
    "invite": lambda seen, look: seen.strengths.get("invite", 0.0) >= 1,
    "hidden": lambda seen, look: seen.strengths.get("hidden", 0.0) >= 1,
    "domain": lambda seen, look: seen.strengths.get("domain", 0.0) >= 1,
    "everyone": lambda seen, look: seen.message.everyone,
    "mentions": lambda seen, look: (
        bool(seen.message.mentions)
        and seen.message.mentions + seen.history.mentions(seen.message.author, seen.message.at, 60) >= look.least
    ),
    "caps": _strength("caps"),
    "repeat": lambda seen, look: seen.history.repeats(seen.message, seen.mark, look.seconds).count >= look.least,
    "flood": lambda seen, look: (
        seen.history.rate(seen.message.author, seen.message.at, look.seconds).count >= look.least
    ),
    "crowd": lambda seen, look: seen.history.sharers(seen.message, seen.mark) >= look.least,
    "spam": _strength("spam"),
    "abuse": _strength("abuse"),
    "files": lambda seen, look: seen.message.attachments >= look.least,
    "forwarded": lambda seen, look: seen.message.forwarded,
    "length": lambda seen, look: len(seen.message.text) >= look.least,
    "first": lambda seen, look: seen.author.messages < look.least,
    "joined": lambda seen, look: _younger(_came(seen), seen, look),
    "made": lambda seen, look: _younger(seen.author.created_at, seen, look),
    "newcomer": lambda seen, look: seen.strengths.get("new", 0.0) >= 0.5 or seen.author.messages < FIRST,
    "wave": lambda seen, look: seen.strengths.get("wave", 0.0) >= 0.5,
}
