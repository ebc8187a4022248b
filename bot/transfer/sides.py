"""The two engines as sources and targets of rows. Each works inside a transaction that its opener has begun."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, cast

from sqlalchemy import Connection, Table, exists, insert, or_, select, text

from bot.transfer.checksum import INSTEAD, NUL, Contents, Summing, Value
from bot.transfer.shape import NUMBERED, TABLES, reading
from core.clock import SystemClock
from core.records.index import index_all
from core.store import Unit

BATCH = 500  # rows in memory at once
Rows = Iterable[Sequence[Value]]


class Side(ABC):
    """A store as rows of plain values."""

    postgres: bool

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def rows(self, table: Table) -> Iterator[Sequence[Value]]:
        """Every row in the order of the primary key, streamed."""
        statement = reading(table, postgres=self.postgres)
        result = self.connection.execute(statement, execution_options={"yield_per": BATCH})
        with result:
            for row in result:
                yield cast(Sequence[Value], row)

    def contents(self) -> Contents:
        """Read everything and add it up."""
        return Contents({table.name: Summing(table).all(self.rows(table)) for table in TABLES})

    def is_empty(self) -> bool:
        """Whether no table has a row."""
        return not self.connection.scalar(select(or_(*(exists().select_from(table) for table in TABLES))))

    def index(self) -> None:
        """Make the full-text index anew."""
        index_all(Unit(self.connection, SystemClock(), postgres=self.postgres, writable=True))

    @abstractmethod
    def write(self, table: Table, rows: Rows) -> None:
        """Add rows to a table that is empty."""

    @abstractmethod
    def last_number(self, table: str) -> int:
        """The last number that the engine gave to a row of this table, also if that row is gone; 0: none."""

    @abstractmethod
    def count_on_from(self, table: str, last: int) -> None:
        """Let the next row of this table get the number after `last`."""

    def _name(self, table: Table) -> str:
        return self.connection.dialect.identifier_preparer.format_table(table)


class SqliteSide(Side):
    """A SQLite store."""

    postgres = False

    def write(self, table: Table, rows: Rows) -> None:
        """See `Side`. The tree points at itself in any order, so foreign keys are looked at when all is there."""
        self.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        names, statement, waiting = table.columns.keys(), insert(table), iter(rows)
        while batch := [dict(zip(names, row, strict=True)) for row in islice(waiting, BATCH)]:
            self.connection.execute(statement, batch)

    def last_number(self, table: str) -> int:
        """See `Side`."""
        return self.connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table}) or 0

    def count_on_from(self, table: str, last: int) -> None:
        """See `Side`."""
        values = {"name": table, "last": last}
        self.connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
        self.connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), values)


class PostgresSide(Side):
    """A PostgreSQL store."""

    postgres = True

    def write(self, table: Table, rows: Rows) -> None:
        """See `Side`. One COPY for the whole table: foreign keys are looked at when it ends."""
        preparer = self.connection.dialect.identifier_preparer
        columns = ", ".join(preparer.quote(name) for name in table.columns.keys())  # noqa: SIM118 - it iterates over columns
        driver: Any = self.connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {self._name(table)} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([v.replace(NUL, INSTEAD) if isinstance(v, str) else v for v in row])

    def last_number(self, table: str) -> int:
        """See `Side`."""
        statement = f"SELECT last_value, is_called FROM {self._sequence(table)}"  # noqa: S608 - a name of ours
        row = self.connection.execute(text(statement)).one()
        return int(row.last_value) if row.is_called else int(row.last_value) - 1

    def count_on_from(self, table: str, last: int) -> None:
        """See `Side`. Not `setval`, which a rollback would not undo."""
        self.connection.exec_driver_sql(f"ALTER SEQUENCE {self._sequence(table)} RESTART WITH {last + 1}")

    def _sequence(self, table: str) -> str:
        found = self.connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table, "column": NUMBERED[table]}
        )
        return str(found)  # quoted where it has to be
