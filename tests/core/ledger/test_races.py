"""Many at once for the money of one fund: as many as it lasts for, in threads and in processes."""

from __future__ import annotations

from functools import partial

import pytest

from core.ledger import journals
from core.ledger.accounts import Balance, Kind
from core.ledger.journals import Leg
from core.store import Store, Unit
from tests.core.ledger import races
from tests.core.ledger.books import Books
from tests.core.ledger.racer import ALL, PLAIN


def test_as_many_win_as_the_money_lasts_for(store: Store) -> None:
    paid = races.run(Books(store), places=23, threads=16, processes=0, times=4, hows=PLAIN)
    assert paid == 23


def test_of_those_who_fight_for_one_reservation_one_wins(store: Store) -> None:
    paid = races.run(Books(store), places=40, threads=16, processes=0, times=5, hows=ALL)
    assert paid > 20


@pytest.mark.parametrize("engine", ["postgres"])
def test_four_processes_and_as_many_threads_of_each(store: Store) -> None:
    paid = races.run(Books(store), places=61, threads=16, processes=4, times=6, hows=PLAIN)
    assert paid == 61
    assert races.standing(store.url) == 0


@pytest.mark.parametrize("engine", ["postgres"])
def test_transfers_both_ways_do_not_wait_for_each_other_in_a_circle(store: Store) -> None:
    books = Books(store, nexuses=2)
    for nexus in (0, 1):
        books.write(lambda unit, n=nexus: books.deposit(unit, f"d{n}", 10_000, nexus=n))  # type: ignore[misc]

    def transfer(unit: Unit, number: int) -> None:
        one, other = (books.account(unit, Kind.FUND, nexus=n) for n in (number % 2, 1 - number % 2))
        journals.post(unit, f"t{number}", "transfer", books.cause("transfer"), [Leg(one, -7), Leg(other, 7)])

    for done in [store.write(lambda unit, n=n: transfer(unit, n)) for n in range(200)]:  # type: ignore[misc]
        done.result(60)
    assert [books.balance(Kind.FUND, nexus=n).posted for n in (0, 1)] == [10_000, 10_000]
    assert races.standing(store.url) == 0
    assert books.verify().healthy


def test_a_repeat_that_waits_for_the_first_finds_what_it_did(store: Store) -> None:
    books = Books(store)
    books.write(lambda unit: books.deposit(unit, "d", 100))

    def pay_all(unit: Unit) -> int:
        fund = books.account(unit, Kind.FUND)
        given = books.account(unit, Kind.GIVEN, person=1)
        return journals.post(unit, "all", "payment", books.cause(), [Leg(fund, -100), Leg(given, 100)])

    results = {done.result(60) for done in [store.write(pay_all) for _ in range(16)]}
    assert len(results) == 1
    assert books.balance(Kind.FUND).posted == 0
    assert books.verify().healthy


def test_a_confirmation_that_is_pressed_by_many_at_once_has_one_effect(store: Store) -> None:
    books = Books(store)
    books.write(lambda unit: books.deposit(unit, "d", 100))
    for turn in range(5):
        hold_id = books.write(partial(books.hold, key=f"h{turn}", amount=10))
        press = partial(books.pay, hold_id=hold_id, key=f"p{turn}", amount=7)
        results = {done.result(60) for done in [store.write(press) for _ in range(16)]}
        assert len(results) == 1
    assert books.balance(Kind.FUND) == Balance(65, 15)
    assert books.verify().healthy
