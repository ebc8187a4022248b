"""The pass over holds: content, one proper end, and of what was posted in part the rest."""

from __future__ import annotations

from typing import Any

from core.ledger.holds import body_of
from core.ledger.journals import Cause
from core.ledger.proof.found import Found
from core.store import Unit
from core.store.unit import Raw

PAGE = 2000
_HOLDS = (
    "SELECT h.id, h.key, h.body, h.account_id, h.amount, h.state, h.nexus_id, h.actor_id, h.cause, h.cause_id, "
    "h.expires_at, h.journal_id, h.rest_of, h.open_change, h.end_change, h.ended_at, h.ended_by, "
    "p.account_id, p.amount, p.change, r.amount, q.account_id, q.state, q.end_change "
    "FROM hold h LEFT JOIN posting p ON p.journal_id = h.journal_id AND p.leg = 1 "
    "LEFT JOIN hold r ON r.rest_of = h.id LEFT JOIN hold q ON q.id = h.rest_of"
)
_ALL = Raw(f"{_HOLDS} WHERE h.id > ? ORDER BY h.id LIMIT ?")
_OF_NEXUS = Raw(
    f"{_HOLDS} JOIN ledger_account a ON a.id = h.account_id WHERE a.nexus_id = ? AND h.id > ? ORDER BY h.id LIMIT ?"
)
_TWICE = Raw("SELECT MIN(id) FROM hold GROUP BY key HAVING COUNT(*) > 1")


def check(unit: Unit, found: Found, nexus_id: int | None) -> int:
    """All holds, or those on accounts of a Nexus. Returns how many they are."""
    count, last = 0, -1
    while True:
        values = (last, PAGE) if nexus_id is None else (nexus_id, last, PAGE)
        page = unit.fetch(_ALL if nexus_id is None else _OF_NEXUS, *values)
        for row in page:
            _hold(found, row)
        count += len(page)
        found.step(len(page))
        if len(page) < PAGE:
            break
        last = page[-1][0]
    if nexus_id is None:
        for (row_id,) in unit.fetch(_TWICE):
            found.wrong("held_twice", row_id)
    return count


def _hold(found: Found, row: Any) -> None:
    number, key, body, account_id, amount, state, nexus_id, actor_id, what, what_id, expires_at, *more = row
    journal_id, rest_of, opened, ended, ended_at, ended_by, leg_account, leg_amount, leg_change, rest, *parent = more
    if body_of(account_id, amount, Cause(nexus_id, actor_id, what, what_id), expires_at) != body:
        found.wrong("hold_changed", number)
    is_open = state == "open"
    if any((one is None) != is_open for one in (ended_at, ended_by, ended)) or (ended or opened + 1) <= opened:
        found.wrong("hold_end", number)
    if state == "posted":
        if journal_id is None or (leg_account, leg_amount, leg_change) != (account_id, (rest or 0) - amount, ended):
            found.wrong("hold_paid", number)
    elif journal_id is not None or rest is not None:
        found.wrong("hold_end", number)
    if rest_of is not None and (key != f"rest:{rest_of}" or parent != [account_id, "posted", opened]):
        found.wrong("hold_rest", number)
