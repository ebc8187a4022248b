"""A command that is killed when it has written everything into PostgreSQL and committed nothing."""

from __future__ import annotations

import subprocess
import sys
import time

import psycopg

from tests.bot.cli.shell import PATIENCE, ROOT, Shell

_STOPS = """
import sys
from bot.transfer.sides import PostgresSide
def stop(side):
    print("all written", flush=True)
    sys.stdin.read()
PostgresSide.index = stop
from bot.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def killed(shell: Shell, url: str, *arguments: str, **settings: str) -> None:
    """Run the command, kill -9 it there, and wait until the server has noticed."""
    process = subprocess.Popen(
        [sys.executable, "-c", _STOPS, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=shell.environment(**settings),
    )
    with process:
        assert process.stdout is not None
        assert any(line == "all written\n" for line in process.stdout)
        process.kill()
        process.wait(PATIENCE)
    others = b"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    deadline = time.monotonic() + PATIENCE
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(others + b" AND backend_type = 'client backend'").fetchone() != (0,):
            assert time.monotonic() < deadline
            connection.execute("SELECT pg_sleep(0.02)")
