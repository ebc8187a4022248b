"""What is older than it may get, and wiping it: the words, the index, and what its author said about it alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update

from core.privacy.tables import renewal
from core.records.records import unindex
from core.records.tables import record
from core.rules.consents import consents_of, set_consent
from core.rules.words import ALL
from core.store import Unit


@dataclass(frozen=True, slots=True)
class Aged:
    """Something that was there for too long. `since` is when it was posted, or kept on."""

    id: int
    kind: str
    nexus_id: int
    author_id: int
    body: str
    state: str
    version: int
    since: int


_SINCE = func.coalesce(renewal.c.since, record.c.created_at)
_COLUMNS = (
    record.c.id,
    record.c.kind,
    record.c.nexus_id,
    record.c.author_id,
    record.c.body,
    record.c.state,
    record.c.version,
    _SINCE.label("since"),
)
_FROM = record.outerjoin(renewal, renewal.c.record_id == record.c.id)
_THERE = (record.c.kind == bindparam("which"), record.c.nexus_id.in_(bindparam("nexus_ids", expanding=True)))
_CLOSED = (
    record.c.state.in_(("closed", "removed")),
    or_(record.c.body != "", record.c.outcome != ""),
    record.c.closed_at <= bindparam("before"),
)
_OPEN = (record.c.state == "open", bindparam("before") >= _SINCE)
_TOLD = (renewal.c.warned_at <= bindparam("told_before"), renewal.c.warned_at > bindparam("told_after"))
_UNTOLD = or_(renewal.c.warned_at.is_(None), renewal.c.warned_at <= bindparam("told_after"))
_WHICH = {
    "closed": (*_THERE, *_CLOSED),
    "open": (*_THERE, *_OPEN),
    "told": (*_THERE, *_OPEN, *_TOLD),
    "untold": (*_THERE, *_OPEN, _UNTOLD),
}
_FIND = {
    name: select(*_COLUMNS).select_from(_FROM).where(*which).order_by(record.c.id).limit(bindparam("most"))
    for name, which in _WHICH.items()
}
_COUNT = {name: select(func.count()).select_from(_FROM).where(*which) for name, which in _WHICH.items()}
_WIPE = (
    update(record)
    .where(record.c.id == bindparam("record_id"), record.c.version == bindparam("seen"))
    .values(
        state="removed",
        body="",
        outcome="",
        closed_at=func.coalesce(record.c.closed_at, bindparam("at")),
        version=record.c.version + 1,
    )
)


def aged(unit: Unit, which: str, kind: str, nexus_ids: Collection[int], most: int, **times: int) -> list[Aged]:
    """The oldest of a kind in these Nexuses. `which` and `times`, in milliseconds since the epoch:

    closed: closed at or before `before`. open: posted or kept on at or before `before`; of those, told: whose authors
    were told at or before `told_before` and after `told_after`; untold: who were not told after `told_after`.
    """
    values: dict[str, Any] = {"which": kind, "nexus_ids": sorted(nexus_ids), "most": most, **times}
    return [Aged(**row) for row in unit.rows(_FIND[which], **values)]


def count_aged(unit: Unit, which: str, kind: str, nexus_ids: Collection[int], **times: int) -> int:
    """How many `aged` would find without a limit."""
    return int(unit.value(_COUNT[which], which=kind, nexus_ids=sorted(nexus_ids), **times) or 0)


def wipe(unit: Unit, found: Sequence[Aged]) -> list[Aged]:
    """Delete what these say, everywhere. Returns those that had not changed meanwhile."""
    wiped = [one for one in found if unit.changed(_WIPE, record_id=one.id, seen=one.version, at=unit.now) == 1]
    for one in wiped:
        unindex(unit, one.id)
    ids = {one.id for one in wiped}
    for author_id in sorted({one.author_id for one in wiped}):
        for said in consents_of(unit, author_id):
            if said.record_id in ids:
                set_consent(unit, author_id, kind=said.kind, record_id=said.record_id, word=ALL)
    return wiped
