"""Many arrive at once: by a rule, or by a moderator's word, newcomers read before they write."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from adapters.contract import Account, Event, EventKind, PlaceKind
from adapters.contract import Place as Spot
from core.clock import MINUTE, SECOND
from core.moderation.cases import undo
from core.moderation.cases.tables import mod_act
from core.moderation.guards import raids
from core.store import Unit
from tests.bot.moderation.watching import Watched
from tests.core.moderation.cases.acting import Chats, button, cases, queued, server, told, words
from tests.world import World


@pytest.fixture
def here(world: World) -> Watched:
    """The watched group; nothing is watched yet."""
    return Watched(world)


def arrivals(here: Watched, count: int, first: int = 0) -> list[Event]:
    """So many arrive, one each second."""
    made = []
    for number in range(first, first + count):
        here.world.clock.advance(SECOND)
        made.append(here.joined(f"N{number}", external_id=str(700_000 + number)))
    return made


def acts(here: Watched) -> list[dict[str, Any]]:
    """All that is to be done, oldest first."""
    return [dict(row) for row in here.world.read(lambda unit: unit.rows(select(mod_act).order_by(mod_act.c.id)))]


def quarantined(here: Watched) -> int:
    """How many newcomers may not write."""
    return sum(case["parent_id"] is not None and case["state"] == "standing" for case in cases(here.world))


async def test_a_raid_in_act_closes_up_and_reaches_back_to_its_beginning(here: Watched) -> None:
    here.let("act", "raid")
    for event in arrivals(here, 12):
        await here.look(event)
    raid = cases(here.world)[0]
    assert (raid["kind"], raid["rule"], raid["state"]) == ("raid", "raid", "standing")
    assert quarantined(here) == 12
    assert {power for power, _, _ in queued(here.world)} == {"close_door", "slow", "timeout"}
    assert "is closed up for a quarter of an hour" in words(told(here.world, "Mo")[0])
    assert "Are you a person?" in words(told(here.world, "N0")[0])


async def test_of_arrivals_that_come_together_nobody_is_forgotten(here: Watched) -> None:
    here.let("act", "raid")
    await here.look(*arrivals(here, 12))
    await here.look(*arrivals(here, 5, first=12))
    assert quarantined(here) == 17


async def test_in_ask_moderators_are_asked_once(here: Watched) -> None:
    here.let("ask", "raid")
    await here.look(*arrivals(here, 12))
    await here.look(*arrivals(here, 12, first=12))
    assert [words(one) for one in told(here.world, "Mo")] == [
        "That looks like a raid of Parser: 12 people arrived within a minute. "
        "Shall I close up for a quarter of an hour?"
    ]
    assert cases(here.world) == []


async def test_in_shadow_nothing_happens(here: Watched) -> None:
    here.let("shadow", "raid")
    await here.look(*arrivals(here, 12))
    assert cases(here.world) == []
    assert told(here.world, "Mo") == []


async def test_a_moderators_word_is_enough_where_no_rule_is_on(here: Watched) -> None:
    await here.look(*arrivals(here, 1))
    here.world.do("Mo", "raid.begin", at={"here": "Parser"})
    await here.look(*arrivals(here, 2, first=1))
    assert quarantined(here) == 2


async def test_after_the_raid_newcomers_are_welcome(here: Watched) -> None:
    here.let("act", "raid")
    await here.look(*arrivals(here, 12))

    def sweep(unit: Unit) -> None:
        undo.sweep(unit)

    here.world.clock.advance(16 * MINUTE)
    here.world.write(sweep)
    assert quarantined(here) == 0
    await here.look(*arrivals(here, 1, first=12))
    assert quarantined(here) == 0
    assert cases(here.world)[0]["state"] == "lifted"


async def test_a_moderator_who_arrives_is_not_held_up(here: Watched) -> None:
    here.let("act", "raid")
    await here.look(*arrivals(here, 12))
    await here.look(here.joined("Mo"))
    assert quarantined(here) == 12


async def test_what_they_write_before_the_platform_keeps_them_quiet_goes_together(here: Watched) -> None:
    here.let("act", "raid")
    for event in arrivals(here, 12):
        await here.look(event)
    lures = [here.said("free coins for all", f"N{number}") for number in range(12)]
    assert await here.look(*lures[:6]) == [True] * 6
    assert await here.look(*lures[6:], here.said("what is going on?")) == [True] * 6 + [False]
    deleted = [act for act in acts(here) if act["power"] == "delete"]
    assert [act["messages"] for act in deleted] == [[event.message_id for event in lures]]
    assert here.hits() == []
    assert len(told(here.world, "Mo")) == 1


async def test_a_restart_forgets_nobody_whom_a_raid_keeps_quiet(here: Watched) -> None:
    here.let("act", "raid")
    for event in arrivals(here, 12):
        await here.look(event)
    here.watch = here.another()
    assert await here.look(here.said("free coins", "N3"), here.said("free?")) == [True, False]


async def test_what_comes_before_its_authors_arrival_is_heard_of_goes_as_well(here: Watched) -> None:
    here.let("act", "raid")
    for event in arrivals(here, 12):
        await here.look(event)
    here.world.clock.advance(SECOND)
    late = Account("700099", "Late", joined_at=here.world.clock.now())
    assert await here.look(here.said("free coins", account=late)) == [True]
    assert quarantined(here) == 13
    await here.look(here.said("", account=late, kind=EventKind.JOINED, message_id=""))
    assert quarantined(here) == 13


async def test_whoever_said_that_they_are_a_person_writes_what_they_like(here: Watched) -> None:
    here.let("act", "raid")
    for event in arrivals(here, 12):
        await here.look(event)
    (notice,) = told(here.world, "N3")
    here.world.press("N3", button(notice, "I am, let me write"))
    said = here.said("hello", account=Account("700003", "N3", joined_at=here.world.clock.now()))
    assert await here.look(said, here.said("hello", "N4")) == [False, True]


async def test_an_arrival_on_a_server_concerns_every_nexus_in_it(here: Watched) -> None:
    """The server itself belongs to nothing; one of its channels belongs to Parser."""
    here.let("act", "raid")
    server(here.world, "general")
    guild = Spot("guild", PlaceKind.GROUP, "The server")
    for number in range(12):
        here.world.clock.advance(SECOND)
        account = Account(str(800_000 + number), f"D{number}")
        event = here.said("", account=account, kind=EventKind.JOINED, message_id="", place=guild, workspace="guild")
        await here.look(replace(event, platform="discord"))
    assert quarantined(here) == 12
    slowed = [(act["platform"], act["place"]) for act in acts(here) if act["power"] == "slow"]
    assert sorted(slowed) == [("discord", "-general"), ("telegram", "-Lobby")]


async def test_a_raid_of_many_hours_keeps_its_first_newcomers_quiet_on_the_platform_too(here: Watched) -> None:
    here.let("act", "raid")
    for event in arrivals(here, 12):
        await here.look(event)
    chats = Chats(here.world)
    chats.carry()
    first = 12
    for _ in range(40):  # every eleven minutes a few more
        chats.later(11 * MINUTE)
        for event in arrivals(here, 12, first=first):
            await here.look(event)
        first += 12
        chats.carry(most=10_000)
    assert here.world.clock.now() > cases(here.world)[0]["made_at"] + raids.AT_MOST + raids.LASTS
    assert len(chats.muted) == quarantined(here) == first
