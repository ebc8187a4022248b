"""Procrastinate's workers as we use them: prompt, apart by queue, and never in possession of a job that nobody runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager

import psycopg
import pytest
from sqlalchemy import text

from adapters.contract import Account, Command, Event, EventKind, Place, PlaceKind
from bot.cluster import queue, worker
from bot.cluster.worker import Work
from bot.inbox import inbox
from bot.inbox.inbox import Entry
from bot.unit import AsyncStore
from core.nexuses.founding import found
from core.store import Unit
from core.store.store import StoreDown

PATIENCE = 20.0  # seconds
_JOBS = text("SELECT count(*) FROM procrastinate_jobs")


def event(number: str, kind: EventKind = EventKind.MESSAGE) -> Event:
    """Ana says something."""
    return Event(
        platform="chat",
        event_id=number,
        kind=kind,
        account=Account("ana", "Ana"),
        place=Place("here", PlaceKind.DIRECT),
        text="hello",
        addressed=True,
        command=Command("help") if kind is EventKind.COMMAND else None,
    )


async def record(store: AsyncStore, *events: Event) -> None:
    """As a gateway does."""

    def unit(unit: Unit) -> None:
        for entry in inbox.record(unit, events):
            queue.defer(unit, entry)

    await store.write(unit)


class Desk:
    """Handles entries as a test says, and remembers them."""

    def __init__(self, store: AsyncStore) -> None:
        self.store = store
        self.handled: list[tuple[str, bool]] = []
        self.first: Callable[[Entry], Awaitable[None]] | None = None  # instead of the end, at the first one
        self._did = asyncio.Condition()

    async def handle(self, entry: Entry) -> None:
        """One entry."""
        async with self._did:
            self.handled.append((entry.event.event_id, entry.again))
            self._did.notify_all()
        first, self.first = self.first, None
        if first is not None:
            await first(entry)
            return
        await self.store.write(lambda unit: inbox.finish(unit, entry.inbox_id))

    async def until(self, number: int) -> None:
        """Wait until so many were handled."""
        async with asyncio.timeout(PATIENCE), self._did:
            await self._did.wait_for(lambda: len(self.handled) >= number)


@asynccontextmanager
async def working(store: AsyncStore, desk: Desk, *, concurrency: int = 4, stalled_after: float = 60.0):  # type: ignore[no-untyped-def]
    """A worker that hears what is committed."""
    await store.write(found)
    work = Work(store, desk.handle, concurrency=concurrency, stalled_after=stalled_after)
    loop = asyncio.get_running_loop()

    def woken(topic: str) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(work.wake, topic)

    store.store.listen(woken)
    task = asyncio.create_task(work.run())
    async with asyncio.timeout(PATIENCE):
        await work.working.wait()
        yield work
        work.stop()
        await task


async def jobs_left(store: AsyncStore) -> int:
    """How many jobs there are."""
    return int(await store.read(lambda unit: unit.value(_JOBS)))


async def test_the_next_of_a_conversation_begins_at_once(shared: AsyncStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL", 3600.0)
    desk = Desk(shared)
    async with working(shared, desk):
        await record(shared, *(event(str(number)) for number in range(5)))
        await desk.until(5)
    assert desk.handled == [(str(number), False) for number in range(5)]
    assert await jobs_left(shared) == 0


async def test_slow_talk_takes_no_slot_of_a_command(shared: AsyncStore) -> None:
    desk, go_on = Desk(shared), asyncio.Event()

    async def slow(entry: Entry) -> None:
        await go_on.wait()
        await shared.write(lambda unit: inbox.finish(unit, entry.inbox_id))

    desk.first = slow
    async with working(shared, desk, concurrency=1):
        await record(shared, event("talk"))
        await desk.until(1)
        await record(shared, event("command", EventKind.COMMAND))
        await desk.until(2)
        go_on.set()
    assert [name for name, _ in desk.handled] == ["talk", "command"]


async def test_a_turn_that_the_store_broke_off_is_tried_again_before_what_follows(shared: AsyncStore) -> None:
    desk = Desk(shared)

    async def down(entry: Entry) -> None:
        raise StoreDown

    desk.first = down
    async with working(shared, desk):
        await record(shared, event("1"), event("2"))
        await desk.until(3)
    assert desk.handled == [("1", False), ("1", True), ("2", False)]


async def test_a_job_whose_end_could_not_be_noted_is_not_held_for_ever(shared: AsyncStore) -> None:
    """The server breaks the line while the end of a turn is noted; the worker itself lives on."""
    desk = Desk(shared)
    blocker = await psycopg.AsyncConnection.connect(shared.store.url)
    watcher = await psycopg.AsyncConnection.connect(shared.store.url, autocommit=True)
    tasks: list[asyncio.Task[None]] = []

    async def break_off() -> None:
        """End whoever waits to note the end, and let the next one do it."""
        while True:
            found = await watcher.execute(
                b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                b"AND datname = current_database() AND query LIKE '%procrastinate_finish_job%'"
            )
            if await found.fetchall():
                await blocker.rollback()
                return
            await asyncio.sleep(0.01)

    async def blocked(entry: Entry) -> None:
        await blocker.execute(b"SELECT id FROM procrastinate_jobs FOR UPDATE")
        tasks.append(asyncio.create_task(break_off()))

    desk.first = blocked
    try:
        async with working(shared, desk, stalled_after=5.0):
            await record(shared, event("1"))
            await desk.until(2)
    finally:
        await asyncio.gather(*tasks)
        await blocker.close()
        await watcher.close()
    assert desk.handled == [("1", False), ("1", True)]
    assert await jobs_left(shared) == 0
