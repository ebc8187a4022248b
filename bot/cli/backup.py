"""`nexus backup`: one consistent file, also while the store is in use."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import Settings
from core.errors import N_, BadInput, NotFound
from core.store.migrate import back_up
from core.store.open import sqlite_path

FOR_POSTGRES = N_("This store is in PostgreSQL. Its own tool does that best: pg_dump --format=custom, and pg_restore.")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module."""
    path = sqlite_path(settings.store_url)
    if path is None:
        raise BadInput(FOR_POSTGRES)
    if not path.exists():
        raise NotFound(N_("There is no store at {path} yet, so there is nothing to back up."), path=path)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    target = Path(options.file) if options.file else path.with_name(f"{path.stem}-{stamp}.backup.db")
    if target.exists():
        raise BadInput(N_("{path} exists already. Please name another file."), path=target)
    target.parent.mkdir(parents=True, exist_ok=True)
    back_up(path, target)
    print(f"Backed up to {target} ({target.stat().st_size:,} bytes).")
    return 0
