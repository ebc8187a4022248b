"""What a Nexus gave in a span of time, when somebody asks and each month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import bindparam, select

from core.access.books import called, may_see_grant
from core.access.fields import NexusField
from core.access.nexuses import named_or_here
from core.clock import as_datetime
from core.errors import N_, NotAllowed
from core.funds import digest, funds
from core.funds import digest_says as says
from core.funds.period import Period, PeriodField, month_of
from core.funds.rights import check_sees
from core.grants.grants import grant_of
from core.grants.tables import tranche
from core.ledger.accounts import Kind
from core.ledger.tables import journal, ledger_account, posting
from core.ledger.units import TIME, Money
from core.nexuses.members import standing_in
from core.nexuses.tree import Nexus
from core.operations.context import Context
from core.operations.declare import Who, operation
from core.operations.fields import YesNo

NEXUS = NexusField(N_("the Nexus"))
MOST = 10  # grants that are named

_undone = journal.alias("undone")
_PAID = (
    select(tranche.c.grant_id, posting.c.unit, posting.c.amount)
    .select_from(posting.join(ledger_account, ledger_account.c.id == posting.c.account_id))
    .join(journal, journal.c.id == posting.c.journal_id)
    .join(tranche, tranche.c.id == journal.c.cause_id)
    .outerjoin(_undone, _undone.c.reverses == journal.c.id)
    .where(
        journal.c.cause == "tranche",
        journal.c.reverses.is_(None),
        _undone.c.id.is_(None),
        ledger_account.c.nexus_id == bindparam("nexus_id"),
        ledger_account.c.kind == Kind.GIVEN.value,
        journal.c.day >= bindparam("since"),
        journal.c.day < bindparam("until"),
    )
    .order_by(journal.c.id)
)


@dataclass(frozen=True, slots=True)
class Gift:
    """What one grant gave in that time, and what for; `who` is "somebody" where they may not be named."""

    amount: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What a Nexus gave: `money` by currency and `hours` in words, to how many `people`. `gifts` are those that may be
    named here, and `others` how many more there are.
    """

    nexus: str
    period: str
    money: tuple[str, ...]
    hours: str
    people: int
    gifts: tuple[Gift, ...]
    others: int


@operation("fund.digest", says=says.DIGEST)
def show(
    context: Context,
    period: Annotated[Period | None, PeriodField(N_("the time it is about"))] = None,
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> Digest:
    """What was given in some time: money and hours, to how many people, and what for.

    This month, if you name no time. It counts by the day on which it was given.
    """
    unit, where = context.unit, named_or_here(context, nexus)
    check_sees(context, where)
    now = as_datetime(context.now)
    span = period or month_of(now.year, now.month)
    gave = funds.given(unit, where.id, span.start, span.end)
    sums: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in unit.rows(_PAID, nexus_id=where.id, since=span.start, until=span.end):
        sums[row["grant_id"]][row["unit"]] += row["amount"]
    gifts: list[Gift] = []
    for grant_id, amounts in sums.items():
        grant = grant_of(unit, grant_id)
        if len(gifts) < MOST and may_see_grant(unit, context.audience, grant):
            amount = N_(" and ").join(str(Money(amounts[code], code)) for code in sorted(amounts, key=_money_first))
            gifts.append(Gift(amount, called(unit, context.audience, grant.recipient_id), grant.purpose))
    return Digest(
        where.name,
        span.said,
        tuple(str(one) for one in gave.money),
        str(Money(gave.minutes, TIME)) if gave.minutes else "",
        gave.people,
        tuple(gifts),
        len(sums) - len(gifts),
    )


def _money_first(code: str) -> tuple[bool, str]:
    return code == TIME, code


@dataclass(frozen=True, slots=True)
class Monthly:
    """Whether it is told each month: `here` in this place, else to the caller alone. `changed`: it was not so."""

    nexus: str
    on: bool
    here: bool
    changed: bool


def _wished(context: Context, on: bool = True, nexus: Nexus | None = None) -> Mapping[str, str]:
    if on:
        template = N_("Each month I say here what {nexus} gave: is that right?")
    else:
        template = N_("I no longer say here each month what {nexus} gave: is that right?")
    return {"question": template.format(nexus=named_or_here(context, nexus).name)}


@operation("fund.monthly", writes=True, who=Who.MEMBER, says=says.MONTHLY, preview=_wished, asks="{question}")
def monthly(
    context: Context,
    on: Annotated[bool, YesNo(N_("whether I tell it each month"))] = True,
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> Monthly:
    """Hear each month what was given: you alone, or everybody in a chat where a steward asks for it."""
    unit, me = context.unit, context.actor.person_id
    where = named_or_here(context, nexus)
    here = not context.where.direct and context.where.place_id > 0
    if here and standing_in(unit, me, where.id)[0] < Who.STEWARD:
        raise NotAllowed(
            N_("What I tell everybody here, a steward of {nexus} decides. In our direct chat I can tell you alone."),
            nexus=where.name,
        )
    place_id, person_id = (context.where.place_id, 0) if here else (0, me)
    if on:
        changed = digest.wish(unit, where.id, place_id=place_id, person_id=person_id, by=me)
    else:
        changed = digest.unwish(unit, where.id, place_id=place_id, person_id=person_id)
    context.note(nexus=where.id)
    return Monthly(where.name, on, here, changed)


OPERATIONS = (show, monthly)
