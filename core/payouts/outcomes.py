"""Handing payouts to the bot, and taking down how they ended.

Decision rule: what is taken is marked `sent` and given its next time before anybody speaks with the provider, so that a
crash at any point leads to one more attempt with the same key, never to none and never to a second payment. An answer
ends a payout once, by compare-and-set; "paid" writes the payment into the books in the same unit.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import RowMapping

from core.clock import HOUR, MINUTE
from core.errors import N_, NexusError
from core.grants.grants import Grant, grant_of, locked, remember, tell
from core.grants.grants import Tranche as GrantTranche
from core.grants.paying import record_payment
from core.grants.states import Tranche as TrancheState
from core.grants.tables import tranche
from core.ledger.units import Money
from core.payouts.provider import WHY, Answer, Order, State, providers_of
from core.payouts.tables import payout
from core.people.people import person_of
from core.store import Unit

SLOWEST = 6 * HOUR  # between two attempts
MOST = 20  # payouts that are taken up at once

_DUE = (
    select(payout, tranche.c.grant_id)
    .join(tranche, tranche.c.id == payout.c.tranche_id)
    .where(
        payout.c.state.in_(("waiting", "sent")),
        payout.c.next_at <= bindparam("at"),
        payout.c.provider.in_(bindparam("known", expanding=True)),
    )
    .order_by(payout.c.next_at, payout.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=payout, skip_locked=True)
)
_ONE = select(payout).where(payout.c.id == bindparam("payout_id"))
_TAKE = (
    update(payout)
    .where(
        payout.c.id == bindparam("payout_id"),
        payout.c.state == bindparam("seen"),
        payout.c.attempts == bindparam("tried"),
    )
    .values(
        state="sent",
        attempts=payout.c.attempts + 1,
        sent_at=bindparam("first"),
        next_at=bindparam("again"),
    )
)
_END = (
    update(payout)
    .where(payout.c.id == bindparam("payout_id"), payout.c.state.in_(("waiting", "sent")))
    .values(
        state=bindparam("new_state"),
        external=bindparam("name"),
        why=bindparam("reason"),
        fee=bindparam("cost"),
        ended_at=bindparam("at"),
    )
)
_LATER = (
    update(payout)
    .where(payout.c.id == bindparam("payout_id"), payout.c.state == "sent", payout.c.attempts == bindparam("tried"))
    .values(next_at=bindparam("again"))
)


def take(unit: Unit, most: int = MOST) -> list[Order]:
    """The payouts whose time has come, each marked as sent: whoever gets an order speaks with the provider now."""
    known = sorted(providers_of(unit))
    if not known:
        return []
    orders = []
    for row in unit.rows(_DUE, at=unit.now, known=known, most=most):
        if row["state"] == "waiting":
            why = _why_not(unit, row)
            if why:
                _end_failed(unit, row["id"], why)
                continue
        first = row["sent_at"] if row["sent_at"] is not None else unit.now
        again = unit.now + backoff(row["attempts"] + 1)
        if unit.changed(_TAKE, payout_id=row["id"], seen=row["state"], tried=row["attempts"], first=first, again=again):
            orders.append(
                Order(
                    row["id"],
                    row["grant_id"],
                    row["tranche_id"],
                    row["provider"],
                    row["key"],
                    Money(row["amount"], row["unit"]),
                    row["destination"],
                    row["attempts"] + 1,
                    first,
                )
            )
    return orders


def backoff(attempt: int) -> int:
    """How long after an attempt the next one is: a minute, then twice as long each time."""
    return min(MINUTE << min(attempt - 1, 20), SLOWEST)


def _why_not(unit: Unit, row: RowMapping) -> str:
    """Why a payout that was never sent is not to be sent any more: in between anything may have happened."""
    if not row["destination"]:
        return "account"  # it was forgotten with the person
    grant = grant_of(unit, row["grant_id"], locked=True)
    return "" if _part(grant, row["tranche_id"]).state == TrancheState.RELEASED else "withdrawn"


def _part(grant: Grant, tranche_id: int) -> GrantTranche:
    return next(part for part in grant.tranches if part.id == tranche_id)


def settle(unit: Unit, order: Order, answer: Answer) -> bool:
    """Take down what the provider answered. False if it was known already, or somebody is at a later attempt."""
    if answer.state is State.LATER:
        again = unit.now + max(answer.wait, backoff(order.attempt))
        return unit.changed(_LATER, payout_id=order.payout_id, tried=order.attempt, again=again) == 1
    if answer.state is State.FAILED:
        return _end_failed(unit, order.payout_id, answer.why)
    return _end_paid(unit, order, answer)


def _end_paid(unit: Unit, order: Order, answer: Answer) -> bool:
    grant = locked(unit, grant_of(unit, order.grant_id))
    part = _part(grant, order.tranche_id)
    fee = answer.fee.minor if answer.fee is not None else 0
    if not _ended(unit, order.payout_id, "paid", external=answer.external, fee=fee):
        return False
    actor_id = _actor(unit, order.payout_id)
    try:
        with unit.savepoint():
            record_payment(
                unit,
                grant,
                part,
                actor_id=actor_id,
                method=order.provider,
                reference=answer.external,
                fee=answer.fee,
                day=unit.now,
                key=f"paid:{part.hold_id}",
            )
    except NexusError:
        # The money is gone; that the books could not take it must be said, not lost.
        tell(
            unit,
            grant,
            N_("{provider} has paid {person}, but I could not write it into the books. Please look at it."),
            {"provider": _title(unit, order.provider), "person": person_of(unit, grant.recipient_id).name},
            people=(actor_id,),
            place=False,
        )
    return True


def _end_failed(unit: Unit, payout_id: int, why: str) -> bool:
    row = unit.row(_ONE, payout_id=payout_id)
    assert row is not None
    grant_id = unit.value(select(tranche.c.grant_id).where(tranche.c.id == row["tranche_id"]))
    grant = grant_of(unit, grant_id, locked=True)
    if not _ended(unit, payout_id, "failed", why=why):
        return False
    remember(unit, grant.id, "held_back", 0, tranche=row["tranche_id"], payout=payout_id, why=why)
    tell(
        unit,
        grant,
        N_(
            "{provider} did not pay {person}: {why}. Nothing has left the fund; that part is still released, so it "
            "can be paid again, or another way."
        )
        if why != "unclear"
        else N_(
            "I can't tell whether {provider} paid {person}: {why}. Please look there before anybody pays it again. "
            "Here it still stands as released."
        ),
        {
            "provider": _title(unit, row["provider"]),
            "person": person_of(unit, grant.recipient_id).name,
            "why": WHY[why],
        },
        people=(row["actor_id"],),
        place=False,
    )
    return True


def _ended(unit: Unit, payout_id: int, state: str, *, external: str = "", why: str = "", fee: int = 0) -> bool:
    values = {"new_state": state, "name": external, "reason": why, "cost": fee, "at": unit.now}
    return unit.changed(_END, payout_id=payout_id, **values) == 1


def _actor(unit: Unit, payout_id: int) -> int:
    row = unit.row(_ONE, payout_id=payout_id)
    assert row is not None
    return int(row["actor_id"])


def _title(unit: Unit, name: str) -> str:
    known = providers_of(unit).get(name)
    return known.title if known is not None else name
