"""Slack's window for talk with apps: first prompts, a title for each conversation, and a sign of thinking.

A workspace without it answers with an error, and nothing is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from adapters.common.bounded import Bounded
from adapters.common.text import clean
from adapters.contract import Least, MenuEntry
from adapters.slack.refusals import Lost, Refused
from adapters.slack.text import read
from adapters.slack.translate import Json
from adapters.slack.workspaces import Workspace, Workspaces

log = logging.getLogger(__name__)

STATUS = "is thinking…"
_MOST_PROMPTS, _MOST_THREADS = 4, 2_000
_TITLE_LIMIT, _PROMPT_LIMIT = 60, 120


class Assistant:
    """The courtesies of an assistant thread. Nothing here raises."""

    def __init__(self, workspaces: Workspaces, menu: Sequence[MenuEntry]) -> None:
        self._workspaces = workspaces
        common = [entry for entry in menu if entry.least is Least.ANYONE and entry.about]
        self._prompts = [
            {"title": clean(entry.about)[:_TITLE_LIMIT], "message": clean(entry.about)[:_PROMPT_LIMIT]}
            for entry in common[:_MOST_PROMPTS]
        ]
        self._untitled: Bounded[tuple[str, str], bool] = Bounded(_MOST_THREADS)

    async def greet(self, at: Workspace, event: Json) -> None:
        """A new conversation: offer what can be asked."""
        thread = event.get("assistant_thread") or {}
        channel, ts = str(thread.get("channel_id") or ""), str(thread.get("thread_ts") or "")
        self._untitled.put((channel, ts), True)
        if self._prompts:
            await self._try(
                at, "assistant.threads.setSuggestedPrompts", channel_id=channel, thread_ts=ts, prompts=self._prompts
            )

    async def entitle(self, at: Workspace, event: Json) -> None:
        """The first words of a conversation become its title."""
        channel, ts = str(event.get("channel") or ""), str(event.get("thread_ts"))
        if event.get("user") == at.me.user or event.get("bot_id") or self._untitled.pop((channel, ts)) is None:
            return
        text, _ = read(str(event.get("text") or ""), at.me.user, lambda user, label: label or user)
        title = " ".join(text.split())[:_TITLE_LIMIT]
        if title:
            await self._try(at, "assistant.threads.setTitle", channel_id=channel, thread_ts=ts, title=title)

    async def think(self, at: Workspace, channel: str, thread: str) -> None:
        """Show that the bot is thinking; Slack takes it away with the next message."""
        await self._try(at, "assistant.threads.setStatus", channel_id=channel, thread_ts=thread, status=STATUS)

    async def _try(self, at: Workspace, method: str, **arguments: object) -> None:
        try:
            await self._workspaces.call(at, method, **arguments)
        except (Refused, Lost) as error:
            log.debug("%s: %s", method, error)
