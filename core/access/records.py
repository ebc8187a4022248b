"""Which records an audience may hear: the rules decide (`core.rules`), here they are looked up, named and handed out.

Every record that is handed out is noted in `unit.shown`, so that what is said of it can be looked at again when it is
sent.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from core.access.matches import matches
from core.access.names import unknown
from core.errors import N_, Ambiguous
from core.nexuses.tables import nexus
from core.operations.context import Audience, Context
from core.operations.fields.base import frozen_id
from core.people.people import fold
from core.people.tables import person
from core.records.search import query_words, rank
from core.records.tables import record
from core.rules.kinds import RECORDS
from core.rules.lists import Stub, newest
from core.rules.resolver import eyes_of, may_hear
from core.store import Unit
from core.store.unit import Raw

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
    ceiling: int

    @property
    def name(self) -> str:
        """The first words."""
        return self.body if len(self.body) <= 60 else self.body[:59].rstrip() + "…"


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
    record.c.ceiling,
)
_FULL = (
    select(*_COLUMNS)
    .join(person, person.c.id == record.c.author_id)
    .join(nexus, nexus.c.id == record.c.nexus_id)
    .where(record.c.state != "removed")
)
_BY_IDS = _FULL.where(record.c.id.in_(bindparam("ids", expanding=True)))
# The same for one record, as `Record` has it.
_ONE = (
    "SELECT r.id, r.handle, r.kind, r.body, r.state, r.author_id, p.name, r.nexus_id, n.name, r.created_at, r.version, "
    "r.ceiling FROM record r JOIN person p ON p.id = r.author_id JOIN nexus n ON n.id = r.nexus_id "
    "WHERE r.state <> 'removed' AND "
)
_BY_ID = Raw(_ONE + "r.id = ?")
_BY_HANDLE = Raw(_ONE + "r.handle = ?")
_TRACES = select(
    record.c.id, record.c.kind, record.c.nexus_id, record.c.author_id, record.c.ceiling, record.c.state
).where(record.c.id.in_(bindparam("ids", expanding=True)))
_TRACE = Raw("SELECT id, kind, nexus_id, author_id, ceiling, state FROM record WHERE id = ?")


@dataclass(frozen=True, slots=True)
class Trace:
    """What a decision needs to know of a record that was handed out before; it may have been removed since."""

    id: int
    kind: str
    nexus_id: int
    author_id: int
    ceiling: int
    state: str


_OPEN_COUNTS = (
    select(record.c.nexus_id, record.c.ceiling, func.count().label("count"))
    .where(
        record.c.nexus_id.in_(bindparam("nexus_ids", expanding=True)),
        record.c.kind == bindparam("kind"),
        record.c.state == "open",
    )
    .group_by(record.c.nexus_id, record.c.ceiling)
)
_AT_ONCE = 500  # Nexuses in one statement


def _given(unit: Unit, found: Sequence[Record]) -> list[Record]:
    unit.shown.update(one.id for one in found)
    return list(found)


def _full(unit: Unit, stubs: Sequence[Stub]) -> list[Record]:
    """The records of stubs that were decided about, in the same order."""
    if not stubs:
        return []
    rows = {row["id"]: Record(**row) for row in unit.rows(_BY_IDS, ids=[stub.id for stub in stubs])}
    return [rows[stub.id] for stub in stubs]


def open_records(unit: Unit, audience: Audience, kind: str, *, nexus_id: int, most: int = 20) -> list[Record]:
    """The newest open records of a kind in one Nexus that the audience may hear."""
    return _given(unit, _full(unit, newest(unit, audience, (kind,), most, nexus_id=nexus_id)))


def open_records_by(unit: Unit, audience: Audience, kind: str, author_id: int, most: int = 20) -> list[Record]:
    """The newest open records of a kind by one author that the audience may hear."""
    return _given(unit, _full(unit, newest(unit, audience, (kind,), most, author_id=author_id)))


def newest_records(unit: Unit, audience: Audience, kinds: Sequence[str], most: int = 20) -> list[Record]:
    """The newest open records of these kinds, wherever they are, that the audience may hear."""
    return _given(unit, _full(unit, newest(unit, audience, kinds, most)))


def record_heard(unit: Unit, audience: Audience, reference: str) -> Record | None:
    """The record of a short name ("#k7m2p") or a frozen reference, if the audience may hear it; open or closed."""
    eyes_of(unit, audience)  # whether there is such a record or not: else it shows in what the store is asked
    number = frozen_id(reference)
    if number is not None:
        rows = unit.fetch(_BY_ID, number)
    else:
        rows = unit.fetch(_BY_HANDLE, reference.strip().lstrip("#").casefold())
    found = Record(*rows[0]) if rows else None
    return _given(unit, [found])[0] if found is not None and may_hear(unit, audience, found) else None


def traces(unit: Unit, ids: Collection[int]) -> list[Trace]:
    """What `core.access.again` decides by: nothing of it is to be shown."""
    if not ids:
        return []
    if unit.postgres:  # one way there and back; on SQLite each row is quicker by itself than a list of ids is built
        return [Trace(**row) for row in unit.rows(_TRACES, ids=list(ids))]
    return [Trace(*values) for one in set(ids) for values in unit.fetch(_TRACE, one)]


def count_open(unit: Unit, nexus_ids: Sequence[int], kind: str) -> dict[int, dict[int, int]]:
    """How many open records of a kind there are, by Nexus and by what their authors consent to.

    Numbers for those who decide about rules: nothing of this is for telling what is hidden from somebody.
    """
    found: dict[int, dict[int, int]] = {}
    for start in range(0, len(nexus_ids), _AT_ONCE):
        for row in unit.rows(_OPEN_COUNTS, nexus_ids=list(nexus_ids[start : start + _AT_ONCE]), kind=kind):
            found.setdefault(row["nexus_id"], {})[row["ceiling"]] = row["count"]
    return found


def search_records(unit: Unit, audience: Audience, query: str, kind: str | None = None, most: int = 10) -> list[Record]:
    """Open records that fit the words, best first.

    Ranked by statistics of what this audience may hear alone: hidden rows change neither the set nor the order.
    """
    words = query_words(query)
    if not words:
        return []
    found = _full(unit, matches(unit, audience, words, (kind,) if kind else RECORDS, CANDIDATES))
    return _given(unit, rank(words, found)[:most])


def suggest_records(context: Context, kind: str, typed: str, most: int) -> list[tuple[str, str]]:
    """(label, handle) of the actor's own open records of a kind that have what was typed in them, newest first."""
    mine = _mine(context, kind)
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
        found = _own(unit, audience, words)
    else:
        handle = words.strip().lstrip("#").casefold()
        found = _own(unit, audience, handle)
        if not found:
            mine = _mine(context, kind)
            if handle in ("it", "this", "that", "last", "the last one", "latest", "my last one", "that one"):
                found = mine[:1]
            else:
                part = fold(words)
                exact = [r for r in mine if part and part in fold(r.body)]
                found = exact or rank(query_words(words), mine, strict=True)
    found = [r for r in found if r.kind == kind and r.author_id == me and r.state == "open"]
    check_one(found)
    if not found:
        raise unknown(N_("I found no open {kind} of yours that fits “{name}”.").replace("{kind}", kind), words, [])
    return _given(unit, found)[0]


def check_one(found: Sequence[Record]) -> None:
    """Raise `Ambiguous`, with what there is to choose from, where several of the actor's own fit."""
    if len(found) > 1:
        raise Ambiguous(
            N_("Several of yours fit: {choices}. Which one do you mean? Its short name (#…) is enough."),
            choices="; ".join(f"#{r.handle} {r.name}" for r in found[:5]),
        )


def _mine(context: Context, kind: str) -> list[Record]:
    """The newest open ones of the actor's own, to choose from."""
    me = context.actor.person_id
    return _full(context.unit, newest(context.unit, context.audience, (kind,), 200, author_id=me))


def _own(unit: Unit, audience: Audience, reference: str) -> list[Record]:
    found = record_heard(unit, audience, reference)
    return [found] if found is not None else []
