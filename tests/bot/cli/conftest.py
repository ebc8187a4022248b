"""An empty home, and stores to begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.cli.here import Nexus, runner
from tests.bot.cli.shell import Shell
from tests.bot.transfer.stores import bare, full_file

__all__ = ["bare", "full_file", "nexus", "shell"]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell whose home is empty."""
    home = tmp_path / "home"
    home.mkdir()
    return Shell(home)


@pytest.fixture
def nexus(shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Nexus:
    """Runs `nexus` in this process, in the same home as `shell`."""
    return runner(shell.home, monkeypatch, capsys)
