"""`nexus migrate`: bring the store to the schema of this version."""

from __future__ import annotations

import argparse

from bot.settings import Settings
from core.store import open_store
from core.store.migrate import HEAD


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module. On the embedded store this also happens by itself at every start, after a back-up."""
    open_store(settings.store_url, migrate=True).close()
    print(f"The store is at version {HEAD}.")
    return 0
