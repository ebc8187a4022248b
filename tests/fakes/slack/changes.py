"""Waiting for something to come true, asked again after every change; nobody waits by the clock."""

import asyncio
from collections.abc import Callable


class Changes:
    """Whoever changes things calls `notify`."""

    def __init__(self) -> None:
        self._waiters: list[tuple[Callable[[], bool], asyncio.Event]] = []

    def notify(self) -> None:
        """Something changed."""
        for seen, woken in self._waiters:
            if not woken.is_set() and seen():
                woken.set()

    async def wait_for(
        self,
        seen: Callable[[], bool],
        timeout: float,  # noqa: ASYNC109
        problem: Callable[[], str],
    ) -> None:
        """Until `seen()` held once. Raises AssertionError with the problem after `timeout` seconds."""
        if seen():
            return
        waiter = (seen, asyncio.Event())
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(timeout):
                await waiter[1].wait()
        except TimeoutError:
            raise AssertionError(f"{problem()} within {timeout} s") from None
        finally:
            self._waiters.remove(waiter)
