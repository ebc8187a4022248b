"""A mandate that waits for approvals, for the walk through all rights."""

from __future__ import annotations

from core.clock import DAY
from core.ledger.units import Money
from core.policies import mandates
from core.store import Unit


def mandate_ground(unit: Unit, nexus_id: int, proposer: int, holder: int) -> str:
    """Its short name; it takes two approvals of roles of whatever age the policy asks for."""
    amount = Money(500, "EUR")
    needed, terms, _ = mandates.needed_for(unit, nexus_id, holder, amount, 30 * DAY)
    made = mandates.add_mandate(
        unit,
        nexus_id=nexus_id,
        person_id=holder,
        amount=amount,
        every=30 * DAY,
        proposed_by=proposer,
        needed=needed,
        terms=terms,
        ends_at=None,
    )
    return made.handle
