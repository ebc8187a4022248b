"""Lines of bank statements: kept once each, and matched with what the books say.

Decision rule of matching: a line fits a deposit or payment of the fund that nothing else is matched with, of its exact
amount (a payment with its fee, or without it where the bank lists that by itself), and near in time. It is matched
unasked only where one fits and that one fits no other line; a reference or receipt number that stands in the line
decides between several. Everything else is for people to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.engine import RowMapping

from core.clock import DAY
from core.errors import N_, Conflict
from core.funds import statement_reading
from core.funds.entries import SHORT, Entry, entries
from core.funds.tables import statement_line
from core.grants.tables import receipt
from core.ids import ALPHABET
from core.ledger.units import Money
from core.people.people import fold
from core.store import Unit

NEAR = 7 * DAY  # between a line and what it may be
FAR = 45 * DAY  # the same, where a reference says so


@dataclass(frozen=True, slots=True)
class Kept:
    """A line that is kept. `amount` is negative for what went out; `state` is open, matched or ignored."""

    id: int
    nexus_id: int
    amount: Money
    day: int
    words: str
    state: str
    journal_id: int | None
    why: str
    handle: str

    @property
    def name(self) -> str:
        """What it is called in a question."""
        return self.words if len(self.words) <= 60 else self.words[:59].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Fits:
    """What fits what: `sure` pairs, lines with several that fit (`unsure`), and lines with none (`alone`)."""

    sure: tuple[tuple[Kept, Entry], ...]
    unsure: tuple[tuple[Kept, tuple[Entry, ...]], ...]
    alone: tuple[Kept, ...]


_KNOWN = select(statement_line.c.digest).where(
    statement_line.c.nexus_id == bindparam("nexus_id"),
    statement_line.c.day >= bindparam("since"),
    statement_line.c.day <= bindparam("until"),
)
_ADD = insert(statement_line)
_OF_NEXUS = (
    select(statement_line)
    .where(statement_line.c.nexus_id == bindparam("nexus_id"))
    .order_by(statement_line.c.day.desc(), statement_line.c.id.desc())
)
_OPEN = _OF_NEXUS.where(statement_line.c.state == "open")
_BY_ID = select(statement_line).where(statement_line.c.id == bindparam("line_id"))
_TAKEN = select(statement_line.c.journal_id).where(
    statement_line.c.nexus_id == bindparam("nexus_id"), statement_line.c.journal_id.is_not(None)
)
_RECEIPTS = select(receipt.c.journal_id, receipt.c.number).where(receipt.c.nexus_id == bindparam("nexus_id"))
_BOUNDS = select(func.min(statement_line.c.day).label("first"), func.max(statement_line.c.day).label("last")).where(
    statement_line.c.nexus_id == bindparam("nexus_id")
)
_SET = (
    update(statement_line)
    .where(statement_line.c.id == bindparam("line_id"), statement_line.c.state == bindparam("seen"))
    .values(state=bindparam("new_state"), journal_id=bindparam("entry_id"), why=bindparam("new_why"))
)


def split_known(
    unit: Unit, nexus_id: int, lines: Sequence[statement_reading.Line]
) -> tuple[list[statement_reading.Line], int]:
    """The lines that are new here, and how many are known."""
    if not lines:
        return [], 0
    days = [line.day for line in lines]
    rows = unit.rows(_KNOWN, nexus_id=nexus_id, since=min(days), until=max(days))
    known = {bytes(row["digest"]) for row in rows}
    new = [line for line in lines if line.digest not in known]
    return new, len(lines) - len(new)


def keep(unit: Unit, nexus_id: int, lines: Iterable[statement_reading.Line], *, by: int) -> None:
    """Keep lines that are new. The caller has locked the Nexus, so that no other import keeps them meanwhile."""
    rows = [
        {
            "id": unit.new_id(),
            "nexus_id": nexus_id,
            "unit": line.amount.unit,
            "amount": line.amount.minor,
            "day": line.day,
            "words": line.words,
            "digest": line.digest,
            "state": "open",
            "journal_id": None,
            "why": "",
            "imported_by": by,
            "at": unit.now,
        }
        for line in lines
    ]
    if rows:
        unit.execute(_ADD, rows)


def line_of(unit: Unit, line_id: int) -> Kept | None:
    """One line by its id."""
    row = unit.row(_BY_ID, line_id=line_id)
    return _kept(row) if row is not None else None


def lines_of(unit: Unit, nexus_id: int) -> list[Kept]:
    """All lines of a Nexus, newest first."""
    return [_kept(row) for row in unit.rows(_OF_NEXUS, nexus_id=nexus_id)]


def open_lines(unit: Unit, nexus_id: int) -> list[Kept]:
    """Lines that are neither matched nor ignored, newest first."""
    return [_kept(row) for row in unit.rows(_OPEN, nexus_id=nexus_id)]


def _kept(row: RowMapping) -> Kept:
    # A short name needs no place of its own: the digest has it.
    bits = int.from_bytes(bytes(row["digest"])[:4], "big") >> 7
    handle = "".join(ALPHABET[(bits >> shift) & 31] for shift in range(5 * (SHORT - 1), -1, -5)).lower()
    return Kept(
        row["id"],
        row["nexus_id"],
        Money(row["amount"], row["unit"]),
        row["day"],
        row["words"],
        row["state"],
        row["journal_id"],
        row["why"],
        handle,
    )


def candidates(unit: Unit, nexus_id: int, *, since: int, until: int) -> list[Entry]:
    """Deposits and payments of the fund on those days that stand and that no line is matched with, oldest first."""
    taken = {row["journal_id"] for row in unit.rows(_TAKEN, nexus_id=nexus_id)}
    found = entries(unit, nexus_id, since=since, until=until, most=10**6)
    return [
        one
        for one in reversed(found)
        if one.kind in ("deposit", "payment") and not one.own and not one.taken_back and one.id not in taken
    ]


def in_bank(entry: Entry) -> tuple[Money, ...]:
    """What a bank's statement can say of an entry: with the fee that it cost, or the fee by itself elsewhere."""
    if entry.kind == "deposit":
        return (entry.amount,)
    whole = Money(-entry.amount.minor - entry.fee.minor, entry.amount.unit)
    return (whole, Money(-entry.amount.minor, entry.amount.unit)) if entry.fee.minor else (whole,)


def fits_of(unit: Unit, nexus_id: int) -> Fits:
    """What fits what among all open lines of a Nexus."""
    lines = open_lines(unit, nexus_id)
    if not lines:
        return Fits((), (), ())
    days = [line.day for line in lines]
    known = candidates(unit, nexus_id, since=min(days) - FAR, until=max(days) + FAR)
    numbers = {row["journal_id"]: row["number"] for row in unit.rows(_RECEIPTS, nexus_id=nexus_id)}
    by_amount: dict[Money, list[Entry]] = defaultdict(list)
    for entry in known:
        for amount in in_bank(entry):
            by_amount[amount].append(entry)
    possible = {line.id: _possible(line, by_amount[line.amount], numbers) for line in lines}
    wanted: dict[int, int] = defaultdict(int)
    for some in possible.values():
        for entry in some:
            wanted[entry.id] += 1
    sure, unsure, alone = [], [], []
    for line in lines:
        some = possible[line.id]
        if not some:
            alone.append(line)
        elif len(some) == 1 and wanted[some[0].id] == 1:
            sure.append((line, some[0]))
        else:
            unsure.append((line, tuple(sorted(some, key=lambda one: abs(one.day - line.day)))))
    return Fits(tuple(sure), tuple(unsure), tuple(alone))


def _possible(line: Kept, same: Sequence[Entry], numbers: dict[int, str]) -> list[Entry]:
    """Those of the same amount that a line may be: by what it says, if it says so, else by the day."""
    words = fold(line.words)
    said = [
        entry
        for entry in same
        if abs(entry.day - line.day) <= FAR and any(_names(words, mark) for mark in _marks(entry, numbers))
    ]
    return said or [entry for entry in same if abs(entry.day - line.day) <= NEAR]


def _marks(entry: Entry, numbers: dict[int, str]) -> list[str]:
    return [mark for mark in (fold(entry.reference), numbers.get(entry.id, "")) if len(mark) >= 4]


def _names(words: str, mark: str) -> bool:
    """Whether a mark stands in the words, and is no part of a longer one."""
    start = words.find(mark)
    while start >= 0:
        around = words[start - 1 : start] + words[start + len(mark) : start + len(mark) + 1]
        if not any(c.isalnum() for c in around):
            return True
        start = words.find(mark, start + 1)
    return False


def missing(unit: Unit, nexus_id: int) -> list[Entry]:
    """Deposits and payments within the days that the statements reach over, with which no line is matched."""
    bounds = unit.row(_BOUNDS, nexus_id=nexus_id)
    if bounds is None or bounds["first"] is None:
        return []
    return candidates(unit, nexus_id, since=bounds["first"], until=bounds["last"] + DAY)


def match(unit: Unit, line: Kept, entry: Entry) -> None:
    """Say that a line is that entry. The caller has locked the Nexus. Raises `Conflict` where something changed."""
    taken = {row["journal_id"] for row in unit.rows(_TAKEN, nexus_id=line.nexus_id)}
    if entry.id in taken and line.journal_id != entry.id:
        raise Conflict(N_("Another line of a statement is matched with that already."))
    if entry.taken_back:
        raise Conflict(N_("That was taken back; it can't be on a statement."))
    if line.amount not in in_bank(entry):
        raise Conflict(
            N_("The line says {line}, and that is {entry}. They don't fit."), line=line.amount, entry=entry.amount
        )
    _set(unit, line, "matched", entry.id, "")


def ignore(unit: Unit, line: Kept, why: str) -> None:
    """Say that a line is nothing of the books, and why. Raises `Conflict` where it changed meanwhile."""
    _set(unit, line, "ignored", None, why)


def _set(unit: Unit, line: Kept, state: str, entry_id: int | None, why: str) -> None:
    if unit.changed(_SET, line_id=line.id, seen=line.state, new_state=state, entry_id=entry_id, new_why=why) != 1:
        raise Conflict(N_("Somebody was faster: that line has just changed. Look at it again, please."))
