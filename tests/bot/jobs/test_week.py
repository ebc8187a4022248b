"""A week in a moment: jobs on a clock that jumps, while the processes that run them come and go as they like.

A time that passes while nothing runs is made up for once, at the next start; a job that missed several of its times
does its work once for all of them and then keeps its old rhythm (the same time of day, the same day of the week).
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select

from bot.jobs.jobs import LOOK_AGAIN, Periodic, Scheduler, plan
from bot.jobs.tables import job
from bot.unit import AsyncStore
from core.audit.tables import effect
from core.clock import DAY, HOUR, MINUTE, ManualClock
from core.store import Store, Unit, open_store
from core.store.store import UnitFunction

T = TypeVar("T")
WEEK = 7 * DAY
# Seconds of real time until something that should happen at once counts as not happening: less than the scheduler's
# longest sleep, so that a wake which it misses is seen here.
PATIENCE = LOOK_AGAIN * 2 / 3
_NEXT = select(func.min(job.c.due_at))


class Week:
    """A store that processes are started on and dropped from, and what their jobs did."""

    def __init__(self, url: str, clock: ManualClock, *, failing: frozenset[str] = frozenset()) -> None:
        self.url = url
        self.clock = clock
        self.running: list[Process] = []
        self.looked: list[int] = []  # the times at which nothing was left to do
        self._failing = set(failing)

    def work(self, unit: Unit, payload: dict[str, Any]) -> None:
        """Leave a row, in the unit in which the job is marked as done. Those that are to fail do so once, after it."""
        name = payload.get("name", "swept")
        unit.execute(effect.insert(), {"key": f"{unit.new_id()}", "body": name, "result": {}, "at": unit.now})
        if name in self._failing:
            self._failing.remove(name)
            raise RuntimeError("not this time")

    def start(self) -> None:
        """Start a process."""
        self.running.append(Process(self))

    async def drop(self, process: Process) -> None:
        """End a process wherever it is just now."""
        self.running.remove(process)
        await process.end()

    async def look(self) -> None:
        """Wake whoever runs, and wait until nothing is due any more."""
        for process in self.running:
            process.scheduler.wake()
        if self.running:
            async with asyncio.timeout(PATIENCE):
                while (due := await self._next()) is not None and due <= self.clock.now():
                    pass
            self.looked.append(self.clock.now())

    async def pass_time(self, milliseconds: int) -> None:
        """Move the clock, and let whoever runs do what is due."""
        self.clock.advance(milliseconds)
        await self.look()

    async def _next(self) -> int | None:
        due: int | None = await self.running[0].store.read(lambda unit: unit.value(_NEXT))
        return due

    async def done(self) -> dict[str, list[int]]:
        """When each job did its work, in order. A process has to be running."""
        rows = await self.running[0].store.read(lambda unit: unit.rows(select(effect.c.body, effect.c.at)))
        times: dict[str, list[int]] = {}
        for row in rows:
            times.setdefault(row["body"], []).append(row["at"])
        return {name: sorted(one) for name, one in times.items()}


class Process:
    """A store of its own and a scheduler on it."""

    def __init__(self, week: Week) -> None:
        self._opened: Store = open_store(week.url, week.clock)
        self.store = AsyncStore(self._opened)
        self.scheduler = Scheduler(self.store, {"work": week.work, "sweep": week.work}, (Periodic("sweep", 5 * HOUR),))
        self._task = asyncio.create_task(self.scheduler.run())

    async def end(self) -> None:
        """Stop in the middle of whatever it does."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.to_thread(self._opened.close)


def planned(url: str, clock: ManualClock, jobs: dict[str, tuple[int, int]]) -> None:
    """Plan jobs by name: when each is due first, and how often it comes again (0: never)."""
    store = open_store(url, clock)

    def all_of_them(unit: Unit) -> None:
        for name, (due, every) in jobs.items():
            assert plan(unit, name, "work", due, {"name": name}, every=every)

    store.write(all_of_them).result()
    store.close()


def served_once(first: int, every: int, at: list[int], looked: list[int]) -> None:
    """Each time of a periodic job had its effect at most once, and the latest one before a look had it.

    A process that was dropped in the middle may have served a time at which nobody looked any more.
    """
    turns = [(moment - first) // every for moment in at]
    assert all(moment >= first for moment in at), "it ran before its time"
    assert len(set(turns)) == len(turns), "a time had its effect twice"
    assert {(moment - first) // every for moment in looked if moment >= first} <= set(turns), "a time was left out"


@pytest.mark.parametrize("seed", range(6))
async def test_each_time_of_a_week_has_its_effect_once(
    new_url: Callable[[str], str], engine: str, clock: ManualClock, seed: int
) -> None:
    chance = random.Random(seed)
    start = clock.now()
    jobs = {
        "daily": (start + chance.randrange(DAY), DAY),
        "another daily": (start + chance.randrange(DAY), DAY),
        "weekly": (start + chance.randrange(WEEK), WEEK),
    }
    jobs |= {f"once {number}": (start + chance.randrange(WEEK), 0) for number in range(12)}
    url = new_url(engine)
    planned(url, clock, jobs)
    week = Week(url, clock, failing=frozenset({"once 3", "once 7"}))
    most = 2 if engine == "postgres" else 1  # SQLite belongs to one process
    while clock.now() < start + WEEK + DAY:
        match chance.choice(("start", "start", "drop", "drop while it works", "go on")):
            case "start":
                while len(week.running) < most:  # both at once, so that they want the same jobs
                    week.start()
            case "drop" if week.running:
                await week.drop(chance.choice(week.running))
            case "drop while it works" if week.running:
                clock.advance(chance.randrange(2 * DAY))
                for process in week.running:
                    process.scheduler.wake()
                for _ in range(chance.randrange(20)):
                    await asyncio.sleep(0)
                await week.drop(chance.choice(week.running))
        await week.look()
        await week.pass_time(chance.choice((chance.randrange(HOUR), chance.randrange(DAY), chance.randrange(2 * DAY))))
    if not week.running:
        week.start()
        await week.look()
    await week.pass_time(2 * HOUR)  # those that failed are tried again
    done = await week.done()
    left = await week.running[0].store.read(lambda unit: unit.rows(select(job)))
    for process in list(week.running):
        await week.drop(process)

    for name, (first, every) in jobs.items():
        if not every:
            assert len(done[name]) == 1, name
            assert done[name][0] >= first, name
    assert {row["name"] for row in left} == {"daily", "another daily", "weekly", "sweep"}
    for row in left:
        first, every = jobs.get(row["name"], (row["due_at"] % (5 * HOUR), 5 * HOUR))
        assert row["due_at"] > clock.now()
        assert (row["due_at"] - first) % every == 0, f"{row['name']} has lost its rhythm"
        if row["name"] != "sweep":
            served_once(first, every, done.get(row["name"], []), week.looked)


async def test_what_was_missed_is_made_up_for_once_and_the_time_of_day_stays(
    new_url: Callable[[str], str], engine: str, clock: ManualClock
) -> None:
    start, url = clock.now(), new_url(engine)
    planned(url, clock, {"at nine": (start + 9 * HOUR, DAY), "once": (start + 30 * HOUR, 0)})
    week = Week(url, clock)
    week.start()
    await week.pass_time(9 * HOUR)
    await week.drop(week.running[0])
    await week.pass_time(3 * DAY + 2 * HOUR)  # nothing runs: nine o'clock passes three times
    week.start()
    await week.look()
    await week.pass_time(22 * HOUR - MINUTE)
    await week.pass_time(MINUTE)
    done = await week.done()
    await week.drop(week.running[0])
    back = start + 3 * DAY + 11 * HOUR
    assert done["at nine"] == [start + 9 * HOUR, back, start + 4 * DAY + 9 * HOUR]
    assert done["once"] == [back]


async def test_two_processes_share_the_jobs(new_url: Callable[[str], str], clock: ManualClock) -> None:
    url = new_url("postgres")
    names = [f"job {number}" for number in range(100)]
    planned(url, clock, {name: (clock.now() + HOUR, 0) for name in names})
    week = Week(url, clock)
    week.start()
    week.start()
    await week.pass_time(HOUR)
    done = await week.done()
    for process in list(week.running):
        await week.drop(process)
    assert Counter({name: len(at) for name, at in done.items()}) == Counter(names)


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_wake_that_comes_during_a_look_is_not_lost(store: Store, engine: str) -> None:
    """A job that is planned between "what is due?" and falling asleep."""
    ran = asyncio.Event()
    loop = asyncio.get_running_loop()

    class Late(AsyncStore):
        planned = False

        async def read(self, unit: UnitFunction[T]) -> T:
            value = await super().read(unit)
            if not self.planned:
                self.planned = True
                await self.write(lambda unit: plan(unit, "late", "work", unit.now))
                scheduler.wake()
            return value

    def work(unit: Unit, payload: dict[str, Any]) -> None:
        loop.call_soon_threadsafe(ran.set)

    scheduler = Scheduler(Late(store), {"work": work}, ())
    task = asyncio.create_task(scheduler.run())
    async with asyncio.timeout(PATIENCE):
        await ran.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
