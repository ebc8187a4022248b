"""Events to the sink: in order within a channel, channels side by side, and none lost while the store is away."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from adapters.contract import Event, Sink

log = logging.getLogger(__name__)

Found = Callable[[], Awaitable[Sequence[Event]]]  # events that take a request to be made

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 30.0  # seconds between attempts to store
_AT_ONCE = 50  # events in one call of the sink
_GRACE = 10.0  # seconds that the end may take


class Intake:
    """One queue per channel, worked while there is something in it."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._queues: dict[str, deque[Event | Found]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._holds = 0
        self._open = asyncio.Event()
        self._open.set()
        self.failing = False  # whether the last attempt to store something failed

    def hold(self) -> None:
        """Store nothing until `release`: what was said before may still have to be asked for."""
        self._holds += 1
        self._open.clear()

    def release(self) -> None:
        """The end of one `hold`."""
        self._holds -= 1
        if not self._holds:
            self._open.set()

    def put(self, channel: str, items: Sequence[Event | Found], *, first: bool = False) -> None:
        """Have these stored after everything of the channel that came before, or before all that waits if `first`.

        Returns at once.
        """
        if not items:
            return
        queue = self._queues.get(channel)
        if queue is not None:
            if first:
                queue.extendleft(reversed(items))
            else:
                queue.extend(items)
            return
        self._queues[channel] = deque(items)
        task = asyncio.create_task(self._work(channel), name=f"discord intake {channel}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Finish what is being stored. What cannot be stored now is lost to this process."""
        self._stopping.set()
        self._open.set()
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=_GRACE)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _work(self, channel: str) -> None:
        queue = self._queues[channel]
        try:
            while queue:
                await self._open.wait()
                events = await self._next(queue)
                if events and not await self._store(events):
                    return
        finally:
            del self._queues[channel]

    async def _next(self, queue: deque[Event | Found]) -> Sequence[Event]:
        if not isinstance(queue[0], Event):
            found = queue.popleft()
            try:
                made: Sequence[Event] = await found()  # type: ignore[operator]  # an event is excluded above
                live = {one.event_id for one in queue if isinstance(one, Event)}
                return [event for event in made if event.event_id not in live]  # the live one says more
            except Exception as error:  # of any kind: the events behind it must not wait for ever
                log.warning("passed over an event: %s", type(error).__name__)
                return ()
        events: list[Event] = []
        while queue and isinstance(queue[0], Event) and len(events) < _AT_ONCE:
            events.append(queue.popleft())  # type: ignore[arg-type]
        return events

    async def _store(self, events: Sequence[Event]) -> bool:
        """Until it is stored; False if we stop before."""
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._sink.record(events)
            except Exception as error:  # whatever the store raises; its text may quote what was to be stored
                if not self.failing:
                    log.warning("%d events could not be stored and are kept: %s", len(events), type(error).__name__)
                self.failing = True
            else:
                self.failing = False
                return True
            if await self._stopped_within(pause):
                log.error("%d events were not stored", len(events))
                return False
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return False
        return True
