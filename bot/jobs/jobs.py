"""Planning jobs and running those that are due."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.engine import RowMapping

from bot.jobs.tables import job
from bot.log import log
from bot.unit import AsyncStore
from bot.waiting import look_for_ever
from core.clock import MINUTE
from core.store import Unit

LOOK_AGAIN = 30.0  # seconds: the longest sleep, so that a changed clock or another process's plan is noticed

_ADD = insert(job)
_NAMED = select(job.c.id).where(job.c.name == bindparam("called"))
_DUE = (
    select(job)
    .where(job.c.due_at <= bindparam("at"), job.c.kind.not_in(bindparam("apart", expanding=True)))
    .order_by(job.c.due_at, job.c.id)
    .limit(20)
    .with_for_update(skip_locked=True)
)
_DUE_APART = (
    select(job)
    .where(job.c.due_at <= bindparam("at"), job.c.kind == bindparam("which"))
    .order_by(job.c.id)
    .with_for_update(skip_locked=True)
)
_TAKEN = update(job).where(job.c.id == bindparam("job_id")).values(due_at=bindparam("when"))
_NEXT = select(func.min(job.c.due_at))
_AGAIN = (
    update(job)
    .where(job.c.id == bindparam("job_id"))
    .values(due_at=bindparam("when"), meant_at=bindparam("meant"), attempts=0)
)
_FAILED = (
    update(job).where(job.c.id == bindparam("job_id")).values(due_at=bindparam("when"), attempts=job.c.attempts + 1)
)
_DONE = delete(job).where(job.c.id == bindparam("job_id"))

# A job's work is a unit of work: it commits together with the job's own next time, so that it has its effect once.
Work = Callable[[Unit, dict[str, Any]], None]
# What cannot be done within a unit is a chore: it gets the payloads of all jobs of its kind that are due, and they are
# done with when it returns. After a crash in between it is done once more.
Chore = Callable[[list[dict[str, Any]]], Awaitable[None]]
TAKEN_FOR = 10 * MINUTE  # how long a chore is left to the process that took it up, where several share a store


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job that comes again every `every` milliseconds. A time missed while nothing ran is made up for once."""

    kind: str
    every: int


def plan(
    unit: Unit, name: str, kind: str, due_at: int, payload: dict[str, Any] | None = None, *, every: int = 0
) -> bool:
    """Plan a job. False if one of this name is planned already."""
    if unit.value(_NAMED, called=name) is not None:
        return False
    unit.execute(
        _ADD,
        {
            "id": unit.new_id(),
            "name": name,
            "kind": kind,
            "payload": payload or {},
            "due_at": due_at,
            "every": every,
            "attempts": 0,
            "meant_at": due_at,
        },
    )
    unit.wake("jobs")
    return True


def run_due(unit: Unit, works: Mapping[str, Work], apart: Collection[str] = ()) -> int:
    """Run what is due, each in a savepoint of its own, but for kinds that are chores. Returns how many it was."""
    due = unit.rows(_DUE, at=unit.now, apart=list(apart))
    for row in due:
        try:
            with unit.savepoint():
                works[row["kind"]](unit, row["payload"])
        except Exception as error:
            _again(unit, row)
            log.error("a job failed", extra={"job": row["kind"], "error": type(error).__name__})
            continue
        _end(unit, row)
    return len(due)


def _end(unit: Unit, row: RowMapping) -> None:
    """It is done: until its next time, or for good."""
    if row["every"]:
        meant = row["due_at"] if row["meant_at"] is None else row["meant_at"]
        following = meant + ((unit.now - meant) // row["every"] + 1) * row["every"]  # a failure moves no rhythm
        unit.changed(_AGAIN, job_id=row["id"], when=following, meant=following)
    else:
        unit.changed(_DONE, job_id=row["id"])


def _again(unit: Unit, row: RowMapping) -> None:
    """It failed: once more, later each time."""
    delay = min(MINUTE * 2 ** row["attempts"], 60 * MINUTE)
    unit.changed(_FAILED, job_id=row["id"], when=unit.now + delay)


def take_chores(unit: Unit, kind: str) -> list[RowMapping]:
    """The due jobs of a kind that is a chore, kept from other processes for a while."""
    due = list(unit.rows(_DUE_APART, at=unit.now, which=kind))
    if unit.postgres:
        for row in due:
            unit.changed(_TAKEN, job_id=row["id"], when=unit.now + TAKEN_FOR)
    return due


def end_chores(unit: Unit, rows: Sequence[RowMapping], *, failed: bool) -> None:
    """A chore is done with these jobs, or has to be tried again."""
    for row in rows:
        if failed:
            _again(unit, row)
        else:
            _end(unit, row)


class Scheduler:
    """Wakes up when the next job is due, or when one is planned."""

    def __init__(
        self,
        store: AsyncStore,
        works: Mapping[str, Work],
        periodic: tuple[Periodic, ...],
        chores: Mapping[str, Chore] | None = None,
    ) -> None:
        self._store = store
        self._works = works
        self._chores = chores or {}
        self._periodic = periodic
        self._woken = asyncio.Event()
        self._planned = False
        self._hurried: set[str] = set()

    def wake(self) -> None:
        """Look at the plan again."""
        self._woken.set()

    def hurry(self, kind: str) -> None:
        """Do the work of this kind now as well; its own time stays as it is, and makes up for what fails now."""
        self._hurried.add(kind)
        self._woken.set()

    async def run(self) -> None:
        """Run for ever. A store that fails is asked again a little later."""
        await look_for_ever(self._woken, self._look, LOOK_AGAIN, "the jobs could not be looked at", least=0.0)

    async def _look(self) -> float:
        """Run what is due; returns the seconds until the next job is."""
        if not self._planned:
            await self._store.write(self._plan_periodic)
            self._planned = True
        while self._hurried:
            await self._do_now(self._hurried.pop())
        while await self._store.write(lambda unit: run_due(unit, self._works, self._chores)):
            pass
        for kind, chore in self._chores.items():
            await self._do_chore(kind, chore)
        due = await self._store.read(lambda unit: unit.value(_NEXT))
        return LOOK_AGAIN if due is None else (due - self._store.clock.now()) / 1000

    async def _do_now(self, kind: str) -> None:
        try:
            await self._store.write(lambda unit: self._works[kind](unit, {}))
        except Exception as error:
            log.error("a job failed", extra={"job": kind, "error": type(error).__name__})

    async def _do_chore(self, kind: str, chore: Chore) -> None:
        due = await self._store.write(lambda unit: take_chores(unit, kind))
        if not due:
            return
        failed = False
        try:
            await chore([row["payload"] for row in due])
        except Exception as error:
            failed = True
            log.error("a job failed", extra={"job": kind, "error": type(error).__name__})
        await self._store.write(lambda unit: end_chores(unit, due, failed=failed))

    def _plan_periodic(self, unit: Unit) -> None:
        for one in self._periodic:
            plan(unit, one.kind, one.kind, unit.now + one.every, every=one.every)
