"""A moderator's day on each platform, line by line; the page of the documents is what happened on Discord.

`make docs` writes the page, and what is expected on the other platforms, anew.
"""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from core.clock import ManualClock
from tests.contract.conftest import Move
from tests.contract.house import Stub
from tests.contract.moderation import day
from tests.contract.moderation.conftest import made

FOLDER = Path(__file__).parent
EXPECTED = {"discord": day.PAGE, "telegram": FOLDER / "day_telegram.txt", "slack": FOLDER / "day_slack.txt"}


@pytest.fixture
def clock() -> ManualClock:
    """The clock of the scenario."""
    return day.clock()


@pytest.mark.parametrize("name", sorted(EXPECTED))
async def test_a_moderators_day(name: str, move: Move, stub: Stub) -> None:
    async with AsyncExitStack() as stack:
        played = day.Day(await made(stack, name, move, ahead=day.ahead(), offline=stub))
        await played.play()
    shown = played.page() if name == "discord" else "\n".join(played.lines()) + "\n"
    if os.environ.get("NEXUS_WRITE_DAY"):
        EXPECTED[name].parent.mkdir(exist_ok=True)
        EXPECTED[name].write_text(shown, "utf-8")
    assert shown == EXPECTED[name].read_text("utf-8")
