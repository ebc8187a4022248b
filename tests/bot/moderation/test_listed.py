"""People of a followed ban list, as they come and speak; and the job that brings followers up to a list."""

from __future__ import annotations

import pytest

from adapters.contract import Account, EventKind
from bot.cards import own_rules
from bot.jobs import moderation as jobs
from bot.jobs.jobs import Scheduler
from bot.words import Words
from core.moderation.cases.cases import open_case
from core.moderation.lists import follows, shares
from core.store import Unit
from tests.bot.moderation.watching import Watched
from tests.core.moderation.cases.acting import cases, queued, suspended, told, words
from tests.world import World


@pytest.fixture
def here(world: World) -> Watched:
    """Parser follows the list of Home, on which Eve is; no rule is on."""
    made = Watched(world)
    world.store.listen(lambda topic: made.watch.forget() if topic == "lists" else None)
    ban(world, "Eve")
    return made


def ban(world: World, who: str) -> None:
    """Somebody is banned in Home."""
    someone, home = world.person(who), world.nexuses["Home"].id
    whose = (someone.person_id, someone.account_id)

    def unit(unit: Unit) -> None:
        open_case(unit, nexus_id=home, kind="ban", person_id=whose[0], account_id=whose[1], by_id=None, why="owner")

    world.write(unit)


def follow(world: World, mode: str) -> None:
    """Parser follows Home."""
    home, parser = world.nexuses["Home"].id, world.nexuses["Parser"].id
    world.write(lambda unit: shares.share(unit, home, shares.ANY, reasons=False, by_id=1))
    world.write(lambda unit: follows.follow(unit, parser, home, mode, by_id=1))


async def test_in_act_who_speaks_is_out_and_what_they_said_is_gone(here: Watched) -> None:
    await here.look(here.said("hello", "Eve"))
    follow(here.world, "act")
    assert await here.look(here.said("good morning", "Eve"), here.said("good morning", "Ben")) == [True, False]
    assert queued(here.world) == [("ban", "100008", "-Lobby"), ("delete", "100008", "-Lobby")]
    assert suspended(here.world, "Eve")
    assert here.tables_with("good morning") == []


async def test_a_ban_of_a_list_is_explained_as_that(here: Watched) -> None:
    follow(here.world, "act")
    await here.look(here.said("good morning", "Eve"))
    explained = here.world.do("Eve", "explain", at={"here": "Parser"})
    card = own_rules.RENDERERS["explain"](explained, Words()).card
    assert card is not None
    assert card.text.startswith(
        "On 1 Jan 2026 you were banned in Parser, by the ban list of Home, which Parser follows."
    )


async def test_in_ask_and_shadow_they_are_met_once_and_answered(here: Watched) -> None:
    follow(here.world, "ask")
    assert await here.look(here.joined("Eve")) == [False]
    assert await here.look(here.said("hello", "Eve")) == [False]
    assert [words(notice) for notice in told(here.world, "Mo")] == [
        "Eve is in Parser, and on the ban list of Home since 1 Jan 2026. Ban them here as well?"
    ]
    assert here.hits() == [("ban lists", "ask", 1)]


async def test_ordinary_talk_costs_no_store_access(here: Watched) -> None:
    follow(here.world, "act")
    await here.look(here.said("hello"))
    here.store.asked = 0
    for number in range(20):
        assert await here.look(here.said(f"line {number}", "Tim")) == [False]
    assert here.store.asked == 0
    ban(here.world, "Tim")
    assert await here.look(here.said("hello", "Tim")) == [True]


async def test_who_manages_the_platform_is_not_met(here: Watched) -> None:
    follow(here.world, "act")
    assert await here.look(here.said("hello", account=Account("100008", "Eve", manages=True))) == [False]
    edit = here.said("hello", "Eve", kind=EventKind.EDIT)
    assert await here.look(edit) == [True]


async def test_what_is_hurried_is_done_now_and_keeps_its_own_time(here: Watched) -> None:
    follow(here.world, "act")
    ban(here.world, "Ben")
    scheduler = Scheduler(here.store, jobs.WORKS, jobs.PERIODIC)
    scheduler.hurry(jobs.LISTS)
    await scheduler._look()
    assert suspended(here.world, "Ben")
    assert not suspended(here.world, "Eve")  # whom Parser does not know
    ban(here.world, "Tim")
    await scheduler._look()
    assert not suspended(here.world, "Tim")
    here.world.clock.advance(jobs.LISTS_EVERY)
    await scheduler._look()
    assert suspended(here.world, "Tim")
    assert len([case for case in cases(here.world) if case["why"] == "list"]) == 2
