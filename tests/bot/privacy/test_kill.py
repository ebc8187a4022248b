"""kill -9 between the commit that forgets and the cleaning of the files: the next start cleans them."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from typing import IO

from tests.bot.cli.conftest import shell
from tests.bot.cli.shell import PATIENCE, Shell
from tests.bot.privacy.byte_by_byte import where

__all__ = ["shell"]

NAME = "Xylophona Quandt"
SECRET = "zubrowka zeppelins"
WORDS = (NAME, "quandt", "zubrowk", "zeppelin")
# `nexus chat` without a brain, as commands alone are typed here.
_CHAT = """
import sys
import bot.app
from tests.contract.house import Stub
bot.app.make_offline = lambda registry: Stub()
from bot.cli.main import main
sys.exit(main(["chat", "--plain", "--as", *sys.argv[1:]]))
"""
# The same, but the chore never begins: as if the machine were just that slow.
_SLOW = """
import asyncio
from bot.privacy.scrub import Scrub
async def never(self, payloads):
    print("about to clean", flush=True)
    await asyncio.Event().wait()
Scrub.__call__ = never
"""


def until(ready: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_next_start_cleans(shell: Shell) -> None:
    output = shell.home / "output.txt"
    with output.open("w") as screen, started(shell, _SLOW + _CHAT, NAME, screen) as process:
        assert process.stdin is not None
        process.stdin.write(f"/note a balloon beside {SECRET}\nwhat about {SECRET}\n/my.forget\n1\n")
        process.stdin.flush()
        until(lambda: "about to clean" in output.read_text() and "I know nothing about you" in output.read_text())
        until(lambda: set(states(shell)) == {"sent"})
        process.kill()
        process.wait(PATIENCE)
    output.unlink()
    assert where(shell.store, WORDS) != [], "this test could not fail"
    assert rows(shell, "SELECT body FROM record") == []
    with output.open("w") as screen, started(shell, _CHAT, "Ben", screen) as later:
        until(lambda: rows(shell, "SELECT id FROM outbox") == [] and where(shell.store, WORDS) == [])
        later.communicate("/quit\n", timeout=PATIENCE)
    assert later.returncode == 0
    assert where(shell.store, WORDS) == []
    assert "quandt" not in shell.everything().lower()
    assert "zeppelin" not in shell.everything().lower()


def started(shell: Shell, program: str, who: str, screen: IO[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, who]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=screen, text=True, cwd=shell.home, env=shell.environment()
    )


def states(shell: Shell) -> list[str]:
    return [str(row[0]) for row in rows(shell, "SELECT state FROM outbox")]


def rows(shell: Shell, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{shell.store.as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
        return connection.execute(query).fetchall()
