"""A store that cannot be written to for a while: what is not stored is not acknowledged, what was begun is ended."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.soak.loop import Loop
from tests.soak.process import Fakes, fakes, wait

BUSY = 10.0  # seconds that SQLite waits for a lock


@pytest.fixture
def platforms() -> Iterator[Fakes]:
    """The platforms."""
    with fakes() as running:
        yield running


@pytest.fixture
def loop(tmp_path: Path, platforms: Fakes) -> Iterator[Loop]:
    """A bot with a model."""
    running = Loop(tmp_path, f"sqlite:///{tmp_path}/nexus.db", platforms, rounds=1, model=True, seed=1)
    running.bot.start()
    wait("the start", lambda: "running" in running.bot.output())
    yield running
    running.end()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody else writes, and does not come to an end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def texts(platforms: Fakes, chat: int) -> list[str]:
    """What the bot says there."""
    return [message["text"] for message in platforms("messages", chat=chat) if message["from_bot"]]


def test_what_cannot_be_stored_is_not_acknowledged(loop: Loop, platforms: Fakes) -> None:
    ana = loop.people.pop()
    assert loop.store.path is not None
    with locked(loop.store.path):
        for number in range(3):
            platforms("say", chat=ana, user=ana, text=f"/need k80000{number} in words")
        time.sleep(BUSY + 3)
        assert platforms("counts")["pending"] == 3
        assert not texts(platforms, ana)
    wait("the answers", lambda: len(texts(platforms, ana)) == 3, seconds=60)
    assert [text.count(f"k80000{number}") for number, text in enumerate(texts(platforms, ana))] == [1, 1, 1]
    wait("the end", loop.quiet)


def test_a_turn_that_the_store_broke_off_is_brought_to_its_end(loop: Loop, platforms: Fakes) -> None:
    bo = loop.people.pop()
    assert loop.store.path is not None
    platforms("say", chat=bo, user=bo, text="slow me of k800009")
    wait("the placeholder's id", lambda: bool(loop.store.rows("SELECT id FROM outbox WHERE sent IS NOT NULL")))
    with locked(loop.store.path):
        time.sleep(2.5 * BUSY)  # neither the answer nor an apology can be stored

    def answered() -> bool:  # with the answer, or with an apology if that could be stored first; in the same message
        said = texts(platforms, bo)
        return len(said) == 1 and (said[0] == "You said: slow me of k800009" or "Something went wrong" in said[0])

    wait("an answer", answered, seconds=60)
    wait("the end", loop.quiet)
