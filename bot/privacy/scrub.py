"""After something was forgotten and committed: no byte of it stays in the files of the store.

The job for it commits with the forgetting, so that no crash can lose it. What was on its way at that moment (an answer
to whom was forgotten, a turn of somebody else that showed it) is looked for again a little later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select

from bot.jobs.tables import job
from bot.log import log
from bot.privacy.declared import SCRUB, drop_replies, forget_lines_about, plan_scrub, take_back
from bot.unit import AsyncStore
from core.clock import MINUTE
from core.privacy.personal import declarations
from core.store import Store, Unit

LOOK_AGAIN = 10 * MINUTE  # longer than any turn lasts
STILL_LEAVING = MINUTE  # an answer to somebody who is forgotten has not been sent yet
MOST = 12  # looks, over some hours; what could not be delivered by then is dropped

_PLANNED = select(job.c.id, job.c.payload).where(job.c.kind == SCRUB, job.c.due_at <= bindparam("at"))
_DONE = delete(job).where(job.c.id == bindparam("job_id"))


class Scrub:
    """The chore (`bot.jobs.jobs.Chore`) that leaves no trace of what was forgotten."""

    def __init__(self, store: AsyncStore) -> None:
        self._store = store

    async def __call__(self, payloads: list[dict[str, Any]]) -> None:
        """See the module."""
        if await self._store.write(lambda unit: sweep(unit, payloads)):
            await asyncio.wrap_future(self._store.store.clean(cleaned_tables()))
            log.info("the store was cleaned")


def sweep(unit: Unit, payloads: Sequence[dict[str, Any]]) -> bool:
    """Look for what these still have somewhere, and plan the next look. Whether the files have to be cleaned."""
    dirty = False
    for payload in payloads:
        people, records, again = payload["people"], payload["records"], payload["again"]
        dropped, left = drop_replies(unit, people, settled=again < MOST)
        found = dropped + take_back(unit, records) + forget_lines_about(unit, records)
        dirty = dirty or again == 0 or found > 0
        if (left or again == 0) and again < MOST:
            delay = STILL_LEAVING * 2 ** min(again, 6) if left else LOOK_AGAIN
            plan_scrub(unit, {**payload, "again": again + 1}, unit.now + delay)
    return dirty


def cleaned_tables() -> list[str]:
    """The tables that something may have been deleted from."""
    return [one.table.name for one in declarations() if one.gone or one.blanked]


def scrub_now(store: Store) -> None:
    """Do what is due, for a command that works without the bot. It stays planned where it cannot be done now."""

    def take(unit: Unit) -> tuple[list[int], bool]:
        rows = unit.rows(_PLANNED, at=unit.now)
        return [row["id"] for row in rows], sweep(unit, [row["payload"] for row in rows])

    ids, dirty = store.write(take).result()
    if dirty:
        store.clean(cleaned_tables()).result()

    def done(unit: Unit) -> None:
        for job_id in ids:
            unit.changed(_DONE, job_id=job_id)

    if ids:
        store.write(done).result()
