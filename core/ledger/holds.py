"""Holds: money or time that is reserved. Each is posted, released or expires, once.

Of a hold that is posted in part the rest is a new hold in its place (`rest_of`), so that each hold still ends once.
Whoever ends a hold changes its account first: so one waits for the other there, and looks at the hold anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.engine import RowMapping

from core.errors import N_, Conflict
from core.ledger.accounts import Account
from core.ledger.journals import Cause, Leg, Words, earlier_of, enter, entry, posted
from core.ledger.sums import NotEnough, move, undo
from core.ledger.tables import hold
from core.ledger.units import MOST
from core.store import Unit
from core.store.unit import Raw


@dataclass(frozen=True, slots=True)
class Hold:
    """A reservation: `state` is open, posted, released or expired; `amount` in minor units of the account's unit."""

    id: int
    account_id: int
    amount: int
    state: str
    cause: Cause
    expires_at: int | None
    journal_id: int | None


_BY_KEY = Raw("SELECT id, body FROM hold WHERE key = ?")
_BY_ID = select(hold).where(hold.c.id == bindparam("hold_id"))
_WITH_ACCOUNT = Raw(
    "SELECT h.amount, h.state, h.nexus_id, h.actor_id, h.cause, h.cause_id, h.expires_at, h.journal_id, a.id, "
    "a.nexus_id, a.person_id, a.kind, a.unit, (SELECT id FROM journal WHERE key = ?) "
    "FROM hold h JOIN ledger_account a ON a.id = h.account_id WHERE h.id = ?"
)
_STATE = Raw("SELECT state, journal_id FROM hold WHERE id = ?")
_REST = Raw("SELECT id FROM hold WHERE rest_of = ?")
_OF_CAUSE = (
    select(hold)
    .where(hold.c.cause == bindparam("what"), hold.c.cause_id == bindparam("what_id"), hold.c.state == "open")
    .order_by(hold.c.id)
)
_OVER = (
    select(hold.c.id)
    .where(hold.c.state == "open", hold.c.expires_at <= bindparam("at"))
    .order_by(hold.c.expires_at, hold.c.id)
    .limit(bindparam("most"))
)
_ADD = Raw(
    "INSERT INTO hold (id, key, body, account_id, amount, state, nexus_id, actor_id, cause, cause_id, rest_of, at, "
    "expires_at, open_change, end_change, ended_at, ended_by, journal_id) "
    "VALUES (?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL, NULL)"
)
_END = Raw(
    "UPDATE hold SET state = ?, ended_at = ?, ended_by = ?, end_change = ? WHERE id = ? AND state = 'open' RETURNING id"
)


def body_of(account_id: int, amount: int, cause: Cause, expires_at: int | None) -> str:
    """The hash of all that a hold says: `verify` works it out again."""
    said = [account_id, amount, cause.nexus_id, cause.actor_id, cause.what, cause.what_id, expires_at]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def reserve(unit: Unit, key: str, account: Account, amount: int, cause: Cause, *, expires_at: int | None = None) -> int:
    """Hold an amount and return the hold's id; the first one's, ended or not, if the same key was used for the same.

    Raises `NotEnough`, and `Conflict` (code `key_reused`) for other content under the same key.
    """
    if not 0 < amount <= MOST:
        raise ValueError(f"a hold of {amount}")
    body = body_of(account.id, amount, cause, expires_at)
    earlier = None if unit.postgres else _earlier(unit, key, body)  # there it is asked along with the move
    if earlier is not None:
        return earlier
    try:
        changes = move(unit, {account.id: (0, amount)}, "hold", key)
    except NotEnough:
        earlier = _earlier(unit, key, body)
        if earlier is None:
            raise
        return earlier
    return _add(unit, key, account.id, amount, cause, body, expires_at, None, changes[account.id])


def _earlier(unit: Unit, key: str, body: str) -> int | None:
    found = unit.fetch(_BY_KEY, key)
    if not found:
        return None
    if found[0][1] != body:
        raise Conflict(N_("This was already used for something else. Please try again."), code="key_reused")
    return int(found[0][0])


def _add(
    unit: Unit,
    key: str,
    account_id: int,
    amount: int,
    cause: Cause,
    body: str,
    expires_at: int | None,
    rest_of: int | None,
    change: int,
) -> int:
    number = unit.new_id()
    said = (cause.nexus_id, cause.actor_id, cause.what, cause.what_id)
    unit.put(_ADD, (number, key, body, account_id, amount, *said, rest_of, unit.now, expires_at, change))
    return number


def settle(
    unit: Unit,
    hold_id: int,
    key: str,
    kind: str,
    cause: Cause,
    legs: Sequence[Leg],
    *,
    amount: int | None = None,
    day: int | None = None,
    words: Words | None = None,
) -> tuple[int, int | None]:
    """Post what a hold reserved. Returns the journal's id, and the id of the hold for the rest (None: nothing is left).

    `legs` are where it goes; the leg that takes `amount` (all of it if absent) from the account of the hold is added.
    The same again (key and content) changes nothing. Raises `Conflict` if the hold has ended otherwise, and `NotEnough`
    where other legs take more than there is; nothing is written then.
    """
    found, source, used = _with_account(unit, hold_id, key)
    amount = found.amount if amount is None else amount
    if not 0 < amount <= found.amount:
        raise ValueError(f"{amount} of a hold of {found.amount}")
    new = entry(key, kind, cause, [Leg(source, -amount), *legs], day=day)
    if used or found.state != "open":
        return _again(unit, hold_id, earlier_of(unit, new))
    moves = {account_id: (by, 0) for account_id, by in new.sums.items()}
    moves[source.id] = (moves[source.id][0], -amount)
    try:
        entered = enter(unit, new, moves, words, hold_id)
    except NotEnough:
        if _is_open(unit, hold_id) and posted(unit, key) is None:
            raise
        entered = None
    if entered is None:  # it ended while we waited for its account
        return _again(unit, hold_id, earlier_of(unit, new))
    number, changes = entered
    if amount == found.amount:
        return number, None
    left = found.amount - amount
    body = body_of(source.id, left, found.cause, found.expires_at)
    rest = _add(
        unit, f"rest:{hold_id}", source.id, left, found.cause, body, found.expires_at, hold_id, changes[source.id]
    )
    return number, rest


def _again(unit: Unit, hold_id: int, earlier: int | None) -> tuple[int, int | None]:
    """What settling the same again gives: `earlier` is the journal of that key."""
    ((state, journal_id),) = unit.fetch(_STATE, hold_id)
    if earlier is not None and earlier == journal_id:
        rest = unit.fetch(_REST, hold_id)
        return earlier, rest[0][0] if rest else None
    if state == "open":
        raise Conflict(N_("This was already used for something else. Please try again."), code="key_reused")
    raise Conflict(N_("That was decided already."), code="hold_ended")


def release(unit: Unit, hold_id: int, actor_id: int, *, expired: bool = False) -> bool:
    """Give back what a hold reserved. False if it has ended already."""
    found = hold_of(unit, hold_id)
    if found.state != "open":
        return False
    moves = {found.account_id: (0, -found.amount)}
    try:
        change = move(unit, moves)[found.account_id]
    except NotEnough as error:
        if _is_open(unit, hold_id):
            raise RuntimeError(f"the account of hold {hold_id} holds less than that") from error
        return False
    state = "expired" if expired else "released"
    if not unit.change(_END, state, unit.now, actor_id, change, hold_id):
        undo(unit, moves)
        return False
    return True


def _is_open(unit: Unit, hold_id: int) -> bool:
    return bool(unit.fetch(_STATE, hold_id)[0][0] == "open")


def _with_account(unit: Unit, hold_id: int, key: str) -> tuple[Hold, Account, bool]:
    """A hold, its account, and whether a journal has this key."""
    found = unit.fetch(_WITH_ACCOUNT, key, hold_id)
    if not found:
        raise LookupError(f"no hold {hold_id}")
    amount, state, nexus_id, actor_id, what, what_id, expires_at, journal_id, *account, earlier = found[0]
    cause = Cause(nexus_id, actor_id, what, what_id)
    hold_found = Hold(hold_id, account[0], amount, state, cause, expires_at, journal_id)
    return hold_found, Account(*account), earlier is not None


def hold_of(unit: Unit, hold_id: int) -> Hold:
    """One hold. Raises `LookupError`."""
    row = unit.row(_BY_ID, hold_id=hold_id)
    if row is None:
        raise LookupError(f"no hold {hold_id}")
    return _hold(row)


def open_holds(unit: Unit, what: str, what_id: int) -> list[Hold]:
    """The open holds of a cause, oldest first."""
    return [_hold(row) for row in unit.rows(_OF_CAUSE, what=what, what_id=what_id)]


def run_out(unit: Unit, most: int = 100) -> list[int]:
    """The ids of open holds whose time is over, those first that have been longest."""
    return [row["id"] for row in unit.rows(_OVER, at=unit.now, most=most)]


def _hold(row: RowMapping) -> Hold:
    cause = Cause(row["nexus_id"], row["actor_id"], row["cause"], row["cause_id"])
    return Hold(row["id"], row["account_id"], row["amount"], row["state"], cause, row["expires_at"], row["journal_id"])
