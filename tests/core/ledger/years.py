"""A year of a small community, made up from a seed: deposits, grants with all that hangs on them, hours, corrections.

The rows of other rooms are written as those rooms write them, so that the books and what is said of them agree.
"""

from __future__ import annotations

import contextlib
from random import Random
from typing import Any

from sqlalchemy import Table, Text, insert, update

from core.clock import DAY, HOUR, ManualClock, as_datetime
from core.funds.tables import statement_line
from core.grants.tables import grant_award, grants, receipt, receipt_count, tranche
from core.hours.tables import hours_entry
from core.ledger import holds, journals
from core.ledger.accounts import Kind, balance
from core.ledger.journals import Leg, NotEnough, Words
from core.payouts.tables import payout
from core.store import Unit
from tests.core.ledger.books import Books

CODES = ("EUR", "EUR", "EUR", "JPY", "KWD", "CRD")
MEMOS = (
    "",
    "for the parser",
    '=HYPERLINK("http://bad.example")',
    "two\nlines; a “quote” and \\ and \t",
    "+1",
    "ő 東京",
)
"""What people write, as they write it."""


class Year:
    """Grows in `books`, a unit for each day."""

    def __init__(self, books: Books, clock: ManualClock, seed: int, days: int = 365) -> None:
        self.books = books
        self.clock = clock
        self.random = Random(seed)
        self.number = seed * 1_000_000
        self.last: list[tuple[int, int]] = []  # journals that could be taken back, with their Nexus
        for _ in range(days):
            self.clock.advance(DAY - HOUR)
            self.books.write(self.day)
            self.clock.advance(HOUR)

    def key(self, what: str) -> str:
        """A key that was never used."""
        self.number += 1
        return f"{what}:{self.number}"

    def day(self, unit: Unit) -> None:
        """What happens on one day."""
        for what in self.random.choices(
            (self.deposit, self.grant, self.transfer, self.hours, self.correct), (3, 4, 1, 2, 1)
        ):
            nexus = self.random.randrange(len(self.books.nexuses))
            with contextlib.suppress(NotEnough), unit.savepoint():
                what(unit, nexus, self.random.choice(CODES))

    def deposit(self, unit: Unit, nexus: int, code: str) -> None:
        amount = self.random.randrange(1_000, 900_000)
        backer = self.random.choice((None, 0, 1))
        kind = self.random.choice((Kind.FUND, Kind.FUND, Kind.OWN)) if backer is not None else Kind.FUND
        books = self.books
        source = books.account(unit, Kind.SOURCE, code, nexus=nexus, person=backer)
        into = books.account(unit, kind, code, nexus=nexus, person=backer if kind is Kind.OWN else None)
        words = Words(self.random.choice(MEMOS), "bank transfer", f"ref {self.number}")
        legs = [Leg(source, -amount), Leg(into, amount)]
        cause = books.cause("deposit", nexus=nexus)
        day = unit.now - self.random.randrange(5) * DAY
        number = journals.post(unit, self.key("deposit"), "deposit", cause, legs, day=day, words=words)
        self.last.append((number, nexus))
        if self.random.random() < 0.3:
            self._add(
                unit,
                statement_line,
                nexus_id=books.nexuses[nexus],
                unit=code,
                amount=amount,
                day=day,
                digest=str(number).encode(),
                state="matched",
                journal_id=number,
                imported_by=books.people[0],
                at=unit.now,
            )

    def transfer(self, unit: Unit, nexus: int, code: str) -> None:
        books, other = self.books, (nexus + 1) % len(self.books.nexuses)
        if other == nexus:
            return
        one, two = (books.account(unit, Kind.FUND, code, nexus=n) for n in (nexus, other))
        amount = self.random.randrange(1, 20_000)
        legs = [Leg(one, -amount), Leg(two, amount)]
        cause = books.cause("transfer", nexus=nexus)
        self.last.append((journals.post(unit, self.key("transfer"), "transfer", cause, legs), nexus))

    def correct(self, unit: Unit, nexus: int, code: str) -> None:
        if self.last:
            number, where = self.last.pop(self.random.randrange(len(self.last)))
            cause = self.books.cause("correction", number, nexus=where)
            journals.reverse(unit, number, cause, self.random.choice(MEMOS))

    def hours(self, unit: Unit, nexus: int, code: str) -> None:
        books, minutes = self.books, self.random.randrange(15, 300)
        entry = unit.new_id()
        worked = books.account(unit, Kind.WORKED, "MIN", nexus=nexus, person=0)
        given = books.account(unit, Kind.GIVEN, "MIN", nexus=nexus, person=1)
        cause = books.cause("hours", entry, nexus=nexus)
        legs = [Leg(worked, -minutes), Leg(given, minutes)]
        number = journals.post(unit, f"hours:{entry}", "hours", cause, legs)
        self._add(
            unit,
            hours_entry,
            id=entry,
            handle=f"h{entry}",
            nexus_id=books.nexuses[nexus],
            giver_id=books.people[0],
            helped_id=books.people[1],
            minutes=minutes,
            day=unit.now,
            state="confirmed",
            version=1,
            logged_by=books.people[0],
            logged_at=unit.now,
            decided_by=books.people[1],
            decided_at=unit.now,
            journal_id=number,
        )

    def grant(self, unit: Unit, nexus: int, code: str) -> None:
        """One with up to three parts: some are paid, the rest is given back or waits."""
        books, random = self.books, self.random
        fund = books.account(unit, Kind.FUND, code, nexus=nexus)
        parts = [random.randrange(100, 50_000) for _ in range(random.choice((1, 1, 1, 2, 3)))]
        ids = [unit.new_id() for _ in parts]
        reserved = [
            holds.reserve(unit, f"tranche:{one}:1", fund, amount, books.cause("tranche", one, nexus=nexus))
            for one, amount in zip(ids, parts, strict=True)
        ]
        paid = random.randrange(len(parts) + 1)
        over = random.random() < 0.7 or paid == len(parts)
        state = "completed" if paid == len(parts) else "revoked" if over else "active"
        grant_id = self._grant(unit, nexus, code, sum(parts), state)
        for seq, (one, amount, hold_id) in enumerate(zip(ids, parts, reserved, strict=True), 1):
            done = seq <= paid
            self._add(
                unit,
                tranche,
                id=one,
                grant_id=grant_id,
                seq=seq,
                unit=code,
                amount=amount,
                state="due" if done or not over else "returned",
                hold_id=hold_id,
            )
            if done:
                self._pay(unit, nexus, code, grant_id, one, amount, hold_id)
            elif over:
                holds.release(unit, hold_id, books.people[0], expired=random.random() < 0.5)

    def _grant(self, unit: Unit, nexus: int, code: str, amount: int, state: str) -> int:
        books, grant_id = self.books, unit.new_id()
        self._add(
            unit,
            grants,
            id=grant_id,
            handle=f"g{grant_id}",
            nexus_id=books.nexuses[nexus],
            proposer_id=books.people[0],
            recipient_id=books.people[1],
            source="fund",
            purpose="x",
            state=state,
            version=1,
            needed=1,
            terms={},
            created_at=unit.now,
        )
        self._add(unit, grant_award, grant_id=grant_id, unit=code, amount=amount)
        return grant_id

    def _pay(self, unit: Unit, nexus: int, code: str, grant_id: int, one: int, amount: int, hold_id: int) -> None:
        books = self.books
        given = books.account(unit, Kind.GIVEN, code, nexus=nexus, person=1)
        legs = [Leg(given, amount)]
        if self.random.random() < 0.3:
            fund, fee = (books.account(unit, kind, code, nexus=nexus) for kind in (Kind.FUND, Kind.FEE))
            cost = self.random.randrange(1, 90)
            if balance(unit, Kind.FUND, books.nexuses[nexus], code).free >= cost:
                legs += [Leg(fund, -cost), Leg(fee, cost)]
        words = Words(self.random.choice(MEMOS), "bank transfer", "r")
        cause = books.cause("tranche", one, nexus=nexus)
        number, _ = holds.settle(unit, hold_id, f"paid:{one}", "payment", cause, legs, words=words)
        unit.changed(update(tranche).where(tranche.c.id == one).values(state="paid", journal_id=number))
        year = as_datetime(unit.now).year
        where = (receipt_count.c.nexus_id == books.nexuses[nexus], receipt_count.c.year == year)
        if not unit.changed(update(receipt_count).where(*where).values(last=receipt_count.c.last + 1)):
            self._add(unit, receipt_count, nexus_id=books.nexuses[nexus], year=year, last=1)
        last = unit.value(receipt_count.select().where(*where).with_only_columns(receipt_count.c.last))
        self._add(
            unit,
            receipt,
            nexus_id=books.nexuses[nexus],
            number=f"{year}-{last:04}",
            grant_id=grant_id,
            tranche_id=one,
            journal_id=number,
            person_id=books.people[1],
            at=unit.now,
        )
        if self.random.random() < 0.2:
            self._add(
                unit,
                payout,
                tranche_id=one,
                provider="stripe",
                key=f"payout:{one}",
                unit=code,
                amount=amount,
                destination="d",
                state="paid",
                external="e",
                actor_id=books.people[0],
                attempts=1,
                made_at=unit.now,
                ended_at=unit.now,
            )

    def _add(self, work: Unit, table: Table, /, **values: Any) -> None:
        """A row of another room; what is not given is empty."""
        empty = {c.name: None if c.nullable else "" if isinstance(c.type, Text) else 0 for c in table.c}
        if "id" in empty:
            empty["id"] = work.new_id()
        work.execute(insert(table), empty | values)
