"""The workspaces that the app is installed in, and the token of each: one given by hand, the others by OAuth."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from slack_sdk.web.async_client import AsyncWebClient

from adapters.contract import Installation, Installations, Unauthorized
from adapters.slack.api import Api
from adapters.slack.refusals import Refused, contract_error
from adapters.slack.translate import PLATFORM, Me

log = logging.getLogger(__name__)

Json = dict[str, Any]
_NOT_INSTALLED = "the app is not installed in this workspace"


@dataclass(frozen=True, slots=True)
class Workspace:
    """One workspace: who the app is there, what it was granted, and the client with its token."""

    me: Me
    name: str  # of the bot user
    scopes: str
    client: AsyncWebClient = field(repr=False)
    token: str = field(repr=False)
    installed_at: float = 0.0


class Workspaces:
    """Finds a workspace by its team id, from memory where it was seen before."""

    def __init__(self, api: Api, bot_token: str, installations: Installations | None) -> None:
        self._api = api
        self._bot_token = bot_token
        self._installations = installations
        self._home = ""  # the team of the token that was given by hand
        self._known: dict[str, Workspace] = {}

    async def load(self) -> None:
        """Log in with the token given by hand, and read the installations. Raises `Refused` and `Lost`."""
        if self._bot_token:
            found = await self._login(self._bot_token)
            self._home = found.me.team
            self._known[found.me.team] = found
        for installation in await self._installations.all() if self._installations is not None else ():
            if (found_one := self._read(installation)) is not None:
                self._known.setdefault(found_one.me.team, found_one)

    async def _login(self, token: str) -> Workspace:
        client = self._api.client(token)
        answer = await self._api.call(client, "auth.test")
        me = Me(
            str(answer["team_id"]),
            str(answer["user_id"]),
            str(answer.get("bot_id") or ""),
            str(answer.get("team") or ""),
        )
        return Workspace(me, str(answer.get("user") or ""), str(answer["_scopes"]), client, token)

    def _read(self, installation: Installation) -> Workspace | None:
        try:
            data = json.loads(installation.data)
            me = Me(
                installation.workspace,
                str(data["bot_user_id"]),
                str(data.get("bot_id") or ""),
                str(data.get("team_name") or installation.name),
            )
            token = str(data["bot_token"])
            scopes = str(data.get("bot_scopes") or "")
            at = float(data.get("installed_at") or 0)
        except (ValueError, KeyError, TypeError) as error:
            log.warning("an installation cannot be read (%s)", type(error).__name__)
            return None
        return Workspace(me, "", scopes, self._api.client(token), token, at)

    def all(self) -> list[Workspace]:
        """Those that are known, the one given by hand first."""
        return list(self._known.values())

    @property
    def home(self) -> Workspace | None:
        """The one whose token was given by hand."""
        return self._known.get(self._home) if self._home else None

    def cached(self, team: str) -> Workspace | None:
        """The workspace if it was seen before."""
        return self._known.get(team or self._home)

    async def find(self, team: str) -> Workspace | None:
        """The workspace of a team; "" is the one given by hand."""
        found = self.cached(team)
        if found is None and team and self._installations is not None:
            installation = await self._installations.find(team)
            found = self._read(installation) if installation is not None else None
            if found is not None:
                self._known[team] = found
        return found

    async def need(self, team: str) -> Workspace:
        """The workspace of a team. Raises `Unauthorized` where the app is not installed (any more)."""
        found = await self.find(team)
        if found is None:
            raise Unauthorized(_NOT_INSTALLED)
        return found

    async def call(self, workspace: Workspace, method: str, **arguments: Any) -> Json:
        """One request with the workspace's token. Raises `Refused` and `Lost`."""
        try:
            return await self._api.call(workspace.client, method, **arguments)
        except Refused as error:
            if isinstance(contract_error(error), Unauthorized) and workspace.me.team != self._home:
                # Another process may have taken a new installation since: the next request looks.
                self._known.pop(workspace.me.team, None)
            raise

    async def save(self, installed: SlackInstallation) -> Workspace:
        """Keep an installation, in the place of an earlier one."""
        assert self._installations is not None
        team = str(installed.team_id or "")
        data = json.dumps(installed.to_dict(), default=_plain)
        kept = Installation(PLATFORM, team, str(installed.team_name or team), data)
        found = self._read(kept)
        if not team or found is None:
            raise ValueError("an installation without a workspace or a bot")
        await self._installations.save(kept)
        self._known[team] = found
        return found

    async def forget(self, team: str, event_time: int) -> bool:
        """The app was taken away at `event_time` (s since epoch). False when it was installed again since.

        Such news may be told late or twice, when the workspace has a new installation already: then its token decides.
        """
        found = await self.find(team)
        if found is not None and int(found.installed_at) >= event_time > 0:
            try:
                await self._api.call(found.client, "auth.test")
                return False
            except Refused as error:
                if not isinstance(contract_error(error), Unauthorized):
                    raise
        self._known.pop(team, None)
        if self._installations is not None:
            await self._installations.forget(team)
        return True


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(type(value).__name__)
