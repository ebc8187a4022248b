"""How many approvals an award takes, and whether a policy allows it at all.

Decision rule: splitting is the classic evasion, so what a person was promised by the fund within the window of the
policy, and what waits for approvals since before, counts together with what is asked for now; what came back does not.
What a Nexus above asks for is worked out over all below it together. Somebody stands for everybody who ever shared an
account with them. Money and time are looked at by themselves, and the greater number of approvals holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from core.clock import DAY
from core.errors import N_, Conflict
from core.grants.conflicts import relatives
from core.grants.states import State
from core.grants.tables import grants, tranche
from core.ledger.units import Money
from core.nexuses.tables import nexus_tree
from core.nexuses.tree import nexus_of
from core.policies.policies import scopes_for, terms_for
from core.policies.terms import Terms
from core.store import Unit

_GIVEN_UP = ("returned", "skipped")
_PROMISED_IN = (State.APPROVED, State.ACCEPTED, State.ACTIVE, State.COMPLETED, State.REVOKED)
_PROMISED: ColumnElement[bool] = and_(
    grants.c.state.in_([state.value for state in _PROMISED_IN]), grants.c.decided_at > bindparam("since")
)
# Of two that wait the later one counts the earlier one, whoever looks first; nobody makes another's one harder by a
# proposal of their own.
_WAITS: ColumnElement[bool] = and_(grants.c.state == State.PROPOSED.value, grants.c.id < bindparam("before"))
_SHARED = (
    select(func.sum(tranche.c.amount))
    .join(grants, grants.c.id == tranche.c.grant_id)
    .join(nexus_tree, nexus_tree.c.descendant_id == grants.c.nexus_id)
    .where(
        nexus_tree.c.ancestor_id == bindparam("nexus_id"),
        nexus_tree.c.depth <= bindparam("deep"),
        grants.c.source != "own",
        grants.c.id != bindparam("besides"),
        tranche.c.unit == bindparam("code"),
        tranche.c.state.not_in(_GIVEN_UP),
    )
)
_TO_PEOPLE = grants.c.recipient_id.in_(bindparam("people", expanding=True))
_ASKED_FOR_ONE = _SHARED.where(_TO_PEOPLE, or_(_PROMISED, _WAITS))
_PROMISED_TO_ONE = _SHARED.where(_TO_PEOPLE, _PROMISED)
_PROMISED_TO_ALL = _SHARED.where(_PROMISED)
_HERE, _BELOW = 0, 1000  # levels
_ANY_ID = 2**63 - 1


def needed_for(
    unit: Unit, nexus_id: int, recipient_id: int, awards: Sequence[Money], *, besides: int = 0
) -> tuple[int, dict[str, Any]]:
    """How many approvals, and the terms to keep with the grant, by unit. `besides`: the grant itself, if it stands."""
    people = list(relatives(unit, [recipient_id]))
    most, kept = 1, {}
    for award in awards:
        terms, above = scopes_for(unit, nexus_id, award.unit)
        kept[award.unit] = terms.as_json()
        for where, asks, deep in ((nexus_id, terms, _HERE), *((there, said, _BELOW) for there, said in above)):
            before = _sum(unit, _ASKED_FOR_ONE, terms, where, award, besides, deep, people=people)
            most = max(most, asks.needed(award.minor + before))
    return most, kept


def check_limits(unit: Unit, nexus_id: int, recipient_id: int, awards: Sequence[Money], *, besides: int = 0) -> None:
    """Raises `Conflict` where a policy allows no more within its window, to this person or to everybody together.

    Where there is a limit nobody else decides about money of the Nexus until the unit ends.
    """
    for award in awards:
        terms = terms_for(unit, nexus_id, award.unit)
        if terms.per_person is None and terms.limit is None:
            continue
        if unit.writable:
            nexus_of(unit, nexus_id, lock=True)
        if terms.per_person is not None:
            people = list(relatives(unit, [recipient_id]))
            before = _sum(unit, _PROMISED_TO_ONE, terms, nexus_id, award, besides, _HERE, people=people)
            if before + award.minor > terms.per_person:
                raise _over(
                    N_(
                        "Within {days} days one person can be given {limit} here at most, and that would be more. An "
                        "owner can change that, or it waits."
                    ),
                    terms,
                    Money(terms.per_person, award.unit),
                )
        if terms.limit is not None:
            before = _sum(unit, _PROMISED_TO_ALL, terms, nexus_id, award, besides, _HERE)
            if before + award.minor > terms.limit:
                raise _over(
                    N_(
                        "Within {days} days the fund gives {limit} at most, and that would be more. An owner can "
                        "change that, or it waits."
                    ),
                    terms,
                    Money(terms.limit, award.unit),
                )


def _sum(
    unit: Unit, statement: Any, terms: Terms, nexus_id: int, award: Money, besides: int, deep: int, **more: Any
) -> int:
    values = {
        "nexus_id": nexus_id,
        "deep": deep,
        "code": award.unit,
        "besides": besides,
        "since": unit.now - terms.window_ms,
    }
    if statement is _ASKED_FOR_ONE:
        values["before"] = besides or _ANY_ID
    return int(unit.value(statement, **values, **more) or 0)


def _over(template: str, terms: Terms, limit: Money) -> Conflict:
    return Conflict(template, code="limit_of_policy", days=-(-terms.window_ms // DAY), limit=limit)
