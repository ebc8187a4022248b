"""The fake Discord in a process of its own, driven through the control port; the bot is in this one."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
import yarl

from tests.test_fakes.remote import Remote, served
from tests.test_fakes.test_discord.bot import TestBot
from tests.test_fakes.test_discord.tools import Seen, discord, running


class Echo(TestBot):
    """Repeats what people write."""

    async def on_message(self, message: discord.Message) -> None:
        if not message.author.bot:
            await message.channel.send(f"You said: {message.content}{[one.filename for one in message.attachments]}")


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    async with served(prefix="discord_") as remote:
        discord.http.Route.BASE = remote.addresses["discord"]
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(remote.addresses["discord_gateway"])
        yield remote


@pytest.fixture
async def bot(remote: Remote) -> AsyncIterator[tuple[Echo, Seen]]:
    made = Echo()
    async with running(None, made, token=remote.addresses["discord_token"]) as (_, seen):
        await made.tree.sync()
        yield made, seen


async def test_a_conversation_from_outside(remote: Remote, bot: Any) -> None:
    ana, ben = [(await remote("user", name=name))["user"] for name in ("Ana", "Ben")]
    harbour = await remote("guild", name="Harbour", members=[ana], roles=["crew"])
    general = harbour["channels"]["general"]
    said = await remote("say", channel=general, user=ana, text="hi")
    reply = await remote("wait", channel=general, after=said["sequence"], contains="You said: hi")
    assert reply["from_bot"]
    sent = await remote(
        "send_file", channel=f"@{ana}", user=ana, name="a.txt", content=base64.b64encode(b"x").decode(), text="see"
    )
    await remote("wait", channel=f"@{ana}", after=sent["sequence"], contains="see['a.txt']")
    assert len(await remote("commands")) == 6
    asked = await remote("slash", channel=general, user=ana, path=["need", "post"], options={"text": "a rope"})
    answer = await remote("answered", interaction=asked["interaction"])
    assert (answer["text"], answer["ephemeral_for"], answer["ack_seconds"] < 3) == ("posted a rope", ana, True)
    assert [one["from_bot"] for one in await remote("messages", channel=general)] == [False, True]
    seen = await remote("messages", channel=general, user=ana)
    card = next(one for one in seen if one["buttons"])
    pressed = await remote("press", channel=general, user=ana, message=card["id"], button="Form")
    form = await remote("modal", interaction=pressed["interaction"])
    assert form["labels"] == ["What", "Why"]
    done = await remote("submit", interaction=pressed["interaction"], values={"What": "boat"})
    assert (await remote("answered", interaction=done["interaction"]))["text"] == "boat because"
    offered = await remote(
        "complete", channel=general, user=ana, path=["need", "post"], options={"text": "ro"}, focused="text"
    )
    assert offered["choices"][0]["name"] == "ro!"
    await remote("join", guild=harbour["guild"], user=ben)
    await remote("give", guild=harbour["guild"], user=ben, role="crew")
    await remote("leave", guild=harbour["guild"], user=ben)
    await remote("edit", channel=general, user=ana, message=said["message"], text="hi!")
    await remote("delete", channel=general, message=said["message"])
    await remote("wait_received")
    counts = await remote("counts")
    assert (counts["connected"], counts["calls"]["POST /channels/{channel_id}/messages"]) == (1, 2)


async def test_faults_and_outages_from_outside(remote: Remote, bot: Any) -> None:
    ana = (await remote("user", name="Ana"))["user"]
    harbour = await remote("guild", name="Harbour", members=[ana])
    general = harbour["channels"]["general"]
    _, seen = bot
    for how in ("reconnect", "abort", "close", "invalidate"):
        await remote("disconnect", how=how, resumable=True)
        said = await remote("say", channel=general, user=ana, text=how)
        await remote("wait", channel=general, after=said["sequence"], contains=how, timeout=20)
    assert (await remote("counts"))["resumes"] == 4
    await remote("redeliver", channel=general, message=said["message"])
    await remote("wait_for_calls", method="POST", path="/channels/*/messages", count=5)
    assert len(await remote("requests", method="POST", path="/channels/*/messages")) == 5
    await remote("fault", method="POST", path="/channels/*/messages", kind="limited", retry_after=0.01)
    await remote("say", channel=general, user=ana, text="delayed")
    await remote("wait", channel=general, contains="delayed")
    await remote("fault", method="*", path="**", kind="slow", seconds=9)
    await remote("clear_faults")
    await remote("bot_may", channel=general, names=["view_channel"])
    await remote("say", channel=general, user=ana, text="mute")
    await remote("wait_for_calls", method="POST", path="/channels/*/messages", count=8)
    refused = (await remote("requests", method="POST", path="/channels/*/messages"))[-1]
    assert (refused["status"], refused["code"]) == (403, 50013)
    assert "token" not in refused
    await remote("stop")
    await remote("start")
    await remote("wait_connected")
    talk = await remote("talk", chats=3, messages=2, expect="You said: message {n} of {chat}")
    assert (talk["replies"], talk["missing"]) == (6, 0)
    await remote("reset")
    assert (await remote("counts"))["calls"] == {}
    await remote("revoke")
    with pytest.raises(discord.ConnectionClosed):
        await asyncio.wait_for(seen.task, 10)
    await remote("restore")
    with pytest.raises(AssertionError, match="KeyError"):
        await remote("say", channel="5", user=ana, text="x")
