"""The App Home: what its reader has and can do, with buttons that open forms."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from adapters.contract import Least, MenuEntry, Sink
from adapters.slack.compose import compose
from adapters.slack.forms import open_button
from adapters.slack.interact import home_event
from adapters.slack.manifest import wanted_first
from adapters.slack.people import People
from adapters.slack.refusals import Lost, Refused
from adapters.slack.translate import Json
from adapters.slack.workspaces import Workspace, Workspaces

log = logging.getLogger(__name__)

_MOST_BLOCKS = 98  # of Slack's 100, less the two of ours
_MOST_BUTTONS = 5


class Home:
    """Publishes everybody's page when they look at it."""

    def __init__(self, workspaces: Workspaces, people: People, sink: Sink, menu: Sequence[MenuEntry]) -> None:
        self._workspaces = workspaces
        self._people = people
        self._sink = sink
        able = [entry for entry in wanted_first(menu) if entry.options and entry.least is Least.ANYONE]
        self._buttons = [open_button(entry) for entry in able[:_MOST_BUTTONS]]

    async def show(self, at: Workspace, user: str, event_id: str) -> None:
        """Make the page of one person. Never raises: it is made anew whenever they look."""
        await self._people.resolve(at, [user])
        account = self._people.accounts(at, [user]).get(user)
        if account is None:
            return
        direct = await self._people.direct(at, user, patience=1.0)
        reply = await self._sink.home(home_event(at.me, account, direct or user, f"home:{user}:{event_id}"))
        blocks: list[Json] = [block for part in compose(reply) for block in part.blocks][:_MOST_BLOCKS]
        if self._buttons:
            blocks += [{"type": "divider"}, {"type": "actions", "elements": self._buttons}]
        try:
            await self._workspaces.call(at, "views.publish", user_id=user, view={"type": "home", "blocks": blocks})
        except (Refused, Lost) as error:
            log.info("an App Home was not shown: %s", error)
