"""Cleaning the files of a store: nothing stays in them of what was deleted.

SQLite overwrites what it frees (`secure_delete`), but copies of a row stay where pages were rearranged, in the
write-ahead log, and as terms in the full-text index until it is merged. So, on the writer's connection: the index is
merged into one piece, the whole file is written anew, and the log is emptied. PostgreSQL keeps deleted rows until they
are vacuumed, and samples of columns in its statistics: the tables are written anew and looked at again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from sqlalchemy import Connection

IN_MEMORY = 64 << 20  # bytes of a store up to which it is written anew in memory, and not through a temporary file
_FULL_TEXT = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'"
_INDEX = "record_text"  # holds the words of people beside the tables of the schema


class NotClean(Exception):
    """Somebody reads an old state of the store at this moment, so that it has to be kept. Try again a little later."""


def clean_sqlite(connection: sqlite3.Connection) -> None:
    """Clean a store through a connection that is in no transaction. Raises `NotClean`."""
    for (name,) in connection.execute(_FULL_TEXT).fetchall():
        connection.execute(f'INSERT INTO "{name}" ("{name}") VALUES (\'optimize\')')  # noqa: S608 - a name of the schema
    pages, size = (connection.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "page_size"))
    connection.execute(f"PRAGMA temp_store = {'MEMORY' if pages * size <= IN_MEMORY else 'FILE'}")
    try:
        connection.execute("VACUUM")
    finally:
        connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA busy_timeout = 2000")  # everybody who writes waits meanwhile
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    connection.execute("PRAGMA busy_timeout = 10000")
    if busy:
        raise NotClean("an old state of the store is still being read")


def clean_postgres(connection: Connection, tables: Sequence[str]) -> None:
    """Clean tables through a connection that commits each statement. A table that is not ours to clean is left."""
    connection.exec_driver_sql("SET lock_timeout = '5s'")
    quoted = connection.dialect.identifier_preparer.quote
    for name in dict.fromkeys((*tables, _INDEX)):
        connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {quoted(name)}")
