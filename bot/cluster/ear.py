"""Hearing what other processes have committed: LISTEN on a connection of its own, which is made anew when it breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg

from bot.log import log
from core.store.postgres import CHANNEL

CHECK = 15.0  # seconds of silence after which the connection is tried
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


class Ear:
    """Calls `hear(topic)` for each topic that a commit has woken, anywhere.

    Notifications are not kept for who is away: after each (re)connection `again()` is called, to look at the tables.
    """

    def __init__(self, url: str, hear: Callable[[str], None], again: Callable[[], None]) -> None:
        self._url = url
        self._hear = hear
        self._again = again
        self.listening = asyncio.Event()

    async def run(self) -> None:
        """Listen for ever."""
        pause = _FIRST_PAUSE
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, connect_timeout=5
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}".encode())
                    self.listening.set()
                    self._again()
                    pause = _FIRST_PAUSE
                    await self._listen(connection)
            except psycopg.Error as error:
                log.warning("the database does not notify", extra={"why": error.sqlstate or "no answer"})
            self.listening.clear()
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _listen(self, connection: psycopg.AsyncConnection) -> None:
        while True:
            async for notification in connection.notifies(timeout=CHECK):
                self._hear(notification.payload)
            await connection.execute(b"SELECT 1")  # a line that was cut silently says nothing either
