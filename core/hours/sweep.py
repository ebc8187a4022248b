"""What happens to hours and office hours by itself: reminders, and the question after a meeting. Each once.

Planned as a job by the bot. Whatever it finds is marked and told in one unit, so that a repeat tells nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, Update, bindparam, select, update

from core.clock import DAY, HOUR, MINUTE
from core.hours.hours import entry_of
from core.hours.meetings import meeting_of
from core.hours.tables import hours_entry, meeting
from core.hours.telling import ask_both, ask_other, remind_both
from core.store import Unit

PATIENCE = 7 * DAY  # before somebody is asked once more whether hours are right
AHEAD = HOUR  # before a meeting both are reminded

_UNANSWERED = (
    select(hours_entry.c.id)
    .where(
        hours_entry.c.state == "logged",
        hours_entry.c.reminded_at.is_(None),
        hours_entry.c.logged_at <= bindparam("before"),
    )
    .order_by(hours_entry.c.logged_at, hours_entry.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_BOOKED = (
    select(meeting.c.id)
    .where(meeting.c.state == "booked")
    .order_by(meeting.c.starts_at, meeting.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_NEAR = _BOOKED.where(
    meeting.c.reminded_at.is_(None),
    meeting.c.starts_at > bindparam("at"),
    meeting.c.starts_at <= bindparam("until"),
)
_OVER = _BOOKED.where(
    meeting.c.asked_at.is_(None),
    meeting.c.starts_at <= bindparam("at"),
    meeting.c.starts_at + meeting.c.minutes * MINUTE <= bindparam("at"),
)
_ENTRY_REMINDED = update(hours_entry).where(hours_entry.c.id == bindparam("which")).values(reminded_at=bindparam("now"))
_REMINDED = update(meeting).where(meeting.c.id == bindparam("which")).values(reminded_at=bindparam("now"))
_ASKED = update(meeting).where(meeting.c.id == bindparam("which")).values(asked_at=bindparam("now"))


def sweep(unit: Unit, most: int = 50) -> bool:
    """Do what is due now, at most `most` of each. True if there may be more."""
    done = (
        _each(unit, _UNANSWERED, {"before": unit.now - PATIENCE}, _ENTRY_REMINDED, most, _still_waits),
        _each(unit, _NEAR, {"at": unit.now, "until": unit.now + AHEAD}, _REMINDED, most, _is_near),
        _each(unit, _OVER, {"at": unit.now}, _ASKED, most, _is_over),
    )
    return most in done


def _each(
    unit: Unit, due: Select[Any], values: dict[str, Any], mark: Update, most: int, tell: Callable[[Unit, int], None]
) -> int:
    rows = unit.rows(due, **values, most=most)
    for row in rows:
        unit.changed(mark, which=row["id"], now=unit.now)
        tell(unit, row["id"])
    return len(rows)


def _still_waits(unit: Unit, entry_id: int) -> None:
    ask_other(unit, entry_of(unit, entry_id), again=True)


def _is_near(unit: Unit, meeting_id: int) -> None:
    remind_both(unit, meeting_of(unit, meeting_id))


def _is_over(unit: Unit, meeting_id: int) -> None:
    ask_both(unit, meeting_of(unit, meeting_id))
