"""One world through everything."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.rules import others
from benchmarks.rules.base import Base, PostgresBase, SqliteBase
from benchmarks.rules.cast import Cast, cast, person
from benchmarks.rules.changes import changes
from benchmarks.rules.picture import picture
from benchmarks.rules.postgres import carry
from benchmarks.rules.questions import Questions, reached
from benchmarks.rules.report import World
from benchmarks.rules.shapes import Size
from benchmarks.rules.world import copy, world
from core.rules.lists import Stub
from core.store import Store, Unit, open_store
from core.store.unit import Raw
from tests.postgres import PostgresServer

_SOME = 20  # people whose reach is counted
_REACHES = 200  # people whose reach is weighed
_OF_NEXUS = Raw("SELECT id, kind, nexus_id, author_id, ceiling FROM record WHERE nexus_id = ? ORDER BY id LIMIT 20")
_MEMBERS = Raw("SELECT DISTINCT person_id FROM membership WHERE nexus_id = ? AND state = 'active' LIMIT 20")


def measure(name: str, size: Size, folder: Path, rounds: int, joins: int) -> World:
    """A world on SQLite."""
    _say(f"{name}: {size.records:,} records ...")
    path = folder / f"measured-{size.records}.db"
    rebuild = copy(world(size, folder), path)
    who = cast(path, size)
    seen = picture(path, who.typical[:_REACHES], who.wide)
    store, base = open_store(f"sqlite:///{path}"), SqliteBase(path, who.ids)
    try:
        measured = _ask(name, store, base, who, rounds, joins)
    finally:
        base.close()
        store.close()
        path.unlink()
    measured.picture, measured.rebuild = seen, rebuild
    return measured


def in_postgres(size: Size, folder: Path, rounds: int, joins: int) -> World:
    """The same world in a PostgreSQL of our own."""
    _say(f"PostgreSQL: {size.records:,} records ...")
    path = folder / f"carried-{size.records}.db"
    copy(world(size, folder), path)
    who = cast(path, size)
    server = PostgresServer()
    try:
        server.execute("CREATE DATABASE rules")
        carry(path, server.url("rules"))
        store, base = open_store(server.url("rules")), PostgresBase(server.url("rules"), who.ids)
        try:
            return _ask("PostgreSQL 1/10", store, base, who, rounds, joins)
        finally:
            base.close()
            store.close()
    finally:
        server.stop()
        path.unlink()


def beside(size: Size, folder: Path) -> dict[str, float]:
    """Microseconds of one check for Cedar, Casbin and us, in the deepest Nexus; they have to decide alike."""
    path = folder / f"beside-{size.records}.db"
    copy(world(size, folder), path)
    who = cast(path, size)
    store = open_store(f"sqlite:///{path}")
    try:
        return store.read(lambda unit: _beside(unit, who)).result()
    finally:
        store.close()
        path.unlink()


def _beside(unit: Unit, who: Cast) -> dict[str, float]:
    here = who.deepest
    rows = [Stub(*row) for row in unit.fetch(_OF_NEXUS, here)]
    people = [person(one) for (one,) in unit.fetch(_MEMBERS, here)]
    asked = others.cases(unit, [*people, *who.typical[:10], *who.wide[:10]], rows)
    return others.side_by_side(unit, here, asked)


def _ask(name: str, store: Store, base: Base, who: Cast, rounds: int, joins: int) -> World:
    questions = Questions(store, base, who)
    questions.ask(rounds)
    some = {"typical people": who.typical, "who decide for much": who.wide, "who are in hundreds": who.busy}
    reaches = {
        one: store.read(lambda unit, people=people: [reached(unit, p) for p in people[:_SOME]]).result()  # type: ignore[misc]
        for one, people in some.items()
    }
    changes(questions, joins)
    return World(name, questions.figures, reaches)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
