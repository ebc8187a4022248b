"""`python -m tests.core.ledger.poster URL LOG NEXUS PERSON`: pays from a fund on many threads until it is killed.

The log gets the key of each payment once it is acknowledged.
"""

from __future__ import annotations

import os
import sys
import threading
from itertools import count

from core.clock import SystemClock
from core.ledger import holds
from core.ledger.accounts import Kind, account
from core.ledger.journals import Cause, Leg
from core.store import Store, Unit, open_store
from core.store.unit import Raw

THREADS = 16
AMOUNT = 7
MONEY = AMOUNT * 10**9
_PAID = Raw("SELECT key FROM journal WHERE kind = 'payment'")


def paid(unit: Unit) -> set[str]:
    """The keys of all payments."""
    return {row[0] for row in unit.fetch(_PAID)}


def main() -> None:
    """Reserve in one unit, pay in the next, each on its own thread."""
    url, log_path, nexus, person = sys.argv[1:]
    store = open_store(url, SystemClock())
    log = os.open(log_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for thread in range(THREADS):
        threading.Thread(target=_pay, args=(store, log, int(nexus), int(person), thread), daemon=True).start()
    threading.Event().wait()


def _pay(store: Store, log: int, nexus_id: int, person_id: int, thread: int) -> None:
    cause = Cause(nexus_id, person_id, "poster", 1)

    def reserve(unit: Unit, key: str) -> int:
        return holds.reserve(unit, key, account(unit, Kind.FUND, nexus_id, "EUR"), AMOUNT, cause)

    def pay(unit: Unit, key: str, hold_id: int) -> None:
        given = account(unit, Kind.GIVEN, nexus_id, "EUR", person_id)
        holds.settle(unit, hold_id, key, "payment", cause, [Leg(given, AMOUNT)])

    for number in count():
        key = f"{os.getpid()}-{thread}-{number}"
        hold_id = store.write(lambda unit, k=key: reserve(unit, k)).result()  # type: ignore[misc]
        store.write(lambda unit, k=key, h=hold_id: pay(unit, k, h)).result()  # type: ignore[misc]
        os.write(log, f"{key}\n".encode())


if __name__ == "__main__":
    main()
