"""What people wrote lately, read once: a channel with its open threads, or every channel that the bot can read.

History does not say when its authors came: of those who wrote last it is asked, as of people and not of messages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from adapters.contract import DeliveryError, Event, EventKind, NotPermitted, TooManyRequests
from adapters.discord.library import discord
from adapters.discord.respond import snowflake_at
from adapters.discord.rest import Rest
from adapters.discord.standing import member
from adapters.discord.translate import Channel, said
from adapters.discord.world import World

Json = dict[str, Any]

_PAGE = 100
_MOST_CHANNELS = 20  # of a whole server: those in which somebody wrote last
_MOST_AUTHORS = 50  # whose coming is asked for
_LONGEST_WAIT = 60.0  # seconds that Discord may ask us to wait
_WAITS = 5  # how often in one look
_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)


class Recent:
    """Answers `Adapter.recent`, once."""

    def __init__(self, rest: Rest, world: World, guild_id: str) -> None:
        self._rest, self._world, self._guild_id = rest, world, guild_id
        self._waits = 0

    async def of(self, place_id: str, since: int, most: int) -> list[Event] | None:
        """See `Adapter.recent`."""
        channels = self._channels(place_id, snowflake_at(since))
        if channels is None:
            return None
        found: list[tuple[Json, Channel]] = []
        for channel in channels:
            found += [(raw, channel) for raw in await self._messages(channel.id, snowflake_at(since), most)]
        found = sorted(found, key=lambda one: int(one[0]["id"]))[-most:]
        members = await self._members([raw for raw, _ in found])
        return [event for raw, channel in found for event in self._events(raw, channel, members)]

    def _channels(self, place_id: str, after: int) -> list[Channel] | None:
        """The channels and threads to be read; None where the bot may read none of them."""
        guild = self._world.guild(self._guild_id)
        if guild is None or guild.me is None:
            return None
        homes = [one for one in guild.text_channels if place_id in ("", str(one.id)) and _readable(one, guild)]
        if not homes:
            return None
        homes.sort(key=lambda one: one.last_message_id or 0, reverse=True)
        found: list[Channel] = []
        for one in homes[:_MOST_CHANNELS]:
            found.append(Channel(str(one.id), one.name))
            found += [
                Channel(str(thread.id), thread.name, str(one.id), one.name, private=thread.is_private())
                for thread in self._world.threads(self._guild_id, str(one.id))
            ]
        return [one for one in found if (self._world.last_message(self._guild_id, one.id) or after + 1) > after]

    async def _messages(self, channel_id: str, after: int, most: int) -> list[Json]:
        """The newest messages of a channel that are younger than that, in no order."""
        found: list[Json] = []
        query: Json = {"limit": _PAGE}
        while len(found) < most:
            try:
                page = await self._ask(query, channel_id)
            except TooManyRequests:
                if not found:
                    raise
                break  # what was read until then
            except NotPermitted:
                break
            young = [raw for raw in page if int(raw["id"]) > after]
            found += young
            if len(page) < _PAGE or len(young) < len(page):
                break
            query = {"limit": _PAGE, "before": min(int(raw["id"]) for raw in page)}
        return found[:most]

    async def _ask(self, query: Json, channel_id: str) -> list[Json]:
        path = "/channels/{channel_id}/messages"
        while True:
            try:
                page: list[Json] = await self._rest.call("GET", path, query=query, channel_id=channel_id)
                return page
            except TooManyRequests as error:
                self._waits += 1
                if error.after > _LONGEST_WAIT or self._waits > _WAITS:
                    raise
                await asyncio.sleep(error.after)

    async def _members(self, messages: Sequence[Json]) -> dict[str, Json]:
        """What is known of those who wrote last as members of the server."""
        authors = [raw["author"] for raw in reversed(messages) if raw.get("author") and not raw["author"].get("bot")]
        found: dict[str, Json] = {}
        for user_id in list(dict.fromkeys(str(one["id"]) for one in authors))[:_MOST_AUTHORS]:
            try:
                known = await member(self._rest, self._guild_id, user_id)
            except DeliveryError:
                break  # the others are taken as people of whom it is not known
            if known is not None:
                found[user_id] = known
        return found

    def _events(self, raw: Json, channel: Channel, members: dict[str, Json]) -> list[Event]:
        try:
            known = members.get(str(raw["author"]["id"]))
            message = raw | {"guild_id": self._guild_id} | ({"member": known} if known is not None else {})
            events = said(message, channel, self._world)
        except _UNREADABLE:
            return []
        return [one for one in events if one.kind is EventKind.MESSAGE and not one.account.is_bot]


def _readable(channel: discord.TextChannel, guild: discord.Guild) -> bool:
    may = channel.permissions_for(guild.me)
    return bool(may.view_channel and may.read_message_history)
