"""`nexus restore FILE`: put a back-up in the place of the store, on either engine. What was there is kept."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.backup import stamp, tell
from bot.settings import Settings, data_folder
from bot.transfer import files
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
        if path.exists():
            kept = path.with_name(f"{path.name}.replaced-{stamp()}")
            back_up(path, kept)
            print(f"The present store is kept as {kept}.")
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
        postgres.finish(target)
    return contents


def keep_what_is_there(target: PostgresSide) -> None:
    """Empty a database that is held, and keep what it holds in a back-up in the data folder."""
    from bot.transfer import postgres

    if target.is_empty():
        return
    kept = data_folder() / f"nexus.replaced-{stamp()}.db"
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    files.write_file(target, kept, lambda line: None)
    print(f"What is there now is kept as {kept}.", flush=True)
    postgres.empty(target)
