"""Lanes: order within a key, side by side between keys, and nothing lost to a failure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lanes import Lanes, Task


def note(done: list[str], name: str) -> Task:
    async def task() -> None:
        done.append(name)

    return task


def wait_for(gate: asyncio.Event, done: list[str], name: str) -> Task:
    async def task() -> None:
        await gate.wait()
        done.append(name)

    return task


async def test_tasks_of_one_key_run_in_their_order() -> None:
    lanes, done, gate = Lanes(), list[str](), asyncio.Event()
    lanes.put("a", wait_for(gate, done, "1"))
    lanes.put("a", note(done, "2"))
    lanes.put("a", note(done, "3"))
    lanes.release()
    gate.set()
    await lanes.drain()
    assert done == ["1", "2", "3"]


async def test_a_slow_lane_holds_up_no_other() -> None:
    lanes, done, gate = Lanes(), list[str](), asyncio.Event()
    lanes.release()
    lanes.put("slow", wait_for(gate, done, "slow"))
    arrived = asyncio.Event()

    async def quick() -> None:
        done.append("quick")
        arrived.set()

    lanes.put("quick", quick)
    await arrived.wait()
    assert done == ["quick"]
    gate.set()
    await lanes.drain()
    assert done == ["quick", "slow"]


async def test_nothing_runs_before_the_release() -> None:
    lanes, done = Lanes(), list[str]()
    lanes.put("a", note(done, "left over"))
    await asyncio.sleep(0)
    assert done == []
    assert lanes.depth == 1
    lanes.release()
    lanes.put("a", note(done, "new"))
    await lanes.drain()
    assert done == ["left over", "new"]
    assert lanes.depth == 0


async def test_a_task_that_fails_is_logged_without_its_words_and_the_next_one_runs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    lanes, done = Lanes(), list[str]()

    async def broken() -> None:
        raise RuntimeError("no")

    lanes.release()
    lanes.put("a", broken)
    lanes.put("a", note(done, "next"))
    await lanes.drain()
    assert done == ["next"]
    assert "a task of a lane failed" in caplog.text


async def test_a_task_may_put_another_one() -> None:
    lanes, done = Lanes(), list[str]()

    async def first() -> None:
        lanes.put("a", note(done, "same lane"))
        lanes.put("b", note(done, "other lane"))

    lanes.release()
    lanes.put("a", first)
    await lanes.drain()
    assert sorted(done) == ["other lane", "same lane"]


async def test_a_stop_gives_up_what_still_runs() -> None:
    lanes, done, gate = Lanes(), list[str](), asyncio.Event()
    lanes.release()
    lanes.put("a", wait_for(gate, done, "never"))
    await asyncio.sleep(0)
    await lanes.stop()
    assert done == []
    assert lanes.depth == 0


@given(st.lists(st.sampled_from("abc"), max_size=30))
def test_every_task_runs_once_and_in_its_lanes_order(keys: list[str]) -> None:
    done: list[tuple[str, int]] = []

    async def scene() -> None:
        lanes = Lanes()

        def task(key: str, number: int) -> Callable[[], Task]:
            async def work() -> None:
                await asyncio.sleep(0)
                done.append((key, number))

            return lambda: work

        for number, key in enumerate(keys):
            lanes.put(key, task(key, number)())
            if number == len(keys) // 2:
                lanes.release()
        lanes.release()
        await lanes.drain()

    asyncio.run(scene())
    for key in "abc":
        assert [n for k, n in done if k == key] == [n for n, k in enumerate(keys) if k == key]
