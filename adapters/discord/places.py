"""Locks, slow mode and the door: what moderators change in a place, and how it was before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from adapters.contract import Act, Did, Gone, Power
from adapters.discord.moments import iso, milliseconds
from adapters.discord.overwrites import ROLE, Overwrite, load, locked
from adapters.discord.rest import Rest
from adapters.discord.standing import Spot, Standing

Json = dict[str, Any]

_SLOWEST = 21_600  # seconds: six hours
_LONGEST_DOOR = 86_400_000 - 60_000  # milliseconds; a minute less than Discord's limit, since clocks differ
_AS_GOOD_AS = 10 * 60_000  # a door that was closed for the longest time within these milliseconds is not closed again
_CHANNEL, _OVERWRITE = "/channels/{channel_id}", "/channels/{channel_id}/permissions/{target_id}"
_LOCKED, _SECONDS, _UNTIL = "locked", "seconds", "until"  # keys of what was before
_OPEN_TO_ALL = "I do not know how it was before the lock, so whoever may write on this server may write here again."


class Places:
    """What `Powers` does to places. `clock` gives milliseconds since the epoch."""

    def __init__(self, rest: Rest, clock: Callable[[], int]) -> None:
        self._rest, self._clock = rest, clock

    def before(self, act: Act, standing: Standing) -> dict[str, str]:
        """See `Powers.before`."""
        if act.power is Power.CLOSE_DOOR:
            return {_UNTIL: str(_closed_until(standing))}
        spot = _spot(standing)
        if act.power is Power.SLOW:
            return {_SECONDS: str(int(spot.raw.get("rate_limit_per_user") or 0))}
        if spot.thread:
            return {_LOCKED: "yes" if _is_locked(spot) else "no"}
        table = _table(spot)
        changed = _changed(table, standing)
        return {target: table.get(target, Overwrite(one.kind, there=False)).dump() for target, one in changed.items()}

    # -- locks -----------------------------------------------------------------------------------------------

    async def lock(self, act: Act, standing: Standing) -> Did:
        """Nobody but the moderators and the bot writes there."""
        spot = _spot(standing)
        if spot.thread:
            return await self._lock_thread(act, spot, locked=True)
        now = _table(spot)
        earlier = load(act.before)
        # Reckoned from how it was, so that an act that stopped half-way goes on as it began.
        then = {target: one for target, one in (now | earlier).items() if one.there}
        wanted = _changed(then, standing)
        for target, one in wanted.items():
            await self._set(act, spot, target, now.get(target), one)
        return Did(True)

    async def unlock(self, act: Act, standing: Standing) -> Did:
        """As it was, by `act.before`."""
        spot = _spot(standing)
        if spot.thread:
            return await self._lock_thread(act, spot, locked=act.before.get(_LOCKED) == "yes")
        now, earlier, said = _table(spot), load(act.before), ""
        if not earlier:
            everyone = str(standing.guild["id"])
            earlier, said = {everyone: Overwrite(ROLE, there=False)}, _OPEN_TO_ALL
        everyone_last = sorted(earlier, key=lambda target: earlier[target].kind != ROLE)  # the bot's own comes last
        for target in everyone_last:
            if earlier[target].kind == ROLE and target not in standing.bits:
                continue  # a role that is no more
            try:
                await self._set(act, spot, target, now.get(target), earlier[target])
            except Gone:
                continue  # a person who is no more
        return Did(True, said)

    async def _set(self, act: Act, spot: Spot, target: str, now: Overwrite | None, wanted: Overwrite) -> None:
        """Have an overwrite say about writing what is wanted; the rest stays. An empty one goes if it was none."""
        old = now or Overwrite(wanted.kind, there=False)
        new = old.writing_as(wanted)
        ids: Json = {"channel_id": spot.id, "target_id": target}
        if not wanted.there and not new.allow and not new.deny:
            if old.there:
                await self._rest.call("DELETE", _OVERWRITE, reason=act.reason, **ids)
        elif new != old:
            body = {"type": new.kind, "allow": new.allow, "deny": new.deny}
            await self._rest.call("PUT", _OVERWRITE, body, reason=act.reason, **ids)

    async def _lock_thread(self, act: Act, spot: Spot, *, locked: bool) -> Did:
        if _is_locked(spot) != locked:
            body: Json = {"locked": locked}
            if spot.raw["thread_metadata"].get("archived"):  # nothing else can be changed in an archived one
                body["archived"] = False
            await self._rest.call("PATCH", _CHANNEL, body, reason=act.reason, channel_id=spot.id)
        return Did(True)

    # -- slow mode -------------------------------------------------------------------------------------------

    async def slow(self, act: Act, standing: Standing) -> Did:
        """Everybody writes once in so many seconds."""
        spot = _spot(standing)
        seconds = min(max(act.seconds, 0), _SLOWEST)
        said = "" if seconds == act.seconds else "Discord's slow mode goes up to six hours, so I set that."
        if int(spot.raw.get("rate_limit_per_user") or 0) != seconds:
            body = {"rate_limit_per_user": seconds}
            answer = await self._rest.call("PATCH", _CHANNEL, body, reason=act.reason, channel_id=spot.id)
            if int(answer.get("rate_limit_per_user") or 0) != seconds:
                return Did(False, "Discord has no slow mode for this kind of channel.")
        return Did(True, said)

    # -- the door --------------------------------------------------------------------------------------------

    async def close_door(self, act: Act, standing: Standing) -> Did:
        """No invitation works until `act.until`, or for a day, which is as long as Discord does it."""
        now = self._clock()
        if act.until and act.until <= now:
            return Did(True, "The time for it is over already, so I changed nothing.")
        until, said, has = act.until, "", _closed_until(standing)
        if not until or until > now + _LONGEST_DOOR:
            until = now + _LONGEST_DOOR
            said = "Discord pauses invitations for one day at a time, so it has to be renewed then."
            if until - _AS_GOOD_AS < has <= until:
                until = has
        if abs(has - until) >= 1_000:
            await self._pause(act, standing, until)
        return Did(True, said, until=until if said else 0)

    async def open_door(self, act: Act, standing: Standing) -> Did:
        """As it was, by `act.before`."""
        now = self._clock()
        text = act.before.get(_UNTIL, "")
        until = int(text) if text.isdigit() and int(text) > now else 0
        has = _closed_until(standing)
        if abs((has if has > now else 0) - until) >= 1_000:
            await self._pause(act, standing, until)
        return Did(True, "Invitations were paused before, and stay so until then." if until else "")

    async def _pause(self, act: Act, standing: Standing, until: int) -> None:
        """Until then no invitation works; 0: they work. Whether direct messages are paused stays as it is."""
        quiet = milliseconds((standing.guild.get("incidents_data") or {}).get("dms_disabled_until"))
        body = {
            "invites_disabled_until": iso(until) if until else None,
            "dms_disabled_until": iso(quiet) if quiet > self._clock() else None,
        }
        await self._rest.call(
            "PUT", "/guilds/{guild_id}/incident-actions", body, reason=act.reason, guild_id=act.workspace
        )


def _spot(standing: Standing) -> Spot:
    assert standing.spot is not None  # these powers are asked about with a channel
    return standing.spot


def _table(spot: Spot) -> dict[str, Overwrite]:
    listed = spot.raw.get("permission_overwrites") or ()
    return {str(one["id"]): Overwrite(int(one["type"]), int(one["allow"]), int(one["deny"])) for one in listed}


def _changed(table: Mapping[str, Overwrite], standing: Standing) -> dict[str, Overwrite]:
    bot = standing.bot
    return locked(
        table, standing.bits, str(standing.guild["id"]), str(bot["user"]["id"]), [str(role) for role in bot["roles"]]
    )


def _is_locked(spot: Spot) -> bool:
    return bool(spot.raw["thread_metadata"].get("locked"))


def _closed_until(standing: Standing) -> int:
    return milliseconds((standing.guild.get("incidents_data") or {}).get("invites_disabled_until"))
