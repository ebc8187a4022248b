"""The real discord.py, pointed at the fake, with a bot that notes what it is told and knows one of everything."""

import asyncio
import contextlib
import warnings
from collections.abc import AsyncIterator, Callable
from typing import Any

import yarl

with warnings.catch_warnings():
    # It imports a standard module that Python is about to drop, which only voice needs.
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord
    import discord.gateway
    import discord.http
    from discord import app_commands

from tests.fakes.discord import FakeDiscord

discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False

__all__ = ["app_commands", "arrived", "discord", "happens", "logged_in", "point_at", "running"]


def point_at(fake: FakeDiscord) -> None:
    """Make the library use the fake."""
    discord.http.Route.BASE = fake.api_base
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(fake.gateway_url)


def intents(*, content: bool = True, members: bool = True) -> discord.Intents:
    wanted = discord.Intents.default()
    wanted.message_content, wanted.members = content, members
    return wanted


class Seen(asyncio.Queue[tuple[str, Any]]):
    """What a handler would get: the event's name and first argument; `task` is the client at work."""

    task: "asyncio.Task[None]"


@contextlib.asynccontextmanager
async def logged_in(fake: FakeDiscord, token: str | None = None) -> AsyncIterator[discord.Client]:
    """A client for REST alone."""
    client = discord.Client(intents=discord.Intents.none())
    try:
        await client.login(token or fake.token)
        yield client
    finally:
        await client.close()


@contextlib.asynccontextmanager
async def running(
    fake: FakeDiscord | None, client: discord.Client | None = None, *, token: str | None = None, sharded: bool = False
) -> AsyncIterator[tuple[discord.Client, Seen]]:
    """A client on the gateway, ready; every event that a handler would get lands in the queue as name and argument."""
    if client is None:
        kind: Any = discord.AutoShardedClient if sharded else discord.Client
        client = kind(intents=intents(), shard_count=2 if sharded else None)
    seen = Seen()
    told = client.dispatch
    ready = asyncio.Event()

    def dispatch(event: str, /, *args: Any, **kwargs: Any) -> None:
        if not event.startswith("socket"):
            seen.put_nowait((event, args[0] if args else None))
        if event == "ready":
            ready.set()
        told(event, *args, **kwargs)

    client.dispatch = client._connection.dispatch = dispatch  # type: ignore[method-assign]
    # It otherwise waits five seconds before every session that is not its first.
    client.before_identify_hook = _at_once  # type: ignore[method-assign]
    # The library otherwise waits two seconds for a further server before it is ready.
    client._connection.guild_ready_timeout = 0.05
    seen.task = task = asyncio.create_task(client.start(token or (fake.token if fake else "")))
    waiting = asyncio.create_task(ready.wait())
    try:
        async with asyncio.timeout(20):
            await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        yield client, seen
    finally:
        waiting.cancel()
        await client.close()
        with contextlib.suppress(Exception):
            await task


async def _at_once(shard_id: int | None, *, initial: bool = False) -> None: ...


async def arrived(seen: Seen, name: str, fits: Callable[[Any], bool] = lambda _: True) -> Any:
    """The next event of that name."""
    async with asyncio.timeout(10):
        while True:
            event, argument = await seen.get()
            if event == name and fits(argument):
                return argument


async def happens(fake: FakeDiscord, find: Callable[[], Any]) -> Any:
    """Until something is so; the library reconnects after up to a few seconds."""
    return await fake.until(lambda: find() or None, 20)
