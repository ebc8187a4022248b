"""A community on one platform, decisions for it, and processes that carry them out and die."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot.moderation.carry import Carrier
from bot.unit import AsyncStore
from bot.words import Words
from core.moderation.cases.tables import mod_act
from core.places.places import Place
from tests.bot.moderation.doing import Chat, Doing
from tests.core.moderation.cases.acting import gather
from tests.world import World


class Process:
    """A process with a carrier, that can be killed."""

    def __init__(self, world: World, *adapters: Doing) -> None:
        self.world = world
        self.adapter = adapters[0]
        self.carrier = Carrier(AsyncStore(world.store), {one.name: one for one in adapters}, Words())
        self.looked = 0.0  # seconds that it would sleep now

    async def once(self) -> float:
        """Look once, and wait until what is begun by that is over. Returns how long it would sleep (seconds)."""
        self.looked = await self.carrier._look()
        await self.quiet()
        return self.looked

    async def begin(self) -> None:
        """Look once, and leave it under way."""
        await self.carrier._look()

    async def quiet(self) -> None:
        """Wait until nothing is under way."""
        await asyncio.gather(*self.carrier._busy.values())
        await asyncio.sleep(0)  # what is over is taken from the list by a callback

    async def kill(self) -> None:
        """It ends wherever it is: nothing more is stored."""
        await self.carrier.stop()


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """What is carried out does not depend on the engine; the queries do, and are tested on both in core."""
    return str(request.param)


@pytest.fixture
def lobby(world: World) -> Place:
    """The group of Parser on Telegram."""
    return gather(world)


@pytest.fixture
def chat() -> Chat:
    """The platform, which outlives processes."""
    return Chat()


@pytest.fixture
async def start(world: World, lobby: Place, chat: Chat) -> AsyncIterator[Callable[..., Process]]:
    """Start a process; all are ended with the test."""
    started: list[Process] = []

    def make(*names: str) -> Process:
        started.append(Process(world, *(Doing(chat, name) for name in names or ("telegram",))))
        return started[-1]

    yield make
    for one in started:
        await one.kill()


def rows(world: World) -> list[dict[str, Any]]:
    """All acts, oldest first."""
    return [dict(row) for row in world.read(lambda unit: unit.rows(select(mod_act).order_by(mod_act.c.id)))]


def states(world: World) -> list[str]:
    """Their states."""
    return [row["state"] for row in rows(world)]
