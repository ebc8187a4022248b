"""`nexus restore FILE`: put a back-up in the place of the store, which is kept beside it."""

from __future__ import annotations

import argparse
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.backup import FOR_POSTGRES
from bot.settings import Settings
from core.errors import N_, BadInput, NotFound
from core.store.lock import StoreLock
from core.store.migrate import back_up, migrate_sqlite
from core.store.open import sqlite_path


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module."""
    path = sqlite_path(settings.store_url)
    if path is None:
        raise BadInput(FOR_POSTGRES)
    source = Path(options.file)
    if not source.is_file():
        raise NotFound(N_("There is no file {path}."), path=source)
    _check(source)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = StoreLock(path)
    lock.acquire()
    try:
        if path.exists():
            stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
            kept = path.with_name(f"{path.name}.replaced-{stamp}")
            back_up(path, kept)
            print(f"The present store is kept as {kept}.")
        fresh = path.with_name(path.name + ".restoring")
        fresh.unlink(missing_ok=True)
        back_up(source, fresh)
        for leftover in ("-wal", "-shm"):
            path.with_name(path.name + leftover).unlink(missing_ok=True)
        fresh.replace(path)
        migrate_sqlite(path)
    finally:
        lock.release()
    print(f"Restored from {source}.")
    return 0


def _check(source: Path) -> None:
    """Refuse a file that is no whole store, before anything is touched."""
    try:
        connection = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
        try:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        raise BadInput(N_("{path} is not a whole back-up of a Nexus. Nothing was changed."), path=source)
