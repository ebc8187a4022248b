"""Units of work: what holds on both engines."""

from concurrent.futures import wait
from contextlib import suppress
from threading import Event
from typing import Any

import pytest
from sqlalchemy import text

from core.clock import ManualClock
from core.store import Store, Unit
from core.store.store import StoreClosed
from tests.conftest import StoreFactory

_ADD = text("INSERT INTO quota_use (person_id, what, \"window\", used) VALUES (:p, 'x', 0, 1)")
_ALL = text("SELECT person_id FROM quota_use ORDER BY person_id")


def add(unit: Unit, number: int) -> int:
    unit.execute(_ADD, {"p": number})
    return number


def numbers(store: Store) -> list[int]:
    return store.read(lambda unit: [row["person_id"] for row in unit.rows(_ALL)]).result()


def test_a_unit_commits_its_value(store: Store) -> None:
    assert store.write(lambda unit: add(unit, 7)).result() == 7
    assert numbers(store) == [7]


def test_a_failing_unit_leaves_no_trace_and_others_stand(store: Store) -> None:
    def fails(unit: Unit) -> None:
        add(unit, 1)
        raise ValueError("no")

    futures: list[Any] = [store.write(lambda unit, n=n: add(unit, n)) for n in (2, 3)]  # type: ignore[misc]
    bad = store.write(fails)
    futures.append(store.write(lambda unit: add(unit, 4)))
    wait(futures)
    with pytest.raises(ValueError, match="no"):
        bad.result()
    assert numbers(store) == [2, 3, 4]


def test_a_savepoint_undoes_only_what_is_inside(store: Store) -> None:
    def fails(unit: Unit, number: int) -> None:
        with unit.savepoint():
            add(unit, number)
            with suppress(LookupError), unit.savepoint():
                add(unit, number + 1)
                raise LookupError("innermost")
            raise ValueError("inner")

    def unit(unit: Unit) -> None:
        add(unit, 1)
        with pytest.raises(ValueError, match="inner"):
            fails(unit, 2)
        with unit.savepoint():
            add(unit, 4)

    store.write(unit).result()
    assert numbers(store) == [1, 4]


def test_a_unit_has_one_time(store: Store, clock: ManualClock) -> None:
    def unit(unit: Unit) -> tuple[int, int]:
        before = unit.now
        clock.advance(5)
        return before, unit.now

    before, after = store.write(unit).result()
    assert before == after == clock.now() - 5


def test_readers_never_wait_for_the_writer_and_see_one_snapshot(store: Store) -> None:
    store.write(lambda unit: add(unit, 1)).result()
    written, go = Event(), Event()

    def slow(unit: Unit) -> None:
        add(unit, 2)
        written.set()
        assert go.wait(10)

    writing = store.write(slow)
    assert written.wait(10)
    assert store.read(lambda unit: len(unit.rows(_ALL))).result(5) == 1

    def twice(unit: Unit) -> tuple[int, int]:
        first = len(unit.rows(_ALL))
        go.set()
        writing.result(10)
        return first, len(unit.rows(_ALL))

    assert store.read(twice).result(10) == (1, 1)
    assert numbers(store) == [1, 2]


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(Exception, match=r"readonly|read-only"):
        store.read(lambda unit: add(unit, 1)).result()
    assert numbers(store) == []
    assert store.write(lambda unit: unit.writable).result()
    assert not store.read(lambda unit: unit.writable).result()


def test_listeners_hear_of_commits_only_and_a_broken_one_breaks_nothing(store: Store) -> None:
    heard: list[str] = []

    def broken(topic: str) -> None:
        raise RuntimeError(topic)

    store.listen(broken)
    store.listen(heard.append)

    def wakes(unit: Unit, *, fail: bool) -> None:
        unit.wake("topic")
        if fail:
            raise ValueError("no")

    store.write(lambda unit: wakes(unit, fail=False)).result()
    assert heard == ["topic"]
    with pytest.raises(ValueError, match="no"):
        store.write(lambda unit: wakes(unit, fail=True)).result()
    assert heard == ["topic"]
    assert store.write(lambda unit: add(unit, 1)).result() == 1


def test_what_was_handed_over_before_closing_is_done(engine: str, new_store: StoreFactory) -> None:
    store = new_store(engine)
    futures = [store.write(lambda unit, n=n: add(unit, n)) for n in range(20)]  # type: ignore[misc]
    store.close()
    assert [f.result(10) for f in futures] == list(range(20))
    with pytest.raises(StoreClosed):
        store.write(lambda unit: add(unit, 99))
    with pytest.raises(StoreClosed):
        store.read(lambda unit: 1)
    store.close()


@pytest.mark.parametrize("engine", ["postgres"])
def test_two_who_insert_the_same_row_at_once_both_end_well(store: Store) -> None:
    """The one who comes second runs again and finds the row of the first."""
    inserted, go = Event(), Event()
    runs: list[str] = []

    def get_or_add(unit: Unit, who: str) -> str:
        runs.append(who)
        if unit.rows(_ALL):
            return "found"
        if who == "first":
            add(unit, 1)
            inserted.set()
            assert go.wait(10)
        else:
            go.set()
            add(unit, 1)
        return "added"

    first = store.write(lambda unit: get_or_add(unit, "first"))
    assert inserted.wait(10)
    second = store.write(lambda unit: get_or_add(unit, "second"))
    assert (first.result(10), second.result(10)) == ("added", "found")
    assert runs == ["first", "second", "second"]


@pytest.mark.parametrize("engine", ["postgres"])
def test_a_deadlock_is_tried_again(store: Store) -> None:
    both = [Event(), Event()]
    lock = text("SELECT pg_advisory_xact_lock(:n)")
    runs: list[int] = []

    def unit(unit: Unit, mine: int) -> int:
        runs.append(mine)
        unit.execute(lock, {"n": mine})
        both[mine].set()
        both[1 - mine].wait(5)
        unit.execute(lock, {"n": 1 - mine})
        return mine

    futures = [store.write(lambda u, n=n: unit(u, n)) for n in (0, 1)]  # type: ignore[misc]
    assert [f.result(20) for f in futures] == [0, 1]
    assert len(runs) >= 3
