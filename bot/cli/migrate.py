"""`nexus migrate`: bring the store to the schema of this version."""

from __future__ import annotations

import argparse

from bot.settings import Settings
from core.nexuses.founding import found
from core.store import open_store
from core.store.migrate import HEAD
from core.store.open import sqlite_path


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module. On the embedded store this also happens by itself at every start, after a back-up."""
    store = open_store(settings.store_url, migrate=True)
    try:
        print(f"The store is at version {HEAD}.")
        if sqlite_path(settings.store_url) is None:  # its gateways and workers show no code of their own
            code = store.write(lambda unit: found(unit, settings.name)).result()
            if code:
                print(f"Nobody owns this place yet. If it is yours, write to the bot: claim {code}")
    finally:
        store.close()
    return 0
