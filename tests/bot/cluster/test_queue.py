"""The inbox as jobs: together with the event, one after the other in a conversation, and found again."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest
from sqlalchemy import text

from adapters.contract import Account, Command, Event, EventKind, Place, PlaceKind
from bot.cluster import queue
from bot.inbox import inbox
from core.clock import MINUTE, ManualClock
from core.nexuses.founding import found
from core.store import Store, Unit

_JOBS = text("SELECT queue_name, lock, args, status, attempts FROM procrastinate_jobs ORDER BY id")
_FETCH = text("SELECT id FROM procrastinate_fetch_job_v2(ARRAY[:queue], :worker)")
_WORKER = text("SELECT worker_id FROM procrastinate_register_worker_v1()")
_SILENT = text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute' WHERE id = :worker")


@pytest.fixture
def write(store: Store) -> Callable[[Callable[[Unit], Any]], Any]:
    """Runs a unit in a store that is founded."""
    store.write(found).result()
    return lambda unit: store.write(unit).result()


def event(number: str, kind: EventKind = EventKind.MESSAGE, *, who: str = "ana", place: str = "here") -> Event:
    """Something said."""
    return Event(
        platform="chat",
        event_id=number,
        kind=kind,
        account=Account(who, who),
        place=Place(place, PlaceKind.GROUP),
        text="hello",
        addressed=True,
        command=Command("help") if kind is EventKind.COMMAND else None,
    )


def record(unit: Unit, *events: Event) -> None:
    """As a gateway does."""
    for entry in inbox.record(unit, events):
        queue.defer(unit, entry)


def jobs(unit: Unit) -> list[dict[str, Any]]:
    """All jobs."""
    return [dict(row) for row in unit.rows(_JOBS)]


def test_a_job_has_the_number_of_its_event_and_no_words(write: Callable[[Any], Any]) -> None:
    write(lambda unit: record(unit, event("1"), event("2", EventKind.COMMAND)))
    talk, command = write(jobs)
    assert (talk["queue_name"], talk["lock"]) == ("talk", "talk:chat::here::ana")
    assert (command["queue_name"], command["lock"]) == ("quick", "chat::here")
    assert set(talk["args"]) == {"inbox"}
    assert write(lambda unit: inbox.to_work(unit, talk["args"]["inbox"])).event == event("1")


def test_an_event_that_is_not_recorded_leaves_no_job(write: Callable[[Any], Any]) -> None:
    def unit(unit: Unit) -> None:
        record(unit, event("1"))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write(unit)
    assert write(jobs) == []
    write(lambda unit: record(unit, event("1")))
    write(lambda unit: record(unit, event("1")))  # delivered once more
    assert len(write(jobs)) == 1


def test_what_one_says_waits_for_what_was_said_before_and_for_nothing_else(write: Callable[[Any], Any]) -> None:
    write(lambda unit: record(unit, event("1"), event("2"), event("3", who="ben"), event("4", EventKind.COMMAND)))
    worker = write(lambda unit: unit.value(_WORKER))

    def fetch(name: str) -> Any:
        return write(lambda unit: unit.value(_FETCH, queue=name, worker=worker))

    first = write(lambda unit: unit.value(text("SELECT min(id) FROM procrastinate_jobs")))
    assert [fetch("talk"), fetch("talk"), fetch("talk"), fetch("quick")] == [first, first + 2, None, first + 3]
    write(lambda unit: unit.execute(text("SELECT procrastinate_finish_job_v1(:id, 'succeeded', true)"), {"id": first}))
    assert fetch("talk") == first + 1


def test_the_job_of_a_silent_worker_is_given_to_others(write: Callable[[Any], Any]) -> None:
    write(lambda unit: record(unit, event("1"), event("2", who="ben")))
    dead, living = write(lambda unit: unit.value(_WORKER)), write(lambda unit: unit.value(_WORKER))
    for worker in (dead, living):
        write(lambda unit, worker=worker: unit.value(_FETCH, queue="talk", worker=worker))
    assert write(lambda unit: queue.rescue(unit, 10.0)) == 0
    write(lambda unit: unit.changed(_SILENT, worker=dead))
    assert write(lambda unit: queue.rescue(unit, 10.0)) == 1
    assert [(job["status"], job["attempts"]) for job in write(jobs)] == [("todo", 1), ("doing", 0)]
    assert write(lambda unit: queue.rescue(unit, 10.0)) == 0


def test_an_event_without_a_job_gets_one(write: Callable[[Any], Any], clock: ManualClock) -> None:
    write(lambda unit: inbox.record(unit, [event("1")]))
    write(lambda unit: record(unit, event("2", who="ben")))
    assert write(queue.lost) == []  # it may just have been worked
    clock.advance(MINUTE)
    [number] = write(queue.lost)
    write(lambda unit: queue.defer(unit, inbox.to_work(unit, number)))  # type: ignore[arg-type]
    assert write(queue.lost) == []
    assert len(write(jobs)) == 2


def test_attempts_that_came_to_no_end_are_counted(write: Callable[[Any], Any]) -> None:
    write(lambda unit: record(unit, event("1")))
    [job] = write(jobs)
    number = job["args"]["inbox"]

    def after(attempts: int) -> tuple[bool, bool]:
        entry = write(lambda unit: inbox.to_work(unit, number, attempts))
        return entry.again, entry.given_up

    assert [after(0), after(1), after(inbox.MOST_STARTS), after(inbox.MOST_STARTS + 1)] == [
        (False, False),
        (True, False),
        (True, False),
        (True, True),
    ]
    write(lambda unit: inbox.finish(unit, number))
    assert write(lambda unit: inbox.to_work(unit, number)) is None


def test_the_schema_is_that_of_the_procrastinate_that_is_installed() -> None:
    """A newer one brings SQL of its own: it takes a migration of ours before the library is renewed."""
    files = sorted(
        f.name for f in (resources.files("procrastinate.sql") / "migrations").iterdir() if f.name[0].isdigit()
    )
    assert files[-1] == "03.04.00_50_post_add_retry_failed_job_procedure.sql"
