"""A fake Discord with a server, two people and a channel; and a bot that knows commands, buttons, menus and forms."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.discord import Channel, FakeDiscord, Guild, User
from tests.test_fakes.test_discord.bot import TestBot
from tests.test_fakes.test_discord.tools import discord, logged_in, point_at, running


@pytest.fixture(autouse=True)
def _addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    # Whatever a test points the library at, the next one finds it as it was.
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    socket = discord.gateway.DiscordWebSocket
    monkeypatch.setattr(socket, "DEFAULT_GATEWAY", socket.DEFAULT_GATEWAY)


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        point_at(server)
        yield server


@pytest.fixture
def ana(fake: FakeDiscord) -> User:
    return fake.user("Ana")


@pytest.fixture
def ben(fake: FakeDiscord) -> User:
    return fake.user("Ben")


@pytest.fixture
def guild(fake: FakeDiscord, ana: User, ben: User) -> Guild:
    return fake.guild("Harbour", members=[ana, ben], roles=["crew"])


@pytest.fixture
def general(guild: Guild) -> Channel:
    return guild.channel("general")


@pytest.fixture
async def client(fake: FakeDiscord) -> AsyncIterator[discord.Client]:
    async with logged_in(fake) as made:
        yield made


@pytest.fixture
async def bot(fake: FakeDiscord, guild: Guild) -> AsyncIterator[TestBot]:
    made = TestBot()
    async with running(fake, made):
        await made.tree.sync()
        yield made
