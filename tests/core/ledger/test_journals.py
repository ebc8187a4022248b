"""Posting and reserving, one thing at a time: what is done twice, what is refused, what a refusal leaves behind."""

from __future__ import annotations

import pytest

from core.clock import DAY, ManualClock
from core.errors import Conflict
from core.ledger import holds, journals, statement
from core.ledger.accounts import Account, Balance, Kind
from core.ledger.journals import Leg, NotEnough, Words
from core.store import Store, Unit
from tests.core.ledger.books import Books


@pytest.fixture
def books(store: Store) -> Books:
    """A fund with 1,000.00 in it."""
    made = Books(store)
    made.write(lambda unit: made.deposit(unit, "d", 100_000, words=Words("for winter", "bank", "R1")))
    return made


def test_the_same_done_later_is_the_same(books: Books, clock: ManualClock) -> None:
    first = books.write(lambda unit: journals.posted(unit, "d"))
    clock.advance(DAY)
    assert books.write(lambda unit: books.deposit(unit, "d", 100_000)) == first
    assert books.write(lambda unit: books.deposit(unit, "d", 100_000, day=clock.now() - DAY)) == first
    assert books.balance(Kind.FUND) == Balance(100_000, 0)
    for again in ({"amount": 99_999}, {"amount": 100_000, "day": clock.now()}):
        with pytest.raises(Conflict) as refused:
            books.write(lambda unit, again=again: books.deposit(unit, "d", **again))  # type: ignore[misc]
        assert refused.value.code == "key_reused"


def test_a_refusal_leaves_nothing_even_where_the_caller_goes_on(books: Books) -> None:
    def unit(unit: Unit) -> str:
        fund, other = (books.account(unit, kind, person=who) for kind, who in ((Kind.FUND, None), (Kind.OWN, 1)))
        given = books.account(unit, Kind.GIVEN, person=1)
        legs = [Leg(fund, -500), Leg(other, -1), Leg(given, 501)]
        with pytest.raises(NotEnough) as refused:  # the first account could, the second cannot
            journals.post(unit, "p", "payment", books.cause(), legs)
        with pytest.raises(NotEnough):
            books.hold(unit, "h", 100_001)
        hold_id = books.hold(unit, "h2", 60_000)
        legs = [Leg(given, 60_000), Leg(fund, -40_001), Leg(books.account(unit, Kind.FEE), 40_001)]
        with pytest.raises(NotEnough):
            holds.settle(unit, hold_id, "s", "payment", books.cause(), legs)
        return refused.value.message

    assert books.write(unit) == "0.01 EUR is more than there is: 0.00 EUR is free."
    assert books.balance(Kind.FUND) == Balance(100_000, 60_000)
    report = books.verify()
    assert (report.count, report.journals, report.holds) == (0, 1, 1)


def test_what_is_settled_twice_is_settled_once(books: Books, clock: ManualClock) -> None:
    hold_id = books.write(lambda unit: books.hold(unit, "h", 60_000))
    first = books.write(lambda unit: books.pay(unit, hold_id, "p", 20_000))
    clock.advance(DAY)
    assert books.write(lambda unit: books.pay(unit, hold_id, "p", 20_000)) == first
    for key, amount, code in (("p", 10_000, "key_reused"), ("other", 20_000, "hold_ended")):
        with pytest.raises(Conflict) as refused:
            books.write(lambda unit, k=key, a=amount: books.pay(unit, hold_id, k, a))  # type: ignore[misc]
        assert refused.value.code == code
    _, rest = first
    assert books.write(lambda unit: holds.hold_of(unit, rest)).amount == 40_000
    assert books.balance(Kind.FUND) == Balance(80_000, 40_000)
    assert books.write(lambda unit: holds.release(unit, rest, 0))
    assert not books.write(lambda unit: holds.release(unit, rest, 0))
    assert books.balance(Kind.FUND) == Balance(80_000, 0)


def test_a_key_that_was_used_for_a_plain_entry_settles_no_reservation(books: Books) -> None:
    def plain(unit: Unit) -> None:
        fund, given = books.account(unit, Kind.FUND), books.account(unit, Kind.GIVEN, person=1)
        journals.post(unit, "p", "payment", books.cause("test"), [Leg(fund, -500), Leg(given, 500)])

    books.write(plain)
    hold_id = books.write(lambda unit: books.hold(unit, "h", 500))
    with pytest.raises(Conflict) as refused:
        books.write(lambda unit: books.pay(unit, hold_id, "p", 500))
    assert refused.value.code == "key_reused"
    assert books.balance(Kind.FUND) == Balance(99_500, 500)
    assert books.verify().healthy


def test_what_runs_out_is_found_and_given_back(books: Books, clock: ManualClock) -> None:
    def reserve(unit: Unit) -> int:
        fund = books.account(unit, Kind.FUND)
        return holds.reserve(unit, "h", fund, 500, books.cause("grant", 9), expires_at=clock.now() + DAY)

    hold_id = books.write(reserve)
    assert books.write(lambda unit: holds.run_out(unit)) == []
    assert [one.id for one in books.write(lambda unit: holds.open_holds(unit, "grant", 9))] == [hold_id]
    clock.advance(DAY)
    assert books.write(lambda unit: holds.run_out(unit)) == [hold_id]
    assert books.write(lambda unit: holds.release(unit, hold_id, 0, expired=True))
    assert books.write(lambda unit: holds.hold_of(unit, hold_id)).state == "expired"
    assert books.write(lambda unit: holds.run_out(unit)) == []
    assert books.verify().healthy


def test_a_statement_is_read_page_by_page_newest_first(books: Books) -> None:
    for number in range(1, 6):
        hold_id = books.write(lambda unit, n=number: books.hold(unit, f"h{n}", n))  # type: ignore[misc]
        books.write(lambda unit, n=number, h=hold_id: books.pay(unit, h, f"p{n}", n))  # type: ignore[misc]

    def fund(unit: Unit) -> Account:
        return books.account(unit, Kind.FUND)

    first = books.write(lambda unit: statement.lines(unit, fund(unit).id, most=4))
    assert [(one.kind, one.amount) for one in first] == [("payment", -n) for n in (5, 4, 3, 2)]
    then = books.write(lambda unit: statement.lines(unit, fund(unit).id, most=4, before=first[-1].change))
    assert [(one.kind, one.amount) for one in then] == [("payment", -1), ("deposit", 100_000)]
    words = books.write(lambda unit: journals.words_of(unit, then[-1].journal_id))
    assert words == Words("for winter", "bank", "R1")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_no_journal_may_be(books: Books) -> None:
    def unit(unit: Unit) -> None:
        fund, given = books.account(unit, Kind.FUND), books.account(unit, Kind.GIVEN, person=1)
        yen = books.account(unit, Kind.FUND, "JPY")
        for legs in (
            [],
            [Leg(fund, 0), Leg(given, 0)],
            [Leg(fund, -5), Leg(given, 4)],
            [Leg(fund, -5), Leg(yen, 5)],
            [Leg(fund, -(10**15) - 1), Leg(given, 10**15 + 1)],
        ):
            with pytest.raises(ValueError, match=r"a leg of|sums to zero"):
                journals.post(unit, "x", "payment", books.cause(), legs)
        with pytest.raises(ValueError, match="a journal is one of"):
            journals.post(unit, "x", "gift", books.cause(), [Leg(fund, -5), Leg(given, 5)])
        for amount in (0, -1, 10**15 + 1):
            with pytest.raises(ValueError, match="a hold of"):
                books.hold(unit, "x", amount)
        for look in (holds.hold_of, journals.journal_of):
            with pytest.raises(LookupError):
                look(unit, 7)

    books.write(unit)
