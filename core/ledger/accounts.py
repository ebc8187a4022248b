"""Accounts: made on first use, one for each Nexus, person, kind and unit.

Signs are those of the money's owner: a fund or deposit with something in it is positive. What comes from outside is
negative on `source`, what went out is positive on `given` and `fee`, so that each unit sums to zero over all accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import bindparam, insert, select
from sqlalchemy.engine import RowMapping

from core.ledger.tables import ledger_account, ledger_unit
from core.ledger.units import SCALES, TIME
from core.store import Unit
from core.store.unit import Raw


class Kind(StrEnum):
    """What an account is for. FUND and OWN never fall below zero, holds included."""

    FUND = "fund"  # the Nexus's own money
    OWN = "own"  # what a person put into this Nexus to give away themselves
    SOURCE = "source"  # where deposits come from: a backer, or somebody unnamed (0)
    GIVEN = "given"  # what a person was given: money paid to them, or time spent on them
    FEE = "fee"  # what payments cost
    WORKED = "worked"  # time of a person that they gave, or hold ready (their promise)
    TIME = "time"  # time that a Nexus promised; whoever gives it flows through here


FLOORED = frozenset({Kind.FUND, Kind.OWN})


@dataclass(frozen=True, slots=True)
class Account:
    """Which account it is. Its sums are in `Balance`, as they move."""

    id: int
    nexus_id: int
    person_id: int
    kind: str
    unit: str


@dataclass(frozen=True, slots=True)
class Balance:
    """In minor units of the account's unit: what is there, how much of it is reserved, and what is free."""

    posted: int
    held: int

    @property
    def free(self) -> int:
        """What can still be reserved or spent."""
        return self.posted - self.held


_ONE = Raw("SELECT id, posted, held FROM ledger_account WHERE nexus_id = ? AND person_id = ? AND kind = ? AND unit = ?")
_OF_NEXUS = (
    select(ledger_account).where(ledger_account.c.nexus_id == bindparam("nexus_id")).order_by(ledger_account.c.id)
)
_BY_IDS = select(ledger_account).where(ledger_account.c.id.in_(bindparam("ids", expanding=True)))
_ADD = insert(ledger_account)
_SCALE = select(ledger_unit.c.scale).where(ledger_unit.c.code == bindparam("code"))
_ADD_UNIT = insert(ledger_unit)


def account(unit: Unit, kind: Kind, nexus_id: int, code: str, person_id: int = 0) -> Account:
    """The account, opened if there is none yet. `code` is a unit of `core.ledger.units`.

    Two processes that open the same one at the same moment: the second unit is run again by the store.
    """
    found = unit.fetch(_ONE, nexus_id, person_id, kind.value, code)
    if found:
        return Account(found[0][0], nexus_id, person_id, kind.value, code)
    if unit.value(_SCALE, code=code) is None:
        unit.execute(_ADD_UNIT, {"code": code, "scale": SCALES[code]})
    made = Account(unit.new_id(), nexus_id, person_id, kind.value, code)
    unit.execute(
        _ADD,
        {
            "id": made.id,
            "nexus_id": nexus_id,
            "person_id": person_id,
            "kind": kind.value,
            "unit": code,
            "floor": 0 if kind in FLOORED else None,
            "posted": 0,
            "held": 0,
            "changes": 0,
            "opened_at": unit.now,
        },
    )
    return made


def promised_time(unit: Unit, nexus_id: int, person_id: int = 0) -> Account:
    """Where time that is promised is reserved: by a person, or by the Nexus."""
    return account(unit, Kind.WORKED if person_id else Kind.TIME, nexus_id, TIME, person_id)


def balance(unit: Unit, kind: Kind, nexus_id: int, code: str, person_id: int = 0) -> Balance:
    """The sums of an account at this moment; zero if it was never opened."""
    found = unit.fetch(_ONE, nexus_id, person_id, kind.value, code)
    return Balance(found[0][1], found[0][2]) if found else Balance(0, 0)


def balances(unit: Unit, nexus_id: int) -> list[tuple[Account, Balance]]:
    """All accounts of a Nexus with their sums, oldest first."""
    return [_with_sums(row) for row in unit.rows(_OF_NEXUS, nexus_id=nexus_id)]


def accounts(unit: Unit, ids: Sequence[int]) -> dict[int, Account]:
    """Accounts by their id."""
    rows = unit.rows(_BY_IDS, ids=list(ids)) if ids else ()
    return {row["id"]: _with_sums(row)[0] for row in rows}


def _with_sums(row: RowMapping) -> tuple[Account, Balance]:
    return (
        Account(row["id"], row["nexus_id"], row["person_id"], row["kind"], row["unit"]),
        Balance(row["posted"], row["held"]),
    )
