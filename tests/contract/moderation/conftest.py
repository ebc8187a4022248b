"""Grounds: on each platform, on those that can mute and ban, and on one that is named.

The store's clock is set to the time at which the test begins: platforms judge by their own clocks what is in the past.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from adapters.slack.scopes import BOT_EVENTS, BOT_SCOPES
from core.clock import ManualClock
from tests.contract.conftest import Move, furnished
from tests.contract.house import Stub
from tests.contract.moderation.ground import GROUNDS, Ground, OnDiscord, OnSlack, OnTelegram
from tests.fakes.slack import FakeSlack


@pytest.fixture
def clock() -> ManualClock:
    """A clock that starts now and moves only when told."""
    return ManualClock(time.time_ns() // 1_000_000)


async def made(stack: AsyncExitStack, name: str, move: Move, *, ahead: float = 0.0, **more: Any) -> Any:
    """A ground; `ahead`: so many seconds have passed on its platform beside the machine's clock before it began."""
    fakes = await furnished(stack, name)
    if name == "slack":
        fakes["slack"] = await stack.enter_async_context(FakeSlack(subscribed=BOT_EVENTS, scopes=BOT_SCOPES))
    if name == "telegram":
        fakes[name].ahead = ahead
    else:
        fakes[name].clock.advance(ahead)
    house = await stack.enter_async_context(move(**more, **fakes))
    return await GROUNDS[name].make(house)


@pytest.fixture(params=sorted(GROUNDS))
async def ground(request: pytest.FixtureRequest, move: Move, stub: Stub) -> AsyncIterator[Ground]:
    """The place on each platform in turn."""
    async with AsyncExitStack() as stack:
        yield await made(stack, request.param, move, offline=stub)


@pytest.fixture(params=sorted(name for name, kind in GROUNDS.items() if kind.strong))
async def strong(request: pytest.FixtureRequest, move: Move, stub: Stub) -> AsyncIterator[Ground]:
    """The place on each platform that can mute and ban."""
    async with AsyncExitStack() as stack:
        yield await made(stack, request.param, move, offline=stub)


@pytest.fixture
async def discord(move: Move, stub: Stub) -> AsyncIterator[OnDiscord]:
    """The place on Discord."""
    async with AsyncExitStack() as stack:
        yield await made(stack, "discord", move, offline=stub)


@pytest.fixture
async def telegram(move: Move, stub: Stub) -> AsyncIterator[OnTelegram]:
    """The place on Telegram."""
    async with AsyncExitStack() as stack:
        yield await made(stack, "telegram", move, offline=stub)


@pytest.fixture
async def slack(move: Move, stub: Stub) -> AsyncIterator[OnSlack]:
    """The place on Slack."""
    async with AsyncExitStack() as stack:
        yield await made(stack, "slack", move, offline=stub)
