"""Taking payouts up and writing down how they ended: once, whatever comes twice, late or never."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from core.clock import HOUR, MINUTE
from core.grants.tables import grant_event, receipt
from core.ledger.tables import journal
from core.notices.tables import notice
from core.payouts.outcomes import SLOWEST, backoff, settle, take
from core.payouts.provider import WHY, Answer, Order, State, configure
from core.payouts.tables import payout
from tests.core.payouts.ground import ANA, BANK, Ground, ground
from tests.world import World

PAID = Answer(State.PAID, external="tr_1")


def taken(world: World) -> list[Order]:
    return list(world.write(take))


def ended(world: World, order: Order, answer: Answer) -> bool:
    return bool(world.write(lambda unit: settle(unit, order, answer)))


def payments(world: World) -> int:
    return int(world.read(lambda u: u.value(select(func.count()).where(journal.c.kind == "payment"))))


def told(place: Ground) -> list[str]:
    mine = select(notice.c.template).where(notice.c.person_id == place.world.id_of("Tom")).order_by(notice.c.id)
    return [row["template"] for row in place.world.read(lambda unit: unit.rows(mine))]


def test_paid_is_written_into_the_books_once(world: World) -> None:
    place = ground(world)
    place.plan()
    (order,) = taken(world)
    assert (order.money.minor, order.destination, order.attempt, order.first_at) == (50000, ANA, 1, world.clock.now())
    assert place.payouts()[0]["state"] == "sent"
    assert ended(world, order, PAID)
    assert place.state() == "paid"
    assert not ended(world, order, PAID)
    assert not ended(world, order, Answer(State.FAILED, why="balance"))
    assert payments(world) == 1
    assert world.read(lambda unit: unit.value(select(func.count()).select_from(receipt))) == 1
    (row,) = place.payouts()
    assert (row["state"], row["external"], row["why"]) == ("paid", "tr_1", "")


@pytest.mark.parametrize("why", sorted(WHY))
def test_failed_leaves_it_released_and_says_why(world: World, why: str) -> None:
    place = ground(world)
    place.plan()
    (order,) = taken(world)
    assert ended(world, order, Answer(State.FAILED, why=why))
    assert not ended(world, order, PAID)
    assert (place.state(), payments(world)) == ("released", 0)
    (said,) = told(place)
    assert "{why}" in said
    events = world.read(lambda unit: unit.rows(select(grant_event)))
    assert [(row["what"], row["data"]["why"]) for row in events] == [("held_back", why)]
    assert place.plan().state == "waiting"


def test_later_is_tried_again_with_the_same_key(world: World) -> None:
    place = ground(world)
    place.plan()
    (first,) = taken(world)
    assert ended(world, first, Answer(State.LATER, wait=HOUR))
    world.clock.advance(HOUR - 1)
    assert taken(world) == []
    world.clock.advance(1)
    (second,) = taken(world)
    assert (second.attempt, second.key, second.first_at) == (2, first.key, first.first_at)


def test_a_process_that_dies_after_taking_loses_nothing(world: World) -> None:
    place = ground(world)
    place.plan()
    (first,) = taken(world)
    assert taken(world) == []  # it is taken
    world.clock.advance(backoff(1))
    (second,) = taken(world)
    assert (second.key, second.attempt) == (first.key, 2)
    assert ended(world, second, PAID)
    assert not ended(world, first, Answer(State.LATER))  # the slow one comes late
    assert (place.state(), payments(world)) == ("paid", 1)


def test_a_late_answer_of_an_earlier_attempt_still_counts(world: World) -> None:
    place = ground(world)
    place.plan()
    (first,) = taken(world)
    world.clock.advance(backoff(1))
    (second,) = taken(world)
    assert not ended(world, first, Answer(State.LATER))  # somebody is at a later attempt
    assert ended(world, first, PAID)
    assert not ended(world, second, PAID)
    assert payments(world) == 1


@pytest.mark.parametrize("state", ["returned", "skipped"])
def test_what_is_no_longer_to_be_paid_is_not_sent(world: World, state: str) -> None:
    place = ground(world)
    place.plan()
    place.set_state(state)
    assert taken(world) == []
    assert (place.payouts()[0]["state"], place.payouts()[0]["why"]) == ("failed", "withdrawn")


def test_where_to_was_forgotten(world: World) -> None:
    place = ground(world)
    place.plan()
    world.write(lambda unit: unit.changed(payout.update().values(destination="")))
    assert taken(world) == []
    assert place.payouts()[0]["why"] == "account"


def test_another_provider_is_left_to_who_has_it(world: World) -> None:
    place = ground(world)
    place.plan()
    configure(world.store, ())
    assert taken(world) == []
    configure(world.store, (BANK,))
    assert len(taken(world)) == 1
    assert place.state() == "released"


def test_money_that_the_books_can_not_take_is_told(world: World) -> None:
    place = ground(world)
    place.plan()
    (order,) = taken(world)
    place.set_state("returned")  # what nothing here allows
    assert ended(world, order, PAID)
    assert place.payouts()[0]["state"] == "paid"
    assert payments(world) == 0
    assert "could not write it into the books" in told(place)[-1]


def test_attempts_grow_further_apart() -> None:
    spans = [backoff(n) for n in range(1, 40)]
    assert spans[:3] == [MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert spans == sorted(spans)
    assert max(spans) == SLOWEST
