"""Working the inbox: Procrastinate's workers on our loop, brought up again whenever the database comes back.

Two workers, one for each queue (see `queue`), share a small pool of connections. Beside them the jobs of dead workers
are looked for, and events that wait without a job.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import procrastinate
import psycopg
from procrastinate import jobs, retry
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

from bot.cluster import asks, queue
from bot.inbox import inbox
from bot.inbox.inbox import Entry
from bot.log import log
from bot.unit import AsyncStore
from bot.waiting import woken
from core.store import Unit
from core.store.store import StoreDown

GRACE = 10.0  # seconds that running turns get at a stop
POLL = 2.0  # seconds between looks for jobs that no notification told of
LOST_EVERY = 15.0  # seconds between looks for events without a job
MOST_TRIES = 30  # of an event whose apology fails as well
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0


class _Again(retry.BaseRetryStrategy):
    """A turn that failed or was broken off is worked again, in its place: what comes after it waits."""

    def get_retry_decision(self, *, exception: BaseException, job: jobs.Job) -> procrastinate.RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError):  # we are stopping: another process goes on at once
            return procrastinate.RetryDecision()
        return procrastinate.RetryDecision(retry_in={"seconds": min(2**job.attempts, 30)})


class _Prompt(Worker):
    """A worker that looks again when it is told to, and after each job.

    Procrastinate forgets a notification that comes while it looks, and looks no sooner than at the next poll for a job
    whose lock has just become free: seconds, for the second message of a conversation. So it is told by our own ear.
    """

    told = 0

    def prompt(self) -> None:
        """There may be a job."""
        self.told += 1
        self._new_job_event.set()

    async def _process_job(self, context: Any) -> None:
        try:
            await super()._process_job(context)
        except Exception as error:
            # The job would stay with this worker's number as long as the worker lives: so it ends, and another begins.
            log.warning("the end of a turn could not be noted", extra={"why": type(error).__name__})
            self.stop()  # type: ignore[no-untyped-call]
        finally:
            self.prompt()

    async def _fetch_and_process_jobs(self) -> None:
        seen = -1
        while seen != self.told and not self._stop_event.is_set():
            seen = self.told
            await super()._fetch_and_process_jobs()  # type: ignore[no-untyped-call]


class Work:
    """The workers of this process. `handle` brings one event to its end."""

    def __init__(
        self,
        store: AsyncStore,
        handle: Callable[[Entry], Awaitable[None]],
        *,
        concurrency: int,
        stalled_after: float,
    ) -> None:
        self._store = store
        self._handle = handle
        self._concurrency = concurrency
        self._stalled_after = stalled_after
        self._workers: list[_Prompt] = []
        self._stopping = asyncio.Event()
        self.working = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop`; a database that is gone is waited for."""
        pause = _FIRST_PAUSE
        while not self._stopping.is_set():
            began = asyncio.get_running_loop().time()
            try:
                await self._work()
            except (ConnectorException, StoreDown) as error:
                log.warning("the workers lost the database", extra={"why": type(error).__name__})
            except Exception:
                log.exception("the workers broke off")
            self.working.clear()
            if asyncio.get_running_loop().time() - began > 30.0:
                pause = _FIRST_PAUSE
            await woken(self._stopping, pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def stop(self) -> None:
        """Take no new turn; `run` returns when those that run are over, or given back."""
        self._stopping.set()
        for worker in self._workers:
            worker.stop()  # type: ignore[no-untyped-call]

    def wake(self, topic: str = "") -> None:
        """There may be something to work, in the queue of this topic or in any."""
        for worker in self._workers:
            if topic in ("", queue.topic(worker.worker_name or "")):
                worker.prompt()

    async def _work(self) -> None:
        connector = procrastinate.PsycopgConnector(
            conninfo=self._store.store.url, min_size=1, max_size=4, timeout=5.0, configure=_configure
        )
        app = procrastinate.App(connector=connector)
        app.task(name=queue.TASK, pass_context=True, retry=_Again())(self._turn)
        async with app.open_async():
            await self._store.write(self._look_after)
            self._workers = [
                _Prompt(
                    app,
                    queues=[name],
                    name=name,
                    concurrency=self._concurrency,
                    fetch_job_polling_interval=POLL,
                    shutdown_graceful_timeout=GRACE,
                    delete_jobs=jobs.DeleteJobCondition.ALWAYS,
                    install_signal_handlers=False,
                    listen_notify=False,
                    update_heartbeat_interval=self._stalled_after / 5,
                    stalled_worker_timeout=self._stalled_after,
                )
                for name in (queue.QUICK, queue.TALK)
            ]
            if self._stopping.is_set():
                return
            tasks = [
                asyncio.create_task(worker.run(), name=f"worker {worker.worker_name}")  # type: ignore[no-untyped-call]
                for worker in self._workers
            ]
            rescue = asyncio.create_task(self._rescue(), name="rescue")
            self.working.set()
            try:
                await asyncio.wait([*tasks, rescue], return_when=asyncio.FIRST_COMPLETED)
            finally:
                for worker in self._workers:  # one that broke off takes the other along: both begin anew
                    worker.stop()  # type: ignore[no-untyped-call]
                rescue.cancel()
                ends = await asyncio.gather(*tasks, rescue, return_exceptions=True)
                self._workers = []
            for end in ends:
                if isinstance(end, Exception):
                    raise end

    async def _turn(self, context: procrastinate.JobContext, *, inbox: int) -> None:
        attempts = context.job.attempts
        entry = await self._store.read(partial(_to_work, inbox_id=inbox, attempts=attempts))
        if entry is None:
            return
        if attempts > MOST_TRIES:
            log.error("an event cannot even be given up with an apology", extra={"inbox": inbox})
            await self._store.write(partial(_end, inbox_id=inbox))
            return
        await self._handle(entry)

    async def _rescue(self) -> None:
        """Look for the jobs of the dead, and now and then for events without a job."""
        loop = asyncio.get_running_loop()
        lost_at = loop.time() + LOST_EVERY
        while True:
            await asyncio.sleep(min(self._stalled_after / 5, 2.0))
            found = await self._store.write(partial(queue.rescue, seconds=self._stalled_after))
            if found:
                log.warning("turns of a worker that died are taken over", extra={"turns": found})
            if loop.time() >= lost_at:
                await self._store.write(self._look_after)
                lost_at = loop.time() + LOST_EVERY

    def _look_after(self, unit: Unit) -> None:
        asks.forget_old(unit)
        for inbox_id in queue.lost(unit):
            entry = inbox.to_work(unit, inbox_id)
            if entry is not None:
                queue.defer(unit, entry)


async def _configure(connection: psycopg.AsyncConnection) -> None:
    await connection.set_autocommit(True)  # each call is one statement: a transaction around it is two trips more


def _to_work(unit: Unit, inbox_id: int, attempts: int) -> Entry | None:
    return inbox.to_work(unit, inbox_id, attempts)


def _end(unit: Unit, inbox_id: int) -> None:
    inbox.finish(unit, inbox_id, "failed")
