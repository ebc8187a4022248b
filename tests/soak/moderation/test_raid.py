"""Five hundred come within a minute and write two thousand messages, through discord.py and python-telegram-bot.

The platforms take from a bot what they take in the world, in seconds that are shorter by `SHORTER`: five hundred
time-outs take Discord more than eight minutes. What is printed is counted in seconds of the platforms.
"""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from core.clock import ManualClock
from core.moderation.guards import raids
from tests.conftest import StoreFactory
from tests.contract.conftest import furnished
from tests.contract.house import Stub, living
from tests.contract.moderation.ground import GROUNDS, OnDiscord, OnTelegram
from tests.contract.moderation.raid import Raid, RunningClock

JOINS, MESSAGES = 500, 2_000
SHORTER = {"discord": 20, "telegram": 5}
PATIENCE = 600.0
MEGABYTES = 60  # that it may take at most, the platform and the people in the same process included


@pytest.fixture
def clock() -> ManualClock:
    """A clock that runs."""
    return RunningClock(time.time_ns() // 1_000_000)


@pytest.fixture(params=["discord", "telegram"])
async def ground(
    request: pytest.FixtureRequest, new_store: StoreFactory, clock: ManualClock, engine: str, tmp_path: Path
) -> AsyncIterator[OnDiscord | OnTelegram]:
    """The place on each platform that can mute."""
    async with AsyncExitStack() as stack:
        fakes = await furnished(stack, request.param)
        house = await stack.enter_async_context(
            living(new_store(engine), clock, tmp_path / "downloads", offline=Stub(), **fakes)
        )
        yield await GROUNDS[request.param].make(house)


@pytest.mark.parametrize("end", ["undone", "lifted"])
async def test_a_raid_of_full_size(
    ground: OnDiscord | OnTelegram, end: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """See above. It is undone in one step, or over by itself."""
    shorter = SHORTER[ground.name]
    raid = Raid(ground, JOINS, MESSAGES, patience=PATIENCE)
    raid.without_door()
    await raid.guarded()
    raid.limited(1 / shorter)
    before, memory = raid.calls(), _memory()
    await raid.rage()
    taken, used = raid.calls() - before, _memory() - memory
    refused = raid.refused()[0]
    await raid.check_contained()
    assert used < MEGABYTES
    began = time.monotonic()
    if end == "undone":
        said = await ground.surface.press("Mo", "Undo all of it")
        assert said.startswith("Undone: case 1")
    else:
        await raid.wait(raids.LASTS)
    decided = time.monotonic() - began
    await raid.check_over(end)
    with capsys.disabled():
        print(f"\n{ground.name}, {JOINS} joins and {MESSAGES} messages:")
        print("  seconds of the platform until", {what: round(took * shorter) for what, took in raid.took.items()})
        print(f"  {end} after {decided:.2f} s of ours; carried out after {(time.monotonic() - began) * shorter:.0f} s")
        print(f"  {sum(taken.values())} calls, {refused} of them answered with 429: {dict(taken.most_common(6))}")
        print(f"  {len(raid.written)} messages came through and went, {raid.unable} times a raider could not write")
        print(f"  {used:.0f} MB more, platform and people included")


def _memory() -> float:
    gc.collect()
    with Path("/proc/self/statm").open() as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6
