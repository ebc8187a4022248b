"""Answers that grow in an assistant thread, by Slack's own streaming where the workspace has it.

A reply whose text is nothing but "…", or ends in " …", is still growing: that is how the bot shows that it thinks. In
a thread of a direct chat such a reply opens a stream; edits that only add to the text are appended; the first other
edit stops the stream, and the message gets its final form like any other.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from adapters.common.bounded import Bounded
from adapters.common.text import clean
from adapters.contract import Reply
from adapters.slack.compose import MESSAGE_LIMIT
from adapters.slack.markup import escape
from adapters.slack.refusals import Lost, Refused
from adapters.slack.workspaces import Workspace, Workspaces

log = logging.getLogger(__name__)

GROWING = "\N{HORIZONTAL ELLIPSIS}"
_MOST = 2_000
_NO_STREAMS = (
    "unknown_method",
    "not_allowed",
    "feature_not_enabled",
    "missing_scope",
    "method_deprecated",
    "no_permission",
    "not_allowed_token_type",
)


@dataclass(slots=True)
class _Stream:
    said: str = ""


def growing(reply: Reply) -> str | None:
    """What a growing reply says so far; None for one that is complete."""
    text = reply.text.strip()
    if reply.card is not None or reply.files or not (text == GROWING or text.endswith(f" {GROWING}")):
        return None
    return text.removesuffix(GROWING).rstrip()


class Streams:
    """The streams that are open. What cannot be streamed is edited."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces
        self._open: Bounded[tuple[str, str], _Stream] = Bounded(_MOST)
        self._without: set[str] = set()  # workspaces that have no streaming

    async def start(self, at: Workspace, channel: str, thread: str, user: str, reply: Reply) -> str:
        """The id of the message that will grow; "" where it has to be an ordinary one. Raises `Refused`, `Lost`."""
        if growing(reply) != "" or not (channel.startswith("D") and thread) or at.me.team in self._without:
            return ""
        who = {"recipient_team_id": at.me.team, "recipient_user_id": user} if user else {}
        try:
            answer = await self._workspaces.call(at, "chat.startStream", channel=channel, thread_ts=thread, **who)
        except Refused as error:
            if error.passing:
                raise
            if error.code in _NO_STREAMS:
                self._without.add(at.me.team)
            log.debug("no stream: %s", error)
            return ""
        ts = str(answer["ts"])
        self._open.put((channel, ts), _Stream())
        return ts

    async def grow(self, at: Workspace, channel: str, ts: str, reply: Reply) -> bool:
        """Whether the message now shows this reply, as far as it goes. Otherwise the stream is over: edit it."""
        stream = self._open.get((channel, ts))
        if stream is None:
            return False
        said = growing(reply)
        if said is None or not said.startswith(stream.said) or len(escape(said)) > MESSAGE_LIMIT * 3 // 4:
            await self.stop(at, channel, ts)
            return False
        more = said[len(stream.said) :]
        if not more:
            return True
        try:
            text = escape(clean(more))  # so that no mention can form
            await self._workspaces.call(at, "chat.appendStream", channel=channel, ts=ts, markdown_text=text)
        except (Refused, Lost) as error:
            log.debug("a stream broke off: %s", error)
            await self.stop(at, channel, ts)
            return False
        stream.said = said
        return True

    async def stop(self, at: Workspace, channel: str, ts: str) -> None:
        """End a stream, of this process or of one that died."""
        self._open.pop((channel, ts))
        try:
            await self._workspaces.call(at, "chat.stopStream", channel=channel, ts=ts)
        except (Refused, Lost) as error:
            log.debug("a stream was not stopped: %s", error)
