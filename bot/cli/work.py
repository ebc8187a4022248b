"""`nexus work`: run turns for gateways in other processes. Any number of these share one PostgreSQL database."""

from __future__ import annotations

import argparse
import asyncio
import sys

from bot.app import App
from bot.cli.run import is_shared, serve
from bot.cluster.part import Part
from bot.log import set_up_logs
from bot.platforms import configured, surrounding
from bot.settings import Settings, store_file
from core.store import open_store


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module."""
    if not is_shared(settings):
        print(
            "Only a PostgreSQL database can be shared: set NEXUS_STORE_URL to postgresql://user@host/name. "
            "On a file, `nexus run` does all of the work by itself.",
            file=sys.stderr,
        )
        return 2
    platforms = configured(settings)
    if not platforms:
        print("No platform is configured here. A worker takes the same settings as `nexus run`.", file=sys.stderr)
        return 2
    store = open_store(settings.store_url)
    try:
        set_up_logs(settings.log_level)
        around = surrounding(settings, store)
        part = Part(receives=False, concurrency=options.concurrency, stalled_after=options.stalled_after)
        adapters = [platform.make(settings, around) for platform in platforms]
        app = App(settings, store, adapters, part=part, beside=store_file(settings.store_url))
        return asyncio.run(serve(app, settings))
    finally:
        store.close()
