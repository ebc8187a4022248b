"""The states of a grant, of a tranche, and which follows on which. Pure.

draft → proposed → approved → accepted → active → completed; also rejected, withdrawn, declined, expired, revoked.
What one gives oneself, or within a mandate, is approved as it is proposed. A grant lives from the recipient's yes on as
long as something of it is to come.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a grant stands."""

    DRAFT = "draft"  # known to the proposer alone
    PROPOSED = "proposed"  # waits for approvals
    APPROVED = "approved"  # the money is held; waits for the recipient
    ACCEPTED = "accepted"  # the recipient said yes; nothing is paid yet
    ACTIVE = "active"  # something is paid or confirmed, and something is to come
    COMPLETED = "completed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    EXPIRED = "expired"
    REVOKED = "revoked"


NEXT = {
    State.DRAFT: {State.PROPOSED, State.WITHDRAWN, State.EXPIRED},
    State.PROPOSED: {State.PROPOSED, State.APPROVED, State.REJECTED, State.WITHDRAWN, State.EXPIRED},
    State.APPROVED: {State.ACCEPTED, State.DECLINED, State.EXPIRED, State.REVOKED, State.WITHDRAWN, State.PROPOSED},
    State.ACCEPTED: {State.ACTIVE, State.COMPLETED, State.REVOKED},
    State.ACTIVE: {State.ACTIVE, State.COMPLETED, State.REVOKED},
    State.COMPLETED: {State.ACTIVE},  # a payment was recorded by mistake
}
"""From which state to which; the others are ends."""
ENDS = (frozenset(State) - NEXT.keys()) | {State.COMPLETED}
LIVES = frozenset({State.ACCEPTED, State.ACTIVE})
"""The recipient has said yes, and something is to come."""
OPEN = frozenset(State) - ENDS


class Tranche(StrEnum):
    """Where a tranche stands."""

    PLANNED = "planned"  # its time has not come
    DUE = "due"
    RELEASED = "released"  # somebody unconcerned said that it is to be paid
    PAID = "paid"
    SKIPPED = "skipped"  # it will not be paid, by what was agreed
    RETURNED = "returned"  # the grant was revoked or ran out: what was held for it is free again


NEXT_TRANCHE = {
    Tranche.PLANNED: {Tranche.DUE, Tranche.RELEASED, Tranche.SKIPPED, Tranche.RETURNED},
    Tranche.DUE: {Tranche.RELEASED, Tranche.PAID, Tranche.SKIPPED, Tranche.RETURNED},
    Tranche.RELEASED: {Tranche.PAID, Tranche.SKIPPED, Tranche.RETURNED},
}


def may_follow(now: str, then: State) -> bool:
    """Whether a grant may go from one state to the other."""
    return then in NEXT.get(State(now), ())
