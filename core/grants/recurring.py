"""Grants that come again: a draft each time, which its proposer proposes or lets lie. Nothing here gives anything.

Decision rule: a draft is made when its time has come, one for all that was missed, as long as the proposer is a member
and the recipient is somebody. Proposing it is a proposal like any other, under what the Nexus asks for then: a mandate
that covers it now, else the fund; what was given of one's own deposit is asked of that again.
"""

from __future__ import annotations

from core.buttons.buttons import Choice
from core.errors import N_, Conflict, NotAllowed
from core.grants.grants import Grant, change, grant_of, locked, move, remember
from core.grants.proposing import DECIDING, OWN, Plan, Wish, add, plan, put_forward
from core.grants.states import State
from core.grants.telling import tell_each
from core.ledger.units import TIME
from core.nexuses.members import standing_in
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.declare import Who
from core.people.people import person_of
from core.store import Unit


def wish_of(grant: Grant) -> Wish:
    """What a grant says, to be said again: amounts, parts and their distance, condition, and time until a report."""
    parts = [one for one in grant.tranches if one.amount.unit != TIME]
    began = grant.accepted_at or grant.proposed_at or grant.created_at
    return Wish(
        grant.awards,
        grant.purpose,
        parts=max(len(parts), 1),
        each=(parts[1].due_at or 0) - (parts[0].due_at or 0) if len(parts) > 1 else 0,
        condition=grant.condition,
        report=max(grant.report_due - began, 0) if grant.report_due is not None else 0,
    )


def draft(unit: Unit, grant: Grant) -> Grant | None:
    """The time of a recurring grant has come, it was read locked: a draft for its proposer, or the end of it all."""
    where, recipient = nexus_of(unit, grant.nexus_id), person_of(unit, grant.recipient_id)
    member = standing_in(unit, grant.proposer_id, grant.nexus_id)[0] >= Who.MEMBER
    if not member or recipient.forgotten or where.state != "active":
        change(unit, grant.id, every=0, next_at=None)
        return None
    meant = grant.next_at or unit.now
    following = meant + ((unit.now - meant) // grant.every + 1) * grant.every  # one draft for all that was missed
    change(unit, grant.id, next_at=following)
    source, giver_id = (OWN, grant.giver_id) if grant.source == OWN else ("fund", 0)
    made = Plan(where, recipient, wish_of(grant), source, giver_id, None, 0, {}, None)
    origin_id = grant.origin_id or grant.id
    found = add(
        unit, made, proposer_id=grant.proposer_id, place_id=grant.place_id, state=State.DRAFT, origin_id=origin_id
    )
    remember(unit, grant.id, "recurred", 0)
    choices = (
        Choice(N_("Propose it"), "grant.send", {"grant": f"={found.id}"}, "primary", asks=True),
        Choice(N_("Not this time")),
    )
    told = N_("A grant of yours in {nexus} comes again: here is a draft. Shall I propose it?")
    tell_each(unit, found, (found.proposer_id,), told, choices=choices)
    return found


def check_sendable(context: Context, grant: Grant) -> Plan:
    """What proposing a draft comes to now. Raises what proposing it would raise."""
    unit, me = context.unit, context.actor.person_id
    if grant.proposer_id != me:
        raise NotAllowed(N_("Only whoever drafted it can propose it."))
    if grant.state != State.DRAFT:
        raise Conflict(N_("That grant is {state}, and no draft any more."), state=grant.state)
    if standing_in(unit, me, grant.nexus_id)[0] < Who.MEMBER:
        raise NotAllowed(N_("Grants of a Nexus are proposed by its members."))
    where, recipient = nexus_of(unit, grant.nexus_id), person_of(unit, grant.recipient_id)
    return plan(context, where, recipient, wish_of(grant), "me" if grant.source == OWN else None)


def send(context: Context, seen: Grant) -> Grant:
    """Propose a draft: to those who decide, or to the recipient where nobody has to."""
    unit, me = context.unit, context.actor.person_id
    grant = locked(unit, seen)
    made = check_sendable(context, grant)
    move(
        unit,
        grant,
        State.PROPOSED,
        source=made.source,
        giver_id=made.giver_id,
        mandate_id=made.mandate.id if made.mandate is not None else None,
        needed=made.needed,
        terms=made.terms,
        proposed_at=unit.now,
        expires_at=unit.now + DECIDING,
        report_due=unit.now + made.wish.report if made.wish.report else None,
    )
    remember(unit, grant.id, "proposed", me, needed=made.needed)
    context.note(grant_id=grant.id, nexus=grant.nexus_id, source=made.source)
    return put_forward(unit, grant_of(unit, grant.id, locked=True), me)[0]


def check_repeatable(context: Context, grant: Grant, every: int | None) -> None:
    """Raises unless the actor may have this grant come again, or stop that."""
    if context.actor.person_id not in (grant.proposer_id, grant.giver_id) or grant.applied:
        raise NotAllowed(N_("Only whoever proposed a grant can have it come again."))
    if every is None:
        if not grant.every:
            raise Conflict(N_("That grant doesn't come again."))
    elif grant.state in _OVER or grant.state == State.DRAFT:
        raise Conflict(N_("That grant is {state}; propose a new one, please."), state=grant.state)


_OVER = (State.REJECTED, State.WITHDRAWN, State.DECLINED, State.EXPIRED, State.REVOKED)


def repeat(context: Context, seen: Grant, every: int | None) -> Grant:
    """Have a grant drafted again every so many ms, counted from its acceptance or from now; None stops that."""
    unit = context.unit
    grant = grant_of(unit, seen.id, locked=True)
    check_repeatable(context, grant, every)
    starts = every is not None and grant.accepted_at is not None
    change(unit, grant.id, every=every or 0, next_at=unit.now + (every or 0) if starts else None)
    context.note(grant_id=grant.id, nexus=grant.nexus_id, every=every or 0)
    return grant_of(unit, grant.id)
