"""Whole lives of grants in any order of steps, and several hands at once on a real server."""

from __future__ import annotations

import pytest

from core.clock import DAY
from core.errors import NexusError
from core.grants.sweep import sweep
from core.operations.run import Ask
from tests.core.grants.circle import Circle
from tests.core.grants.life import live
from tests.core.grants.lives import accepted, states
from tests.core.grants.test_at_once import together
from tests.world import World


@pytest.mark.parametrize("engine", ["sqlite"])
def test_no_order_of_steps_breaks_a_grant(world: World) -> None:
    live(world, examples=30, steps=20)


def _token(circle: Circle, who: str, operation: str, handle: str, **more: str) -> str:
    asked = circle.world.call(who, operation, at=None, grant=f"#{handle}", **more)
    assert isinstance(asked, Ask)
    return asked.buttons[0].token


@pytest.mark.parametrize("engine", ["postgres"])
def test_two_who_pay_the_same_part_at_once_pay_it_once(world: World) -> None:
    circle = Circle(world)
    handle = accepted(circle)
    tokens = {who: _token(circle, who, "grant.pay", handle) for who in ("Olga", "Stan", "Tom")}
    went = together(*(lambda who=who, token=token: world.press(who, token) for who, token in tokens.items()))
    assert len([one for one in went if not isinstance(one, NexusError)]) == 1
    assert (states(circle, handle), circle.free()) == (["paid"], (70_000, 0))
    assert len(world.do("Ana", "receipt.list").items) == 1
    circle.sound()


@pytest.mark.parametrize("engine", ["postgres"])
def test_paying_and_revoking_at_once_is_one_before_the_other(world: World) -> None:
    circle = Circle(world)
    for _ in range(3):
        before = circle.free()[0]
        handle = accepted(circle, amount="100 EUR", parts="2")
        pay, revoke = (
            _token(circle, "Tom", "grant.pay", handle),
            _token(circle, "Stan", "grant.revoke", handle, reason="x"),
        )
        together(lambda pay=pay: world.press("Tom", pay), lambda revoke=revoke: world.press("Stan", revoke))  # type: ignore[misc]
        assert circle.grant(handle).state == "revoked"
        found = (states(circle, handle), before - circle.free()[0])
        assert found in ((["paid", "returned"], 5_000), (["returned", "returned"], 0))
        assert circle.free()[1] == 0
    circle.sound()


@pytest.mark.parametrize("engine", ["postgres"])
def test_the_yes_and_the_sweep_at_the_same_moment_and_two_sweeps(world: World) -> None:
    circle = Circle(world)
    handles = [circle.propose(amount="100 EUR") for _ in range(3)]
    for handle in handles:
        for who in ("Stan", "Tom"):
            world.do(who, "grant.approve", grant=f"#{handle}")
    late = accepted(circle, amount="100 EUR", parts="2", each="14 days")
    world.clock.advance(14 * DAY)
    yes = lambda: world.do("Ana", "grant.accept", grant=f"#{handles[0]}")  # noqa: E731
    together(yes, lambda: world.write(sweep), lambda: world.write(sweep))
    world.write(sweep)
    assert [circle.grant(handle).state for handle in handles] == ["expired"] * 3  # its time was over for both
    assert states(circle, late) == ["due", "due"]
    assert circle.free() == (120_000, 10_000)
    told = [text for text, _ in circle.told("Stan") if text == "A part of a grant in Parser is due to be paid."]
    assert len(told) == 2  # of the first part and of the second, each once
    circle.sound()
