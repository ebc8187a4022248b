"""Houses with Discord or Slack in them, and on request with a model."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from adapters.slack.scopes import BOT_EVENTS, BOT_SCOPES
from bot.cofounder.model import ModelBrain, Patience
from tests.contract.conftest import Move, furnished
from tests.contract.house import Stub
from tests.contract.surfaces import at_once
from tests.contract.wire.hall import Hall
from tests.contract.wire.harbour import Harbour
from tests.fakes.openai import API_KEY, FakeOpenAI
from tests.fakes.slack import FakeSlack

CALM = Patience(connect=20, first=20, between=20, whole=40, pause=0, longest_wait=0)

Sail = Callable[..., AbstractAsyncContextManager[Harbour]]
Open = Callable[..., AbstractAsyncContextManager[Hall]]


def model_of(endpoint: FakeOpenAI) -> ModelBrain:
    """A brain with its model at the fake endpoint."""
    return ModelBrain(api_key=API_KEY, base_url=endpoint.base_url, model="fake", patience=CALM, sleep=at_once)


@pytest.fixture
def sail(move: Move, stub: Stub) -> Sail:
    """Makes harbours: `discord` is a fake of one's own, `guild` what the server is made with."""

    @asynccontextmanager
    async def make(*, guild: dict[str, Any] | None = None, **more: Any) -> AsyncIterator[Harbour]:
        async with AsyncExitStack() as stack:
            made = {"terminal": False} if "discord" in more else await furnished(stack, "discord")
            house = await stack.enter_async_context(move(offline=stub, **{**made, **more}))
            yield await Harbour.of(house, **(guild or {}))

    return make


@pytest.fixture
async def harbour(sail: Sail) -> AsyncIterator[Harbour]:
    """A server on Discord with the bot in it."""
    async with sail() as here:
        yield here


@pytest.fixture
async def wise(sail: Sail, endpoint: FakeOpenAI) -> AsyncIterator[Harbour]:
    """A server on Discord, the bot with a model."""
    async with sail(brain=model_of(endpoint)) as here:
        yield here


@pytest.fixture
def open_hall(move: Move, stub: Stub) -> Open:
    """Makes halls: the app has the scopes and events of our manifest."""

    @asynccontextmanager
    async def make(**more: Any) -> AsyncIterator[Hall]:
        async with AsyncExitStack() as stack:
            if "slack" not in more:
                more["slack"] = await stack.enter_async_context(FakeSlack(subscribed=BOT_EVENTS, scopes=BOT_SCOPES))
            house = await stack.enter_async_context(move(**{"terminal": False, "offline": stub, **more}))
            yield await Hall.of(house)

    return make


@pytest.fixture
async def hall(open_hall: Open) -> AsyncIterator[Hall]:
    """A channel on Slack with the app in it."""
    async with open_hall() as here:
        yield here


@pytest.fixture
async def clever(open_hall: Open, endpoint: FakeOpenAI) -> AsyncIterator[Hall]:
    """A channel on Slack, the app with a model."""
    async with open_hall(brain=model_of(endpoint)) as here:
        yield here
