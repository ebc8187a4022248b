"""Anything that can happen to a Nexus, in any order, by one process or two, undone or not: after each step the engine
has to say what the plain facts say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import delete, select, update

from core.clock import ManualClock
from core.errors import NexusError
from core.nexuses.members import add_role, leave, remove_role, suspend
from core.nexuses.roles import ROLES
from core.nexuses.tables import membership, nexus
from core.nexuses.tree import add_nexus, archive, move, nexus_of
from core.people.linking import merge
from core.records.records import add_record
from core.records.tables import record
from core.rules import consents, links, masks, rules
from core.rules.words import ALL, NOTHING, Action, pack_actions, spread
from core.store import Store, Unit
from tests.core.rules import checks
from tests.core.rules.built import build
from tests.core.rules.worlds import PEOPLE, SOON, make

AUDIENCES = ("public", "member", "sub-member", "ancestor-member", "linked-member", "steward", "guest")


class Undone(Exception):
    """Ends a unit without a trace."""


@dataclass(frozen=True)
class Several:
    """One store as several processes see it, with their common clock."""

    stores: Sequence[Store]
    clock: ManualClock


def _nexuses(unit: Unit) -> list[int]:
    return [row["id"] for row in unit.rows(select(nexus.c.id).order_by(nexus.c.id))]


def _nexus(unit: Unit, random: Random) -> int:
    return random.choice(_nexuses(unit))


def _add_nexus(unit: Unit, random: Random) -> None:
    known = _nexuses(unit)
    if len(known) < 10:
        add_nexus(unit, "One", parent_id=random.choice(known[-3:]), door="members")


def _move(unit: Unit, random: Random) -> None:
    moved = nexus_of(unit, random.choice(_nexuses(unit)[1:]))
    move(unit, moved, nexus_of(unit, _nexus(unit, random)))


def _archive(unit: Unit, random: Random) -> None:
    archive(unit, nexus_of(unit, random.choice(_nexuses(unit)[1:])))


def _join(unit: Unit, random: Random) -> None:
    add_role(unit, random.choice(PEOPLE), _nexus(unit, random), random.choice(ROLES), granted_by=1)


def _leave(unit: Unit, random: Random) -> None:
    leave(unit, random.choice(PEOPLE), nexus_of(unit, _nexus(unit, random)))


def _remove_role(unit: Unit, random: Random) -> None:
    held = unit.rows(select(membership).order_by(membership.c.person_id, membership.c.nexus_id, membership.c.role))
    if held:
        one = random.choice(held)
        remove_role(unit, one["person_id"], nexus_of(unit, one["nexus_id"]), one["role"])


def _suspend(unit: Unit, random: Random) -> None:
    suspend(unit, random.choice(PEOPLE), _nexus(unit, random))


def _by_hand(unit: Unit, random: Random) -> None:
    """What an operator does in SQL: nobody tells the engine."""
    one = membership.c.person_id == random.choice(PEOPLE)
    other = random.choice(PEOPLE)
    if random.random() < 0.5:
        unit.execute(delete(membership).where(one, membership.c.role == "member"))
    elif not unit.rows(select(membership.c.role).where(membership.c.person_id == other)):
        unit.execute(update(membership).where(one).values(person_id=other))


def _merge(unit: Unit, random: Random) -> None:
    """Two people turn out to be one."""
    merge(unit, old=random.choice(PEOPLE[2:]), new=random.choice(PEOPLE[:2]))


def _set_rule(unit: Unit, random: Random) -> None:
    effect = random.choice(("permit", "permit", "deny"))
    rules.set_rule(
        unit,
        _nexus(unit, random),
        kind=random.choice(("need", "offer", "*", "*")),
        audience=random.choice(AUDIENCES),
        actions=random.choice((pack_actions(Action), pack_actions([Action.SEE]), pack_actions([Action.QUOTE]))),
        effect=effect,
        scope=random.choice(("subtree", "subtree", "self")),
        locked=effect == "deny" and random.random() < 0.3,
        not_after=random.choice((None, None, unit.now + 1, unit.now + SOON)),
        by=1,
    )


def _clear_rules(unit: Unit, random: Random) -> None:
    rules.clear_rules(unit, _nexus(unit, random), kind=random.choice((None, "*", "need")))


def _apply_preset(unit: Unit, random: Random) -> None:
    rules.apply_preset(unit, _nexus(unit, random), random.choice(sorted(rules.PRESETS)), 1)


def _link(unit: Unit, random: Random) -> None:
    one, other = random.sample(_nexuses(unit), 2)
    found = links.link_between(unit, one, other)
    if found is None or found.state == "ended":
        links.propose(unit, one, other, by=1)
    elif found.state == "proposed":
        links.accept(unit, found.id, by=1)
    else:
        links.end(unit, found.id, by=1)


def _consent(unit: Unit, random: Random) -> None:
    word = random.choice((ALL, NOTHING, spread(0b11111, [Action.SEE]), ALL & ~spread(0b10, list(Action))))
    written = unit.rows(select(record.c.id, record.c.kind, record.c.author_id).order_by(record.c.id))
    if written and random.random() < 0.5:
        one = random.choice(written)
        consents.set_consent(unit, one["author_id"], kind=one["kind"], record_id=one["id"], word=word)
    else:
        consents.set_consent(unit, random.choice(PEOPLE), kind=random.choice(("*", "need")), word=word)


def _add_record(unit: Unit, random: Random) -> None:
    add_record(
        unit,
        random.choice(("need", "offer", "thought")),
        nexus_id=_nexus(unit, random),
        author_id=random.choice(PEOPLE),
        body="logo",
    )


def _end_what_is_over(unit: Unit, random: Random) -> None:
    masks.end_what_is_over(unit)


def _rebuild(unit: Unit, random: Random) -> None:
    masks.rebuild(unit)


STEPS: tuple[Callable[[Unit, Random], None], ...] = (
    _add_nexus,
    _move,
    _move,
    _archive,
    _join,
    _join,
    _leave,
    _remove_role,
    _suspend,
    _by_hand,
    _merge,
    _set_rule,
    _set_rule,
    _set_rule,
    _set_rule,
    _clear_rules,
    _apply_preset,
    _link,
    _link,
    _link,
    _consent,
    _consent,
    _add_record,
    _end_what_is_over,
    _rebuild,
)


def play(several: Several, random: Random, steps: int) -> checks.Disagreements:
    """Do so many things, looking after each; the first disagreements, or none."""
    stores = several.stores
    start = random.randrange(1 << 30)
    stores[0].write(lambda unit: build(unit, make(Random(start)))).result()
    for number in range(steps):
        how = random.randrange(6)
        here = random.choice(stores)
        if how == 0:
            several.clock.advance(random.choice((1, SOON)))
            what = "the clock moves"
        elif how == 1:
            together = [_doing(random, look=False) for _ in range(random.randint(2, 4))]
            running = [random.choice(stores).write(unit) for unit, _ in together]
            what = " and ".join(name for _, name in together)
            for one in running:
                _settled(one)
        else:
            unit, what = _doing(random, look=True)
            found = _settled(here.write(unit)) or []
            if found:
                return [f"step {number}, {what}, in the unit itself: {one}" for one in found]
        for each, store in enumerate(stores):
            found = store.read(glance).result()
            if found:
                return [f"step {number}, {what}, then read by {each}: {one}" for one in found]
    return [f"in the end, {one}" for each in AT_LAST for one in stores[-1].read(each).result()]


AT_LAST = (checks.stored_masks, checks.closure, checks.lists, checks.searches)


def glance(unit: Unit) -> checks.Disagreements:
    """What is asked most, of everybody."""
    return checks.decisions(unit, actions=(Action.SEE, Action.QUOTE))


def _doing(random: Random, *, look: bool) -> tuple[Callable[[Unit], checks.Disagreements], str]:
    """A unit that does one or two things, some of them undone, and looks; it may run twice and does the same then."""
    seed = random.randrange(1 << 30)
    chosen = [random.choice(STEPS) for _ in range(random.choice((1, 1, 2)))]
    undone = random.random() < 0.25
    taken_back = random.random() < 0.25

    def unit(unit: Unit) -> checks.Disagreements:
        mine = Random(seed)
        found: checks.Disagreements = glance(unit) if look and mine.random() < 0.5 else []
        for step in chosen:
            with suppress(NexusError, Undone), unit.savepoint():
                step(unit, mine)
                if look and taken_back:
                    found = found or glance(unit)
                    raise Undone
            if look:
                found = found or glance(unit)
        if undone and not found:
            raise Undone
        return found

    names = " and ".join(step.__name__.strip("_") for step in chosen)
    return unit, names + " (taken back)" * taken_back + " (undone)" * undone


def _settled(running: Future[Any]) -> Any:
    with suppress(Undone):
        return running.result()
    return None
