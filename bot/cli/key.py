"""`nexus key`: a fresh key for NEXUS_SECRET_KEY; with --rotate everything is encrypted anew with the first one."""

from __future__ import annotations

import argparse
import sys

from bot.installations.seal import Seal, new_key
from bot.installations.stored import rotate
from bot.settings import Settings
from core.store import open_store


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module. Exit code 1 if a row could not be read with any of the keys."""
    if not options.rotate:
        print(new_key())
        print("Put it into NEXUS_SECRET_KEY. Before an earlier key, with a comma, to rotate.", file=sys.stderr)
        return 0
    seal = Seal(settings.secret_key)
    seal.check()
    store = open_store(settings.store_url)
    try:
        done = store.write(lambda unit: rotate(unit, seal)).result()
    finally:
        store.close()
    print(f"Encrypted anew with the first key: {done.rotated}.")
    if done.unreadable:
        names = ", ".join(done.unreadable)
        print(f"None of the keys fits these, which are left as they are: {names}.", file=sys.stderr)
        return 1
    print("Earlier keys are needed no longer, except for back-ups made before.")
    return 0
