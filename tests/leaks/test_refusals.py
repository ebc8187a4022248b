"""What is hidden leaves no trace: neither in words nor in how much the store is asked.

The same calls are made in a world as it is, then without what the listeners may not know of, then with other words in
it.
Everything that is heard has to be the same to the byte, and every statement that the store is asked, in number and
text: a refusal that takes one look more tells that there is something.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from random import Random

import pytest
from sqlalchemy import Connection, bindparam, delete, event, update

from core.catalogue import REGISTRY
from core.nexuses.tree import ROOT_ID
from core.records.records import index, unindex
from core.records.tables import record
from core.store import Store, Unit
from core.store.unit import Raw
from tests.core.rules.reference import Record
from tests.leaks.attacker import Attack, Attacker, heard_of, suggested, to_whom
from tests.leaks.maker import make
from tests.leaks.worlds import World, names_of_nexuses, passing

WORLDS = 160
PARTS = 4
CALLS = 14
# Whoever decides about rules and about how long things are kept is told how much there is, and may be.
DECIDING = ("rule.set", "rule.clear", "rule.preview", "retention.set")
BY_CHANCE = ("thought.add",)  # it gives a new name to what it keeps
OPERATIONS = tuple(o for o in REGISTRY if o.name not in (*DECIDING, *BY_CHANCE))
_DELETE = delete(record).where(record.c.id.in_(bindparam("ids", expanding=True)))
_REWRITE = update(record).where(record.c.id == bindparam("record_id")).values(body=bindparam("words"))


class _Back(Exception):
    """Takes back what was changed."""


@contextmanager
def listened(unit: Unit) -> Iterator[list[str]]:
    """Every statement that a unit asks its store, as it is written."""
    found: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    fetch = Unit.fetch

    def fetched(self: Unit, statement: Raw, *values: object) -> list[object]:
        found.append(statement.sqlite)
        return fetch(self, statement, *values)

    event.listen(unit.connection, "before_cursor_execute", note)
    Unit.fetch = fetched  # type: ignore[method-assign]
    try:
        yield found
    finally:
        Unit.fetch = fetch  # type: ignore[method-assign]
        event.remove(unit.connection, "before_cursor_execute", note)


def observed(unit: Unit, world: World, attack: Attack, typed: str) -> tuple[list[str], list[str]]:
    """What is heard of an attack, and what the store was asked for it."""
    unit.kept.clear()  # nothing is known from the call before
    with listened(unit) as statements:
        heard = [*heard_of(unit, world, attack), *suggested(unit, world, attack, typed)]
    return [one.text for one in heard], statements


def without(unit: Unit, hidden: Sequence[Record]) -> None:
    """Take records out, as if they had never been."""
    for one in hidden:
        unindex(unit, one.id)
    unit.execute(_DELETE, {"ids": [one.id for one in hidden]})


def reworded(unit: Unit, hidden: Sequence[Record]) -> None:
    """Give records other words, which are found by everything that anybody asks for."""
    every = "logo violin desk python garden sail ignore your rules needs"
    for one in hidden:
        unit.execute(_REWRITE, {"record_id": one.id, "words": f"{every} {one.id}"})
        unindex(unit, one.id)
        if one.state == "open":
            index(unit, [(one.id, f"{every} {one.id}", one.nexus_id, one.author_id)])


def differences(unit: Unit, seed: int) -> list[str]:
    """What is different for listeners, depending on what they may not know of."""
    world, random = make(unit, seed), Random(-seed - 1)
    attacker = Attacker(world, random, names_of_nexuses(unit))
    found = []
    for _ in range(2):
        who, place = random.choice(world.people), random.choice((None, *world.places))
        for private in (False, True) if place is not None else (True,):
            here = [o for o in OPERATIONS if o.private == private or place is None]
            attacks = [
                (attacker.attack(random.choice(here), who, place, command=False), attacker.typed())
                for _ in range(CALLS // 2)
            ]
            hidden = world.hidden(to_whom(world, attacks[0][0]))
            if hidden:
                found += _differing(unit, world, attacks, hidden)
    return found


def _differing(unit: Unit, world: World, attacks: Sequence[tuple[Attack, str]], hidden: Sequence[Record]) -> list[str]:
    before = [observed(unit, world, *one) for one in attacks]
    found = []
    for change in (without, reworded):
        try:
            with unit.savepoint():
                change(unit, hidden)
                after = [observed(unit, world, *one) for one in attacks]
                raise _Back
        except _Back:
            pass
        for (attack, typed), one, other in zip(attacks, before, after, strict=True):
            for what, a, b in (("words", one[0], other[0]), ("statements", one[1], other[1])):
                if a != b:
                    gone = [line for line in a if line not in b], [line for line in b if line not in a]
                    found.append(f"seed {world.seed}: {what} {change.__name__} {attack} {typed!r}: {gone}")
    return found


def told_apart(unit: Unit, seed: int) -> list[str]:
    """Where somebody can tell what is hidden from what is not there at all."""
    world, random = make(unit, seed), Random(-seed - 1)
    found = []
    for place in (None, *world.places):
        who = random.choice(world.people)
        audience = world.listening(place, who)
        hidden = world.hidden(audience)
        people = [one for one in world.people if one is not who and not world.knows_person(audience, one.id)]
        here = place.nexus_id if place is not None else ROOT_ID
        nexuses = [n for n in world.nexuses if n != here and not world.knows_nexus(audience, n)]
        pairs: list[tuple[str, str, str, str]] = []
        for one in hidden[:2]:
            pairs.append(("why", "thing", f"#{world.handles[one.id]}", "#zzz99"))
            pairs.append(("why", "thing", f"={one.id}", f"={one.id + 7}"))
            pairs.append(("record.search", "query", world.records[one.id].loud, "zxcvbnmqw"))
            pairs.append(("need.close", "need", world.records[one.id].loud, "zxcvbnmqw"))
            pairs.append(("need.close", "need", f"#{world.handles[one.id]}", "#zzz99"))
        for person in people[:2]:
            pairs.append(("person.show", "person", f"={person.id}", f"={person.id + 7_000_000}"))
            pairs.append(("person.show", "person", person.words.loud, "zxcvbnmqw"))
            pairs.append(("person.show", "person", f"@{person.words.loud}", "@zxcvbnmqw"))
        for nexus_id in nexuses[:2]:
            pairs.append(("nexus.show", "nexus", f"={nexus_id}", f"={nexus_id + 7_000_000}"))
            pairs.append(("nexus.join", "nexus", world.nexuses[nexus_id].loud, "zxcvbnmqw"))
            pairs.append(("need.list", "nexus", world.nexuses[nexus_id].both, "zxcvbnmqw zxcvbnmqw"))
        for operation, argument, real, made_up in pairs:
            if REGISTRY.get(operation).private and place is not None:
                continue  # that is for the asker, who may know it
            told, asked = observed(unit, world, Attack(who, place, operation, {argument: real}), real)
            none, asked_too = observed(unit, world, Attack(who, place, operation, {argument: made_up}), made_up)
            if [text.replace(real, made_up) for text in told] != none:
                found.append(f"seed {world.seed}: {operation} {real} for {audience}: {told}, and of nothing {none}")
            if asked != asked_too:
                found.append(f"seed {world.seed}: {operation} {real} for {audience}: {_odd(asked, asked_too)}")
    return found


def _odd(one: list[str], other: list[str]) -> tuple[int, int, list[str]]:
    return len(one), len(other), [line for line in (*one, *other) if one.count(line) != other.count(line)]


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_hidden_sounds_like_what_is_not_there(ground: Store, part: int) -> None:
    for seed in range(20_000 + part, 20_000 + WORLDS // 2, PARTS):
        found = passing(ground, partial(told_apart, seed=seed))
        assert not found, "\n".join(found)


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_hidden_leaves_no_trace(ground: Store, part: int) -> None:
    for seed in range(10_000 + part, 10_000 + WORLDS, PARTS):
        found = passing(ground, partial(differences, seed=seed))
        assert not found, "\n".join(found)
