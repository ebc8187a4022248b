"""Waiting for an event for a while, the same in every loop that is woken or looks again by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.log import log


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


async def look_for_ever(
    event: asyncio.Event, look: Callable[[], Awaitable[float]], longest: float, trouble: str, least: float = 0.01
) -> None:
    """Look, and again when the event is set or after as many seconds as the look says, between `least` and `longest`.

    A look that fails is logged as `trouble` and repeated after `longest`: a store that is down comes back.
    """
    while True:
        event.clear()  # before the look: who wakes us during it wants another one
        try:
            wait = await look()
        except Exception:
            log.exception(trouble)
            wait = longest
        await woken(event, max(least, min(wait, longest)))
