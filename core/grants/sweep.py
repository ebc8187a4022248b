"""What happens to grants by itself: running out, parts that become due, reminders, drafts of those that come again.

Planned as a job by the bot. What is found is locked, looked at again, marked and told in one unit, so that a repeat or
a crash in between does nothing twice. Nothing here pays anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from core.clock import DAY, show_day
from core.errors import N_
from core.grants import tranches
from core.grants.deciding import involved_in_proposal
from core.grants.grants import Grant, change, grant_of, move, remember
from core.grants.recurring import draft
from core.grants.reports import remind
from core.grants.states import LIVES, State
from core.grants.states import Tranche as TrancheState
from core.grants.tables import grants, tranche
from core.grants.telling import (
    acceptance_choices,
    ask_payers,
    deciders_of,
    decision_choices,
    say_there,
    tell_each,
)
from core.store import Unit

AHEAD = 3 * DAY  # so long before something runs out, or a report is due, it is said once

_GRANTS = select(grants.c.id).order_by(grants.c.id).limit(bindparam("most")).with_for_update(skip_locked=True)
_WAITING = (State.PROPOSED.value, State.APPROVED.value, State.DRAFT.value)
_OVER = _GRANTS.where(grants.c.state.in_(_WAITING), grants.c.expires_at <= bindparam("at"))
_NEARLY = _GRANTS.where(
    grants.c.state.in_([State.PROPOSED.value, State.APPROVED.value]),
    grants.c.expires_at <= bindparam("until"),
    grants.c.expires_at > bindparam("at"),
    grants.c.warned_at.is_(None),
)
_DUE = (
    select(tranche.c.id, tranche.c.grant_id)
    .join(grants, grants.c.id == tranche.c.grant_id)
    .where(
        tranche.c.state == TrancheState.PLANNED.value,
        tranche.c.due_at <= bindparam("at"),
        grants.c.state.in_([state.value for state in LIVES]),
    )
    .order_by(tranche.c.due_at, tranche.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=grants)  # it waits for nobody, while others may wait for what it freed
)
_REPORTS = _GRANTS.where(
    grants.c.state.in_([*(state.value for state in LIVES), State.COMPLETED.value]),
    grants.c.report_due.is_not(None),
    grants.c.reported_at.is_(None),
    or_(
        (grants.c.report_due <= bindparam("until")) & grants.c.reminded_at.is_(None),
        (grants.c.report_due <= bindparam("at")) & (grants.c.reminded_at < grants.c.report_due),
    ),
)
_AGAIN = _GRANTS.where(
    grants.c.every > 0,
    grants.c.next_at <= bindparam("at"),
    grants.c.state.in_([*(state.value for state in LIVES), State.COMPLETED.value]),
)


def sweep(unit: Unit, most: int = 50) -> bool:
    """Do what is due now, at most `most` of each. True if there may be more."""
    done = [
        _each(unit, _OVER, most, _expire, at=unit.now),
        _each(unit, _NEARLY, most, _warn, at=unit.now, until=unit.now + AHEAD),
        _each(unit, _REPORTS, most, remind, at=unit.now, until=unit.now + AHEAD),
        _each(unit, _AGAIN, most, draft, at=unit.now),
        _parts(unit, most),
    ]
    return most in done


def _each(unit: Unit, due: Select[Any], most: int, work: Callable[[Unit, Grant], object], **values: int) -> int:
    rows = unit.rows(due, most=most, **values)
    for row in rows:
        work(unit, grant_of(unit, row["id"], locked=True))
    return len(rows)


def _expire(unit: Unit, grant: Grant) -> None:
    """Nobody said yes in time: what was held is free again. No provider can have it in hand before the yes."""
    if grant.state == State.APPROVED:
        tranches.give_back(unit, grant, 0, expired=True)
    move(unit, grant, State.EXPIRED, ended_at=unit.now, expires_at=None)
    remember(unit, grant.id, "expired", 0)
    if grant.state == State.DRAFT:
        return
    people = involved_in_proposal(unit, grant)
    tell_each(unit, grant, people, N_("A grant in {nexus} has run out, as nobody said yes in time."))
    say_there(unit, grant, N_("This grant has run out, as nobody said yes in time."))


def _warn(unit: Unit, grant: Grant) -> None:
    change(unit, grant.id, warned_at=unit.now)
    remember(unit, grant.id, "warned", 0)
    day = show_day(grant.expires_at or unit.now)
    if grant.state == State.APPROVED:
        people, choices = [grant.recipient_id], acceptance_choices(grant)
        template = N_("Your grant in {nexus} waits for your yes. It runs out on {day}.")
    else:
        people, choices = list(deciders_of(unit, grant).people), decision_choices(grant)
        template = N_("A grant in {nexus} still waits for approvals. It runs out on {day}.")
    tell_each(unit, grant, people, template, choices=choices, day=day)


def _parts(unit: Unit, most: int) -> int:
    rows = unit.rows(_DUE, at=unit.now, most=most)
    for row in rows:
        grant = grant_of(unit, row["grant_id"], locked=True)
        part = next(one for one in grant.tranches if one.id == row["id"])
        if part.state != TrancheState.PLANNED or grant.state not in LIVES:
            continue
        tranches.set_state(unit, part, TrancheState.DUE)
        remember(unit, grant.id, "due", 0, seq=part.seq)
        ask_payers(unit, grant_of(unit, grant.id))
    return len(rows)
