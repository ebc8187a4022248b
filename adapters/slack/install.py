"""Installation by OAuth: Bolt's flow with our store of workspaces and a state that needs none.

The state is a signed value of ten minutes, tied to the browser by Bolt's cookie, and good for one use.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable

from slack_bolt.error import BoltError
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from adapters.common.bounded import Bounded
from adapters.slack.api import QUIET, Api
from adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH
from adapters.slack.refusals import Lost, Refused
from adapters.slack.scopes import BOT_SCOPES
from adapters.slack.workspaces import Workspace, Workspaces

log = logging.getLogger(__name__)

STATE_LASTS = 600  # seconds
_MOST_USED = 10_000


class States(AsyncOAuthStateStore):
    """Signed states: `until.nonce.signature`. The key is made of the client secret, so all processes share it."""

    def __init__(self, client_secret: str, clock: Callable[[], int]) -> None:
        self._key = hashlib.sha256(b"nexus slack oauth state:" + client_secret.encode()).digest()
        self._clock = clock
        self._used: Bounded[str, bool] = Bounded(_MOST_USED)

    def _signed(self, value: str) -> str:
        return f"{value}.{hmac.new(self._key, value.encode(), hashlib.sha256).hexdigest()}"

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        """A new state."""
        return self._signed(f"{self._clock() // 1000 + STATE_LASTS}.{secrets.token_urlsafe(16)}")

    async def async_consume(self, state: str) -> bool:
        """Whether the state is ours, recent and new."""
        value, _, _ = state.rpartition(".")
        if not hmac.compare_digest(self._signed(value).encode(), state.encode()):
            return False
        if int(value.partition(".")[0]) < self._clock() // 1000 or self._used.get(state):
            return False
        self._used.put(state, True)
        return True


class _Store(AsyncInstallationStore):
    """Where Bolt saves an installation."""

    def __init__(self, workspaces: Workspaces, installed: Callable[[Workspace], Awaitable[None]]) -> None:
        self._workspaces = workspaces
        self._installed = installed

    async def async_save(self, installation: Installation) -> None:
        """Keep it; whatever goes wrong is told to the browser as a failure."""
        try:
            found = await self._workspaces.save(installation)
        except Exception as error:
            raise BoltError(f"the installation was not stored ({type(error).__name__})") from None
        await self._installed(found)


class _Flow(AsyncOAuthFlow):
    """Bolt's flow; the code is exchanged by our own way to Slack.

    The library's would warn of a class that aiohttp gives up, and would log the code where the exchange fails.
    """

    def __init__(self, api: Api, settings: AsyncOAuthSettings) -> None:
        super().__init__(client=api.client(), logger=QUIET, settings=settings)
        self._api = api

    async def run_installation(self, code: str) -> Installation | None:
        """The installation that a code stands for, None where Slack does not take the code."""
        try:
            answer = await self._api.exchange(
                code=code,
                client_id=self.settings.client_id,
                client_secret=self.settings.client_secret,
                redirect_uri=self.settings.redirect_uri or "",
            )
            token = str(answer["access_token"])
            who = await self._api.call(self._api.client(token), "auth.test")
        except (Refused, Lost, KeyError) as error:
            log.info("an installation by OAuth did not come about: %s", error)
            return None
        team = answer.get("team") or {}
        return Installation(
            app_id=answer.get("app_id"),
            team_id=team.get("id"),
            team_name=team.get("name"),
            bot_token=token,
            bot_id=who.get("bot_id"),
            bot_user_id=answer.get("bot_user_id"),
            bot_scopes=str(answer.get("scope") or ""),
            user_id=str((answer.get("authed_user") or {}).get("id") or ""),
            token_type=answer.get("token_type"),
        )


def make_flow(
    api: Api,
    workspaces: Workspaces,
    installed: Callable[[Workspace], Awaitable[None]],
    *,
    client_id: str,
    client_secret: str,
    public_url: str,
    clock: Callable[[], int],
) -> AsyncOAuthFlow:
    """Bolt's flow, with its pages at `public_url` + /slack/install and /slack/oauth_redirect."""
    settings = AsyncOAuthSettings(
        client_id=client_id,
        client_secret=client_secret,
        scopes=list(BOT_SCOPES),
        user_scopes=[],
        redirect_uri=public_url.rstrip("/") + REDIRECT_PATH,
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        authorization_url=api.base_url.rstrip("/").removesuffix("/api") + "/oauth/v2/authorize",
        installation_store=_Store(workspaces, installed),
        state_store=States(client_secret, clock),
        state_expiration_seconds=STATE_LASTS,
        logger=QUIET,
    )
    return _Flow(api, settings)
