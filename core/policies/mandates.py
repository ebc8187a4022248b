"""Mandates: somebody may give so much of a fund in each span of time, without asking each time.

Decision rule: what was given under a mandate within the last `every` ms counts, less what came back (declined, expired,
revoked before it was paid). It covers nothing for its holder, for whoever proposed or approved it, nor for anybody who
ever was one person with one of them; nor for a holder who is no member any more, or once those who approved it turn out
to be one with each other or with its holder. How many approvals it takes: as many as a grant of all that could be given
under it, and under the holder's other mandates, within the window of the policy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.engine import RowMapping

from core.grants import approvals
from core.grants.conflicts import relatives
from core.grants.states import State
from core.grants.tables import grants, tranche
from core.ids import new_handle
from core.ledger.units import Money
from core.nexuses.members import standing_in
from core.operations.declare import Who
from core.people.people import numbers_of, person_of
from core.policies.policies import terms_for
from core.policies.tables import mandate
from core.policies.terms import Terms
from core.store import Unit


@dataclass(frozen=True, slots=True)
class Mandate:
    """`person_id` may give `amount` in each span of `every` ms. `state`: proposed, active, ended, rejected."""

    id: int
    handle: str
    nexus_id: int
    person_id: int
    amount: Money
    every: int
    state: str
    version: int
    proposed_by: int
    needed: int
    terms: dict[str, Any]
    made_at: int
    ends_at: int | None

    @property
    def name(self) -> str:
        """What it is called in questions."""
        return f"{self.amount} (#{self.handle})"


_BY_ID = select(mandate).where(mandate.c.id == bindparam("mandate_id"))
_LOCKED = _BY_ID.with_for_update()
_BY_HANDLE = select(mandate).where(mandate.c.handle == bindparam("handle"))
_OF = (
    select(mandate)
    .where(
        mandate.c.person_id.in_(bindparam("people", expanding=True)),
        mandate.c.nexus_id == bindparam("nexus_id"),
        mandate.c.unit == bindparam("code"),
        mandate.c.state == "active",
        or_(mandate.c.ends_at.is_(None), mandate.c.ends_at > bindparam("at")),
    )
    .order_by(mandate.c.id)
)
_OF_LOCKED = _OF.with_for_update()
_OPEN = (
    mandate.c.state.in_(["proposed", "active"]),
    or_(mandate.c.ends_at.is_(None), mandate.c.ends_at > bindparam("at")),
)
_OF_NEXUS = select(mandate).where(mandate.c.nexus_id == bindparam("nexus_id"), *_OPEN).order_by(mandate.c.id)
_HELD_BY = (
    select(mandate).where(mandate.c.person_id.in_(bindparam("people", expanding=True)), *_OPEN).order_by(mandate.c.id)
)
_USED = (
    select(func.sum(tranche.c.amount))
    .join(grants, grants.c.id == tranche.c.grant_id)
    .where(
        grants.c.mandate_id == bindparam("mandate_id"),
        grants.c.decided_at > bindparam("since"),
        grants.c.state != State.DRAFT.value,
        tranche.c.unit == bindparam("code"),
        tranche.c.state.not_in(["returned", "skipped"]),
    )
)
_ADD = insert(mandate)
_SET = (
    update(mandate)
    .where(mandate.c.id == bindparam("mandate_id"), mandate.c.state == bindparam("seen"))
    .values(state=bindparam("new_state"))
)
_RAISE = update(mandate).where(mandate.c.id == bindparam("mandate_id")).values(needed=bindparam("more"))


def _mandate(unit: Unit, row: RowMapping) -> Mandate:
    return Mandate(
        row["id"],
        row["handle"],
        row["nexus_id"],
        person_of(unit, row["person_id"]).id,
        Money(row["amount"], row["unit"]),
        row["every"],
        row["state"],
        row["version"],
        person_of(unit, row["proposed_by"]).id,
        row["needed"],
        row["terms"],
        row["made_at"],
        row["ends_at"],
    )


def mandate_of(unit: Unit, mandate_id: int, *, locked: bool = False) -> Mandate:
    """One mandate. `locked`: nobody else gives within it, or ends it, until the unit ends. Raises `LookupError`."""
    row = unit.row(_LOCKED if locked else _BY_ID, mandate_id=mandate_id)
    if row is None:
        raise LookupError(f"no mandate {mandate_id}")
    return _mandate(unit, row)


def mandate_by_handle(unit: Unit, handle: str) -> Mandate | None:
    """The mandate with this short name."""
    row = unit.row(_BY_HANDLE, handle=handle.strip().lstrip("#").casefold())
    return _mandate(unit, row) if row is not None else None


def mandates_in(unit: Unit, nexus_id: int) -> list[Mandate]:
    """Those of a Nexus that hold or wait for approvals, oldest first."""
    return [_mandate(unit, row) for row in unit.rows(_OF_NEXUS, nexus_id=nexus_id, at=unit.now)]


def mandates_held(unit: Unit, people: Iterable[int]) -> list[Mandate]:
    """Those of somebody, by all their numbers, that hold or wait for approvals, oldest first."""
    return [_mandate(unit, row) for row in unit.rows(_HELD_BY, people=list(people), at=unit.now)]


def left(unit: Unit, found: Mandate) -> Money:
    """How much may still be given within it now."""
    used = unit.value(_USED, mandate_id=found.id, since=unit.now - found.every, code=found.amount.unit) or 0
    return Money(max(found.amount.minor - int(used), 0), found.amount.unit)


def usable(unit: Unit, person_id: int, nexus_id: int, money: Money) -> Mandate | None:
    """The mandate of a person that covers this amount in this very Nexus now, the one with least left first.

    In a unit that writes nobody else gives within a mandate of theirs there until it ends.
    """
    if standing_in(unit, person_id, nexus_id)[0] < Who.MEMBER:
        return None
    statement = _OF_LOCKED if unit.writable else _OF
    rows = unit.rows(statement, people=numbers_of(unit, person_id), nexus_id=nexus_id, code=money.unit, at=unit.now)
    found = [(left(unit, one).minor, one) for one in (_mandate(unit, row) for row in rows)]
    fits = sorted((pair for pair in found if pair[0] >= money.minor), key=lambda pair: (pair[0], pair[1].id))
    return next((one for _, one in fits if stands(unit, one)), None)


def interested(unit: Unit, found: Mandate) -> frozenset[int]:
    """Who has an interest in a mandate and does not decide about it: its holder and who proposed it, with relatives."""
    return relatives(unit, [found.person_id, found.proposed_by])


def stands(unit: Unit, found: Mandate) -> bool:
    """Whether enough of those who approved it are still neither one person nor one with somebody it concerns."""
    carry = approvals.standing(unit, approvals.MANDATE, found.id, found.version, interested(unit, found))
    return len(carry) >= found.needed


def barred(unit: Unit, found: Mandate) -> frozenset[int]:
    """Whom its holder can give nothing under it: themselves, who proposed and approved it, and all their relatives."""
    said = approvals.said_to(unit, approvals.MANDATE, found.id, found.version)
    return relatives(unit, [found.person_id, found.proposed_by, *(row["person_id"] for row in said if row["yes"])])


def needed_for(
    unit: Unit, nexus_id: int, person_id: int, amount: Money, every: int, *, besides: int = 0
) -> tuple[int, Terms, Money]:
    """How many approvals a mandate takes, the terms to keep with it, and the sum that it takes them for.

    `besides`: the mandate itself, if it stands.
    """
    terms = terms_for(unit, nexus_id, amount.unit)
    others = [
        one
        for one in mandates_held(unit, relatives(unit, [person_id]))
        if one.nexus_id == nexus_id and one.amount.unit == amount.unit and one.id != besides
    ]
    whole = sum(_within(one.amount.minor, one.every, terms) for one in others) + _within(amount.minor, every, terms)
    return terms.needed(whole), terms, Money(whole, amount.unit)


def _within(minor: int, every: int, terms: Terms) -> int:
    """What can be given within the window of a policy by a mandate of so much in each span."""
    return minor * max(1, -(-terms.window_ms // every))


def terms_of(found: Mandate) -> Terms:
    """The policy that was in force when it was proposed."""
    return Terms.from_json(found.terms[found.amount.unit])


def add_mandate(
    unit: Unit,
    *,
    nexus_id: int,
    person_id: int,
    amount: Money,
    every: int,
    proposed_by: int,
    needed: int,
    terms: Terms,
    ends_at: int | None,
) -> Mandate:
    """Write a mandate down; it waits for approvals."""
    number = unit.new_id()
    unit.execute(
        _ADD,
        {
            "id": number,
            "handle": new_handle(),
            "nexus_id": nexus_id,
            "person_id": person_id,
            "unit": amount.unit,
            "amount": amount.minor,
            "every": every,
            "state": "proposed",
            "version": 1,
            "proposed_by": proposed_by,
            "needed": needed,
            "terms": {amount.unit: terms.as_json()},  # as with a grant
            "made_at": unit.now,
            "ends_at": ends_at,
        },
    )
    return mandate_of(unit, number)


def take_more(unit: Unit, found: Mandate, needed: int) -> None:
    """Let a mandate that was read locked take more approvals than it did."""
    unit.changed(_RAISE, mandate_id=found.id, more=needed)


def set_state(unit: Unit, found: Mandate, state: str) -> bool:
    """Take it to another state. False if somebody was faster."""
    return unit.changed(_SET, mandate_id=found.id, seen=found.state, new_state=state) == 1
