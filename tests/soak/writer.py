"""`python -m tests.soak.writer STORE LOG`: many threads write as fast as they can, and log what was acknowledged."""

from __future__ import annotations

import os
import sys
import threading
from itertools import count
from pathlib import Path

from sqlalchemy import text

from core.store import Unit, open_store

THREADS = 16
_MAKE = text("CREATE TABLE IF NOT EXISTS pair (id TEXT, half INTEGER)")
_ADD = text("INSERT INTO pair VALUES (:id, :half)")


def main() -> None:
    """Write until killed. Each unit writes two halves; every seventh fails after the first."""
    store = open_store(f"sqlite:///{Path(sys.argv[1])}")
    log = os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    store.write(lambda unit: unit.execute(_MAKE) and None).result()
    run = os.getpid()

    def write(thread: int) -> None:
        for number in count():
            name = f"{run}-{thread}-{number}"

            def unit(unit: Unit, name: str = name, fails: bool = number % 7 == 3) -> None:
                unit.execute(_ADD, {"id": name, "half": 1})
                if fails:
                    raise ValueError
                unit.execute(_ADD, {"id": name, "half": 2})

            try:
                store.write(unit).result()
            except ValueError:
                os.write(log, f"failed {name}\n".encode())
            else:
                os.write(log, f"done {name}\n".encode())

    for thread in range(THREADS):
        threading.Thread(target=write, args=(thread,)).start()


if __name__ == "__main__":
    main()
