"""The full-text index, made anew from the records: for a store that was carried from the other engine."""

from __future__ import annotations

from sqlalchemy import bindparam, select, text

from core.records.records import index, unindex
from core.records.tables import record
from core.store import Unit

BATCH = 500  # rows in memory at once
_CLEAR = text("DELETE FROM record_text")
_OPEN = (
    select(record.c.id, record.c.body, record.c.nexus_id, record.c.author_id)
    .where(record.c.state == "open", record.c.id > bindparam("after"))
    .order_by(record.c.id)
    .limit(BATCH)
)


def index_all(unit: Unit) -> int:
    """Index every open record, and nothing else. Returns how many there are."""
    unit.execute(_CLEAR)
    done, after = 0, -1
    while rows := unit.rows(_OPEN, after=after):
        index(unit, [(row["id"], row["body"], row["nexus_id"], row["author_id"]) for row in rows])
        done, after = done + len(rows), rows[-1]["id"]
    return done


_OF = select(record.c.id, record.c.body, record.c.nexus_id, record.c.author_id).where(
    record.c.author_id == bindparam("author"), record.c.state == "open"
)


def index_of(unit: Unit, author_id: int) -> None:
    """Index what somebody wrote once more: it is somebody else's now, as two people turned out to be one."""
    rows = unit.rows(_OF, author=author_id)
    for row in rows:
        unindex(unit, row["id"])
    if rows:
        index(unit, [(row["id"], row["body"], row["nexus_id"], row["author_id"]) for row in rows])
