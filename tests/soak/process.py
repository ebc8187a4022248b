"""The two processes of a run, and what is read behind their backs: the platforms' records and the store's rows."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from core.store.open import sqlite_path
from tests.soak.points import Point

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0  # seconds for anything that must happen


class Fakes:
    """The platforms: a process that survives."""

    def __init__(self, module: str = "tests.soak.fakes") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it complains of connections that broke off
            text=True,
        )
        assert self._process.stdout is not None
        ready: dict[str, str] = json.loads(self._process.stdout.readline())
        self._control = ready.pop("control")
        self.environment = ready

    def __call__(self, operation: str, *, patience: float = PATIENCE, **arguments: Any) -> Any:
        """An operation of tests.fakes.control, which may take `patience` seconds."""
        request = urllib.request.Request(f"{self._control}/{operation}", json.dumps(arguments).encode())
        with urllib.request.urlopen(request, timeout=patience) as answer:
            return json.load(answer)

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.communicate(timeout=PATIENCE)


class Store:
    """The rows of a store, read while the bot has it open or after its death."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.path = sqlite_path(url)
        driver = url if self.path else url.replace("postgresql://", "postgresql+psycopg://", 1)
        self._engine = create_engine(driver, poolclass=NullPool)

    def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """Rows as mappings."""
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(query), values).mappings()]

    def execute(self, statement: str, **values: Any) -> None:
        """Change something behind the bot's back."""
        with self._engine.begin() as connection:
            connection.execute(text(statement), values)

    def trouble(self) -> list[str]:
        """What SQLite finds wrong with its file. PostgreSQL looks after itself."""
        if self.path is None:
            return []
        with self._engine.connect() as connection:
            found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
            return found + [f"foreign key: {row}" for row in connection.execute(text("PRAGMA foreign_key_check"))]


class Bot:
    """The bot: a process that dies."""

    def __init__(
        self,
        folder: Path,
        store_url: str,
        environment: Mapping[str, str],
        *command: str,
        stdin: int | None = subprocess.DEVNULL,
    ) -> None:
        self._trap = folder / "trap"
        self.log = folder / "log"
        self._output = folder / "output"
        self._command = [sys.executable, "-m", "tests.soak.runner", *command]
        self._folder = folder
        self._stdin = stdin
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "NEXUS_STORE_URL": store_url,
            "NEXUS_MODEL_PERSON_TOKENS": "0",
            "NEXUS_MODEL_NEXUS_TOKENS": "0",
            "NEXUS_MODEL_ALL_TOKENS": "0",
            "SOAK_TRAP": str(self._trap),
            "SOAK_LOG": str(self.log),
            **environment,
        }
        self.process: subprocess.Popen[str] | None = None

    def start(self, point: Point | None = None, passage: int = 1) -> None:
        """Start it, with a trap armed from the first moment or with none."""
        self._set(point, passage)
        with self._output.open("a") as output:
            self.process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environment,
                stdin=self._stdin,
                stdout=output,
                stderr=output,
                text=True,
            )

    def arm(self, point: Point | None, passage: int = 1) -> None:
        """Arm a trap in the running process, or take it away."""
        assert self.process is not None
        self._set(point, passage)
        self.process.send_signal(signal.SIGUSR1)

    def _set(self, point: Point | None, passage: int) -> None:
        self._trap.write_text(f"{point.name} {passage}" if point else "")

    @property
    def dead(self) -> bool:
        """Whether it has died; raises if it ended in another way than by kill -9."""
        assert self.process is not None
        code = self.process.poll()
        if code is not None and code != -signal.SIGKILL:
            raise AssertionError(f"the bot ended with {code}:\n{self.output()[-4000:]}")
        return code is not None

    def kill(self) -> None:
        """Kill it from outside."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self) -> None:
        """Ask it to stop, as an operator does. Raises if it does not end well."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
            code = self.process.wait(PATIENCE)
            assert code == 0, f"the bot stopped with {code}:\n{self.output()[-4000:]}"

    def output(self) -> str:
        """What it has printed and logged since the beginning."""
        return self._output.read_text()


def wait(what: str, ready: Callable[[], bool], seconds: float = PATIENCE, pause: float = 0.02) -> None:
    """Wait until something is so. Raises AssertionError in the end."""
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(pause)


@contextmanager
def fakes(module: str = "tests.soak.fakes") -> Iterator[Fakes]:
    """The platforms for the time of a run."""
    running = Fakes(module)
    try:
        yield running
    finally:
        running.stop()
