"""The Bolt app: it verifies signatures, authorizes by workspace and parses; one middleware of ours takes the rest."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow

from adapters.slack.api import QUIET, Api
from adapters.slack.receive import Receiver
from adapters.slack.workspaces import Workspaces

_NOT_INSTALLED = "Nexus is not installed in this workspace any more. Please ask whoever runs it to install it again."


class _Authorize(AsyncAuthorize):
    """Finds the token of a workspace without asking Slack about it at every request."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_: Any,
    ) -> AuthorizeResult | None:
        """What Bolt needs to know of the workspace, None where the app is not installed."""
        found = await self._workspaces.find(team_id or "")
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=found.me.team,
            bot_user_id=found.me.user,
            bot_id=found.me.bot,
            bot_token=found.token,
            user_id=user_id,
        )


def make_app(
    api: Api, workspaces: Workspaces, receiver: Receiver, signing_secret: str, flow: AsyncOAuthFlow | None
) -> AsyncApp:
    """The app. Bolt reads settings of the environment too, under the names of ours; what is given here decides."""
    app = AsyncApp(
        name=QUIET.name,  # Bolt makes the logger of that name as quiet as this one; "nexus" would be the bot's own
        logger=QUIET,
        client=api.client(),
        signing_secret=signing_secret,
        authorize=_Authorize(workspaces),  # type: ignore[arg-type]
        oauth_flow=flow,
        user_facing_authorize_error_message=_NOT_INSTALLED,
        ignoring_self_events_enabled=False,  # its own coming and going are events; `translate` knows its words
        attaching_function_token_enabled=False,
    )
    app.use(receiver.receive)
    return app
