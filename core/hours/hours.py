"""Entries of hours: logged by one of the two, confirmed by the other, counted then.

Decision rule: an entry is between whoever gave the time and whoever was helped; the one who did not log it confirms it
or says that it is not right. Never one person alone: people who share an account, or ever did, count as one
(`core.grants.conflicts.relatives`). A giver has 24 hours a day. What counts is a journal in minutes; it never becomes
money.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, func, insert, or_, select, update
from sqlalchemy.engine import RowMapping

from core.clock import DAY, show_day
from core.errors import N_, BadInput, Conflict
from core.grants.conflicts import relatives
from core.grants.grants import grant_of
from core.grants.states import LIVES
from core.grants.tranches import spend_time
from core.hours.tables import hours_entry
from core.ids import new_handle
from core.ledger.accounts import Kind, account
from core.ledger.journals import Cause, Leg, Words, post
from core.ledger.tables import journal
from core.ledger.units import TIME, Money
from core.nexuses.members import hold
from core.people.people import numbers_of, person_of
from core.store import Unit

MOST_A_DAY = 24 * 60  # minutes of one giver
MOST_WAITING = 20  # of one person's, before the same other person, who is not to be flooded
ENDED = N_("That was decided already.")


@dataclass(frozen=True, slots=True)
class Entry:
    """Time that somebody gave. People are numbers of now (merges followed); `day` is its beginning in ms (UTC).

    `state` is logged, confirmed, disputed or withdrawn. `undone`: it was confirmed, and the books took it back since.
    """

    id: int
    handle: str
    nexus_id: int
    giver_id: int
    helped_id: int
    grant_id: int | None
    meeting_id: int | None
    minutes: int
    words: str
    day: int
    state: str
    version: int
    dispute: str
    logged_by: int
    logged_at: int
    journal_id: int | None
    undone: bool

    @property
    def name(self) -> str:
        """What it is called: what it was about, or the short name."""
        return self.words or f"#{self.handle}"

    @property
    def time(self) -> Money:
        """How long it was."""
        return Money(self.minutes, TIME)

    @property
    def other_id(self) -> int:
        """Whoever of the two did not log it, and so confirms it."""
        return self.helped_id if self.logged_by == self.giver_id else self.giver_id


_reversal = journal.alias("reversal")
_UNDONE = exists().where(_reversal.c.reverses == hours_entry.c.journal_id).label("undone")
_COLUMNS = [c for c in hours_entry.c if c.name not in ("reminded_at", "decided_by", "decided_at")]
_ENTRIES = select(*_COLUMNS, _UNDONE)
_BY_ID = _ENTRIES.where(hours_entry.c.id == bindparam("entry_id"))
_LOCKED = _BY_ID.with_for_update(of=hours_entry)
_BY_HANDLE = select(hours_entry.c.id).where(hours_entry.c.handle == bindparam("handle"))
_OF_PEOPLE = or_(
    hours_entry.c.giver_id.in_(bindparam("people", expanding=True)),
    hours_entry.c.helped_id.in_(bindparam("people", expanding=True)),
)
_NEWEST = _ENTRIES.order_by(hours_entry.c.day.desc(), hours_entry.c.id.desc()).limit(bindparam("most"))
_CONCERNING = _NEWEST.where(_OF_PEOPLE)
_CONCERNING_IN = _CONCERNING.where(hours_entry.c.nexus_id == bindparam("nexus_id"))
_OF_NEXUS = _NEWEST.where(hours_entry.c.nexus_id == bindparam("nexus_id"))
_OF_GRANT = _NEWEST.where(hours_entry.c.grant_id == bindparam("grant_id"))
_OF_MEETING = _ENTRIES.where(hours_entry.c.meeting_id == bindparam("meeting_id")).with_for_update(of=hours_entry)
_COUNTS = hours_entry.c.state.in_(["logged", "confirmed"])
_ON_DAY = select(func.sum(hours_entry.c.minutes)).where(
    hours_entry.c.giver_id.in_(bindparam("givers", expanding=True)),
    hours_entry.c.day >= bindparam("since"),
    hours_entry.c.day < bindparam("until"),
    hours_entry.c.id != bindparam("but"),
    _COUNTS,
)
_ON_DAY_BETWEEN = _ON_DAY.where(hours_entry.c.helped_id.in_(bindparam("helped", expanding=True)))
_WAITING = select(hours_entry.c.id).where(
    hours_entry.c.state == "logged",
    hours_entry.c.logged_by.in_(bindparam("mine", expanding=True)),
    or_(
        hours_entry.c.giver_id.in_(bindparam("theirs", expanding=True)),
        hours_entry.c.helped_id.in_(bindparam("theirs", expanding=True)),
    ),
)
_SAME = select(hours_entry.c.handle).where(
    hours_entry.c.nexus_id == bindparam("nexus_id"),
    hours_entry.c.giver_id.in_(bindparam("givers", expanding=True)),
    hours_entry.c.helped_id.in_(bindparam("helped", expanding=True)),
    hours_entry.c.day == bindparam("day"),
    hours_entry.c.minutes == bindparam("minutes"),
    hours_entry.c.words == bindparam("words"),
    _COUNTS,
)
_ADD = insert(hours_entry)
_DECIDE = (
    update(hours_entry)
    .where(
        hours_entry.c.id == bindparam("entry_id"),
        hours_entry.c.state == bindparam("seen"),
        hours_entry.c.version == bindparam("seen_version"),
    )
    .values(
        state=bindparam("new_state"),
        version=hours_entry.c.version + 1,
        dispute=bindparam("why"),
        decided_by=bindparam("by"),
        decided_at=bindparam("at"),
        journal_id=bindparam("in_journal"),
    )
)


# --- reading


def entry_of(unit: Unit, entry_id: int, *, locked: bool = False) -> Entry:
    """One entry. `locked`: nobody else decides about it until the unit ends. Raises `LookupError`."""
    row = unit.row(_LOCKED if locked else _BY_ID, entry_id=entry_id)
    if row is None:
        raise LookupError(f"no entry of hours {entry_id}")
    return _entry(unit, row)


def entry_by_handle(unit: Unit, handle: str) -> int | None:
    """The id of the entry with this short name. Says nothing about who may know of it."""
    found: int | None = unit.value(_BY_HANDLE, handle=handle.strip().lstrip("#").casefold())
    return found


def entry_of_meeting(unit: Unit, meeting_id: int) -> Entry | None:
    """The entry that a meeting made, locked; None if it made none."""
    row = unit.row(_OF_MEETING, meeting_id=meeting_id)
    return _entry(unit, row) if row is not None else None


def entries_concerning(unit: Unit, person_id: int, *, nexus_id: int | None = None, most: int = 200) -> list[Entry]:
    """What a person gave or was given, newest day first; in one Nexus, or in all."""
    people = numbers_of(unit, person_id)
    if nexus_id is None:
        return _entries(unit, unit.rows(_CONCERNING, people=people, most=most))
    return _entries(unit, unit.rows(_CONCERNING_IN, people=people, nexus_id=nexus_id, most=most))


def entries_of_nexus(unit: Unit, nexus_id: int, most: int = 200) -> list[Entry]:
    """What was given in a Nexus, newest day first."""
    return _entries(unit, unit.rows(_OF_NEXUS, nexus_id=nexus_id, most=most))


def entries_of_grant(unit: Unit, grant_id: int, most: int = 200) -> list[Entry]:
    """What was given for a grant, newest day first."""
    return _entries(unit, unit.rows(_OF_GRANT, grant_id=grant_id, most=most))


def _entries(unit: Unit, rows: Iterable[RowMapping]) -> list[Entry]:
    return [_entry(unit, row) for row in rows]


def _entry(unit: Unit, row: RowMapping) -> Entry:
    people = {name: person_of(unit, row[name]).id for name in ("giver_id", "helped_id", "logged_by")}
    return Entry(**dict(row) | people)


# --- logging


def check_two_people(unit: Unit, one: int, other: int) -> None:
    """Raises `BadInput` for one person with several accounts, also for those who once were one."""
    if other == one or other in relatives(unit, [one]):
        raise BadInput(N_("Hours count between two people, and those are one, as far as I know."), code="one_person")


def check_length(time: Money) -> None:
    """Raises `BadInput` for more than a day has."""
    if time.minor > MOST_A_DAY:
        raise BadInput(N_("A day has 24h, and {time} is more. Tell me each day by itself, please."), time=time)


def check_day(unit: Unit, entry: Entry, *, among_all: bool) -> None:
    """Raises `BadInput` if a giver would have given more than a day has. Waits for others who log the same giver's.

    `among_all`: with what the giver gave to anybody, which only the giver may learn of; else with these two people's.
    """
    hold(unit, entry.giver_id)
    givers, helped = numbers_of(unit, entry.giver_id), numbers_of(unit, entry.helped_id)
    since = entry.day - entry.day % DAY
    window = {"givers": givers, "since": since, "until": since + DAY, "but": entry.id}
    before = (unit.value(_ON_DAY, **window) if among_all else unit.value(_ON_DAY_BETWEEN, **window, helped=helped)) or 0
    if int(before) + entry.minutes > MOST_A_DAY:
        if before:
            raise BadInput(
                N_("With what stands for {day} already, that is more than 24h in one day. Is it the right day?"),
                day=show_day(entry.day),
            )
        check_length(entry.time)


def log(
    unit: Unit,
    *,
    nexus_id: int,
    giver_id: int,
    helped_id: int,
    minutes: int,
    words: str,
    day: int,
    logged_by: int,
    grant_id: int | None = None,
    meeting_id: int | None = None,
) -> Entry:
    """Add an entry that waits for the other one's word. Raises `BadInput`, `Conflict`."""
    handle = new_handle()
    while unit.value(_BY_HANDLE, handle=handle) is not None:
        handle = new_handle()
    entry = Entry(
        id=unit.new_id(),
        handle=handle,
        nexus_id=nexus_id,
        giver_id=giver_id,
        helped_id=helped_id,
        grant_id=grant_id,
        meeting_id=meeting_id,
        minutes=minutes,
        words=words,
        day=day,
        state="logged",
        version=1,
        dispute="",
        logged_by=logged_by,
        logged_at=unit.now,
        journal_id=None,
        undone=False,
    )
    check_two_people(unit, giver_id, helped_id)
    check_day(unit, entry, among_all=logged_by == giver_id)
    if meeting_id is None:
        _check_new(unit, entry)
    values: dict[str, Any] = {c.name: getattr(entry, c.name) for c in _COLUMNS}
    unit.execute(_ADD, values | {"reminded_at": None, "decided_by": None, "decided_at": None})
    return entry


def _check_new(unit: Unit, entry: Entry) -> None:
    givers, helped = numbers_of(unit, entry.giver_id), numbers_of(unit, entry.helped_id)
    known = unit.value(
        _SAME,
        nexus_id=entry.nexus_id,
        givers=givers,
        helped=helped,
        day=entry.day,
        minutes=entry.minutes,
        words=entry.words,
    )
    if known is not None:
        raise Conflict(N_("Exactly that is logged already (#{handle})."), handle=known)
    mine, theirs = numbers_of(unit, entry.logged_by), numbers_of(unit, entry.other_id)
    if len(unit.rows(_WAITING, mine=mine, theirs=theirs)) >= MOST_WAITING:
        raise Conflict(
            N_("{name} has {number} of yours to look at already. Let us wait for those first."),
            name=person_of(unit, entry.other_id).name,
            number=MOST_WAITING,
        )


# --- deciding. Each takes an entry that was read locked.


def check_open(entry: Entry, states: Sequence[str]) -> None:
    """Raises `Conflict` with what became of it."""
    if entry.state in states:
        return
    said = {
        "confirmed": N_("That counts already. If it is wrong, somebody who decides about the money can take it back."),
        "disputed": N_("That was said to be wrong already. Whoever logged it can take it back and log it anew."),
        "withdrawn": N_("That was taken back, so it does not count."),
    }
    raise Conflict(said.get(entry.state, ENDED))


def confirm(unit: Unit, entry: Entry, by: int) -> int:
    """Count it: the other one says that it is right. Returns the journal's id. Raises `Conflict`, `BadInput`.

    Lock order: the grant before its entries (`lock_for_confirming`).
    """
    check_open(entry, ("logged", "disputed"))
    check_two_people(unit, entry.giver_id, entry.helped_id)  # they may have become one since it was logged
    if by == entry.giver_id:
        check_day(unit, entry, among_all=True)
    key, words = f"hours:{entry.id}", Words(memo=entry.words)
    cause = Cause(entry.nexus_id, by, "hours", entry.id)
    grant = grant_of(unit, entry.grant_id) if entry.grant_id is not None else None
    if grant is not None and grant.state in LIVES:
        people = (entry.giver_id, entry.helped_id)
        number = spend_time(unit, grant, entry.minutes, key, cause, *people, words, day=entry.day)
    else:
        worked = account(unit, Kind.WORKED, entry.nexus_id, TIME, entry.giver_id)
        given = account(unit, Kind.GIVEN, entry.nexus_id, TIME, entry.helped_id)
        legs = [Leg(worked, -entry.minutes), Leg(given, entry.minutes)]
        number = post(unit, key, "hours", cause, legs, day=entry.day, words=words)
    _decide(unit, entry, "confirmed", by, journal_id=number)
    return number


def lock_for_confirming(unit: Unit, entry: Entry) -> Entry:
    """The entry as it is now, locked, after the grant that it belongs to."""
    if entry.grant_id is not None:
        grant_of(unit, entry.grant_id, locked=True)
    return entry_of(unit, entry.id, locked=True)


def dispute(unit: Unit, entry: Entry, by: int, why: str) -> None:
    """The other one says that it is not right. Raises `Conflict`."""
    check_open(entry, ("logged",))
    _decide(unit, entry, "disputed", by, why=why)


def withdraw(unit: Unit, entry: Entry, by: int) -> None:
    """Whoever logged it takes it back. Raises `Conflict`."""
    check_open(entry, ("logged", "disputed"))
    _decide(unit, entry, "withdrawn", by, why=entry.dispute)


def _decide(unit: Unit, entry: Entry, state: str, by: int, *, why: str = "", journal_id: int | None = None) -> None:
    changed = unit.changed(
        _DECIDE,
        entry_id=entry.id,
        seen=entry.state,
        seen_version=entry.version,
        new_state=state,
        why=why,
        by=by,
        at=unit.now,
        in_journal=journal_id,
    )
    if changed != 1:
        raise Conflict(ENDED)
