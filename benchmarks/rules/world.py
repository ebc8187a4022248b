"""The world in a SQLite file: filled with the bare driver, then what rules come to as the engine itself works it out.

A file is made once and kept in its folder; who measures works on a copy, since some questions write.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.rules import shapes
from benchmarks.rules.shapes import CONSENTS, KINDS, NOW, STATES, YEAR, Plan, Size, nexus_id, person_id, row_id
from core.ids import ALPHABET
from core.nexuses.founding import found
from core.rules.masks import rebuild
from core.rules.words import ALL, ANY
from core.store import open_store
from core.store.migrate import HEAD

_WORDS = (
    "who can help with the roof before the rain comes and has a long ladder that reaches up to the second floor of the "
    "old house by the river where we meet every other Thursday to mend bicycles cook soup and talk about what is next"
).split()
_COLUMNS = {
    "person": "id, name, folded, language, here_id, created_at",
    "nexus": "id, parent_id, name, folded, slug, door, state, version, created_at",
    "nexus_tree": "ancestor_id, descendant_id, depth",
    "membership": "person_id, nexus_id, role, state, granted_by, granted_at",
    "rule": "id, nexus_id, kind, audience, actions, effect, scope, locked, not_after, made_by, made_at",
    "nexus_link": "id, nexus_id, other_id, state, proposed_by, at, epoch",
    "consent": "person_id, kind, record_id, word, set_at",
    "record": "id, handle, kind, nexus_id, author_id, body, state, outcome, version, created_at, closed_at, ceiling",
}
# Sixteen of a hundred have a ceiling on what they write of one kind, or on everything.
_CONSENTING = 0.16


def world(size: Size, folder: Path) -> Path:
    """The file of a world of this size, made now if it is not there yet."""
    made = folder / f"{_name(size)}.db"
    if not made.exists():
        began = time.monotonic()
        partial = made.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        _fill(partial, size)
        partial.rename(made)
        _say(f"{size.records:,} records and all the rest written in {time.monotonic() - began:.0f} s")
    return made


def copy(source: Path, target: Path) -> float:
    """A world to work on, with what its rules come to. Returns the seconds that the engine needed for that."""
    for suffix in ("", "-wal", "-shm", ".lock"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    with source.open("rb") as read, target.open("wb") as write:
        while piece := read.read(1 << 24):
            write.write(piece)
    began = time.monotonic()
    store = open_store(f"sqlite:///{target}")
    try:
        store.write(rebuild).result()
    finally:
        store.close()
    return time.monotonic() - began


def _name(size: Size) -> str:
    """Worlds differ by what makes them: this file, the shapes, and the schema."""
    made_by = b"".join(Path(one).read_bytes() for one in (__file__, shapes.__file__))
    for one in sorted((Path(__file__).parents[2] / "migrations/versions").glob("*.py")):
        made_by += one.read_bytes()
    return f"rules-{size.records}-{HEAD}-{blake2b(made_by, digest_size=6).hexdigest()}"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _fill(path: Path, size: Size) -> None:
    store = open_store(f"sqlite:///{path}")
    try:
        store.write(found).result()
    finally:
        store.close()
    path.with_name(path.name + ".lock").unlink(missing_ok=True)
    plan = Plan(size)
    with _bulk(path) as add:
        people = range(size.people)
        add("person", ((person_id(n), f"Person {n}", f"person {n}", "en", 0, NOW) for n in people))
        add("nexus", _nexuses(plan), skip="id = 1")
        closure = ((nexus_id(a), nexus_id(b), depth) for a, b, depth in plan.closure())
        add("nexus_tree", closure, skip="descendant_id = 1")
        memberships = list(plan.memberships())
        add("membership", _memberships(plan.random, memberships))
        add("rule", _rules(plan), skip="id > 0")
        add("nexus_link", _links(plan))
        consents = _consents(plan)
        add("consent", ((person, kind, 0, word, NOW) for (person, kind), word in consents.items()))
        add("record", _records(plan, memberships, consents))


@contextmanager
def _bulk(path: Path) -> Iterator[Any]:
    """`add(table, rows, skip=...)` for a new file: indexes and triggers are taken away and come back in the end.

    `skip` names the rows that the migration or the founding has made, and that are not to be there twice.
    """
    connection = sqlite3.connect(path)
    for pragma in ("journal_mode = MEMORY", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -400000"):
        connection.execute(f"PRAGMA {pragma}")
    kept: list[tuple[str, str, str]] = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL "
        "AND tbl_name IN ('record', 'membership', 'nexus_tree', 'rule', 'person')"
    ).fetchall()
    for kind, name, _ in kept:
        connection.execute(f"DROP {kind} {name}")

    def add(table: str, rows: Iterable[Sequence[Any]], *, skip: str = "") -> None:
        if skip:
            connection.execute(f"DELETE FROM {table} WHERE {skip}")
        columns = _COLUMNS[table]
        marks = ", ".join("?" * len(columns.split(",")))
        connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

    yield add
    for _, _, sql in kept:
        connection.execute(sql)
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    assert not broken, broken[:3]
    connection.commit()
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def _nexuses(plan: Plan) -> Iterator[Sequence[Any]]:
    for number, parent in enumerate(plan.parents):
        name = f"Nexus {number}" if number else "Home"
        door = ("open", "members", "private")[number % 3] if number else "members"
        above = nexus_id(parent) if number else None
        yield nexus_id(number), above, name, name.lower(), f"nexus-{number}", door, "active", 1, NOW


def _memberships(random: Random, rows: Iterable[tuple[int, int, str]]) -> Iterator[Sequence[Any]]:
    for person, number, role in rows:
        state = "suspended" if role != "owner" and random.random() < 0.01 else "active"
        yield person_id(person), nexus_id(number), role, state, 0, NOW


def _rules(plan: Plan) -> Iterator[Sequence[Any]]:
    """The rule that every store comes with, then those of each Nexus."""
    first = shapes.RULES[0]
    yield 1, 1, first.kind, first.audience, first.actions, first.effect.value, first.scope.value, 0, None, 0, NOW
    for count, (number, shape, locked, not_after) in enumerate(plan.rules(), start=2):
        yield (
            count,
            nexus_id(number),
            shape.kind,
            shape.audience,
            shape.actions,
            shape.effect.value,
            shape.scope.value,
            int(locked),
            not_after,
            0,
            NOW,
        )


def _links(plan: Plan) -> Iterator[Sequence[Any]]:
    for count, (one, other, state) in enumerate(plan.links(), start=1):
        yield count, nexus_id(one), nexus_id(other), state, 0, NOW, 1


def _consents(plan: Plan) -> dict[tuple[int, str], int]:
    """The ceilings of those who have one, by (person id, kind or *)."""
    kinds = [ANY, *(kind for kind in KINDS if kind != "thought")]
    found = {}
    for number in plan.random.sample(range(plan.size.people), int(plan.size.people * _CONSENTING)):
        found[person_id(number), plan.random.choice(kinds)] = plan.random.choice(CONSENTS)
    return found


def _records(
    plan: Plan, memberships: Sequence[tuple[int, int, str]], consents: dict[tuple[int, str], int]
) -> Iterator[Sequence[Any]]:
    """By members of their Nexus: whoever is in many writes much, and where many are much is written."""
    random, count = plan.random, plan.size.records
    kinds = random.choices(list(KINDS), list(KINDS.values()), k=count)
    states = random.choices(list(STATES), list(STATES.values()), k=count)
    where = random.choices(memberships, cum_weights=list(accumulate(1 for _ in memberships)), k=count)
    bodies = [" ".join(random.choices(_WORDS, k=random.randint(6, 30))) for _ in range(997)]
    step = YEAR // count
    for number, (kind, state, (person, there, _)) in enumerate(zip(kinds, states, where, strict=True)):
        at = NOW - YEAR + number * step
        author = person_id(person)
        ceiling = consents.get((author, kind), ALL) & consents.get((author, ANY), ALL)
        body = "" if state == "removed" else bodies[number % 997]
        closed_at = None if state == "open" else NOW
        yield (
            row_id(at, number % 4096),
            _handle(number),
            kind,
            nexus_id(there),
            author,
            body,
            state,
            "",
            1,
            at,
            closed_at,
            ceiling,
        )


def _handle(number: int) -> str:
    """A short name of its own for each record, in no order."""
    mixed = number * 2_654_435_761 % (1 << 30)  # an odd factor: no two numbers give the same
    return "".join(ALPHABET[mixed >> shift & 31] for shift in range(0, 30, 5)).lower()
