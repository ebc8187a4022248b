"""The monthly report: figures that name nobody, sent to stewards on the first day after the month."""

from __future__ import annotations

import pytest

from bot.cards import reply_for
from bot.words import Words
from core.clock import DAY, HOUR
from core.errors import BadInput, NotAllowed, NotFound
from core.moderation.guards import monthly, report
from core.places.places import Place
from tests.core.moderation.cases.acting import gather, told, words
from tests.world import World


@pytest.fixture
def lobby(world: World) -> Place:
    return gather(world)


def test_it_counts_what_happened_and_names_nobody(world: World, lobby: Place) -> None:
    world.do("Mo", "warn", person="Ben", reason="loud")
    world.do("Mo", "ban", person="Tim", duration="7d")
    world.do("Ben", "appeal", case="1", text="I was not")
    world.clock.advance(2 * HOUR)
    world.do("Max", "overturn", case="1")
    world.do("Gus", "report", reason="noise")
    world.do("Mo", "dismiss", case="3")
    found = world.do("Ben", "guard.report").figures
    assert dict(found.kinds) == {"ban": 1, "report": 1, "warn": 1}
    assert (found.people, found.undone, found.by_rules) == (2, 1, 0)
    assert (found.appeals, found.overturned, found.upheld, found.appeal_minutes) == (1, 1, 0, 120)
    said = str(reply_for(world.call("Ben", "guard.report"), Words()))
    assert "Moderation in Parser, 2026-01" in said
    assert not {name for name in ("Mo", "Max", "Tim", "Gus") if f"{name} " in said}


def test_only_members_see_it_and_months_are_read_kindly(world: World, lobby: Place) -> None:
    with pytest.raises(NotFound):
        world.do("Eve", "guard.report", nexus="Parser")
    with pytest.raises(NotAllowed):
        world.do("Gus", "guard.report")
    with pytest.raises(BadInput, match="2026-11"):
        world.do("Ben", "guard.report", month="January")
    assert world.do("Ben", "guard.report", month="2025-12").figures.kinds == ()


def test_stewards_get_it_on_the_first_day(world: World, lobby: Place) -> None:
    world.do("Mo", "warn", person="Ben")
    told(world, "Ana")
    world.clock.advance(31 * DAY - world.clock.now() % DAY)
    assert report.month_of(world.clock.now()) == "2026-02"
    assert world.write(monthly.send) == 1
    (notice,) = told(world, "Ana")
    assert words(notice) == "Moderation in Parser: the month 2026-01. Every member may ask for it."
    assert notice["card"][0] == "guard.report"
    assert told(world, "Ben") == [] or all("month" not in words(n) for n in told(world, "Ben"))
    world.clock.advance(DAY)
    assert world.write(monthly.send) == 0


@pytest.mark.parametrize(("month", "days"), [("2026-02", 28), ("2026-12", 31), ("2028-02", 29)])
def test_a_month_has_its_days(month: str, days: int) -> None:
    since, before = report.bounds(month)
    assert before - since == days * DAY
    assert report.month_of(since) == report.month_of(before - 1) == month
