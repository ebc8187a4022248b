"""Who follows which list, what a list may do there, and what came of each person whom it met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.engine import RowMapping

from core.clock import HOUR
from core.errors import N_
from core.moderation.lists.tables import ban_entry, ban_follow
from core.nexuses.tables import nexus
from core.nexuses.tree import nexus_of
from core.store import Unit
from core.store.upsert import insert_into

MODES = ("shadow", "ask", "act")
MOST_IN_AN_HOUR = 20  # people whom one list may put before moderators, or out: as many as a moderator may by hand

_there, _source = nexus.alias("there"), nexus.alias("source")
_ACTIVE = (
    select(ban_follow)
    .join(_there, _there.c.id == ban_follow.c.nexus_id)
    .join(_source, _source.c.id == ban_follow.c.source_id)
    .where(ban_follow.c.state == "active", _there.c.state == "active", _source.c.state == "active")
    .order_by(ban_follow.c.id)
)
_BY = _ACTIVE.where(ban_follow.c.nexus_id == bindparam("nexus_id"))
_ANY = select(ban_follow.c.id).where(ban_follow.c.state == "active").limit(1)
_ONE = select(ban_follow).where(ban_follow.c.id == bindparam("follow_id"))
_BETWEEN = select(ban_follow).where(
    ban_follow.c.nexus_id == bindparam("nexus_id"), ban_follow.c.source_id == bindparam("source")
)
_OF_SOURCE = (
    select(ban_follow)
    .where(ban_follow.c.source_id == bindparam("source"), ban_follow.c.state == "active")
    .order_by(ban_follow.c.id)
)
_ADD = insert(ban_follow)
_SET = (
    update(ban_follow)
    .where(ban_follow.c.id == bindparam("follow_id"))
    .values(mode=bindparam("new_mode"), state=bindparam("new_state"), set_by=bindparam("who"), set_at=bindparam("at"))
)
_ENTRIES = select(ban_entry).where(ban_entry.c.follow_id == bindparam("follow")).order_by(ban_entry.c.at)
_ENTRY = select(ban_entry).where(
    ban_entry.c.follow_id == bindparam("follow"), ban_entry.c.person_id == bindparam("whom")
)
_MOVE = (
    update(ban_entry)
    .where(ban_entry.c.follow_id == bindparam("follow"), ban_entry.c.person_id == bindparam("whom"))
    .values(state=bindparam("new_state"))
)
_COUNTED_AGAIN = (
    update(ban_entry)
    .where(ban_entry.c.follow_id == bindparam("follow"), ban_entry.c.state == "counted")
    .values(state="over")
)
_OF_CASE = select(ban_entry).where(ban_entry.c.case_id == bindparam("of_case"))
_CASE_SAID = update(ban_entry).where(ban_entry.c.case_id == bindparam("of_case")).values(state=bindparam("new_state"))
_LATELY = (
    select(func.count())
    .select_from(ban_entry)
    .where(
        ban_entry.c.follow_id == bindparam("follow"),
        ban_entry.c.state.in_(("asked", "banned", "dismissed")),
        ban_entry.c.at > bindparam("since"),
    )
)
_OTHERS = (
    select(ban_entry.c.follow_id)
    .join(ban_follow, ban_follow.c.id == ban_entry.c.follow_id)
    .where(
        ban_entry.c.case_id == bindparam("of_case"),
        ban_entry.c.follow_id != bindparam("follow"),
        ban_entry.c.state == "banned",
        ban_follow.c.state == "active",
    )
    .limit(1)
)
_OF_PERSON = select(ban_entry).where(ban_entry.c.person_id == bindparam("whom"))
_LEFT_BEHIND = delete(ban_entry).where(ban_entry.c.person_id == bindparam("old"))
_WEIGHT = ("over", "counted", "known", "dismissed", "asked", "banned")


@dataclass(frozen=True, slots=True)
class Follow:
    """One Nexus follows the list of another. `set_by` None: it fell back to ask by itself."""

    id: int
    nexus_id: int
    source_id: int
    mode: str
    state: str
    set_by: int | None
    set_at: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of somebody of a list; see the table for the states."""

    follow_id: int
    person_id: int
    state: str
    source_case: int
    case_id: int | None
    at: int


def _follows(rows: Sequence[RowMapping]) -> list[Follow]:
    return [Follow(**{name: row[name] for name in Follow.__slots__}) for row in rows]


def _entries(rows: Sequence[RowMapping]) -> list[Entry]:
    return [Entry(**{name: row[name] for name in Entry.__slots__}) for row in rows]


def rule_of(unit: Unit, follow: Follow) -> str:
    """The name under which cases tell whose list it was."""
    return N_("list of {source}").format(source=nexus_of(unit, follow.source_id).name)


def active(unit: Unit) -> list[Follow]:
    """Every list that is followed now, in Nexuses that are open on both sides."""
    return _follows(unit.rows(_ACTIVE))


def followed_by(unit: Unit, nexus_id: int) -> list[Follow]:
    """The lists that a Nexus follows now."""
    return _follows(unit.rows(_BY, nexus_id=nexus_id))


def followers_of(unit: Unit, source_id: int) -> list[Follow]:
    """Who follows the list of a Nexus now."""
    return _follows(unit.rows(_OF_SOURCE, source=source_id))


def any_followed(unit: Unit) -> bool:
    """Whether anybody follows any list."""
    return unit.value(_ANY) is not None


def follow_of(unit: Unit, follow_id: int) -> Follow:
    """One of them, also one that ended."""
    (found,) = _follows(unit.rows(_ONE, follow_id=follow_id))
    return found


def between(unit: Unit, nexus_id: int, source_id: int) -> Follow | None:
    """How a Nexus follows, or followed, another."""
    found = _follows(unit.rows(_BETWEEN, nexus_id=nexus_id, source=source_id))
    return found[0] if found else None


def follow(unit: Unit, nexus_id: int, source_id: int, mode: str, *, by_id: int) -> Follow:
    """Follow a list from now on, or let it do something else. Whom it only counted so far is met anew."""
    known = between(unit, nexus_id, source_id)
    if known is None:
        follow_id = unit.new_id()
        values = {"id": follow_id, "nexus_id": nexus_id, "source_id": source_id, "mode": mode, "state": "active"}
        unit.execute(_ADD, {**values, "set_by": by_id, "set_at": unit.now})
    else:
        follow_id = known.id
        unit.changed(_SET, follow_id=follow_id, new_mode=mode, new_state="active", who=by_id, at=unit.now)
        if mode != "shadow":
            unit.changed(_COUNTED_AGAIN, follow=follow_id)
    unit.wake("guards")
    return follow_of(unit, follow_id)


def ask_from_now_on(unit: Unit, one: Follow) -> None:
    """It was wrong too often."""
    unit.changed(_SET, follow_id=one.id, new_mode="ask", new_state="active", who=None, at=unit.now)


def end(unit: Unit, one: Follow, by_id: int) -> None:
    """Follow it no more. What came of it stays as it is."""
    unit.changed(_SET, follow_id=one.id, new_mode=one.mode, new_state="ended", who=by_id, at=unit.now)
    unit.wake("guards")


def entries_of(unit: Unit, follow_id: int) -> list[Entry]:
    """What came of everybody whom a list met."""
    return _entries(unit.rows(_ENTRIES, follow=follow_id))


def entry_of(unit: Unit, follow_id: int, person_id: int) -> Entry | None:
    """What came of one of them."""
    found = _entries(unit.rows(_ENTRY, follow=follow_id, whom=person_id))
    return found[0] if found else None


def entries_with(unit: Unit, case_id: int) -> list[Entry]:
    """Of which lists a case came: of several, where more than one has the person."""
    return _entries(unit.rows(_OF_CASE, of_case=case_id))


def put(unit: Unit, entry: Entry) -> None:
    """Keep what came of somebody."""
    values = {name: getattr(entry, name) for name in ("state", "source_case", "case_id", "at")}
    statement = insert_into(ban_entry, postgres=unit.postgres).values(
        follow_id=entry.follow_id, person_id=entry.person_id, **values
    )
    unit.execute(statement.on_conflict_do_update(index_elements=["follow_id", "person_id"], set_=values))
    unit.wake("guards")


def move(unit: Unit, entry: Entry, state: str) -> None:
    """Something else has come of it."""
    unit.changed(_MOVE, follow=entry.follow_id, whom=entry.person_id, new_state=state)
    unit.wake("guards")


def case_said(unit: Unit, case_id: int, state: str) -> None:
    """What moderators said of the case that came of it."""
    unit.changed(_CASE_SAID, of_case=case_id, new_state=state)


def held_by_another(unit: Unit, entry: Entry) -> bool:
    """Whether another followed list has the same person, and their ban is its as well."""
    return unit.value(_OTHERS, of_case=entry.case_id, follow=entry.follow_id) is not None


def room_for(unit: Unit, one: Follow) -> int:
    """How many more people a list may put before moderators, or out, within this hour."""
    if one.mode == "shadow":
        return 1_000_000
    return MOST_IN_AN_HOUR - int(unit.value(_LATELY, follow=one.id, since=unit.now - HOUR) or 0)


def go_along(unit: Unit, *, old: int, new: int) -> None:
    """Two people turn out to be one: what came of either came of both, and of the same list the graver."""
    for theirs in _entries(unit.rows(_OF_PERSON, whom=old)):
        mine = entry_of(unit, theirs.follow_id, new)
        if mine is None or _WEIGHT.index(theirs.state) > _WEIGHT.index(mine.state):
            put(unit, replace(theirs, person_id=new))
    unit.changed(_LEFT_BEHIND, old=old)
