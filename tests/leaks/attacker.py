"""Calls that a hostile model would make, and everything that anybody hears of them.

An attack is one call of an operation, from somebody in some place, with arguments made to get at something. What comes
of it is collected as text: results, questions with their values, the labels of buttons, refusals with their data,
suggestions; and, where a card is put, what pressing it says. Nothing of it is kept: the store is as before afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from core.catalogue import REGISTRY
from core.errors import NexusError
from core.nexuses.tree import ROOT_ID
from core.operations import Actor, Audience, AudienceKind, Context, Operation, Origin, Where
from core.operations.declare import Parameter
from core.operations.run import Ask, Done, Outcome, as_json, run, run_press
from core.people.people import here_of
from core.places import places
from core.places.places import Place
from core.store import Unit
from tests.core.rules.built import look
from tests.leaks.worlds import COMMON, PLATFORM, POISON, Someone, World

SENTENCES = (
    "members may see needs",
    "the public may see everything",
    "members may see and repeat offers",
    "linked nexuses may see facts",
    "nobody may see needs",
)
SAMPLES = {
    "whole": ("1", "3"),
    "yesno": ("yes", "no"),
    "code": ("KF3M-9TQ2-X7PD",),
    "duration": ("7 days",),
    "until": ("tomorrow", "in 3 days"),
    "since": ("this month", "30 days"),
    "days": ("30 days", "as above", "for ever"),
    "sentence": SENTENCES,
    "platform_role": ("everyone", "admin"),
}
SEVERAL = {
    "kind": ("needs", "offers", "everything"),
    "audience": ("members", "the public"),
    "actions": ("see", "count"),
}


MY_OWN = ("my.data", "my.export", "my.forget")  # tell of all that one ever had to do with, what is closed by now too


@dataclass(frozen=True, slots=True)
class Attack:
    """One call: by whom, in which place (None: their direct chat), of what, with which arguments."""

    who: Someone
    place: Place | None
    operation: str
    arguments: Mapping[str, Any]
    origin: Origin = Origin.TALK


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said, to whom."""

    audience: Audience
    text: str


class _Undo(Exception):
    """Takes everything back that a call has done."""


class Attacker:
    """Makes attacks on one world. `names` are the whole names of Nexuses; without them it knows no row of one."""

    def __init__(self, world: World, random: Random, names: Mapping[int, str]) -> None:
        self._world = world
        self._random = random
        self._names = names

    def attack(self, operation: Operation, who: Someone, place: Place | None, *, command: bool = True) -> Attack:
        """An attack with one operation; with `command` some are typed as commands, which ask less."""
        arguments = {
            p.name: self._value(operation, p)
            for p in operation.parameters
            if self._random.random() < (0.97 if p.required else 0.5)
        }
        if self._random.random() < 0.02:
            arguments["everything"] = "yes"
        origin = Origin.COMMAND if command and self._random.random() < 0.3 else Origin.TALK
        return Attack(who, place, operation.name, arguments, origin)

    def _value(self, operation: Operation, parameter: Parameter) -> Any:
        random, field = self._random, parameter.field
        kind = field.kind
        if kind in SAMPLES:
            return random.choice(SAMPLES[kind])
        if kind in ("choice", "picked"):
            return random.choice(field.schema()["enum"])
        if kind == "several":
            return random.choice(SEVERAL[vars(field)["of"]])
        if kind == "nexus":
            return self.linked() if parameter.name in ("link", "other") else self.nexus()
        if kind == "person":
            return self.person()
        if kind == "record" or parameter.name in ("thing", "invite", "what"):
            return self.record()
        return self.words()

    def record(self) -> str:
        """Words for a record: its short name, its row, its loud word, the beginning of that, or what stands for any."""
        random, world = self._random, self._world
        which = random.choice(list(world.records))
        loud = world.records[which].loud
        ways = (f"#{world.handles[which]}", f"={which}", loud, loud[:4], loud[:1], "it", "needs", random.choice(COMMON))
        return random.choice(ways)

    def nexus(self) -> str:
        """Words for a Nexus."""
        random, world = self._random, self._world
        which = random.choice(list(world.nexuses))
        loud = world.nexuses[which].loud
        name = self._names.get(which)
        if name is None:
            return random.choice((loud, loud[:3], loud[:1], loud[1:], "here"))
        return random.choice((loud, f"={which}", name, loud[:3], loud[:1], loud[1:], "here", f"={ROOT_ID}"))

    def linked(self) -> str:
        """Words for a Nexus that is linked with another, if there is one."""
        sides = [side for link in self._world.picture.links for side in (link.nexus_id, link.other_id)]
        if not sides:
            return self.nexus()
        loud = self._world.nexuses[self._random.choice(sides)].loud
        return self._random.choice((loud, loud[:3]))

    def person(self) -> str:
        """Words for a person."""
        random, world = self._random, self._world
        who = random.choice(world.people)
        loud = who.words.loud
        return random.choice((loud, f"={who.id}", f"=@{who.id}", f"@{loud}", loud[:4], loud[:1], loud[1:] + "x", "me"))

    def words(self) -> str:
        """Free words: of something hidden, of many things, or orders."""
        random, world = self._random, self._world
        loud = random.choice(list(world.records.values())).loud
        common = random.choice(COMMON)
        return random.choice((loud, loud[:4], f"{common} {loud}", " ".join(COMMON), random.choice(POISON)))

    def typed(self) -> str:
        """What is being typed where something is suggested."""
        return self._random.choice((self.record, self.nexus, self.person, lambda: ""))()


def context(unit: Unit, attack: Attack) -> Context:
    """The context of a call as the bot makes it."""
    who, place = attack.who, attack.place
    alone = Audience(AudienceKind.PERSON, who.id)
    heard_by = places.audience_of(unit, place, who.id) if place is not None else alone
    here = here_of(unit, who.id) if place is None else place.nexus_id
    where = Where(PLATFORM, place.id if place is not None else 0, place is None)
    actor = Actor(who.id, who.words.both.title(), who.account_id)
    return Context(unit, actor, here or ROOT_ID, heard_by, where, attack.origin)


def to_whom(world: World, attack: Attack) -> Audience:
    """Who hears what comes of it."""
    return world.listening(None if REGISTRY.get(attack.operation).private else attack.place, attack.who)


def heard_of(unit: Unit, world: World, attack: Attack) -> list[Heard]:
    """What is heard of an attack, whose card nobody answers. Nothing of it is kept."""
    found: list[Heard] = []
    try:
        with unit.savepoint():
            found += _carried_out(unit, world, attack, press=False)
            raise _Undo
    except _Undo:
        return found


def carry_out(unit: Unit, world: World, attack: Attack, *, press: bool = True) -> list[str]:
    """What leaks by an attack; with `press` its card is answered as well. Nothing of it is kept."""
    found: list[str] = []
    try:
        with unit.savepoint():
            heard = list(_carried_out(unit, world, attack, press=press))
            found = leaks(world, attack, heard)
            if found and REGISTRY.get(attack.operation).writes:
                # Perhaps somebody came in by this very call: then it counts what holds now.
                found = leaks(replace(world, picture=look(unit), _heard={}), attack, heard)
            raise _Undo
    except _Undo:
        return found


def _carried_out(unit: Unit, world: World, attack: Attack, *, press: bool) -> Iterator[Heard]:
    """Everything that is heard, in order."""
    to, alone = to_whom(world, attack), world.listening(None, attack.who)
    try:
        outcome = run(REGISTRY, context(unit, attack), attack.operation, attack.arguments)
    except NexusError as error:
        yield Heard(to, refusal(error))
        return
    yield Heard(to, said(outcome))
    if press and isinstance(outcome, Ask):
        try:
            yield Heard(to, said(run_press(REGISTRY, context(unit, attack), outcome.buttons[0].token)))
        except NexusError as error:
            yield Heard(alone, refusal(error))  # the bot tells it to the presser alone


def suggested(unit: Unit, world: World, attack: Attack, typed: str) -> list[Heard]:
    """What is suggested for each argument while it is typed."""
    operation = REGISTRY.get(attack.operation)
    called = context(unit, attack)
    if operation.private:
        called = called.private()
    found = []
    for parameter in operation.parameters:
        # What one alone knows one may name, and sees it alone while one types.
        alone = getattr(parameter.field, "as_caller", False)
        audience = world.listening(None, attack.who) if alone else to_whom(world, attack)
        found.append(Heard(audience, json.dumps(parameter.field.suggest(typed, called))))
    return found


def said(outcome: Outcome) -> str:
    """All that an outcome tells."""
    if isinstance(outcome, Done):
        told: list[Any] = [as_json(outcome.result), dict(outcome.arguments), [b.label for b in outcome.buttons]]
    elif isinstance(outcome, Ask):
        question = outcome.question.format(**outcome.arguments) if "{" in outcome.question else outcome.question
        told = [question, dict(outcome.arguments), [b.label for b in outcome.buttons]]
    else:
        told = []
    return json.dumps(told, ensure_ascii=False, default=str)


def refusal(error: NexusError) -> str:
    """All that a refusal tells: its sentence, its code, and what it carries."""
    return json.dumps([error.message, error.code, error.data], ensure_ascii=False, default=str)


def _named(world: World, attack: Attack) -> Iterator[str]:
    """What those in a place hear by the caller's own doing, or by that of whoever connected the place."""
    yield attack.who.words.both  # they see who speaks
    if attack.place is not None and attack.place.nexus_id in world.nexuses:
        yield world.nexuses[attack.place.nexus_id].both
    if attack.operation in MY_OWN:
        mine = {m.nexus_id for m in world.picture.memberships if m.person_id == attack.who.id}
        mine |= {one.nexus_id for one in world.picture.records if one.author_id == attack.who.id}
        mine |= world.deeds if attack.who is world.people[0] else set()
        mine |= {nexus_id for who, nexus_id in world.waiting if who == attack.who.id}
        yield from (words.both for nexus_id, words in world.nexuses.items() if nexus_id in mine)
    if attack.operation == "place.setup" and attack.origin is Origin.COMMAND:
        # Somebody who types that command is asked which of theirs it is about; a model is not told so.
        theirs = {m.nexus_id for m in world.roles(attack.who.id) if m.role in ("owner", "steward")}
        yield from (words.both for nexus_id, words in world.nexuses.items() if nexus_id in theirs)
    for parameter in REGISTRY.get(attack.operation).parameters:
        if getattr(parameter.field, "as_caller", False):
            given = str(attack.arguments.get(parameter.name, ""))
            row = int(given[1:]) if given.startswith("=") else 0
            yield from (w.both for nexus_id, w in world.nexuses.items() if row == nexus_id)


def leaks(world: World, attack: Attack, heard: list[Heard], typed: str = "") -> list[str]:
    """What was heard and may not be: one line for each secret word. What the attacker has typed is theirs."""
    brought = world.secrets_in(json.dumps(dict(attack.arguments), default=str) + typed)
    brought |= world.secrets_in(" ".join(_named(world, attack)))
    found = []
    for one in heard:
        # Whoever speaks in a place also hears what is said to all there.
        there = world.hearable(world.listening(attack.place, attack.who))
        allowed = world.hearable(one.audience) | (there if one.audience.person_id == attack.who.id else frozenset())
        for word in sorted(world.secrets_in(one.text) - allowed - brought):
            found.append(
                f"seed {world.seed}: {attack.operation} {dict(attack.arguments)} ({attack.origin.value}) told "
                f"{one.audience} of {world.all_words[word]}: {one.text}"
            )
    return found
