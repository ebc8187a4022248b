"""Jobs on a clock that moves when told: at their time, once, also when it was missed, and again after a failure."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.inbox.tables import inbox
from bot.jobs.jobs import Periodic, Scheduler, plan, run_due
from bot.jobs.tables import job
from bot.jobs.tidy import tidy
from bot.unit import AsyncStore
from core.audit.tables import effect
from core.clock import DAY, HOUR, MINUTE, ManualClock
from core.store import Store, Unit


class Diary:
    """What was done."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.failures = 0

    def work(self, unit: Unit, payload: dict[str, Any]) -> None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("not now")
        self.done.append(payload.get("what", "it"))


def due(store: Store, diary: Diary) -> int:
    return store.write(lambda unit: run_due(unit, {"work": diary.work})).result()


def test_a_job_runs_at_its_time_and_once(store: Store, clock: ManualClock) -> None:
    diary = Diary()
    store.write(lambda unit: plan(unit, "one", "work", unit.now + HOUR, {"what": "a"})).result()
    assert due(store, diary) == 0
    clock.advance(HOUR)
    assert due(store, diary) == 1
    assert due(store, diary) == 0
    assert diary.done == ["a"]


def test_a_name_is_planned_once(store: Store) -> None:
    assert store.write(lambda unit: plan(unit, "one", "work", unit.now)).result()
    assert not store.write(lambda unit: plan(unit, "one", "work", unit.now)).result()


def test_what_was_missed_is_made_up_for_once(store: Store, clock: ManualClock) -> None:
    diary = Diary()
    store.write(lambda unit: plan(unit, "one", "work", unit.now + HOUR, every=HOUR)).result()
    clock.advance(10 * HOUR + 20 * MINUTE)
    assert due(store, diary) == 1
    assert due(store, diary) == 0
    assert diary.done == ["it"]
    clock.advance(40 * MINUTE)  # the rhythm is kept: on the hour
    assert due(store, diary) == 1


def test_a_failure_moves_no_rhythm(store: Store, clock: ManualClock) -> None:
    diary = Diary()
    diary.failures = 1
    start = clock.now()
    store.write(lambda unit: plan(unit, "one", "work", start + HOUR, every=DAY)).result()
    clock.advance(HOUR)
    assert due(store, diary) == 1
    assert diary.done == []
    clock.advance(MINUTE)
    assert due(store, diary) == 1
    assert diary.done == ["it"]
    assert store.read(lambda unit: unit.value(select(job.c.due_at))).result() == start + HOUR + DAY


def test_a_failure_is_tried_again_later_and_later_and_undoes_its_work(store: Store, clock: ManualClock) -> None:
    diary = Diary()
    diary.failures = 2
    store.write(lambda unit: plan(unit, "one", "work", unit.now)).result()
    assert due(store, diary) == 1
    clock.advance(MINUTE - 1)
    assert due(store, diary) == 0
    clock.advance(1)
    assert due(store, diary) == 1
    clock.advance(MINUTE)
    assert due(store, diary) == 0
    clock.advance(MINUTE)
    assert due(store, diary) == 1
    assert diary.done == ["it"]


def test_one_that_fails_holds_up_no_other(store: Store) -> None:
    diary = Diary()
    diary.failures = 1
    for name in ("bad", "good"):
        store.write(lambda unit, name=name: plan(unit, name, "work", unit.now, {"what": name})).result()  # type: ignore[misc]
    due(store, diary)
    assert diary.done == ["good"]


def test_a_job_of_an_unknown_kind_is_kept(store: Store) -> None:
    store.write(lambda unit: plan(unit, "new", "from a later version", unit.now)).result()
    assert due(store, Diary()) == 1
    assert store.read(lambda unit: unit.value(select(func.count()).select_from(job))).result() == 1


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_the_scheduler_is_woken_by_a_plan(store: Store, engine: str) -> None:
    diary, ran = Diary(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(unit: Unit, payload: dict[str, Any]) -> None:
        diary.work(unit, payload)
        loop.call_soon_threadsafe(ran.set)

    scheduler = Scheduler(AsyncStore(store), {"work": work}, (Periodic("work", DAY),))

    def woken(topic: str) -> None:
        loop.call_soon_threadsafe(scheduler.wake)

    store.listen(woken)
    task = asyncio.create_task(scheduler.run())
    await AsyncStore(store).write(lambda unit: plan(unit, "now", "work", unit.now, {"what": "now"}))
    await asyncio.wait_for(ran.wait(), 20)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert diary.done == ["now"]


def test_tidying_forgets_what_nobody_needs(store: Store, clock: ManualClock) -> None:
    def fill(unit: Unit) -> None:
        unit.execute(effect.insert(), {"key": "old", "body": "x", "result": {}, "at": unit.now})
        for number, state in ((1, "done"), (2, "waiting")):
            unit.execute(
                inbox.insert(),
                {
                    "platform": "terminal",
                    "workspace": "",
                    "event_id": str(number),
                    "place_key": "x",
                    "payload": None,
                    "state": state,
                    "attempts": 0,
                    "person_id": 1,
                    "account_id": 1,
                    "place_id": 1,
                    "received_at": unit.now,
                    "done_at": unit.now if state == "done" else None,
                },
            )

    def left(unit: Unit) -> tuple[int, int]:
        return (
            int(unit.value(select(func.count()).select_from(inbox)) or 0),
            int(unit.value(select(func.count()).select_from(effect)) or 0),
        )

    store.write(fill).result()
    store.write(lambda unit: tidy(unit, {})).result()
    assert store.read(left).result() == (2, 1)
    clock.advance(9 * DAY)
    store.write(lambda unit: tidy(unit, {})).result()
    assert store.read(left).result() == (1, 0)
