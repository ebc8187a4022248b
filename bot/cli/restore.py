"""`nexus restore FILE`: put a back-up in the place of the store, on either engine. What was there is kept."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.backup import stamp, tell
from bot.privacy.copies import write_down, written_down
from bot.settings import Settings, data_folder
from bot.transfer import files
from core.clock import SystemClock
from core.privacy.copies import Copy, note
from core.store import Unit
from core.store.copies import KEPT, expiry, until
from core.store.lock import StoreLock
from core.store.migrate import back_up
from core.store.open import sqlite_path

if TYPE_CHECKING:
    from bot.transfer.sides import PostgresSide


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module. The file is checked before anything is touched."""
    source = Path(options.file)
    files.check(source)
    path = sqlite_path(settings.store_url)
    what = _into_postgres(source, settings.store_url) if path is None else _into_sqlite(source, path)
    print(f"Restored from {source}: {what}.")
    return 0


def _into_sqlite(source: Path, path: Path) -> object:
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = StoreLock(path)
    lock.acquire()
    try:
        fresh = path.with_name(path.name + ".restoring")
        files.copy_of(source, fresh)
        contents = files.contents_of(fresh)
        copies = [as_copy(source)]
        if path.exists():
            copies += written_down(path)
            kept = path.with_name(f"{path.name}.replaced-{stamp()}{until(goes())}")
            back_up(path, kept)
            copies.append(as_copy(kept))
            print(f"The present store is kept as {kept}.")
        write_down("", fresh, copies)
        for leftover in ("-wal", "-shm"):
            path.with_name(path.name + leftover).unlink(missing_ok=True)
        fresh.replace(path)
    finally:
        lock.release()
    return contents


def _into_postgres(source: Path, url: str) -> object:
    from bot.transfer import postgres
    from bot.transfer.carry import carry

    print(f"Writing into {postgres.shown(url)} ...", flush=True)
    with files.reading_copy(source, data_folder()) as side, postgres.held(url, replacing=True) as target:
        keep_what_is_there(target)
        contents = carry(side, target, tell)
        write_into(target, [as_copy(source)])
        postgres.finish(target)
    return contents


def keep_what_is_there(target: PostgresSide) -> None:
    """Empty a database that is held, and keep what it holds in a back-up in the data folder."""
    from bot.transfer import postgres

    if target.is_empty():
        return
    kept = data_folder() / f"nexus.replaced-{stamp()}{until(goes())}.db"
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    files.write_file(target, kept, lambda line: None)
    print(f"What is there now is kept as {kept}.", flush=True)
    postgres.empty(target)
    write_into(target, [as_copy(kept)])


def goes() -> int:
    """When a copy that is made now is to go, in ms."""
    return SystemClock().now() + KEPT


def as_copy(path: Path) -> Copy:
    """A copy of the store as it is written down; what names no day is to go as if it had been made now."""
    return Copy(path.name, SystemClock().now(), expiry(path.name) or goes())


def write_into(target: PostgresSide, copies: list[Copy]) -> None:
    """Write copies down in a database that is held."""
    unit = Unit(target.connection, SystemClock(), postgres=True, writable=True)
    for one in copies:
        note(unit, one)
