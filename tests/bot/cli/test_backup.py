"""`nexus backup` and `nexus restore` across the engines: what comes back is what was there, and nothing is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from bot.transfer import files, postgres
from bot.transfer.checksum import Contents
from core.clock import DAY, ManualClock
from core.privacy.copies import Copy, all_copies
from core.store import open_store
from core.store.copies import expiry
from core.store.migrate import downgrade
from tests.bot.cli.here import Nexus
from tests.bot.cli.killed import killed
from tests.bot.cli.shell import Shell
from tests.bot.transfer.full import lively_store


def holds(url: str) -> Contents | None:
    if url.startswith("sqlite:///"):
        return files.contents_of(Path(url.removeprefix("sqlite:///")))
    with postgres.snapshot(url) as side:
        return side.contents()


@pytest.fixture
def full(new_url: Callable[[str], str], engine: str, clock: ManualClock) -> str:
    """The URL of a store on either engine in which every table holds something."""
    url = new_url(engine)
    lively_store(url, clock)
    return url


@pytest.fixture
def other(new_url: Callable[[str], str], target: str) -> str:
    """The URL of another one, in which something else happened."""
    url = new_url(target)
    lively_store(url, ManualClock(1_800_000_000_000))
    return url


@pytest.mark.parametrize("target", ["sqlite", "postgres"])
def test_a_backup_goes_into_either_engine(nexus: Nexus, full: str, other: str, tmp_path: Path) -> None:
    before, lost = holds(full), holds(other)
    assert before != lost
    file = tmp_path / "safe.db"
    made = nexus("backup", str(file), NEXUS_STORE_URL=full)
    assert (made.code, made.err) == (0, "")
    assert f"Backed up to {file} (" in made.out
    assert f": {before})." in made.out
    assert file.stat().st_mode & 0o077 == 0
    as_made = file.read_bytes()
    assert as_made[18:20] == b"\x01\x01"  # no write-ahead log: it can be read where nobody may write
    restored = nexus("restore", str(file), NEXUS_STORE_URL=other)
    assert file.read_bytes() == as_made
    assert (restored.code, restored.err) == (0, "")
    assert restored.out.endswith(f"Restored from {file}: {before}.\n")
    assert holds(other) == before
    kept = next(tmp_path.rglob("*.replaced-*"))
    assert f"kept as {kept}" in restored.out
    assert files.contents_of(kept) == lost
    assert [path.name for path in tmp_path.rglob("*") if path.name.endswith((".partial", ".restoring"))] == []
    assert nexus("do", "help", "--as", "Ana", NEXUS_STORE_URL=other).code == 0


def test_there_and_back_again_it_is_the_same(
    nexus: Nexus, new_url: Callable[[str], str], clock: ManualClock, bare: str, tmp_path: Path
) -> None:
    start, end = new_url("sqlite"), f"sqlite:///{tmp_path}/end.db"
    lively_store(start, clock)
    before = holds(start)
    nexus("move-to", bare, NEXUS_STORE_URL=start)
    nexus("backup", str(tmp_path / "safe.db"), NEXUS_STORE_URL=bare)
    nexus("restore", str(tmp_path / "safe.db"), NEXUS_STORE_URL=end)
    assert holds(end) == holds(bare) == before


def test_a_backup_of_an_older_version_is_brought_along(
    nexus: Nexus, full_file: Path, bare: str, tmp_path: Path
) -> None:
    old = tmp_path / "old.db"
    old.write_bytes(full_file.read_bytes())
    downgrade(f"sqlite:///{old}", "0001")
    as_it_was = old.read_bytes()
    for url in (bare, f"sqlite:///{tmp_path}/new.db"):
        restored = nexus("restore", str(old), NEXUS_STORE_URL=url)
        assert (restored.code, restored.err) == (0, "")
        assert old.read_bytes() == as_it_was
    assert holds(bare) == holds(f"sqlite:///{tmp_path}/new.db")
    with psycopg.connect(bare) as server:
        assert server.execute("SELECT count(*) FROM record").fetchone() == (3,)


@pytest.mark.parametrize("target", ["sqlite", "postgres"])
def test_a_backup_of_a_newer_version_is_refused_before_anything_is_touched(
    nexus: Nexus, full_file: Path, other: str, tmp_path: Path
) -> None:
    new = tmp_path / "new.db"
    new.write_bytes(full_file.read_bytes())
    with closing(sqlite3.connect(new)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = holds(other)
    refused = nexus("restore", str(new), NEXUS_STORE_URL=other)
    assert refused.code == 1
    assert refused.err.startswith("This store was made by another version of this program")
    assert holds(other) == before
    assert list(tmp_path.glob("*.restoring*")) == []


@pytest.mark.parametrize("target", ["sqlite", "postgres"])
@pytest.mark.parametrize("damage", ["cut", "letter", "orphan", "empty"])
def test_a_damaged_file_is_refused_before_anything_is_touched(
    nexus: Nexus, full_file: Path, other: str, tmp_path: Path, damage: str
) -> None:
    bad = tmp_path / "bad.db"
    whole = full_file.read_bytes()
    bad.write_bytes({"cut": whole[: len(whole) // 2], "letter": b"Dear Ana,", "empty": b"", "orphan": whole}[damage])
    if damage == "orphan":
        with closing(sqlite3.connect(bad)) as connection:
            connection.execute("DELETE FROM person")
            connection.commit()
    before = holds(other)
    refused = nexus("restore", str(bad), NEXUS_STORE_URL=other)
    assert refused.code == 2
    assert refused.err == f"{bad} is not a whole back-up of a Nexus. Nothing was changed.\n"
    assert holds(other) == before


@pytest.mark.parametrize("target", ["postgres"])
def test_killed_in_the_middle_a_restore_leaves_the_database_as_it_was(
    nexus: Nexus, shell: Shell, full_file: Path, other: str
) -> None:
    before = holds(other)
    killed(shell, other, "restore", str(full_file), NEXUS_STORE_URL=other)
    assert holds(other) == before
    assert nexus("restore", str(full_file), NEXUS_STORE_URL=other).code == 0
    assert holds(other) == files.contents_of(full_file)


@pytest.mark.parametrize("target", ["postgres"])
def test_what_the_server_refuses_leaves_the_database_as_it_was(nexus: Nexus, full_file: Path, other: str) -> None:
    with closing(sqlite3.connect(full_file)) as connection:  # SQLite takes it, a column of four bytes does not
        connection.execute("UPDATE record SET version = 5000000000")
        connection.commit()
    before = holds(other)
    refused = nexus("restore", str(full_file), NEXUS_STORE_URL=other)
    assert refused.code == 1
    assert refused.err == "PostgreSQL refuses that (22003). Nothing was changed.\n"
    assert holds(other) == before


@pytest.mark.parametrize("target", ["postgres"])
def test_a_store_that_is_in_use_is_not_replaced(nexus: Nexus, full_file: Path, other: str) -> None:
    before = holds(other)
    with psycopg.connect(other):
        refused = nexus("restore", str(full_file), NEXUS_STORE_URL=other)
    assert refused.code == 1
    assert refused.err.startswith("The Nexus in that database is in use (1 connections).")
    assert holds(other) == before


@pytest.mark.parametrize("target", ["postgres"])
def test_jobs_and_asks_about_what_was_there_are_gone(nexus: Nexus, full_file: Path, other: str) -> None:
    with psycopg.connect(other) as server:
        server.execute("INSERT INTO ask VALUES (1, 'slack', 'edit', 1, NULL, 'waiting', NULL, 1)")
        server.execute("INSERT INTO lease VALUES ('slack:x', 'elsewhere', 7, 1, NULL)")
        server.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('inbox', 'work')")
    assert nexus("restore", str(full_file), NEXUS_STORE_URL=other).code == 0
    with psycopg.connect(other) as server:
        assert server.execute("SELECT count(*) FROM ask").fetchone() == (0,)
        assert server.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,)
        assert server.execute("SELECT epoch FROM lease").fetchone() == (7,)


@pytest.mark.parametrize("engine", ["postgres"])
def test_without_a_name_it_lies_in_the_data_folder(nexus: Nexus, full: str, tmp_path: Path) -> None:
    made = nexus("backup", NEXUS_STORE_URL=full)
    assert made.code == 0
    file = next((tmp_path / "home" / ".local" / "share" / "nexus").glob("nexus-*.backup.db"))
    assert files.contents_of(file) == holds(full)
    taken = nexus("backup", str(file), NEXUS_STORE_URL=full)
    assert taken.code == 2
    assert taken.err == f"{file} exists already. Please name another file.\n"


def test_a_database_without_a_nexus_cannot_be_backed_up(nexus: Nexus, bare: str, tmp_path: Path) -> None:
    refused = nexus("backup", str(tmp_path / "none.db"), NEXUS_STORE_URL=bare)
    assert refused.code == 1
    assert refused.err.startswith("The database is at version none")
    assert list(tmp_path.glob("none.db*")) == []
    gone = nexus("backup", str(tmp_path / "none.db"), NEXUS_STORE_URL="postgresql://nobody:hush@127.0.0.1:9/nowhere")
    assert gone.code == 1
    assert gone.err.startswith("The PostgreSQL server of this store cannot be reached")
    assert "hush" not in gone.err


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_a_backup_says_how_long_it_lasts_and_the_store_knows_of_it(nexus: Nexus, full: str, tmp_path: Path) -> None:
    made = nexus("backup", "--keep", "7", NEXUS_STORE_URL=full)
    assert made.code == 0
    name = Path(made.out.split("Backed up to ")[1].split(" (")[0]).name
    assert expiry(name) is not None
    assert "The bot deletes it after " in made.out
    own = nexus("backup", str(tmp_path / "mine.db"), NEXUS_STORE_URL=full)
    assert "Please delete it after " in own.out
    assert {one.name for one in copies_of(full)} == {name, "mine.db"}
    days = [(one.expires_at - one.made_at) / DAY for one in copies_of(full)]
    assert sorted(round(one) for one in days) in ([7, 30], [8, 30])
    with pytest.raises(SystemExit):
        nexus("backup", "--keep", "0", NEXUS_STORE_URL=full)


@pytest.mark.parametrize("target", ["sqlite", "postgres"])
def test_after_a_restore_the_store_knows_of_what_there_is(nexus: Nexus, full_file: Path, other: str) -> None:
    nexus("backup", str(full_file.with_name("mine.db")), NEXUS_STORE_URL=other)
    restored = nexus("restore", str(full_file), NEXUS_STORE_URL=other)
    assert restored.code == 0
    kept = Path(restored.out.split("kept as ")[1].split("\n")[0].rstrip(".")).name
    assert expiry(kept) is not None
    assert {one.name for one in copies_of(other)} == {"mine.db", full_file.name, kept}


def copies_of(url: str) -> list[Copy]:
    store = open_store(url)
    try:
        return list(store.read(all_copies).result())
    finally:
        store.close()
