"""Carrying out: at least once, never without the way back, in order, patiently, and honest about what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from adapters.contract import (
    DeliveryError,
    Did,
    Gone,
    NotPermitted,
    Power,
    TooManyRequests,
    Transient,
    Unauthorized,
)
from bot.moderation.carry import LOOK_AGAIN
from core.clock import DAY, MINUTE, SECOND
from core.moderation.cases import acts
from core.places.places import Place
from tests.bot.moderation.conftest import Process, rows, states
from tests.bot.moderation.doing import Chat
from tests.core.moderation.cases.acting import NUMBERS, case, suspended, told
from tests.world import World

Start = Callable[..., Process]
POINTS = ("before", "act", "after")


def ban(world: World, lobby: Place, whom: str = "Ben", **given: Any) -> None:
    world.do("Mo", "ban", person=NUMBERS[whom], at={"place": lobby}, **given)


async def test_what_was_decided_is_done_with_all_that_the_platform_needs(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    ban(world, lobby, duration="7d", reason="spam")
    process = start()
    await process.once()
    (act,) = chat.done
    assert (act.power, act.workspace, act.place_id, act.thread) == (Power.BAN, "", "-Lobby", "")
    assert (act.account_id, act.by) == (NUMBERS["Ben"], NUMBERS["Mo"])
    assert (act.until, act.reason) == (world.clock.now() + 7 * DAY, "Case 1, Mo: spam")
    assert act.key == str(rows(world)[0]["id"])
    assert states(world) == ["done"]
    await process.once()
    assert len(chat.done) == 1


async def test_the_state_before_is_stored_before_anything_is_done(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    chat.slow["-Lobby"] = 5
    world.do("Mo", "slowmode", pause="1m", at={"place": lobby})
    process = start()
    process.adapter.hold("act")
    await process.begin()
    await process.adapter.reached["act"].wait()
    (row,) = rows(world)
    assert (row["before"], row["state"], chat.done) == ({"seconds": "5"}, "waiting", [])
    process.adapter.holds["act"].set()
    await process.quiet()
    assert chat.slow["-Lobby"] == 60
    assert chat.done[0].before == {"seconds": "5"}


@pytest.mark.parametrize("point", POINTS)
async def test_a_process_that_dies_anywhere_has_it_done_by_the_next(
    world: World, lobby: Place, chat: Chat, start: Start, point: str
) -> None:
    chat.slow["-Lobby"] = 5
    world.do("Mo", "slowmode", pause="1m", at={"place": lobby})
    process = start()
    process.adapter.hold(point)
    await process.begin()
    await process.adapter.reached[point].wait()
    await process.kill()
    assert states(world) == ["waiting"]
    assert chat.slow["-Lobby"] == (60 if point == "after" else 5)
    following = start()
    await following.once()
    assert (states(world), chat.slow["-Lobby"]) == (["done"], 60)
    assert len({act.key for act in chat.done}) == 1
    assert rows(world)[0]["before"] == {"seconds": "5"}, "the state before is not that of a half done act"
    assert len(following.adapter.asked) == (1 if point == "before" else 0)
    world.do("Mo", "undo", case="1", at={"place": lobby})
    await following.once()
    assert chat.slow["-Lobby"] == 5


@pytest.mark.parametrize("point", POINTS)
async def test_what_is_undone_while_it_is_under_way_is_undone_at_last(
    world: World, lobby: Place, chat: Chat, start: Start, point: str
) -> None:
    chat.slow["-Lobby"] = 5
    world.do("Mo", "slowmode", pause="1m", at={"place": lobby})
    process = start()
    process.adapter.hold(point)
    await process.begin()
    await process.adapter.reached[point].wait()
    world.do("Mo", "undo", case="1", at={"place": lobby})
    process.adapter.holds[point].set()
    await process.quiet()
    await process.once()
    assert chat.slow["-Lobby"] == 5
    assert states(world) == (["dropped"] if point == "before" else ["dropped", "done"])
    assert len(chat.done) == (0 if point == "before" else 2)


@pytest.mark.parametrize("point", POINTS)
async def test_what_is_undone_after_a_death_is_undone_at_last(
    world: World, lobby: Place, chat: Chat, start: Start, point: str
) -> None:
    chat.slow["-Lobby"] = 5
    world.do("Mo", "slowmode", pause="1m", at={"place": lobby})
    process = start()
    process.adapter.hold(point)
    await process.begin()
    await process.adapter.reached[point].wait()
    await process.kill()
    world.do("Mo", "undo", case="1", at={"place": lobby})
    await start().once()
    assert chat.slow["-Lobby"] == 5


async def test_a_wait_that_the_platform_asks_for_is_kept_and_is_no_failure(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    ban(world, lobby)
    process = start()
    for after in (3.0, 40.5):
        process.adapter.answers.append(TooManyRequests(after))
        await process.once()
        (row,) = rows(world)
        assert (row["tries"], row["state"]) == (0, "waiting")
        assert row["due_at"] == world.clock.now() + int(1000 * after)
        assert await process.once() == min(after, LOOK_AGAIN)
        assert chat.done == []
        world.clock.advance(int(1000 * after) - 1)
        await process.once()
        assert chat.done == []
        world.clock.advance(1)
    await process.once()
    assert states(world) == ["done"]


async def test_trouble_is_tried_again_later_and_later_and_at_last_it_is_said(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    ban(world, lobby)
    process = start()
    pauses = []
    while states(world)[0] == "waiting":
        process.adapter.answers.append(Transient("502", maybe_done=True))
        await process.once()
        pauses.append((rows(world)[0]["due_at"] - world.clock.now()) // SECOND)
        world.clock.advance(max(0, rows(world)[0]["due_at"] - world.clock.now()))
    assert pauses[:-1] == [2, 4, 8, 16, 32, 64, 128]
    assert len(pauses) == acts.MOST_TRIES
    row, back = rows(world)
    assert (back["power"], back["reverses"]) == ("unban", row["id"]), "nobody knows whether it was done after all"
    assert (row["state"], row["said"]) == ("failed", "The platform did not answer, several times.")
    assert case(world, 1).not_done
    assert not suspended(world, "Ben")
    assert told(world, "Ben") == []


async def test_what_may_have_been_done_in_all_the_trouble_is_taken_back(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    ban(world, lobby)
    process = start()
    process.adapter.answers.extend([Transient("timeout", maybe_done=True)] * acts.MOST_TRIES)
    for _ in range(acts.MOST_TRIES):
        await process.once()
        world.clock.advance(5 * MINUTE)
    assert states(world) == ["failed", "waiting"]
    await process.once()
    assert [act.power for act in chat.done] == [Power.UNBAN]


@pytest.mark.parametrize("trouble", [Unauthorized("401"), Transient("x", maybe_done=False), DeliveryError("other")])
async def test_other_trouble_is_tried_again_too(
    world: World, lobby: Place, chat: Chat, start: Start, trouble: Exception
) -> None:
    ban(world, lobby)
    process = start()
    process.adapter.answers.append(trouble)
    await process.once()
    assert (states(world), rows(world)[0]["tries"]) == (["waiting"], 1)
    world.clock.advance(MINUTE)
    await process.once()
    assert states(world) == ["done"]


async def test_a_fault_of_ours_is_tried_again_and_stops_nothing_else(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    ban(world, lobby)
    ban(world, lobby, "Tim")
    process = start()
    process.adapter.answers.append(ZeroDivisionError("a bug"))
    await process.once()
    assert states(world) == ["waiting", "done"]
    world.clock.advance(MINUTE)
    await process.once()
    assert states(world) == ["done", "done"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Did(False, "Ben's role is above mine."), "Ben's role is above mine."),
        (NotPermitted("Ban Members is missing."), "Ban Members is missing."),
        (Gone("404"), "That is not there any more."),
    ],
)
async def test_what_the_platform_refuses_is_no_trouble_and_is_said(
    world: World, lobby: Place, chat: Chat, start: Start, answer: Any, said: str
) -> None:
    ban(world, lobby)
    process = start()
    process.adapter.answers.append(answer)
    await process.once()
    (row,) = rows(world)
    assert (row["state"], row["said"]) == ("refused", said)
    shown = world.do("Mo", "case", case="1")
    assert [(one.power, one.state, one.said) for one in shown.done] == [("ban", "refused", said)]


@pytest.mark.parametrize("trouble", [TooManyRequests(5), Transient("x", maybe_done=False)])
async def test_trouble_with_the_state_before_is_waited_for_as_well(
    world: World, lobby: Place, chat: Chat, start: Start, trouble: Exception
) -> None:
    world.do("Mo", "lock", at={"place": lobby})
    process = start()
    process.adapter.befores.append(trouble)
    await process.once()
    assert (states(world), rows(world)[0]["before"], chat.done) == (["waiting"], None, [])
    world.clock.advance(MINUTE)
    await process.once()
    assert states(world) == ["done"]
