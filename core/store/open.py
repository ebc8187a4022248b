"""Opening a store by its URL, migrated and (for SQLite) held by this process alone."""

from __future__ import annotations

from pathlib import Path

from core.clock import Clock, SystemClock
from core.errors import N_, BadInput, NexusError
from core.store.lock import StoreLock
from core.store.migrate import migrate_postgres, migrate_sqlite
from core.store.postgres import PostgresStore
from core.store.sqlite import SqliteStore
from core.store.store import Store

MEMORY_HINT = N_("The store must be a file: sqlite:///path/to/nexus.db, or postgresql://user@host/name.")


class NoStore(NexusError):
    """The store cannot be opened: no such folder, no right to it, or no server that answers."""

    code = "no_store"


def sqlite_path(url: str) -> Path | None:
    """The file of a sqlite:/// URL, or None for another engine. Raises `BadInput` for what is neither."""
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///") and ":memory:" not in url:
        return Path(url.removeprefix("sqlite:///")).expanduser()
    if url.startswith(("postgresql://", "postgres://")):
        return None
    raise BadInput(MEMORY_HINT)


def open_store(url: str, clock: Clock | None = None, *, migrate: bool | None = None) -> Store:
    """Open the store at `url`.

    SQLite: takes the store's lock (raises `core.store.lock.InUse` if another process has it), creates the file if
    needed and migrates after a back-up. PostgreSQL: checks that the schema is current and migrates only if asked.
    Raises `NoStore` where neither can be opened.
    """
    clock = clock or SystemClock()
    path = sqlite_path(url)
    if path is None:
        import psycopg  # for those alone who use it

        try:
            migrate_postgres(url, allowed=bool(migrate))
        except psycopg.OperationalError as error:
            raise NoStore(
                N_("The PostgreSQL server of this store cannot be reached, or does not let us in ({why})."),
                why=error.sqlstate or "no answer",
            ) from None
        return PostgresStore(url.replace("postgres://", "postgresql://", 1), clock)
    lock = StoreLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock.acquire()
    except OSError as error:
        raise NoStore(
            N_("The store {path} cannot be opened: {why}."), path=path, why=(error.strerror or "").lower()
        ) from None
    try:
        path.touch(mode=0o600)  # nobody else on this machine reads it
        if migrate is not False:
            migrate_sqlite(path)
        return _Locked(url, path, clock, lock)
    except BaseException:
        lock.release()
        raise


class _Locked(SqliteStore):
    """A SQLite store that gives its lock back when closed."""

    def __init__(self, url: str, path: Path, clock: Clock, lock: StoreLock) -> None:
        super().__init__(url, path, clock)
        self._lock = lock

    def close(self) -> None:
        """See `Store.close`."""
        super().close()
        self._lock.release()
