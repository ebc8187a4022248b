"""Deciding about a proposal: approving it, rejecting it, and the recipient's yes or no.

Decision rule: an approval counts for what the proposal is now; how many it takes is worked out again at each approval
and can only rise. With the last one the money is held. If the fund has too little then, the approvals stay and the
last step is made again once there is more, by whoever may decide. One rejection ends it. Who decides is checked here,
at this moment; what is decided about one Nexus is decided one after another, so that limits hold.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import N_, Conflict, NotAllowed
from core.grants import approvals, conflicts, needs, tranches
from core.grants.grants import Grant, change, grant_of, locked, move, remember
from core.grants.proposing import ACCEPTING
from core.grants.states import State, Tranche
from core.grants.telling import (
    GRANT,
    ask_payers,
    ask_recipient,
    deciders_of,
    decision_choices,
    have_approved,
    have_decided,
    involved,
    say_there,
    tell_each,
)
from core.ledger.journals import NotEnough
from core.ledger.units import TIME
from core.operations.context import Context
from core.store import Unit

_RAN_OUT = N_("That grant ran out. Whoever proposed it can propose it again.")
_WAITS = N_("That grant doesn't wait for approvals: it is {state}.")


@dataclass(frozen=True, slots=True)
class Decision:
    """What an approval came to: how many there are of how many, and what the fund lacks ("" for nothing)."""

    grant: Grant
    have: int
    needed: int
    short: str


def check_may_approve(context: Context, grant: Grant) -> None:
    """Raises what approving it would raise, but for what is only known once it is done."""
    if grant.state != State.PROPOSED:
        raise Conflict(_WAITS, state=grant.state)
    if grant.expires_at is not None and grant.expires_at <= context.now:
        raise Conflict(_RAN_OUT, code="expired")
    conflicts.check_may_decide(context, grant, doing=N_("approve it"))


def approve(context: Context, seen: Grant) -> Decision:
    """Count an approval, and hold the money if it is the last one."""
    unit, me = context.unit, context.actor.person_id
    grant = locked(unit, seen)
    check_may_approve(context, grant)
    grant = _needed_now(unit, grant)
    new = approvals.say(unit, GRANT, grant.id, grant.version, me, True)
    have = len(have_approved(unit, grant))
    if not new and have < grant.needed:
        raise Conflict(N_("You approved that already; it needs somebody else now."), code="said_already")
    if new:
        remember(unit, grant.id, "approved", me, have=have, needed=grant.needed)
    context.note(grant_id=grant.id, nexus=grant.nexus_id, have=have, needed=grant.needed)
    if have < grant.needed:
        more = grant.needed - have
        template = (
            N_("A grant got an approval. One more is needed.")
            if more == 1
            else N_("A grant got an approval. {more} more are needed.")
        )
        say_there(unit, grant, template, choices=decision_choices(grant), more=more)
        return Decision(grant, have, grant.needed, "")
    return _hold(context, grant, have)


def _needed_now(unit: Unit, grant: Grant) -> Grant:
    """How many approvals it takes by what else was given meanwhile: never fewer than it took before."""
    needs.check_limits(unit, grant.nexus_id, grant.recipient_id, grant.awards, besides=grant.id)
    needed, _ = needs.needed_for(unit, grant.nexus_id, grant.recipient_id, grant.awards, besides=grant.id)
    if needed <= grant.needed:
        return grant
    change(unit, grant.id, needed=needed)
    return grant_of(unit, grant.id, locked=True)


def _hold(context: Context, grant: Grant, have: int) -> Decision:
    unit, me = context.unit, context.actor.person_id
    until = unit.now + ACCEPTING
    try:
        with unit.savepoint():
            tranches.hold_all(unit, grant, me)
    except NotEnough as lack:
        remember(unit, grant.id, "held_back", me)
        people = [grant.proposer_id, *deciders_of(unit, grant).people]
        short = N_("All approvals for a grant of {nexus} are there, but the fund has too little for it now.")
        tell_each(unit, grant, people, short, but=me)
        return Decision(grant, have, grant.needed, lack.message)
    move(unit, grant, State.APPROVED, decided_at=unit.now, expires_at=until, warned_at=None)
    grant = grant_of(unit, grant.id, locked=True)
    ask_recipient(unit, grant)
    told = N_("The grant that you proposed in {nexus} is approved. It waits for the yes of who it is for.")
    if not grant.applied:
        tell_each(unit, grant, (grant.proposer_id,), told, but=me)
    say_there(unit, grant, N_("A grant is approved. It waits for the yes of who it is for."))
    return Decision(grant, have, grant.needed, "")


def reject(context: Context, seen: Grant, reason: str) -> Grant:
    """End a proposal, with a reason if one is given."""
    unit, me = context.unit, context.actor.person_id
    grant = locked(unit, seen)
    check_may_reject(context, grant)
    approvals.say(unit, GRANT, grant.id, grant.version, me, False)
    move(unit, grant, State.REJECTED, decided_at=unit.now, ended_at=unit.now, expires_at=None)
    remember(unit, grant.id, "rejected", me, words=reason)
    context.note(grant_id=grant.id, nexus=grant.nexus_id)
    grant = grant_of(unit, grant.id)
    told = N_("{who} rejected a grant in {nexus} that you had to do with.")
    tell_each(unit, grant, involved_in_proposal(unit, grant), told, but=me, names={"who": me})
    say_there(unit, grant, N_("A grant was rejected."))
    return grant


def check_may_reject(context: Context, grant: Grant) -> None:
    """Raises what rejecting it would raise."""
    if grant.state != State.PROPOSED:
        raise Conflict(_WAITS, state=grant.state)
    conflicts.check_may_decide(context, grant, doing=N_("reject it"))


def involved_in_proposal(unit: Unit, grant: Grant) -> list[int]:
    """Who knows of a proposal so far: not yet its recipient, unless they asked for it or it was approved."""
    knows = grant.applied or (grant.decided_at is not None and grant.state != State.REJECTED)
    return [one for one in involved(unit, grant) if knows or one != grant.recipient_id]


# -- the recipient -----------------------------------------------------------------------------------------------


def check_is_for_me(context: Context, grant: Grant) -> None:
    """Raises unless it is approved and the actor is who it is for."""
    if grant.recipient_id != context.actor.person_id:
        raise NotAllowed(N_("Only the person whom it is for can say that."))
    if grant.state == State.PROPOSED:
        raise Conflict(N_("Others still have to approve it. I'll ask you then."))
    if grant.state != State.APPROVED:
        raise Conflict(N_("That grant is {state} already."), state=grant.state)


def accept(context: Context, seen: Grant) -> Grant:
    """The recipient says yes: what is due becomes due."""
    unit, me = context.unit, context.actor.person_id
    grant = locked(unit, seen)
    check_is_for_me(context, grant)
    if grant.expires_at is not None and grant.expires_at <= unit.now:
        raise Conflict(_RAN_OUT, code="expired")
    approvals.check_stands(unit, grant)
    report = grant.report_due
    if report is not None:  # it was counted from the proposal
        report = unit.now + report - (grant.proposed_at or grant.created_at)
    move(
        unit,
        grant,
        State.ACCEPTED,
        accepted_at=unit.now,
        expires_at=None,
        warned_at=None,
        report_due=report,
        next_at=unit.now + grant.every if grant.every else None,
    )
    remember(unit, grant.id, "accepted", me)
    tranches.begin(unit, grant_of(unit, grant.id, locked=True))
    context.note(grant_id=grant.id, nexus=grant.nexus_id)
    grant = grant_of(unit, grant.id)
    people = [grant.proposer_id, grant.giver_id, *have_decided(unit, grant)]
    tell_each(unit, grant, people, N_("{who} accepted the grant in {nexus}."), but=me, names={"who": me})
    say_there(unit, grant, N_("A grant was accepted."))
    if any(one.state == Tranche.DUE and one.amount.unit != TIME for one in grant.tranches):
        ask_payers(unit, grant)
    return grant


def decline(context: Context, seen: Grant, reason: str) -> Grant:
    """The recipient says no: what was held for it is free again."""
    unit, me = context.unit, context.actor.person_id
    grant = locked(unit, seen)
    check_is_for_me(context, grant)
    tranches.give_back(unit, grant, me)
    move(unit, grant, State.DECLINED, ended_at=unit.now, expires_at=None)
    remember(unit, grant.id, "declined", me, words=reason)
    context.note(grant_id=grant.id, nexus=grant.nexus_id)
    grant = grant_of(unit, grant.id)
    people = [grant.proposer_id, grant.giver_id, *have_decided(unit, grant)]
    told = N_("{who} doesn't take the grant in {nexus}. What was kept for it is free again.")
    tell_each(unit, grant, people, told, but=me, names={"who": me})
    say_there(unit, grant, N_("A grant was declined. What was kept for it is free again."))
    return grant
