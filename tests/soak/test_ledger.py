"""The books for longer: tens of thousands of steps against the plain model, full races, and kill -9 while they post."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from core.clock import ManualClock
from core.ledger.accounts import Kind
from core.store import Store, open_store
from tests.conftest import StoreFactory
from tests.core.ledger import races
from tests.core.ledger.books import Books
from tests.core.ledger.machine import explore
from tests.core.ledger.poster import AMOUNT, MONEY, paid
from tests.core.ledger.racer import ALL, PLAIN
from tests.postgres import PostgresServer
from tests.soak.process import ROOT, wait

STEPS = 20_000
KILLS = 12


def test_tens_of_thousands_of_steps(store: Store, clock: ManualClock, engine: str) -> None:
    steps = explore(store, clock, examples=300, length=80)
    print(f"{engine}: {steps:,} steps")
    assert steps >= STEPS


def test_four_processes_of_sixteen_threads(new_store: StoreFactory) -> None:
    for hows, places in ((PLAIN, 777), (ALL, 1200)):
        store = new_store("postgres")
        won = races.run(Books(store), places=places, threads=64, processes=4, times=60, hows=hows)
        assert won == places or hows == ALL
        assert won > places / 2
        assert races.standing(store.url) == 0


def test_what_was_acknowledged_survives_kill_9(engine: str, tmp_path: Path) -> None:
    if engine == "sqlite":
        _killed(f"sqlite:///{tmp_path / 'nexus.db'}", tmp_path, lambda: None)
        return
    server = PostgresServer(lasting=True)
    try:
        server.execute("CREATE DATABASE books")

        def crash() -> None:  # the server dies as well
            server.crash()
            server.start()

        _killed(server.url("books"), tmp_path, crash)
    finally:
        server.stop()


def _killed(url: str, folder: Path, crash: Callable[[], None]) -> None:
    log, chance = folder / "log", random.Random(1)
    store = open_store(url, migrate=True)
    books = Books(store)
    books.write(lambda unit: books.deposit(unit, "money", MONEY))
    names = (str(books.nexuses[0]), str(books.people[0]))
    store.close()
    for _ in range(KILLS):
        size = log.stat().st_size if log.exists() else 0
        process = subprocess.Popen([sys.executable, "-m", "tests.core.ledger.poster", url, str(log), *names], cwd=ROOT)
        wait("the first entries", lambda size=size: log.exists() and log.stat().st_size > size + 200)  # type: ignore[misc]
        time.sleep(chance.uniform(0.0, 0.4))
        process.kill()
        process.wait()
        crash()
    store = open_store(url)
    books.store = store
    try:
        report = books.verify()
        assert report.healthy, [problem.words for problem in report.problems]
        there = books.read(paid)
        said = set(log.read_text().split())
        assert len(said) > 500
        assert said <= there
        # Each is there whole, once, or not at all; what a crash left reserved is still reserved.
        given, fund = books.balance(Kind.GIVEN, person=0), books.balance(Kind.FUND)
        assert given.posted == AMOUNT * len(there)
        assert fund.posted == MONEY - given.posted
        assert fund.held % AMOUNT == 0
    finally:
        store.close()
