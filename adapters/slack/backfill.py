"""What was said to the bot while nobody listened: fetched from the history of the places where it was heard.

Messages become the same events as if they had been told, under the same ids, so what was recorded already is dropped.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

from adapters.contract import Heard, PlaceKind, Sink, TooManyRequests
from adapters.slack.intake import Intake, NotStored
from adapters.slack.refusals import Lost, Refused, contract_error
from adapters.slack.translate import Json
from adapters.slack.workspaces import Workspace, Workspaces

log = logging.getLogger(__name__)

_MARGIN = 60.0  # seconds before the last event, since events may be told out of order
_PAGE = 100
_MOST_THREADS = 20  # in one place
_ATTEMPTS = 5
_LONGEST_WAIT = 60.0


class Backfill:
    """Looks once through all places, one after the other, patiently."""

    def __init__(self, workspaces: Workspaces, intake: Intake, sink: Sink) -> None:
        self._workspaces = workspaces
        self._intake = intake
        self._sink = sink

    async def run(self) -> None:
        """Never raises: what could not be fetched is told in the log, by its place."""
        for heard in await self._sink.heard("slack"):
            at = await self._workspaces.find(heard.workspace)
            if at is None or not heard.place_id.startswith(("C", "G", "D")):
                continue
            try:
                await self._place(at, heard)
            except (Refused, Lost, NotStored) as error:
                log.info("what was missed in %s is not known: %s", heard.place_id, error)

    async def _place(self, at: Workspace, heard: Heard) -> None:
        oldest = heard.at / 1000 - _MARGIN
        direct = heard.kind is PlaceKind.DIRECT
        answer = await self._ask(at, "conversations.history", channel=heard.place_id, limit=_PAGE)
        recent = list(answer.get("messages") or ())
        missed = [message for message in recent if float(message.get("ts") or 0) > oldest]
        threads = [message for message in recent if _grew(message, oldest) and (direct or _ours(message, at))]
        for root in threads[:_MOST_THREADS]:
            replies = await self._ask(
                at,
                "conversations.replies",
                channel=heard.place_id,
                ts=str(root["ts"]),
                oldest=f"{oldest:.6f}",
                limit=_PAGE,
            )
            missed += [m for m in replies.get("messages") or () if float(m["ts"]) > oldest and m["ts"] != root["ts"]]
        channel_type = {PlaceKind.DIRECT: "im", PlaceKind.GROUP: "group"}.get(heard.kind, "channel")
        for body in envelopes(heard.place_id, channel_type, missed):
            event = body["event"]
            if direct or f"<@{at.me.user}" in str(event.get("text")) or event.get("parent_user_id") == at.me.user:
                await self._intake.take(at, body)

    async def _ask(self, at: Workspace, method: str, **arguments: object) -> Json:
        """One request; asked to wait, it waits."""
        for attempt in range(_ATTEMPTS):
            try:
                return await self._workspaces.call(at, method, **arguments)
            except Refused as error:
                trouble = contract_error(error)
                if not isinstance(trouble, TooManyRequests) or attempt == _ATTEMPTS - 1:
                    raise
                await asyncio.sleep(min(trouble.after, _LONGEST_WAIT))
        raise AssertionError("unreachable")


def _grew(message: Json, oldest: float) -> bool:
    return float(message.get("latest_reply") or 0) > oldest


def _ours(message: Json, at: Workspace) -> bool:
    """A thread that the bot has to do with."""
    mine = message.get("user") == at.me.user or at.me.user in (message.get("reply_users") or ())
    return mine or f"<@{at.me.user}" in str(message.get("text"))


def envelopes(channel: str, channel_type: str, messages: list[Json]) -> Iterator[Json]:
    """The messages of a conversation as the Events API would have told them, oldest first."""
    for message in sorted({m["ts"]: m for m in messages}.values(), key=lambda m: float(m["ts"])):
        event = {**message, "type": "message", "channel": channel, "channel_type": channel_type}
        yield {"type": "event_callback", "event": event, "event_id": f"history:{channel}:{message['ts']}"}
