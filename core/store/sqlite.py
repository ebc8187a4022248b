"""The embedded store: SQLite with one writer thread, group commit, and readers of their own.

Why one writer: a small transaction through an asynchronous driver costs 4.4 times the CPU, and more writers only
wait for each other (measured, docs/decisions/0001). Why group commit: units that arrive while a commit is under way
share the next one, each inside a savepoint of its own; all are acknowledged only after that commit is on disk.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from core.clock import Clock
from core.store.clean import clean_sqlite
from core.store.migrate import sqlite_url
from core.store.store import Store, StoreClosed, UnitFunction
from core.store.unit import Unit

T = TypeVar("T")
MAX_BATCH = 64  # units per commit: bounds how long the first of a batch waits
READERS = 4
SYNCHRONOUS = "FULL"  # a commit that was acknowledged survives a power cut


class _Job:
    """A unit that waits for the writer, with the future that its caller holds. None: clean the files."""

    __slots__ = ("future", "then", "unit", "value", "woken")

    def __init__(self, unit: Callable[[Unit], Any] | None) -> None:
        self.unit = unit
        self.future: Future[Any] = Future()
        self.future.set_running_or_notify_cancel()  # what was handed over is done; nobody can cancel it any more
        self.value: Any = None
        self.woken: set[str] = set()
        self.then: list[Callable[[], None]] = []


def sqlite_engine(path: Path, *, read_only: bool = False) -> Engine:
    """An engine whose connections have every pragma that the store relies on."""
    engine = create_engine(sqlite_url(path), poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            "busy_timeout = 10000",
            "journal_mode = WAL",
            f"synchronous = {SYNCHRONOUS}",
            "foreign_keys = ON",
            "secure_delete = ON",  # what is forgotten is overwritten, not only unlinked
            "temp_store = MEMORY",
            "query_only = " + ("ON" if read_only else "OFF"),
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


class SqliteStore(Store):
    """A store in one file."""

    def __init__(self, url: str, path: Path, clock: Clock) -> None:
        super().__init__(url, clock)
        self.path = path
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._close_lock = threading.Lock()
        self._writing = sqlite_engine(path)
        self._reading = sqlite_engine(path, read_only=True)
        self._local = threading.local()
        self._open_readers: list[Connection] = []
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="nexus-reader")
        self._writer = threading.Thread(target=self._write_loop, name="nexus-writer", daemon=True)
        self._writer.start()

    def write(self, unit: UnitFunction[T]) -> Future[T]:
        """See `Store.write`."""
        return self._put(_Job(unit)).future

    def clean(self, tables: Sequence[str]) -> Future[None]:
        """See `Store.clean`. The whole file is cleaned."""
        return self._put(_Job(None)).future

    def _put(self, job: _Job) -> _Job:
        with self._close_lock:
            if self._closed:
                raise StoreClosed(self.url)
            self._jobs.put(job)
        return job

    def read(self, unit: UnitFunction[T]) -> Future[T]:
        """See `Store.read`."""
        if self._closed:
            raise StoreClosed(self.url)
        return self._readers.submit(self._read_now, unit)

    def close(self) -> None:
        """See `Store.close`."""
        with self._close_lock:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._writer.join()
        self._readers.shutdown(wait=True)
        for connection in self._open_readers:
            connection.close()
        self._writing.dispose()
        self._reading.dispose()

    def _read_now(self, unit: UnitFunction[T]) -> T:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._reading.connect()
            self._local.connection = connection
            self._open_readers.append(connection)
        say = _driver(connection).execute
        say("BEGIN")
        try:
            return unit(Unit(connection, self.clock, postgres=False, writable=False, pictures=self.pictures))
        finally:
            say("ROLLBACK")

    def _write_loop(self) -> None:
        connection = self._writing.connect()
        self._observer = self._reading.connect()
        stop = False
        while not stop:
            first = self._jobs.get()
            if first is None:
                break
            batch = [first]
            while len(batch) < MAX_BATCH and batch[-1].unit is not None:
                try:
                    job = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if job is None:
                    stop = True
                    break
                batch.append(job)
            cleaning = batch.pop() if batch[-1].unit is None else None
            if batch:
                self._run_batch(connection, batch)
            if cleaning is not None:
                _clean(connection, cleaning)
        connection.close()
        self._observer.close()

    def _run_batch(self, connection: Connection, batch: list[_Job]) -> None:
        """Commit a batch in one transaction; if a unit ends the transaction itself, run the others alone.

        A unit that rolls the whole transaction back would otherwise make us acknowledge earlier units of the batch
        that are gone, and one that commits it would make us do them twice. So the connection is looked at after each
        unit, and another connection tells whether anything was committed.
        """
        done: list[_Job] = []
        failed: list[tuple[_Job, BaseException]] = []
        driver = _driver(connection)
        try:
            before = self._committed() if len(batch) > 1 else 0
            driver.execute("BEGIN IMMEDIATE")
            for index, job in enumerate(batch):
                try:
                    self._run_unit(connection, job, alone=len(batch) == 1)
                except Exception as error:
                    if not driver.in_transaction:
                        _fail(failed)
                        job.future.set_exception(error)
                        if self._committed() == before:
                            again, done = done + batch[index + 1 :], []
                        else:
                            again = batch[index + 1 :]
                        self._acknowledge(done)
                        for other in again:
                            self._run_batch(connection, [other])
                        return
                    failed.append((job, error))
                else:
                    done.append(job)
            driver.execute("COMMIT")
        except BaseException as error:
            if driver.in_transaction:
                driver.execute("ROLLBACK")
            _fail(failed)
            for job in batch:
                if not job.future.done():
                    job.future.set_exception(error)
            return
        _fail(failed)
        self._acknowledge(done)

    def _acknowledge(self, done: list[_Job]) -> None:
        for job in done:
            self.committed(job.then)
            if job.woken:  # before the result, so that whoever awaits it finds listeners told
                self.announce(job.woken)
            job.future.set_result(job.value)

    def _committed(self) -> int:
        """A number that changes when the writer has committed something."""
        return int(_driver(self._observer).execute("PRAGMA data_version").fetchone()[0])

    def _run_unit(self, connection: Connection, job: _Job, *, alone: bool) -> None:
        # A batch of one needs no savepoint: its failure rolls back the whole transaction anyway.
        unit = Unit(connection, self.clock, postgres=False, writable=True, pictures=self.pictures)
        driver = _driver(connection)
        if not alone:
            driver.execute("SAVEPOINT unit")
        assert job.unit is not None
        try:
            job.value = job.unit(unit)
        except BaseException:
            if driver.in_transaction:
                driver.execute("ROLLBACK" if alone else "ROLLBACK TO unit")
                if alone:
                    driver.execute("BEGIN IMMEDIATE")
            raise
        job.woken, job.then = unit.woken, unit.then
        if not driver.in_transaction:
            raise sqlite3.OperationalError("the unit ended its transaction by itself")
        if not alone:
            try:
                driver.execute("RELEASE unit")
            except BaseException:  # it ended the transaction and began another one
                driver.execute("ROLLBACK")
                raise


def _driver(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection: a BEGIN or COMMIT through the engine costs six times as much."""
    return cast(sqlite3.Connection, connection.connection.dbapi_connection)


def _clean(connection: Connection, job: _Job) -> None:
    try:
        clean_sqlite(_driver(connection))
    except Exception as error:
        job.future.set_exception(error)
    else:
        job.future.set_result(None)


def _fail(failed: list[tuple[_Job, BaseException]]) -> None:
    for job, error in failed:
        if not job.future.done():
            job.future.set_exception(error)
