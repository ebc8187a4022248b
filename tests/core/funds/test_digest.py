"""What was given in some time, and who hears it each month."""

from __future__ import annotations

from typing import Any

import pytest

from core.clock import DAY, ManualClock
from core.errors import BadInput, NotAllowed
from core.funds import digest, funds
from core.ledger.units import Money
from core.notices.notices import announced, waiting
from core.operations import Origin
from core.operations.run import Ask
from core.places.places import bind
from core.rules.rules import set_rule
from core.rules.words import Action, pack_actions
from tests.core.funds.books import hours, pay, peopled
from tests.world import World


@pytest.fixture
def world(world: World) -> World:
    peopled(world)
    world.do("Tessa", "fund.deposit", amount="1000 EUR")
    return world


def deny(world: World, kind: str) -> None:
    world.write(
        lambda unit: set_rule(
            unit,
            world.nexuses["Parser"].id,
            kind=kind,
            audience="member",
            effect="deny",
            actions=pack_actions((Action.SEE, Action.QUOTE)),
            by=world.id_of("Otto"),
        )
    )


def told(world: World, who: str) -> list[Any]:
    return [n for n in world.write(lambda unit: waiting(unit)) if n["person_id"] == world.id_of(who)]


def sweep(world: World) -> None:
    assert not world.write(digest.sweep)


def test_what_was_given(world: World, clock: ManualClock) -> None:
    pay(world, "Tessa", "Ana", Money(4_000, "EUR"), fee=100)
    pay(world, "Tessa", "Cai", Money(1_000, "EUR"))
    hours(world, "Ben", "Ana", 90)
    clock.advance(40 * DAY)
    pay(world, "Tessa", "Ana", Money(500, "EUR"))
    january = world.do("Ben", "fund.digest", period="january")
    assert (january.money, january.hours, january.people) == (("50.00 EUR",), "1h30", 2)
    assert [(one.amount, one.who, one.what) for one in january.gifts] == [
        ("40.00 EUR", "Ana", "what Ana builds"),
        ("10.00 EUR", "Cai", "what Cai builds"),
    ]
    assert world.do("Ben", "fund.digest").money == ("5.00 EUR",)
    assert world.do("Ben", "fund.digest", period="ever").money == ("55.00 EUR",)
    world.do("Otto", "fund.correct", entry="10 EUR", reason="never went out")
    assert world.do("Ben", "fund.digest", period="january").money == ("40.00 EUR",)
    given = world.read(lambda unit: funds.given(unit, world.nexuses["Parser"].id))
    assert given == funds.Given((Money(4_500, "EUR"),), 90, 1)
    with pytest.raises(BadInput, match="as a period"):
        world.call("Ben", "fund.digest", period="soonish")


def test_what_it_was_for_as_the_rules_allow(world: World) -> None:
    pay(world, "Tessa", "Ana", Money(4_000, "EUR"))
    deny(world, "grant")
    seen = world.do("Ben", "fund.digest")
    assert (seen.money, seen.gifts, seen.others) == (("40.00 EUR",), (), 1)
    assert len(world.do("Ana", "fund.digest").gifts) == 1  # it is hers
    deny(world, "fund")
    with pytest.raises(NotAllowed):
        world.call("Ben", "fund.digest")


def test_each_month_once_and_only_if_something_was_given(world: World, clock: ManualClock) -> None:
    assert world.do("Ben", "fund.monthly").changed
    assert not world.do("Ben", "fund.monthly").changed
    pay(world, "Tessa", "Ana", Money(4_000, "EUR"))
    clock.advance(32 * DAY)  # 2 February
    sweep(world)
    assert told(world, "Ben") == []
    clock.advance(DAY)
    sweep(world)
    sweep(world)
    (notice,) = told(world, "Ben")
    assert notice["template"].format(**notice["data"]) == "What Parser gave in January 2026:"
    operation, arguments = notice["card"]
    assert world.do("Ben", operation, **arguments).money == ("40.00 EUR",)
    clock.advance(30 * DAY)  # in February nothing was given
    sweep(world)
    assert len(told(world, "Ben")) == 1
    pay(world, "Tessa", "Ana", Money(100, "EUR"))
    world.do("Ben", "fund.monthly", on="no")
    clock.advance(60 * DAY)
    sweep(world)
    assert len(told(world, "Ben")) == 1


def test_a_place_hears_it_if_a_steward_says_so_there(world: World, clock: ManualClock) -> None:
    place = world.place("Lobby")
    world.write(lambda unit: bind(unit, place.id, world.nexuses["Parser"].id, "members", by=world.id_of("Otto")))
    with pytest.raises(NotAllowed, match="In our direct chat"):
        world.call("Ben", "fund.monthly", at={"place": place})
    assert world.do("Otto", "fund.monthly", at={"place": place}).here
    pay(world, "Tessa", "Ana", Money(4_000, "EUR"))
    clock.advance(33 * DAY)
    sweep(world)
    (said,) = world.write(lambda unit: announced(unit))
    assert (said["place_id"], said["card"][0]) == (place.id, "fund.digest")
    pay(world, "Tessa", "Ana", Money(4_000, "EUR"))
    deny(world, "fund")
    clock.advance(30 * DAY)
    sweep(world)
    assert len(world.write(lambda unit: announced(unit))) == 1


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ({}, "Each month I say here what Parser gave: is that right?"),
        ({"on": "no"}, "I no longer say here each month what Parser gave: is that right?"),
    ],
)
def test_the_question_names_what_was_understood(world: World, said: dict[str, str], question: str) -> None:
    asked = world.call("Ben", "fund.monthly", at={"origin": Origin.TALK}, **said)
    assert isinstance(asked, Ask)
    assert asked.question.format(**asked.arguments) == question
