"""A race of threads and of real processes for one fund, and what must be true after it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg

from core.ledger.accounts import Kind
from core.store import Unit
from core.store.unit import Raw
from tests.core.ledger.books import Books
from tests.core.ledger.racer import PRICE, race

ROOT = Path(__file__).resolve().parents[3]
_SAME = Raw("SELECT COUNT(*) FROM journal WHERE key LIKE 'same:%%'")
_WAITING = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted"
_LEFT_OPEN = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in tr%'"


def run(books: Books, *, places: int, threads: int, processes: int, times: int, hows: str) -> int:
    """Put money for `places` payments in, let everybody race for it, and look. Returns how many were paid."""
    books.write(lambda unit: books.deposit(unit, "money", places * PRICE))
    nexus_id, person_id = books.nexuses[0], books.people[0]
    who = (str(nexus_id), str(person_id))
    amounts = (str(max(threads // max(processes, 1), 1)), str(times), hows)
    command = [sys.executable, "-m", "tests.core.ledger.racer", books.store.url, *who]
    others = [
        subprocess.Popen(
            [*command, f"p{n}", *amounts], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for n in range(processes)
    ]
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
    for other in others:
        assert other.stdin is not None
        other.stdin.write("go\n")
        other.stdin.flush()
    paid = race(books.store, nexus_id, person_id, "t", threads=threads, times=times, hows=hows)
    for other in others:
        paid += int(other.communicate(timeout=300)[0])
        assert other.returncode == 0
    paid += books.read(_same)
    fund, given = books.balance(Kind.FUND), books.balance(Kind.GIVEN, person=0)
    assert (fund.posted, fund.held, given.posted) == ((places - paid) * PRICE, 0, paid * PRICE)
    report = books.verify()
    assert report.healthy, [problem.words for problem in report.problems]
    return paid


def _same(unit: Unit) -> int:
    return int(unit.fetch(_SAME)[0][0])


def standing(url: str) -> int:
    """Locks that somebody waits for, and transactions that were left open, on a PostgreSQL server."""
    with psycopg.connect(url) as connection:
        found = [connection.execute(sql).fetchone() for sql in (_WAITING, _LEFT_OPEN)]
    return sum(row[0] for row in found if row is not None)
