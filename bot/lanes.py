"""Lanes: tasks of one key run one after the other, in the order in which they were put; keys run side by side.

Two kinds of key are used: a place (the quick lane: record, moderate, command or button) and a person in a thread (the
talk lane), so that a slow model never holds up a moderator. A lane exists only while it has something to do.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from bot.log import log

Task = Callable[[], Awaitable[None]]


class Lanes:
    """All lanes of one process. Not thread-safe: used on the event loop only."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Task]] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._open = asyncio.Event()

    def put(self, key: str, task: Task) -> None:
        """Add a task at the end of its lane."""
        lane = self._waiting.get(key)
        if lane is not None:
            lane.append(task)
            return
        self._waiting[key] = deque([task])
        self._workers[key] = asyncio.get_running_loop().create_task(self._work(key), name=f"lane {key}")

    def release(self) -> None:
        """Begin to work. Until then lanes only fill, so that what a crash left over comes first."""
        self._open.set()

    @property
    def depth(self) -> int:
        """How many tasks wait or run."""
        return sum(len(lane) for lane in self._waiting.values())

    async def drain(self) -> None:
        """Wait until all lanes are empty."""
        while self._workers:
            await asyncio.wait(list(self._workers.values()))

    async def stop(self) -> None:
        """Give up what still runs; it is in the inbox and comes again at the next start."""
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, key: str) -> None:
        lane = self._waiting[key]
        try:
            await self._open.wait()
            while lane:
                try:
                    await lane[0]()
                except Exception:
                    log.exception("a task of a lane failed", extra={"lane": key})
                lane.popleft()
        finally:
            del self._waiting[key]
            del self._workers[key]
