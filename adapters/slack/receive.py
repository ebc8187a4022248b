"""What Bolt hands on, by its kind: events are stored and acknowledged, forms opened, menus completed.

Bolt acknowledges with what `Receiver.receive` returns, so storing comes first everywhere. A trigger lives three
seconds, so a form is opened before anything else. Nothing here waits for an answer of the bot.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from adapters.slack.assistant import Assistant
from adapters.slack.beside import Beside
from adapters.slack.home import Home
from adapters.slack.intake import Intake, NotStored
from adapters.slack.interactions import Interactions
from adapters.slack.people import People
from adapters.slack.translate import Json
from adapters.slack.workspaces import Workspace, Workspaces

log = logging.getLogger(__name__)

_RENAMED = ("channel_rename", "group_rename")
_GROUPS_CHANGED = ("subteam_members_changed", "subteam_updated")
_TAKEN_AWAY = ("app_uninstalled", "tokens_revoked")


class Receiver:
    """Takes every request that Bolt has verified and authorized."""

    def __init__(
        self,
        workspaces: Workspaces,
        people: People,
        intake: Intake,
        interactions: Interactions,
        home: Home,
        assistant: Assistant,
        progress: Callable[[], None],
    ) -> None:
        self._workspaces = workspaces
        self._people = people
        self._intake = intake
        self._interactions = interactions
        self._home = home
        self._assistant = assistant
        self._progress = progress
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._beside = Beside()
        self._closed = False
        self.store_failed = False

    async def receive(self, body: Json, context: AsyncBoltContext) -> BoltResponse:
        """The acknowledgement of one request; 500 where Slack should send it again."""
        if self._closed:
            return BoltResponse(status=503)
        self._under_way += 1
        self._idle.clear()
        try:
            answer = await self._dispatch(body, str(context.team_id or body.get("team_id") or ""))
            self.store_failed = False
            self._progress()
            return answer
        except Exception as error:
            why = str(error) if isinstance(error, NotStored) else type(error).__name__
            log.warning("Slack: something could not be stored (%s); it will come again", why)
            self.store_failed = True
            return BoltResponse(status=500)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def stop(self) -> None:
        """Take nothing new, and return when what came is stored."""
        self._closed = True
        await self._idle.wait()
        await self._beside.stop()

    async def _dispatch(self, body: Json, team: str) -> BoltResponse:
        at = await self._workspaces.find(team)
        if at is None:
            return BoltResponse(status=200)
        match body.get("type"):
            case "event_callback":
                return await self._event(at, body)
            case "app_rate_limited":
                log.warning("Slack holds events back: more than 30,000 in an hour (workspace %s)", at.me.team)
                return BoltResponse(status=200)
        return await self._interactions.take(at, body)

    async def _event(self, at: Workspace, body: Json) -> BoltResponse:
        event = body.get("event") or {}
        kind = event.get("type")
        if kind == "app_home_opened":
            if event.get("tab", "home") == "home":
                self._beside.start(self._home.show(at, str(event["user"]), str(body.get("event_id") or "")))
        elif kind == "assistant_thread_started":
            self._beside.start(self._assistant.greet(at, event))
        elif kind in _RENAMED:
            self._people.forget_channel(at, str((event.get("channel") or {}).get("id")))
        else:
            if kind in _GROUPS_CHANGED:
                await self._people.refresh_groups(at)
            elif kind == "user_change":
                self._people.note_user(at, event["user"])
            elif kind == "message" and event.get("thread_ts"):
                self._beside.start(self._assistant.entitle(at, event))
            await self._intake.take(at, body)
            if kind == "app_uninstalled" or (kind in _TAKEN_AWAY and (event.get("tokens") or {}).get("bot")):
                await self._workspaces.forget(at.me.team, int(body.get("event_time") or 0))
        return BoltResponse(status=200)
