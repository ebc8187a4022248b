"""Numbers tell of groups alone: attacked with changes of one person, overlapping questions, and sums of answers."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import select

from core.clock import ManualClock
from core.counts.counts import (
    FEW,
    SMALLEST,
    WINDOW,
    Told,
    answer,
    choose,
    forget_old,
    forget_person,
    fresh,
    replace_person,
)
from core.counts.tables import told_count
from core.nexuses.tree import ROOT_ID
from core.store import Store, Unit
from tests.conftest import StoreFactory
from tests.world import World

PEOPLE = st.frozensets(st.integers(1, 24), max_size=24)


def tell(store: Store, people: frozenset[int] | set[int], question: str = "q", nexus_id: int = ROOT_ID) -> int:
    number: int = store.write(lambda unit: answer(unit, nexus_id, "need", question, people)).result()
    return number


def crowd(first: int, last: int) -> frozenset[int]:
    return frozenset(range(first, last + 1))


def behind(store: Store, question: str | None = None) -> list[tuple[frozenset[int], int]]:
    """The sets behind what was told (to one question), and the numbers; the last told first."""

    def unit(unit: Unit) -> list[tuple[frozenset[int], int]]:
        rows = unit.rows(select(told_count).order_by(told_count.c.at.desc()))
        return [(frozenset(r["people"]), r["number"]) for r in rows if question in (None, r["question"])]

    found: list[tuple[frozenset[int], int]] = store.read(unit).result()
    return found


@pytest.fixture
def told(world: World) -> Store:
    return world.store


def test_a_group_is_counted_and_a_small_one_is_not(told: Store) -> None:
    assert tell(told, crowd(1, SMALLEST)) == SMALLEST
    assert tell(told, crowd(100, 103), "other") == FEW
    assert tell(told, crowd(200, 220), "third") == 21


@pytest.mark.parametrize("changed", range(1, SMALLEST))
def test_fewer_changes_than_a_group_are_not_seen(told: Store, changed: int) -> None:
    assert tell(told, crowd(1, 12)) == 12
    assert tell(told, crowd(1, 12 - changed)) == 12
    assert tell(told, crowd(1, 12 + changed), "with one word more") == 12
    assert tell(told, crowd(1 + changed, 12)) == 12
    assert tell(told, crowd(1, 12)) == 12


def test_a_group_of_changes_is_seen(told: Store) -> None:
    assert tell(told, crowd(1, 12)) == 12
    assert tell(told, crowd(1, 17)) == 17
    assert tell(told, crowd(1, 16)) == 17  # and back again one by one
    assert tell(told, crowd(1, 12)) == 12


def test_neither_does_growing_out_of_too_few_show_who_came_last(told: Store) -> None:
    assert tell(told, crowd(1, 4)) == FEW
    for last in range(5, 9):
        assert tell(told, crowd(1, last)) == FEW
    assert tell(told, crowd(1, 9)) == 9
    assert tell(told, crowd(1, 3)) == FEW


def test_what_a_question_was_told_last_stays_between_two_groups(told: Store) -> None:
    assert tell(told, crowd(1, 10)) == 10
    assert tell(told, crowd(1, 15)) == 15
    assert tell(told, crowd(1, 12), "a") == 15  # told last of the two that are near
    assert tell(told, crowd(1, 10)) == 10
    assert tell(told, crowd(1, 12), "a") == 15
    assert tell(told, crowd(1, 13), "a") == 15


def test_one_answer_taken_from_another_shows_no_fewer_either(told: Store) -> None:
    assert tell(told, crowd(1, 20), "all") == 20
    assert tell(told, crowd(1, 12), "some") == 12
    assert tell(told, crowd(13, 19), "the rest without one") == 8
    assert tell(told, crowd(13, 20), "the rest") == 8


def test_nor_does_it_when_somebody_has_left_in_between(told: Store) -> None:
    assert tell(told, crowd(1, 6), "some") == 6
    assert tell(told, crowd(2, 12), "all, without the first of them") == 11
    assert tell(told, crowd(7, 12), "others") == 5  # 6 would show that one of the first six was not among all


def test_two_answers_put_together_show_no_fewer_either(told: Store) -> None:
    assert tell(told, crowd(1, 6), "some") == 6
    assert tell(told, crowd(7, 12), "others") == 6
    assert tell(told, crowd(1, 13), "all, and one more") == 12


def test_it_is_forgotten_after_a_while_and_not_while_it_is_repeated(told: Store, clock: ManualClock) -> None:
    assert tell(told, crowd(1, 10)) == 10
    clock.advance(WINDOW - 1)
    assert tell(told, crowd(1, 9)) == 10
    clock.advance(WINDOW - 1)
    assert tell(told, crowd(1, 9)) == 10  # telling it again was telling it
    clock.advance(WINDOW)
    assert told.write(forget_old).result() == 1
    assert tell(told, crowd(1, 9)) == 9


def test_who_is_forgotten_is_in_no_set_and_the_number_stays(told: Store) -> None:
    assert tell(told, crowd(1, 10)) == 10
    assert tell(told, crowd(50, 60), "other") == 11
    told.write(lambda unit: forget_person(unit, 7)).result()
    assert sorted(len(people) for people, _ in behind(told)) == [9, 11]
    assert not any(7 in people for people, _ in behind(told))
    assert tell(told, crowd(1, 10) - {7}) == 10


def test_two_who_are_one_were_counted_once(told: Store) -> None:
    assert tell(told, crowd(1, 10)) == 10
    told.write(lambda unit: replace_person(unit, old=9, new=10)).result()
    assert behind(told) == [(crowd(1, 8) | {10}, 10)]


def test_what_was_told_above_and_below_counts_and_beside_it_does_not(world: World) -> None:
    world.nexus("Parser")
    world.nexus("Inner", parent="Parser")
    world.nexus("Beside")
    inner, parser, beside = (world.nexuses[name].id for name in ("Inner", "Parser", "Beside"))
    assert tell(world.store, crowd(1, 10), nexus_id=parser) == 10
    assert tell(world.store, crowd(1, 9), nexus_id=inner) == 10
    assert tell(world.store, crowd(1, 11), nexus_id=ROOT_ID) == 10
    assert tell(world.store, crowd(1, 9), nexus_id=beside, question="z") == 10  # the root has people in common with it
    world.nexus("Apart", parent="Beside")
    assert world.store.write(
        lambda unit: answer(unit, world.nexuses["Apart"].id, "offer", "q", crowd(1, 9))
    ).result() == len(crowd(1, 9))


def of(people: frozenset[int], number: int, id: int = 1) -> Told:
    return Told(id, 1, "q", people, number)


@given(st.lists(PEOPLE, max_size=6), PEOPLE)
def test_what_is_chosen_is_near_and_never_far(sets: list[frozenset[int]], people: frozenset[int]) -> None:
    told = [of(one, len(one), n) for n, one in enumerate(sets)]
    chosen = choose(told, people, 1, "q")
    near = [one for one in sets if len(one ^ people) < SMALLEST]
    assert (chosen is None) == (not near)
    if chosen is not None:
        assert len(chosen.people ^ people) < SMALLEST
        if people in sets:
            assert chosen.people == people


def owed(parts: list[tuple[frozenset[int], int]], people: frozenset[int]) -> int:
    """How many people make the difference between some sets, added or taken away, and another."""
    everybody = people.union(*(one for one, _ in parts))
    return sum(sum(sign * (p in one) for one, sign in parts) != (p in people) for p in everybody)


@given(st.lists(PEOPLE, max_size=5), PEOPLE)
def test_what_two_answers_come_to_is_what_is_told(sets: list[frozenset[int]], people: frozenset[int]) -> None:
    told = [of(one, len(one) if len(one) >= SMALLEST else FEW, n) for n, one in enumerate(dict.fromkeys(sets))]
    known = [one.people for one in told if one.number]
    wanted: dict[int, int] = {}
    for a, b in itertools.permutations(known, 2):
        for sign in (1, -1):
            number = len(a) + sign * len(b)
            wanted[number if number >= SMALLEST else FEW] = min(
                owed([(a, 1), (b, sign)], people), wanted.get(number if number >= SMALLEST else FEW, 99)
            )
    near = {number: few for number, few in wanted.items() if few < SMALLEST}
    number = fresh(told, people)
    if near:
        assert near[number] == min(near.values())
    else:
        assert number == (len(people) if len(people) >= SMALLEST else FEW)


class Attack(RuleBasedStateMachine):
    """People come and go, and somebody who knows about each change asks whatever they like in between."""

    make: StoreFactory

    @initialize()
    def start(self) -> None:
        self.clock = ManualClock()
        self.store = self.make("sqlite")
        self.store.clock = self.clock
        World(self.store, self.clock)
        self.present = set(range(1, 9))
        self.last: dict[str, int] = {}

    @rule(who=st.integers(1, 16))
    def one_person_changes(self, who: int) -> None:
        self.present ^= {who}

    @rule(among=st.sampled_from((crowd(1, 16), crowd(1, 12), crowd(1, 8), crowd(5, 16), crowd(9, 16))))
    def ask(self, among: frozenset[int]) -> None:
        question, counted = f"q{min(among)}-{max(among)}", frozenset(self.present & among)
        before = [people for people, _ in behind(self.store)]
        latest = next(iter(behind(self.store, question)), None)
        self.clock.advance(1000)
        number = tell(self.store, counted, question)
        if latest is not None and number != latest[1]:
            assert len(latest[0] ^ counted) >= SMALLEST or counted in before, "one question showed fewer"
        new = [one for one in behind(self.store) if one[0] not in before]
        assert len(new) <= 1
        for people, _ in new:
            assert people == counted
            assert all(len(people ^ other) >= SMALLEST for other in before), "two answers show fewer"


def test_attack(new_store: StoreFactory) -> None:
    Attack.make = staticmethod(new_store)
    run_state_machine_as_test(Attack, settings=settings(max_examples=40, stateful_step_count=30, deadline=None))
