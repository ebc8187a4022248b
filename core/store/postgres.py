"""The store for those who outgrow one machine: PostgreSQL through psycopg 3 on a small thread pool."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import bindparam, create_engine, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from core.clock import Clock
from core.store.clean import clean_postgres
from core.store.store import Store, StoreClosed, StoreDown, UnitFunction
from core.store.unit import Unit

T = TypeVar("T")
THREADS = 8
ATTEMPTS = 5
# serialization_failure, deadlock_detected, and unique_violation: units look before they insert, so the row that was in
# the way is found by the next attempt.
_RETRY = {"40001", "40P01", "23505"}
CHANNEL = "nexus"  # on which other processes hear which topics a commit has woken
_NOTIFY = select(func.pg_notify(CHANNEL, bindparam("topic")))


class PostgresStore(Store):
    """A store in a PostgreSQL database. READ COMMITTED: every state change is a compare-and-set or takes a row lock."""

    def __init__(self, url: str, clock: Clock) -> None:
        super().__init__(url, clock)
        self._engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            pool_size=THREADS,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 5},  # seconds; a server that is gone is asked again, not waited for
            hide_parameters=True,  # people's words stay out of error messages
        )
        self._reading = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="nexus-store")
        self._closed = False

    def write(self, unit: UnitFunction[T]) -> Future[T]:
        """See `Store.write`."""
        return self._submit(unit, self._write_now)

    def read(self, unit: UnitFunction[T]) -> Future[T]:
        """See `Store.read`."""
        return self._submit(unit, self._read_now)

    def clean(self, tables: Sequence[str]) -> Future[None]:
        """See `Store.clean`."""
        if self._closed:
            raise StoreClosed(make_url(self.url).render_as_string(hide_password=True))
        return self._threads.submit(self._clean_now, tables)

    def _clean_now(self, tables: Sequence[str]) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            clean_postgres(connection, tables)
            connection.exec_driver_sql("RESET lock_timeout")

    def close(self) -> None:
        """See `Store.close`."""
        self._closed = True
        self._threads.shutdown(wait=True)
        self._engine.dispose()

    def _submit(self, unit: UnitFunction[T], how: Callable[[UnitFunction[T]], T]) -> Future[T]:
        if self._closed:
            raise StoreClosed(make_url(self.url).render_as_string(hide_password=True))
        return self._threads.submit(how, unit)

    def _write_now(self, unit: UnitFunction[T]) -> T:
        for attempt in range(ATTEMPTS):
            try:
                with self._engine.begin() as connection:
                    work = Unit(connection, self.clock, postgres=True, writable=True, pictures=self.pictures)
                    value = unit(work)
                    for topic in sorted(work.woken):
                        connection.execute(_NOTIFY, {"topic": topic})
            except DBAPIError as error:
                if _gone(error):
                    raise StoreDown(type(error.orig).__name__) from error
                if getattr(error.orig, "sqlstate", None) not in _RETRY or attempt == ATTEMPTS - 1:
                    raise
                time.sleep(random.uniform(0.0, 0.02) * (attempt + 1))  # noqa: S311 - jitter, not a secret
            else:
                self.committed(work.then)
                self.announce(work.woken)
                return value
        raise AssertionError("unreachable")

    def _read_now(self, unit: UnitFunction[T]) -> T:
        try:
            with self._reading.connect() as connection:
                return unit(Unit(connection, self.clock, postgres=True, writable=False, pictures=self.pictures))
        except DBAPIError as error:
            if _gone(error):
                raise StoreDown(type(error.orig).__name__) from error
            raise


def _gone(error: DBAPIError) -> bool:
    """Whether the server, not the statement, is what failed: classes 08 and 57P, or no answer at all."""
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or (
        state.startswith(("08", "57P")) if state else isinstance(error, OperationalError | InterfaceError)
    )
