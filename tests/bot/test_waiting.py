"""A loop that waits for a wake ends when it is told to, whatever comes at the same moment."""

from __future__ import annotations

import asyncio

import pytest

from bot.waiting import woken


async def test_it_says_whether_the_event_was_set() -> None:
    event = asyncio.Event()
    assert not await woken(event, 0)
    event.set()
    assert await woken(event, 60)


async def test_an_end_that_comes_together_with_a_wake_is_an_end() -> None:
    event = asyncio.Event()

    async def loop() -> None:
        while True:
            event.clear()
            await woken(event, 60)

    task = asyncio.create_task(loop())
    await asyncio.sleep(0)
    event.set()
    await asyncio.sleep(0)  # the waiter is woken, and whoever waits for it not yet
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(30):
            await task
