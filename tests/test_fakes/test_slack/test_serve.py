"""The fake Slack as a process of its own, built and watched through the control port."""

import base64
from collections.abc import AsyncIterator

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncSay
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.test_fakes.remote import Remote, served
from tests.test_fakes.test_slack.tools import Json, actions, button, field, modal


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    async with served("--slack-bot-token", "xoxb-1-fixed", prefix="slack_") as remote:
        yield remote


@pytest.fixture
async def web(remote: Remote) -> AsyncIterator[AsyncWebClient]:
    """The client of a Bolt app that echoes, in Socket Mode."""
    where = remote.addresses
    web = AsyncWebClient(token=where["slack_bot_token"], base_url=where["slack"])
    app = AsyncApp(client=web, signing_secret=where["slack_signing_secret"])

    @app.event("message")
    async def message(event: Json, say: AsyncSay) -> None:
        if "subtype" not in event:
            sent = await say("…")
            text = f"You said: {event['text']}"
            blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}, *actions(button("Go", "go"))]
            await web.chat_update(channel=event["channel"], ts=sent["ts"], text=text, blocks=blocks)

    @app.action("go")
    async def go(ack: AsyncAck, body: Json) -> None:
        await ack()
        view = modal(field("Name", {"type": "plain_text_input", "action_id": "v"}))
        await web.views_open(trigger_id=body["trigger_id"], view=view)

    @app.command("/nexus")
    async def command(ack: AsyncAck) -> None:
        await ack("Yes.")

    @app.view("form")
    async def form(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"name": "No."})

    @app.event("app_home_opened")
    async def home(event: Json) -> None:
        await web.views_publish(user_id=event["user"], view={"type": "home", "blocks": [{"type": "divider"}]})

    handler = AsyncSocketModeHandler(app, where["slack_app_token"])
    await handler.connect_async()  # type: ignore[no-untyped-call]
    yield web
    await handler.close_async()  # type: ignore[no-untyped-call]


async def test_a_conversation_from_outside(remote: Remote, web: AsyncWebClient) -> None:
    team = remote.addresses["slack_team"]
    assert (await web.auth_test())["team_id"] == team
    assert remote.addresses["slack_bot_token"] == "xoxb-1-fixed"
    ana = await remote("user", team=team, name="Ana")
    person, room = ana["user"], ana["im"]
    said = await remote("say", channel=room, user=person, text="hi")
    reply = await remote("wait", channel=room, after=said["made"], contains="You said: hi")
    assert (reply["buttons"], reply["edits"]) == (["Go"], 1)
    await remote("redeliver", event_id=said["event_ids"][0])
    await remote("press", channel=room, user=person, ts=reply["ts"], button="Go")
    view = await remote("wait_view", user=person)
    assert await remote("views", user=person) == [view]
    answer = await remote("submit", user=person, view=view["view"], values={"Name": "x"})
    assert answer["ack"]["response_action"] == "errors"
    slash = await remote("slash", channel=room, user=person, command="/nexus", text="x")
    assert slash["ack"] == {"text": "Yes."}
    assert (await remote("messages", channel=room, user=person, last=1))[0]["ephemeral_to"] == person
    await remote("open_home", user=person)
    assert (await remote("wait_home", user=person))["updates"] == 0
    general = (await remote("channel", team=team, name="general", members=[person]))["channel"]
    ben = (await remote("user", team=team, name="Ben"))["user"]
    assert (await remote("join", channel=general, user=ben))["event_id"].startswith("Ev")
    mine = await remote("say", channel=general, user=ben, text="x")
    await remote("edit", channel=general, user=ben, ts=mine["ts"], text="y")
    await remote("delete", channel=general, user=ben, ts=mine["ts"])
    await remote("leave", channel=general, user=ben)
    await remote("share_file", channel=room, user=person, name="a.txt", content=base64.b64encode(b"x").decode())
    assert {one["method"] for one in await remote("requests")} >= {"chat.postMessage", "chat.update", "views.open"}
    assert (await remote("counts"))["connections"] == 1
    with pytest.raises(AssertionError, match="no channel"):
        await remote("say", channel="C404", user=person, text="x")


async def test_trouble_from_outside(remote: Remote, web: AsyncWebClient) -> None:
    team = remote.addresses["slack_team"]
    ana = await remote("user", team=team, name="Ana")
    await remote("fault", method="chat.postMessage", kind="rate_limited", retry_after=0)
    with pytest.raises(SlackApiError, match="ratelimited"):
        await web.chat_postMessage(channel=ana["im"], text="x")
    await remote("disconnect")
    said = await remote("say", channel=ana["im"], user=ana["user"], text="again")
    await remote("wait", channel=ana["im"], after=said["made"], contains="You said: again")
    await remote("abort")
    await remote("reset")
    await remote("uninstall", team=team)
    with pytest.raises(SlackApiError, match="account_inactive"):
        await web.auth_test()


async def test_talk_in_bulk(remote: Remote, web: AsyncWebClient) -> None:
    result = await remote("talk", chats=5, messages=4, expect="You said: message {n} of {chat}")
    assert (result["replies"], result["missing"], result["late"]) == (20, 0, 0)
    assert len(result["acks"]) == 20
    rooms = await remote("talk", chats=2, messages=2, kind="channel", text="{bot} {n}", expect="You said: {bot} {n}")
    assert rooms["replies"] == 4
    lost = await remote("talk", chats=1, messages=2, expect="never said", timeout=0.01)
    assert (lost["replies"], lost["missing"]) == (0, 1)
