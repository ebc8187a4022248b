"""A house with one surface at a time; scenarios that take `surface` run once per platform."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from core.clock import ManualClock
from tests.conftest import StoreFactory
from tests.contract.house import House, Scene, Stub, living
from tests.contract.surfaces import Surface
from tests.fakes.discord import FakeDiscord
from tests.fakes.openai import FakeOpenAI
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram

Move = Callable[..., AbstractAsyncContextManager[House]]


@pytest.fixture
def stub() -> Stub:
    """What the stand-in for the offline brain understands."""
    return Stub()


@pytest.fixture
async def endpoint() -> AsyncIterator[FakeOpenAI]:
    """A fake endpoint of a model."""
    async with FakeOpenAI() as server:
        yield server


@pytest.fixture
async def tg() -> AsyncIterator[FakeTelegram]:
    """A fake Telegram."""
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
def move(new_store: StoreFactory, clock: ManualClock, tmp_path: Path) -> Move:
    """Makes houses on a store of their own (`engine` says on which)."""

    def make(engine: str = "sqlite", **more: Any) -> AbstractAsyncContextManager[House]:
        return living(more.pop("store", None) or new_store(engine), clock, tmp_path / "downloads", **more)

    return make


PLATFORMS = ("terminal", "telegram", "discord", "slack")
FAKES: dict[str, Callable[[], Any]] = {"telegram": FakeTelegram, "discord": FakeDiscord, "slack": FakeSlack}


async def furnished(stack: AsyncExitStack, *platforms: str) -> dict[str, Any]:
    """What `Move` takes for a house with these platforms: their fakes, running until the stack ends."""
    made: dict[str, Any] = {"terminal": "terminal" in platforms}
    for name in platforms:
        if name in FAKES:
            made[name] = await stack.enter_async_context(FAKES[name]())
    return made


@pytest.fixture(params=PLATFORMS)
async def surface(request: pytest.FixtureRequest, move: Move, stub: Stub) -> AsyncIterator[Surface]:
    """A platform with a house behind it."""
    async with AsyncExitStack() as stack:
        fakes = await furnished(stack, request.param)
        house = await stack.enter_async_context(move(offline=stub, **fakes))
        yield house.surface


@pytest.fixture
def scene(surface: Surface) -> Scene:
    """What may have happened before."""
    return Scene(surface)


@pytest.fixture
async def both(move: Move, tg: FakeTelegram, stub: Stub) -> AsyncIterator[House]:
    """One process with a terminal and Telegram."""
    async with move(terminal=True, telegram=tg, offline=stub) as house:
        yield house


@pytest.fixture
def scene_of() -> Callable[[House], Scene]:
    """What may have happened before, in a house that a test made itself."""

    def make(house: House) -> Scene:
        return Scene(house.surface)

    return make
