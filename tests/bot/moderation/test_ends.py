"""Sanctions that end: by a platform too early, by the job at their time, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from adapters.contract import (
    Did,
    Power,
)
from bot.jobs.jobs import plan, run_due
from bot.jobs.moderation import EVERY, PERIODIC, WORKS
from bot.moderation.carry import RENEWED
from core.clock import DAY, HOUR, MINUTE, SECOND
from core.moderation.cases import undo
from core.places.places import Place
from core.store import Unit
from tests.bot.moderation.conftest import Process, rows, states
from tests.bot.moderation.doing import Chat
from tests.core.moderation.cases.acting import NUMBERS, case
from tests.world import World

Start = Callable[..., Process]


def ban(world: World, lobby: Place, whom: str = "Ben", **given: Any) -> None:
    world.do("Mo", "ban", person=NUMBERS[whom], at={"place": lobby}, **given)


async def test_a_timeout_that_the_platform_ends_too_early_is_renewed_before_that(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    """60 days on a platform that knows 28: nobody writes in between."""
    world.do("Mo", "timeout", person="Ben", duration="60d", at={"place": lobby})
    until = case(world, 1).until
    process = start()
    begun = world.clock.now()
    for day in (28, 56):
        ends = begun + day * DAY
        process.adapter.answers.append(Did(True, "Discord knows 28 days.", until=ends))
        await process.once()
        waits = rows(world)[-1]
        assert (waits["state"], waits["due_at"]) == ("waiting", ends - RENEWED)
        world.clock.advance(ends - RENEWED - world.clock.now())
    await process.once()
    assert [act.until for act in chat.done] == [until] * 3
    assert states(world) == ["done"] * 3
    world.clock.advance(4 * DAY + RENEWED)
    world.write(undo.sweep)
    await process.once()
    assert [act.power for act in chat.done[3:]] == [Power.RELEASE], "once, however often it was renewed"


async def test_what_was_lifted_is_not_renewed(world: World, lobby: Place, chat: Chat, start: Start) -> None:
    world.do("Mo", "timeout", person="Ben", duration="60d", at={"place": lobby})
    process = start()
    process.adapter.answers.append(Did(True, until=world.clock.now() + 28 * DAY))
    await process.once()
    world.do("Mo", "undo", case="1", at={"place": lobby})
    world.clock.advance(60 * DAY)
    await process.once()
    assert [act.power for act in chat.done] == [Power.TIMEOUT, Power.RELEASE]


@pytest.mark.parametrize("seconds", [-5, 0, 1, 90, 3600])
async def test_a_platform_that_ends_it_very_soon_is_not_asked_without_a_pause(
    world: World, lobby: Place, chat: Chat, start: Start, seconds: int
) -> None:
    world.do("Mo", "timeout", person="Ben", duration="60d", at={"place": lobby})
    process = start()
    process.adapter.answers.append(Did(True, until=world.clock.now() + seconds * SECOND))
    await process.once()
    assert rows(world)[-1]["due_at"] >= world.clock.now() + MINUTE
    await process.once()
    assert len(chat.done) == 1


async def test_who_decided_and_left_since_has_it_renewed_all_the_same(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    world.do("Mo", "timeout", person="Ben", duration="60d", at={"place": lobby})
    process = start()
    process.adapter.answers.append(Did(True, until=world.clock.now() + 28 * DAY))
    await process.once()
    world.do("Ana", "role.revoke", person="Mo", role="moderator")
    world.clock.advance(28 * DAY)
    await process.once()
    assert [act.by for act in chat.done] == [NUMBERS["Mo"], ""]


async def test_a_temporary_ban_is_ended_by_the_job_whoever_died_meanwhile(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    periodic = next(one for one in PERIODIC if one.kind == "sanctions")
    assert periodic.every == EVERY
    world.write(lambda unit: plan(unit, "sanctions", periodic.kind, unit.now + EVERY, every=EVERY))
    ban(world, lobby, duration="1h")
    first = start()
    await first.once()
    await first.kill()
    world.clock.advance(HOUR)
    assert world.write(lambda unit: run_due(unit, WORKS)) == 1
    second = start()
    second.adapter.hold("act")
    await second.begin()
    await second.adapter.reached["act"].wait()
    await second.kill()
    await start().once()
    assert [act.power for act in chat.done] == [Power.BAN, Power.UNBAN]
    assert case(world, 1).state == "lifted"


def test_more_than_one_batch_is_planned_at_once(world: World, lobby: Place) -> None:
    for number in range(101):
        who = ("Mo", "Max")[number % 2]
        world.clock.advance(2 * MINUTE)
        world.do(who, "timeout", person=f"70{number:04}", duration="5h", at={"place": lobby})
    world.clock.advance(5 * HOUR)
    world.write(lambda unit: plan(unit, "sanctions", "sanctions", unit.now))

    def left(unit: Unit) -> int:
        from core.moderation.cases.cases import over

        return len(over(unit, 1000))

    assert world.read(left) == 101
    assert world.write(lambda unit: run_due(unit, WORKS)) == 1
    assert world.read(left) == 1
    assert world.write(lambda unit: run_due(unit, WORKS)) == 1
    assert world.read(left) == 0
