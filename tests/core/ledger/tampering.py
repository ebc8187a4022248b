"""Changing the books behind their back, with what protects them taken away first: as whoever has the machine could."""

from __future__ import annotations

import contextlib

from core.ledger.verify import Report, verify
from core.store import Unit
from tests.core.ledger.books import Books


class _Undo(Exception):
    """Ends the unit without a trace."""


def verified_after(books: Books, *statements: str, nexus: int | None = None) -> tuple[int, Report]:
    """How many rows the statements changed, and what `verify` says then. Everything is undone afterwards."""
    told: list[tuple[int, Report]] = []

    def unit(unit: Unit) -> None:
        _unguard(unit)
        changed = sum(unit.connection.exec_driver_sql(statement).rowcount for statement in statements)
        told.append((changed, verify(unit, nexus_id=None if nexus is None else books.nexuses[nexus])))
        raise _Undo

    with contextlib.suppress(_Undo):
        books.write(unit)
    return told[0]


def _unguard(unit: Unit) -> None:
    say = unit.connection.exec_driver_sql
    if unit.postgres:
        say("SET LOCAL session_replication_role = replica")
        return
    say("PRAGMA defer_foreign_keys = ON")  # until a commit that never comes
    triggers = say("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_%'").scalars().all()
    for name in triggers:
        say(f"DROP TRIGGER {name}")
