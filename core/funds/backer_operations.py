"""What somebody's money did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from sqlalchemy import bindparam, select

from core.access.books import called, may_see_grant
from core.access.fields import NexusField, PersonField
from core.access.nexuses import may_know_nexus, named_or_here
from core.clock import show_day
from core.errors import N_, NotFound
from core.funds import backer_says as says
from core.funds.backers import Move, PutIn, Use, put_in
from core.funds.entries import short_name
from core.funds.rights import check_decides
from core.grants.grants import Grant, grant_of
from core.grants.tables import receipt
from core.ledger.accounts import accounts
from core.ledger.units import Money
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import Context
from core.operations.declare import operation
from core.people.people import Person
from core.store import Unit

NEXUS = NexusField(N_("the Nexus whose fund it went into"))
MOST = 20  # deposits that are shown, newest first; sums are of all

_RECEIPT = select(receipt.c.number, receipt.c.grant_id).where(receipt.c.journal_id == bindparam("entry_id"))


@dataclass(frozen=True, slots=True)
class UseLine:
    """What of a deposit went into one payment. `who` and `what` are "" where the reader may not see that grant."""

    amount: str
    fee: str
    who: str
    what: str
    receipt: str
    day: str
    minor: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class DepositLine:
    """A deposit and what it did. `left` is not given yet, "" for nothing; what is `taken_back` does not count."""

    handle: str
    amount: str
    day: str
    nexus: str
    uses: tuple[UseLine, ...]
    left: str
    taken_back: bool


@dataclass(frozen=True, slots=True)
class Total:
    """All of somebody's money in one unit: put in = given + fees + left."""

    put_in: str
    given: str
    fees: str
    left: str
    people: int


@dataclass(frozen=True, slots=True)
class BackerPage:
    """What somebody's money did. `own`: it is the caller who asks about theirs. `more` deposits are not shown."""

    who: str
    own: bool
    totals: tuple[Total, ...]
    deposits: tuple[DepositLine, ...]
    more: int


@operation("backer.show", private=True, says=says.SHOW)
def show(
    context: Context,
    person: Annotated[Person | None, PersonField(N_("whose money"))] = None,
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> BackerPage:
    """What your money did: to whom it went, by which receipts, and what is still here.

    What goes out of a fund is taken from the oldest money in it. Whoever decides about a fund can also ask what
    somebody else's money did there.
    """
    unit, me = context.unit, context.actor.person_id
    own = person is None or person.id == me
    if not own:
        nexus = named_or_here(context, nexus)
        check_decides(context, nexus)
    whose = me if person is None else person.id
    found = put_in(unit, whose, nexus.id if nexus is not None else None)
    if not own and not found:
        raise NotFound(
            N_("I know of no money that {who} put into this fund."), who=called(unit, context.audience, whose)
        )
    lines = [(move, put) for put in found for move in put.deposits]
    lines.sort(key=lambda one: -one[0].id)
    return BackerPage(
        called(unit, context.audience, whose),
        own,
        tuple(_total(unit, put) for put in found),
        tuple(_deposit(context, move, put) for move, put in lines[:MOST]),
        max(len(lines) - MOST, 0),
    )


def _total(unit: Unit, put: PutIn) -> Total:
    came = sum(one.amount for one in put.deposits if not one.taken_back)
    given, fees = sum(use.amount for use in put.uses), sum(use.fee for use in put.uses)
    left = sum(put.left.values())
    recipients = {grant.recipient_id for use in put.uses if (grant := _grant(unit, use.payment_id)[0]) is not None}
    return Total(
        str(Money(came, put.code)),
        str(Money(given, put.code)),
        str(Money(fees, put.code)) if fees else "",
        str(Money(left, put.code)),
        len(recipients),
    )


def _grant(unit: Unit, payment_id: int) -> tuple[Grant | None, str]:
    row = unit.row(_RECEIPT, entry_id=payment_id)
    return (grant_of(unit, row["grant_id"]), row["number"]) if row is not None else (None, "")


def _deposit(context: Context, move: Move, put: PutIn) -> DepositLine:
    unit = context.unit
    uses = tuple(_use(context, use, put) for use in put.uses if use.deposit_id == move.id)
    left = sum(amount for (deposit_id, _), amount in put.left.items() if deposit_id == move.id)
    into = accounts(unit, [move.target])[move.target].nexus_id
    known = may_know_nexus(unit, context.audience, into)
    return DepositLine(
        short_name(move.id),
        str(Money(move.amount, put.code)),
        show_day(move.day),
        nexus_of(unit, into).name if known else N_("a Nexus"),
        uses,
        str(Money(left, put.code)) if left else "",
        move.taken_back,
    )


def _use(context: Context, use: Use, put: PutIn) -> UseLine:
    unit = context.unit
    grant, number = _grant(unit, use.payment_id)
    seen = grant is not None and may_see_grant(unit, context.audience, grant)
    return UseLine(
        str(Money(use.amount, put.code)),
        str(Money(use.fee, put.code)) if use.fee else "",
        called(unit, context.audience, grant.recipient_id) if seen and grant is not None else "",
        grant.purpose if seen and grant is not None else "",
        number,
        show_day(put.payments[use.payment_id].day),
        use.amount + use.fee,
    )


OPERATIONS = (show,)
