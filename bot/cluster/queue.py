"""The inbox as jobs of Procrastinate: deferred in the transaction that records, found again when a worker died.

A job carries the number of its inbox row and nothing that somebody said. Its lock gives the order: commands and buttons
of a place one after the other, and apart from them what one person says in one thread, so that a slow model never holds
up a moderator. Both have a queue, so that the slots of one are not taken by the other.
"""

from __future__ import annotations

import json

from sqlalchemy import text

from adapters.contract import EventKind
from bot.inbox.inbox import Entry
from core.store import Unit

QUICK, TALK = "quick", "talk"
TASK = "turn"
# Platforms whose events only the process that recorded them can answer.
LOCAL = frozenset({"terminal"})
_RECENT = 10_000  # ms: an event without a job may just have lost it to its end

_DEFER = text(
    """
    SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(CAST(:queue AS varchar), CAST(:task AS varchar), 0,
      CAST(:lock AS text), NULL, CAST(:args AS jsonb), NULL)]::procrastinate_job_to_defer_v1[])
    """
)
# One statement, so that a job which another worker has meanwhile taken up is not given away a second time.
_RESCUE = text(
    """
    WITH stalled AS MATERIALIZED (
      SELECT job.id FROM procrastinate_jobs job
      WHERE job.status = 'doing' AND NOT EXISTS (
        SELECT FROM procrastinate_workers worker
        WHERE worker.id = job.worker_id AND worker.last_heartbeat >= now() - make_interval(secs => :seconds))
      ORDER BY job.id FOR UPDATE OF job SKIP LOCKED
    )
    SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM stalled
    """
)
_LOST = text(
    """
    SELECT inbox.id FROM inbox
    WHERE inbox.state = 'waiting' AND inbox.received_at < :before AND inbox.platform <> ALL(:local) AND NOT EXISTS (
      SELECT FROM procrastinate_jobs job
      WHERE job.status IN ('todo', 'doing') AND (job.args ->> 'inbox')::bigint = inbox.id)
    ORDER BY inbox.id
    """
)
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7310226)")


def topic(name: str) -> str:
    """What is woken when there is something in a queue."""
    return f"work:{name}"


def defer(unit: Unit, entry: Entry) -> None:
    """Hand a recorded event to the workers; the job commits with the event."""
    talks = entry.event.kind is EventKind.MESSAGE
    unit.execute(
        _DEFER,
        {
            "queue": TALK if talks else QUICK,
            "task": TASK,
            "lock": f"talk:{entry.talk_key}" if talks else entry.place_key,
            "args": json.dumps({"inbox": entry.inbox_id}),
        },
    )
    unit.wake(topic(TALK if talks else QUICK))


def rescue(unit: Unit, seconds: float) -> int:
    """Give the jobs of workers that were silent for so long to others. Returns how many."""
    found = len(unit.rows(_RESCUE, seconds=seconds))
    if found:
        unit.wake(topic(QUICK))
        unit.wake(topic(TALK))
    return found


def lost(unit: Unit) -> list[int]:
    """Events that wait without a job: recorded by a process that shared nothing, or before there were jobs.

    Locked against other processes until the end of the unit, so that each is deferred once.
    """
    unit.execute(_ONE_AT_A_TIME)
    return [row["id"] for row in unit.rows(_LOST, before=unit.now - _RECENT, local=sorted(LOCAL))]
