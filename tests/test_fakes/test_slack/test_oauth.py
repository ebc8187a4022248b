"""Installing into workspaces by OAuth, with Bolt's own flow and by hand."""

import html
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, Team
from tests.test_fakes.test_slack.tools import client

# slack_sdk sends the client's credentials in a way that aiohttp is going to drop.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@pytest.fixture
def fresh(slack: FakeSlack) -> Team:
    return slack.team("Fresh", installed=False)


def authorize(slack: FakeSlack, state: str = "s1") -> str:
    made = AuthorizeUrlGenerator(
        client_id=slack.client_id, scopes=["chat:write", "users:read"], redirect_uri="https://app.example/redirect"
    )
    return made.generate(state)


async def test_a_code_becomes_a_token_once(slack: FakeSlack, fresh: Team) -> None:
    ana = fresh.user("Ana")
    url = slack.installs.allow(slack, fresh, ana, authorize(slack))
    query = {name: value[0] for name, value in parse_qs(urlsplit(url).query).items()}
    assert (url.split("?")[0], query["state"]) == ("https://app.example/redirect", "s1")
    web = AsyncWebClient(base_url=slack.api_base_url)
    keys = {"client_id": slack.client_id, "client_secret": slack.client_secret}
    with pytest.raises(SlackApiError, match="bad_redirect_uri"):
        await web.oauth_v2_access(**keys, code=query["code"])
    given = await web.oauth_v2_access(**keys, code=query["code"], redirect_uri="https://app.example/redirect")
    assert (given["team"], given["authed_user"], given["token_type"]) == (
        {"id": fresh.id, "name": "Fresh"},
        {"id": ana.id},
        "bot",
    )
    assert (await client(slack, given["access_token"]).auth_test())["team_id"] == fresh.id
    assert fresh.scopes == {"chat:write", "users:read"}
    for error, arguments in (
        ("code_already_used", {**keys, "code": query["code"]}),
        ("invalid_code", {**keys, "code": "no"}),
        ("bad_client_secret", {**keys, "client_secret": "no", "code": "no"}),
        ("invalid_client_id", {**keys, "client_id": "no", "code": "no"}),
    ):
        with pytest.raises(SlackApiError, match=error):
            await web.oauth_v2_access(**arguments)
    assert "code" not in slack.calls("oauth.v2.access")[0].arguments


async def test_bolts_own_flow_installs_the_app(slack: FakeSlack, fresh: Team, tmp_path: Path) -> None:
    installations = FileInstallationStore(base_dir=str(tmp_path), client_id=slack.client_id)
    flow = AsyncOAuthFlow(
        client=AsyncWebClient(base_url=slack.api_base_url),
        settings=AsyncOAuthSettings(
            client_id=slack.client_id,
            client_secret=slack.client_secret,
            scopes=["chat:write"],
            redirect_uri="https://app.example/redirect",
            installation_store=installations,
            state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(tmp_path)),
        ),
    )
    shown = await flow.handle_installation(AsyncBoltRequest(body="", query="", headers={}))
    found = re.search(r'href="(https://slack.com/oauth/v2/authorize[^"]+)"', shown.body)
    assert found is not None
    back = slack.installs.allow(slack, fresh, fresh.user("Ana"), html.unescape(found[1]))
    cookie = shown.headers["set-cookie"][0].split(";")[0]
    done = await flow.handle_callback(
        AsyncBoltRequest(body="", query=urlsplit(back).query, headers={"cookie": [cookie]})
    )
    assert done.status == 200
    bot = await installations.async_find_bot(enterprise_id=None, team_id=fresh.id)
    assert bot is not None
    assert bot.bot_token == fresh.bot_token


async def test_the_install_page_sends_a_browser_back(slack: FakeSlack, fresh: Team) -> None:
    path = authorize(slack).replace("https://slack.com/oauth/v2/authorize", slack.authorize_url)
    async with aiohttp.ClientSession() as browser:
        async with browser.get(path, allow_redirects=False) as answer:
            assert answer.status == 302
            assert answer.headers["Location"].startswith("https://app.example/redirect?code=")
        slack.team("Second", installed=False)
        async with browser.get(path, allow_redirects=False) as answer:
            assert answer.status == 400
        async with browser.get(f"{path}&team={fresh.id}", allow_redirects=False) as answer:
            assert answer.status == 302
        async with browser.get(f"{slack.authorize_url}?client_id=no&team={fresh.id}") as answer:
            assert (answer.status, await answer.text()) == (400, "invalid_client_id")
    assert "error=access_denied" in slack.installs.deny(authorize(slack))


async def test_an_old_code_is_no_good(slack: FakeSlack, fresh: Team) -> None:
    url = slack.installs.allow(slack, fresh, fresh.user("Ana"), authorize(slack))
    slack.advance(601)
    with pytest.raises(SlackApiError, match="invalid_code"):
        await AsyncWebClient(base_url=slack.api_base_url).oauth_v2_access(
            client_id=slack.client_id, client_secret=slack.client_secret, code=parse_qs(urlsplit(url).query)["code"][0]
        )


async def test_a_removed_app_gets_another_token_when_it_comes_back(slack: FakeSlack, team: Team) -> None:
    first = team.bot_token
    assert team.installed() == first
    web = client(slack, first)
    with pytest.raises(SlackApiError, match="bad_client_secret"):
        await web.apps_uninstall(client_id=slack.client_id, client_secret="no")
    await web.apps_uninstall(client_id=slack.client_id, client_secret=slack.client_secret)
    second = team.installed()
    assert second != first
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await web.auth_test()
    assert (await client(slack, second).auth_test())["ok"]
