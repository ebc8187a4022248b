"""Many arrive at once: by a rule, or by a moderator's word, newcomers read before they write."""

from __future__ import annotations

import pytest

from adapters.contract import Event
from core.clock import MINUTE, SECOND
from core.moderation.cases import undo
from core.store import Unit
from tests.bot.moderation.watching import Watched
from tests.core.moderation.cases.acting import cases, queued, told, words
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
