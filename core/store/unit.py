"""A unit of work: one open transaction, the time it happens at, and what to wake once it is committed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Executable, RowMapping
from sqlalchemy.exc import DBAPIError

from core.clock import Clock
from core.ids import new_id


class Raw:
    """A statement that is written once, with ? for its values, for paths that are too hot for those of SQLAlchemy."""

    __slots__ = ("postgres", "sqlite")

    def __init__(self, sql: str) -> None:
        self.sqlite = sql
        self.postgres = sql.replace("?", "%s")


@cache
def _int8() -> Any:
    from psycopg.types.numeric import Int8  # for those alone who use it

    return Int8


class Unit:
    """Handed to every unit function. `now` is read once, so that one unit has one time."""

    __slots__ = (
        "_driver",
        "changes",
        "connection",
        "kept",
        "now",
        "pictures",
        "postgres",
        "shown",
        "then",
        "woken",
        "writable",
    )

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        *,
        postgres: bool,
        writable: bool,
        pictures: dict[str, Any] | None = None,
    ) -> None:
        self.connection = connection
        self._driver: Any = None
        self.changes = 0  # how often something may have been written so far
        self.kept: dict[str, Any] = {}  # what a room wants to keep until this unit ends
        self.pictures = {} if pictures is None else pictures  # what a room keeps for the whole process
        self.shown: set[int] = set()  # ids of the records that were handed out to be shown
        self.then: list[Callable[[], None]] = []  # run once this unit is committed: only then may others build on it
        self.now = clock.now()
        self.postgres = postgres
        self.writable = writable
        self.woken: set[str] = set()

    def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run one statement. Keep statements in module constants: building one costs as much as running it."""
        self.changes += 1
        return self.connection.execute(statement, parameters)

    def row(self, statement: Executable, **parameters: Any) -> RowMapping | None:
        """The first row as a mapping, or None."""
        return self.connection.execute(statement, parameters).mappings().first()

    def rows(self, statement: Executable, **parameters: Any) -> Sequence[RowMapping]:
        """All rows as mappings."""
        return self.connection.execute(statement, parameters).mappings().all()

    def value(self, statement: Executable, **parameters: Any) -> Any:
        """The first column of the first row, or None."""
        return self.connection.execute(statement, parameters).scalar()

    def changed(self, statement: Executable, **parameters: Any) -> int:
        """Run an update or delete and tell how many rows it changed: 0 means that a compare-and-set lost."""
        self.changes += 1
        return self.connection.execute(statement, parameters).rowcount

    def fetch(self, statement: Raw, *values: Any) -> list[Any]:
        """All rows of a prepared read as tuples, straight from the driver: a quarter of the cost of `rows`."""
        if self.postgres:
            return cast(list[Any], self._on_postgres(statement.postgres, values).fetchall())
        return self._sqlite().execute(statement.sqlite, values).fetchall()

    def change(self, statement: Raw, *values: Any) -> list[Any]:
        """The rows that a prepared change returns (RETURNING), straight from the driver: as many as it changed."""
        self.changes += 1
        return self.fetch(statement, *values)

    def put(self, statement: Raw, *rows: tuple[Any, ...]) -> None:
        """Run a prepared change that returns nothing, once for each of the rows, straight with the driver."""
        self.changes += 1
        if self.postgres:
            for row in rows:
                self._on_postgres(statement.postgres, row)
        else:
            self._sqlite().executemany(statement.sqlite, rows)

    def _sqlite(self) -> sqlite3.Connection:
        if self._driver is None:
            self._driver = cast(sqlite3.Connection, self.connection.connection.dbapi_connection)
        return cast(sqlite3.Connection, self._driver)

    def _on_postgres(self, sql: str, values: tuple[Any, ...]) -> Any:
        if self._driver is None:
            self._driver = self.connection.connection.dbapi_connection
        # Each as a bigint: by size the driver would say three types, and prepare a statement for each mix of them.
        wide = _int8()
        values = tuple([wide(value) if type(value) is int else value for value in values])
        try:
            return self._driver.execute(sql, values)
        except self.connection.dialect.loaded_dbapi.Error as error:
            # As from every other statement: the store looks at it and may run the unit again.
            base, dialect = self.connection.dialect.loaded_dbapi.Error, self.connection.dialect
            raise DBAPIError.instance(sql, None, error, base, hide_parameters=True, dialect=dialect) from error

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what is done inside if it raises, and leave the rest of the unit standing."""
        self.connection.exec_driver_sql("SAVEPOINT step")
        then = len(self.then)
        try:
            yield
        except BaseException:
            del self.then[then:]
            self.kept.clear()  # it may have been built on what is undone now
            self.changes += 1
            self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT step")
            self.connection.exec_driver_sql("RELEASE SAVEPOINT step")
            raise
        self.connection.exec_driver_sql("RELEASE SAVEPOINT step")

    def new_id(self) -> int:
        """A row id of this unit's time."""
        return new_id(self.now)

    def wake(self, topic: str) -> None:
        """After the commit, tell listeners that there is something new of this topic (never before it)."""
        self.woken.add(topic)
