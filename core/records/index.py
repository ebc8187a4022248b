"""The full-text index, made anew from the records: for a store that was carried from the other engine."""

from __future__ import annotations

from sqlalchemy import bindparam, select, text

from core.records.records import INDEX
from core.records.search import searchable
from core.records.tables import record
from core.store import Unit

BATCH = 500  # rows in memory at once
_CLEAR = text("DELETE FROM record_text")
_OPEN = (
    select(record.c.id, record.c.body)
    .where(record.c.state == "open", record.c.id > bindparam("after"))
    .order_by(record.c.id)
    .limit(BATCH)
)


def index_all(unit: Unit) -> int:
    """Index every open record, and nothing else. Returns how many there are."""
    unit.execute(_CLEAR)
    done, after = 0, -1
    while rows := unit.rows(_OPEN, after=after):
        unit.execute(INDEX[unit.postgres], [{"id": row["id"], "words": searchable(row["body"])} for row in rows])
        done, after = done + len(rows), rows[-1]["id"]
    return done
