"""Installing by OAuth v2: the consent page, the code, and the token it is exchanged for; and being removed."""

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web

from tests.fakes.slack.errors import SlackError
from tests.fakes.slack.model import User
from tests.fakes.slack.params import listed, required, text
from tests.fakes.slack.registry import Call, method
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.slack.team import Team
    from tests.fakes.slack.world import World

CODE_SECONDS = 600.0


@dataclass(slots=True)
class Consent:
    """What somebody agreed to: the code for it works once, for ten minutes."""

    team: "Team"
    user: User
    scopes: list[str]
    redirect_uri: str
    made: float
    used: bool = False


class Installs:
    """The codes given out."""

    def __init__(self) -> None:
        self.consents: dict[str, Consent] = {}

    def allow(self, slack: "World", team: "Team", user: User, url: str) -> str:
        """`user` opens the app's authorize URL and agrees; the redirect URL with `code` and `state`.

        Only the query of `url` counts, so that one made for slack.com will do. Raises ValueError for another app's.
        """
        query = dict(parse_qsl(urlsplit(url).query))
        if query.get("client_id") != slack.client_id:
            raise ValueError("invalid_client_id")
        scopes = listed(dict(query), "scope")
        if not scopes:
            raise ValueError("no scope requested")
        code = f"{slack.ids.number()}.{slack.ids.secret()}"
        redirect = query.get("redirect_uri", "")
        self.consents[code] = Consent(team, user, scopes, redirect, slack.clock.elapsed())
        return _joined(redirect, {"code": code, "state": query.get("state", "")})

    def deny(self, url: str) -> str:
        """The person says no: the redirect URL with `error=access_denied`."""
        query = dict(parse_qsl(urlsplit(url).query))
        return _joined(query.get("redirect_uri", ""), {"error": "access_denied", "state": query.get("state", "")})


def authorize(slack: "World", request: web.BaseRequest) -> web.Response:
    """The consent page for a browser: agrees at once for the workspace named by `team`, or the only one there is."""
    team = slack.teams.get(request.query.get("team", ""))
    if team is None and len(slack.teams) == 1:
        team = next(iter(slack.teams.values()))
    if team is None:
        return web.Response(text="Which workspace? Name it with team=.", status=400)
    user = next((one for one in team.users.values() if not one.bot_id), team.bot)
    try:
        target = slack.installs.allow(slack, team, user, str(request.rel_url))
    except ValueError as error:
        return web.Response(text=str(error), status=400)
    return web.Response(status=302, headers={"Location": target})


@method("oauth.v2.access", token="client")
def access(call: Call) -> Json:
    _check_client(call)
    consent = call.slack.installs.consents.get(required(call.params, "code"))
    if consent is None:
        raise SlackError("invalid_code")
    if consent.used:
        raise SlackError("code_already_used")
    if call.slack.clock.elapsed() - consent.made > CODE_SECONDS:
        raise SlackError("invalid_code")
    if text(call.params, "redirect_uri") != consent.redirect_uri:
        raise SlackError("bad_redirect_uri")
    consent.used = True
    team = consent.team
    team.scopes = set(consent.scopes)
    token = team.installed()
    return {
        "app_id": call.slack.app_id,
        "authed_user": {"id": consent.user.id},
        "scope": ",".join(consent.scopes),
        "token_type": "bot",
        "access_token": token,
        "bot_user_id": team.bot.id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


@method("apps.uninstall")
def uninstall(call: Call) -> Json:
    _check_client(call)
    call.workspace.uninstall()
    return {}


def _check_client(call: Call) -> None:
    client_id, secret = text(call.params, "client_id"), text(call.params, "client_secret")
    if call.authorization.startswith("Basic "):
        raw = base64.b64decode(call.authorization.removeprefix("Basic ")).decode()
        client_id, _, secret = raw.partition(":")
    if client_id != call.slack.client_id:
        raise SlackError("invalid_client_id")
    if secret != call.slack.client_secret:
        raise SlackError("bad_client_secret")


def _joined(url: str, query: dict[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"
