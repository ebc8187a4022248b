"""A store in which every table holds something, with all that could get lost on the way."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Integer, LargeBinary, Table, Text, func, insert, select

from bot.tables import metadata
from bot.transfer.shape import STAYS
from core.clock import ManualClock
from core.people.tables import person
from core.store import Store, Unit, open_store
from core.store.schema import Json
from tests.world import World

WORDS = "Zoë 🏄🏽 “l’été” \\N \\. \t\r\n\u2028 ß ﬃ \u0301 ''; -- \\x41"
NESTED = {"ä": [1, None, True, {"": WORDS}], "z": 2**62}
# Where a table's checks want more than any value of the type.
WANTED: dict[str, dict[str, Any]] = {
    "ledger_account": {"floor": 0, "posted": 7, "held": 3},
    "hold": {"state": "posted"},
    "budget": {"until_at": 2**62 + 1},
    "statement_line": {"state": "matched"},
    "digest_wish": {"place_id": 0},
    "grants": {"giver_id": 0, "mandate_id": None},
    "hours_entry": {"state": "confirmed"},
}
_ONE_OF = re.compile(r"(\w+) IN \('(\w+)'")


def lively(store: Store, clock: ManualClock) -> World:
    """People do things in a store that is open; then what is still empty gets a row of its own."""
    world = World(store, clock)
    world.nexus("Parser", owner="Ana")
    code = world.do("Ana", "invite.create", uses=3, approval=True).code
    world.do("Ben", "invite.accept", code=code)
    world.do("Ana", "invite.approve", person=f"={world.id_of('Ben')}")
    world.do("Ben", "need.post", text=f"a designer for the logo {WORDS}")
    world.do("Ben", "thought.add", text="they seem kind", at={"key": "k1"})
    world.do("Ana", "offer.post", text="a lighthouse, for a week")
    world.do("Ana", "offer.close", offer="lighthouse")
    world.place("Lobby")
    world.write(fill)
    return world


def fill(unit: Unit) -> None:
    """Give each empty table that is carried a row, whatever its columns are."""
    for table in (table for table in metadata.sorted_tables if table.name not in STAYS):
        if unit.connection.scalar(select(func.count()).select_from(table)) == 0:
            unit.execute(insert(table), {column.name: _value(unit, table, column.name) for column in table.columns})


def _value(unit: Unit, table: Table, name: str) -> Any:
    column = table.columns[name]
    if name in WANTED.get(table.name, {}):
        return WANTED[table.name][name]
    if table.name == "hours_entry" and name in ("giver_id", "helped_id", "logged_by"):
        people = unit.rows(select(person.c.id).order_by(person.c.id).limit(2))
        return people[name == "helped_id"]["id"]
    for key in column.foreign_keys:
        return unit.connection.scalar(select(key.column).limit(1))
    checks = [str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint)]
    for found in filter(None, map(_ONE_OF.search, checks)):
        if found[1] == name:
            return found[2]
    kinds = {Json: NESTED, LargeBinary: bytes(range(256)), Boolean: True, Text: WORDS, BigInteger: 2**62, Integer: 7}
    return next(value for kind, value in kinds.items() if isinstance(column.type, kind))


def lively_store(url: str, clock: ManualClock) -> None:
    """The same at a URL, closed again."""
    store = open_store(url, clock)
    try:
        lively(store, clock)
    finally:
        store.close()
