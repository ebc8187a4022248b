"""Logging in, looking around, and what is said about it."""

import asyncio
import logging

import pytest

from adapters.contract import DeliveryError, Gone, NotPermitted, TooManyRequests, Transient, Unauthorized, Unreachable
from adapters.slack.adapter import SlackAdapter
from adapters.slack.refusals import Lost, Refused, contract_error
from adapters.slack.socket import Client
from adapters.slack.trouble import Trouble
from tests.adapters.slack.conftest import MENU, PING, new_adapter
from tests.adapters.store import Store
from tests.fakes.slack import FakeSlack, Team, faults


async def test_looking_around(slack: FakeSlack, team: Team) -> None:
    adapter = new_adapter(slack, team)
    assert adapter.explain() == ["The bot has not been able to log in to Slack."]
    assert adapter.join_link() == ""
    assert await adapter.look() == ("nexus", [])
    team.scopes.discard("usergroups:read")
    _, found = await adapter.look()
    assert found == [
        "In Harbour the app lacks the scope usergroups:read: it cannot give the members of a user group their roles "
        "in the Nexus. Install it again to grant that."
    ]
    assert not slack.connections


async def test_wrong_tokens(slack: FakeSlack, team: Team, store: Store) -> None:
    base = slack.api_base_url
    for adapter in (
        SlackAdapter(bot_token="xoxb-wrong", app_token=slack.app_token, api_base_url=base),
        SlackAdapter(bot_token=team.bot_token, app_token="xapp-wrong", api_base_url=base),
    ):
        with pytest.raises(Unauthorized) as caught:
            await adapter.start(store, MENU)
        assert "wrong" not in str(caught.value)
        with pytest.raises(Unauthorized):
            await adapter.look()
        assert not adapter.health().alive


async def test_slack_cannot_be_reached(slack: FakeSlack, team: Team, store: Store) -> None:
    adapter = new_adapter(slack, team)
    slack.fail("auth.test", faults.server_error())
    with pytest.raises(Transient):
        await adapter.start(store, MENU)
    slack.fail("apps.connections.open", faults.drop())
    with pytest.raises(Transient):
        await adapter.start(store, MENU)
    await slack.stop()
    with pytest.raises(Transient) as caught:
        await adapter.start(store, MENU)
    assert not caught.value.maybe_done
    await slack.start()
    await adapter.start(store, MENU)
    await adapter.stop()
    await adapter.stop()


async def test_a_workspace_without_user_groups(slack: FakeSlack, team: Team, store: Store) -> None:
    team.scopes.discard("usergroups:read")
    adapter = new_adapter(slack, team)
    await adapter.start(store, MENU)
    try:
        assert await adapter.roles(team.id) == []
        slack.fail("usergroups.list", faults.server_error())
        with pytest.raises(Transient):
            await adapter.roles(team.id)
    finally:
        await adapter.stop()


async def test_progress_is_what_comes_back(slack: FakeSlack, team: Team, store: Store) -> None:
    asked, now = asyncio.Event(), [0]

    def clock() -> int:
        asked.set()
        now[0] += 1
        return now[0]

    adapter = SlackAdapter(
        bot_token=team.bot_token,
        app_token=slack.app_token,
        api_base_url=slack.api_base_url,
        ping_interval=PING,
        clock=clock,
    )
    await adapter.start(store, MENU)
    try:
        await slack.wait_connected()
        (connection,) = slack.connections
        await slack.wait_for_calls("usergroups.list")
        before = adapter.health().last_progress
        async with asyncio.timeout(10):
            while adapter.health().last_progress == before:  # only pongs come
                asked.clear()
                await asked.wait()
        connection.answers_pings = False  # a dead line: the library notices, and comes again
        await slack.wait_for(lambda: connection not in slack.connections and len(slack.connections) == 1)
    finally:
        await adapter.stop()


async def test_how_long_a_failed_connection_waits(slack: FakeSlack, team: Team) -> None:
    adapter = new_adapter(slack, team)
    adapter._api.open()
    client = Client(adapter._api, "xapp-wrong", lambda: None, lambda: None, PING)
    try:
        assert client._failed(Lost("timeout", maybe_done=True), 0.0) == 0.2
        assert str(client.trouble) == Trouble.UNREACHABLE
        assert client._failed(OSError(), 0.2) == 0.4
        assert client._failed(Refused(429, "ratelimited", retry_after=9), 0.4) == 9
        assert client._failed(Refused(200, "invalid_auth"), 0.4) == 30
        assert str(client.trouble) == Trouble.APP_LEVEL
        with pytest.raises(Unauthorized):
            await client.first()
    finally:
        await client.close()
        await adapter.stop()


async def test_nothing_secret_is_logged(
    slack: FakeSlack, team: Team, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("slack_sdk").setLevel(logging.DEBUG)
    logging.getLogger("slack_bolt").setLevel(logging.DEBUG)
    ana = team.user("Ana")
    adapter = new_adapter(slack, team)
    await adapter.start(store, MENU)
    try:
        team.im(ana).say(ana, "private words")
        await team.slash(ana, team.im(ana), "/nexus", "more private words").acked()
        await store.wait_for(2)
        slack.abort_connections()
        slack.fail("apps.connections.open", faults.server_error())
        await slack.wait_for(lambda: not slack.connections)
        await slack.wait_connected()
    finally:
        await adapter.stop()
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("aiohttp")]
    logged = "\n".join(ours)
    assert "private words" not in logged
    assert team.bot_token not in logged
    assert slack.app_token not in logged
    assert "ticket=" not in logged
    assert "/actions/" not in logged


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Lost("timeout", maybe_done=True), Transient),
        (Refused(429, "ratelimited", retry_after=3), TooManyRequests),
        (Refused(200, "ratelimited"), TooManyRequests),
        (Refused(503, "no_description"), Transient),
        (Refused(200, "missing_scope", needed="chat:write"), NotPermitted),
        (Refused(200, "cannot_dm_bot"), Unreachable),
        (Refused(200, "user_disabled"), Unreachable),
        (Refused(200, "message_not_found"), Gone),
        (Refused(200, "token_revoked"), Unauthorized),
        (Refused(200, "restricted_action"), NotPermitted),
        (Refused(200, "never_heard_of"), DeliveryError),
    ],
)
def test_errors_in_the_contracts_words(error: Refused | Lost, kind: type[DeliveryError]) -> None:
    assert type(contract_error(error)) is kind


def test_an_error_holds_nothing_but_a_code() -> None:
    assert str(Refused(200, "<b>xoxb-1 private words</b>")) == "200 bxoxb-1privatewordsb"
