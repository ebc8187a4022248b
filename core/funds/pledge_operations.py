"""Pledges of backers: say that one will put something into a fund, see who has, and take it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from core.access.books import called, decides_about_money
from core.access.fields import NexusField
from core.access.nexuses import named_or_here
from core.clock import DAY
from core.errors import N_, NotFound
from core.funds import pledge_says as says
from core.funds import pledges
from core.funds.operations import HOURS_INSTEAD
from core.funds.pledges import Pledge, PledgeField
from core.funds.rights import TOLD, check_money, deciders
from core.ledger.units import Money
from core.nexuses.tree import Nexus, nexus_of
from core.notices.notices import notify
from core.operations.context import Context
from core.operations.declare import Who, operation
from core.operations.fields import Amount, Text, Until, show_until
from core.quotas.quota import Quota

NEXUS = NexusField(N_("the Nexus whose fund it is for"))
PLEDGES = Quota("pledges", 20, DAY)


@dataclass(frozen=True, slots=True)
class PledgeLine:
    """A pledge as people read it: `received` and `rest` are amounts, "" for none; `state`: open, kept, withdrawn."""

    handle: str
    who: str
    amount: str
    received: str
    rest: str
    until: str
    words: str
    state: str
    nexus: str


@dataclass(frozen=True, slots=True)
class Pledges:
    """Pledges into the fund of a Nexus: of the caller, or of everybody for whoever decides there (`all`)."""

    nexus: str
    all: bool
    items: tuple[PledgeLine, ...]


def _line(context: Context, one: Pledge) -> PledgeLine:
    code = one.amount.unit
    return PledgeLine(
        one.handle,
        called(context.unit, context.audience, one.person_id),
        str(one.amount),
        str(Money(one.received, code)) if one.received else "",
        str(Money(one.rest, code)) if one.rest else "",
        show_until(one.due_at) if one.due_at else "",
        one.words,
        one.state,
        nexus_of(context.unit, one.nexus_id).name,
    )


def _makeable(
    context: Context, amount: Money, until: int | None = None, words: str = "", nexus: Nexus | None = None
) -> Mapping[str, str]:
    where = named_or_here(context, nexus)
    check_money(amount, HOURS_INSTEAD)
    day = N_(" by {day}").format(day=show_until(until)) if until else ""
    note = f", saying “{words}”" if words else ""
    return {"amount": str(amount), "nexus": where.name, "by": day, "note": note}


@operation(
    "pledge.make",
    writes=True,
    who=Who.MEMBER,
    private=True,
    quota=PLEDGES,
    says=says.MAKE,
    preview=_makeable,
    asks=N_(
        "You'll put {amount} into the fund of {nexus}{by}{note}? It binds you to nothing; I tell those who run it."
    ),
)
def make(
    context: Context,
    amount: Annotated[Money, Amount(N_("the amount you want to put in"))],
    until: Annotated[int | None, Until(N_("the day by which it comes"))] = None,
    words: Annotated[str, Text(N_("what you want to say with it"), maximum=300, line=True)] = "",
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> PledgeLine:
    """Say that you will put money into a fund.

    It is no debt: you can withdraw what has not come. Once it is there, whoever runs the fund enters it.
    """
    unit, me = context.unit, context.actor.person_id
    where = named_or_here(context, nexus)
    check_money(amount, HOURS_INSTEAD)
    made = pledges.make(unit, where.id, me, amount, words, until)
    context.note(nexus=where.id, pledge_id=made.id)
    for person_id in deciders(unit, where.id, but=[me])[:TOLD]:
        notify(
            unit,
            person_id,
            N_("{who} wants to put {amount} into the fund of {nexus} (#{handle}). Once it is there, enter it."),
            {"who": context.actor.name, "amount": str(amount), "nexus": where.name, "handle": made.handle},
        )
    return _line(context, made)


@operation(
    "pledge.list",
    who=Who.MEMBER,
    private=True,
    says=says.LIST,
)
def list_pledges(context: Context, nexus: Annotated[Nexus | None, NEXUS] = None) -> Pledges:
    """Pledges into a fund that are open or kept: your own, or all of them for whoever decides about it."""
    unit, me = context.unit, context.actor.person_id
    where = named_or_here(context, nexus)
    decides = decides_about_money(unit, me, where.id)
    found = [one for one in pledges.pledges_of(unit, where.id) if one.state != "withdrawn"]
    shown = [one for one in found if decides or one.person_id == me]
    return Pledges(where.name, decides, tuple(_line(context, one) for one in shown))


def _withdrawable(context: Context, pledge: Pledge) -> Mapping[str, str]:
    if pledge.person_id != context.actor.person_id:
        raise NotFound(N_("I find no pledge of yours that fits that."))
    pledges.check_open(pledge)
    rest = Money(pledge.rest, pledge.amount.unit)
    return {"pledge": pledge.name, "rest": str(rest), "nexus": nexus_of(context.unit, pledge.nexus_id).name}


@operation(
    "pledge.withdraw",
    writes=True,
    private=True,
    says=says.WITHDRAW,
    preview=_withdrawable,
    asks=N_("Withdraw {pledge}? {rest} of it has not come to {nexus}, and nobody waits for it any more then."),
)
def withdraw(context: Context, pledge: Annotated[Pledge, PledgeField(N_("the pledge (its short name)"))]) -> PledgeLine:
    """Withdraw your pledge: what has not come of it, nobody waits for any more."""
    _withdrawable(context, pledge)
    unit, me = context.unit, context.actor.person_id
    pledges.withdraw(unit, pledge)
    context.note(nexus=pledge.nexus_id, pledge_id=pledge.id)
    for person_id in deciders(unit, pledge.nexus_id, but=[me])[:TOLD]:
        notify(
            unit,
            person_id,
            N_("{who} has withdrawn {pledge} to {nexus}."),
            {"who": context.actor.name, "pledge": pledge.name, "nexus": nexus_of(unit, pledge.nexus_id).name},
        )
    return _line(context, pledges.pledge_of(unit, pledge.id))


OPERATIONS = (make, list_pledges, withdraw)
