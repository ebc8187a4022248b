"""The pass over accounts: each is rebuilt from zero, change by change, and never crosses its floor on the way.

A change has a number, which its account gave it while nobody else could touch it; so this is the order in which it
really happened, whatever the clocks of several machines said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.ledger.proof.found import Found
from core.store import Unit
from core.store.unit import Raw

PAGE = 500  # accounts at once
WINDOW = 4096  # changes of one account at once
_ACCOUNTS = "SELECT a.id, a.unit, a.floor, a.posted, a.held, a.changes FROM ledger_account a WHERE "
_ALL = Raw(f"{_ACCOUNTS}a.id > ? ORDER BY a.id LIMIT ?")
_OF_NEXUS = Raw(f"{_ACCOUNTS}a.nexus_id = ? AND a.id > ? ORDER BY a.id LIMIT ?")
_LINES = Raw("SELECT change, amount, unit FROM posting WHERE account_id = ? AND change > ? AND change <= ?")
_OPENED = Raw("SELECT open_change, amount FROM hold WHERE account_id = ? AND open_change > ? AND open_change <= ?")
_ENDED = Raw("SELECT end_change, amount FROM hold WHERE account_id = ? AND end_change > ? AND end_change <= ?")
_OUTSIDE = Raw(
    "SELECT 1 FROM posting WHERE account_id = ? AND (change > ? OR change < 1) "
    "UNION ALL SELECT 1 FROM hold WHERE account_id = ? AND (open_change > ? OR open_change < 1) "
    "UNION ALL SELECT 1 FROM hold WHERE account_id = ? AND (end_change > ? OR end_change < 1) LIMIT 1"
)
_FROM_OTHERS = Raw(
    "SELECT DISTINCT p.journal_id FROM posting p JOIN journal j ON j.id = p.journal_id "
    "WHERE p.account_id = ? AND j.nexus_id <> ?"
)


def check(unit: Unit, found: Found, nexus_id: int | None) -> tuple[int, int]:
    """All accounts, or those of a Nexus. Returns how many they are, and how many postings they have."""
    count = postings = 0
    for row in _accounts(unit, nexus_id):
        count += 1
        postings += _account(unit, found, row)
    return count, postings


def from_others(unit: Unit, nexus_id: int) -> Iterator[int]:
    """The ids of journals that another Nexus made and that moved something here, once each."""
    told: set[int] = set()
    for row in _accounts(unit, nexus_id):
        for (journal_id,) in unit.fetch(_FROM_OTHERS, row[0], nexus_id):
            if journal_id not in told:
                told.add(journal_id)
                yield journal_id


def _accounts(unit: Unit, nexus_id: int | None) -> Iterator[Any]:
    last = -1
    while True:
        values = (last, PAGE) if nexus_id is None else (nexus_id, last, PAGE)
        page = unit.fetch(_ALL if nexus_id is None else _OF_NEXUS, *values)
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1][0]


def _account(unit: Unit, found: Found, row: Any) -> int:
    number, code, floor, cached_posted, cached_held, changes = row
    posted = held = postings = low = 0
    below = mixed = False
    while low < changes:
        width = min(WINDOW, changes - low)
        by, reserved, happened = [0] * width, [0] * width, bytearray(width)
        first = low + 1
        lines = unit.fetch(_LINES, number, low, low + width)
        for change, amount, line_unit in lines:
            by[change - first] += amount
            happened[change - first] = 1
            if line_unit != code:
                mixed = True
        for change, amount in unit.fetch(_OPENED, number, low, low + width):
            reserved[change - first] += amount
            happened[change - first] = 1
        for change, amount in unit.fetch(_ENDED, number, low, low + width):
            reserved[change - first] -= amount
            happened[change - first] = 1
        if not all(happened):
            found.wrong("gap", number, change=first + happened.index(0))
        for place in range(width):
            posted += by[place]
            held += reserved[place]
            if not below and (held < 0 or (floor is not None and posted - held < floor)):
                below = True
                found.wrong("below", number, change=first + place)
        postings += len(lines)
        low += width
        found.step(len(lines))
    if mixed:
        found.wrong("mixed", number, unit=code)
    if unit.fetch(_OUTSIDE, number, changes, number, changes, number, changes):
        found.wrong("beyond", number)
    if posted != cached_posted:
        found.wrong("balance", number, cached=cached_posted, worked_out=posted)
    if held != cached_held:
        found.wrong("held", number, cached=cached_held, worked_out=held)
    return postings
