"""REST: what is sent is stored, refused or limited, as Discord does."""

import io
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord import Channel, FakeDiscord, Guild, User, faults
from tests.test_fakes.test_discord.tools import discord, logged_in


def _target(client: discord.Client, channel: Channel) -> discord.PartialMessageable:
    return client.get_partial_messageable(channel.id, guild_id=channel.guild.id if channel.guild else None)


async def test_send_edit_delete(fake: FakeDiscord, client: discord.Client, general: Channel, ana: User) -> None:
    said = general.say(ana, "question")
    target = _target(client, general)
    embed = discord.Embed(title="T", description="D").add_field(name="N", value="V")
    sent = await target.send(
        "hello",
        embed=embed,
        file=discord.File(io.BytesIO(b"data"), "a.txt", description="about"),
        reference=discord.MessageReference(message_id=said.id, channel_id=general.id),
    )
    (message,) = general.bot_messages
    assert (message.text, message.words, message.id) == ("hello", "hello\nT\nD\nN\nV", sent.id)
    assert (message.attachments[0].content, message.attachments[0].description) == (b"data", "about")
    assert await sent.attachments[0].read() == b"data"
    assert (message.reply_to, message.author) == (said, fake.app.user)
    assert await general.wait_for_reply(after=said) is message
    await sent.edit(content="bye", attachments=[])
    assert (message.text, message.history, message.attachments, len(message.embeds)) == ("bye", ["hello"], [], 1)
    assert await general.wait_for_edit(message, contains="bye") is message
    assert (await target.fetch_message(sent.id)).content == "bye"
    assert [one.content async for one in target.history()] == ["bye", "question"]
    assert [one.content async for one in target.history(limit=1, oldest_first=True)] == ["question"]
    assert [one.content async for one in target.history(before=discord.Object(sent.id))] == ["question"]
    await sent.add_reaction("👍")
    general.react(ana, message, "👍")
    assert [one.id async for one in (await target.fetch_message(sent.id)).reactions[0].users()] == [ana.id, fake.app.id]
    await sent.delete()
    with pytest.raises(discord.NotFound, match="10008"):
        await target.fetch_message(sent.id)
    async with target.typing():
        pass
    assert len(general.typing) == 1
    (call,) = fake.calls("POST", "/channels/*/messages")
    assert (call.body["content"], call.files[0]["filename"], call.route) == (
        "hello",
        "a.txt",
        "/channels/{channel_id}/messages",
    )


async def test_a_nonce_is_sent_once(client: discord.Client, fake: FakeDiscord, general: Channel) -> None:
    target = _target(client, general)
    first = await target.send("once", nonce="n1")
    assert (await target.send("twice", nonce="n1")).id == first.id
    assert [message.text for message in general.bot_messages] == ["once"]
    await target.send("other", nonce="n2")
    fake.clock.advance(400)
    await target.send("later", nonce="n1")
    assert [message.text for message in general.bot_messages] == ["once", "other", "later"]


def _row(*buttons: Any) -> list[Any]:
    return [{"type": 1, "components": list(buttons)}]


def _choice() -> Any:
    return {"label": "x", "value": "x"}


def _button(**fields: Any) -> Any:
    return {"type": 2, "style": 1, "label": "x", "custom_id": "a", **fields}


@pytest.mark.parametrize(
    ("body", "where", "code"),
    [
        ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
        ({"embeds": [{"fields": [{"name": "a", "value": "b"}] * 26}]}, "embeds.0.fields", "BASE_TYPE_BAD_LENGTH"),
        ({"embeds": [{"fields": [{"name": "", "value": "b"}]}]}, "embeds.0.fields.0.name", "BASE_TYPE_BAD_LENGTH"),
        ({"embeds": [{"title": "a", "url": "ftp://x"}]}, "embeds.0.url", "URL_TYPE_INVALID_URL"),
        ({"embeds": [{"title": "a"}] * 11}, "embeds", "BASE_TYPE_BAD_LENGTH"),
        ({"components": _row(_button()) * 6}, "components", "BASE_TYPE_BAD_LENGTH"),
        ({"components": _row(*[_button()] * 6)}, "components.0.components", "BASE_TYPE_BAD_LENGTH"),
        (
            {"components": _row(_button(), _button())},
            "components.0.components.1.custom_id",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            {"components": _row(_button(custom_id="x" * 101))},
            "components.0.components.0.custom_id",
            "BASE_TYPE_BAD_LENGTH",
        ),
        ({"components": _row(_button(label="x" * 81))}, "components.0.components.0.label", "BASE_TYPE_MAX_LENGTH"),
        (
            {"components": _row(_button(label=None))},
            "components.0.components.0",
            "BUTTON_COMPONENT_MISSING_LABEL_OR_EMOJI",
        ),
        ({"components": _row(_button(style=5, url="x"))}, "components.0.components.0.url", "URL_TYPE_INVALID_SCHEME"),
        (
            {"components": _row({"type": 3, "custom_id": "a", "options": []})},
            "components.0.components.0.options",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"components": _row(_button(), {"type": 5, "custom_id": "b"})},
            "components.0.components",
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
        ),
        (
            {
                "components": _row(
                    {"type": 3, "custom_id": "a", "max_values": 2, "options": [{"label": "x", "value": "x"}]}
                )
            },
            "components.0.components.0.options",
            "BASE_TYPE_BAD_LENGTH",
        ),
        ({"components": [{"type": 10, "content": "x"}]}, "components.0.type", "BASE_TYPE_CHOICES"),
        (
            {"flags": 1 << 15, "components": [{"type": 10, "content": "x"}]},
            "content",
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        ),
        ({"allowed_mentions": {"parse": ["all"]}}, "allowed_mentions.parse.0", "BASE_TYPE_CHOICES"),
        (
            {"allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            "allowed_mentions",
            "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
        ({"message_reference": {"message_id": "5"}}, "message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"),
        ({"nonce": "x" * 26}, "nonce", "BASE_TYPE_MAX_LENGTH"),
        ({"flags": 64}, "flags", "MESSAGE_FLAGS_INVALID"),
    ],
)
async def test_bodies_that_are_refused(
    client: discord.Client, general: Channel, body: Any, where: str, code: str
) -> None:
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=general.id)
    with pytest.raises(discord.HTTPException) as caught:
        await client.http.request(route, json={"content": "x", **body})
    assert (caught.value.status, caught.value.code, general.bot_messages) == (400, 50035, [])
    node: Any = caught.value._errors
    for part in where.split("."):
        node = node[part]
    assert [one["code"] for one in node["_errors"]] == [code]


async def test_empty_messages_and_direct_messages(
    fake: FakeDiscord, guild: Guild, client: discord.Client, general: Channel, ana: User, ben: User
) -> None:
    for nothing in ("", " \n"):
        with pytest.raises(discord.HTTPException, match="50006"):
            await _target(client, general).send(nothing)
    await _target(client, general).send(" trimmed\n")
    assert general.last.text == "trimmed"
    target = await client.fetch_user(ana.id)
    await target.send("hi")
    assert [message.text for message in ana.dm().visible_to(ana)] == ["hi"]
    ben.accepts_dms = False
    with pytest.raises(discord.Forbidden, match="50007"):
        await (await client.fetch_user(ben.id)).send("hi")
    stranger = fake.user("Stranger")
    with pytest.raises(discord.Forbidden, match="50278"):
        await (await client.fetch_user(stranger.id)).send("hi")
    stranger.dm().say(stranger, "hello")
    await (await client.fetch_user(stranger.id)).send("hi")


async def test_permissions_of_a_channel(client: discord.Client, guild: Guild, general: Channel, ana: User) -> None:
    target = _target(client, general)
    said = general.say(ana, "x")
    general.bot_may("view_channel", "read_message_history")
    for act in (
        lambda: target.send("x"),
        lambda: target.typing().__aenter__(),
        lambda: target.get_partial_message(said.id).delete(),
        lambda: target.get_partial_message(said.id).add_reaction("👍"),
        lambda: client.http.start_thread_with_message(general.id, said.id, name="t", auto_archive_duration=60),
    ):
        with pytest.raises(discord.Forbidden, match="50013"):
            await act()
    with pytest.raises(discord.Forbidden, match="50005"):
        await target.get_partial_message(said.id).edit(content="x")
    general.bot_may("view_channel")
    assert [one async for one in target.history()] == []
    general.bot_may()
    with pytest.raises(discord.Forbidden, match="50001"):
        await target.send("x")
    with pytest.raises(discord.NotFound, match="10003"):
        await client.get_partial_messageable(5).send("x")
    general.deny(guild.everyone, "send_messages")
    with pytest.raises(PermissionError, match="ana"):
        general.say(ana, "x")


async def test_mentions(client: discord.Client, guild: Guild, general: Channel, ana: User, ben: User) -> None:
    crew, loud = guild.role("crew"), guild.role("loud", mentionable=True)
    text = f"{ana.mention} {ben.mention} {crew.mention} {loud.mention} @everyone"
    target = _target(client, general)

    async def pings(**options: Any) -> list[Any]:
        sent = await target.send(text, **options)
        found = general.message(sent.id)
        assert found is not None
        return found.pings

    assert await pings() == [ana.id, ben.id, loud.id]
    assert await pings(allowed_mentions=discord.AllowedMentions.none()) == []
    assert await pings(allowed_mentions=discord.AllowedMentions(users=[ana], roles=False, everyone=False)) == [ana.id]
    guild.bot_may("view_channel", "send_messages", "mention_everyone")
    assert await pings() == [ana.id, ben.id, crew.id, loud.id, "everyone"]


async def test_bulk_delete(fake: FakeDiscord, client: discord.Client, general: Channel, ana: User) -> None:
    def bulk(ids: list[Any]) -> Any:
        route = discord.http.Route("POST", "/channels/{channel_id}/messages/bulk-delete", channel_id=general.id)
        return client.http.request(route, json={"messages": ids}, reason="tidy")

    said = [general.say(ana, str(number)).id for number in range(4)]
    for wrong in (said[:1], list(range(101))):
        with pytest.raises(discord.HTTPException, match="50016"):
            await bulk(wrong)
    await bulk(said[:2])
    assert [message.text for message in general.messages] == ["2", "3"]
    assert fake.requests[-1].reason == "tidy"
    fake.clock.advance(15 * 86_400)
    with pytest.raises(discord.HTTPException, match="50034"):
        await bulk(said[2:])


async def test_rate_limits(fake: FakeDiscord, client: discord.Client, general: Channel) -> None:
    target = _target(client, general)
    for fault in (faults.limited(0.01), faults.limited(0.01, everywhere=True)):
        fake.fail("POST", "/channels/*/messages", fault)
        await target.send("delayed")
    assert [call.status for call in fake.calls("POST", "/channels/*/messages")] == [429, 200, 429, 200]
    fake.fail("POST", "/channels/*/messages", faults.limited(0.01, via=False))
    with pytest.raises(discord.HTTPException, match="429"):
        await target.send("lost")
    fake.requests.clear()
    fake.limits.set("POST", "/channels/*/messages", 2, 0.1)
    for number in range(4):
        await target.send(str(number))
    assert {call.status for call in fake.calls("POST", "**")} == {200}
    async with logged_in(fake) as other:
        # A second process knows nothing of the bucket and runs into it.
        await _target(other, general).send("a")
        await _target(other, general).send("b")
    assert [message.text for message in general.bot_messages][-6:] == ["0", "1", "2", "3", "a", "b"]


async def test_faults(fake: FakeDiscord, client: discord.Client, general: Channel) -> None:
    target = _target(client, general)
    fake.fail("POST", "/channels/*/messages", faults.server_error(503))
    with pytest.raises(discord.DiscordServerError):
        await target.send("lost")
    assert general.bot_messages == []
    fake.fail("POST", "/channels/*/messages", faults.server_error(503, after=True))
    with pytest.raises(discord.DiscordServerError):
        await target.send("done", nonce="1")
    assert [message.text for message in general.bot_messages] == ["done"]
    fake.fail("POST", "/channels/*/messages", faults.drop(after=True), where=lambda call: call.body["content"] == "x")
    await target.send("y")
    with pytest.raises(aiohttp.ClientError):
        await target.send("x")
    fake.fail("*", "**", faults.refused(50013), skip=1)
    await target.send("z")
    with pytest.raises(discord.Forbidden, match="50013"):
        await target.send("no")
    fake.fail("*", "**", faults.malformed())
    with pytest.raises(TypeError):
        await target.send("m")
    fake.fail("*", "**", faults.slow(60))
    fake.faults.clear()
    assert [message.text for message in general.bot_messages] == ["done", "y", "x", "z"]


async def test_two_applications(fake: FakeDiscord, client: discord.Client, ana: User) -> None:
    second = fake.add_app("Second")
    shared = fake.guild("Shared", members=[ana])
    own = fake.guild("Own", apps=[second])
    async with logged_in(fake, second.token) as other:
        theirs = await other.fetch_guild(own.id)
        await _target(other, shared.channel("general")).send("of the second")
        assert theirs.name == "Own"
    with pytest.raises(discord.Forbidden, match="50001"):
        await client.fetch_guild(own.id)
    mine = await _target(client, shared.channel("general")).send("of the first")
    assert [one.author.username for one in shared.channel("general").bot_messages] == ["Second", "Nexus"]
    assert mine.author.id == fake.app.id
