"""What was given, added up: "61h and 4,200.00 EUR to 9 people". Read from the accounts, which are what counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import bindparam, exists, select

from core.grants.tables import tranche
from core.hours.tables import hours_entry
from core.ledger.accounts import Kind
from core.ledger.tables import journal, ledger_account, posting
from core.ledger.units import TIME, Money
from core.people.people import numbers_of, person_of
from core.store import Unit


@dataclass(frozen=True, slots=True)
class Totals:
    """What people were given: minutes, money by unit, and how many people. Of one person: what they were given.

    `worked` are minutes that were given by somebody, to `helped` people; of one person: what they gave themselves.
    """

    minutes: int
    money: tuple[Money, ...]
    people: int
    worked: int
    helped: int


_ACCOUNTS = select(
    ledger_account.c.person_id, ledger_account.c.kind, ledger_account.c.unit, ledger_account.c.posted
).where(ledger_account.c.kind.in_([Kind.GIVEN.value, Kind.WORKED.value]), ledger_account.c.posted != 0)
_OF_NEXUS = _ACCOUNTS.where(ledger_account.c.nexus_id == bindparam("nexus_id"))
_OF_PERSON = _ACCOUNTS.where(ledger_account.c.person_id.in_(bindparam("people", expanding=True)))
_OF_PERSON_IN = _OF_PERSON.where(ledger_account.c.nexus_id == bindparam("nexus_id"))
_reversal = journal.alias("reversal")
_HELPED = (
    select(hours_entry.c.helped_id, hours_entry.c.nexus_id)
    .where(
        hours_entry.c.giver_id.in_(bindparam("people", expanding=True)),
        hours_entry.c.state == "confirmed",
        ~exists().where(_reversal.c.reverses == hours_entry.c.journal_id),
    )
    .distinct()
)
_OF_GRANT = journal.c.id.in_(
    select(hours_entry.c.journal_id)
    .where(hours_entry.c.grant_id == bindparam("grant_id"), hours_entry.c.journal_id.is_not(None))
    .union_all(select(tranche.c.journal_id).where(tranche.c.grant_id == bindparam("grant_id"), tranche.c.unit != TIME))
)
# A reversal counts against what it takes back.
_POSTED = (
    select(ledger_account.c.person_id, ledger_account.c.kind, ledger_account.c.unit, posting.c.amount.label("posted"))
    .join(posting, posting.c.account_id == ledger_account.c.id)
    .where(
        ledger_account.c.kind.in_([Kind.GIVEN.value, Kind.WORKED.value]),
        posting.c.journal_id.in_(
            select(journal.c.id)
            .where(_OF_GRANT)
            .union_all(select(_reversal.c.id).join(journal, journal.c.id == _reversal.c.reverses).where(_OF_GRANT))
        ),
    )
)


def totals(unit: Unit, nexus_id: int | None = None, person: int | None = None, grant_id: int | None = None) -> Totals:
    """What was given for a grant, to and by a person (in one Nexus or all), or in a Nexus."""
    if grant_id is not None:
        rows = unit.rows(_POSTED, grant_id=grant_id)
    elif person is not None:
        people = numbers_of(unit, person)
        if nexus_id is None:
            rows = unit.rows(_OF_PERSON, people=people)
        else:
            rows = unit.rows(_OF_PERSON_IN, people=people, nexus_id=nexus_id)
    else:
        assert nexus_id is not None, "totals of nothing in particular"
        rows = unit.rows(_OF_NEXUS, nexus_id=nexus_id)
    given: dict[str, int] = defaultdict(int)
    each: dict[tuple[int, str], int] = defaultdict(int)
    worked = 0
    for row in rows:
        if row["kind"] == Kind.WORKED:
            worked -= row["posted"]
        else:
            given[row["unit"]] += row["posted"]
            each[person_of(unit, row["person_id"]).id, row["unit"]] += row["posted"]
    receivers = {who for (who, _), amount in each.items() if amount > 0}
    timed = {who for (who, code), amount in each.items() if amount > 0 and code == TIME}
    minutes = given.pop(TIME, 0)
    money = tuple(Money(given[code], code) for code in sorted(given) if given[code])
    helped = len(timed) if person is None else _helped(unit, person, nexus_id)
    return Totals(minutes, money, len(receivers), worked, helped)


def _helped(unit: Unit, person: int, nexus_id: int | None) -> int:
    rows = unit.rows(_HELPED, people=numbers_of(unit, person))
    return len({person_of(unit, row["helped_id"]).id for row in rows if nexus_id in (None, row["nexus_id"])})
