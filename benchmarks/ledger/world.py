"""Books to measure: some Nexuses, each with a fund and people who are given something. Through the engine alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import TypeVar

from core.ledger import holds, journals
from core.ledger.accounts import Account, Kind, account
from core.ledger.journals import Cause, Leg
from core.nexuses import founding, tree
from core.people.people import speaker
from core.store import Store, Unit

T = TypeVar("T")
RICH = 10**14  # minor units in each fund: more than is ever given away here


@dataclass(frozen=True, slots=True)
class Fund:
    """One fund with the accounts around it."""

    nexus_id: int
    actor_id: int
    source: Account
    fund: Account
    given: tuple[Account, ...]

    def cause(self, what_id: int) -> Cause:
        """Why something is done with it."""
        return Cause(self.nexus_id, self.actor_id, "bench", what_id)


def funds(store: Store, nexuses: int, people: int) -> list[Fund]:
    """So many funds, from each of which so many people may be given something."""
    store.write(founding.found).result()
    return [store.write(partial(_fund, number=number, people=people)).result() for number in range(nexuses)]


def _fund(unit: Unit, number: int, people: int) -> Fund:
    nexus_id = tree.add_nexus(unit, f"Bench {number}", parent_id=tree.ROOT_ID, door="open").id
    ids = [
        speaker(unit, platform="terminal", workspace="", external_id=f"{number}.{n}", name="P", username="").person_id
        for n in range(people)
    ]
    source, fund = (account(unit, kind, nexus_id, "EUR") for kind in (Kind.SOURCE, Kind.FUND))
    made = Fund(nexus_id, ids[0], source, fund, tuple(account(unit, Kind.GIVEN, nexus_id, "EUR", one) for one in ids))
    legs = [Leg(source, -RICH), Leg(fund, RICH)]
    journals.post(unit, f"rich:{number}", "deposit", made.cause(0), legs)
    return made


def pay(fund: Fund, key: str, random: Random) -> Callable[[Unit], int]:
    """A unit that gives something from a fund to one of the people."""
    given, amount = random.choice(fund.given), random.randrange(1, 100_000)

    def unit(unit: Unit) -> int:
        legs = [Leg(fund.fund, -amount), Leg(given, amount)]
        return journals.post(unit, key, "payment", fund.cause(1), legs)

    return unit


def reserve(fund: Fund, key: str, amount: int) -> Callable[[Unit], int]:
    """A unit that reserves something in a fund."""
    return lambda unit: holds.reserve(unit, key, fund.fund, amount, fund.cause(1))


def confirm(fund: Fund, hold_id: int, key: str, amount: int) -> Callable[[Unit], int]:
    """A unit that pays what is reserved."""
    given = fund.given[hold_id % len(fund.given)]

    def unit(unit: Unit) -> int:
        return holds.settle(unit, hold_id, key, "payment", fund.cause(1), [Leg(given, amount)])[0]

    return unit


def fill(store: Store, made: list[Fund], first: int, last: int, told: Callable[[int], None]) -> None:
    """Entries with these numbers, of which a third goes through a reservation, many in each unit."""
    random, at_once = Random(first), 2000

    def many(unit: Unit, numbers: range) -> None:
        for number in numbers:
            fund, key = random.choice(made), f"fill:{number}"
            if number % 3:
                pay(fund, key, random)(unit)
            else:
                amount = random.randrange(1, 100_000)
                confirm(fund, reserve(fund, key, amount)(unit), key, amount)(unit)

    for start in range(first, last, at_once):
        numbers = range(start, min(start + at_once, last))
        store.write(partial(many, numbers=numbers)).result()
        told(numbers.stop)
