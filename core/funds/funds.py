"""What a fund has, and what a Nexus gave: worked out from the books anew each time.

Of the fund: deposited + transferred = paid + fees + committed + free. A reversal counts against what it takes back.
What people gave of their own deposits is no part of the fund's figures; it is part of what the Nexus gave (`given`,
hours and people). Budget, committed and paid are three things: a plan, what is reserved, what went out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, literal_column, select

from core.clock import DAY
from core.funds.tables import budget
from core.ledger.accounts import Kind, balance
from core.ledger.tables import journal, ledger_account, posting
from core.ledger.units import TIME, Money
from core.people.people import person_of
from core.store import Unit


@dataclass(frozen=True, slots=True)
class Figures:
    """A fund in one unit of money: all in its minor units. `transferred` is negative if more went to other Nexuses.

    `budget` is the plan for the period that it is now (`budget_from` to `budget_until`, ms; 0 if there is none), and
    `spent` what was paid with its fees in that period. Hours, in minutes, and people are those of the whole Nexus.
    """

    unit: str
    deposited: int
    transferred: int
    committed: int
    paid: int
    fees: int
    free: int
    budget: int
    hours_given_minutes: int
    hours_promised_minutes: int
    people: int
    budget_from: int = 0
    budget_until: int = 0
    spent: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """The end of a day on which something happened: what was in the fund, and what had been paid and given by then.

    `day_ms` is the day's beginning (UTC). What was entered late lies on the day when it happened, so a balance may be
    below zero for a while. `hours_so_far` are minutes.
    """

    day_ms: int
    balance: int
    paid_so_far: int
    hours_so_far: int


@dataclass(frozen=True, slots=True)
class Given:
    """What a Nexus gave: money by unit, minutes, and to how many people."""

    money: tuple[Money, ...]
    minutes: int
    people: int


_original = journal.alias("original")
_undone = journal.alias("undone")
_fund, _fee = ledger_account.alias("fund"), ledger_account.alias("fee")
_other = posting.alias("other")
_DAY = journal.c.day - journal.c.day % literal_column(str(DAY))
_KIND = func.coalesce(_original.c.kind, journal.c.kind)
_OF_FUND = (
    posting.join(_fund, _fund.c.id == posting.c.account_id)
    .join(journal, journal.c.id == posting.c.journal_id)
    .outerjoin(_original, _original.c.id == journal.c.reverses)
)
_IS_FUND = and_(
    _fund.c.nexus_id == bindparam("nexus_id"), _fund.c.kind == Kind.FUND.value, _fund.c.unit == bindparam("code")
)
_BY_KIND = (
    select(_KIND.label("what"), func.sum(posting.c.amount).label("total"))
    .select_from(_OF_FUND)
    .where(_IS_FUND)
    .group_by(_KIND)
)
_BY_KIND_IN = _BY_KIND.where(
    func.coalesce(_original.c.day, journal.c.day) >= bindparam("since"),
    func.coalesce(_original.c.day, journal.c.day) < bindparam("until"),
)
_BY_DAY = (
    select(_DAY.label("day"), _KIND.label("what"), func.sum(posting.c.amount).label("amount"))
    .select_from(_OF_FUND)
    .where(_IS_FUND)
    .group_by(_DAY, _KIND)
)
# The fees of those payments that the fund paid, and not somebody's own deposit.
_FEES = (
    select(_DAY.label("day"), func.sum(_other.c.amount).label("fees"))
    .select_from(_other.join(_fee, and_(_fee.c.id == _other.c.account_id, _fee.c.kind == Kind.FEE.value)))
    .join(journal, journal.c.id == _other.c.journal_id)
    .where(
        _fee.c.nexus_id == bindparam("nexus_id"),
        _fee.c.unit == bindparam("code"),
        select(posting.c.leg)
        .join(_fund, _fund.c.id == posting.c.account_id)
        .where(posting.c.journal_id == _other.c.journal_id, _IS_FUND)
        .correlate(_other)
        .exists(),
    )
    .group_by(_DAY)
)
_HOURS_BY_DAY = (
    select(_DAY.label("day"), func.sum(posting.c.amount).label("minutes"))
    .select_from(posting.join(_fund, _fund.c.id == posting.c.account_id))
    .join(journal, journal.c.id == posting.c.journal_id)
    .where(_fund.c.nexus_id == bindparam("nexus_id"), _fund.c.kind == Kind.GIVEN.value, _fund.c.unit == TIME)
    .group_by(_DAY)
)
_UNITS = (
    select(ledger_account.c.unit)
    .where(
        ledger_account.c.nexus_id == bindparam("nexus_id"),
        ledger_account.c.unit != TIME,
        ledger_account.c.kind.in_([Kind.FUND.value, Kind.GIVEN.value]),
    )
    .group_by(ledger_account.c.unit)
    .order_by(ledger_account.c.unit)
)
_GIVEN_TO = select(ledger_account.c.person_id).where(
    ledger_account.c.nexus_id == bindparam("nexus_id"),
    ledger_account.c.kind == Kind.GIVEN.value,
    ledger_account.c.posted > 0,
)
_HOURS = select(
    func.sum(ledger_account.c.posted).filter(ledger_account.c.kind == Kind.GIVEN.value).label("given"),
    func.sum(ledger_account.c.held).label("promised"),
).where(
    ledger_account.c.nexus_id == bindparam("nexus_id"),
    ledger_account.c.unit == TIME,
    ledger_account.c.kind.in_([Kind.GIVEN.value, Kind.TIME.value, Kind.WORKED.value]),
)
_BUDGET = (
    select(budget.c.amount, budget.c.from_at, budget.c.until_at)
    .where(
        budget.c.nexus_id == bindparam("nexus_id"),
        budget.c.unit == bindparam("code"),
        budget.c.ended_at.is_(None),
        budget.c.from_at <= bindparam("at"),
        budget.c.until_at > bindparam("at"),
    )
    .order_by(budget.c.until_at - budget.c.from_at, budget.c.id.desc())
    .limit(1)
)
_GIFTS = (
    select(ledger_account.c.unit, ledger_account.c.person_id, func.sum(posting.c.amount).label("total"))
    .select_from(posting.join(ledger_account, ledger_account.c.id == posting.c.account_id))
    .join(journal, journal.c.id == posting.c.journal_id)
    .outerjoin(_undone, _undone.c.reverses == journal.c.id)
    .where(
        ledger_account.c.nexus_id == bindparam("nexus_id"),
        ledger_account.c.kind == Kind.GIVEN.value,
        journal.c.reverses.is_(None),
        _undone.c.id.is_(None),
        journal.c.day >= bindparam("since"),
        journal.c.day < bindparam("until"),
    )
    .group_by(ledger_account.c.unit, ledger_account.c.person_id)
)
EVER = 2**62


def units_of(unit: Unit, nexus_id: int) -> list[str]:
    """The units of money that a Nexus has or gave, in the order of their codes."""
    return [row["unit"] for row in unit.rows(_UNITS, nexus_id=nexus_id)]


def figures(unit: Unit, nexus_id: int, code: str) -> Figures:
    """All figures of a fund in one unit of money."""
    now = balance(unit, Kind.FUND, nexus_id, code)
    sums = _sums(unit, nexus_id, code)
    fees = sum(int(row["fees"]) for row in unit.rows(_FEES, nexus_id=nexus_id, code=code))
    hours = unit.row(_HOURS, nexus_id=nexus_id)
    assert hours is not None
    plan = unit.row(_BUDGET, nexus_id=nexus_id, code=code, at=unit.now)
    spent = _sums(unit, nexus_id, code, plan["from_at"], plan["until_at"])["payment"] if plan is not None else 0
    return Figures(
        unit=code,
        deposited=sums["deposit"],
        transferred=sums["transfer"],
        committed=now.held,
        paid=-sums["payment"] - fees,
        fees=fees,
        free=now.free,
        budget=plan["amount"] if plan is not None else 0,
        hours_given_minutes=int(hours["given"] or 0),
        hours_promised_minutes=int(hours["promised"] or 0),
        people=_how_many(unit, (row["person_id"] for row in unit.rows(_GIVEN_TO, nexus_id=nexus_id))),
        budget_from=plan["from_at"] if plan is not None else 0,
        budget_until=plan["until_at"] if plan is not None else 0,
        spent=-spent,
    )


def _sums(unit: Unit, nexus_id: int, code: str, since: int | None = None, until: int = EVER) -> dict[str, int]:
    if since is None:
        rows = unit.rows(_BY_KIND, nexus_id=nexus_id, code=code)
    else:
        rows = unit.rows(_BY_KIND_IN, nexus_id=nexus_id, code=code, since=since, until=until)
    return defaultdict(int, {row["what"]: int(row["total"]) for row in rows})


def history(unit: Unit, nexus_id: int, code: str) -> list[Point]:
    """The fund day by day, oldest first: one point for each day on which something happened."""
    moves: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in unit.rows(_BY_DAY, nexus_id=nexus_id, code=code):
        day, amount = moves[row["day"]], int(row["amount"])
        day[0] += amount
        day[1] -= amount if row["what"] == "payment" else 0
    for row in unit.rows(_FEES, nexus_id=nexus_id, code=code):
        moves[row["day"]][1] -= int(row["fees"])
    for row in unit.rows(_HOURS_BY_DAY, nexus_id=nexus_id):
        moves[row["day"]][2] += int(row["minutes"])
    points, balance_, paid, hours = [], 0, 0, 0
    for at in sorted(moves):
        balance_, paid, hours = balance_ + moves[at][0], paid + moves[at][1], hours + moves[at][2]
        points.append(Point(at, balance_, paid, hours))
    return points


def given(unit: Unit, nexus_id: int, since: int = 0, until: int = EVER) -> Given:
    """What a Nexus gave from `since` on and before `until` (ms), by the day when it happened, whoever's money it was.

    What was taken back since is left out.
    """
    money: dict[str, int] = defaultdict(int)
    people = set()
    for row in unit.rows(_GIFTS, nexus_id=nexus_id, since=since, until=until):
        money[row["unit"]] += int(row["total"])
        people.add(row["person_id"])
    minutes = money.pop(TIME, 0)
    return Given(tuple(Money(money[code], code) for code in sorted(money)), minutes, _how_many(unit, people))


def _how_many(unit: Unit, people: Iterable[int]) -> int:
    """People, those who became one counted once."""
    return len({person_of(unit, number).id for number in set(people)})
