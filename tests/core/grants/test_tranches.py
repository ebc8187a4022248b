"""The parts of a grant: that they sum to what is awarded, become due, and what time uses up of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import DAY
from core.errors import Conflict
from core.grants.grants import grant_of
from core.grants.tranches import give_back, split
from core.ledger.accounts import Kind, balance
from core.ledger.units import Money
from core.store import Unit
from tests.core.grants.circle import Circle
from tests.core.grants.lives import accepted, states, swept
from tests.world import World


@pytest.fixture
def circle(world: World) -> Circle:
    return Circle(world)


@given(st.integers(1, 10**15), st.integers(1, 36))
def test_parts_sum_to_the_whole_and_differ_by_at_most_one(minor: int, parts: int) -> None:
    if minor < parts:
        with pytest.raises(Conflict, match="can't be split"):
            split(Money(minor, "EUR"), parts)
        return
    found = [one.minor for one in split(Money(minor, "EUR"), parts)]
    assert sum(found) == minor
    assert max(found) - min(found) <= 1
    assert found == sorted(found, reverse=True)


def _spend(circle: Circle, handle: str, time: str) -> None:
    """Ben helped Ana with the grant, and she says so."""
    entry = circle.world.do("Ben", "hours.log", person="Ana", time=time, about=f"the parser {time}", grant=f"#{handle}")
    circle.world.do("Ana", "hours.confirm", entry=f"#{entry.handle}")


def test_the_first_part_is_due_with_the_yes_and_the_others_count_from_it(circle: Circle) -> None:
    handle = accepted(circle, amount="100 EUR", parts="3", each="30 days")
    now = circle.world.clock.now()
    parts = circle.grant(handle).tranches
    assert [one.amount.minor for one in parts] == [3_334, 3_333, 3_333]
    assert [one.due_at for one in parts] == [now, now + 30 * DAY, now + 60 * DAY]
    assert states(circle, handle) == ["due", "planned", "planned"]
    swept(circle, 30 * DAY)
    assert states(circle, handle) == ["due", "due", "planned"]


def test_time_is_used_up_entry_by_entry_and_beside_the_money(circle: Circle) -> None:
    handle = accepted(circle, hours="2h")
    assert [str(one.amount) for one in circle.grant(handle).tranches] == ["500.00 EUR", "2h"]
    promised = circle.world.read(lambda unit: balance(unit, Kind.TIME, circle.parser, "MIN"))
    assert (promised.posted, promised.held) == (0, 120)
    _spend(circle, handle, "50m")
    assert (circle.grant(handle).state, states(circle, handle)) == ("active", ["due", "due"])
    _spend(circle, handle, "100m")  # half an hour more than was promised counts too
    assert states(circle, handle) == ["due", "paid"]
    promised = circle.world.read(lambda unit: balance(unit, Kind.TIME, circle.parser, "MIN"))
    assert (promised.posted, promised.held) == (0, 0)
    given_ = circle.world.read(lambda unit: balance(unit, Kind.GIVEN, circle.parser, "MIN", circle.world.id_of("Ana")))
    assert given_.posted == 150
    circle.world.do("Tom", "grant.pay", grant=f"#{handle}")
    assert circle.grant(handle).state == "completed"
    assert circle.free() == (70_000, 0)
    circle.sound()


def test_ones_own_promise_of_time_is_used_up_by_oneself(circle: Circle) -> None:
    handle = accepted(circle, "Ben", amount="1h", giver="me")
    _spend(circle, handle, "1h")
    assert circle.grant(handle).state == "completed"
    worked = circle.world.read(lambda unit: balance(unit, Kind.WORKED, circle.parser, "MIN", circle.world.id_of("Ben")))
    assert (worked.posted, worked.held) == (-60, 0)
    circle.sound()


def test_giving_back_frees_what_is_left_of_time_and_money(circle: Circle) -> None:
    handle = accepted(circle, hours="2h")
    _spend(circle, handle, "45m")

    def unit(unit: Unit) -> list[Money]:
        return give_back(unit, grant_of(unit, circle.grant(handle).id, locked=True), 0)

    freed = circle.world.write(unit)
    assert [str(one) for one in freed] == ["500.00 EUR", "1h15"]
    assert states(circle, handle) == ["returned", "returned"]
    assert circle.free() == (120_000, 0)
