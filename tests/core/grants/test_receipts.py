"""Receipts: numbered without a gap by Nexus and year, and shown to those who may see the grant."""

from __future__ import annotations

from typing import Any

import pytest

from core.clock import DAY
from core.errors import NotFound
from core.ledger.journals import NotEnough
from tests.core.grants.circle import Circle
from tests.core.grants.lives import accepted
from tests.core.grants.test_at_once import together
from tests.world import PUBLIC, World


@pytest.fixture
def circle(world: World) -> Circle:
    return Circle(world)


def _pay(circle: Circle, **more: Any) -> str:
    handle = accepted(circle, amount="10 EUR")
    number: str = circle.world.do("Tom", "grant.pay", grant=f"#{handle}", **more).number
    return number


def test_numbers_have_no_gap_and_begin_anew_each_year(circle: Circle) -> None:
    assert [_pay(circle), _pay(circle)] == ["2026-0001", "2026-0002"]
    handle = accepted(circle, amount="10 EUR")
    with pytest.raises(NotEnough):
        circle.world.do("Tom", "grant.pay", grant=f"#{handle}", fee="5000 EUR")
    assert circle.world.do("Tom", "grant.pay", grant=f"#{handle}").number == "2026-0003"
    circle.world.clock.advance(400 * DAY)
    assert _pay(circle) == "2027-0001"


@pytest.mark.parametrize("engine", ["postgres"])
def test_numbers_have_no_gap_however_many_pay_at_once(circle: Circle) -> None:
    handles = [accepted(circle, amount="10 EUR") for _ in range(6)]
    cards = [circle.world.call("Tom", "grant.pay", grant=f"#{handle}") for handle in handles]
    tokens = [card.buttons[0].token for card in cards]  # type: ignore[union-attr]
    went = together(*(lambda token=token: circle.world.press("Tom", token) for token in tokens))
    numbers = sorted(one.result.number for one in went)  # type: ignore[attr-defined]
    assert numbers == [f"2026-{number:04}" for number in range(1, 7)]
    circle.sound()


def test_a_receipt_says_what_it_proves(circle: Circle) -> None:
    number = _pay(circle, method="bank transfer", reference="RF18", day="yesterday")
    page = circle.world.do("Ana", "receipt.show", receipt=number)
    assert (page.name, page.amount, page.method, page.reference) == ("Ana", "10.00 EUR", "bank transfer", "RF18")
    assert (page.nexus, page.purpose, page.part, page.parts, page.undone) == ("Parser", "a parser", 1, 1, False)
    assert page.day == "2 Jan 2026"  # when it was paid, not when it was written down


def test_who_may_not_see_the_grant_learns_nothing_of_its_receipt(circle: Circle) -> None:
    number = _pay(circle)
    for who in ("Ana", "Mia", "Tom"):
        assert circle.world.do(who, "receipt.show", receipt=number, at={"here": "Parser"}).number == number
    for wanted in (number, "2026-0099", "=1"):
        with pytest.raises(NotFound) as refused:
            circle.world.do("Eve", "receipt.show", receipt=wanted, at={"here": "Parser"})
        assert refused.value.data["number"] == ("" if wanted == "=1" else wanted)
        with pytest.raises(NotFound):
            circle.world.do("Ana", "receipt.show", receipt=wanted, at={"here": "Parser", "audience": PUBLIC})


def test_ones_own_receipts_and_those_of_a_nexus(circle: Circle) -> None:
    _pay(circle)
    _pay(circle)
    assert [one.number for one in circle.world.do("Ana", "receipt.list").items] == ["2026-0002", "2026-0001"]
    assert circle.world.do("Tom", "receipt.list").items == ()
    assert len(circle.world.do("Tom", "receipt.list", nexus="Parser").items) == 2
    assert circle.world.do("Eve", "receipt.list").items == ()
    public = circle.world.do("Ana", "receipt.list", at={"here": "Parser", "audience": PUBLIC})
    assert public.items == ()
