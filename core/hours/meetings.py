"""Office hours: times that somebody offers, one person books, and both say afterwards whether they met.

open → booked → kept or missed; a guest who cancels opens the time again, a host who does ends it. Whoever of several
books first has it: the change is made only if the time is still open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, insert, or_, select, update
from sqlalchemy.engine import RowMapping

from core.clock import MINUTE
from core.errors import N_, Conflict
from core.hours.tables import meeting
from core.ids import new_handle
from core.ledger.units import TIME, Money
from core.operations.fields import show_moment
from core.people.people import numbers_of, person_of
from core.store import Unit

MOST_OPEN = 60  # times that one person offers in a Nexus at once
LONGEST = 8 * 60  # minutes


@dataclass(frozen=True, slots=True)
class Meeting:
    """A time that is offered. People are numbers of now; `guest_id` is 0 as long as nobody has booked it."""

    id: int
    handle: str
    nexus_id: int
    host_id: int
    guest_id: int
    starts_at: int
    minutes: int
    words: str
    state: str
    version: int

    @property
    def name(self) -> str:
        """What it is called in questions: when it is."""
        return show_moment(self.starts_at)

    @property
    def ends_at(self) -> int:
        """When it is over, ms."""
        return self.starts_at + self.minutes * MINUTE

    @property
    def time(self) -> Money:
        """How long it is."""
        return Money(self.minutes, TIME)

    def other_than(self, person_id: int) -> int:
        """The other one of the two; 0 if there is none yet."""
        return self.guest_id if person_id == self.host_id else self.host_id


_COLUMNS = [c for c in meeting.c if c.name not in ("reminded_at", "asked_at", "made_at")]
_ALL = select(*_COLUMNS).order_by(meeting.c.starts_at, meeting.c.id)
_BY_ID = select(*_COLUMNS).where(meeting.c.id == bindparam("meeting_id"))
_LOCKED = _BY_ID.with_for_update()
_BY_HANDLE = select(meeting.c.id).where(meeting.c.handle == bindparam("handle"))
_OPEN = _ALL.where(
    meeting.c.nexus_id == bindparam("nexus_id"), meeting.c.state == "open", meeting.c.starts_at > bindparam("at")
).limit(bindparam("most"))
_HOSTED = meeting.c.host_id.in_(bindparam("people", expanding=True))
_VISITED = meeting.c.guest_id.in_(bindparam("people", expanding=True))
_OF_PERSON = (
    select(*_COLUMNS)
    .where(or_(_HOSTED, _VISITED))
    .order_by(meeting.c.starts_at.desc(), meeting.c.id.desc())
    .limit(bindparam("most"))
)
_OFFERED = select(meeting.c.id).where(
    _HOSTED,
    meeting.c.nexus_id == bindparam("nexus_id"),
    meeting.c.state.in_(["open", "booked"]),
    meeting.c.starts_at > bindparam("at"),
)
_TAKEN = (
    select(*_COLUMNS)
    .where(
        or_(and_(_HOSTED, meeting.c.state.in_(["open", "booked"])), and_(_VISITED, meeting.c.state == "booked")),
        meeting.c.id != bindparam("but"),
        meeting.c.starts_at < bindparam("until"),
        meeting.c.starts_at + meeting.c.minutes * MINUTE > bindparam("since"),
    )
    .order_by(meeting.c.starts_at)
    .limit(1)
)
_ADD = insert(meeting)
_SET_STATE = update(meeting).where(
    meeting.c.id == bindparam("meeting_id"),
    meeting.c.state == bindparam("seen"),
    meeting.c.version == bindparam("seen_version"),
)
_MOVE = _SET_STATE.values(state=bindparam("new_state"), version=meeting.c.version + 1)
_SET_GUEST = _SET_STATE.values(
    state=bindparam("new_state"),
    version=meeting.c.version + 1,
    guest_id=bindparam("guest"),
    reminded_at=bindparam("reminded"),
)


def meeting_of(unit: Unit, meeting_id: int, *, locked: bool = False) -> Meeting:
    """One meeting. `locked`: nobody else changes it until the unit ends. Raises `LookupError`."""
    row = unit.row(_LOCKED if locked else _BY_ID, meeting_id=meeting_id)
    if row is None:
        raise LookupError(f"no meeting {meeting_id}")
    return _meeting(unit, row)


def meeting_by_handle(unit: Unit, handle: str) -> int | None:
    """The id of the meeting with this short name. Says nothing about who may know of it."""
    found: int | None = unit.value(_BY_HANDLE, handle=handle.strip().lstrip("#").casefold())
    return found


def open_times(unit: Unit, nexus_id: int, most: int = 200) -> list[Meeting]:
    """What can be booked in a Nexus, the next first."""
    return _meetings(unit, unit.rows(_OPEN, nexus_id=nexus_id, at=unit.now, most=most))


def meetings_of(unit: Unit, person_id: int, most: int = 200) -> list[Meeting]:
    """All that a person offered or booked, the latest first."""
    return _meetings(unit, unit.rows(_OF_PERSON, people=numbers_of(unit, person_id), most=most))


def offered(unit: Unit, person_id: int, nexus_id: int) -> int:
    """How many times a person offers in a Nexus that are still to come."""
    return len(unit.rows(_OFFERED, people=numbers_of(unit, person_id), nexus_id=nexus_id, at=unit.now))


def at_the_same_time(unit: Unit, person_id: int, since: int, until: int, *, but: int = 0) -> Meeting | None:
    """What a person offers or has booked between these moments (ms), if anything."""
    row = unit.row(_TAKEN, people=numbers_of(unit, person_id), since=since, until=until, but=but)
    return _meeting(unit, row) if row is not None else None


def add(unit: Unit, *, nexus_id: int, host_id: int, starts_at: int, minutes: int, words: str) -> Meeting:
    """Offer a time."""
    handle = new_handle()
    while unit.value(_BY_HANDLE, handle=handle) is not None:
        handle = new_handle()
    made = Meeting(unit.new_id(), handle, nexus_id, host_id, 0, starts_at, minutes, words, "open", 1)
    values: dict[str, Any] = {c.name: getattr(made, c.name) for c in _COLUMNS}
    unit.execute(_ADD, values | {"guest_id": None, "reminded_at": None, "asked_at": None, "made_at": unit.now})
    return made


def move(unit: Unit, found: Meeting, state: str) -> None:
    """Take a meeting to another state. Raises `Conflict` if it changed meanwhile."""
    _changed(unit.changed(_MOVE, **_seen(found), new_state=state))


def book(unit: Unit, found: Meeting, guest_id: int, *, reminded: int | None) -> None:
    """Give an open time to somebody. `reminded`: now, where a reminder would come too late to be one."""
    _changed(unit.changed(_SET_GUEST, **_seen(found), new_state="booked", guest=guest_id, reminded=reminded))


def reopen(unit: Unit, found: Meeting) -> None:
    """Let somebody else book it."""
    _changed(unit.changed(_SET_GUEST, **_seen(found), new_state="open", guest=None, reminded=None))


def _seen(found: Meeting) -> dict[str, Any]:
    return {"meeting_id": found.id, "seen": found.state, "seen_version": found.version}


def _changed(rows: int) -> None:
    if rows != 1:
        raise Conflict(N_("Somebody was faster: that has just changed. Look again, please."))


def _meetings(unit: Unit, rows: Iterable[RowMapping]) -> list[Meeting]:
    return [_meeting(unit, row) for row in rows]


def _meeting(unit: Unit, row: RowMapping) -> Meeting:
    host = person_of(unit, row["host_id"]).id
    guest = person_of(unit, row["guest_id"]).id if row["guest_id"] else 0
    return Meeting(**dict(row) | {"host_id": host, "guest_id": guest})
