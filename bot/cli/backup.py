"""`nexus backup`: one consistent file of either engine's store, also while it is in use."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from bot.privacy.copies import write_down
from bot.settings import Settings, data_folder
from core.clock import DAY, SystemClock, show_day
from core.errors import N_, BadInput, NotFound
from core.privacy.copies import Copy
from core.store.copies import expiry, until
from core.store.migrate import back_up
from core.store.open import sqlite_path


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module. The file is a SQLite store, whatever the engine: `nexus restore` puts it into either."""
    path = sqlite_path(settings.store_url)
    if path is not None and not path.exists():
        raise NotFound(N_("There is no store at {path} yet, so there is nothing to back up."), path=path)
    beside = path or data_folder() / "nexus.db"
    now = SystemClock().now()
    goes = now + options.keep * DAY
    target = Path(options.file) if options.file else beside.with_name(f"{beside.stem}-{stamp()}{until(goes)}.backup.db")
    if target.exists():
        raise BadInput(N_("{path} exists already. Please name another file."), path=target)
    target.parent.mkdir(parents=True, exist_ok=True)
    what = _from_postgres(settings.store_url, target) if path is None else _from_sqlite(path, target)
    print(f"Backed up to {target} ({target.stat().st_size:,} bytes{what}).")
    if write_down(settings.store_url, path, [Copy(target.name, now, expiry(target.name) or goes)]):
        whose = "The bot deletes it" if expiry(target.name) else "Please delete it"
        print(f"{whose} after {show_day(goes)}; until then whoever has themselves forgotten is told of it.")
    return 0


def stamp() -> str:
    """The present, for the name of a file: `20260131-235959` (UTC)."""
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S")


def _from_sqlite(path: Path, target: Path) -> str:
    from bot.transfer import files

    back_up(path, target)
    files.in_one_file(target)
    contents = files.contents_of(target)
    return f": {contents}" if contents else ""


def _from_postgres(url: str, target: Path) -> str:
    from bot.transfer import files, postgres

    print(f"Reading {postgres.shown(url)} as it is now ...", flush=True)
    with postgres.snapshot(url) as source:
        return f": {files.write_file(source, target, tell)}"


def tell(line: str) -> None:
    """Show how far it is."""
    print(line, flush=True)
