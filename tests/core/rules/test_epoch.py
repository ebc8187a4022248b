"""What is remembered between questions is never older than the transaction that asks, and never newer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from random import Random

import psycopg
import pytest
from hypothesis import given, settings
from sqlalchemy import insert

from core.nexuses.members import add_role, suspend
from core.nexuses.tables import membership
from core.nexuses.tree import ROOT_ID, add_nexus, archive, move, nexus_of
from core.operations.context import Audience, AudienceKind
from core.people.tables import person
from core.records.records import add_record
from core.rules import consents, masks, resolver, rules
from core.rules.words import NOTHING, Action, pack_actions
from core.store import Unit
from tests.core.rules.built import build, look, person_row
from tests.core.rules.checks import Disagreements, check, decisions, rows
from tests.core.rules.doings import Several, Undone, glance, play
from tests.core.rules.test_decide import RANDOMS
from tests.core.rules.worlds import NOW, PEOPLE, SOON, few, make
from tests.postgres import PostgresServer

Fresh = Callable[[], AbstractContextManager[Several]]
ANA, BEN = PEOPLE[:2]


@settings(max_examples=few(6))
@given(random=RANDOMS)
def test_whatever_happens_in_whatever_order_what_is_said_is_what_is_so(fresh: Fresh, random: Random) -> None:
    with fresh() as several:
        assert play(several, random, 15) == []


@settings(max_examples=few(6))
@given(random=RANDOMS)
def test_what_is_committed_is_read_as_it_is(fresh: Fresh, random: Random) -> None:
    """By every process, and again by each from what it remembers."""
    with fresh() as several:
        several.stores[0].write(lambda unit: build(unit, make(random))).result()
        assert several.stores[0].read(check).result() == []
        for store in (*several.stores, *several.stores):
            assert store.read(glance).result() == []


def house(several: Several) -> dict[str, int]:
    """Ben's need in a Nexus below the root, where Ana is a member and Ben is not; read once by every process."""

    def unit(unit: Unit) -> dict[str, int]:
        unit.execute(insert(person), [person_row(ANA), person_row(BEN)])
        inside = add_nexus(unit, "Inside", parent_id=ROOT_ID, door="members").id
        add_role(unit, ANA, inside, "member", granted_by=1)
        made, _ = add_record(unit, "need", nexus_id=inside, author_id=BEN, body="a desk")
        return {"nexus": inside, "need": made}

    made = several.stores[0].write(unit).result()
    assert [sees(several, made, each) for each in range(len(several.stores))] == [True] * len(several.stores)
    return made


def ana_sees(unit: Unit, made: dict[str, int]) -> bool:
    return resolver.may(unit, Audience(AudienceKind.PERSON, ANA), rows(unit)[made["need"]])


def sees(several: Several, made: dict[str, int], each: int) -> bool:
    return several.stores[each].read(lambda unit: ana_sees(unit, made)).result()


def say_of_members(
    unit: Unit, nexus_id: int, effect: str, *, kind: str = "*", locked: bool = False, not_after: int | None = None
) -> None:
    rules.set_rule(
        unit,
        nexus_id,
        kind=kind,
        audience="member",
        actions=pack_actions(Action),
        effect=effect,
        locked=locked,
        not_after=not_after,
        by=1,
    )


def denied(unit: Unit, made: dict[str, int]) -> None:
    say_of_members(unit, made["nexus"], "deny")


def suspended(unit: Unit, made: dict[str, int]) -> None:
    suspend(unit, ANA, made["nexus"])


def taken_in_sql(unit: Unit, made: dict[str, int]) -> None:
    unit.execute(membership.delete().where(membership.c.person_id == ANA))


def archived(unit: Unit, made: dict[str, int]) -> None:
    archive(unit, nexus_of(unit, made["nexus"]))


def denied_above(unit: Unit, made: dict[str, int]) -> None:
    say_of_members(unit, ROOT_ID, "deny", locked=True)


def moved_below_a_lock(unit: Unit, made: dict[str, int]) -> None:
    strict = add_nexus(unit, "Strict", parent_id=ROOT_ID, door="members")
    say_of_members(unit, strict.id, "deny", locked=True)
    move(unit, nexus_of(unit, made["nexus"]), strict)


HIDES = (denied, suspended, taken_in_sql, archived, denied_above, moved_below_a_lock)


@pytest.mark.parametrize("hide", HIDES)
def test_what_hides_does_so_at_once_in_the_unit_itself_and_for_every_process(
    fresh: Fresh, hide: Callable[[Unit, dict[str, int]], None]
) -> None:
    with fresh() as several:
        made = house(several)

        def unit(unit: Unit) -> tuple[bool, bool]:
            before = ana_sees(unit, made)
            hide(unit, made)
            return before, ana_sees(unit, made)

        assert several.stores[-1].write(unit).result() == (True, False)
        assert [sees(several, made, each) for each in range(len(several.stores))] == [False] * len(several.stores)


@pytest.mark.parametrize("hide", HIDES)
@pytest.mark.parametrize("whole", [True, False], ids=["unit", "step"])
def test_what_was_undone_has_left_nothing_behind(
    fresh: Fresh, hide: Callable[[Unit, dict[str, int]], None], *, whole: bool
) -> None:
    with fresh() as several:
        made = house(several)
        store = several.stores[0]

        def unit(unit: Unit) -> bool:
            with suppress(Undone), unit.savepoint():
                hide(unit, made)
                assert not ana_sees(unit, made)
                raise Undone
            again = ana_sees(unit, made)
            if whole:
                hide(unit, made)
                assert not ana_sees(unit, made)
                raise Undone
            return again

        if whole:
            with pytest.raises(Undone):
                store.write(unit).result()
        else:
            assert store.write(unit).result() is True
        assert sees(several, made, 0) is True
        # The numbers that were drawn and given back are drawn again by others.
        other = add_role_elsewhere(several)
        assert sees(several, made, 0) is True
        assert other


def add_role_elsewhere(several: Several) -> bool:
    def unit(unit: Unit) -> bool:
        beside = add_nexus(unit, "Beside", parent_id=ROOT_ID, door="members")
        return add_role(unit, ANA, beside.id, "guest", granted_by=1)

    return several.stores[0].write(unit).result()


@pytest.mark.parametrize("hide", HIDES)
def test_a_reader_of_an_older_moment_says_what_was_so_then(
    fresh: Fresh, hide: Callable[[Unit, dict[str, int]], None]
) -> None:
    """It runs on while others write, and what it then remembers is not taken for the present."""
    with fresh() as several:
        made = house(several)
        store = several.stores[0]

        def reader(unit: Unit) -> Disagreements:
            then = look(unit)  # from here on it sees this moment
            store.write(lambda inner: hide(inner, made)).result()
            assert not sees(several, made, 0)  # somebody else has read the present before it asks
            assert ana_sees(unit, made)
            return decisions(unit, then)

        assert store.read(reader).result() == []
        assert [sees(several, made, each) for each in range(len(several.stores))] == [False] * len(several.stores)
        assert store.read(check).result() == []


def test_a_rule_ends_at_its_moment_though_nobody_writes(fresh: Fresh) -> None:
    with fresh() as several:
        made = house(several)
        several.stores[0].write(lambda unit: say_of_members(unit, made["nexus"], "deny", not_after=NOW + SOON)).result()
        said = []
        for step in (0, SOON - 1, 1, 1):
            several.clock.advance(step)
            said.append([sees(several, made, each) for each in range(len(several.stores))])
        assert [one[0] for one in said] == [False, False, True, True]
        assert all(len(set(one)) == 1 for one in said)
        assert several.stores[0].read(check).result() == []


def test_making_everything_anew_leaves_nobody_with_a_row_that_is_no_more(fresh: Fresh) -> None:
    """What a process knows of a kind that had a rule of its own once is not what it goes on believing."""
    with fresh() as several:
        made = house(several)
        store = several.stores[0]
        store.write(lambda unit: say_of_members(unit, made["nexus"], "permit", kind="need")).result()
        store.write(lambda unit: rules.clear_rules(unit, made["nexus"], kind="need")).result()
        assert [sees(several, made, each) for each in range(len(several.stores))] == [True] * len(several.stores)
        store.write(masks.rebuild).result()
        assert [sees(several, made, each) for each in range(len(several.stores))] == [True] * len(several.stores)
        store.write(lambda unit: denied(unit, made)).result()
        assert [sees(several, made, each) for each in range(len(several.stores))] == [False] * len(several.stores)


@settings(max_examples=few(5))
@given(random=RANDOMS)
def test_every_rule_ends_at_its_moment(fresh: Fresh, random: Random) -> None:
    with fresh() as several:
        several.stores[0].write(lambda unit: build(unit, make(random))).result()
        for step in (0, 1, SOON - 2, 1, 1):
            several.clock.advance(step)
            for store in several.stores:
                assert store.read(lambda unit: decisions(unit, actions=(Action.SEE,))).result() == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_units_that_share_a_commit_see_each_other_and_none_that_failed(fresh: Fresh) -> None:
    with fresh() as several:
        made = house(several)
        store = several.stores[0]
        seen: list[bool] = []

        def failed(unit: Unit) -> None:
            denied(unit, made)
            seen.append(ana_sees(unit, made))
            raise Undone

        def behind(unit: Unit) -> None:
            seen.append(ana_sees(unit, made))
            suspended(unit, made)

        def last(unit: Unit) -> None:
            seen.append(ana_sees(unit, made))

        def busy(unit: Unit) -> list[object]:
            """While the writer is at this one, the others gather for one commit."""
            return [store.write(each) for each in (failed, behind, last)]

        running = store.write(busy).result()
        with pytest.raises(Undone):
            running[0].result()  # type: ignore[attr-defined]
        for one in running[1:]:
            one.result()  # type: ignore[attr-defined]
        assert seen == [False, True, False]
        assert sees(several, made, 0) is False


@pytest.mark.parametrize("engine", ["postgres"])
@pytest.mark.parametrize("consent_first", [True, False], ids=["consent first", "words first"])
def test_what_is_said_at_the_same_moment_by_two_processes_is_no_way_around_consent(
    fresh: Fresh, postgres: PostgresServer, *, consent_first: bool
) -> None:
    """Somebody writes something, and takes their consent back, at once."""
    with fresh() as several:
        made = house(several)
        done, go = threading.Event(), threading.Event()

        def refuse(unit: Unit) -> None:
            consents.set_consent(unit, BEN, word=NOTHING)

        def write(unit: Unit) -> None:
            add_record(unit, "need", nexus_id=made["nexus"], author_id=BEN, body="a lamp")

        one, other = (refuse, write) if consent_first else (write, refuse)

        def slow(unit: Unit) -> None:
            one(unit)
            done.set()
            assert go.wait(20)

        first = several.stores[0].write(slow)
        assert done.wait(20)
        second = several.stores[1].write(other)
        wait_for(lambda: second.done() or somebody_waits(postgres))
        go.set()
        first.result()
        second.result()
        for store in several.stores:
            assert store.read(decisions).result() == []


def somebody_waits(server: PostgresServer) -> bool:
    with psycopg.connect(server.url()) as connection:
        row = connection.execute(b"SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone()
    assert row is not None
    return bool(row[0])


def wait_for(so: Callable[[], bool]) -> None:
    """Until it is so, at most half a minute."""
    pause = threading.Event()
    for _ in range(3000):
        if so():
            return
        pause.wait(0.01)
    raise AssertionError("it never was")
