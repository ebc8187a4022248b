"""Waiting for an event for a while, the same in every loop that is woken or looks again by itself."""

from __future__ import annotations

import asyncio


async def woken(event: asyncio.Event, seconds: float) -> bool:
    """Whether the event was set within that time.

    Not `asyncio.wait_for`: before Python 3.12 it swallows a cancellation that comes together with a wake, and a loop
    that was told to end goes on for ever.
    """
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
