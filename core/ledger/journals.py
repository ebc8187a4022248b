"""Posting journals: all legs or none, once for each key, never below a floor.

Decision rule: a journal has at least two legs, none of zero, and sums to zero in each unit. Its key says what it is
done for; the same key with the same content changes nothing, with other content it is an error.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import bindparam, select
from sqlalchemy.engine import RowMapping

from core.errors import N_, Conflict
from core.ledger.accounts import Account, accounts
from core.ledger.sums import Changes, check, move, moved, undo, wanted
from core.ledger.sums import NotEnough as NotEnough
from core.ledger.tables import journal, journal_words, posting
from core.ledger.units import MOST
from core.store import Unit
from core.store.unit import Raw

KINDS = ("deposit", "payment", "transfer", "hours", "reversal")


@dataclass(frozen=True, slots=True)
class Leg:
    """What a journal adds to an account, in minor units of its unit; negative takes away."""

    account: Account
    amount: int


@dataclass(frozen=True, slots=True)
class Cause:
    """Who does it and what for: the Nexus concerned, the actor (0: the Cofounder by itself), a kind and a row id."""

    nexus_id: int
    actor_id: int
    what: str
    what_id: int


@dataclass(frozen=True, slots=True)
class Words:
    """What people wrote to it. Kept apart from the books, as it can be erased."""

    memo: str = ""
    method: str = ""
    reference: str = ""


_encode = json.JSONEncoder(separators=(",", ":")).encode
_BY_KEY = Raw("SELECT id, body, day FROM journal WHERE key = ?")
_BY_ID = select(journal).where(journal.c.id == bindparam("journal_id"))
_LEGS = select(posting).where(posting.c.journal_id == bindparam("journal_id")).order_by(posting.c.leg)
_WORDS = select(journal_words).where(journal_words.c.journal_id == bindparam("journal_id"))
_INTO_JOURNAL = "INSERT INTO journal (id, key, body, kind, nexus_id, actor_id, cause, cause_id, reverses, day, at) "
_INTO_POSTING = "INSERT INTO posting (journal_id, leg, account_id, unit, amount, change) "
_ADD = Raw(f"{_INTO_JOURNAL}VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
_ADD_LEG = Raw(f"{_INTO_POSTING}VALUES (?, ?, ?, ?, ?, ?)")
_POSTED = (
    "UPDATE hold SET state = 'posted', ended_at = ?, ended_by = ?, journal_id = ?, end_change = "
    "(SELECT m.changes FROM {moved} m WHERE m.id = hold.account_id) WHERE id = ? AND state = 'open'"
)
_END = Raw(f"{_POSTED.replace('{moved}', 'ledger_account')} RETURNING id")
_POSTINGS = (
    f"{_INTO_POSTING}SELECT e.id, n.leg, n.account_id, n.unit, n.amount, m.changes FROM entered e "  # noqa: S608
    "CROSS JOIN lines n JOIN moved m ON m.id = n.account_id RETURNING leg"
)
_DONE = "SELECT id, changes, (SELECT COUNT(*) FROM written) FROM moved"
_ADD_WORDS = Raw("INSERT INTO journal_words (journal_id, memo, method, reference) VALUES (?, ?, ?, ?)")


def fingerprint(kind: str, cause: Cause, day: int, reverses: int | None, legs: Sequence[tuple[int, str, int]]) -> str:
    """The hash of all that a journal says: `verify` works it out again. `legs` are (account id, unit, amount)."""
    body = [kind, cause.nexus_id, cause.actor_id, cause.what, cause.what_id, day, reverses, legs]
    return hashlib.sha256(_encode(body).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """What a journal is to say: everything but its id and when it was written."""

    key: str
    kind: str
    cause: Cause
    lines: tuple[tuple[int, str, int], ...]  # account id, unit, amount
    day: int | None
    reverses: int | None = None

    @property
    def sums(self) -> dict[int, int]:
        """What it adds to each account."""
        found: dict[int, int] = {}
        for account_id, _, amount in self.lines:
            found[account_id] = found.get(account_id, 0) + amount
        return found


def post(
    unit: Unit,
    key: str,
    kind: str,
    cause: Cause,
    legs: Sequence[Leg],
    *,
    day: int | None = None,
    words: Words | None = None,
    reverses: int | None = None,
) -> int:
    """Post a journal and return its id; the id of the first one if the same key was posted with the same content.

    `day` is when it happened outside (ms; if absent, when it is written). Raises `NotEnough`, and `Conflict` (code
    `key_reused`) for other content under the same key; nothing is written then.
    """
    new = entry(key, kind, cause, legs, day=day, reverses=reverses)
    earlier = None if unit.postgres else earlier_of(unit, new)  # there it is asked along with the move
    if earlier is not None:
        return earlier
    try:
        entered = enter(unit, new, {account_id: (by, 0) for account_id, by in new.sums.items()}, words)
    except NotEnough:
        earlier = earlier_of(unit, new)
        if earlier is None:
            raise
        return earlier
    assert entered is not None  # no hold is involved
    return entered[0]


def entry(
    key: str,
    kind: str,
    cause: Cause,
    legs: Sequence[Leg],
    *,
    day: int | None = None,
    reverses: int | None = None,
) -> Entry:
    """A journal that could be posted. Raises `ValueError` for what no journal may be."""
    if kind not in KINDS:
        raise ValueError(f"a journal is one of {KINDS}, not {kind!r}")
    _check(legs)
    lines = tuple((leg.account.id, leg.account.unit, leg.amount) for leg in legs)
    return Entry(key, kind, cause, lines, day, reverses)


def earlier_of(unit: Unit, new: Entry) -> int | None:
    """The id of the journal that was posted under this key, if there is one. Raises `Conflict` if it says other things.

    Where no day was given, the same done later is the same.
    """
    found = unit.fetch(_BY_KEY, new.key)
    if not found:
        return None
    number, body, day = found[0]
    if body != fingerprint(new.kind, new.cause, day if new.day is None else new.day, new.reverses, new.lines):
        raise Conflict(N_("This was already used for something else. Please try again."), code="key_reused")
    return int(number)


def enter(
    unit: Unit, new: Entry, moves: Changes, words: Words | None, hold_id: int | None = None
) -> tuple[int, Mapping[int, int]] | None:
    """Move the accounts and write the journal. Returns its id, and by account the number of its change.

    With `hold_id` a hold becomes posted by it; None if that has ended already. Raises `NotEnough`, on PostgreSQL also
    where the key is used. In both cases everything is as it was.
    """
    number, cause = unit.new_id(), new.cause
    day = unit.now if new.day is None else new.day
    body = fingerprint(new.kind, cause, day, new.reverses, new.lines)
    said = (new.kind, cause.nexus_id, cause.actor_id, cause.what, cause.what_id, new.reverses, day, unit.now)
    if unit.postgres:
        end = () if hold_id is None else (unit.now, cause.actor_id, number, hold_id, len(moves))
        unless = (len(moves),) if hold_id is None else ()
        lines = [value for leg, line in enumerate(new.lines, 1) for value in (leg, *line)]
        statement = _at_once(len(moves), len(new.lines), hold_id is not None)
        rows = unit.change(statement, *wanted(moves), new.key, *end, number, new.key, body, *said, *unless, *lines)
        changes = {account_id: change for account_id, change, _ in rows}
        check(unit, moves, changes)
        if not rows[0][2]:  # the hold had ended, and so no line was written
            undo(unit, moves)
            return None
    else:
        changes = move(unit, moves)
        unit.put(_ADD, (number, new.key, body, *said))
        unit.put(_ADD_LEG, *((number, leg, *line, changes[line[0]]) for leg, line in enumerate(new.lines, 1)))
        if hold_id is not None and not unit.change(_END, unit.now, cause.actor_id, number, hold_id):
            raise RuntimeError(f"hold {hold_id} has ended, and nobody changed its account")
    if words is not None and words != Words():
        unit.put(_ADD_WORDS, (number, words.memo, words.method, words.reference))
    return number, changes


@cache
def _at_once(accounts: int, legs: int, ending: bool) -> Raw:
    """All of it in one statement, for a server that is a way off. What comes later waits for what it reads from."""
    journal_row = "?::bigint, ?, ?, ?, ?::bigint, ?::bigint, ?, ?::bigint, ?::bigint, ?::bigint, ?::bigint"
    all_moved = "(SELECT COUNT(*) FROM moved) = ?"
    end = f"ended AS ({_POSTED.replace('{moved}', 'moved')} AND {all_moved} RETURNING id), " if ending else ""
    journal = f"{_INTO_JOURNAL}SELECT {journal_row} {'FROM ended' if ending else f'WHERE {all_moved}'} RETURNING id"
    lines = ", ".join(["(?::int, ?::bigint, ?::text, ?::bigint)"] * legs)
    return Raw(
        f"WITH {moved(accounts, 'journal')}, {end}entered AS ({journal}), "
        f"lines (leg, account_id, unit, amount) AS (VALUES {lines}), written AS ({_POSTINGS}) {_DONE}"
    )


def _check(legs: Sequence[Leg]) -> None:
    sums: dict[str, int] = {}
    for leg in legs:
        if leg.amount == 0 or abs(leg.amount) > MOST:
            raise ValueError(f"a leg of {leg.amount}")
        sums[leg.account.unit] = sums.get(leg.account.unit, 0) + leg.amount
    if len(legs) < 2 or any(sums.values()):
        raise ValueError(f"a journal sums to zero in each unit, not {sums}")


def posted(unit: Unit, key: str) -> int | None:
    """The id of the journal with this key, if there is one."""
    found = unit.fetch(_BY_KEY, key)
    return int(found[0][0]) if found else None


def journal_of(unit: Unit, journal_id: int) -> RowMapping:
    """One journal. Raises `LookupError`."""
    row = unit.row(_BY_ID, journal_id=journal_id)
    if row is None:
        raise LookupError(f"no journal {journal_id}")
    return row


def legs_of(unit: Unit, journal_id: int) -> Sequence[RowMapping]:
    """The postings of a journal: leg, account_id, unit, amount, change."""
    return unit.rows(_LEGS, journal_id=journal_id)


def words_of(unit: Unit, journal_id: int) -> Words:
    """What people wrote to it; empty if nothing, or if it was erased."""
    row = unit.row(_WORDS, journal_id=journal_id)
    return Words(row["memo"], row["method"], row["reference"]) if row is not None else Words()


def reverse(unit: Unit, journal_id: int, cause: Cause, why: str) -> int:
    """Post the opposite of a journal, at most once, with the reason. Returns the id of the reversal.

    Raises `Conflict` for one that was reversed already or is a reversal itself, `NotEnough` where the money is gone.
    """
    original = journal_of(unit, journal_id)
    if original["reverses"] is not None:
        raise Conflict(N_("That is a correction itself. Please enter it anew instead."), code="is_reversal")
    if posted(unit, f"reversal:{journal_id}") is not None:
        raise Conflict(N_("That was taken back already."), code="reversed")
    lines = legs_of(unit, journal_id)
    known = accounts(unit, [line["account_id"] for line in lines])
    legs = [Leg(known[line["account_id"]], -line["amount"]) for line in lines]
    return post(
        unit,
        f"reversal:{journal_id}",
        "reversal",
        cause,
        legs,
        words=Words(memo=why),
        reverses=journal_id,
    )
