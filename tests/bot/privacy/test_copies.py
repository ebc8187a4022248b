"""Copies of the store: named by their day, written down, told of, and deleted when that day is over."""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.privacy.copies import Copies, look, write_down, written_down
from bot.unit import AsyncStore
from core.clock import DAY, ManualClock
from core.privacy.copies import Copy, all_copies, copies_left, note
from core.store import Store, open_store
from core.store.copies import KEPT, expiry, until
from core.store.migrate import downgrade

NOW = 1_767_225_600_000  # 2026-01-01
BEFORE = "nexus.db.before-0004-1767225600000-until-2026-01-31"


@pytest.fixture
def path(tmp_path: Path, migrated_file: Path) -> Path:
    made = tmp_path / "nexus.db"
    made.write_bytes(migrated_file.read_bytes())
    return made


@pytest.fixture
def beside(path: Path) -> Path:
    """Files of every kind beside the store."""
    for name in (
        BEFORE,
        "nexus.db.before-0003-1767225600000",
        "nexus.db.replaced-20260101-000000-until-2026-01-05",
        "nexus-20260101-000000-until-2026-03-02.backup.db",
        "nexus-20251101-000000.backup.db",
        "nexus-of-somebody-else.db.before-0004-1767225600000-until-2020-01-01",
        "mine-until-2020-01-01.db",
        "nexus-holiday.db",
        "nexus.log",
    ):
        (path.parent / name).write_text("x")
    return path


def test_a_name_says_until_when() -> None:
    assert until(NOW + KEPT) == "-until-2026-01-31"
    assert expiry(BEFORE) == 1_769_904_000_000  # when that day is over
    assert expiry("nexus-20260101-000000-until-2026-03-02.backup.db") == 1_772_496_000_000
    for name in ("nexus.db", "x-until-2026-13-01", "x-until-tomorrow", "until-2026-01-01x"):
        assert expiry(name) is None, name


def test_only_names_of_this_program_and_this_store_are_its_copies(beside: Path) -> None:
    found = {one.path.name: one for one in look(beside)}
    assert {name: one.deletable for name, one in found.items()} == {
        BEFORE: True,
        "nexus.db.before-0003-1767225600000": True,
        "nexus.db.replaced-20260101-000000-until-2026-01-05": True,
        "nexus-20260101-000000-until-2026-03-02.backup.db": True,
        "nexus-20251101-000000.backup.db": False,  # of a time when names had no day: somebody may rely on it
    }
    assert found["nexus.db.before-0003-1767225600000"].copy.expires_at == NOW + KEPT
    assert found[BEFORE].copy.made_at == NOW


async def test_they_are_written_down_and_go_when_their_day_is_over(beside: Path) -> None:
    clock = ManualClock(NOW)
    store = AsyncStore(open_store(f"sqlite:///{beside}", clock))
    try:
        copies = Copies(store, beside)
        await copies()
        assert len(await store.read(copies_left)) == 4  # what has no day is 30 days old, and not told of any more
        clock.advance(5 * DAY)
        await copies()
        assert not (beside.parent / "nexus.db.replaced-20260101-000000-until-2026-01-05").exists()
        assert (beside.parent / BEFORE).exists()
        clock.advance(26 * DAY)
        await copies()
        assert not (beside.parent / BEFORE).exists()
        clock.advance(400 * DAY)
        await copies()
        assert await store.read(copies_left) == []
        left = {path.name for path in beside.parent.iterdir() if not path.name.startswith("nexus.db")}
        assert left == {
            "nexus-20251101-000000.backup.db",
            "nexus-of-somebody-else.db.before-0004-1767225600000-until-2020-01-01",
            "mine-until-2020-01-01.db",
            "nexus-holiday.db",
            "nexus.log",
        }
    finally:
        store.store.close()


async def test_what_is_elsewhere_is_told_of_once_when_its_day_is_over(
    store: Store, clock: ManualClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    queue = AsyncStore(store)
    copies = Copies(queue, tmp_path / "nexus.db")
    await queue.write(lambda unit: note(unit, Copy("on-a-stick.db", NOW, NOW + DAY)))
    with caplog.at_level(logging.WARNING, "nexus"):
        await copies()
        assert caplog.records == []
        clock.advance(2 * DAY)
        await copies()
        assert [record.message for record in caplog.records] == [
            "a copy of the store is past its day: please delete it"
        ]
        await copies()
    assert len(caplog.records) == 1
    assert await queue.read(all_copies) == []


async def test_what_was_left_half_made_goes_after_a_day(path: Path) -> None:
    clock = ManualClock(NOW)
    half = path.parent / f"{BEFORE}.partial"
    half.write_text("x")
    os.utime(half, (NOW / 1000, NOW / 1000))
    store = AsyncStore(open_store(f"sqlite:///{path}", clock))
    try:
        await Copies(store, path)()
        assert half.exists(), "somebody may be writing it"
        clock.advance(DAY)
        await Copies(store, path)()
        assert not half.exists()
    finally:
        store.store.close()


def test_a_store_in_use_is_told_of_a_copy(path: Path) -> None:
    copy = Copy("safe.db", NOW, NOW + DAY)
    store = open_store(f"sqlite:///{path}", ManualClock(NOW))
    try:
        assert write_down("", path, [copy])
        assert list(store.read(copies_left).result()) == [copy]
    finally:
        store.close()
    assert written_down(path) == [copy]


def test_an_older_store_is_left_as_it_is(path: Path) -> None:
    downgrade(f"sqlite:///{path}", "0003")
    assert not write_down("", path, [Copy("safe.db", NOW, NOW + DAY)])
    assert written_down(path) == []
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'backup'").fetchall() == []
