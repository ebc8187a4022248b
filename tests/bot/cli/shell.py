"""A shell in an empty home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 40.0  # seconds for a process on a busy machine


@dataclass(frozen=True, slots=True)
class Ran:
    """What a process did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its standard output, read."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs `nexus` with nothing but a home and these settings in its environment."""

    home: Path

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.home / ".local" / "share" / "nexus"

    @property
    def store(self) -> Path:
        """The store."""
        return self.data / "nexus.db"

    def environment(self, **settings: str) -> dict[str, str]:
        """What a process sees."""
        return {"HOME": str(self.home), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}

    def run(self, *arguments: str, input: str = "", **settings: str) -> Ran:
        """Run a command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            input=input,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            cwd=self.home,
            env=self.environment(**settings),
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def do(self, operation: str, *options: str, **arguments: Any) -> Ran:
        """`nexus do`."""
        return self.run("do", operation, *options, "--json", json.dumps(arguments))

    def start(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        """Start a command and leave it running."""
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
            cwd=self.home,
            env=self.environment(**settings),
        )

    def everything(self) -> str:
        """All that lies in the home but the stores and the settings, as text: logs, histories."""
        return "\n".join(
            path.read_text(errors="replace")
            for path in sorted(self.home.rglob("*"))
            if path.is_file() and ".db" not in path.name and path.name != "config.toml"
        )
