"""What happens by itself: running out with a warning before it, parts that become due, in bounded steps."""

from __future__ import annotations

import pytest

from core.clock import DAY, HOUR
from core.errors import Conflict
from core.grants.sweep import sweep
from core.store import Unit
from tests.core.grants.circle import Circle
from tests.core.grants.lives import accepted, states, swept
from tests.world import World


@pytest.fixture
def circle(world: World) -> Circle:
    return Circle(world)


def _approved(circle: Circle) -> str:
    handle = circle.propose()
    for who in ("Stan", "Tom"):
        circle.world.do(who, "grant.approve", grant=f"#{handle}")
    return handle


def test_what_nobody_accepts_runs_out_after_a_warning_and_frees_its_money(circle: Circle) -> None:
    handle = _approved(circle)
    swept(circle, 10 * DAY)
    told = len(circle.told("Ana"))
    swept(circle, DAY)
    text, buttons = circle.told("Ana")[-1]
    assert text == "Your grant in Parser waits for your yes. It runs out on 17 Jan 2026."
    assert {"Accept", "Decline"} <= buttons.keys()
    swept(circle, 2 * DAY + 23 * HOUR)
    assert (len(circle.told("Ana")), circle.free()) == (told + 1, (120_000, 50_000))
    swept(circle, HOUR)
    assert (circle.grant(handle).state, states(circle, handle)) == ("expired", ["returned"])
    assert circle.free() == (120_000, 0)
    assert "has run out" in circle.told("Ana")[-1][0]
    with pytest.raises(Conflict):
        circle.world.press("Ana", buttons["Accept"])
    circle.sound()


def test_a_proposal_runs_out_and_the_recipient_never_hears_of_it(circle: Circle) -> None:
    handle = circle.propose()
    swept(circle, 27 * DAY)
    assert "still waits for approvals" in circle.told("Stan")[-1][0]
    swept(circle, 3 * DAY)
    assert circle.grant(handle).state == "expired"
    assert "has run out" in circle.told("Mia")[-1][0]
    assert circle.told("Ana") == []


def test_what_was_accepted_does_not_run_out(circle: Circle) -> None:
    handle = accepted(circle)
    swept(circle, 400 * DAY)
    assert (circle.grant(handle).state, circle.free()) == ("accepted", (120_000, 50_000))


def test_payers_are_told_once_of_each_part_that_is_due(circle: Circle) -> None:
    handle = accepted(circle, parts="2", each="30 days")
    told = len(circle.told("Stan"))
    swept(circle, 30 * DAY)
    assert states(circle, handle) == ["due", "due"]
    assert [text for text, _ in circle.told("Stan")[told:]] == ["A part of a grant in Parser is due to be paid."]
    assert circle.told("Mia")[-1][0] != "A part of a grant in Parser is due to be paid."
    circle.done("Stan", "It is paid")
    assert states(circle, handle) == ["paid", "due"]


def test_steps_are_bounded_and_a_crash_leaves_nothing_half_done(circle: Circle) -> None:
    handles = [_approved(circle) for _ in range(2)]
    circle.world.clock.advance(14 * DAY)
    before = circle.world.dump()

    def crash(unit: Unit) -> None:
        assert sweep(unit, 1) is True
        raise ConnectionError

    with pytest.raises(ConnectionError):
        circle.world.write(crash)
    assert circle.world.dump() == before
    assert circle.world.write(lambda unit: sweep(unit, 1)) is True
    assert sorted(circle.grant(handle).state for handle in handles) == ["approved", "expired"]
    assert circle.world.write(lambda unit: sweep(unit, 1)) is True
    assert circle.world.write(lambda unit: sweep(unit, 1)) is False
    assert [circle.grant(handle).state for handle in handles] == ["expired", "expired"]
    assert circle.free() == (120_000, 0)
