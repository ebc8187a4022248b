"""A raid through the real client libraries, at platforms that take only so much of a bot in a second.

This is a small one. The full size is in `tests/soak/moderation`.
"""

from __future__ import annotations

import time

import pytest

from core.clock import ManualClock
from core.moderation.guards import raids
from tests.contract.moderation.ground import OnDiscord, OnTelegram
from tests.contract.moderation.raid import Raid, RunningClock


@pytest.fixture
def clock() -> ManualClock:
    """A clock that runs."""
    return RunningClock(time.time_ns() // 1_000_000)


async def test_on_discord_it_is_contained_and_undone_in_one_step(discord: OnDiscord) -> None:
    raid = Raid(discord, 40, 120)
    raid.without_door()
    await raid.guarded()
    raid.limited(0.02)
    await raid.rage()
    await raid.check_contained()
    assert discord.channel.slow == raids.SLOW
    said = await discord.surface.press("Mo", "Undo all of it")
    assert said.startswith("Undone: case 1 (closed up against a raid). Deleted messages cannot come back.")
    await raid.check_over("undone")
    assert discord.channel.slow == 0


async def test_on_discord_the_door_is_closed_meanwhile(discord: OnDiscord) -> None:
    raid = Raid(discord, 20, 20, one_by_one=True)
    await raid.guarded()
    await raid.rage()
    assert len(raid.raiders) < 20
    assert discord.guild.invites_paused_until > discord.harbour.discord.clock.now()
    await raid.wait(raids.LASTS)
    await raid.check_over("lifted")
    assert discord.guild.invites_paused_until <= discord.harbour.discord.clock.now()


async def test_on_telegram_it_is_contained_and_over_by_itself(telegram: OnTelegram) -> None:
    raid = Raid(telegram, 40, 120)
    await raid.guarded()
    raid.limited(0.2)
    await raid.rage()
    await raid.check_contained()
    await raid.wait(raids.LASTS)
    await raid.check_over("lifted")
