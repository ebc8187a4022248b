"""What moderators can do in a server. Each act asks Discord first who stands where, and says what it did not do.

An act that was carried out already is noticed where that can be told, so that repeating it leaves no second entry in
the server's audit log. People are here, places in `places`, messages in `purge`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from adapters.contract import (
    Act,
    DeliveryError,
    Did,
    Gone,
    NotPermitted,
    Power,
    TooManyRequests,
    Transient,
    Unauthorized,
    Written,
)
from adapters.discord.markup import clean
from adapters.discord.moments import iso, milliseconds
from adapters.discord.places import Places
from adapters.discord.purge import Purge
from adapters.discord.refusals import Refused, TwoFactor
from adapters.discord.rest import Rest
from adapters.discord.standing import No, Standing, survey
from adapters.discord.world import World

ALL = frozenset(Power)

_LONGEST_REASON = 512
_LONGEST_TIMEOUT = 28 * 86_400_000 - 60_000  # milliseconds; a minute less than Discord's limit, since clocks differ
_AS_GOOD_AS = 10 * 60_000  # a time-out of the longest kind that was set within this many milliseconds is not set again
_MEMBER, _BAN = "/guilds/{guild_id}/members/{user_id}", "/guilds/{guild_id}/bans/{user_id}"
_OVER = "The time for it is over already, so I changed nothing."
_NOT_HERE = "They are not on this server."
_TOO_MANY_BANS = 30035

Doing = Callable[[Act, Standing], Awaitable[Did]]


class Powers:
    """Implements `Adapter.before`, `act` and `written`. `clock` gives milliseconds since the epoch."""

    def __init__(self, rest: Rest, world: World, clock: Callable[[], int]) -> None:
        self._rest, self._world, self._clock = rest, world, clock
        self._places = Places(rest, clock)
        self._purge = Purge(rest, clock)
        self._people: Mapping[Power, Doing] = {
            Power.TIMEOUT: self._timeout,
            Power.RELEASE: self._release,
            Power.KICK: self._kick,
            Power.BAN: self._ban,
            Power.UNBAN: self._unban,
        }
        self._spots: Mapping[Power, Doing] = {
            Power.DELETE: self._purge.delete,
            Power.LOCK: self._places.lock,
            Power.UNLOCK: self._places.unlock,
            Power.SLOW: self._places.slow,
        }
        self._servers: Mapping[Power, Doing] = {
            Power.CLOSE_DOOR: self._places.close_door,
            Power.OPEN_DOOR: self._places.open_door,
        }

    async def before(self, act: Act) -> dict[str, str]:
        """See `Adapter.before`.

        LOCK of a channel: the overwrites that it changes, by the id of the role or person; of a thread: "locked" is
        "yes" or "no". SLOW: "seconds". CLOSE_DOOR: "until" in ms since the epoch, "0" for an open door. KICK and BAN:
        nothing; whether they will be refused is looked at all the same, since people are told of them before.
        """
        if act.power in (Power.KICK, Power.BAN):
            await self._allowed(act)
        if act.power not in (Power.LOCK, Power.SLOW, Power.CLOSE_DOOR):
            return {}
        spot = "" if act.power is Power.CLOSE_DOOR else act.thread or act.place_id
        try:
            return self._places.before(act, await survey(self._rest, self._world.me, act, spot))
        except No as refusal:
            raise Gone(str(refusal)) from None

    async def _allowed(self, act: Act) -> None:
        """Raises `NotPermitted` with the sentence that `act` would say."""
        try:
            if not act.account_id.isdigit():
                raise No("Discord knows nobody like that.")
            standing = await survey(self._rest, self._world.me, act)
            standing.above(act)
            standing.able(act)
        except No as refusal:
            raise NotPermitted(str(refusal)) from None

    async def act(self, act: Act) -> Did:
        """See `Adapter.act`."""
        reason = " ".join(clean(act.reason).split())[:_LONGEST_REASON].rstrip()
        try:
            return await self._done(replace(act, reason=reason))
        except No as refusal:
            return Did(False, str(refusal))
        except (TooManyRequests, Transient, Unauthorized):
            raise
        except TwoFactor:
            return Did(
                False,
                "This server wants two-factor authentication of who moderates: "
                "it has to be switched on for the Discord account that owns the bot.",
            )
        except NotPermitted:
            return Did(False, "Discord does not let me do that here, whatever my permissions say.")
        except Gone:
            return Did(False, "That is not there any more.")
        except Refused as error:
            if error.code == _TOO_MANY_BANS:
                return Did(False, "Discord takes no more bans of people who are not on this server.")
            return Did(False, f"Discord did not take it ({error}).")
        except DeliveryError as error:
            return Did(False, f"Discord did not take it ({error}).")

    async def _done(self, act: Act) -> Did:
        if act.power in self._people:
            if not act.account_id.isdigit():
                raise No("Discord knows nobody like that.")
            standing = await survey(self._rest, self._world.me, act)
            if act.power is not Power.UNBAN:  # who is banned is not on the server, so has no place in its order
                standing.above(act)
            standing.able(act)
            return await self._people[act.power](act, standing)
        if act.power in self._servers:
            standing = await survey(self._rest, self._world.me, act)
            standing.able(act)
            return await self._servers[act.power](act, standing)
        standing = await survey(self._rest, self._world.me, act, act.thread or act.place_id or act.workspace)
        if act.account_id:  # of messages, Discord asks nobody how high their author stands
            standing.above(act, by_discord=False)
        standing.able(act)
        return await self._spots[act.power](act, standing)

    async def written(
        self, workspace: str, place_id: str, most: int, account_id: str = "", thread: str = ""
    ) -> list[Written] | None:
        """See `Adapter.written`. A thread is a place of its own here."""
        try:
            return await self._purge.written(self._world.me, workspace, thread or place_id, most, account_id)
        except No as refusal:
            raise Gone(str(refusal)) from None

    # -- people ----------------------------------------------------------------------------------------------

    async def _timeout(self, act: Act, standing: Standing) -> Did:
        if standing.target is None:
            return Did(False, f"{_NOT_HERE} Discord has time-outs only for people who are there.")
        now = self._clock()
        if act.until and act.until <= now:
            return Did(True, _OVER)
        until, said = act.until, ""
        has = milliseconds(standing.target.get("communication_disabled_until"))
        if not until or until > now + _LONGEST_TIMEOUT:
            until = now + _LONGEST_TIMEOUT
            said = "Discord's time-outs last 28 days at most, so it has to be renewed then."
            if until - _AS_GOOD_AS < has <= until:
                until = has
        if abs(has - until) >= 1_000:
            await self._member("PATCH", _MEMBER, act, {"communication_disabled_until": iso(until)})
        return Did(True, said, until=until if said else 0)

    async def _release(self, act: Act, standing: Standing) -> Did:
        if standing.target is None:
            return Did(False, f"{_NOT_HERE} A time-out that has not run out holds on when they come back.")
        if milliseconds(standing.target.get("communication_disabled_until")) > self._clock():
            await self._member("PATCH", _MEMBER, act, {"communication_disabled_until": None})
        return Did(True)

    async def _kick(self, act: Act, standing: Standing) -> Did:
        if standing.target is not None:
            await self._member("DELETE", _MEMBER, act)
            return Did(True)
        return Did(True, _NOT_HERE)

    async def _ban(self, act: Act, standing: Standing) -> Did:
        if standing.target is None and await self._banned(act):
            return Did(True)
        try:
            await self._rest.call(
                "PUT",
                _BAN,
                {"delete_message_seconds": 0},
                reason=act.reason,
                guild_id=act.workspace,
                user_id=act.account_id,
            )
        except Gone:
            return Did(False, "Discord knows nobody with that id.")
        return Did(True)

    async def _banned(self, act: Act) -> bool:
        try:
            await self._rest.call("GET", _BAN, guild_id=act.workspace, user_id=act.account_id)
        except Gone:
            return False
        return True

    async def _unban(self, act: Act, standing: Standing) -> Did:
        await self._member("DELETE", _BAN, act, {})  # Discord's contract asks for a body there
        return Did(True)

    async def _member(self, method: str, path: str, act: Act, body: object = None) -> None:
        """A change of somebody's; that they went in the meantime has the same effect, or none is needed."""
        try:
            await self._rest.call(method, path, body, reason=act.reason, guild_id=act.workspace, user_id=act.account_id)
        except Gone:
            if method == "PATCH":
                raise No(_NOT_HERE) from None
