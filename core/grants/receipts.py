"""Receipts: one for each payment, numbered by year without a gap in each Nexus."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import RowMapping

from core.clock import as_datetime
from core.grants.grants import Grant, Tranche
from core.grants.tables import receipt, receipt_count, tranche
from core.ledger.journals import posted, words_of
from core.ledger.tables import journal
from core.ledger.units import Money
from core.people.people import numbers_of, person_of
from core.store import Unit

_NEXT = (
    update(receipt_count)
    .where(receipt_count.c.nexus_id == bindparam("where_"), receipt_count.c.year == bindparam("which"))
    .values(last=receipt_count.c.last + 1)
)
_LAST = select(receipt_count.c.last).where(
    receipt_count.c.nexus_id == bindparam("nexus_id"), receipt_count.c.year == bindparam("year")
)
_FIRST = insert(receipt_count)
_ADD = insert(receipt)
_FULL = (
    select(receipt, tranche.c.unit, tranche.c.amount, tranche.c.seq, journal.c.day)
    .join(tranche, tranche.c.id == receipt.c.tranche_id)
    .join(journal, journal.c.id == receipt.c.journal_id)
)
_BY_ID = _FULL.where(receipt.c.id == bindparam("receipt_id"))
_BY_NUMBER = _FULL.where(receipt.c.number == bindparam("number"), receipt.c.nexus_id == bindparam("nexus_id"))
_THEIRS = _FULL.where(
    receipt.c.number == bindparam("number"), receipt.c.person_id.in_(bindparam("people", expanding=True))
).order_by(receipt.c.id)
_OF_GRANT = _FULL.where(receipt.c.grant_id == bindparam("grant_id")).order_by(receipt.c.id)
_OF_PERSON = (
    _FULL.where(receipt.c.person_id.in_(bindparam("people", expanding=True)))
    .order_by(receipt.c.id.desc())
    .limit(bindparam("most"))
)
_OF_NEXUS = (
    _FULL.where(receipt.c.nexus_id == bindparam("nexus_id")).order_by(receipt.c.id.desc()).limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment that was made on `day` and written down `at` (ms). `undone`: it was taken back since.

    `method` and `reference` may have been erased.
    """

    id: int
    number: str
    nexus_id: int
    grant_id: int
    tranche_id: int
    seq: int
    journal_id: int
    person_id: int
    amount: Money
    method: str
    reference: str
    day: int
    at: int
    undone: bool

    @property
    def name(self) -> str:
        """What it is called."""
        return self.number


def issue(unit: Unit, grant: Grant, paid: Tranche, journal_id: int) -> Receipt:
    """Write the receipt of a payment. Numbers are drawn one after another, and go back with a unit that fails."""
    year = as_datetime(unit.now).year
    if unit.changed(_NEXT, where_=grant.nexus_id, which=year) != 1:
        # Two first ones at once: the second fails on the primary key, and its unit is run again.
        unit.execute(_FIRST, {"nexus_id": grant.nexus_id, "year": year, "last": 1})
    last = unit.value(_LAST, nexus_id=grant.nexus_id, year=year)
    number = unit.new_id()
    unit.execute(
        _ADD,
        {
            "id": number,
            "nexus_id": grant.nexus_id,
            "number": f"{year}-{last:04}",
            "grant_id": grant.id,
            "tranche_id": paid.id,
            "journal_id": journal_id,
            "person_id": grant.recipient_id,
            "at": unit.now,
        },
    )
    return receipt_of(unit, number)


def receipt_of(unit: Unit, receipt_id: int) -> Receipt:
    """One receipt. Raises `LookupError`."""
    row = unit.row(_BY_ID, receipt_id=receipt_id)
    if row is None:
        raise LookupError(f"no receipt {receipt_id}")
    return _receipt(unit, row)


def numbered(unit: Unit, number: str, nexus_id: int, person_id: int) -> list[Receipt]:
    """The receipt of a Nexus with this number; else those of this person with it, of any Nexus.

    Says nothing about who may know of them.
    """
    bare = number.strip().removeprefix("receipt").strip(" #.")
    here = unit.rows(_BY_NUMBER, number=bare, nexus_id=nexus_id)
    rows = here or unit.rows(_THEIRS, number=bare, people=numbers_of(unit, person_id))
    return [_receipt(unit, row) for row in rows]


def receipts_of_grant(unit: Unit, grant_id: int) -> list[Receipt]:
    """The receipts of a grant, oldest first."""
    return [_receipt(unit, row) for row in unit.rows(_OF_GRANT, grant_id=grant_id)]


def receipts_of_person(unit: Unit, person_id: int, most: int = 20) -> list[Receipt]:
    """What a person was paid, newest first."""
    return [_receipt(unit, row) for row in unit.rows(_OF_PERSON, people=numbers_of(unit, person_id), most=most)]


def receipts_of_nexus(unit: Unit, nexus_id: int, most: int = 20) -> list[Receipt]:
    """What a Nexus paid, newest first."""
    return [_receipt(unit, row) for row in unit.rows(_OF_NEXUS, nexus_id=nexus_id, most=most)]


def _receipt(unit: Unit, row: RowMapping) -> Receipt:
    words = words_of(unit, row["journal_id"])
    return Receipt(
        row["id"],
        row["number"],
        row["nexus_id"],
        row["grant_id"],
        row["tranche_id"],
        row["seq"],
        row["journal_id"],
        person_of(unit, row["person_id"]).id,
        Money(row["amount"], row["unit"]),
        words.method,
        words.reference,
        row["day"],
        row["at"],
        posted(unit, f"reversal:{row['journal_id']}") is not None,
    )
