"""Budgets: what a Nexus plans to give in a period. A plan reserves nothing and pays nothing."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, update

from core.funds.period import Period
from core.funds.tables import budget
from core.ledger.units import Money
from core.nexuses.tree import nexus_of
from core.store import Unit

_ADD = insert(budget)
_END = (
    update(budget)
    .where(
        budget.c.nexus_id == bindparam("nexus"),
        budget.c.unit == bindparam("code"),
        budget.c.from_at == bindparam("start"),
        budget.c.until_at == bindparam("end"),
        budget.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("now"))
)


def plan(unit: Unit, nexus_id: int, amount: Money, period: Period, *, by: int) -> bool:
    """Plan an amount for a period. True if it stands in the place of an earlier plan for that very period."""
    nexus_of(unit, nexus_id, lock=True)  # two plans for one period at once: the later one holds
    replaced = unit.changed(_END, nexus=nexus_id, code=amount.unit, start=period.start, end=period.end, now=unit.now)
    unit.execute(
        _ADD,
        {
            "id": unit.new_id(),
            "nexus_id": nexus_id,
            "unit": amount.unit,
            "amount": amount.minor,
            "from_at": period.start,
            "until_at": period.end,
            "made_by": by,
            "made_at": unit.now,
            "ended_at": None,
        },
    )
    return replaced > 0
