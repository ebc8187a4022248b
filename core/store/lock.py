"""One process per embedded store, said kindly: an OS lock on a file beside it, which dies with its holder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from core.errors import N_, NexusError

if os.name == "nt":
    import msvcrt

    def _try_lock(file: IO[str]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
else:
    import fcntl

    def _try_lock(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class InUse(NexusError):
    """Another process holds the store."""

    code = "in_use"


class StoreLock:
    """An exclusive lock on `<store>.lock`, released by the system even after kill -9."""

    def __init__(self, store: Path) -> None:
        self._path = store.with_name(store.name + ".lock")
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock or raise `InUse` with the number of the process that holds it."""
        file = self._path.open("a+", encoding="ascii")
        try:
            _try_lock(file)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "?"
            file.close()
            raise InUse(
                N_(
                    "This Nexus is already running here (process {pid}). Talk to it there, or stop it first; "
                    "`nexus do` reaches it while it runs."
                ),
                pid=holder,
            ) from None
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the lock back. Harmless when it is not held."""
        if self._file is not None:
            self._file.close()
            self._file = None
