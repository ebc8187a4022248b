"""Processes hear of each other's commits, and look for themselves after a break."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg
import pytest

from bot.cluster.ear import Ear
from core.clock import ManualClock
from core.store import Unit, open_store

PATIENCE = 20.0  # seconds


async def test_a_commit_elsewhere_is_heard_and_a_broken_line_is_made_anew(
    new_url: Callable[[str], str], clock: ManualClock
) -> None:
    url = new_url("postgres")
    other = open_store(url, clock)
    heard: asyncio.Queue[str] = asyncio.Queue()
    ear = asyncio.create_task(Ear(url, heard.put_nowait, lambda: heard.put_nowait("look")).run())
    try:
        async with asyncio.timeout(PATIENCE):
            assert await heard.get() == "look"
            await asyncio.wrap_future(other.write(lambda unit: unit.wake("notices")))
            assert await heard.get() == "notices"
            with pytest.raises(ZeroDivisionError):
                await asyncio.wrap_future(other.write(_fails))
            await asyncio.wrap_future(other.write(lambda unit: unit.wake("outbox")))
            assert await heard.get() == "outbox"
            _break_off(url)
            assert await heard.get() == "look"
            await asyncio.wrap_future(other.write(lambda unit: unit.wake("notices")))
            assert await heard.get() == "notices"
    finally:
        ear.cancel()
        await asyncio.gather(ear, return_exceptions=True)
        other.close()


def _fails(unit: Unit) -> None:
    unit.wake("jobs")
    raise ZeroDivisionError


def _break_off(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            b"WHERE datname = current_database() AND query ILIKE 'LISTEN%' AND pid <> pg_backend_pid()"
        ).fetchall()
    assert found == [(True,)]
