"""Who can read in a channel or private thread: computed from its permissions and the server's members.

The members of a server are read page by page, once, and kept up by what the sessions tell; after a session that
continues no other, and ten minutes later in any case, they are read again. It takes the members intent: without it
Discord gives no list, and tells of no changes.

Where somebody could begin to read without anybody's doing there is no list either: where everybody who joins the
server can read, and where it takes a role or a choice that people give to themselves (onboarding, boosting, linked
accounts, paid roles), or a guest's link to a voice channel.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapters.common.bounded import Bounded
from adapters.contract import Transient
from adapters.discord.library import discord
from adapters.discord.rest import Rest
from adapters.discord.world import World

Json = dict[str, Any]

MOST_MEMBERS = 10_000  # of a server whose list is read: ten requests
_PAGE = 1_000
_KEPT_FOR = 10 * 60 * 1000  # milliseconds
_MOST_SERVERS, _MOST_CHANNELS = 500, 10_000
_ADMINISTRATOR = 1 << 3
VIEW, MANAGE_THREADS = 1 << 10, 1 << 34
_SELF_SERVED = "COMMUNITY"  # the feature of servers that may have onboarding


@dataclass(frozen=True, slots=True)
class Access:
    """What decides who may view a channel: permission bits by role, the channel's overwrites, and who may all.

    `overwrites` are (allowed, denied) bits by the id of a role or a person; `everyone` is the role that all have.
    """

    roles: Mapping[str, int]
    overwrites: Mapping[str, tuple[int, int]]
    everyone: str
    owner: str = ""

    def may(self, user: str, held: Collection[str], wanted: int = VIEW) -> bool:
        """Whether somebody with these roles has all of the wanted permissions there.

        See https://discord.com/developers/docs/topics/permissions#permission-overwrites.
        """
        if user == self.owner:
            return True
        held = [role for role in held if role in self.roles]  # some may have been deleted since they were given
        bits = self.roles.get(self.everyone, 0)
        for role in held:
            bits |= self.roles[role]
        if bits & _ADMINISTRATOR:
            return True
        allow = deny = 0
        for role in held:
            more, less = self.overwrites.get(role, (0, 0))
            allow, deny = allow | more, deny | less
        for more, less in (
            self.overwrites.get(self.everyone, (0, 0)),
            (allow, deny),
            self.overwrites.get(user, (0, 0)),
        ):
            bits = bits & ~less | more
        return bits & wanted == wanted


@dataclass(frozen=True, slots=True)
class _Server:
    """The people of a server with their roles, and what they may take for themselves."""

    read_at: int
    people: dict[str, tuple[str, ...]] | None  # None: there are too many
    free_roles: frozenset[str] = frozenset()
    free_channels: frozenset[str] = frozenset()


class Readers:
    """Answers `Adapter.readers`. `clock` gives milliseconds since the epoch."""

    def __init__(self, rest: Rest, world: World, clock: Callable[[], int]) -> None:
        self._rest, self._world, self._clock = rest, world, clock
        self._servers: Bounded[str, _Server] = Bounded(_MOST_SERVERS)
        self._locks: Bounded[str, asyncio.Lock] = Bounded(_MOST_SERVERS)
        self._late: dict[str, dict[str, tuple[str, ...] | None]] = {}  # what changed while a list is read; None: left
        self._overwrites: Bounded[str, str] = Bounded(_MOST_CHANNELS)  # of channels, as they were heard of last

    async def of(self, guild_id: str, channel_id: str, most: int) -> tuple[str, ...] | None:
        """See `Adapter.readers`. Raises a `DeliveryError`."""
        if self._closed(guild_id, channel_id) is None:
            return None
        added = await self._added(guild_id, channel_id)
        server = await self._server(guild_id)
        access = self._closed(guild_id, channel_id)  # looked at anew: it may have changed while the lists were read
        if access is None or server.people is None or channel_id in server.free_channels:
            return None
        wanted = self._wanted(guild_id, channel_id)
        if any(access.may("", (role,), wanted) for role in server.free_roles):
            return None
        readers = tuple(
            sorted(
                user
                for user, held in server.people.items()
                if access.may(user, held, wanted) or (user in added and access.may(user, held))
            )
        )
        return readers if len(readers) <= most else None

    async def _added(self, guild_id: str, channel_id: str) -> frozenset[str]:
        """Who was added to a private thread; nobody where that is none."""
        if self._wanted(guild_id, channel_id) == VIEW:
            return frozenset()
        answer = await self._rest.call("GET", "/channels/{channel_id}/thread-members", channel_id=channel_id)
        return frozenset(str(one["user_id"]) for one in answer)

    def _wanted(self, guild_id: str, channel_id: str) -> int:
        """What lets somebody read there who was not added: in a private thread it takes more."""
        channel = self._world.channel(guild_id, channel_id)
        return VIEW | MANAGE_THREADS if channel is not None and channel.private else VIEW

    def heard(self, event: str, data: Json) -> None:
        """A member came (GUILD_MEMBER_ADD), has other roles, or left."""
        guild_id, user = str(data["guild_id"]), data["user"]
        if user.get("bot"):
            return
        gone = event == "GUILD_MEMBER_REMOVE"
        change = {str(user["id"]): None if gone else tuple(str(role) for role in data.get("roles", ()))}
        if guild_id in self._late:
            self._late[guild_id] |= change
        server = self._servers.get(guild_id)
        if server is not None and server.people is not None:
            _apply(server.people, change)

    def forget(self, guild_ids: Collection[str]) -> None:
        """A session began that continues no other: what happened in these servers since was told to nobody."""
        for guild_id in guild_ids:
            self._servers.pop(guild_id)
            self._late.pop(guild_id, None)

    def changed(self, channel: Json) -> bool:
        """Whether who may view a channel is said otherwise than when it was heard of last."""
        key, now = str(channel["id"]), repr(channel.get("permission_overwrites"))
        before = self._overwrites.get(key)
        self._overwrites.put(key, now)
        return now != before

    def _closed(self, guild_id: str, channel_id: str) -> Access | None:
        """What decides who may view a channel that not everybody may, nor begin to by themselves; else None."""
        guild = self._world.guild(guild_id)
        found = guild.get_channel_or_thread(int(channel_id)) if guild and channel_id.isdigit() else None
        if isinstance(found, discord.Thread):
            found = found.parent
        if guild is None or guild.unavailable or found is None or isinstance(found, discord.channel.VocalGuildChannel):
            return None
        access = Access(
            {str(role.id): role.permissions.value for role in guild.roles},
            {
                str(target.id): (allowed.value, denied.value)
                for target, overwrite in found.overwrites.items()
                for allowed, denied in (overwrite.pair(),)
            },
            str(guild.id),
            str(guild.owner_id),
        )
        # Roles that no person gives: for boosting, for a linked account, for money.
        own = [str(role.id) for role in guild.roles if role.managed and not role.is_bot_managed()]
        wanted = self._wanted(guild_id, channel_id)
        if access.may("", (), wanted) or any(access.may("", (role,), wanted) for role in own):
            return None
        return access

    async def _server(self, guild_id: str) -> _Server:
        lock = self._locks.get(guild_id) or asyncio.Lock()
        self._locks.put(guild_id, lock)
        async with lock:
            known = self._servers.get(guild_id)
            if known is not None and self._clock() - known.read_at < _KEPT_FOR:
                return known
            self._late[guild_id] = {}
            try:
                made = await self._read(guild_id)
            finally:
                late = self._late.pop(guild_id, None)
            if late is None:  # a new session began meanwhile
                raise Transient("the list of members is old already", maybe_done=False)
            if made.people is not None:
                _apply(made.people, late)
            self._servers.put(guild_id, made)
            return made

    async def _read(self, guild_id: str) -> _Server:
        guild = self._world.guild(guild_id)
        made = _Server(self._clock(), {})
        if guild is None or (guild.member_count or 0) > MOST_MEMBERS:
            return replace(made, people=None)
        people: dict[str, tuple[str, ...]] = {}
        after = "0"
        while True:
            page = await self._rest.call(
                "GET", "/guilds/{guild_id}/members", query={"limit": _PAGE, "after": after}, guild_id=guild_id
            )
            for member in page:
                if not member["user"].get("bot"):
                    people[str(member["user"]["id"])] = tuple(str(role) for role in member["roles"])
            if len(page) < _PAGE:
                break
            after = str(page[-1]["user"]["id"])
            if len(people) > MOST_MEMBERS:
                return replace(made, people=None)
        roles, channels = await self._onboarding(guild_id) if _SELF_SERVED in guild.features else ((), ())
        return replace(made, people=people, free_roles=frozenset(roles), free_channels=frozenset(channels))

    async def _onboarding(self, guild_id: str) -> tuple[list[str], list[str]]:
        """Roles and channels that members choose for themselves: their ids."""
        answer = await self._rest.call("GET", "/guilds/{guild_id}/onboarding", guild_id=guild_id)
        if not answer["enabled"]:
            return [], []
        options = [option for prompt in answer["prompts"] for option in prompt["options"]]
        return (
            [str(role) for option in options for role in option["role_ids"]],
            [str(channel) for option in options for channel in option["channel_ids"]],
        )


def _apply(people: dict[str, tuple[str, ...]], changes: Mapping[str, tuple[str, ...] | None]) -> None:
    for user, held in changes.items():
        if held is None:
            people.pop(user, None)
        else:
            people[user] = held
