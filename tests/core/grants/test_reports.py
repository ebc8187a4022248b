"""Reports: only where agreed on, asked for twice at most, and a missed one makes no debt."""

from __future__ import annotations

import pytest

from core.clock import DAY
from core.errors import Conflict, NotAllowed
from tests.core.grants.circle import Circle
from tests.core.grants.lives import accepted, states, swept
from tests.world import World


@pytest.fixture
def circle(world: World) -> Circle:
    return Circle(world)


def _asked(circle: Circle) -> list[str]:
    return [text for text, _ in circle.told("Ana") if "The report" in text]


def test_nobody_is_asked_for_a_report_that_was_not_agreed_on(circle: Circle) -> None:
    handle = accepted(circle)
    circle.world.do("Tom", "grant.pay", grant=f"#{handle}")
    swept(circle, 300 * DAY)
    assert _asked(circle) == []


def test_one_reminder_before_one_at_the_time_and_never_again(circle: Circle) -> None:
    handle = accepted(circle, report="30 days")
    circle.world.do("Tom", "grant.pay", grant=f"#{handle}")
    swept(circle, 26 * DAY)
    assert _asked(circle) == []
    swept(circle, 2 * DAY)
    assert len(_asked(circle)) == 1
    assert f"“my report for #{handle}: …”" in _asked(circle)[0]
    swept(circle, 2 * DAY)
    assert len(_asked(circle)) == 2
    assert "Nothing is owed for that; I won't ask again." in _asked(circle)[1]
    for _ in range(3):
        swept(circle, 30 * DAY)
    assert len(_asked(circle)) == 2


def test_a_sweep_that_comes_late_asks_once(circle: Circle) -> None:
    accepted(circle, report="30 days")
    swept(circle, 90 * DAY)
    assert len(_asked(circle)) == 1


def test_a_report_is_told_and_ends_the_asking(circle: Circle) -> None:
    handle = accepted(circle, report="30 days")
    for who in ("Mia", "Tom"):
        with pytest.raises(NotAllowed, match="the person who received it"):
            circle.world.do(who, "grant.report", grant=f"#{handle}", text="all well")
    circle.world.do("Ana", "grant.report", grant=f"#{handle}", text="It parses.")
    assert circle.told("Mia")[-1][0] == "Ana has reported on a grant in Parser."
    assert circle.grant(handle).reported_at == circle.world.clock.now()
    swept(circle, 60 * DAY)
    assert _asked(circle) == []


def test_a_missed_report_only_holds_back_what_is_not_released(circle: Circle) -> None:
    handle = accepted(circle, parts="3", each="10 days", report="5 days")
    circle.world.do("Tom", "grant.pay", grant=f"#{handle}")
    circle.world.do("Stan", "grant.release", grant=f"#{handle}", part="2")
    swept(circle, 20 * DAY)
    assert states(circle, handle) == ["paid", "released", "due"]
    before = circle.free()
    with pytest.raises(Conflict, match="Nothing is owed for that"):
        circle.world.do("Tom", "grant.pay", grant=f"#{handle}", part="3")
    with pytest.raises(Conflict, match="Nothing is owed for that"):
        circle.world.do("Tom", "grant.release", grant=f"#{handle}", part="3")
    assert circle.free() == before
    circle.world.do("Tom", "grant.pay", grant=f"#{handle}", part="2")  # what was released is paid
    circle.world.do("Ana", "grant.report", grant=f"#{handle}", text="It parses.")
    circle.world.do("Tom", "grant.pay", grant=f"#{handle}", part="3")
    assert circle.grant(handle).state == "completed"
    circle.sound()
