"""Who stands where in a server, as Discord says it now, and whether an act may be done at all.

Discord's own order: the owner, then by the highest role that somebody holds; of two roles at one height the older one
is the higher. https://discord.com/developers/docs/topics/permissions#permission-hierarchy
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.contract import Act, Gone, NotPermitted
from adapters.discord.permissions import IN_THREADS, POWERS, bit, title
from adapters.discord.readers import VIEW, Access
from adapters.discord.rest import Rest
from adapters.discord.translate import THREADS, account

Json = dict[str, Any]
Overwrites = Mapping[str, tuple[int, int]]  # allowed and denied bits, by the id of a role or a person

_ADMINISTRATOR = 1 << 3


class No(Exception):
    """An act that cannot be done; its text is the plain sentence that says why."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A channel or a thread. `overwrites` are those of the channel that a thread belongs to."""

    raw: Json
    overwrites: Overwrites

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.raw["id"])

    @property
    def thread(self) -> bool:
        """Whether it is a thread."""
        return self.raw["type"] in THREADS


@dataclass(frozen=True, slots=True)
class Standing:
    """A server with those who have to do with an act: the bot, whom it is done to, and the moderator. None: not there.

    People are as Discord's members; `heights` are (position, minus id) and `bits` the permissions of roles, by role id.
    """

    guild: Json
    bot: Json
    target: Json | None = None
    moderator: Json | None = None
    spot: Spot | None = None
    heights: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    bits: Mapping[str, int] = field(default_factory=dict)

    @property
    def owner(self) -> str:
        """The owner's account id."""
        return str(self.guild["owner_id"])

    def height(self, member: Json) -> tuple[int, int]:
        """How high somebody stands by their roles."""
        return max((self.heights[role] for role in _roles(member) if role in self.heights), default=(0, 0))

    def holds(self, member: Json, wanted: int, overwrites: Overwrites | None = None) -> bool:
        """Whether a member has all these permissions in the server, or where there are such overwrites."""
        access = Access(self.bits, overwrites or {}, str(self.guild["id"]), self.owner)
        return access.may(str(member["user"]["id"]), _roles(member), wanted)

    def above(self, act: Act, *, by_discord: bool = True) -> None:
        """Raises `No` if nobody may do this to the target, or not this moderator, or (`by_discord`) not the bot."""
        if act.account_id == str(self.bot["user"]["id"]):
            raise No("That is me, and I do not act on myself.")
        if self.target is None:
            return
        name = account(self.target["user"], self.target).name
        if act.account_id == self.owner:
            raise No(f"{name} owns this server, so nobody can act on them here.")
        if self.holds(self.target, _ADMINISTRATOR):
            raise No(f"{name} is an administrator of this server, so I leave them alone.")
        height = self.height(self.target)
        if act.by:
            if act.by == act.account_id:
                raise No("Nobody can do that to themselves.")
            if self.moderator is None:
                raise No("The moderator is not on this server, so I cannot see whom they may act on.")
            if act.by != self.owner and height >= self.height(self.moderator):
                raise No(f"{name}'s role is not below the moderator's.")
        if by_discord and height >= self.height(self.bot):
            raise No(f"{name}'s role is not below mine. My role can be moved up in the server's settings, under Roles.")

    def able(self, act: Act) -> None:
        """Raises `No` if the bot lacks a permission that the act takes, and names it."""
        if self.spot is None:
            for name in POWERS[act.power]:
                if not self.holds(self.bot, bit(name)):
                    raise No(f"I lack the permission {title(name)} on this server.")
            return
        names = IN_THREADS.get(act.power, POWERS[act.power]) if self.spot.thread else POWERS[act.power]
        where = f"in #{self.spot.raw.get('name')}"
        if not self.holds(self.bot, VIEW, self.spot.overwrites):
            raise No(f"I lack the permission {title('view_channel')} {where}.")
        for name in names:
            there = self.holds(self.bot, bit(name), self.spot.overwrites)
            # What a lock takes from others, the bot has to have in the server, if not there.
            if not there and (name == names[0] or not self.holds(self.bot, bit(name))):
                raise No(f"I lack the permission {title(name)} {where}.")


async def survey(rest: Rest, me: str, act: Act, channel_id: str = "") -> Standing:
    """Ask Discord for all that an act depends on. Raises `No` if the server or channel is not there, `DeliveryError`s.

    `channel_id` is the channel or thread that the act is about.
    """
    if not act.workspace.isdigit():
        raise No("I am not on that server.")
    try:
        guild = await rest.call("GET", "/guilds/{guild_id}", guild_id=act.workspace)
        bot, target, moderator, spot = await asyncio.gather(
            member(rest, act.workspace, me),
            member(rest, act.workspace, act.account_id),
            member(rest, act.workspace, act.by if act.account_id else ""),
            _spot(rest, act.workspace, channel_id),
        )
    except (Gone, NotPermitted):
        bot = None
    if bot is None:
        raise No("I am not on that server any more.")
    roles = guild["roles"]
    return Standing(
        guild,
        bot,
        target,
        moderator,
        spot,
        {str(role["id"]): (int(role["position"]), -int(role["id"])) for role in roles},
        {str(role["id"]): int(role["permissions"]) for role in roles},
    )


async def member(rest: Rest, guild_id: str, user_id: str) -> Json | None:
    """Somebody's membership; None for who is not on the server. Raises a `DeliveryError`."""
    if not user_id.isdigit():
        return None
    try:
        found: Json = await rest.call("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=guild_id, user_id=user_id)
    except Gone:
        return None
    return found


async def _spot(rest: Rest, guild_id: str, channel_id: str) -> Spot | None:
    if not channel_id:
        return None
    raw = await channel(rest, guild_id, channel_id)
    home = await channel(rest, guild_id, str(raw["parent_id"])) if raw["type"] in THREADS else raw
    return Spot(
        raw, {str(one["id"]): (int(one["allow"]), int(one["deny"])) for one in home.get("permission_overwrites") or ()}
    )


async def channel(rest: Rest, guild_id: str, channel_id: str) -> Json:
    """A channel of that server and of no other. Raises `No` and `DeliveryError`s."""
    if not channel_id.isdigit() or channel_id == guild_id:
        raise No("That is done in one channel, and it was not said in which.")
    try:
        raw: Json = await rest.call("GET", "/channels/{channel_id}", channel_id=channel_id)
    except NotPermitted:
        raise No(f"I lack the permission {title('view_channel')} in that channel.") from None
    except Gone:
        raise No("That channel is not there any more.") from None
    if str(raw.get("guild_id") or "") != guild_id:
        raise No("That channel is not there any more.")
    return raw


def _roles(member: Json) -> list[str]:
    return [str(role) for role in member["roles"]]
