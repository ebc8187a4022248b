"""Bringing a store's schema to the present, through Alembic.

`HEAD` names the newest migration, so that a store that is already current opens without loading Alembic at all
(start-up time counts); a test asserts that it agrees with the migrations folder.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL

from core.clock import SystemClock
from core.errors import N_, NexusError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"
KEEP_BACKUPS = 3


class SchemaMismatch(NexusError):
    """The store's schema is not the one that this version needs."""

    code = "schema"


def sqlite_url(path: Path) -> URL:
    """The URL of a SQLite file, whatever characters are in its name."""
    return URL.create("sqlite", database=str(path))


def migrate_sqlite(path: Path) -> None:
    """Migrate the file at `path`, with a copy beside it first when it holds anything."""
    current = _sqlite_revision(path)
    if current == HEAD:
        return
    if current is not None:
        back_up(path, path.with_name(f"{path.name}.before-{HEAD}-{SystemClock().now()}"))
        for old in sorted(path.parent.glob(f"{path.name}.before-*"))[:-KEEP_BACKUPS]:
            old.unlink()
    upgrade(sqlite_url(path))


def migrate_postgres(url: str, *, allowed: bool) -> None:
    """Check a PostgreSQL schema; bring it to `HEAD` only if `allowed` (several processes share it)."""
    import psycopg  # the driver is loaded only by those who use it

    with psycopg.connect(url, autocommit=True) as connection:
        known = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
        current = None
        if known is not None and known[0] is not None:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            current = row[0] if row else None
    if current == HEAD:
        return
    if not allowed:
        raise SchemaMismatch(
            N_("The database is at version {current}, this program needs {head}. Run: nexus migrate"),
            current=current or "none",
            head=HEAD,
        )
    upgrade(url)


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
    from alembic import command
    from alembic.util import CommandError

    try:
        command.upgrade(_alembic_config(url), revision)
    except CommandError as error:
        raise SchemaMismatch(
            N_("This store was made by another version of this program, which I cannot read: {reason}"), reason=error
        ) from error


def downgrade(url: str | URL, revision: str) -> None:
    """Run Alembic's downgrade."""
    from alembic import command

    command.downgrade(_alembic_config(url), revision)


def _alembic_config(url: str | URL) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).resolve().parents[2] / "migrations"))
    config.attributes["url"] = url
    return config


def _sqlite_revision(path: Path) -> str | None:
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


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
