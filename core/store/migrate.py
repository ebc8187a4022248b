"""Bringing a store's schema to the present, through Alembic.

`HEAD` names the newest migration, so that a store that is already current opens without loading Alembic at all
(start-up time counts); a test asserts that it agrees with the migrations folder.

A program also works with a store that is newer than `HEAD`, if that says so: the one row of `schema_note` names the
oldest version whose programs can still work with it. So old and new processes run side by side during a roll-out, and a
new version can be taken back; docs/decisions/0008 tells how a migration keeps to it.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection

from core.clock import SystemClock
from core.errors import N_, NexusError
from core.store.copies import KEPT, until

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0009"
KEEP_BACKUPS = 3


class SchemaMismatch(NexusError):
    """The store's schema is not the one that this version needs."""

    code = "schema"


def sqlite_url(path: Path) -> URL:
    """The URL of a SQLite file, whatever characters are in its name."""
    return URL.create("sqlite", database=str(path))


def migrate_sqlite(path: Path) -> None:
    """Migrate the file at `path`, with a copy beside it first when it holds anything."""
    current = sqlite_revision(path)
    if current == HEAD or (current is not None and readable(current, _sqlite_note(path))):
        return
    if current is not None:
        now = SystemClock().now()
        back_up(path, path.with_name(f"{path.name}.before-{HEAD}-{now}{until(now + KEPT)}"))
        for old in sorted(path.parent.glob(f"{path.name}.before-*"))[:-KEEP_BACKUPS]:
            old.unlink()
    upgrade(sqlite_url(path))


def migrate_postgres(url: str, *, allowed: bool) -> None:
    """Check a PostgreSQL schema; bring it to `HEAD` only if `allowed` (several processes share it)."""
    import psycopg  # the driver is loaded only by those who use it

    with psycopg.connect(url, autocommit=True) as connection:
        known = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
        current = oldest_reader = None
        if known is not None and known[0] is not None:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            current = row[0] if row else None
        if current not in (None, HEAD):
            known = connection.execute("SELECT to_regclass('schema_note')").fetchone()
            if known is not None and known[0] is not None:
                row = connection.execute("SELECT oldest_reader FROM schema_note").fetchone()
                oldest_reader = row[0] if row else None
    if current == HEAD or (current is not None and readable(current, oldest_reader)):
        return
    if not allowed:
        raise SchemaMismatch(
            N_("The database is at version {current}, this program needs {head}. Run: nexus migrate"),
            current=current or "none",
            head=HEAD,
        )
    upgrade(url)


def readable(current: str, oldest_reader: str | None) -> bool:
    """Whether this program can work with a schema that is newer than its own."""
    return oldest_reader is not None and oldest_reader <= HEAD < current


def back_up(path: Path, target: Path) -> None:
    """Copy a SQLite store, in use or not, into one consistent file at `target`."""
    partial = target.with_name(target.name + ".partial")
    source = _read_only(path)
    copy = sqlite3.connect(partial)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()
    partial.chmod(0o600)
    partial.rename(target)


def upgrade(url: str | URL, revision: str = "head") -> None:
    """Run Alembic's upgrade. Raises `SchemaMismatch` for a store that a newer version has made."""
    _upgrade(_alembic_config(url), revision)


def upgrade_within(connection: Connection) -> None:
    """The same inside a transaction of PostgreSQL that the caller has begun, and commits or undoes."""
    _upgrade(_alembic_config(connection.engine.url, connection), "head")


def _upgrade(config: Config, revision: str) -> None:
    from alembic import command
    from alembic.util import CommandError

    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise SchemaMismatch(
            N_("This store was made by another version of this program, which I cannot read: {reason}"), reason=error
        ) from error


def downgrade(url: str | URL, revision: str) -> None:
    """Run Alembic's downgrade."""
    from alembic import command

    command.downgrade(_alembic_config(url), revision)


def _alembic_config(url: str | URL, connection: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).resolve().parents[2] / "migrations"))
    config.attributes["url"] = url
    config.attributes["connection"] = connection
    return config


def sqlite_revision(path: Path) -> str | None:
    """The version of a SQLite store's schema; None for a file that holds nothing. `SchemaMismatch`: it is no store."""
    if not path.exists():
        return None
    connection = _read_only(path)
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        return None
    except sqlite3.DatabaseError as error:
        raise SchemaMismatch(N_("{path} is not a store of mine: {reason}."), path=path, reason=error) from error
    finally:
        connection.close()
    return row[0] if row else None


def _sqlite_note(path: Path) -> str | None:
    connection = _read_only(path)
    try:
        row = connection.execute("SELECT oldest_reader FROM schema_note").fetchone()
    except sqlite3.OperationalError:  # before 0003
        return None
    finally:
        connection.close()
    return row[0] if row else None


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
