"""The parts of a grant: made with it, held when it is approved, due once it is accepted, given back when it ends.

Holds of grants have no end of their own: a hold never changes, and how long it is kept depends on what its grant waits
for. The sweep (`core.grants.sweep`) ends a grant whose time is over, and gives its holds back with it.

Time is one tranche in minutes. Each confirmed entry of hours uses some of it up; what goes beyond it counts too, and is
held by nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, update

from core.errors import N_, Conflict
from core.grants.grants import Grant, Tranche, grant_of, move, remember
from core.grants.states import NEXT_TRANCHE, State
from core.grants.states import Tranche as TrancheState
from core.grants.tables import tranche
from core.ledger.accounts import Account, Kind, account, accounts, balance, promised_time
from core.ledger.holds import hold_of, release, reserve, settle
from core.ledger.journals import Cause, Leg, Words, post
from core.ledger.units import TIME, Money
from core.payouts.payouts import check_free
from core.people.people import numbers_of
from core.store import Unit

TRANCHE = "tranche"
UNPAID = (TrancheState.PLANNED, TrancheState.DUE, TrancheState.RELEASED)
ENDED = (TrancheState.PAID, TrancheState.SKIPPED, TrancheState.RETURNED)

_ADD = insert(tranche)
_SET = (
    update(tranche)
    .where(tranche.c.id == bindparam("tranche_id"), tranche.c.state == bindparam("seen"))
    .values(state=bindparam("new_state"))
)
_HELD = update(tranche).where(tranche.c.id == bindparam("tranche_id")).values(hold_id=bindparam("with_hold"))
_RESTORE = (
    update(tranche)
    .where(tranche.c.grant_id == bindparam("which"), tranche.c.state == "returned")
    .values(state="planned", hold_id=None)
)
_PLAN = update(tranche).where(tranche.c.id == bindparam("tranche_id")).values(due_at=bindparam("when"))


def split(money: Money, parts: int) -> list[Money]:
    """An amount in parts that sum to it exactly; what does not divide goes to the first ones."""
    whole, rest = divmod(money.minor, parts)
    if whole == 0:
        raise Conflict(N_("{money} can't be split into {parts} parts."), money=money, parts=parts)
    return [Money(whole + (1 if number < rest else 0), money.unit) for number in range(parts)]


def make(
    unit: Unit,
    grant_id: int,
    awards: Sequence[Money],
    *,
    parts: int = 1,
    each: int = 0,
    first_at: int | None = None,
    condition: str = "",
) -> None:
    """Write the tranches of a new grant. `each` (ms) is the time from one part to the next, counted from acceptance.

    Until then `due_at` has the time after acceptance in ms; `begin` turns it into a moment. `first_at` is a moment.
    `condition` is of each part. Raises `Conflict` where an amount has fewer units than there are parts.
    """
    rows: list[dict[str, Any]] = []
    for award in awards:
        for number, money in enumerate(split(award, 1 if award.unit == TIME else parts)):
            rows.append(
                {
                    "id": unit.new_id(),
                    "grant_id": grant_id,
                    "seq": len(rows) + 1,
                    "unit": money.unit,
                    "amount": money.minor,
                    "due_at": (first_at or 0) + number * each or None,
                    "condition": condition,
                    "state": TrancheState.PLANNED.value,
                    "hold_id": None,
                    "journal_id": None,
                    "released_by": None,
                    "released_at": None,
                    "paid_by": None,
                    "paid_at": None,
                }
            )
    unit.execute(_ADD, rows)


def hold_all(unit: Unit, grant: Grant, actor_id: int) -> None:
    """Reserve what every tranche needs. Raises `NotEnough` if there is less; the caller takes a savepoint."""
    for one in grant.tranches:
        if one.state == TrancheState.RETURNED:  # of a version that was held before
            unit.changed(_RESTORE, which=grant.id)
        cause = Cause(grant.nexus_id, actor_id, TRANCHE, one.id)
        key = f"tranche:{one.id}:{grant.version}"
        unit.changed(
            _HELD, tranche_id=one.id, with_hold=reserve(unit, key, _source(unit, grant, one), one.amount.minor, cause)
        )


def _source(unit: Unit, grant: Grant, one: Tranche) -> Account:
    """The account that a tranche is paid from."""
    if one.amount.unit == TIME:
        return promised_time(unit, grant.nexus_id, grant.giver_id if grant.source == "own" else 0)
    if grant.source != "own":
        return account(unit, Kind.FUND, grant.nexus_id, one.amount.unit)
    for number in numbers_of(unit, grant.giver_id):  # the deposit may have been made before people became one
        if balance(unit, Kind.OWN, grant.nexus_id, one.amount.unit, number).free >= one.amount.minor:
            return account(unit, Kind.OWN, grant.nexus_id, one.amount.unit, number)
    return account(unit, Kind.OWN, grant.nexus_id, one.amount.unit, grant.giver_id)


def set_state(unit: Unit, one: Tranche, state: TrancheState, **values: Any) -> None:
    """Take a tranche to another state, with other columns. Raises `Conflict` if it moved meanwhile, or may not."""
    if state not in NEXT_TRANCHE.get(TrancheState(one.state), ()):
        raise Conflict(N_("That part is {state} already."), state=one.state)
    if unit.changed(_SET, tranche_id=one.id, seen=one.state, new_state=state.value) != 1:
        raise Conflict(N_("Somebody was faster: that part has just changed. Look at it again, please."))
    if values:
        unit.changed(update(tranche).where(tranche.c.id == one.id).values(**values))


def begin(unit: Unit, grant: Grant) -> None:
    """The recipient has said yes, the grant was read locked: parts are due at once, or get their dates."""
    for one in grant.tranches:
        if one.state != TrancheState.PLANNED:
            continue
        at = one.due_at or 0
        if at and at < grant.created_at:  # a length of time: see `make`
            at += unit.now
            unit.changed(_PLAN, tranche_id=one.id, when=at)
        if at <= unit.now:
            set_state(unit, one, TrancheState.DUE)
            unit.changed(_PLAN, tranche_id=one.id, when=unit.now)


def give_back(unit: Unit, grant: Grant, actor_id: int, *, expired: bool = False) -> list[Money]:
    """Free what is held for all parts that are not paid, and say so of them. Returns what that is, by unit.

    The grant was read locked. Raises `Conflict` where a provider has one in hand.
    """
    freed: dict[str, int] = {}
    for one in grant.tranches:
        if one.state not in UNPAID:
            continue
        check_free(unit, one.id)
        if one.hold_id is not None:
            left = hold_of(unit, one.hold_id).amount
            if release(unit, one.hold_id, actor_id, expired=expired):
                freed[one.amount.unit] = freed.get(one.amount.unit, 0) + left
        set_state(unit, one, TrancheState.RETURNED)
    return [Money(minor, code) for code, minor in freed.items()]


def spend_time(
    unit: Unit,
    grant: Grant,
    minutes: int,
    key: str,
    cause: Cause,
    giver_id: int,
    helped_id: int,
    words: Words,
    *,
    day: int | None = None,
) -> int:
    """Count confirmed time of a grant and return the journal's id. The grant is locked by the caller.

    What the grant promises is used up first; what goes beyond it is posted in the same journal, held by nothing.
    """
    given = account(unit, Kind.GIVEN, grant.nexus_id, TIME, helped_id)
    worked = account(unit, Kind.WORKED, grant.nexus_id, TIME, giver_id)
    open_ = next(
        (t for t in grant.tranches if t.amount.unit == TIME and t.state in UNPAID and t.hold_id is not None), None
    )
    remember(unit, grant.id, "hours", giver_id, minutes=minutes)
    if open_ is None or open_.hold_id is None:
        return post(unit, key, "hours", cause, [Leg(worked, -minutes), Leg(given, minutes)], words=words, day=day)
    held = hold_of(unit, open_.hold_id)
    source = accounts(unit, [held.account_id])[held.account_id]
    used = min(minutes, held.amount)
    legs = [Leg(given, minutes)]
    if source.id == worked.id:  # their own promise
        if minutes > used:
            legs.append(Leg(worked, used - minutes))
    else:
        legs += [Leg(source, used), Leg(worked, -minutes)]
    number, rest = settle(unit, open_.hold_id, key, "hours", cause, legs, amount=used, words=words, day=day)
    if rest is not None:
        unit.changed(_HELD, tranche_id=open_.id, with_hold=rest)
    else:
        if open_.state != TrancheState.RELEASED:
            set_state(unit, open_, TrancheState.RELEASED, released_by=cause.actor_id, released_at=unit.now)
            open_ = next(t for t in grant_of(unit, grant.id).tranches if t.id == open_.id)
        set_state(unit, open_, TrancheState.PAID, journal_id=number, paid_by=cause.actor_id, paid_at=unit.now)
    go_on(unit, grant.id, cause.actor_id)
    return number


def go_on(unit: Unit, grant_id: int, actor_id: int) -> Grant:
    """After something of a grant was paid, given or left out: it is active, or completed if nothing is to come."""
    grant = grant_of(unit, grant_id, locked=True)
    if all(one.state in ENDED for one in grant.tranches):
        move(unit, grant, State.COMPLETED, ended_at=unit.now, expires_at=None)
        remember(unit, grant.id, "completed", actor_id)
    elif grant.state == State.ACCEPTED:
        move(unit, grant, State.ACTIVE)
    return grant_of(unit, grant_id, locked=True)
