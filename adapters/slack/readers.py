"""Who can read in a conversation: its members, where Slack keeps others out.

A public channel has no list that would say so: everybody in the workspace can read it, a member or not. Nor has one
that is shared with another organisation, whose people come and go without our being told. Members are listed page by
page; which of them are apps is looked up once and remembered (`People`), and whoever cannot be looked up counts as a
person.
"""

from __future__ import annotations

from adapters.contract import PlaceKind
from adapters.slack.people import People
from adapters.slack.refusals import Lost, Refused, contract_error
from adapters.slack.translate import Json
from adapters.slack.workspaces import Workspace, Workspaces

_PAGE = 200  # as Slack recommends
_APPS = 50  # among the members of a conversation, that are not counted against `most` before they are looked up
_SHARED = ("is_ext_shared", "is_pending_ext_shared", "pending_shared", "pending_connected_team_ids")


class Readers:
    """Answers `Adapter.readers`."""

    def __init__(self, workspaces: Workspaces, people: People) -> None:
        self._workspaces, self._people = workspaces, people

    async def of(self, team: str, channel: str, most: int) -> tuple[str, ...] | None:
        """See `Adapter.readers`. Raises a `DeliveryError`."""
        at = await self._workspaces.need(team)
        known = self._people.channel(at, channel)
        if not channel or channel == team or (known is not None and known.kind is PlaceKind.CHANNEL):
            return None
        try:
            return await self._of(at, channel, most)
        except (Refused, Lost) as error:
            raise contract_error(error) from None

    async def _of(self, at: Workspace, channel: str, most: int) -> tuple[str, ...] | None:
        answer = await self._workspaces.call(at, "conversations.info", channel=channel, include_num_members=True)
        if not _closed(answer["channel"]) or int(answer["channel"].get("num_members") or 0) > most + _APPS:
            return None
        members = await self._members(at, channel, most + _APPS)
        if members is None:
            return None
        apps = await self._people.apps(at, members)
        readers = tuple(sorted(user for user in members if user not in apps))
        return readers if len(readers) <= most else None

    async def _members(self, at: Workspace, channel: str, most: int) -> list[str] | None:
        found: list[str] = []
        cursor = ""
        while True:
            more = {"cursor": cursor} if cursor else {}
            answer = await self._workspaces.call(at, "conversations.members", channel=channel, limit=_PAGE, **more)
            found += [str(user) for user in answer["members"] if user != at.me.user]
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if len(found) > most:
                return None
            if not cursor:
                return found


def _closed(channel: Json) -> bool:
    """Whether only its members can read it, all of them of this workspace."""
    if not (channel.get("is_private") or channel.get("is_mpim") or channel.get("is_im")):
        return False
    return not any(channel.get(key) for key in _SHARED)
