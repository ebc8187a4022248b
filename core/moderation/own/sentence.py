"""What people say about messages, as a rule: "delete messages with 'free nitro' from people who joined today". Pure.

A sentence says what to do and what to look for. Things joined by "or" are alternatives; what is joined in any other way
has to come together. A word that is not understood is named and never passed over, and what can be read in two ways is
asked: a rule is no place for guesses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.errors import N_
from core.moderation.own import phrases
from core.moderation.own.looks import Looking, check_look
from core.moderation.own.tokens import Token, length_at, starts, tokens_of
from core.moderation.signals.defaults import DEFAULT_RULES
from core.moderation.signals.own import ABOUT_AUTHORS, OFTEN, OFTEN_WITHIN, Look

LONGEST_NAME = 30
MOST_LOOKS = 8  # that one rule may look for
MOST_POINTS = 10
POINTS = {"note": 0, "delete": 1, "warn": 1, "timeout": 2, "kick": 3, "ban": 4}
TIMED = {"timeout": (60, 28 * 86_400), "ban": (3600, 366 * 86_400)}  # actions with a length, and its bounds in seconds
USUAL_TIMEOUT = 3600
_NAME = r"[“\"'‘`«]?([\w][\w \-]{0,40}?)[”\"'’`»]?"
_CALLED = re.compile(
    rf"[,;.]?\s*(?:\band\s+)?\b(?:call (?:it|this|that)|name (?:it|this)|called|named)\s+{_NAME}\s*[.!]?$", re.I
)
_RULE = re.compile(
    rf"^(?:please\s+)?(?:(?:make|add|set up|set|draft|create|write|new|change|replace|update|a|an|the|our|own|"
    rf"moderation|this)\s+)*rule(?:\s+(?:called\s+|named\s+)?{_NAME}(?:\s+rule)?(?:\s+to)?)?\s*[:,]\s*",
    re.I,
)  # fmt: skip
_POLITE = re.compile(
    r"^(?:(?:hey|hi|please|can you|could you|would you|will you|you should|i want you to|i would like you to|i want to|"
    r"we want you to|we want to|we would like to|let's|let us|from now on),?\s+)+",
    re.I,
)
_HEADED = re.compile(rf"^(?:change|replace|update)\s+(?:the\s+)?{_NAME}(?:\s+rule)?(?:\s+to)?\s*:\s*", re.I)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a sentence cannot be a rule yet: a sentence for people, with its data."""

    template: str
    data: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as understood. `action` is "" where it says none; `points` and `seconds` are None where it leaves
    them out; `name` is what it is to be called. `problem`: what has to be said differently."""

    groups: tuple[tuple[Look, ...], ...] = ()
    action: str = ""
    seconds: int | None = None
    points: int | None = None
    times: int = 1
    within: int = 0
    name: str = ""
    problem: Problem | None = None


def read_rule(text: str) -> Said:
    """Read a sentence. Never raises: what is wrong with it is its `problem`."""
    text, name = _named(_POLITE.sub("", " ".join(text.split())))
    said = replace(_Reader(tokens_of(text)).read(), name=name)
    if said.problem is None and not said.groups:
        hint = N_("What shall I look for? Say it like “delete messages with ‘free nitro’ from newcomers”.")
        return replace(said, problem=Problem(hint))
    return said


def read_deed(text: str) -> Said:
    """Read what is to be done alone: "time out for 2h", "delete, 3 points"."""
    said = _Reader(tokens_of(text)).read()
    if said.problem is None and (said.groups or not said.action):
        return replace(said, problem=Problem(N_("I can delete, warn, time out, remove, ban, or ask you. Which?")))
    return said


def _named(text: str) -> tuple[str, str]:
    """The sentence without what it is to be called, and that."""
    name = ""
    head = _RULE.match(text) or _HEADED.match(text)
    if head is not None:
        text, name = text[head.end() :], head[1] or ""
    tail = _CALLED.search(text)
    if tail is not None:
        text, name = text[: tail.start()], tail[1]
    return text, " ".join(name.casefold().split())


@dataclass(slots=True)
class _Link:
    """How a look is joined to what stands before it."""

    comma: bool = False
    word: str = ""  # "and" | "or"


@dataclass(slots=True)
class _Found:
    looks: list[tuple[_Link, Look]] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    seconds: int | None = None
    points: int | None = None
    times: tuple[int, int] | None = None
    unclear: list[str] = field(default_factory=list)
    problem: Problem | None = None


class _Reader:
    """Reads the pieces of one sentence from left to right."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._looking = Looking(tokens)
        self._found = _Found()
        self._link = _Link()
        self._head = ""

    def read(self) -> Said:
        """All of it."""
        i = self._begin()
        steps: tuple[Callable[[int], int], ...] = (
            self._spared,
            self._points,
            self._length,
            self._times,
            self._look,
            self._action,
            self._joined,
            self._whoever,
        )
        while i < len(self._tokens):
            for step in steps:
                end = step(i)
                if end > i:
                    i = end
                    break
            else:
                token = self._tokens[i]
                if token.norm not in phrases.FILLERS or token.kind in ("quoted", "pattern"):
                    self._found.unclear.append(token.text)
                i += 1
        return self._said()

    def _begin(self) -> int:
        """A rule that every Nexus has may be named first: it says what to do ("mention bomb from 6 mentions on")."""
        i = starts(self._tokens, 0, "the, a")
        for name in DEFAULT_RULES:
            if starts(self._tokens, i, name):
                self._head = name
                # What is also a word for what is looked for stays.
                end = i + len(name.split())
                only = starts(self._tokens, end, "rule")
                return end + only if name in ("mention bomb", "raid", "unwanted words") else i
        return i

    def _spared(self, i: int) -> int:
        return i + starts(self._tokens, i, phrases.MODERATORS_SPARED)

    def _points(self, i: int) -> int:
        none = starts(self._tokens, i, phrases.NO_POINTS)
        if none:
            self._found.points = 0
            return i + none
        number = self._tokens[i].number
        if self._tokens[i].norm in ("a", "an"):
            number = 1
        if number is None or not starts(self._tokens, i + 1, phrases.POINTS):
            return i
        if number > MOST_POINTS:
            self._trouble(N_("A rule can give {most} points at most."), most=MOST_POINTS)
        self._found.points = min(number, MOST_POINTS)
        return i + 2

    def _length(self, i: int) -> int:
        """How long a timeout or a ban is to last."""
        if not self._found.actions or self._found.actions[-1] not in TIMED or self._found.seconds is not None:
            return i
        told = starts(self._tokens, i, phrases.FOR)
        seconds, end = length_at(self._tokens, i + told)
        if not seconds:
            return i
        if not told and self._found.looks:
            return i
        self._found.seconds = seconds
        return end

    def _times(self, i: int) -> int:
        read = self._looking.times(i)
        if read is None:
            return i
        times, within, end = read
        if self._found.times is not None:
            self._trouble(N_("That says twice how often. One rule for each, please."))
        elif not within:
            self._trouble(N_("How often, and within what time? Say “3 times in ten minutes”."))
        elif not (OFTEN[0] <= times <= OFTEN[1] and OFTEN_WITHIN[0] <= within <= OFTEN_WITHIN[1]):
            self._trouble(
                N_("I can count from {least} to {most} times, within a day at most."), least=OFTEN[0], most=OFTEN[1]
            )
        self._found.times = (times, within)
        return end

    def _look(self, i: int) -> int:
        read = self._looking.at(i)
        if read is None:
            return i
        look, end, why = read
        if why:
            self._trouble(why)
        else:
            wrong = check_look(look)
            if wrong is not None:
                self._trouble(wrong.template, **wrong.data)
        self._found.looks.append((self._link, look))
        self._link = _Link()
        return end

    def _action(self, i: int) -> int:
        for action, words in phrases.ACTIONS.items():
            many = starts(self._tokens, i, words)
            if not many:
                continue
            if action == "remove":
                action = "kick" if self._of_people(i + many) else "delete"
            elif action == "delete" and "warn" in (one.norm for one in self._tokens[i : i + many]):
                self._found.actions.append("warn")
            self._found.actions.append(action)
            self._link = _Link()
            return i + many
        return i

    def _of_people(self, i: int) -> bool:
        while i < len(self._tokens) and self._tokens[i].norm in ("the", "all", "any"):
            i += 1
        return bool(starts(self._tokens, i, phrases.PEOPLE))

    def _joined(self, i: int) -> int:
        if self._tokens[i].norm in (",", ";"):
            self._link.comma = True
            return i + 1
        for word, listed in (("or", phrases.OR), ("and", phrases.AND)):
            many = starts(self._tokens, i, listed)
            if many:
                self._link.word = word
                return i + many
        return i

    def _whoever(self, i: int) -> int:
        """Messages and people in general, which every rule is about."""
        for words in (phrases.PEOPLE, phrases.MESSAGES):
            many = starts(self._tokens, i, words)
            if many:
                return i + many
        return i

    def _trouble(self, template: str, **data: Any) -> None:
        if self._found.problem is None:
            self._found.problem = Problem(template, tuple(data.items()))

    def _said(self) -> Said:
        found = self._found
        groups = self._groups()
        action, seconds, points = self._deed()
        if found.unclear:
            template = N_("I did not understand “{words}” in that rule. Could you say it in other words?")
            if not any(look.what == "words" for _, look in found.looks):
                template = N_(
                    "I did not understand “{words}” in that rule. If I shall look for it, put it in quotation marks."
                )
            words = " ".join(found.unclear)
            found.problem = Problem(template, (("words", words if len(words) <= 80 else words[:79] + "…"),))
        times, within = found.times or (1, 0)
        return Said(groups, action, seconds, points, times, within, problem=found.problem)

    def _groups(self) -> tuple[tuple[Look, ...], ...]:
        looks = self._found.looks
        if len(looks) > MOST_LOOKS:
            self._trouble(N_("That is a lot for one rule. Make two of it, please."))
        self._ask_which_comes_together()
        groups: list[list[Look]] = []
        for link, look in looks:
            if groups and link.word == "or":
                if (look.what in ABOUT_AUTHORS) != (groups[-1][0].what in ABOUT_AUTHORS):
                    self._trouble(N_("“Or” between what is written and who writes it: make two rules of that, please."))
                groups[-1].append(look)
            else:
                groups.append([look])
        groups.sort(key=lambda group: group[0].what in ABOUT_AUTHORS)  # what is written first, then who writes it
        return tuple(_merged(group) for group in groups)

    def _ask_which_comes_together(self) -> None:
        """ "A and B or C" can be read in two ways; "A or B, and C" in one."""
        words = [link for link, look in self._found.looks[1:] if look.what not in ABOUT_AUTHORS]
        alternatives = [link for link in words if link.word == "or"]
        loose = [link for link in words if link.word == "and" and not link.comma]
        if alternatives and (loose or (any(one.comma for one in alternatives) and len(alternatives) < len(words))):
            self._trouble(
                N_("“And” together with “or” can be read in two ways. Set “and” apart by a comma, or make two rules.")
            )

    def _deed(self) -> tuple[str, int | None, int | None]:
        found = self._found
        several = list(dict.fromkeys(found.actions))
        harder = [one for one in several if one in ("timeout", "kick", "ban")]
        if len(several) == 2 and "delete" in several and (harder or "warn" in several):
            several = harder or [
                "delete"
            ]  # the message goes with any of these; a point for what is deleted is a warning
        if len(several) > 1:
            self._trouble(N_("One rule does one thing. Which of these: {actions}?"), actions=", ".join(several))
        action = several[0] if several else ""
        seconds, points = found.seconds, found.points
        if not action and self._head and found.problem is None:
            rule = DEFAULT_RULES[self._head]
            action = {"quarantine": "timeout"}.get(rule["action"], rule["action"])
            seconds = rule["seconds"] if seconds is None else seconds
            points = rule["points"] if points is None else points
        if seconds is not None and action in TIMED and not TIMED[action][0] <= seconds <= TIMED[action][1]:
            template = N_("A timeout can last from a minute to 28 days, a ban from an hour to a year.")
            self._trouble(template)
        return action, seconds, points


def _merged(group: Sequence[Look]) -> tuple[Look, ...]:
    """A group in which words that are alternatives are one look, and nothing stands twice."""
    words = [word for one in group if one.what == "words" and not one.every for word in one.words]
    kept: list[Look] = []
    for one in group:
        if one.what == "words" and not one.every:
            one = Look("words", words=tuple(dict.fromkeys(words)))
        if one not in kept:
            kept.append(one)
    return tuple(kept)
