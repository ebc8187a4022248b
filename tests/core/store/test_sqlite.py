"""The embedded store: one writer, group commit, and what a crash or a rude unit does to it."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from core.clock import SystemClock
from core.errors import BadInput
from core.store import Store, Unit, open_store
from core.store.lock import InUse
from core.store.migrate import SchemaMismatch
from core.store.open import sqlite_path
from tests.core.store.test_units import add, numbers


@pytest.fixture
def engine() -> str:
    return "sqlite"


def batch(store: Store, *units: Callable[[Unit], Any]) -> list[Any]:
    """Hand the units over while the writer is busy, so that they share one commit; results or exceptions."""
    busy, go = Event(), Event()

    def hold(unit: Unit) -> None:
        busy.set()
        assert go.wait(10)

    store.write(hold)
    assert busy.wait(10)
    futures = [store.write(unit) for unit in units]
    go.set()
    return [f.exception(10) or f.result() for f in futures]


def adds(number: int) -> Callable[[Unit], int]:
    return lambda unit: add(unit, number)


def test_units_that_wait_share_one_commit(store: Store) -> None:
    said: list[str] = []

    def listen(unit: Unit) -> None:
        driver: Any = unit.connection.connection.dbapi_connection
        driver.set_trace_callback(said.append)

    store.write(listen).result()
    batch(store, *(adds(number) for number in range(50)))
    assert said.count("COMMIT") == 3  # of listening, of the unit that kept the writer busy, and theirs
    assert numbers(store) == list(range(50))


def test_a_failure_inside_a_batch_touches_no_other_unit(store: Store) -> None:
    def fails(unit: Unit) -> None:
        add(unit, 99)
        raise ValueError("no")

    results = batch(store, adds(1), fails, adds(2), fails, adds(3))
    assert [type(r).__name__ for r in results] == ["int", "ValueError", "int", "ValueError", "int"]
    assert numbers(store) == [1, 2, 3]


@pytest.mark.parametrize("statements", [["ROLLBACK"], ["ROLLBACK", "BEGIN"]])
def test_earlier_units_are_not_lost_when_one_rolls_everything_back(store: Store, statements: list[str]) -> None:
    def rude(unit: Unit) -> None:
        for statement in statements:
            unit.connection.exec_driver_sql(statement)

    results = batch(store, adds(1), adds(2), rude, adds(3))
    assert [r for r in results if isinstance(r, int)] == [1, 2, 3]
    assert isinstance(results[2], Exception)
    assert numbers(store) == [1, 2, 3]


@pytest.mark.parametrize("statements", [["COMMIT"], ["COMMIT", "BEGIN"]])
def test_earlier_units_are_not_done_twice_when_one_commits(store: Store, statements: list[str]) -> None:
    runs: list[int] = []

    def counts(unit: Unit) -> int:
        runs.append(1)
        return add(unit, 1)

    def rude(unit: Unit) -> None:
        for statement in statements:
            unit.connection.exec_driver_sql(statement)

    results = batch(store, counts, rude, adds(2))
    assert [r for r in results if isinstance(r, int)] == [1, 2]
    assert len(runs) == 1
    assert numbers(store) == [1, 2]


def test_a_unit_that_ends_its_own_transaction_alone_is_told_so(store: Store) -> None:
    def rude(unit: Unit) -> None:
        unit.connection.exec_driver_sql("ROLLBACK")

    with pytest.raises(sqlite3.OperationalError):
        store.write(rude).result()
    assert store.write(adds(1)).result() == 1


def test_cancelling_a_future_neither_stops_the_unit_nor_the_writer(store: Store) -> None:
    busy, go = Event(), Event()

    def hold(unit: Unit) -> None:
        busy.set()
        assert go.wait(10)

    store.write(hold)
    assert busy.wait(10)
    waiting = store.write(adds(1))
    assert not waiting.cancel()
    go.set()
    assert waiting.result(10) == 1
    assert store.write(adds(2)).result(10) == 2


_KILLED = """
import os, signal, sys
from sqlalchemy import text
from core.store import open_store
store = open_store(sys.argv[1])
add = text("INSERT INTO quota_use VALUES (:p, 'x', 0, 1)")
for number in range(10_000):
    store.write(lambda unit: unit.execute(add, {"p": number}) and None).result()
    print(number, flush=True)
"""


def test_what_was_acknowledged_survives_kill_9(new_url: Callable[[str], str]) -> None:
    url = new_url("sqlite")
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_KILLED), url], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(25)]
    os.kill(process.pid, signal.SIGKILL)
    told += [int(line) for line in process.stdout]
    process.wait()
    process.stdout.close()
    store = open_store(url)
    try:
        kept = numbers(store)
    finally:
        store.close()
    assert kept[: len(told)] == told
    assert len(kept) - len(told) in (0, 1)  # the last may be on disk without having been told


_SHIPPED = """
import sys
from core.store import open_store
store = open_store(sys.argv[1])
print(store.write(lambda unit: unit.connection.exec_driver_sql("PRAGMA synchronous").scalar()).result())
"""


def test_a_commit_of_the_shipped_program_is_on_disk(new_url: Callable[[str], str]) -> None:
    """Here it is not, for speed: `tests.conftest`."""
    command = [sys.executable, "-c", textwrap.dedent(_SHIPPED), new_url("sqlite")]
    told = subprocess.run(command, capture_output=True, text=True, cwd=Path.cwd(), check=True).stdout
    full = "2"
    assert told.strip() == full


def test_a_second_process_is_refused_kindly(store: Store) -> None:
    with pytest.raises(InUse, match=rf"already running here \(process {os.getpid()}\)") as refusal:
        open_store(store.url)
    assert refusal.value.code == "in_use"
    store.close()
    open_store(store.url).close()


def test_nobody_else_on_the_machine_can_read_a_store(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "nexus.db"
    store = open_store(f"sqlite:///{path}")
    store.write(adds(1)).result()
    modes = [stat.S_IMODE(p.stat().st_mode) & 0o077 for p in (path, path.parent, path.with_name("nexus.db-wal"))]
    store.close()
    assert modes == [0, 0, 0]


@pytest.mark.parametrize("name", ["a b.db", "50%.db", "what?.db", "#1.db", "ünï 'quoted'.db", 'say "hi".db'])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for number in (1, 2):
        store = open_store(f"sqlite:///{path}", SystemClock())
        store.write(adds(number)).result()
        store.close()
    assert path.exists()


def test_another_kind_of_file_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("dear diary, " * 100)
    with pytest.raises(SchemaMismatch, match="not a store of mine"):
        open_store(f"sqlite:///{path}")
    assert path.read_text().startswith("dear diary")


@pytest.mark.parametrize("url", ["", "sqlite://", "sqlite:///", "sqlite:///:memory:", "mysql://x/y", "nexus.db"])
def test_what_is_no_store_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match="sqlite:///path"):
        sqlite_path(url)


def test_a_postgresql_url_has_no_file() -> None:
    assert sqlite_path("postgresql://user@host/name") is None
    assert sqlite_path("sqlite:////var/nexus.db") == Path("/var/nexus.db")
