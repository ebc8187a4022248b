"""Writing records. Reading is in `core.access.records`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select, text, update

from core.errors import N_, Conflict
from core.ids import new_handle
from core.records.search import placed, searchable
from core.records.tables import record
from core.rules.consents import ceiling_for
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
    False: text("INSERT INTO record_text (rowid, body, place) VALUES (:id, :words, :place)"),
    True: text("INSERT INTO record_text (id, words) VALUES (:id, to_tsvector('english', :words))"),
}
_UNINDEX = {
    False: text("DELETE FROM record_text WHERE rowid = :id"),
    True: text("DELETE FROM record_text WHERE id = :id"),
}
_OPEN_AMONG = select(record.c.id).where(record.c.id.in_(bindparam("ids", expanding=True)), record.c.state == "open")
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
            "ceiling": ceiling_for(unit, author_id, kind),
        },
    )
    index(unit, [(record_id, body, nexus_id, author_id)])
    return record_id, handle


def index(unit: Unit, records: Sequence[tuple[int, str, int, int]]) -> None:
    """Put records (id, words, Nexus, author) into the full-text index."""
    unit.execute(
        INDEX[unit.postgres],
        [
            {"id": record_id, "words": searchable(body)}
            | ({} if unit.postgres else {"place": placed(nexus_id, author_id)})
            for record_id, body, nexus_id, author_id in records
        ],
    )


def open_ids(unit: Unit, ids: Sequence[int]) -> set[int]:
    """Those of these records that are open."""
    return {row["id"] for row in unit.rows(_OPEN_AMONG, ids=list(ids))}


def unindex(unit: Unit, record_id: int) -> None:
    """Take a record out of the full-text index."""
    unit.execute(_UNINDEX[unit.postgres], {"id": record_id})


def close_record(unit: Unit, record_id: int, version: int, *, state: str = "closed", outcome: str = "") -> None:
    """Close or remove an open record; removing wipes its words. Raises `Conflict` if it changed in between."""
    if unit.changed(_CLOSE, record_id=record_id, seen=version, new_state=state, how=outcome, at=unit.now) != 1:
        raise Conflict(N_("That changed in the meantime. Please look again."))
    if state == "removed":
        unit.changed(_WIPE, record_id=record_id)
    unindex(unit, record_id)
