"""SQLite files as sides: a store, a back-up that is looked at before it is used, and one that is made."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from bot.transfer.carry import Tell, carry
from bot.transfer.checksum import Contents
from bot.transfer.sides import Side, SqliteSide
from core.errors import N_, BadInput, NotFound
from core.store.migrate import HEAD, SchemaMismatch, back_up, migrate_sqlite, sqlite_revision, sqlite_url, upgrade
from core.store.sqlite import sqlite_engine


@contextlib.contextmanager
def reading(path: Path) -> Iterator[SqliteSide]:
    """A file as a source. Raises `SchemaMismatch` for another version's, `BadInput` if it cannot be read to its end."""
    if (current := sqlite_revision(path)) != HEAD:
        raise SchemaMismatch(
            N_("{path} is of version {current}, this program is for {head}."), path=path, current=current, head=HEAD
        )
    with _transaction(path, read_only=True) as connection:
        try:
            yield SqliteSide(connection)
        except DBAPIError as error:
            if not isinstance(error.orig, sqlite3.Error):
                raise
            raise BadInput(
                N_("{path} cannot be read to its end ({why}). Nothing was changed."), path=path, why=error.orig
            ) from None


def contents_of(path: Path) -> Contents | None:
    """What a store or a back-up holds; None if its schema is of another version, which cannot be compared."""
    if sqlite_revision(path) != HEAD:
        return None
    with reading(path) as side:
        return side.contents()


def check(path: Path) -> None:
    """Refuse a file that is no whole store: `NotFound`, or `BadInput`."""
    if not path.is_file():
        raise NotFound(N_("There is no file {path}."), path=path)
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            sound = sound and connection.execute("PRAGMA foreign_key_check").fetchone() is None
            sound = sound and connection.execute("SELECT version_num FROM alembic_version").fetchone() is not None
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        raise BadInput(N_("{path} is not a whole back-up of a Nexus. Nothing was changed."), path=path)


def copy_of(source: Path, target: Path) -> None:
    """A checked copy of a back-up, brought to the present schema: one file, for its owner alone.

    Raises `SchemaMismatch` for one that a newer version made; then there is no copy.
    """
    target.unlink(missing_ok=True)
    back_up(source, target)
    try:
        if sqlite_revision(target) != HEAD:
            upgrade(sqlite_url(target))
        in_one_file(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def reading_copy(source: Path, folder: Path) -> Iterator[SqliteSide]:
    """A back-up of any version as a source: a copy in `folder` is migrated, the file itself stays as it is."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="restoring-", dir=folder) as inner:
        copy = Path(inner) / "nexus.db"
        copy_of(source, copy)
        with reading(copy) as side:
            yield side


def write_file(source: Side, target: Path, tell: Tell) -> Contents:
    """Write a whole store into a new SQLite file, compared with the source before it gets its name."""
    partial = target.with_name(target.name + ".partial")
    for leftover in ("", "-wal", "-shm"):  # of a process that was killed
        partial.with_name(partial.name + leftover).unlink(missing_ok=True)
    partial.touch(mode=0o600)
    try:
        migrate_sqlite(partial)
        with _transaction(partial, read_only=False) as connection:
            contents = carry(source, SqliteSide(connection), tell)
        in_one_file(partial)
        partial.rename(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return contents


def in_one_file(path: Path) -> None:
    """Leave no second file with a part of the content beside it, so that it can be read from where nobody may write."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


@contextlib.contextmanager
def _transaction(path: Path, *, read_only: bool) -> Iterator[Connection]:
    engine = _reading_engine(path) if read_only else sqlite_engine(path)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection
            connection.exec_driver_sql("COMMIT")
    finally:
        engine.dispose()


def _reading_engine(path: Path) -> Engine:
    """Changes nothing of the file, not even how it is written to, as the store's own engine would."""

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)

    return create_engine(
        "sqlite://", creator=connect, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True
    )
