"""Installation by OAuth in several workspaces."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from adapters.contract import EventKind, Installation, Reply, Unauthorized
from adapters.slack.adapter import SlackAdapter
from tests.adapters.slack.conftest import MENU, PING, answer_to, to
from tests.adapters.store import Store
from tests.fakes.slack import Channel, FakeSlack, Hook, Team, User, faults


class Kept:
    """Installations in memory; `failures` saves fail first."""

    def __init__(self) -> None:
        self.by_team: dict[str, Installation] = {}
        self.failures = 0

    async def save(self, installation: Installation) -> None:
        """See `Installations.save`."""
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the store is down")
        self.by_team[installation.workspace] = installation

    async def find(self, workspace: str) -> Installation | None:
        """See `Installations.find`."""
        return self.by_team.get(workspace)

    async def forget(self, workspace: str) -> None:
        """See `Installations.forget`."""
        self.by_team.pop(workspace, None)

    async def all(self) -> list[Installation]:
        """See `Installations.all`."""
        return list(self.by_team.values())


async def test_health_with_several_workspaces(app: SlackAdapter, slack: FakeSlack, team: Team, ana: User) -> None:
    await Browser(slack, app.join_link()).install(team, ana)
    assert app._listening is not None
    watch = app._listening._watch
    assert watch is not None
    team.bot_token_state = "revoked"
    await watch.look()
    assert app.health().alive  # the others go on
    slack.fail("api.test", faults.drop())
    await watch.look()
    assert not app.health().alive
    assert "reached" in app.health().detail


@pytest.fixture
def kept() -> Kept:
    return Kept()


def shared(slack: FakeSlack, bind: str, kept: Kept, **more: str) -> SlackAdapter:
    """An app that any workspace can install."""
    return SlackAdapter(
        api_base_url=slack.api_base_url,
        bind=bind,
        client_id=slack.client_id,
        client_secret=slack.client_secret,
        public_url=f"http://{bind}",
        installations=kept,
        ping_interval=PING,
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
async def app(slack: FakeSlack, store: Store, bind: str, hook: Hook, kept: Kept) -> AsyncIterator[SlackAdapter]:
    """Several workspaces by HTTP; none has installed it yet."""
    adapter = shared(slack, bind, kept, signing_secret=slack.signing_secret)
    await adapter.start(store, MENU)
    yield adapter
    await adapter.stop()


class Browser:
    """A person's browser on the way through an installation."""

    def __init__(self, slack: FakeSlack, link: str) -> None:
        self.slack, self.link = slack, link
        self.cookie = ""

    async def open(self, link: str = "") -> str:
        """The page to install; the address of Slack's consent page on it."""
        status, page, cookie = await self.get(link or self.link)
        assert status == 200
        self.cookie = cookie
        return page.split('<a href="')[1].split('"')[0].replace("&amp;", "&")

    async def get(self, url: str) -> tuple[int, str, str]:
        """Status, page, and the cookie that it sets."""
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.get(url, headers={"Cookie": self.cookie}, allow_redirects=False) as answer,
        ):
            cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
            return answer.status, await answer.text(), cookie

    async def install(self, team: Team, user: User) -> tuple[int, str, str]:
        """All of it; the last page."""
        consent = await self.open()
        return await self.get(self.slack.installs.allow(self.slack, team, user, consent))


async def test_two_workspaces_install_the_app(
    app: SlackAdapter, slack: FakeSlack, store: Store, kept: Kept, tmp_path: Path
) -> None:
    assert app.explain() == ["The app is not installed in any workspace yet."]
    browser = Browser(slack, app.join_link())
    places = []
    for name in ("Harbour", "Mill"):
        team = slack.team(name, installed=False)
        user = team.user("Ana")
        channel = team.channel("general", [user])
        status, page, _ = await browser.install(team, user)
        assert status == 200, page
        places.append((team, user, channel))
    for team, user, channel in places:
        channel.say(user, f"<@BOT> hello from {team.name}")
    await slack.wait_until_acknowledged()
    assert {(event.workspace, event.workspace_title, event.text) for event in store.events} == {
        (team.id, team.name, f"hello from {team.name}") for team, _, _ in places
    }
    for event in store.events:
        await app.send(answer_to(event), Reply(f"Hi {event.workspace_title}"), key=event.event_id)
    assert [channel.bot_messages[0].shown for _, _, channel in places] == ["Hi Harbour", "Hi Mill"]
    assert app.explain() == []
    assert all(team.bot_token in kept.by_team[team.id].data for team, _, _ in places)


async def test_installations_last(
    app: SlackAdapter, slack: FakeSlack, store: Store, kept: Kept, bind: str, direct: Channel, team: Team, ana: User
) -> None:
    await Browser(slack, app.join_link()).install(team, ana)
    await app.stop()
    again = shared(slack, bind, kept, signing_secret=slack.signing_secret)
    await again.start(store, MENU)
    try:
        direct.say(ana, "hello")
        await store.wait_for(1)
        await again.send(to(direct), Reply("Hi"), key="1")
    finally:
        await again.stop()
    name, found = await shared(slack, bind, kept, signing_secret="s").look()
    assert (name, found) == ("Harbour", [])


async def test_removed_and_installed_again(
    app: SlackAdapter, slack: FakeSlack, store: Store, kept: Kept, team: Team, ana: User, direct: Channel
) -> None:
    browser = Browser(slack, app.join_link())
    await browser.install(team, ana)
    first = team.bot_token
    gone = team.uninstall()
    await slack.wait_until_acknowledged()
    assert {event.kind for event in store.events} == {EventKind.BOT_REMOVED}
    assert kept.by_team == {}
    with pytest.raises(Unauthorized):
        await app.send(to(direct), Reply("Hi"), key="1")
    await browser.install(team, ana)
    assert first not in kept.by_team[team.id].data
    for delivery in gone:  # told once more, late
        slack.redeliver(delivery)
    await slack.wait_until_acknowledged()
    assert team.bot_token in kept.by_team[team.id].data
    await app.send(to(direct), Reply("Hi"), key="2")
    assert direct.bot_messages[0].shown == "Hi"


async def test_a_revoked_token_is_wiped(
    app: SlackAdapter, slack: FakeSlack, store: Store, kept: Kept, team: Team, ana: User
) -> None:
    await Browser(slack, app.join_link()).install(team, ana)
    store.failures = 1
    team.revoke()
    await slack.wait_until_acknowledged()
    assert [event.kind for event in store.events] == [EventKind.BOT_REMOVED]
    assert kept.by_team == {}


async def test_an_installation_made_by_another_process_is_found(
    app: SlackAdapter, slack: FakeSlack, kept: Kept, team: Team, ana: User, direct: Channel
) -> None:
    await Browser(slack, app.join_link()).install(team, ana)
    old = kept.by_team[team.id]
    team.uninstall()
    team.installed()
    kept.by_team[team.id] = Installation("slack", team.id, old.name, _with_token(old.data, team.bot_token))
    await slack.wait_until_acknowledged()
    with pytest.raises(Unauthorized):
        await app.send(to(direct), Reply("Hi"), key="1")
    kept.by_team[team.id] = Installation("slack", team.id, old.name, _with_token(old.data, team.bot_token))
    await app.send(to(direct), Reply("Hi"), key="1")


def _with_token(data: str, token: str) -> str:
    return json.dumps({**json.loads(data), "bot_token": token})


async def test_an_installation_that_cannot_be_read_stops_nobody(
    slack: FakeSlack, store: Store, kept: Kept, bind: str, caplog: pytest.LogCaptureFixture
) -> None:
    kept.by_team["T0BROKEN"] = Installation("slack", "T0BROKEN", "Broken", '{"bot_token": "xoxb-secret"')
    adapter = shared(slack, bind, kept, app_token=slack.app_token)
    await adapter.start(store, MENU)
    await adapter.stop()
    assert "cannot be read" in caplog.text
    assert "xoxb-secret" not in caplog.text


async def test_states_are_signed_recent_and_used_once(
    app: SlackAdapter, slack: FakeSlack, kept: Kept, team: Team, ana: User
) -> None:
    browser = Browser(slack, app.join_link())
    consent = await browser.open()
    back = slack.installs.allow(slack, team, ana, consent)
    cookie, browser.cookie = browser.cookie, "slack-app-oauth-state=other"
    assert (await browser.get(back))[0] == 400  # another browser
    state = back.split("state=")[1]
    forged = "9999999999.nonce." + state.rsplit(".", 1)[1]
    browser.cookie = f"slack-app-oauth-state={forged}"
    assert (await browser.get(back.replace(state, forged)))[0] == 401
    browser.cookie = cookie
    assert (await browser.get(back))[0] == 200
    assert (await browser.get(slack.installs.allow(slack, team, ana, consent)))[0] == 401  # a fresh code, a used state
    assert list(kept.by_team) == [team.id]


async def test_an_old_state_is_refused(
    slack: FakeSlack, store: Store, bind: str, kept: Kept, team: Team, ana: User
) -> None:
    now = [1_700_000_000_000]
    adapter = SlackAdapter(
        api_base_url=slack.api_base_url,
        app_token=slack.app_token,
        bind=bind,
        client_id=slack.client_id,
        client_secret=slack.client_secret,
        public_url=f"http://{bind}",
        installations=kept,
        clock=lambda: now[0],
    )
    await adapter.start(store, MENU)
    try:
        browser = Browser(slack, adapter.join_link())
        back = slack.installs.allow(slack, team, ana, await browser.open())
        now[0] += 11 * 60 * 1000
        assert (await browser.get(back))[0] == 401
    finally:
        await adapter.stop()


async def test_a_code_that_slack_does_not_take(
    app: SlackAdapter, slack: FakeSlack, kept: Kept, team: Team, ana: User, caplog: pytest.LogCaptureFixture
) -> None:
    browser = Browser(slack, app.join_link())
    back = slack.installs.allow(slack, team, ana, await browser.open())
    slack.advance(11 * 60)
    assert (await browser.get(back))[0] == 401
    assert kept.by_team == {}
    assert back.split("code=")[1].split("&")[0] not in caplog.text


async def test_somebody_says_no_and_a_store_that_fails(
    app: SlackAdapter, slack: FakeSlack, kept: Kept, team: Team, ana: User, caplog: pytest.LogCaptureFixture
) -> None:
    browser = Browser(slack, app.join_link())
    _, page, _ = await browser.get(slack.installs.deny(await browser.open()))
    assert "access_denied" in page
    kept.failures = 1
    assert (await browser.install(team, ana))[0] == 500
    assert kept.by_team == {}
    assert team.bot_token not in caplog.text


async def test_socket_mode_serves_several_workspaces_too(
    slack: FakeSlack, store: Store, bind: str, kept: Kept, team: Team, ana: User, direct: Channel
) -> None:
    adapter = shared(slack, bind, kept, app_token=slack.app_token)
    await adapter.start(store, MENU)
    try:
        await Browser(slack, adapter.join_link()).install(team, ana)
        direct.say(ana, "hello")
        (event,) = await store.wait_for(1)
        assert event.workspace == team.id
        async with aiohttp.ClientSession() as browser, browser.post(f"http://{bind}/slack/events") as answer:
            assert answer.status == 404  # events come by the socket alone
    finally:
        await adapter.stop()
