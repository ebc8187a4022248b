"""What was said to the bot while nobody listened, fetched where Discord lets it read back.

Only messages that address the bot: people's talk among themselves is not fetched after the fact. Each has the id that
it would have had live, so nothing is done twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from adapters.contract import DeliveryError, Event, Heard, PlaceKind, Sink, TooManyRequests
from adapters.discord.intake import Intake
from adapters.discord.respond import snowflake_at
from adapters.discord.rest import Rest
from adapters.discord.translate import Channel, said
from adapters.discord.world import World

log = logging.getLogger(__name__)

Json = dict[str, Any]

_NEWEST = 100  # messages in each place
_AT_ONCE = 4  # histories fetched side by side
_OVERLAP = 60_000  # milliseconds asked for twice: our clock is not Discord's
_LONGEST_WAIT = 60.0  # seconds that Discord may ask us to wait before the next place


async def backfill(
    rest: Rest,
    world: World,
    sink: Sink,
    intake: Intake,
    *,
    guilds: Collection[str],
    direct: bool,
    unread: Callable[[], None],
) -> None:
    """Have fetched what the servers whose session began anew, and direct chats, said meanwhile.

    In each channel that comes before what is said there now, so that it is answered in its order; channels wait for
    their own history alone. `unread` is called for each place whose history cannot be read.
    """
    gently = asyncio.Semaphore(_AT_ONCE)
    for heard in await sink.heard("discord"):
        if not (direct if heard.kind is PlaceKind.DIRECT else heard.workspace in guilds):
            continue
        after = snowflake_at(heard.at - _OVERLAP)
        for channel in _channels(world, heard):
            newest = world.last_message(heard.workspace, channel.id)
            if newest is None or newest > after:
                found = partial(_missed, rest, world, heard, channel, after, gently, unread)
                intake.put(channel.id, [found], first=True)


async def _missed(
    rest: Rest,
    world: World,
    heard: Heard,
    channel: Channel,
    after: int,
    gently: asyncio.Semaphore,
    unread: Callable[[], None],
) -> list[Event]:
    async with gently:
        try:
            messages = await _messages(rest, channel.id)
        except DeliveryError as error:
            log.warning("the history of a place could not be read: %s", error)
            unread()
            return []
    return [event for raw in messages for event in _event(raw, after, heard, channel, world)]


def _channels(world: World, heard: Heard) -> list[Channel]:
    if heard.kind is PlaceKind.DIRECT:
        return [Channel(heard.place_id, direct=True)]
    here = world.channel(heard.workspace, heard.place_id)
    if here is None:
        return []
    threads = [
        Channel(str(thread.id), thread.name, here.id, here.name, private=thread.is_private())
        for thread in world.threads(heard.workspace, heard.place_id)
    ]
    return [here, *threads]


async def _messages(rest: Rest, channel_id: str) -> list[Json]:
    """The newest messages of a channel, oldest first. Raises a `DeliveryError`."""
    path, query = "/channels/{channel_id}/messages", {"limit": _NEWEST}
    try:
        found = await rest.call("GET", path, query=query, channel_id=channel_id)
    except TooManyRequests as error:
        await asyncio.sleep(min(error.after, _LONGEST_WAIT))
        found = await rest.call("GET", path, query=query, channel_id=channel_id)
    return sorted(found, key=lambda message: int(message["id"]))


def _event(raw: Json, after: int, heard: Heard, channel: Channel, world: World) -> list[Event]:
    if int(raw["id"]) <= after:
        return []
    message = raw | ({"guild_id": heard.workspace} if heard.workspace else {})
    return [event for event in said(message, channel, world) if event.addressed]
