"""`python -m tests.core.ledger.racer URL NEXUS PERSON NAME THREADS TIMES HOWS`: races for the money of a fund.

It says "ready", begins when it is told so, and prints what it won as JSON. `race` does the same inside a process.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from core.clock import SystemClock
from core.errors import NexusError
from core.ledger import holds, journals
from core.ledger.accounts import Kind, account
from core.ledger.journals import Cause, Leg
from core.store import Store, Unit
from core.store.postgres import PostgresStore

PRICE = 25
PLAIN = "post,reserve"  # whoever gets hold of money keeps it: so all of it goes
ALL = "post,reserve,same,fight,back"


class Racer:
    """One that wants the money of `nexus_id` for `person_id`, in several ways by turns."""

    def __init__(self, store: Store, nexus_id: int, person_id: int, name: str) -> None:
        self.store = store
        self.nexus_id = nexus_id
        self.person_id = person_id
        self.name = name
        self.paid = 0

    def run(self, times: int, hows: str) -> int:
        """Try so many times. Returns how often it was paid under a key of its own."""
        ways = hows.split(",")
        for number in range(times):
            how, key = ways[number % len(ways)], f"{self.name}:{number}"
            if how == "post":
                self.paid += self._try(partial(self._post, key=key)) is not None
            elif how == "same":  # everybody under one key: one effect between all of them
                self._try(partial(self._post, key=f"same:{number}"))
            else:
                hold_id = self._try(partial(self._reserve, key=key))
                if hold_id is not None:
                    self._end(how, key, hold_id)
        return self.paid

    def _end(self, how: str, key: str, hold_id: int) -> None:
        if how == "back":
            assert self._try(lambda unit: holds.release(unit, hold_id, self.person_id))
        elif how == "reserve":
            assert self._try(lambda unit: self._settle(unit, hold_id, key)) is not None
            self.paid += 1
        else:  # two under different keys, and one who gives it back: one of them
            ends = [
                self._begin(lambda unit: self._settle(unit, hold_id, f"{key}:a")),
                self._begin(lambda unit: self._settle(unit, hold_id, f"{key}:b")),
                self._begin(lambda unit: holds.release(unit, hold_id, self.person_id)),
            ]
            won = [bool(one.result()) for one in ends]
            assert sum(won) == 1, won
            self.paid += won[0] + won[1]

    def _begin(self, unit: Callable[[Unit], Any]) -> Future[Any]:
        """A refusal is caught inside the unit, which then commits: it must have left nothing behind."""

        def guarded(work: Unit) -> Any:
            try:
                return unit(work)
            except NexusError as refusal:
                if refusal.code not in ("not_enough", "hold_ended"):
                    raise
                return None

        return self.store.write(guarded)

    def _try(self, unit: Callable[[Unit], Any]) -> Any:
        return self._begin(unit).result(120)

    def _cause(self) -> Cause:
        return Cause(self.nexus_id, self.person_id, "race", 1)

    def _legs(self, unit: Unit) -> list[Leg]:
        return [Leg(account(unit, Kind.GIVEN, self.nexus_id, "EUR", self.person_id), PRICE)]

    def _post(self, unit: Unit, key: str) -> int:
        fund = account(unit, Kind.FUND, self.nexus_id, "EUR")
        return journals.post(unit, key, "payment", self._cause(), [Leg(fund, -PRICE), *self._legs(unit)])

    def _reserve(self, unit: Unit, key: str) -> int:
        return holds.reserve(unit, key, account(unit, Kind.FUND, self.nexus_id, "EUR"), PRICE, self._cause())

    def _settle(self, unit: Unit, hold_id: int, key: str) -> int:
        return holds.settle(unit, hold_id, key, "payment", self._cause(), self._legs(unit))[0]


def race(store: Store, nexus_id: int, person_id: int, name: str, *, threads: int, times: int, hows: str) -> int:
    """So many threads at once, so many tries each. Returns how often they were paid under keys of their own."""
    racers = [Racer(store, nexus_id, person_id, f"{name}:{number}") for number in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        return sum(done.result() for done in [pool.submit(racer.run, times, hows) for racer in racers])


def main() -> None:
    """The command line."""
    url, nexus_id, person_id, name, threads, times, hows = sys.argv[1:]
    store = PostgresStore(url, SystemClock())
    print("ready", flush=True)
    sys.stdin.readline()
    paid = race(store, int(nexus_id), int(person_id), name, threads=int(threads), times=int(times), hows=hows)
    print(json.dumps(paid))
    store.close()


if __name__ == "__main__":
    main()
