"""The benchmark of the rules in a tiny world: it is the same each time, all of it is asked, and misses are named."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from benchmarks.processes import BenchError
from benchmarks.rules import changes, questions
from benchmarks.rules.base import PostgresBase
from benchmarks.rules.cast import cast, person
from benchmarks.rules.others import Case, Policy, agree, cases, effective
from benchmarks.rules.postgres import carry
from benchmarks.rules.questions import Questions, Sample
from benchmarks.rules.report import TARGETS, World, judged, table
from benchmarks.rules.run import measure
from benchmarks.rules.shapes import DEPTH, Size
from benchmarks.rules.world import copy, world
from core.rules.kinds import SHARED
from core.rules.lists import Stub, newest
from core.rules.words import Action, names_of
from core.store import Unit, open_store
from core.store.unit import Raw
from tests.postgres import PostgresServer

TINY = Size(80, 40, 600)
TABLES = ("person", "nexus", "nexus_tree", "membership", "rule", "nexus_link", "consent", "record")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a tiny world."""
    return world(TINY, tmp_path_factory.mktemp("made"))


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A copy of it to work on, with what its rules come to."""
    copy(made, tmp_path / "world.db")
    return tmp_path / "world.db"


def rows_of(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    connection = sqlite3.connect(path)
    try:
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}
    finally:
        connection.close()


def test_the_same_size_is_the_same_world(made: Path, tmp_path: Path) -> None:
    rows = rows_of(world(TINY, tmp_path))
    assert rows == rows_of(made)
    assert {name: len(rows[name]) for name in ("person", "nexus", "record")} == {
        "person": TINY.people,
        "nexus": TINY.nexuses,
        "record": TINY.records,
    }
    assert all(rows.values())
    assert max(row[2] for row in rows["nexus_tree"]) == DEPTH


def test_a_world_is_kept_for_the_next_run(made: Path) -> None:
    before = made.stat()
    assert world(TINY, made.parent) == made
    assert made.stat().st_mtime_ns == before.st_mtime_ns
    assert [one.suffix for one in made.parent.iterdir()] == [".db"]


def test_triggers_and_indexes_are_there_again(path: Path, migrated_file: Path) -> None:
    def schema(of: Path) -> set[tuple[str, str]]:
        connection = sqlite3.connect(of)
        try:
            return set(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        finally:
            connection.close()

    assert schema(path) == schema(migrated_file)


def test_everything_is_asked_of_a_world(tmp_path: Path) -> None:
    measured = measure("tiny", TINY, tmp_path, rounds=2, joins=4)
    assert set(measured.figures) >= {*TARGETS, questions.COLD, questions.HOP_ROW, changes.RULE_LIST, changes.MOVE_LIST}
    assert all(one > 0 for sample in measured.figures.values() for one in (*sample.took, *sample.base))
    assert len(measured.figures[questions.LIST].took) == 2
    assert measured.picture is not None
    assert measured.picture.load > 0
    text = "\n".join(table([measured, measured], {"Casbin": 200.0}))
    assert all(name in text for name in (*measured.figures, "Casbin", "ten times the data"))


def test_whoever_decides_for_much_reaches_more(path: Path) -> None:
    who = cast(path, TINY)
    store = open_store(f"sqlite:///{path}")
    try:
        typical = store.read(lambda unit: [questions.reached(unit, one) for one in who.typical]).result()
        wide = store.read(lambda unit: [questions.reached(unit, one) for one in who.wide]).result()
    finally:
        store.close()
    assert mean(wide) > mean(typical) > 1


def test_policies_for_the_others_say_what_we_decide(path: Path) -> None:
    """Read as Cedar and Casbin read them: what one permits is permitted."""
    who = cast(path, TINY)
    store = open_store(f"sqlite:///{path}")

    def look(unit: Unit) -> tuple[list[Case], list[Policy]]:
        members = Raw("SELECT DISTINCT person_id FROM membership WHERE nexus_id = ?")
        of_nexus = Raw("SELECT id, kind, nexus_id, author_id, ceiling FROM record WHERE nexus_id = ?")
        here = max(who.tops, key=lambda one: len(unit.fetch(of_nexus, one)))
        people = [person(one) for (one,) in unit.fetch(members, here)]
        rows = [Stub(*row) for row in unit.fetch(of_nexus, here)]
        return cases(unit, [*people, *who.typical[:5], *who.wide[:5]], rows), effective(unit, here)

    try:
        asked, policies = store.read(look).result()
    finally:
        store.close()
    assert {case.allowed for case in asked} == {True, False}
    agree("the policies", asked, [_permitted(case, policies) for case in asked])
    with pytest.raises(BenchError, match="decides 1 of"):
        agree("a wrong one", asked, [not asked[0].allowed, *(case.allowed for case in asked[1:])])


def _permitted(case: Case, policies: list[Policy]) -> bool:
    if case.row.author_id == case.audience.person_id:
        return True
    names = set(names_of(case.bits)) & set(case.consent)
    return not case.is_private and any(
        one.rule.audience in names and case.row.kind in one.kinds and Action.SEE in one.actions for one in policies
    )


def test_the_same_world_in_postgresql_answers_the_same(path: Path, postgres: PostgresServer) -> None:
    who = cast(path, TINY)
    postgres.execute("CREATE DATABASE tiny_rules")
    url = postgres.url("tiny_rules")
    carry(path, url)

    def lists(unit: Unit) -> list[list[Stub]]:
        return [newest(unit, one, SHARED, 20) for one in (*who.typical, *who.wide)]

    found = []
    for where in (f"sqlite:///{path}", url):
        store = open_store(where)
        try:
            found.append(store.read(lists).result())
        finally:
            store.close()
    assert found[0] == found[1]
    assert any(found[0])
    store, base = open_store(url), PostgresBase(url, who.ids)
    try:
        assert Questions(store, base, who).ask(1)[questions.ROW].micro > 0
    finally:
        base.close()
        store.close()


def sampled(micro: float, base: float) -> Sample:
    return Sample([micro], [base])


def test_targets_are_multiples_of_one_read_and_growth_is_between_worlds() -> None:
    names = (*TARGETS,)
    full = World("all", {name: sampled(100.0, 10.0) for name in names}, {"people": [1, 5, 9]})
    tenth = World("1/10", {name: sampled(50.0, 10.0) for name in names}, {})
    found = {one.name: one for one in judged(full, tenth)}
    assert found[questions.LIST].value == 10.0
    assert found[questions.LIST].met
    assert not found[questions.CHECK].met
    assert found[f"ten times the data: {questions.LIST}"].value == 2.0
    text = list(table([full, tenth], {}))
    assert sum("MISS" in line for line in text) == sum(not one.met for one in judged(full, tenth)) == 6
    assert "all: people see something in 1 to 9 Nexuses, median 5" in text


def test_a_ratio_is_that_of_its_own_round() -> None:
    assert Sample([10.0, 100.0, 12.0], [5.0, 50.0, 4.0]).ratio == 2.0
