"""A unit of work: one open transaction, the time it happens at, and what to wake once it is committed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, RowMapping

from core.clock import Clock
from core.ids import new_id


class Unit:
    """Handed to every unit function. `now` is read once, so that one unit has one time."""

    __slots__ = ("connection", "now", "postgres", "woken", "writable")

    def __init__(self, connection: Connection, clock: Clock, *, postgres: bool, writable: bool) -> None:
        self.connection = connection
        self.now = clock.now()
        self.postgres = postgres
        self.writable = writable
        self.woken: set[str] = set()

    def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run one statement. Keep statements in module constants: building one costs as much as running it."""
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
        return self.connection.execute(statement, parameters).rowcount

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what is done inside if it raises, and leave the rest of the unit standing."""
        self.connection.exec_driver_sql("SAVEPOINT step")
        try:
            yield
        except BaseException:
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
