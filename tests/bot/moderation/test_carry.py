"""Carrying out: at least once, never without the way back, in order, patiently, and honest about what came of it."""

from __future__ import annotations

import asyncio
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
    Written,
)
from bot.jobs.jobs import plan, run_due
from bot.jobs.moderation import EVERY, PERIODIC, WORKS
from bot.moderation.carry import LOOK_AGAIN, RENEWED
from core.clock import DAY, HOUR, MINUTE, SECOND
from core.moderation.cases import acts, undo
from core.places.places import Place
from core.store import Unit
from tests.bot.moderation.conftest import Process, rows, states
from tests.bot.moderation.doing import Chat
from tests.core.moderation.cases.acting import NUMBERS, case, group, suspended
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
    while states(world) == ["waiting"]:
        process.adapter.answers.append(Transient("502", maybe_done=True))
        await process.once()
        pauses.append((rows(world)[0]["due_at"] - world.clock.now()) // SECOND)
        world.clock.advance(max(0, rows(world)[0]["due_at"] - world.clock.now()))
    assert pauses[:-1] == [2, 4, 8, 16, 32, 64, 128]
    assert len(pauses) == acts.MOST_TRIES
    (row,) = rows(world)
    assert (row["state"], row["said"]) == ("failed", "The platform did not answer, several times.")
    assert case(world, 1).state == "standing"
    assert suspended(world, "Ben")
    await process.once()
    assert chat.done == []


async def test_what_may_have_been_done_in_all_the_trouble_is_taken_back_by_undo(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    ban(world, lobby)
    process = start()
    process.adapter.answers.extend([Transient("timeout", maybe_done=True)] * acts.MOST_TRIES)
    for _ in range(acts.MOST_TRIES):
        await process.once()
        world.clock.advance(5 * MINUTE)
    assert states(world) == ["failed"]
    world.do("Mo", "undo", case="1", at={"place": lobby})
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


# -- order -----------------------------------------------------------------------------------------------------


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


# -- sanctions with an end ------------------------------------------------------------------------------------


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


# -- messages --------------------------------------------------------------------------------------------------


def written(*pairs: tuple[str, str]) -> list[Written]:
    return [Written(message, account, 0) for message, account in pairs]


async def test_a_purge_deletes_the_messages_that_stood_there_when_it_began(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    """Which they are is stored first: after a crash the same go, and not those that were written since."""
    chat.history = written(("9", "1"), ("8", "1"), ("7", "2"), ("6", "1"))
    world.do("Mo", "purge", count="2", at={"place": lobby})
    first = start()
    first.adapter.hold("after")
    await first.begin()
    await first.adapter.reached["after"].wait()
    await first.kill()
    chat.history = [*written(("11", "1"), ("10", "1")), *chat.history]
    await start().once()
    assert [act.message_ids for act in chat.done] == [("9", "8")] * 2
    assert [one.message_id for one in chat.history] == ["11", "10", "7", "6"]
    assert rows(world)[0]["messages"] == ["9", "8"]


async def test_a_purge_of_one_person_leaves_the_others(world: World, lobby: Place, chat: Chat, start: Start) -> None:
    chat.history = written(("9", NUMBERS["Tim"]), ("8", NUMBERS["Ben"]), ("7", NUMBERS["Tim"]), ("6", NUMBERS["Ben"]))
    world.do("Mo", "purge", count="20", person="Ben", at={"place": lobby})
    await start().once()
    assert [one.message_id for one in chat.history] == ["9", "7"]


async def test_what_is_still_there_is_said(world: World, lobby: Place, chat: Chat, start: Start) -> None:
    chat.history = written(("9", "1"), ("8", "1"))
    world.do("Mo", "purge", count="2", at={"place": lobby})
    process = start()
    process.adapter.answers.append(Did(True, "One is older than two weeks.", left=("8",)))
    await process.once()
    (row,) = rows(world)
    assert (row["state"], row["left_over"], row["said"]) == ("partly", ["8"], "One is older than two weeks.")


async def test_a_purge_of_an_empty_place_does_nothing_to_nobody(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    chat.history = []
    world.do("Mo", "purge", count="5", at={"place": lobby})
    await start().once()
    assert [act.message_ids for act in chat.done] == [()]


async def test_what_was_forgotten_while_it_waited_is_not_done(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    ban(world, lobby)
    process = start()
    process.adapter.answers.append(TooManyRequests(30))
    await process.once()
    world.do("Ben", "my.forget")
    world.clock.advance(HOUR)
    await process.once()
    assert (chat.done, states(world)) == ([], ["dropped"])


async def test_who_is_forgotten_while_it_is_under_way(world: World, lobby: Place, chat: Chat, start: Start) -> None:
    ban(world, lobby)
    process = start()
    process.adapter.hold("after")
    await process.begin()
    await process.adapter.reached["after"].wait()
    world.do("Ben", "my.forget")
    process.adapter.holds["after"].set()
    await process.quiet()
    assert states(world) == ["dropped"]
    assert NUMBERS["Ben"] not in repr(world.dump()["mod_act"])
