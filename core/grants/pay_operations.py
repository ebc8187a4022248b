"""Releasing and paying parts of a grant, leaving parts out, and ending a grant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from core.access.books import GrantField, called
from core.clock import show_day
from core.errors import N_
from core.grants import pay_says as says
from core.grants import paying, tranches
from core.grants.grants import Grant, Tranche, grant_of, locked
from core.grants.propose_operations import amounts
from core.grants.states import Tranche as TrancheState
from core.ledger.units import Money
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.declare import Confirm, operation
from core.operations.fields import Text, Whole
from core.operations.fields.past import Past
from core.payouts import payouts
from core.payouts.provider import MANUAL, names
from core.policies.fields import MoneyField

GRANT = GrantField(N_("which grant"))
PART = Whole(N_("which part"), maximum=99)
REASON = Text(N_("why"), maximum=500)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a grant after a step. `number` is its receipt's, "" if there is none; `freed`: what is free again."""

    id: int
    handle: str
    nexus: str
    name: str
    amount: str
    part: int
    parts: int
    state: str
    number: str = ""
    method: str = ""
    reference: str = ""
    fee: str = ""
    day: str = ""
    freed: str = ""


def _part(context: Context, grant: Grant, one: Tranche, **more: str) -> Part:
    money = [t for t in grant.tranches if t.amount.unit == one.amount.unit]
    return Part(
        grant.id,
        grant.handle,
        nexus_of(context.unit, grant.nexus_id).name,
        called(context.unit, context.audience, grant.recipient_id),
        str(one.amount),
        one.seq,
        len(money),
        grant.state,
        **more,
    )


def _about(context: Context, grant: Grant, one: Tranche) -> dict[str, str]:
    found = _part(context, grant, one)
    which = N_(" (part {part} of {parts})").format(part=found.part, parts=found.parts) if found.parts > 1 else ""
    return {"amount": found.amount, "which": which, "name": found.name, "nexus": found.nexus, "handle": found.handle}


def _releasable(context: Context, grant: Grant, part: int | None = None) -> Mapping[str, str]:
    return _about(context, grant, paying.check_releasable(context, grant, part))


@operation(
    "grant.release",
    writes=True,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.RELEASE,
    preview=_releasable,
    asks=N_("Release {amount} to {name} from *{nexus}*{which} (#{handle})?"),
    tells=N_("Released: {amount} to {name} (#{handle}). Somebody can pay it now."),
)
def release(context: Context, grant: Annotated[Grant, GRANT], part: Annotated[int | None, PART] = None) -> Part:
    """Say that a part of a grant is to be paid now."""
    found, one = paying.release_part(context, grant, part)
    return _part(context, found, one)


def _payable(
    context: Context,
    grant: Grant,
    method: str = "",
    reference: str = "",
    fee: Money | None = None,
    day: int | None = None,
    part: int | None = None,
) -> Mapping[str, str]:
    one = paying.check_payable(context, grant, part)
    cost = N_(" plus a fee of {fee}").format(fee=fee) if fee is not None else ""
    if _provider(context, method):
        question = N_("Send {amount} to {name} from *{nexus}*{which} (#{handle}) through {method}?")
    else:
        question = N_(
            "Write down that {amount}{cost} was paid to {name} from *{nexus}*{which} (#{handle})? I move no money."
        )
    return {"question": question.format(**_about(context, grant, one), cost=cost, method=method)}


def _provider(context: Context, method: str) -> str:
    """The provider that a way of paying names, or "" where somebody pays outside."""
    name = method.strip().casefold()
    return name if name != MANUAL and name in names(context.unit) else ""


@operation(
    "grant.pay",
    writes=True,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.PAY,
    preview=_payable,
    asks="{question}",
)
def pay(
    context: Context,
    grant: Annotated[Grant, GRANT],
    method: Annotated[str, Text(N_("how it was paid"), maximum=60, line=True)] = "",
    reference: Annotated[str, Text(N_("the reference that finds the payment again"), maximum=120, line=True)] = "",
    fee: Annotated[Money | None, MoneyField(N_("what the payment cost on top"), time=False)] = None,
    day: Annotated[int | None, Past(N_("the day on which it was paid"))] = None,
    part: Annotated[int | None, PART] = None,
) -> Part:
    """Say that a part of a grant was paid outside; the recipient gets a receipt.

    Where a payout provider is set up, its name as the way of paying sends the money through it.
    """
    unit, me = context.unit, context.actor.person_id
    seen = locked(unit, grant)
    one = paying.check_payable(context, seen, part)
    if one.state == TrancheState.DUE:
        seen, one = paying.release_part(context, seen, one.seq)
    context.note(grant_id=seen.id, nexus=seen.nexus_id, seq=one.seq)
    through = _provider(context, method)
    if through:
        payouts.plan(unit, seen, one, through, me)
        return _part(context, seen, one, method=through)
    receipt = paying.record_payment(
        unit, seen, one, actor_id=me, method=method, reference=reference, fee=fee, day=day, key=f"paid:{one.hold_id}"
    )
    return _part(
        context,
        grant_of(unit, seen.id),
        one,
        number=receipt.number,
        method=method,
        reference=reference,
        fee=str(fee) if fee is not None else "",
        day=show_day(day if day is not None else context.now),
    )


def _skippable(context: Context, grant: Grant, part: int | None = None) -> Mapping[str, str]:
    paying.check_lives(grant)
    paying.check_may_pay(context, grant, N_("leave it out"))
    return _about(context, grant, paying.part_of(grant, part, tranches.UNPAID))


@operation(
    "grant.skip",
    writes=True,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.SKIP,
    preview=_skippable,
    asks=N_("Leave out {amount} to {name} from *{nexus}*{which} (#{handle})? It is free for others then."),
    tells=N_("{amount} of #{handle} is left out, and free for others."),
)
def skip(context: Context, grant: Annotated[Grant, GRANT], part: Annotated[int | None, PART] = None) -> Part:
    """Leave out a part of a grant, as it was agreed."""
    found, one = paying.skip_part(context, grant, part)
    return _part(context, found, one)


@dataclass(frozen=True, slots=True)
class Ended:
    """A grant that was ended. `freed`: what is free for others again, "" for nothing."""

    id: int
    handle: str
    nexus: str
    name: str
    amount: str
    freed: str


def _ended(context: Context, grant: Grant, freed: tuple[Money, ...] = ()) -> Ended:
    return Ended(
        grant.id,
        grant.handle,
        nexus_of(context.unit, grant.nexus_id).name,
        called(context.unit, context.audience, grant.recipient_id),
        amounts(grant.awards),
        amounts(freed),
    )


def _ending(context: Context, grant: Grant) -> Mapping[str, str]:
    left = [one.amount for one in grant.tranches if one.state in tranches.UNPAID]
    rest = N_("{amount} of it is unpaid and becomes free.").format(amount=amounts(left)) if left else N_("All is paid.")
    return {
        "amount": amounts(grant.awards),
        "name": called(context.unit, context.audience, grant.recipient_id),
        "handle": grant.handle,
        "rest": rest,
    }


def _completable(context: Context, grant: Grant) -> Mapping[str, str]:
    paying.check_lives(grant)
    paying.check_may_pay(context, grant, N_("complete it"))
    return _ending(context, grant)


@operation(
    "grant.complete",
    writes=True,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.COMPLETE,
    preview=_completable,
    asks=N_("Complete the grant of {amount} to {name} (#{handle})? {rest}"),
    tells=N_("#{handle} is complete."),
)
def complete(context: Context, grant: Annotated[Grant, GRANT]) -> Ended:
    """Complete a grant of which nothing more is to come."""
    return _ended(context, paying.complete(context, grant))


def _revocable(context: Context, grant: Grant, reason: str) -> Mapping[str, str]:
    paying.check_revocable(context, grant)
    return _ending(context, grant)


@operation(
    "grant.revoke",
    writes=True,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.REVOKE,
    preview=_revocable,
    asks=N_("Revoke the grant of {amount} to {name} (#{handle})? {rest} What was paid stays with them."),
)
def revoke(context: Context, grant: Annotated[Grant, GRANT], reason: Annotated[str, REASON]) -> Ended:
    """Take back what is unpaid of a grant, with a reason. What was paid stays with the recipient."""
    found, freed = paying.revoke(context, grant, reason)
    return _ended(context, found, tuple(freed))


OPERATIONS = (release, pay, skip, complete, revoke)
