"""Books to test with: a store with some Nexuses and people, and short ways to move money in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from core.ledger import holds, journals
from core.ledger.accounts import Account, Balance, Kind, account, balance
from core.ledger.journals import Cause, Leg
from core.ledger.verify import Report, verify
from core.nexuses import founding, tree
from core.people.people import speaker
from core.store import Store, Unit

T = TypeVar("T")


class Books:
    """Nexuses and people are named by small numbers, from 0 on; accounts are opened as they are used."""

    def __init__(self, store: Store, *, nexuses: int = 1, people: int = 2) -> None:
        self.store = store
        self.write(founding.found)
        self.people = [self.write(partial(_person, number=number)) for number in range(people)]
        self.nexuses: list[int] = []
        self.add(nexuses)

    def add(self, nexuses: int) -> list[int]:
        """More Nexuses; returns their ids."""
        start = len(self.nexuses)
        for number in range(start, start + nexuses):
            made = self.write(partial(tree.add_nexus, name=f"N{number}", parent_id=tree.ROOT_ID, door="open"))
            self.nexuses.append(made.id)
        return self.nexuses[start:]

    def write(self, unit: Callable[[Unit], T]) -> T:
        """In a transaction."""
        return self.store.write(unit).result()

    def read(self, unit: Callable[[Unit], T]) -> T:
        """On a snapshot."""
        return self.store.read(unit).result()

    def account(
        self, unit: Unit, kind: Kind, code: str = "EUR", *, nexus: int = 0, person: int | None = None
    ) -> Account:
        """An account, opened if there is none."""
        return account(unit, kind, self.nexuses[nexus], code, 0 if person is None else self.people[person])

    def balance(self, kind: Kind, code: str = "EUR", *, nexus: int = 0, person: int | None = None) -> Balance:
        """What is in it."""
        who = 0 if person is None else self.people[person]
        return self.read(lambda unit: balance(unit, kind, self.nexuses[nexus], code, who))

    def cause(self, what: str = "test", what_id: int = 0, *, nexus: int = 0, actor: int = 0) -> Cause:
        """A cause."""
        return Cause(self.nexuses[nexus], self.people[actor], what, what_id)

    def deposit(self, unit: Unit, key: str, amount: int, code: str = "EUR", **more: Any) -> int:
        """Into the fund of a Nexus."""
        nexus = more.pop("nexus", 0)
        source, fund = (self.account(unit, kind, code, nexus=nexus) for kind in (Kind.SOURCE, Kind.FUND))
        legs = [Leg(source, -amount), Leg(fund, amount)]
        return journals.post(unit, key, "deposit", self.cause("deposit", nexus=nexus), legs, **more)

    def hold(self, unit: Unit, key: str, amount: int, code: str = "EUR", *, nexus: int = 0, what_id: int = 1) -> int:
        """Of the fund."""
        fund = self.account(unit, Kind.FUND, code, nexus=nexus)
        return holds.reserve(unit, key, fund, amount, self.cause("test", what_id, nexus=nexus))

    def pay(self, unit: Unit, hold_id: int, key: str, amount: int, code: str = "EUR", *, nexus: int = 0) -> Any:
        """Settle a hold, whole or in part, to person 1."""
        given = self.account(unit, Kind.GIVEN, code, nexus=nexus, person=1)
        legs = [Leg(given, amount)]
        return holds.settle(unit, hold_id, key, "payment", self.cause("test", nexus=nexus), legs, amount=amount)

    def verify(self, nexus: int | None = None) -> Report:
        """The proof of it all, or of a Nexus."""
        which = None if nexus is None else self.nexuses[nexus]
        return self.read(lambda unit: verify(unit, nexus_id=which))


def _person(unit: Unit, number: int) -> int:
    name = f"Person {number}"
    spoke = speaker(unit, platform="terminal", workspace="", external_id=name, name=name, username="")
    return spoke.person_id
