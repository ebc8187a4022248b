"""Reports on a grant: only where one was agreed on, asked for once before and once when it is due, and never owed.

A missed report makes no debt. It holds back parts that are not released yet (`core.grants.paying.check_report`).
"""

from __future__ import annotations

from core.clock import DAY, show_day
from core.errors import N_, Conflict, NotAllowed
from core.grants.grants import Grant, change, grant_of, remember
from core.grants.states import LIVES, State
from core.grants.telling import involved, say_there, tell_each
from core.operations.context import Context
from core.store import Unit

AHEAD = 3 * DAY  # a reminder comes so long before


def check_may_report(context: Context, grant: Grant) -> None:
    """Raises unless the actor received it."""
    if grant.recipient_id != context.actor.person_id:
        raise NotAllowed(N_("A report on a grant comes from the person who received it."))
    if grant.state not in (*LIVES, State.COMPLETED, State.REVOKED):
        raise Conflict(N_("That grant is {state}; there is nothing to report yet."), state=grant.state)


def report(context: Context, seen: Grant, text: str) -> Grant:
    """Take down a report; the first one fulfils what was agreed on. Those concerned are told."""
    unit, me = context.unit, context.actor.person_id
    grant = grant_of(unit, seen.id, locked=True)
    check_may_report(context, grant)
    if grant.reported_at is None:
        change(unit, grant.id, reported_at=unit.now)
    remember(unit, grant.id, "reported", me, words=text)
    context.note(grant_id=grant.id, nexus=grant.nexus_id)
    told = N_("{who} has reported on a grant in {nexus}.")
    tell_each(unit, grant, involved(unit, grant), told, but=me, names={"who": grant.recipient_id})
    say_there(unit, grant, N_("There is a report on this grant."))
    return grant_of(unit, grant.id)


def remind(unit: Unit, grant: Grant) -> None:
    """Ask for the report that is agreed on. The sweep calls it once before, and once when it is due."""
    due = grant.report_due or unit.now
    change(unit, grant.id, reminded_at=unit.now)
    remember(unit, grant.id, "reminded", 0)
    if due > unit.now:
        told = N_("The report on your grant in {nexus} is due on {day}: “my report for #{handle}: …”.")
    else:
        told = N_("The report on your grant in {nexus} was due on {day}. Nothing is owed for that; I won't ask again.")
    tell_each(unit, grant, (grant.recipient_id,), told, day=show_day(due), handle=grant.handle)
