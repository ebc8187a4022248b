"""Working the books out again: every invariant, and every account rebuilt from what changed it.

One pass over the journals with their postings, one over the accounts with what changed them, one over the holds, then
what other rooms say of all three. Each reads page by page within one snapshot, so that memory stays bounded.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.ledger.proof import crosswise, entries, replay, reserved
from core.ledger.proof.found import MOST as MOST
from core.ledger.proof.found import Found, Progress
from core.ledger.proof.found import Problem as Problem
from core.store import Unit
from core.store.unit import Raw

_STRAY = Raw(
    "SELECT DISTINCT p.account_id FROM posting p "
    "WHERE NOT EXISTS (SELECT 1 FROM ledger_account a WHERE a.id = p.account_id) LIMIT 200"
)
_TOTAL = Raw("SELECT (SELECT COUNT(*) FROM journal), (SELECT COUNT(*) FROM posting), (SELECT COUNT(*) FROM hold)")
_OF_NEXUS = Raw(
    "SELECT (SELECT COUNT(*) FROM journal WHERE nexus_id = ?), "
    "(SELECT COUNT(*) FROM posting p JOIN ledger_account a ON a.id = p.account_id WHERE a.nexus_id = ?), "
    "(SELECT COUNT(*) FROM hold h JOIN ledger_account a ON a.id = h.account_id WHERE a.nexus_id = ?)"
)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: at most `MOST` problems, how many there are in all, and how much was looked at."""

    problems: tuple[Problem, ...]
    count: int
    journals: int
    postings: int
    accounts: int
    holds: int

    @property
    def healthy(self) -> bool:
        """Whether nothing is wrong."""
        return not self.count


def size(unit: Unit, nexus_id: int | None = None) -> int:
    """How many rows `verify` would look at."""
    counts = unit.fetch(_TOTAL) if nexus_id is None else unit.fetch(_OF_NEXUS, nexus_id, nexus_id, nexus_id)
    return sum(counts[0])


def verify(unit: Unit, *, nexus_id: int | None = None, progress: Progress | None = None) -> Report:
    """Work everything out again and say what does not come out. With a Nexus: its accounts and all that moved them.

    `progress(done, total)` is called after each page, in rows. It only reads; give it a unit of `Store.read`.
    """
    found = Found(size(unit, nexus_id), progress)
    seen = entries.check(unit, found, nexus_id)
    if nexus_id is not None:
        for journal_id in replay.from_others(unit, nexus_id):
            entries.check_one(unit, found, seen, journal_id)
    accounts, postings = replay.check(unit, found, nexus_id)
    if nexus_id is None and postings != seen.postings:
        for (account_id,) in unit.fetch(_STRAY):
            found.wrong("stray_account", account_id)
    holds = reserved.check(unit, found, nexus_id)
    crosswise.check(unit, found, nexus_id)
    return Report(tuple(found.problems), found.count, seen.journals, seen.postings, accounts, holds)
