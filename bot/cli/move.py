"""`nexus move-to postgresql://…`: carry an SQLite store to PostgreSQL, in one transaction and with a proof.

What is moved again is compared first: the same content is left alone; a copy that was moved from this store earlier
and that nobody has changed since is replaced as a whole; anything else is replaced only if that is asked for.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sqlalchemy import select

from bot.cli.backup import tell
from bot.cli.restore import as_copy, keep_what_is_there, write_into
from bot.privacy.copies import written_down
from bot.settings import Settings
from bot.transfer import files, postgres
from bot.transfer.carry import carry
from bot.transfer.checksum import Contents
from bot.transfer.sides import PostgresSide, SqliteSide
from core.errors import N_, BadInput, Conflict, NotFound
from core.nexuses.tables import nexus
from core.nexuses.tree import ROOT_ID
from core.store.lock import InUse, StoreLock
from core.store.migrate import migrate_sqlite
from core.store.open import sqlite_path

_BORN = select(nexus.c.created_at).where(nexus.c.id == ROOT_ID)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module. The SQLite store stays as it is, and so does PostgreSQL if anything goes wrong."""
    path = sqlite_path(settings.store_url)
    if path is None:
        raise BadInput(
            N_(
                "This Nexus is in PostgreSQL already. To take it elsewhere: nexus backup FILE, then set "
                "NEXUS_STORE_URL to the new store, then nexus restore FILE."
            )
        )
    if sqlite_path(options.url) is not None:
        raise BadInput(N_("Moving leads to PostgreSQL: nexus move-to postgresql://user@host/name."))
    if not path.exists():
        raise NotFound(N_("There is no store at {path} yet, so there is nothing to move."), path=path)
    lock = StoreLock(path)
    try:
        lock.acquire()
    except InUse as error:
        raise InUse(
            N_(
                "The bot is running on this store (process {pid}). Please stop it first, so that nothing is said to it "
                "that does not move along; then call me again."
            ),
            pid=error.data["pid"],
        ) from None
    try:
        migrate_sqlite(path)
        with files.reading(path) as source, postgres.held(options.url, replacing=options.replace) as target:
            print(f"Moving {path} to {postgres.shown(options.url)} ...", flush=True)
            contents = _move(source, target, replace=options.replace)
            write_into(target, [*written_down(path), as_copy(path)])  # what is left here is a copy from now on
    finally:
        lock.release()
    _say_what_next(path, contents)
    return 0


def _move(source: SqliteSide, target: PostgresSide, *, replace: bool) -> Contents:
    if not target.is_empty():
        there, here = target.contents(), source.contents()
        if there == here:
            print("It holds exactly this already, so there was nothing to do.")
            return here
        if postgres.mark_of(target) == _mark(source, there):
            print("It holds what was moved from here before, unchanged since. It is replaced by what is here now.")
            postgres.empty(target)
        elif replace:
            keep_what_is_there(target)
        else:
            raise Conflict(
                N_(
                    "That database holds another Nexus, or one that went on since it was moved ({there}). Nothing was "
                    "changed. To put this store in its place, add --replace: what is there is kept in a back-up first."
                ),
                there=there,
            )
    contents = carry(source, target, tell)
    postgres.finish(target, _mark(source, contents))
    return contents


def _mark(source: SqliteSide, contents: Contents) -> str:
    """What a copy is known by later: the store that it came from (by the time of its founding), and its content."""
    return f"moved from {source.connection.scalar(_BORN) or 0} as {contents.checksum}"


def _say_what_next(path: Path, contents: Contents) -> None:
    print(f"PostgreSQL has it all: {contents}, compared on both sides.")
    print("Now set NEXUS_STORE_URL to that address (in config.toml: nexus.store_url), and start the bot.")
    print(f"{path} is left as it was. Keep it until you are content, and start no bot on it any more.")
