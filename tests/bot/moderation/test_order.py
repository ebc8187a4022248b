"""One spot goes in order and several go at once; nobody is kept waiting, and the loop sleeps no longer than it may."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from adapters.contract import (
    Power,
    TooManyRequests,
)
from bot.moderation.carry import LOOK_AGAIN
from core.clock import SECOND
from core.places.places import Place
from tests.bot.moderation.conftest import Process, states
from tests.bot.moderation.doing import Chat
from tests.core.moderation.cases.acting import NUMBERS, group
from tests.world import World

Start = Callable[..., Process]


def ban(world: World, lobby: Place, whom: str = "Ben", **given: Any) -> None:
    world.do("Mo", "ban", person=NUMBERS[whom], at={"place": lobby}, **given)


async def test_one_spot_goes_in_order_and_several_go_at_once(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    annex = group(world, "Annex")
    for place in (lobby, annex):
        for pause in ("1m", "2m", "0"):
            world.do("Mo", "slowmode", pause=pause, at={"place": place})
    process = start()
    process.adapter.hold("act")
    await process.begin()
    async with asyncio.timeout(30):
        await process.adapter.two_at_once.wait()
    assert sorted(process.adapter.under_way) == ["-Annex", "-Lobby"]
    process.adapter.holds["act"].set()
    await process.quiet()
    for spot in ("-Lobby", "-Annex"):
        assert [act.seconds for act in chat.done if act.place_id == spot] == [60, 120, 0]
    assert process.adapter.at_once == 2


async def test_what_has_to_wait_is_not_overtaken_by_what_is_meant_for_the_same(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    for pause in ("1m", "2m"):
        world.do("Mo", "slowmode", pause=pause, at={"place": lobby})
    ban(world, lobby)
    process = start()
    process.adapter.answers.append(TooManyRequests(30))
    await process.once()
    assert [act.power for act in chat.done] == [Power.BAN], "another matter goes on"
    world.do("Mo", "slowmode", pause="3m", at={"place": lobby})
    await process.once()
    assert len(chat.done) == 1
    world.clock.advance(30 * SECOND)
    await process.once()
    assert [act.seconds for act in chat.done if act.power is Power.SLOW] == [60, 120, 180]


async def test_a_server_with_much_to_do_keeps_no_other_waiting(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    annex = group(world, "Annex")
    for number in range(60):
        world.do("Mo", "slowmode", pause=f"{number + 1}s", at={"place": lobby})
    world.do("Mo", "slowmode", pause="1m", at={"place": annex})
    process = start()
    await process.once()
    assert chat.slow["-Annex"] == 60
    while "waiting" in states(world):
        await process.once()
    assert [act.seconds for act in chat.done if act.place_id == "-Lobby"] == list(range(1, 61))


async def test_a_platform_of_another_process_is_left_to_it(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    """And nobody turns in circles for what is due and not theirs."""
    ban(world, lobby)
    process = start("discord")
    assert await process.once() == LOOK_AGAIN
    assert (states(world), chat.done) == (["waiting"], [])
    process = start("telegram")
    process.carrier._ours = lambda platform: False
    assert await process.once() == LOOK_AGAIN
    assert chat.done == []


async def test_it_sleeps_until_the_next_is_due(world: World, lobby: Place, chat: Chat, start: Start) -> None:
    process = start()
    assert await process.once() == LOOK_AGAIN
    ban(world, lobby)
    process.adapter.answers.append(TooManyRequests(7))
    await process.once()
    assert await process.once() == 7.0
    world.clock.advance(6 * SECOND)
    assert await process.once() == 1.0


async def test_a_loop_is_woken_by_what_is_queued(world: World, lobby: Place, chat: Chat, start: Start) -> None:
    process = start()
    loop = asyncio.get_running_loop()

    def hear(topic: str) -> None:
        if topic == "acts":
            loop.call_soon_threadsafe(process.carrier.wake)

    world.store.listen(hear)
    process.adapter.hold("after")
    running = asyncio.create_task(process.carrier.run())
    ban(world, lobby)
    async with asyncio.timeout(30):
        await process.adapter.reached["after"].wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert [act.power for act in chat.done] == [Power.BAN]
