"""Approving and rejecting a grant; accepting and declining one that is for oneself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from core.access.books import GrantField, called
from core.clock import show_day
from core.errors import N_
from core.grants import decide_says as says
from core.grants import deciding
from core.grants.grants import Grant
from core.grants.propose_operations import amounts
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.declare import Confirm, operation
from core.operations.fields import Text

GRANT = GrantField(N_("which grant"))
REASON = Text(N_("why"), maximum=500)


@dataclass(frozen=True, slots=True)
class Step:
    """A grant after somebody decided. `have` of `needed` approvals; `short` says what the fund lacks, if it does."""

    id: int
    handle: str
    nexus: str
    amount: str
    name: str
    state: str
    have: int
    needed: int
    until: str
    short: str


def step(context: Context, grant: Grant, *, have: int = 0, short: str = "") -> Step:
    """A grant as it is told after a step."""
    return Step(
        grant.id,
        grant.handle,
        nexus_of(context.unit, grant.nexus_id).name,
        amounts(grant.awards),
        called(context.unit, context.audience, grant.recipient_id),
        grant.state,
        have,
        grant.needed,
        show_day(grant.expires_at) if grant.expires_at else "",
        short,
    )


def in_short(context: Context, grant: Grant) -> dict[str, str]:
    """What a question about a grant names."""
    return {
        "amount": amounts(grant.awards),
        "name": called(context.unit, context.audience, grant.recipient_id),
        "nexus": nexus_of(context.unit, grant.nexus_id).name,
        "purpose": grant.purpose,
        "handle": grant.handle,
    }


def _approvable(context: Context, grant: Grant) -> Mapping[str, str]:
    deciding.check_may_approve(context, grant)
    return in_short(context, grant)


@operation(
    "grant.approve",
    writes=True,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.APPROVE,
    preview=_approvable,
    asks=N_("Approve {amount} to {name} from *{nexus}* for “{purpose}” (#{handle})?"),
)
def approve(context: Context, grant: Annotated[Grant, GRANT]) -> Step:
    """Approve a grant that somebody else proposed, for somebody else than yourself."""
    made = deciding.approve(context, grant)
    return step(context, made.grant, have=made.have, short=made.short)


def _rejectable(context: Context, grant: Grant, reason: str = "") -> Mapping[str, str]:
    deciding.check_may_reject(context, grant)
    return in_short(context, grant)


@operation(
    "grant.reject",
    writes=True,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.REJECT,
    preview=_rejectable,
    asks=N_("Reject {amount} to {name} from *{nexus}* for “{purpose}” (#{handle})?"),
    tells=N_("#{handle} is rejected. I've told those who had to do with it."),
)
def reject(context: Context, grant: Annotated[Grant, GRANT], reason: Annotated[str, REASON] = "") -> Step:
    """Reject a grant that was proposed, best with a reason. That ends it."""
    return step(context, deciding.reject(context, grant, reason))


def _acceptable(context: Context, grant: Grant) -> Mapping[str, str]:
    deciding.check_is_for_me(context, grant)
    return in_short(context, grant)


@operation(
    "grant.accept",
    writes=True,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.ACCEPT,
    preview=_acceptable,
    asks=N_("Take {amount} from *{nexus}* for “{purpose}” (#{handle})? No equity, no debt, no exclusivity."),
    tells=N_("It's yours: {amount} from {nexus} (#{handle}). No equity, no debt, no exclusivity."),
)
def accept(context: Context, grant: Annotated[Grant, GRANT]) -> Step:
    """Accept a grant that is for you and approved."""
    return step(context, deciding.accept(context, grant))


def _declinable(context: Context, grant: Grant, reason: str = "") -> Mapping[str, str]:
    deciding.check_is_for_me(context, grant)
    return in_short(context, grant)


@operation(
    "grant.decline",
    writes=True,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.DECLINE,
    preview=_declinable,
    asks=N_("Decline {amount} from *{nexus}* for “{purpose}” (#{handle})?"),
    tells=N_("All right, you don't take it (#{handle}). What was kept for it is free again."),
)
def decline(context: Context, grant: Annotated[Grant, GRANT], reason: Annotated[str, REASON] = "") -> Step:
    """Decline a grant that is for you. What was kept for it is free again."""
    return step(context, deciding.decline(context, grant, reason))


OPERATIONS = (approve, reject, accept, decline)
