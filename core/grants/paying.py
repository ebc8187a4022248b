"""Paying a part of a grant: releasing it, recording that it was paid, leaving it out, and ending what is left.

Decision rule: money of a shared fund is released, recorded as paid, left out or revoked by somebody who decides about
money and has no part in the grant (`core.grants.conflicts`); one's own money by its giver alone. What is recorded was
paid outside: nothing here moves money. Revoking frees only what is unpaid.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select, update

from core.errors import N_, BadInput, Conflict, NotAllowed
from core.grants import approvals, conflicts, tranches
from core.grants.grants import Grant, Tranche, grant_of, locked, move, remember
from core.grants.receipts import Receipt, issue
from core.grants.states import LIVES, State
from core.grants.states import Tranche as TrancheState
from core.grants.tables import tranche
from core.grants.telling import deciders_of, say_there, tell_each
from core.ledger.accounts import Kind, account, accounts, balance
from core.ledger.holds import hold_of, release, reserve, settle
from core.ledger.journals import Cause, Leg, NotEnough, Words, reverse
from core.ledger.units import TIME, Money
from core.nexuses.tree import nexus_of
from core.notices.notices import announce, notify
from core.operations.context import Context
from core.payouts.payouts import check_free
from core.people.people import person_of
from core.store import Unit

_BY_JOURNAL = select(tranche.c.id, tranche.c.grant_id).where(tranche.c.journal_id == bindparam("which"))
_AGAIN = (
    update(tranche)
    .where(tranche.c.id == bindparam("tranche_id"), tranche.c.state == "paid")
    .values(
        state=bindparam("new_state"),
        journal_id=None,
        released_by=None,
        released_at=None,
        paid_by=None,
        paid_at=None,
        hold_id=bindparam("with_hold"),
    )
)


def check_may_pay(context: Context, grant: Grant, doing: str) -> None:
    """Raises `NotAllowed` unless the actor may release, record or end payments of this grant."""
    if grant.source != "own":
        conflicts.check_may_decide(context, grant, doing=doing)
    elif grant.giver_id != context.actor.person_id:
        raise NotAllowed(N_("It is given out of somebody's own pocket, so only they can {doing}."), doing=doing)


def check_lives(grant: Grant) -> None:
    """Raises `Conflict` unless the recipient said yes and something is to come."""
    if grant.state not in LIVES:
        waits = {
            State.DRAFT: N_("That grant isn't proposed yet."),
            State.PROPOSED: N_("That grant still waits for approvals."),
            State.APPROVED: N_("That grant still waits for the yes of who it is for."),
        }
        raise Conflict(
            waits.get(State(grant.state), N_("That grant is {state}; there is nothing to pay.")), state=grant.state
        )


def part_of(grant: Grant, seq: int | None, states: Sequence[TrancheState]) -> Tranche:
    """The part of the money that is meant: the one named, or the first one in these states. Raises `BadInput`."""
    money = [one for one in grant.tranches if one.amount.unit != TIME]
    if seq is not None:
        found = next((one for one in money if one.seq == seq), None)
        if found is None:
            raise BadInput(
                N_("That grant has {count} parts of money; there is no number {seq}."), count=len(money), seq=seq
            )
        if found.state not in states:
            raise Conflict(N_("Part {seq} is {state}."), seq=seq, state=found.state)
        return found
    found = next((one for one in money if one.state in states), None)
    if found is None:
        planned = next((one for one in money if one.state == TrancheState.PLANNED), None)
        if planned is not None:
            raise Conflict(N_("No part of that grant is due yet."), code="not_due")
        raise Conflict(N_("There is nothing left to pay of that grant."), code="nothing_left")
    return found


def check_releasable(context: Context, grant: Grant, seq: int | None) -> Tranche:
    """The part that would be released; before its time only one that is named. Raises what releasing it would raise."""
    check_lives(grant)
    check_may_pay(context, grant, N_("release it"))
    approvals.check_stands(context.unit, grant)
    part = part_of(grant, seq, (TrancheState.DUE, TrancheState.PLANNED) if seq else (TrancheState.DUE,))
    check_report(context, grant)
    return part


def check_payable(context: Context, grant: Grant, seq: int | None) -> Tranche:
    """The part that would be paid. Raises what recording its payment, or sending it, would raise."""
    check_lives(grant)
    check_may_pay(context, grant, N_("say that it is paid"))
    part = part_of(grant, seq, (TrancheState.RELEASED, TrancheState.DUE))
    check_free(context.unit, part.id)
    if part.state == TrancheState.DUE:  # it is released by that
        approvals.check_stands(context.unit, grant)
        check_report(context, grant)
    return part


def release_part(context: Context, seen: Grant, seq: int | None) -> tuple[Grant, Tranche]:
    """Say that a part is to be paid, also before its time."""
    unit, me = context.unit, context.actor.person_id
    grant = locked(unit, seen)
    part = check_releasable(context, grant, seq)
    tranches.set_state(unit, part, TrancheState.RELEASED, released_by=me, released_at=unit.now)
    remember(unit, grant.id, "released", me, seq=part.seq)
    context.note(grant_id=grant.id, nexus=grant.nexus_id, seq=part.seq)
    grant = grant_of(unit, grant.id, locked=True)
    return grant, next(one for one in grant.tranches if one.id == part.id)


def check_report(context: Context, grant: Grant) -> None:
    """A missed report makes no debt; it only holds back what is not released."""
    late = grant.report_due is not None and grant.reported_at is None and grant.report_due < context.now
    if late and any(one.state == TrancheState.PAID for one in grant.tranches):
        raise Conflict(
            N_("The report that was agreed on is still missing; the next part waits for it. Nothing is owed for that."),
            code="report_missing",
        )


def record_payment(
    unit: Unit,
    grant: Grant,
    part: Tranche,
    *,
    actor_id: int,
    method: str,
    reference: str,
    fee: Money | None,
    day: int | None,
    key: str,
) -> Receipt:
    """Write down that a released part was paid, with what it cost, and issue the receipt. Nothing is checked here but
    the state: the caller has the grant locked and knows who may. Raises `Conflict`, `NotEnough` for the fee."""
    if part.state != TrancheState.RELEASED or part.hold_id is None:
        raise Conflict(N_("That part is {state}."), state=part.state)
    held = hold_of(unit, part.hold_id)
    source = accounts(unit, [held.account_id])[held.account_id]
    given = account(unit, Kind.GIVEN, grant.nexus_id, part.amount.unit, grant.recipient_id)
    legs = [Leg(given, part.amount.minor)]
    if fee is not None and fee.minor:
        if fee.unit != part.amount.unit:
            raise BadInput(N_("The fee has to be in {unit}, as the payment is."), unit=part.amount.unit)
        there = balance(unit, Kind(source.kind), source.nexus_id, source.unit, source.person_id)
        if there.free < fee.minor:
            raise NotEnough(unit, source.id, fee.minor)
        legs += [Leg(source, -fee.minor)]
        legs += [Leg(account(unit, Kind.FEE, grant.nexus_id, fee.unit), fee.minor)]
    cause = Cause(grant.nexus_id, actor_id, tranches.TRANCHE, part.id)
    words = Words(memo="", method=method, reference=reference)
    journal_id, _ = settle(unit, part.hold_id, key, "payment", cause, legs, day=day, words=words)
    tranches.set_state(unit, part, TrancheState.PAID, journal_id=journal_id, paid_by=actor_id, paid_at=unit.now)
    remember(unit, grant.id, "paid", actor_id, seq=part.seq)
    receipt = issue(unit, grant, part, journal_id)
    tranches.go_on(unit, grant.id, actor_id)
    _tell_receipt(unit, grant, receipt)
    return receipt


def _tell_receipt(unit: Unit, grant: Grant, receipt: Receipt) -> None:
    """The receipt itself goes to who was paid, in private, and is said where the grant lives."""
    card = ("receipt.show", {"receipt": f"={receipt.id}"})
    told = N_("Your grant in {nexus} is recorded as paid, receipt {number}. No equity, no debt, no exclusivity.")
    if len([one for one in grant.tranches if one.amount.unit != TIME]) > 1:
        told = N_(
            "A part of your grant in {nexus} is recorded as paid, receipt {number}. No equity, no debt, no exclusivity."
        )
    if not person_of(unit, grant.recipient_id).forgotten:
        data = {"nexus": nexus_of(unit, grant.nexus_id).name, "number": receipt.number}
        notify(unit, grant.recipient_id, told, data, card=card)
    if grant.place_id:
        said = N_("A payment is recorded as paid: receipt {number}.")
        announce(unit, grant.place_id, said, {"number": receipt.number}, card=card)


def skip_part(context: Context, seen: Grant, seq: int | None) -> tuple[Grant, Tranche]:
    """Leave a part out, by what was agreed: what was held for it is free again."""
    unit, me = context.unit, context.actor.person_id
    grant = locked(unit, seen)
    check_lives(grant)
    check_may_pay(context, grant, N_("leave it out"))
    part = part_of(grant, seq, tranches.UNPAID)
    check_free(unit, part.id)
    if part.hold_id is not None:
        release(unit, part.hold_id, me)
    tranches.set_state(unit, part, TrancheState.SKIPPED)
    remember(unit, grant.id, "skipped", me, seq=part.seq)
    context.note(grant_id=grant.id, nexus=grant.nexus_id, seq=part.seq)
    grant = tranches.go_on(unit, grant.id, me)
    tell_each(unit, grant, (grant.recipient_id,), N_("A part of your grant in {nexus} won't be paid."), but=me)
    say_there(unit, grant, N_("A part of this grant won't be paid."))
    return grant, part


def complete(context: Context, seen: Grant) -> Grant:
    """End a grant of which nothing more is to come: what is unpaid is free again. The recipient is told."""
    unit, me = context.unit, context.actor.person_id
    grant = locked(unit, seen)
    check_lives(grant)
    check_may_pay(context, grant, N_("complete it"))
    if not any(one.state == TrancheState.PAID for one in grant.tranches) and grant.money is not None:
        raise Conflict(N_("Nothing of it is paid yet. To end it, revoke it, with a reason."))
    for part in grant.tranches:
        if part.state in tranches.UNPAID:
            check_free(unit, part.id)
            if part.hold_id is not None:
                release(unit, part.hold_id, me)
            tranches.set_state(unit, part, TrancheState.SKIPPED)
    context.note(grant_id=grant.id, nexus=grant.nexus_id)
    grant = tranches.go_on(unit, grant.id, me)
    tell_each(unit, grant, (grant.recipient_id, grant.proposer_id), N_("A grant in {nexus} is complete."), but=me)
    say_there(unit, grant, N_("This grant is complete."))
    return grant


def check_revocable(context: Context, grant: Grant) -> None:
    """Raises what revoking it would raise."""
    if grant.state not in (*LIVES, State.APPROVED):
        raise Conflict(N_("That grant is {state}; there is nothing to revoke."), state=grant.state)
    check_may_pay(context, grant, N_("revoke it"))
    for part in grant.tranches:
        check_free(context.unit, part.id)


def revoke(context: Context, seen: Grant, reason: str) -> tuple[Grant, list[Money]]:
    """Take back what is unpaid, with a reason. What was paid stays with the recipient."""
    unit, me = context.unit, context.actor.person_id
    grant = locked(unit, seen)
    check_revocable(context, grant)
    freed = tranches.give_back(unit, grant, me)
    move(unit, grant, State.REVOKED, ended_at=unit.now, expires_at=None, next_at=None, every=0)
    remember(unit, grant.id, "revoked", me, words=reason)
    context.note(grant_id=grant.id, nexus=grant.nexus_id)
    grant = grant_of(unit, grant.id, locked=True)
    people = (grant.recipient_id, grant.proposer_id, grant.giver_id)
    told = N_("What was still to come of a grant in {nexus} was revoked. What was paid stays where it is.")
    tell_each(unit, grant, people, told, but=me)
    say_there(unit, grant, N_("What was still to come of this grant was revoked."))
    return grant, freed


def undo_payment(unit: Unit, journal_id: int, actor_id: int, why: str) -> int:
    """Take back a payment that was recorded by mistake, and return the reversal's id.

    For `fund.correct`, which knows who may. The part is due again, with its money kept aside anew; of a grant that was
    revoked meanwhile it stays free. The receipt stays and says that it was taken back. Raises `LookupError` where the
    journal paid no part, or no longer does; what `reverse` raises; and `Conflict` where a provider has it in hand.
    """
    row = unit.row(_BY_JOURNAL, which=journal_id)
    if row is None:
        raise LookupError(f"no part is paid by {journal_id}")
    grant = locked(unit, grant_of(unit, row["grant_id"]))
    part = next(one for one in grant.tranches if one.id == row["id"])
    if part.journal_id != journal_id or part.hold_id is None or part.amount.unit == TIME:
        raise LookupError(f"no part of money is paid by {journal_id}")
    reversal = reverse(unit, journal_id, Cause(grant.nexus_id, actor_id, "correction", journal_id), why)
    state, hold_id = TrancheState.RETURNED, None
    if grant.state in (*LIVES, State.COMPLETED):
        source = accounts(unit, [held := hold_of(unit, part.hold_id).account_id])[held]
        again = Cause(grant.nexus_id, actor_id, tranches.TRANCHE, part.id)
        hold_id = reserve(unit, f"tranche:{part.id}:again:{reversal}", source, part.amount.minor, again)
        state = TrancheState.DUE
    if unit.changed(_AGAIN, tranche_id=part.id, new_state=state.value, with_hold=hold_id) != 1:
        raise Conflict(N_("Somebody was faster: that part has just changed. Look at it again, please."))
    if grant.state == State.COMPLETED:
        move(unit, grant, State.ACTIVE, ended_at=None)
    remember(unit, grant.id, "reversed", actor_id, words=why, seq=part.seq)
    after = grant_of(unit, grant.id)
    told = N_("A payment of a grant in {nexus} was taken back in the books, as it was recorded by mistake.")
    tell_each(unit, after, (grant.recipient_id, grant.giver_id, *deciders_of(unit, after).people), told, but=actor_id)
    return reversal
