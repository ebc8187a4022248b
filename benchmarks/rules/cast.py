"""Who asks, and for what: drawn from a world's file, the same each time."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.rules.shapes import Plan, Size, nexus_id
from core.operations.context import Audience, AudienceKind
from core.rules.lists import Stub

_MOST = 5  # Nexuses of somebody typical


@dataclass(frozen=True, slots=True)
class Cast:
    """Audiences and rows of one world.

    `typical` are in one to five Nexuses, `wide` decide for one of the largest subtrees or for the root, `busy` are in
    many. `rows` are some records with what a decision needs to know of them, `ids` some record ids.
    """

    typical: Sequence[Audience]
    wide: Sequence[Audience]
    busy: Sequence[Audience]
    rows: Sequence[Stub]
    ids: Sequence[int]
    tops: Sequence[int]  # Nexuses with the largest subtrees, the largest first
    deepest: int


def person(person_id: int) -> Audience:
    """One person as an audience."""
    return Audience(AudienceKind.PERSON, person_id)


def cast(path: Path, size: Size, many: int = 1_000) -> Cast:
    """Choose them."""
    random, plan = Random(7), Plan(size)
    tops = [nexus_id(top) for top in plan.tops]
    connection = sqlite3.connect(path)
    try:
        counted = connection.execute(
            "SELECT person_id, count(DISTINCT nexus_id) FROM membership WHERE state = 'active' GROUP BY person_id"
        ).fetchall()
        marks = ", ".join("?" * (len(tops) + 1))
        deciding = connection.execute(
            "SELECT DISTINCT person_id FROM membership WHERE state = 'active' AND role IN ('owner', 'steward') "
            f"AND nexus_id IN ({marks}) ORDER BY person_id",
            (nexus_id(0), *tops),
        ).fetchall()
        ids = [one for (one,) in connection.execute("SELECT id FROM record ORDER BY id")]
        chosen = random.sample(ids, min(20_000, len(ids)))
        rows = [connection.execute(_ROW, (one,)).fetchone() for one in chosen]
    finally:
        connection.close()
    wide = [one for (one,) in deciding]
    typical = sorted({one for one, count in counted if count <= _MOST} - set(wide))
    return Cast(
        [person(one) for one in random.sample(typical, min(many, len(typical)))],
        [person(one) for one in wide],
        [person(one) for one, _ in sorted(counted, key=lambda one: -one[1])[: size.busy]],
        [Stub(*row) for row in rows],
        chosen,
        tops,
        nexus_id(max(range(size.nexuses), key=lambda number: plan.depths[number])),
    )


_ROW = "SELECT id, kind, nexus_id, author_id, ceiling FROM record WHERE id = ?"
