"""The command line in this process, for commands that need no process of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.main import main
from tests.bot.cli.shell import Ran

Nexus = Callable[..., Ran]


def runner(home: Path, patch: pytest.MonkeyPatch, output: pytest.CaptureFixture[str]) -> Nexus:
    """`run("backup", "file", NEXUS_STORE_URL=...)`, with a home and a working folder of its own."""

    def run(*arguments: str, **settings: str) -> Ran:
        with patch.context() as here:
            here.chdir(home)
            here.setenv("HOME", str(home))
            here.delenv("XDG_DATA_HOME", raising=False)
            for name, value in settings.items():
                here.setenv(name, value)
            output.readouterr()
            code = main(arguments)
            shown = output.readouterr()
        return Ran(code, shown.out, shown.err)

    return run
