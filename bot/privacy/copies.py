"""Copies of the store: written down where whoever is forgotten is told of them, and deleted when their day is over.

Only files with a name that this program gives, beside the store or in the data folder, are deleted. Of a back-up that
somebody has named themselves it is known how long it was meant to last; once it is over, the log says so, once.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.log import log
from bot.unit import AsyncStore
from core.clock import DAY, HOUR
from core.privacy.copies import Copy, all_copies, drop, note
from core.store import Unit
from core.store.copies import KEPT, expiry

KIND = "copies"
EVERY = 6 * HOUR
_DAY = r"(?P<until>-until-\d{{4}}-\d\d-\d\d)?"
_STAMP = r"(?P<stamp>\d{{8}}-\d{{6}})"
# Names that this program gives, with {name} and {stem} of the store's file: before a migration, what a restore or a
# move has replaced, and back-ups that nobody named.
_OURS = (
    r"{name}\.before-\w+-(?P<ms>\d{{13}})" + _DAY,
    r"{name}\.replaced-" + _STAMP + _DAY,
    r"{stem}(?:-|\.replaced-)" + _STAMP + _DAY + r"(?:\.backup)?\.db",
)
_HALF_MADE = (".partial", ".restoring")
_ADD = (
    "INSERT INTO backup (name, made_at, expires_at) VALUES (?, ?, ?) "
    "ON CONFLICT (name) DO UPDATE SET expires_at = excluded.expires_at"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A copy that lies on the disk."""

    path: Path
    copy: Copy
    deletable: bool


class Copies:
    """The chore (`bot.jobs.jobs.Chore`) that looks after the copies that lie beside `store_file`."""

    def __init__(self, store: AsyncStore, store_file: Path) -> None:
        self._store = store
        self._file = store_file

    async def __call__(self, payloads: Sequence[dict[str, Any]] = ()) -> None:
        """Write down what is there, and delete what is over."""
        clock = self._store.clock
        found = await asyncio.to_thread(lambda: list(look(self._file)))
        over = {one.path: one.copy.name for one in found if one.deletable and one.copy.expires_at <= clock.now()}
        for path in over:
            await asyncio.to_thread(delete, path)
            log.info("a copy of the store has reached its day and was deleted", extra={"file": path.name})
        left = [one.copy for one in found if one.path not in over]
        for name in await self._store.write(lambda unit: settle(unit, left, list(over.values()))):
            log.warning("a copy of the store is past its day: please delete it", extra={"file": name})


def settle(unit: Unit, there: Sequence[Copy], gone: Sequence[str]) -> list[str]:
    """Write down which copies are there. Returns the names of others whose day is over, which are told once."""
    known = {one.name: one for one in all_copies(unit)}
    for one in there:
        if one.name not in known:
            note(unit, one)
    for name in gone:
        drop(unit, name)
    here = {one.name for one in there}
    past = [name for name, one in known.items() if one.expires_at <= unit.now and name not in gone and name not in here]
    for name in past:
        drop(unit, name)
    return past


def look(store_file: Path) -> Iterator[Found]:
    """The copies of a store beside it; also what was left half-made by a process that was killed."""
    if not store_file.parent.is_dir():
        return
    ours = [re.compile(one.format(name=re.escape(store_file.name), stem=re.escape(store_file.stem))) for one in _OURS]
    for path in sorted(store_file.parent.iterdir()):
        if not path.name.startswith(store_file.stem) or not path.is_file():
            continue
        whole = path.name
        for ending in _HALF_MADE:
            whole = whole.removesuffix(ending)
        found = next(filter(None, (one.fullmatch(whole) for one in ours)), None)
        if whole != path.name and (found or whole == store_file.name):
            made = int(path.stat().st_mtime * 1000)
            yield Found(path, Copy(path.name, made, made + DAY), deletable=True)  # nobody writes at one for a day
        elif found is not None:
            parts = found.groupdict()
            made = int(parts["ms"]) if parts.get("ms") else _moment(parts["stamp"])
            # A back-up from before names had a day may be one that somebody relies on.
            relied_on = parts["until"] is None and path.name.endswith(".backup.db")
            yield Found(path, Copy(path.name, made, expiry(path.name) or made + KEPT), deletable=not relied_on)


def _moment(stamp: str) -> int:
    try:
        return int(datetime.strptime(stamp, "%Y%m%d-%H%M%S").replace(tzinfo=UTC).timestamp() * 1000)
    except ValueError:
        return 0


def delete(path: Path) -> None:
    """Delete a copy, with what SQLite may have left beside it."""
    for ending in ("-wal", "-shm", "-journal", ""):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def write_down(store_url: str, path: Path | None, copies: Sequence[Copy]) -> bool:
    """Write copies down in a store that may be in use by another process. False if it cannot be written to so.

    `path` is the store's file, None on PostgreSQL.
    """
    rows = [(one.name, one.made_at, one.expires_at) for one in copies]
    if path is not None:
        try:
            with closing(sqlite3.connect(path, timeout=10)) as connection, connection:
                connection.executemany(_ADD, rows)
        except sqlite3.OperationalError:  # of an older version, or not ours to write
            return False
        return True
    import psycopg  # for those alone who use it

    try:
        with psycopg.connect(store_url) as server:
            for row in rows:
                server.execute(_ADD.replace("?", "%s").encode(), row)
    except psycopg.Error:
        return False
    return True


def written_down(path: Path) -> list[Copy]:
    """The copies that a SQLite store knows of; none if it is of an older version."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return [Copy(*row) for row in connection.execute("SELECT name, made_at, expires_at FROM backup")]
    except sqlite3.DatabaseError:
        return []
