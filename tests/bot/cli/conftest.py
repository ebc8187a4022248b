"""An empty home."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.cli.shell import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell whose home is empty."""
    home = tmp_path / "home"
    home.mkdir()
    return Shell(home)
