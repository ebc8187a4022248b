"""The same world in PostgreSQL: every table that has rows is carried over with COPY."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Boolean, Table

from core.store import metadata, open_store

_LEFT = {"alembic_version", "schema_note"}


def carry(path: Path, url: str) -> None:
    """Fill the empty database at `url` with the world of a SQLite file, and let it gather what it plans by."""
    open_store(url, migrate=True).close()
    source = sqlite3.connect(path)
    with psycopg.connect(url) as target:
        target.execute("SET session_replication_role = replica")  # no triggers, no order of tables
        for table in metadata.sorted_tables:
            if table.name not in _LEFT:
                _carry_table(source, target, table)
    source.close()
    with psycopg.connect(url, autocommit=True) as target:
        target.execute("VACUUM ANALYZE")


def _carry_table(source: sqlite3.Connection, target: psycopg.Connection, table: Table) -> None:
    columns = [column.name for column in table.columns]
    booleans = [isinstance(column.type, Boolean) for column in table.columns]
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    target.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))
    rows = source.execute(f"SELECT {', '.join(columns)} FROM {table.name}")
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    with target.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row([bool(value) if boolean else value for value, boolean in zip(row, booleans, strict=True)])
