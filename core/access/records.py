"""Which records an audience may see: one condition, used by every read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.engine import RowMapping

from core.access.names import unknown
from core.errors import N_, Ambiguous
from core.nexuses.tables import membership, nexus
from core.operations.context import Audience, AudienceKind, Context
from core.operations.fields.base import frozen_id
from core.people.people import fold
from core.people.tables import person
from core.records.search import matching, rank
from core.records.tables import record
from core.store import Unit

SHARED_KINDS = ("need", "offer")
CANDIDATES = 300  # newest matches that are ranked; bounds the work of one search


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it may be shown. `name` is its words, shortened, for cards and questions."""

    id: int
    handle: str
    kind: str
    body: str
    state: str
    author_id: int
    author: str
    nexus_id: int
    nexus: str
    created_at: int
    version: int

    @property
    def name(self) -> str:
        """The first words."""
        return self.body if len(self.body) <= 60 else self.body[:59].rstrip() + "…"


_REACH = select(membership.c.nexus_id).where(
    membership.c.person_id == bindparam("reader"), membership.c.state == "active", membership.c.role != "guest"
)
_VISIBLE: dict[AudienceKind, ColumnElement[bool]] = {
    AudienceKind.PERSON: and_(
        record.c.state != "removed",
        or_(
            record.c.author_id == bindparam("reader"),
            and_(record.c.kind.in_(SHARED_KINDS), record.c.nexus_id.in_(_REACH), nexus.c.state == "active"),
        ),
    ),
    AudienceKind.MEMBERS: and_(
        record.c.state != "removed",
        record.c.kind.in_(SHARED_KINDS),
        record.c.nexus_id == bindparam("reader"),
        nexus.c.state == "active",
    ),
}
_COLUMNS = (
    record.c.id,
    record.c.handle,
    record.c.kind,
    record.c.body,
    record.c.state,
    record.c.author_id,
    person.c.name.label("author"),
    record.c.nexus_id,
    nexus.c.name.label("nexus"),
    record.c.created_at,
    record.c.version,
)


def _visible(kind: AudienceKind, *conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(person, person.c.id == record.c.author_id)
        .join(nexus, nexus.c.id == record.c.nexus_id)
        .where(_VISIBLE[kind], *conditions)
        .order_by(record.c.id.desc())
        .limit(bindparam("most"))
    )


_IN_NEXUS = record.c.nexus_id == bindparam("nexus_id")
_KIND = record.c.kind == bindparam("record_kind")
_OPEN = record.c.state == "open"
_BY = record.c.author_id == bindparam("by")
_LISTS = {
    kind: {
        "nexus": _visible(kind, _KIND, _OPEN, _IN_NEXUS),
        "author": _visible(kind, _KIND, _OPEN, _BY),
        "handle": _visible(kind, record.c.handle == bindparam("handle")),
        "id": _visible(kind, record.c.id == bindparam("record_id")),
        ("search", False): _visible(kind, _OPEN, matching(postgres=False)),
        ("search", True): _visible(kind, _OPEN, matching(postgres=True)),
        ("search_kind", False): _visible(kind, _OPEN, _KIND, matching(postgres=False)),
        ("search_kind", True): _visible(kind, _OPEN, _KIND, matching(postgres=True)),
    }
    for kind in _VISIBLE
}


def _read(unit: Unit, audience: Audience, which: Any, most: int, **values: object) -> list[Record]:
    if audience.kind is AudienceKind.PUBLIC:
        return []
    reader = audience.person_id if audience.kind is AudienceKind.PERSON else audience.nexus_id
    rows: Sequence[RowMapping] = unit.rows(_LISTS[audience.kind][which], reader=reader, most=most, **values)
    return [Record(**row) for row in rows]


def open_records(unit: Unit, audience: Audience, kind: str, *, nexus_id: int, most: int = 20) -> list[Record]:
    """The newest open records of a kind in one Nexus that the audience may see."""
    return _read(unit, audience, "nexus", most, record_kind=kind, nexus_id=nexus_id)


def open_records_by(unit: Unit, audience: Audience, kind: str, author_id: int, most: int = 20) -> list[Record]:
    """The newest open records of a kind by one author that the audience may see."""
    return _read(unit, audience, "author", most, record_kind=kind, by=author_id)


def search_records(unit: Unit, audience: Audience, query: str, kind: str | None = None, most: int = 10) -> list[Record]:
    """Open records that fit the words, best first.

    Ranked by statistics of what this audience may see alone: hidden rows change neither the set nor the order.
    """
    words = matching.words(query)
    if not words:
        return []
    values: dict[str, object] = {"match": matching.expression(words, postgres=unit.postgres)}
    if kind is not None:
        values["record_kind"] = kind
    which = ("search_kind" if kind else "search", unit.postgres)
    found = _read(unit, audience, which, CANDIDATES, **values)
    return rank(words, found)[:most]


def suggest_records(context: Context, kind: str, typed: str, most: int) -> list[tuple[str, str]]:
    """(label, handle) of the actor's own open records of a kind that have what was typed in them, newest first."""
    mine = open_records_by(context.unit, context.audience, kind, context.actor.person_id, most=200)
    part = fold(typed.strip().removeprefix("#"))
    fits = [r for r in mine if part in fold(r.body) or r.handle.startswith(part)]
    fits.sort(key=lambda r: not (r.handle.startswith(part) or fold(r.body).startswith(part)))
    return [(f"{r.name} (#{r.handle})", f"#{r.handle}") for r in fits[:most]]


def access_record(context: Context, kind: str, words: str) -> Record:
    """One open record of the actor's own, by handle or by words in it. Raises `NotFound`, `Ambiguous`."""
    unit, me = context.unit, context.actor.person_id
    audience = context.audience
    number = frozen_id(words)
    if number is not None:
        found = _read(unit, audience, "id", 1, record_id=number)
    else:
        handle = words.strip().lstrip("#").casefold()
        found = _read(unit, audience, "handle", 1, handle=handle)
        if not found:
            mine = open_records_by(unit, audience, kind, me, most=200)
            if handle in ("it", "this", "that", "last", "the last one", "latest", "my last one", "that one"):
                found = mine[:1]
            else:
                part = fold(words)
                exact = [r for r in mine if part and part in fold(r.body)]
                found = exact or rank(matching.words(words), mine, strict=True)
    found = [r for r in found if r.kind == kind and r.author_id == me and r.state == "open"]
    if len(found) > 1:
        raise Ambiguous(
            N_("Several of yours fit: {choices}. Which one do you mean? Its short name (#…) is enough."),
            choices="; ".join(f"#{r.handle} {r.name}" for r in found[:5]),
        )
    if not found:
        raise unknown(N_("I found no open {kind} of yours that fits “{name}”.").replace("{kind}", kind), words, [])
    return found[0]
