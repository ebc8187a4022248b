"""People taken out of channels: the one thing that a bot on Slack can do to somebody.

It can do it where it is itself, not in #general, and only where the workspace's settings let everybody do it. Nobody is
kept out by it: who was removed may come back to a public channel at once. So a ban is never carried out in full here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from adapters.contract import Act, Did, Power
from adapters.slack.ranks import UNKNOWN, Person, look_up, protected
from adapters.slack.refusals import Refused
from adapters.slack.translate import Json
from adapters.slack.workspaces import Workspace, Workspaces

_TYPES = "public_channel,private_channel"
_PAGE = 200  # as Slack recommends
_NOTED = "channels"
_MOST_NOTED = 500
_OUT = "not_in_channel"
_ADMIN = "A bot on Slack cannot keep anybody out: an admin of the workspace has to deactivate the account."

_Why = tuple[str, str]  # Slack's code, and the scope that is missing


class Removal:
    """Kicks, bans and their end. Raises `Refused` and `Lost` for what may work later."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def before(self, at: Workspace, act: Act) -> dict[str, str]:
        """The channels that somebody will be removed from, so that they can be counted when it is done by halves."""
        if act.power not in (Power.KICK, Power.BAN) or _channel(at, act):
            return {}
        return {_NOTED: " ".join((await self._shared(at, act.account_id))[:_MOST_NOTED])}

    async def do(self, at: Workspace, act: Act) -> Did:
        """Remove somebody from one channel, or from all that the app is in."""
        whom = await look_up(self._workspaces, at, act.account_id)
        if whom is None:
            return Did(False, UNKNOWN)
        by = None
        if act.by:
            by = await look_up(self._workspaces, at, act.by)
            if by is None:
                return Did(False, "Slack does not know who decided this in this workspace.")
        if why := protected(at.me.user, whom, by):
            return Did(False, why)
        if not whom.active:
            return Did(True, f"The account of {whom.name} is deactivated already.")
        if channel := _channel(at, act):
            return await self._from_one(at, act, whom, channel)
        return await self._from_all(at, act, whom)

    async def _from_one(self, at: Workspace, act: Act, whom: Person, channel: str) -> Did:
        found = await self._kick(at, channel, whom.id)
        if found is not None and found[0] == _OUT:  # they are not in it, or the app itself is not
            answer = await self._workspaces.call(at, "conversations.info", channel=channel)
            found = None if answer["channel"].get("is_member") else found
        ban = act.power is Power.BAN
        if found is None:
            return Did(not ban, f"{whom.name} is out of the channel. {_ADMIN}" if ban else "", part=ban)
        why = _reason(found, "this channel")
        return Did(False, f"{why} {_ADMIN}" if ban else why)

    async def _from_all(self, at: Workspace, act: Act, whom: Person) -> Did:
        inside = await self._shared(at, whom.id)
        kept: Counter[_Why] = Counter()
        removed = {one for one in act.before.get(_NOTED, "").split() if one not in inside}  # by an earlier attempt
        for channel in inside:
            found = await self._kick(at, channel, whom.id)
            if found is not None and found[0] != _OUT:
                kept[found] += 1
            else:
                removed.add(channel)
        said = [_removed(whom, len(removed), sum(kept.values()))]
        said += [_reason(why, _channels(count)) for why, count in kept.items()]
        if act.power is Power.BAN:
            return Did(False, " ".join([*said, _ADMIN]), part=bool(removed))
        said.append("A bot on Slack cannot remove anybody from the workspace itself.")
        return Did(not kept, " ".join(said), part=bool(removed))

    async def _kick(self, at: Workspace, channel: str, user: str) -> _Why | None:
        """None when they are out by this call, otherwise what Slack says."""
        try:
            await self._workspaces.call(at, "conversations.kick", channel=channel, user=user)
        except Refused as error:
            if not error.final:
                raise
            return error.code, error.needed
        return None

    async def _shared(self, at: Workspace, user: str) -> list[str]:
        """The channels that both somebody and the app are in."""
        ours = set(await self._channels(at))
        return [one for one in await self._channels(at, user=user) if one in ours] if ours else []

    async def _channels(self, at: Workspace, **whose: str) -> list[str]:
        found: list[str] = []
        more: dict[str, str] = {}
        while True:
            answer = await self._workspaces.call(
                at, "users.conversations", types=_TYPES, exclude_archived=True, limit=_PAGE, **whose, **more
            )
            found += _ids(answer.get("channels") or ())
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return found
            more = {"cursor": cursor}

    async def undo(self, at: Workspace, act: Act) -> Did:
        """The end of a ban: nothing that a bot did keeps anybody out."""
        whom = await look_up(self._workspaces, at, act.account_id)
        if whom is None:
            return Did(False, UNKNOWN)
        if not whom.active:
            return Did(
                False, f"The account of {whom.name} is deactivated. Only an admin of the workspace can change that."
            )
        return Did(
            True,
            f"Nothing that I did keeps {whom.name} out: they can join public channels by themselves, and have to be "
            "invited into private ones again.",
        )


def _channel(at: Workspace, act: Act) -> str:
    """The channel that an act concerns; "" for the whole workspace, whose place is the team."""
    return "" if act.place_id == at.me.team else act.place_id


def _ids(channels: Iterable[Json]) -> list[str]:
    return [str(one["id"]) for one in channels]


def _channels(count: int) -> str:
    return "1 channel" if count == 1 else f"{count} channels"


def _removed(whom: Person, removed: int, kept: int) -> str:
    if removed:
        return f"{whom.name} was removed from {_channels(removed)}."
    return f"{whom.name} was removed from no channel." if kept else f"{whom.name} is in no channel that I am in."


def _reason(why: _Why, where: str) -> str:
    """Why somebody is still there, in a sentence. `where` names the channel, or how many they are."""
    code, needed = why
    match code:
        case "cant_kick_from_general":
            return "Slack lets nobody be removed from #general."
        case "restricted_action":
            return (
                f"The settings of the workspace do not let an app remove people from {where}. An owner can change that "
                "under Permissions, Channel Management."
            )
        case "missing_scope":
            scope = needed.replace(",", " or ") or "to manage channels"
            return (
                f"I lack the scope {scope}, so I cannot remove people from {where}. Install the app again to grant it."
            )
        case "method_not_supported_for_channel_type":
            return "Nobody can be removed from a direct chat or a group chat on Slack."
        case "not_in_channel":
            return "I am not in this channel myself. Bring me in with /invite, then I can remove people from it."
        case "channel_not_found":
            return "I cannot see this channel, or it is gone."
        case "is_archived":
            return "This channel is archived, so nobody writes in it."
        case _:
            return f"Slack does not let me remove this account from {where} ({code})."
