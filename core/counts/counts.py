"""The number that may be told for a set of people, so that numbers told tell of groups alone.

Decision rule, for the people that a question counts now (after the rules and everybody's consent):
1. Exactly these people were counted before: what was told then is told again.
2. A set that differs by fewer than `SMALLEST` people was counted before: what was told for it is told again. Of several
   the one that last answered this very question, else the one told last.
3. Two sets that were counted, put together or one taken from the other, come to the same but for fewer than `SMALLEST`
   people: what their two numbers come to is told.
4. Otherwise they are a new set: their number is told if they are at least `SMALLEST`, else that they are fewer.
"Before" is within `WINDOW`, about the same kind, in the same Nexus or one that has people in common with it (above or
below), whoever asked whatever. Telling again counts as telling: the set that stands behind a number lives on with it.

So any two different answers belong to sets that differ by at least `SMALLEST` people: asking before and after
somebody's change, with one word more, or for a Nexus and then for all that is inside it, shows no difference that is
owed to fewer, and neither does taking one answer from another. That an answer may be a little old, and that "fewer than
`SMALLEST`" may be a few more by now, is the price. Nothing helps against whoever makes up the rest of a group
themselves: minimum groups never do.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence, Set
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, or_, select, text, update

from core.clock import DAY
from core.counts.tables import told_count
from core.nexuses.tables import nexus_tree
from core.store import Unit

SMALLEST = 5  # people: the smallest group that a number is told of, and the smallest difference between two
WINDOW = 90 * DAY
FEW = 0  # the stored number of "fewer than that"

# Two questions at once could each miss what the other tells.
_IN_TURN = text("SELECT pg_advisory_xact_lock(7310227)")
_ABOVE = select(nexus_tree.c.ancestor_id).where(nexus_tree.c.descendant_id == bindparam("nexus_id"))
_BELOW = select(nexus_tree.c.descendant_id).where(nexus_tree.c.ancestor_id == bindparam("nexus_id"))
_TOLD = (
    select(
        told_count.c.id,
        told_count.c.nexus_id,
        told_count.c.question,
        told_count.c.people,
        told_count.c.number,
        told_count.c.at,
    )
    .where(
        or_(told_count.c.nexus_id.in_(_ABOVE), told_count.c.nexus_id.in_(_BELOW)),
        told_count.c.kind == bindparam("which"),
        told_count.c.at > bindparam("after"),
    )
    .order_by(told_count.c.at.desc(), told_count.c.id.desc())
)
_ADD = insert(told_count)
_DROP = delete(told_count).where(told_count.c.id == bindparam("told_id"))
_ALL = select(told_count.c.id, told_count.c.people)
_SET_PEOPLE = update(told_count).where(told_count.c.id == bindparam("told_id")).values(people=bindparam("left"))
_OLD = delete(told_count).where(told_count.c.at <= bindparam("before"))


@dataclass(frozen=True, slots=True)
class Told:
    """A number that was told: for which question in which Nexus, and who was counted. `number` is 0 for "fewer"."""

    id: int
    nexus_id: int
    question: str
    people: frozenset[int]
    number: int


def begin(unit: Unit) -> None:
    """Before anybody is counted: one question at a time."""
    if unit.postgres:
        unit.execute(_IN_TURN)


def answer(unit: Unit, nexus_id: int, kind: str, question: str, people: Set[int]) -> int:
    """The number that may be told for these people, 0 for "fewer than `SMALLEST`"; it counts as told from now on.

    The same statements are run whatever is told, and whatever was told before.
    """
    rows = unit.rows(_TOLD, nexus_id=nexus_id, which=kind, after=unit.now - WINDOW)
    told = [Told(r["id"], r["nexus_id"], r["question"], frozenset(r["people"]), r["number"]) for r in rows]
    behind = choose(told, people, nexus_id, question)
    number = behind.number if behind is not None else fresh(told, people)
    again = behind.id if behind is not None and (behind.nexus_id, behind.question) == (nexus_id, question) else 0
    unit.changed(_DROP, told_id=again)  # it is told anew right below
    unit.execute(
        _ADD,
        {
            "id": unit.new_id(),
            "nexus_id": nexus_id,
            "kind": kind,
            "question": question,
            "people": sorted(people if behind is None else behind.people),
            "number": number,
            "at": unit.now,
        },
    )
    return number


def choose(told: Sequence[Told], people: Set[int], nexus_id: int, question: str) -> Told | None:
    """What was told before that answers for these people as well; None if they are a new set. Pure.

    `told` has the last one first.
    """
    same = [one for one in told if one.people == people]
    near = same or [one for one in told if len(one.people ^ people) < SMALLEST]
    asked = [one for one in near if (one.nexus_id, one.question) == (nexus_id, question)]
    return next(iter(asked or near), None)


def fresh(told: Sequence[Told], people: Set[int]) -> int:
    """The number to tell of a new set, 0 for "fewer". Pure.

    It is how many they are, unless the sum or the difference of two numbers that were told speaks of the same people
    but for fewer than `SMALLEST`: counting each of them as often as they are in the one, the other and the new set.
    """
    places = {one: 1 << n for n, one in enumerate({one for t in told for one in t.people} | people)}

    def bits(some: Set[int]) -> int:
        return sum(places[one] for one in some)

    new = bits(people)
    known = {bits(t.people): t.number for t in reversed(told) if t.number != FEW}
    number, least = len(people), SMALLEST
    for (a, of_a), (b, of_b) in itertools.combinations(known.items(), 2):
        for owed, sum_of in (
            (((a | b) ^ new) | a & b, of_a + of_b),
            (((a & ~b) ^ new) | b & ~a, of_a - of_b),
            (((b & ~a) ^ new) | a & ~b, of_b - of_a),
        ):
            if owed.bit_count() < least:
                number, least = sum_of, owed.bit_count()
    return number if number >= SMALLEST else FEW


def forget_person(unit: Unit, person_id: int) -> None:
    """Take somebody out of everything that was counted; what was told stays as it was told."""
    due = [
        {"told_id": row["id"], "left": [one for one in row["people"] if one != person_id]}
        for row in unit.rows(_ALL)
        if person_id in row["people"]
    ]
    if due:
        unit.execute(_SET_PEOPLE, due)


def replace_person(unit: Unit, *, old: int, new: int) -> None:
    """Two people turn out to be one: who was counted as either was counted once."""
    due = [
        {"told_id": row["id"], "left": sorted({new if one == old else one for one in row["people"]})}
        for row in unit.rows(_ALL)
        if old in row["people"]
    ]
    if due:
        unit.execute(_SET_PEOPLE, due)


def forget_old(unit: Unit) -> int:
    """Delete what was told too long ago to matter. Returns how much."""
    return unit.changed(_OLD, before=unit.now - WINDOW)
