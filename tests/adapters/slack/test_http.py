"""Signed HTTP requests instead of Socket Mode."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from adapters.contract import DeliveryError, EventKind, Unauthorized
from adapters.slack.adapter import SlackAdapter
from tests.adapters.slack.conftest import MENU
from tests.adapters.store import Store
from tests.fakes.slack import Channel, FakeSlack, Hook, Team, User


def files_in(folder: Path) -> list[Path]:
    """What lies in a folder."""
    return list(folder.iterdir())


@pytest.fixture
async def http(slack: FakeSlack, team: Team, store: Store, bind: str, hook: Hook) -> AsyncIterator[SlackAdapter]:
    """One workspace by HTTP."""
    adapter = SlackAdapter(
        bot_token=team.bot_token, signing_secret=slack.signing_secret, api_base_url=slack.api_base_url, bind=bind
    )
    await adapter.start(store, MENU)
    yield adapter
    await adapter.stop()


async def test_events_commands_and_buttons_come_by_http(
    http: SlackAdapter, slack: FakeSlack, team: Team, store: Store, hook: Hook, general: Channel, ana: User
) -> None:
    answer = await hook.verify()
    assert (answer.status, json.loads(answer.body)["challenge"]) == (200, "challenge-3eZbrw1aB10")
    general.say(ana, "<@BOT> hello")
    await slack.wait_until_acknowledged()
    (event,) = store.events
    assert event.text == "hello"
    assert await team.slash(ana, general, "/nexus", "need post").acked() is None
    (view,) = team.views_of(ana)
    refused = await team.submit_view(ana, view, {"text": "too short"})
    assert refused is not None
    assert refused["response_action"] == "errors"
    await team.submit_view(ana, view, {"text": "a designer for our page"})
    assert store.events[-1].kind is EventKind.COMMAND
    assert http.health().alive


async def test_what_could_not_be_stored_comes_again(
    http: SlackAdapter, slack: FakeSlack, store: Store, hook: Hook, direct: Channel, ana: User
) -> None:
    store.failures = 2
    (delivery,) = direct.say(ana, "hello").deliveries
    await store.wait_for(1)
    await delivery.acked()
    assert delivery.statuses == [500, 500, 200]


async def test_trouble_with_the_store_is_told(
    http: SlackAdapter, slack: FakeSlack, store: Store, hook: Hook, direct: Channel, ana: User
) -> None:
    (delivery,) = direct.say(ana, "hello").deliveries
    await delivery.acked()
    store.failures = 1
    assert (await hook.post(delivery)).status == 500
    assert "cannot be stored" in http.explain()[0]
    assert http.health().alive
    assert (await hook.post(delivery)).status == 200
    assert http.explain() == []


async def test_forged_and_old_requests_are_refused(
    http: SlackAdapter, slack: FakeSlack, store: Store, bind: str, hook: Hook, direct: Channel, ana: User
) -> None:
    (delivery,) = direct.say(ana, "hello").deliveries
    await store.wait_for(1)
    assert (await hook.verify(signature="v0=" + "0" * 64)).status == 401
    assert (await hook.post(delivery, signature="v0=" + "0" * 64)).status == 401

    assert (await hook.post(delivery, timestamp=int(time.time()) - 6 * 60)).status == 401
    assert (await hook.post(delivery)).status == 200
    assert len(store.events) == 1
    async with aiohttp.ClientSession() as browser:
        async with browser.post(f"http://{bind}/slack/events", data=b"\xff") as answer:
            assert answer.status in (400, 401)
        async with browser.get(f"http://{bind}/slack/install") as answer:
            assert answer.status == 404


async def test_health_follows_slack(http: SlackAdapter, slack: FakeSlack, team: Team) -> None:
    assert http._listening is not None
    watch = http._listening._watch
    assert watch is not None
    await watch.look()
    assert http.health().alive
    team.bot_token_state = "revoked"
    await watch.look()
    assert not http.health().alive
    assert "token" in http.explain()[0]


async def test_a_configuration_that_cannot_work(slack: FakeSlack, team: Team, store: Store, bind: str) -> None:
    base = slack.api_base_url
    for adapter in (
        SlackAdapter(app_token=slack.app_token, api_base_url=base),
        SlackAdapter(bot_token=team.bot_token, api_base_url=base, bind=bind),  # unsigned requests are never taken
    ):
        with pytest.raises(Unauthorized):
            await adapter.start(store, MENU)
    with pytest.raises(DeliveryError):
        await SlackAdapter(bot_token=team.bot_token, signing_secret="s", api_base_url=base).start(store, MENU)
    taken = SlackAdapter(
        bot_token=team.bot_token,
        signing_secret="s",
        api_base_url=base,
        bind=slack.origin.removeprefix("http://"),
    )
    with pytest.raises(DeliveryError, match="cannot listen"):
        await taken.start(store, MENU)


async def test_what_bolt_finds_in_the_environment_does_not_matter(
    slack: FakeSlack,
    team: Team,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    direct: Channel,
    ana: User,
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET"):
        monkeypatch.setenv(name, "of-the-environment")
    monkeypatch.setenv("HOME", str(tmp_path))
    adapter = SlackAdapter(bot_token=team.bot_token, app_token=slack.app_token, api_base_url=slack.api_base_url)
    await adapter.start(store, MENU)
    try:
        direct.say(ana, "hello")
        await store.wait_for(1)
    finally:
        await adapter.stop()
    assert not files_in(tmp_path)
