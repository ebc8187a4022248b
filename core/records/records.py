"""Writing records. Reading is in `core.access.records`."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select, text, update

from core.errors import N_, Conflict
from core.ids import new_handle
from core.records.search import searchable
from core.records.tables import record
from core.store import Unit

_ADD = insert(record)
_TAKEN = select(record.c.id).where(record.c.handle == bindparam("handle"))
_CLOSE = (
    update(record)
    .where(record.c.id == bindparam("record_id"), record.c.version == bindparam("seen"), record.c.state == "open")
    .values(
        state=bindparam("new_state"),
        outcome=bindparam("how"),
        closed_at=bindparam("at"),
        version=record.c.version + 1,
    )
)
INDEX = {
    False: text("INSERT INTO record_text (rowid, body) VALUES (:id, :words)"),
    True: text("INSERT INTO record_text (id, words) VALUES (:id, to_tsvector('english', :words))"),
}
_UNINDEX = {
    False: text("DELETE FROM record_text WHERE rowid = :id"),
    True: text("DELETE FROM record_text WHERE id = :id"),
}
_WIPE = update(record).where(record.c.id == bindparam("record_id")).values(body="")


def add_record(unit: Unit, kind: str, *, nexus_id: int, author_id: int, body: str) -> tuple[int, str]:
    """Add an open record. Returns (id, handle)."""
    record_id, handle = unit.new_id(), new_handle()
    while unit.value(_TAKEN, handle=handle) is not None:
        handle = new_handle()
    unit.execute(
        _ADD,
        {
            "id": record_id,
            "handle": handle,
            "kind": kind,
            "nexus_id": nexus_id,
            "author_id": author_id,
            "body": body,
            "state": "open",
            "outcome": "",
            "version": 1,
            "created_at": unit.now,
            "closed_at": None,
        },
    )
    unit.execute(INDEX[unit.postgres], {"id": record_id, "words": searchable(body)})
    return record_id, handle


def close_record(unit: Unit, record_id: int, version: int, *, state: str = "closed", outcome: str = "") -> None:
    """Close or remove an open record; removing wipes its words. Raises `Conflict` if it changed in between."""
    if unit.changed(_CLOSE, record_id=record_id, seen=version, new_state=state, how=outcome, at=unit.now) != 1:
        raise Conflict(N_("That changed in the meantime. Please look again."))
    if state == "removed":
        unit.changed(_WIPE, record_id=record_id)
    unit.execute(_UNINDEX[unit.postgres], {"id": record_id})
