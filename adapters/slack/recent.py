"""What people wrote lately, read once: a conversation with the answers in its threads, or all that the app is in.

Slack lets apps that it has not reviewed read 15 messages a minute: what it gives until it asks to wait for long is what
there is.
"""

from __future__ import annotations

import asyncio

from adapters.contract import Event, EventKind, NotPermitted, TooManyRequests, Transient, Unauthorized
from adapters.slack.backfill import envelopes
from adapters.slack.people import People
from adapters.slack.refusals import Lost, Refused, contract_error
from adapters.slack.translate import SPOKEN, Json, Known, translate
from adapters.slack.workspaces import Workspace, Workspaces

_PAGE = 200
_MOST_CHANNELS = 20  # of a whole workspace
_MOST_THREADS = 20  # of a conversation
_MOST_AUTHORS = 50  # who are looked up
_LONGEST_WAIT = 60.0  # seconds that Slack may ask us to wait
_WAITS = 2  # how often in one look
_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError)


class _Enough(Exception):
    """Slack asks to wait for longer than anybody wants to, `after` seconds."""

    def __init__(self, after: float) -> None:
        super().__init__()
        self.after = after


class Recent:
    """Answers `Adapter.recent`, once."""

    def __init__(self, workspaces: Workspaces, people: People, at: Workspace) -> None:
        self._workspaces, self._people, self._at = workspaces, people, at
        self._waits = 0

    async def of(self, channel: str, since: int, most: int) -> list[Event] | None:
        """See `Adapter.recent`."""
        found: list[Event] = []
        read = False
        try:
            for one in [channel] if channel else await self._channels():
                messages = await self._messages(one, since / 1000, most)
                if messages is None:
                    continue
                read = True
                found += await self._events(one, messages)
        except _Enough as error:
            if not read:
                raise TooManyRequests(error.after) from None
        except Lost as error:
            raise contract_error(error) from None
        return sorted(found, key=lambda event: event.sent_at)[-most:] if read else None

    async def _channels(self) -> list[str]:
        """The conversations that the app is in."""
        answer = await self._ask(
            "users.conversations", types="public_channel,private_channel", exclude_archived=True, limit=_PAGE
        )
        return [str(one["id"]) for one in answer.get("channels") or ()][:_MOST_CHANNELS]

    async def _messages(self, channel: str, since: float, most: int) -> list[Json] | None:
        """The messages of a conversation since then; None where it may not be read."""
        if channel[:1] not in ("C", "G"):
            return None
        found: list[Json] = []
        cursor, oldest = "", f"{since:.6f}"
        try:
            while len(found) < most:
                more = {"cursor": cursor} if cursor else {}
                answer = await self._ask("conversations.history", channel=channel, limit=_PAGE, oldest=oldest, **more)
                found += answer.get("messages") or ()
                cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
                if not cursor:
                    break
            roots = [one for one in found if float(one.get("latest_reply") or 0) > since]
            for root in roots[:_MOST_THREADS]:
                answer = await self._ask(
                    "conversations.replies", channel=channel, ts=str(root["ts"]), oldest=oldest, limit=_PAGE
                )
                found += [one for one in answer.get("messages") or () if one["ts"] != root["ts"]]
        except NotPermitted:
            return None
        except _Enough:
            if not found:
                raise
        return [one for one in found if one.get("subtype") in SPOKEN]

    async def _ask(self, method: str, **arguments: object) -> Json:
        """One request; asked to wait a little, it waits. Raises `_Enough`, `NotPermitted` and `Lost`."""
        while True:
            try:
                return await self._workspaces.call(self._at, method, **arguments)
            except Refused as error:
                trouble = contract_error(error)
                if isinstance(trouble, Transient | Unauthorized):
                    raise trouble from None
                if not isinstance(trouble, TooManyRequests):
                    raise NotPermitted(str(trouble)) from None
                self._waits += 1
                if trouble.after > _LONGEST_WAIT or self._waits > _WAITS:
                    raise _Enough(trouble.after) from None
                await asyncio.sleep(trouble.after)

    async def _events(self, channel: str, messages: list[Json]) -> list[Event]:
        at = self._at
        newest = sorted(messages, key=lambda one: float(one["ts"]), reverse=True)
        users = list(dict.fromkeys(str(one["user"]) for one in newest if one.get("user")))
        await self._people.apps(at, users[:_MOST_AUTHORS])
        await self._people.resolve(at, (), channel)
        known = Known(self._people.accounts(at, users), self._people.channel(at, channel))
        found: list[Event] = []
        for body in envelopes(channel, "group" if channel.startswith("G") else "channel", messages):
            try:
                found += translate(body, at.me, known)
            except _UNREADABLE:
                continue
        return [one for one in found if one.kind is EventKind.MESSAGE and not one.account.is_bot]
