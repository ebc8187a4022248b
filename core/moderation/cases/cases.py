"""Opening, reading and moving cases.

States: a report is `open` until a moderator closes it; what was decided is `standing` until it is `lifted` (its time is
over, or an unban ended it) or `undone` (it should not have been: its points go, and it counts against its rule);
`closed` is a report that was dealt with. What no platform did is undone by nobody: then it is shown as not done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.engine import RowMapping

from core.clock import DAY
from core.errors import N_, Conflict, NotFound
from core.moderation.cases.tables import mod_case, mod_count, mod_evidence, mod_note
from core.people.people import numbers_of
from core.store import Unit
from core.store.upsert import insert_into

FADES = 30 * DAY  # one point of a case is gone after each of these
EVIDENCE_FOR = 90 * DAY  # how long the message that a case is about is kept, whatever becomes of it on its platform
SANCTIONS = ("warn", "timeout", "kick", "ban")
FROM_LIST = "list"  # how `why` begins where another Nexus's ban list is behind it: such a ban is never passed on

_ADD = insert(mod_case)
_BY_ID = select(mod_case).where(mod_case.c.id == bindparam("case_id"))
_LOCKED = _BY_ID.with_for_update(of=mod_case)
_BY_NUMBER = select(mod_case).where(mod_case.c.nexus_id == bindparam("nexus_id"), mod_case.c.number == bindparam("n"))
_IN_PLACE = (
    select(mod_case)
    .where(mod_case.c.place_id == bindparam("place_id"), mod_case.c.state == "standing")
    .order_by(mod_case.c.id.desc())
)
_OF_PERSON = select(mod_case).where(mod_case.c.person_id.in_(bindparam("people", expanding=True)))
_IN = _OF_PERSON.where(mod_case.c.nexus_id == bindparam("nexus_id")).order_by(mod_case.c.id.desc())
_ABOUT = _OF_PERSON.order_by(mod_case.c.id.desc()).limit(bindparam("most"))
_NEWEST = select(mod_case).where(mod_case.c.nexus_id == bindparam("nexus_id")).order_by(mod_case.c.id.desc())
_COUNT_OF = select(func.count()).select_from(mod_case).where(mod_case.c.nexus_id == bindparam("nexus_id"))
_CHILDREN = (
    select(mod_case)
    .where(mod_case.c.parent_id == bindparam("parent"), mod_case.c.state == "standing")
    .order_by(mod_case.c.id)
)
_MOVE = (
    update(mod_case)
    .where(mod_case.c.id == bindparam("case_id"), mod_case.c.state == bindparam("old_state"))
    .values(state=bindparam("new_state"), ended_at=bindparam("at"), ended_by=bindparam("who"))
)
_AGAIN = (
    update(mod_case)
    .where(mod_case.c.id == bindparam("case_id"), mod_case.c.state == "undone", mod_case.c.ended_by.is_(None))
    .values(state="standing", ended_at=None)
)
_REASON = update(mod_case).where(mod_case.c.id == bindparam("case_id")).values(reason=bindparam("words"))
_NOTE = insert(mod_note)
_NOTES = select(mod_note).where(mod_note.c.case_id == bindparam("case_id")).order_by(mod_note.c.id)
_EVIDENCE = insert(mod_evidence)
_EVIDENCE_OF = (
    select(mod_evidence)
    .where(mod_evidence.c.case_id == bindparam("case_id"), mod_evidence.c.expires_at > bindparam("now"))
    .order_by(mod_evidence.c.id)
)
_FORGET_EVIDENCE = delete(mod_evidence).where(mod_evidence.c.expires_at <= bindparam("now"))
_OVER = (
    select(mod_case)
    .where(mod_case.c.state == "standing", mod_case.c.until <= bindparam("now"))
    .order_by(mod_case.c.until, mod_case.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it is kept. `by_id` is None where a rule decided; `until` in ms since epoch, None: without end."""

    id: int
    nexus_id: int
    number: int
    kind: str
    person_id: int | None
    account_id: int | None
    place_id: int | None
    state: str
    reason: str
    by_id: int | None
    parent_id: int | None
    rule: str
    why: str
    points: int
    until: int | None
    made_at: int
    ended_at: int | None
    ended_by: int | None

    @property
    def not_done(self) -> bool:
        """Whether no platform did it: then it counts nowhere, and nobody was told of it."""
        return self.state == "undone" and self.ended_by is None

    @property
    def stands_as(self) -> str:
        """Its state as people are told of it: "not done" apart from what somebody took back."""
        return "not done" if self.not_done else self.state

    @property
    def from_list(self) -> bool:
        """Whether it came from the ban list of another Nexus."""
        return self.why.split(" ")[0] == FROM_LIST

    @property
    def allowed_by(self) -> str:
        """Why it was allowed, in one closed word: a role, or rule, list, report."""
        said = self.why.split(" ")
        return said[1] if self.from_list and len(said) > 1 else said[0]


@dataclass(frozen=True, slots=True)
class Message:
    """A message as evidence: where it stands, who wrote it, and its words (they may be empty: a picture)."""

    platform: str
    workspace: str
    place: str
    message_id: str
    person_id: int | None
    words: str
    thread: str = ""


def _case(row: RowMapping) -> Case:
    return Case(**{name: row[name] for name in Case.__slots__})


def open_case(
    unit: Unit,
    *,
    nexus_id: int,
    kind: str,
    person_id: int | None,
    account_id: int | None = None,
    place_id: int | None = None,
    reason: str = "",
    by_id: int | None,
    why: str,
    points: int = 0,
    until: int | None = None,
    rule: str = "",
    parent_id: int | None = None,
    state: str = "standing",
    evidence: Sequence[Message] = (),
) -> Case:
    """Write a case with the next number of its Nexus, and what it is about."""
    case_id = unit.new_id()
    unit.execute(
        _ADD,
        {
            "id": case_id,
            "nexus_id": nexus_id,
            "number": _next_number(unit, nexus_id),
            "kind": kind,
            "person_id": person_id,
            "account_id": account_id,
            "place_id": place_id,
            "state": state,
            "reason": reason,
            "by_id": by_id,
            "rule": rule,
            "parent_id": parent_id,
            "why": why,
            "points": points,
            "until": until,
            "made_at": unit.now,
            "ended_at": None,
            "ended_by": None,
        },
    )
    for message in evidence:
        unit.execute(
            _EVIDENCE,
            {
                "id": unit.new_id(),
                "case_id": case_id,
                "platform": message.platform,
                "workspace": message.workspace,
                "place": message.place,
                "thread": message.thread,
                "message_id": message.message_id,
                "person_id": message.person_id,
                "words": message.words,
                "at": unit.now,
                "expires_at": unit.now + EVIDENCE_FOR,
            },
        )
    _wake_lists(unit, kind)
    return case_of(unit, case_id)


def _wake_lists(unit: Unit, kind: str) -> None:
    """Who is banned has changed, and others may follow that."""
    if kind == "ban":
        unit.wake("lists")


def _next_number(unit: Unit, nexus_id: int) -> int:
    statement = insert_into(mod_count, postgres=unit.postgres).values(nexus_id=nexus_id, last=1)
    statement = statement.on_conflict_do_update(index_elements=["nexus_id"], set_={"last": mod_count.c.last + 1})
    return int(unit.value(statement.returning(mod_count.c.last)))


def case_of(unit: Unit, case_id: int, *, lock: bool = False) -> Case:
    """One case; with `lock` nobody else changes it until the unit ends. Raises `NotFound`."""
    row = unit.row(_LOCKED if lock else _BY_ID, case_id=case_id)
    if row is None:
        raise NotFound(N_("There is no such case."))
    return _case(row)


def case_numbered(unit: Unit, nexus_id: int, number: int) -> Case | None:
    """The case of that number in a Nexus."""
    row = unit.row(_BY_NUMBER, nexus_id=nexus_id, n=number)
    return None if row is None else _case(row)


def standing_in_place(unit: Unit, place_id: int) -> list[Case]:
    """The standing cases that were decided in a place, newest first."""
    return [_case(row) for row in unit.rows(_IN_PLACE, place_id=place_id)]


def children_of(unit: Unit, case_id: int) -> list[Case]:
    """The cases that belong to a raid and stand."""
    return [_case(row) for row in unit.rows(_CHILDREN, parent=case_id)]


def cases_of(unit: Unit, person_id: int, nexus_id: int, most: int = 20) -> list[Case]:
    """The newest cases about a person in a Nexus, whichever of their accounts they began with."""
    return [_case(row) for row in unit.rows(_IN.limit(most), people=numbers_of(unit, person_id), nexus_id=nexus_id)]


def about(unit: Unit, person_id: int, most: int = 100) -> list[Case]:
    """The newest cases about a person, in whichever Nexus."""
    return [_case(row) for row in unit.rows(_ABOUT, people=numbers_of(unit, person_id), most=most)]


def newest(unit: Unit, nexus_id: int, most: int = 20) -> list[Case]:
    """The newest cases of a Nexus."""
    return [_case(row) for row in unit.rows(_NEWEST.limit(most), nexus_id=nexus_id)]


def how_many(unit: Unit, nexus_id: int) -> int:
    """How many cases a Nexus has."""
    return int(unit.value(_COUNT_OF, nexus_id=nexus_id))


def move(unit: Unit, case: Case, state: str, by_id: int | None) -> None:
    """Into another state. Raises `Conflict` if somebody was faster."""
    if unit.changed(_MOVE, case_id=case.id, old_state=case.state, new_state=state, at=unit.now, who=by_id) != 1:
        raise Conflict(N_("Somebody has just dealt with case {number}."), number=case.number)
    _wake_lists(unit, case.kind)


def stand_again(unit: Unit, case: Case) -> None:
    """What was not done is to be done after all. Raises `Conflict` if it is something else."""
    if unit.changed(_AGAIN, case_id=case.id) != 1:
        raise Conflict(N_("Somebody has just dealt with case {number}."), number=case.number)
    _wake_lists(unit, case.kind)


def set_reason(unit: Unit, case: Case, words: str) -> None:
    """Another reason; what it was before is for the caller to keep."""
    unit.changed(_REASON, case_id=case.id, words=words)


def add_note(unit: Unit, case_id: int, by_id: int, kind: str, words: str) -> None:
    """What a moderator, or who reported it, wrote to a case."""
    unit.execute(
        _NOTE,
        {"id": unit.new_id(), "case_id": case_id, "by_id": by_id, "kind": kind, "words": words, "at": unit.now},
    )


def notes_of(unit: Unit, case_id: int) -> Sequence[RowMapping]:
    """What was written to a case, oldest first."""
    return unit.rows(_NOTES, case_id=case_id)


def evidence_of(unit: Unit, case_id: int) -> Sequence[RowMapping]:
    """The messages that a case is about, as far as they are still kept."""
    return unit.rows(_EVIDENCE_OF, case_id=case_id, now=unit.now)


def forget_evidence(unit: Unit) -> int:
    """Delete the evidence that was kept long enough. Returns how many messages."""
    return unit.changed(_FORGET_EVIDENCE, now=unit.now)


def points_now(case: Case, now: int) -> int:
    """What is left of the points of a case: one is gone every thirty days, all of them when it is undone."""
    if case.state == "undone":
        return 0
    return max(0, case.points - (now - case.made_at) // FADES)


def points_of(unit: Unit, person_id: int, nexus_id: int) -> int:
    """The points of a person in a Nexus now."""
    return sum(points_now(case, unit.now) for case in cases_of(unit, person_id, nexus_id, most=500))


def over(unit: Unit, most: int = 100) -> list[Case]:
    """Standing sanctions whose time is over, locked against other workers."""
    return [_case(row) for row in unit.rows(_OVER, now=unit.now, most=most)]
