"""Processes of benchmarks: the fakes, and a bot that talks with them; what each costs."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psutil

ROOT = Path(__file__).resolve().parents[1]
OURS = (sys.executable, "-m", "bot", "run")
MODEL = "gpt-4.1-mini"
_START_TIMEOUT = 60.0  # seconds
_STOP_TIMEOUT = 20.0
_LOOK_EVERY = 0.02
# People here say in a minute what would take them days; the caps are looked up all the same.
_CAPS = dict.fromkeys(("NEXUS_MODEL_PERSON_TOKENS", "NEXUS_MODEL_NEXUS_TOKENS", "NEXUS_MODEL_ALL_TOKENS"), str(10**9))
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV", "PYTHONPATH")


class BenchError(Exception):
    """The measurement cannot be trusted, or did not come about."""


@dataclass(frozen=True, slots=True)
class Memory:
    """In MiB: resident, and what this process shares with no other (resident too where the system does not tell)."""

    rss: float
    own: float


class Fakes:
    """`python -m tests.fakes serve` as a process, asked through its control port."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            (sys.executable, "-m", "tests.fakes", "serve"), cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.addresses: dict[str, str] = json.loads(self._process.stdout.readline() or "{}")
        if not self.addresses:
            raise BenchError("the fakes did not start")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        _stop(self._process)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def __call__(self, operation: str, timeout: float = 30.0, **arguments: Any) -> Any:
        """Call an operation of the control port. `timeout` in seconds."""
        request = Request(f"{self.addresses['control']}/{operation}", json.dumps(arguments).encode())
        try:
            with urlopen(request, timeout=timeout) as answer:
                return json.load(answer)
        except HTTPError as error:
            raise BenchError(f"{operation}: {error.read().decode()}") from None


class Process:
    """A bot as a process. `environment` is all that it sees beside the machine's own."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self.name = name
        self._command = command
        self._environment = environment
        self._folder = folder / name
        self._log = folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def store_url(self) -> str:
        """Where it keeps its store."""
        return f"sqlite:///{self._folder / 'nexus.db'}"

    def start(self, listening: Callable[[float], float | None], **more: str) -> float:
        """Start it, with `more` in its environment; the seconds from the spawn until `listening` told a time.

        That is asked over and over, with the time (seconds since the epoch) of the spawn: when it began to listen, None
        before.
        """
        began = time.time()
        environment = self._own() | dict(self._environment) | more
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        while (heard := listening(began)) is None:
            if self._process.poll() is not None or time.time() - began > _START_TIMEOUT:
                raise BenchError(f"{self.name} did not start:\n{self.log()}")
            time.sleep(_LOOK_EVERY)
        return heard - began

    def stop(self) -> None:
        """End it as an operator would. Harmless when it does not run."""
        if self._process is not None:
            _stop(self._process)
            self._process = None

    def cpu(self) -> float:
        """Processor seconds so far, user and system, all threads."""
        times = self._watched().cpu_times()
        return float(times.user + times.system)

    def memory(self) -> Memory:
        """What it holds now."""
        process = self._watched()
        with contextlib.suppress(psutil.AccessDenied):
            full = process.memory_full_info()
            return Memory(full.rss / 2**20, full.uss / 2**20)
        resident = process.memory_info().rss / 2**20
        return Memory(resident, resident)

    def log(self) -> str:
        """The end of what it wrote to its output."""
        return self._log.read_text(errors="replace")[-2000:] if self._log.exists() else ""

    @property
    def pid(self) -> int:
        """The number of the process. Raises `BenchError` if it runs no more."""
        return int(self._watched().pid)

    def _watched(self) -> psutil.Process:
        if self._process is None or self._process.poll() is not None:
            raise BenchError(f"{self.name} is gone:\n{self.log()}")
        return psutil.Process(self._process.pid)

    def _own(self) -> dict[str, str]:
        """Nothing of the caller's own settings reaches a bot under measurement."""
        self._folder.mkdir(parents=True, exist_ok=True)
        config = self._folder / "config.toml"
        config.touch()
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return kept | {"NEXUS_STORE_URL": self.store_url, "NEXUS_CONFIG": str(config), **_CAPS}


def model_environment(addresses: Mapping[str, str]) -> dict[str, str]:
    """The settings of the fake model."""
    return {
        "OPENAI_API_KEY": addresses["openai_key"],
        "OPENAI_BASE_URL": addresses["openai"],
        "OPENAI_MODEL": MODEL,
    }


def _stop(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
