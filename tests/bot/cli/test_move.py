"""`nexus move-to`: done once, repeated, refused, broken off, killed."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.transfer import files, postgres
from bot.transfer.checksum import Contents
from core.clock import ManualClock
from core.store.lock import StoreLock
from tests.bot.cli.here import Nexus
from tests.bot.cli.killed import killed
from tests.bot.cli.shell import Shell
from tests.bot.transfer.full import lively_store


def there(url: str) -> Contents:
    with postgres.snapshot(url) as side:
        return side.contents()


def change(path: Path, statement: str = "UPDATE person SET name = name || ' the second'") -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def change_there(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE person SET name = name || ' the third'")


@pytest.fixture
def store(full_file: Path) -> dict[str, str]:
    """The setting that names the full SQLite store."""
    return {"NEXUS_STORE_URL": f"sqlite:///{full_file}"}


def test_it_moves_and_says_what_next(nexus: Nexus, full_file: Path, store: dict[str, str], bare: str) -> None:
    before = full_file.read_bytes()
    done = nexus("move-to", bare, **store)
    assert (done.code, done.err) == (0, "")
    contents = files.contents_of(full_file)
    assert there(bare) == contents
    assert f"PostgreSQL has it all: {contents}, compared on both sides." in done.out
    assert re.search(r"^  record +3 rows$", done.out, re.MULTILINE)
    assert "Now set NEXUS_STORE_URL to that address" in done.out
    assert f"{full_file} is left as it was." in done.out
    assert full_file.read_bytes() == before
    said = nexus("do", "help", "--as", "Ana", NEXUS_STORE_URL=bare)
    assert said.code == 0


def test_again_with_the_same_content_does_nothing(nexus: Nexus, store: dict[str, str], bare: str) -> None:
    nexus("move-to", bare, **store)
    with psycopg.connect(bare) as connection:
        before = connection.execute("SELECT xmin, ctid FROM person ORDER BY id").fetchall()
    again = nexus("move-to", bare, **store)
    assert again.code == 0
    assert "It holds exactly this already, so there was nothing to do." in again.out
    assert "Now set NEXUS_STORE_URL" in again.out
    with psycopg.connect(bare) as connection:
        assert connection.execute("SELECT xmin, ctid FROM person ORDER BY id").fetchall() == before


def test_a_copy_that_nobody_touched_is_brought_up_to_date(
    nexus: Nexus, full_file: Path, store: dict[str, str], bare: str
) -> None:
    nexus("move-to", bare, **store)
    for _ in range(2):  # also what was brought up to date
        change(full_file)
        again = nexus("move-to", bare, **store)
        assert again.code == 0
        assert "It holds what was moved from here before, unchanged since." in again.out
        assert there(bare) == files.contents_of(full_file)


def test_a_copy_that_went_on_is_replaced_only_if_asked(
    nexus: Nexus, full_file: Path, store: dict[str, str], bare: str, tmp_path: Path
) -> None:
    nexus("move-to", bare, **store)
    change_there(bare)
    went_on = there(bare)
    refused = nexus("move-to", bare, **store)
    assert refused.code == 1
    assert refused.err.startswith("That database holds another Nexus, or one that went on since it was moved (")
    assert there(bare) == went_on
    done = nexus("move-to", bare, "--replace", **store)
    assert done.code == 0
    assert there(bare) == files.contents_of(full_file)
    kept = next((tmp_path / "home").rglob("nexus.replaced-*.db"))
    assert f"What is there now is kept as {kept}." in done.out
    assert files.contents_of(kept) == went_on


def test_another_store_of_the_same_age_is_not_taken_for_a_new_state(
    nexus: Nexus, store: dict[str, str], bare: str, new_url: Any
) -> None:
    """A copy is replaced without asking only by the store that it came from."""
    other = new_url("sqlite")
    lively_store(other, ManualClock(1_800_000_000_000))
    nexus("move-to", bare, **store)
    before = there(bare)
    refused = nexus("move-to", bare, NEXUS_STORE_URL=other)
    assert refused.code == 1
    assert there(bare) == before


def test_while_the_bot_runs_nothing_is_moved(nexus: Nexus, full_file: Path, store: dict[str, str], bare: str) -> None:
    lock = StoreLock(full_file)
    lock.acquire()
    try:
        refused = nexus("move-to", bare, **store)
    finally:
        lock.release()
    assert refused.code == 1
    assert refused.err.startswith("The bot is running on this store (process ")
    assert _tables(bare) == set()


def test_while_somebody_works_in_the_database_it_is_not_replaced(
    nexus: Nexus, full_file: Path, store: dict[str, str], bare: str
) -> None:
    nexus("move-to", bare, **store)
    change(full_file)
    before = there(bare)
    with psycopg.connect(bare):
        refused = nexus("move-to", bare, "--replace", **store)
    assert refused.code == 1
    assert refused.err.startswith("The Nexus in that database is in use (1 connections).")
    assert there(bare) == before


def test_no_address_and_no_password_is_ever_shown(
    nexus: Nexus, full_file: Path, store: dict[str, str], bare: str
) -> None:
    address = bare.replace("postgres@", "postgres:hush@")
    shown = nexus("move-to", address, **store)
    assert shown.code == 0
    change_there(bare)
    tries = [nexus("move-to", address, **store)]
    tries.append(nexus("move-to", "postgresql://ana:hush@127.0.0.1:9/nexus", **store))
    tries.append(nexus("move-to", "postgresql://ana:hush@[::1/nexus", **store))
    tries.append(nexus("move-to", "postgresql://ana:hush@host:port/nexus", **store))
    tries.append(nexus("move-to", bare.replace("/bare", "/no_bare").replace("@", ":hush@"), **store))
    assert [one.code for one in tries] == [1, 1, 2, 2, 1]
    assert "cannot be reached, or does not let us in (no answer)" in tries[1].err
    assert "does not let us in" in tries[4].err
    for one in (shown, *tries):
        assert "hush" not in one.out + one.err
        assert "Traceback" not in one.err


def test_what_cannot_be_moved_is_said(nexus: Nexus, tmp_path: Path, store: dict[str, str], bare: str) -> None:
    nothing = nexus("move-to", bare, NEXUS_STORE_URL=f"sqlite:///{tmp_path}/none.db")
    assert nothing.code == 1
    assert nothing.err == f"There is no store at {tmp_path}/none.db yet, so there is nothing to move.\n"
    assert not (tmp_path / "none.db").exists()
    there_already = nexus("move-to", bare, NEXUS_STORE_URL=bare)
    assert there_already.code == 2
    assert there_already.err.startswith("This Nexus is in PostgreSQL already.")
    to_a_file = nexus("move-to", f"sqlite:///{tmp_path}/other.db", **store)
    assert to_a_file.code == 2
    assert to_a_file.err == "Moving leads to PostgreSQL: nexus move-to postgresql://user@host/name.\n"
    assert nexus("move-to", "mysql://there", **store).code == 2


@pytest.mark.parametrize("fresh", [True, False])
def test_killed_in_the_middle_it_leaves_the_database_as_it_was(
    nexus: Nexus, shell: Shell, full_file: Path, store: dict[str, str], bare: str, fresh: bool
) -> None:
    if not fresh:
        nexus("move-to", bare, **store)
        change(full_file)
    before = (_tables(bare), None if fresh else there(bare))
    killed(shell, bare, "move-to", bare, **store)
    assert (_tables(bare), None if fresh else there(bare)) == before
    assert nexus("move-to", bare, **store).code == 0
    assert there(bare) == files.contents_of(full_file)


def _tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
