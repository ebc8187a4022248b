"""Reading the books of a Nexus to hand them out: its accounts, and every journal that moved something on them.

Ids stay opaque. Names, and what people wrote, are added as far as whoever gets the file may see them (`Sees`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from core.clock import as_datetime
from core.errors import N_, Conflict
from core.ledger.accounts import Account, Kind, balances
from core.ledger.accounts import accounts as accounts_by_id
from core.ledger.journals import Words
from core.ledger.tables import journal, journal_words, posting
from core.ledger.units import SCALES
from core.store import Unit
from core.store.unit import Raw

MOST = 100_000  # journals in one file
PAGE = 500
EVER = (-(2**60), 2**60)
_IDS = Raw(
    "SELECT DISTINCT j.id, j.day FROM ledger_account a JOIN posting p ON p.account_id = a.id "
    "JOIN journal j ON j.id = p.journal_id WHERE a.nexus_id = ? AND j.day >= ? AND j.day < ? "
    "ORDER BY j.day, j.id LIMIT ?"
)
_BEFORE = Raw(
    "SELECT p.account_id, CAST(SUM(p.amount) AS BIGINT) FROM ledger_account a JOIN posting p ON p.account_id = a.id "
    "JOIN journal j ON j.id = p.journal_id WHERE a.nexus_id = ? AND j.day < ? GROUP BY p.account_id"
)
_JOURNALS = select(journal).where(journal.c.id.in_(bindparam("ids", expanding=True)))
_LINES = (
    select(posting)
    .where(posting.c.journal_id.in_(bindparam("ids", expanding=True)))
    .order_by(posting.c.journal_id, posting.c.leg)
)
_WORDS = select(journal_words).where(journal_words.c.journal_id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Sees:
    """What whoever gets the file may see of it: names, and of which kinds of entries what was written to them."""

    person: Callable[[int], str]
    nexus: Callable[[int], str]
    fund: bool
    grants: bool

    def words(self, kind: str) -> bool:
        """Whether they may read what was written to an entry of this kind."""
        return self.fund if kind in ("deposit", "transfer") else self.fund and self.grants

    def owner(self, account: Account) -> str:
        """Whose account it is, in words; "" if it is not for them to know."""
        if not account.person_id:
            return self.nexus(account.nexus_id)
        return self.person(account.person_id) if self.words(_KNOWN_BY.get(account.kind, "payment")) else ""


_KNOWN_BY = {Kind.SOURCE.value: "deposit", Kind.OWN.value: "deposit"}


@dataclass(frozen=True, slots=True)
class Line:
    """One posting. `fee`: it is part of what a payment cost."""

    account: Account
    amount: int
    fee: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal with its postings."""

    id: int
    kind: str
    day: int
    at: int
    actor_id: int
    cause: str
    cause_id: int
    reverses: int | None
    lines: tuple[Line, ...]
    words: Words


def entries(unit: Unit, nexus_id: int, start: int, end: int) -> Iterator[Entry]:
    """Every journal of these days that moved something there, oldest day first. Raises `Conflict` for too many."""
    ids = [row[0] for row in unit.fetch(_IDS, nexus_id, start, end, MOST + 1)]
    if len(ids) > MOST:
        raise Conflict(N_("That is too much for one file. Please name a year or a month, such as “the books of 2026”."))
    known: dict[int, Account] = {}
    for first in range(0, len(ids), PAGE):
        yield from _page(unit, ids[first : first + PAGE], known)


def opening(unit: Unit, nexus_id: int, start: int) -> dict[int, int]:
    """What was in each account of the Nexus before a day, where it was something."""
    return {account_id: int(amount) for account_id, amount in unit.fetch(_BEFORE, nexus_id, start) if amount}


def accounts(unit: Unit, nexus_id: int) -> list[Account]:
    """The accounts of the Nexus, oldest first."""
    return [account for account, _ in balances(unit, nexus_id)]


def _page(unit: Unit, ids: Sequence[int], known: dict[int, Account]) -> Iterator[Entry]:
    journals = {row["id"]: row for row in unit.rows(_JOURNALS, ids=ids)}
    words = {row["journal_id"]: row for row in unit.rows(_WORDS, ids=ids)}
    lines: dict[int, list[Any]] = {}
    for line in unit.rows(_LINES, ids=ids):
        lines.setdefault(line["journal_id"], []).append(line)
    new = {line["account_id"] for mine in lines.values() for line in mine} - known.keys()
    known |= accounts_by_id(unit, sorted(new))
    for number in ids:
        row, said = journals[number], words.get(number)
        yield Entry(
            number,
            row["kind"],
            row["day"],
            row["at"],
            row["actor_id"],
            row["cause"],
            row["cause_id"],
            row["reverses"],
            _marked([(known[line["account_id"]], line["amount"]) for line in lines[number]]),
            Words(said["memo"], said["method"], said["reference"]) if said is not None else Words(),
        )


def _marked(lines: Sequence[tuple[Account, int]]) -> tuple[Line, ...]:
    """A fee is what goes to its account, and the line of the same amount that it comes from."""
    fees = {place for place, (account, _) in enumerate(lines) if account.kind == Kind.FEE}
    for place in tuple(fees):
        account, amount = lines[place]
        others = (n for n in range(len(lines) - 1, 0, -1) if n not in fees)  # the first line is what was paid
        paid_by = next((n for n in others if lines[n][1] == -amount and lines[n][0].unit == account.unit), None)
        if paid_by is not None:
            fees.add(paid_by)
    return tuple(Line(account, amount, place in fees) for place, (account, amount) in enumerate(lines))


def decimal(amount: int, code: str) -> str:
    """An amount as programs read it: -1234.50."""
    scale = SCALES[code]
    whole, part = divmod(abs(amount), 10**scale)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{part:0{scale}}" if scale else f"{sign}{whole}"


def day_of(milliseconds: int) -> date:
    """The day (UTC)."""
    return as_datetime(milliseconds).date()
