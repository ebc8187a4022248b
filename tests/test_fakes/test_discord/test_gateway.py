"""The gateway: login, what is told, resuming, sessions that are lost, shards, intents, refusals."""

import asyncio
import json
import zlib
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord import Channel, FakeDiscord, Guild, User
from tests.test_fakes.test_discord.tools import arrived, discord, happens, intents, logged_in, point_at, running


async def test_login_servers_and_talk(fake: FakeDiscord, guild: Guild, general: Channel, ana: User, ben: User) -> None:
    thread = general.thread(ana, "Plans")
    async with running(fake) as (client, seen):
        (place,) = client.guilds
        assert (place.name, place.member_count, len(place.members), place.me.id) == ("Harbour", 4, 4, fake.app.id)
        assert [one.id for one in place.threads] == [thread.id]
        assert client.application_id == fake.application_id
        assert client.intents.value == fake.gateway.identifies[0]["intents"]
        said = general.say(ana, "hello <@bot>", files=[("a.txt", b"hi")])
        message = await arrived(seen, "message")
        assert (message.content, message.author.id) == (f"hello <@{fake.app.id}>", ana.id)
        assert (message.mentions, message.guild) == ([client.user], place)
        assert await message.attachments[0].read() == b"hi"
        general.edit(ana, said, "changed")
        assert (await arrived(seen, "raw_message_edit")).message.content == "changed"
        general.unfurl(said, {"type": "link", "url": "https://example.org"})
        assert (await arrived(seen, "raw_message_edit")).message.edited_at is not None
        general.react(ben, said, "👍")
        assert (await arrived(seen, "raw_reaction_add")).user_id == ben.id
        general.delete(said)
        assert (await arrived(seen, "raw_message_delete")).message_id == said.id
        ana.dm().say(ana, "in private")
        private = await arrived(seen, "message")
        assert (private.content, isinstance(private.channel, discord.DMChannel)) == ("in private", True)
        answer = thread.say(ben, "in the thread", reply_to=thread.say(ana, "first"))
        assert (await arrived(seen, "message", lambda m: m.id == answer.id)).reference.cached_message is not None


async def test_what_happens_on_a_server(fake: FakeDiscord, guild: Guild, general: Channel, ana: User) -> None:
    async with running(fake) as (client, seen):
        place = client.guilds[0]
        cleo = fake.user("Cleo")
        guild.join(cleo)
        assert (await arrived(seen, "member_join")).id == cleo.id
        guild.give(cleo, guild.role("crew"))
        await arrived(seen, "member_update")
        assert [role.name for role in place.get_member(cleo.id).roles] == ["@everyone", "crew"]  # type: ignore[union-attr]
        guild.leave(cleo)
        await arrived(seen, "member_remove")
        role = guild.role("new", permissions_=["kick_members"])
        assert (await arrived(seen, "guild_role_create")).permissions.kick_members
        guild.delete_role(role)
        assert (await arrived(seen, "guild_role_delete")).id == role.id
        channel = guild.channel("second", topic="talk")
        assert (await arrived(seen, "guild_channel_create")).topic == "talk"
        channel.bot_may("view_channel")
        await arrived(seen, "guild_channel_update")
        assert not place.get_channel(channel.id).permissions_for(place.me).send_messages  # type: ignore[union-attr]
        channel.remove()
        await arrived(seen, "guild_channel_delete")
        thread = general.thread(ana, "Plans", private=True, members=[fake.app.user])
        assert (await arrived(seen, "thread_create")).id == thread.id
        secret = general.thread(ana, "Secrets", private=True)
        secret.enter(fake.app.user)
        assert (await arrived(seen, "thread_join")).id == secret.id
        secret.exit(fake.app.user)
        assert (await arrived(seen, "thread_remove")).id == secret.id
        other = fake.guild("Other", apps=[])
        other.add_app()
        assert (await arrived(seen, "guild_join")).id == other.id
        other.outage()
        await arrived(seen, "guild_unavailable")
        other.recover()
        await arrived(seen, "guild_available")
        other.remove_app()
        assert (await arrived(seen, "guild_remove")).id == other.id


@pytest.mark.parametrize("how", ["reconnect", "resumable", "closed", "closed as normal", "aborted", "outage"])
async def test_nothing_is_missed_by_a_client_that_resumes(
    fake: FakeDiscord, general: Channel, ana: User, how: str
) -> None:
    async with running(fake) as (_, seen):
        general.say(ana, "before")
        await arrived(seen, "message")
        await fake.gateway.wait_until_received()
        match how:
            case "reconnect":
                fake.gateway.reconnect()
            case "resumable":
                fake.gateway.invalidate(resumable=True)
            case "closed":
                fake.gateway.close(4000)
            case "closed as normal":
                fake.gateway.close(1000)
            case "aborted":
                fake.gateway.abort()
            case "outage":
                await fake.stop()
        for number in range(3):
            general.say(ana, f"while away {number}")
        if how == "outage":
            await fake.start()
        assert [(await arrived(seen, "message")).content for _ in range(3)] == [f"while away {n}" for n in range(3)]
        await happens(fake, lambda: fake.gateway.resumes)
        assert len(fake.gateway.identifies) == 1
        assert fake.gateway.connections[0].path == "/gateway/resume"


async def test_the_library_repeats_what_it_did_not_acknowledge_itself(
    fake: FakeDiscord, general: Channel, ana: User
) -> None:
    async with running(fake) as (_, seen):
        said = general.say(ana, "once")
        await arrived(seen, "message")
        fake.gateway.redeliver(said)
        assert (await arrived(seen, "message")).id == said.id
        fake.gateway.hold()
        general.say(ana, "first")
        general.say(ana, "second")
        fake.gateway.release(backwards=True)
        assert [(await arrived(seen, "message")).content for _ in range(2)] == ["second", "first"]


@pytest.mark.parametrize("how", ["invalid", "forgotten", 4007, 4009])
async def test_a_lost_session_replays_nothing(fake: FakeDiscord, general: Channel, ana: User, how: str | int) -> None:
    async with running(fake) as (_, seen):
        first = fake.gateway.sessions[0]
        match how:
            case "invalid":
                fake.gateway.invalidate()
            case "forgotten":
                fake.gateway.forget_sessions()
                for connection in fake.gateway.connections:
                    connection.abort()
            case int():
                fake.gateway.close(how)
        general.say(ana, "lost")
        await happens(fake, lambda: fake.gateway.connected and fake.gateway.connected[0] is not first)
        general.say(ana, "heard")
        assert (await arrived(seen, "message")).content == "heard"
        assert len(fake.gateway.identifies) == 2
        assert len(fake.gateway.resumes) == (0 if how == "invalid" else 1)


async def test_heartbeats(general: Channel) -> None:
    async with FakeDiscord(heartbeat_interval=0.05) as fake:
        point_at(fake)
        client = discord.Client(intents=intents(), heartbeat_timeout=0.5)
        async with running(fake, client):
            await happens(fake, lambda: fake.gateway.heartbeats >= 4)
            assert client.latency < 1
            fake.gateway.acks = False
            await happens(fake, lambda: fake.gateway.resumes)
            fake.gateway.acks = True
            await happens(fake, lambda: fake.gateway.connected)


@pytest.mark.parametrize("code", [4004, 4010, 4013, 4014])
async def test_closed_for_good(fake: FakeDiscord, guild: Guild, code: int) -> None:
    async with running(fake) as (_, seen):
        fake.gateway.close(code)
        with pytest.raises((discord.ConnectionClosed, discord.PrivilegedIntentsRequired)):
            await asyncio.wait_for(seen.task, 5)
        assert len(fake.gateway.identifies) == 1


async def test_wrong_tokens_and_intents_that_are_switched_off(fake: FakeDiscord) -> None:
    with pytest.raises(discord.LoginFailure):
        async with running(fake, token="MTIz.wrong.token"):
            pass
    fake.app.privileged.remove("message_content")
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(fake):
            pass
    async with running(fake, discord.Client(intents=intents(content=False))) as (_, seen):
        fake.revoke_token()
        with pytest.raises(discord.ConnectionClosed):
            await asyncio.wait_for(seen.task, 5)
        assert fake.gateway.sessions == []
    with pytest.raises(discord.LoginFailure):
        async with logged_in(fake):
            pass
    fake.restore_token()
    async with logged_in(fake) as client:
        assert (await client.application_info()).id == fake.application_id


async def test_what_is_read_without_the_content_intent(
    fake: FakeDiscord, guild: Guild, general: Channel, ana: User
) -> None:
    async with running(fake, discord.Client(intents=intents(content=False, members=False))) as (client, seen):
        assert [member.id for member in client.guilds[0].members] == [fake.app.id]
        general.say(ana, "secret", files=[("a", b"")])
        message = await arrived(seen, "message")
        assert (message.content, message.attachments) == ("", [])
        general.say(ana, "<@bot> hi")
        assert (await arrived(seen, "message")).content.endswith("hi")
        ana.dm().say(ana, "private")
        assert (await arrived(seen, "message")).content == "private"
        guild.join(fake.user("Cleo"))
        guild.channel("later")
        await arrived(seen, "guild_channel_create")
        assert all(kind != "GUILD_MEMBER_ADD" for kind, _ in fake.gateway.sessions[0].told)


async def test_a_hidden_channel_is_silent(fake: FakeDiscord, guild: Guild, general: Channel, ana: User) -> None:
    hidden = guild.channel("hidden")
    hidden.deny(guild.everyone, "view_channel")
    hidden.allow(ana, "view_channel", "send_messages")
    hidden.bot_may()
    async with running(fake) as (_, seen):
        hidden.say(ana, "between us")
        general.say(ana, "for all")
        assert (await arrived(seen, "message")).content == "for all"


async def test_shards(fake: FakeDiscord, ana: User) -> None:
    guilds = [fake.guild(f"Guild {number}", members=[ana]) for number in range(4)]
    async with running(fake, sharded=True) as (client, seen):
        assert sorted(tuple(one["shard"]) for one in fake.gateway.identifies) == [(0, 2), (1, 2)]
        assert {guild.shard_id for guild in client.guilds} == {0, 1}
        for guild in guilds:
            guild.channel("general").say(ana, guild.name)
            assert (await arrived(seen, "message")).guild.shard_id == (guild.id >> 22) % 2
        ana.dm().say(ana, "private")
        await arrived(seen, "message")
        talk = [
            (session.shard[0], body["content"])
            for session in fake.gateway.sessions
            for kind, body in session.told
            if kind == "MESSAGE_CREATE"
        ]
        assert sorted(talk) == sorted([((g.id >> 22) % 2, g.name) for g in guilds] + [(0, "private")])
        fake.gateway.close(4000, shard=1)
        await happens(fake, lambda: len(fake.gateway.connected) == 2 and fake.gateway.resumes)
        assert len(fake.gateway.resumes) == 1


async def test_as_many_shards_as_discord_recommends(fake: FakeDiscord, guild: Guild) -> None:
    fake.app.gateway_shards = 3
    async with running(fake, discord.AutoShardedClient(intents=intents())) as (client, _):
        assert (len(fake.gateway.connected), client.shard_count) == (3, 3)


async def test_strange_events_and_a_slow_socket(fake: FakeDiscord, general: Channel, ana: User, ben: User) -> None:
    async with running(fake) as (client, seen):
        fake.gateway.raw("HOLOGRAM_CREATE", {"id": "1"})
        fake.gateway.delay = 0.01
        first = general.say(ana, "one")
        reply = general.say(ben, "two", reply_to=first)
        assert reply.mentions == [ana]
        assert [(await arrived(seen, "message")).content for _ in range(2)] == ["one", "two"]
        await client.change_presence(activity=discord.Game("chess"))
        await happens(fake, lambda: fake.gateway.presences)
        await fake.gateway.wait_until_received()
        assert fake.gateway.sessions[0].received == fake.gateway.sessions[0].seq


async def test_the_gateway_over_a_bare_socket(fake: FakeDiscord, guild: Guild) -> None:
    async def said(session: aiohttp.ClientSession, *payloads: Any, query: str = "v=10") -> tuple[list[Any], int | None]:
        got = []
        async with session.ws_connect(f"{fake.gateway_url}?{query}") as ws:
            for payload in payloads:
                await ws.send_str(payload if isinstance(payload, str) else json.dumps(payload))
            async for message in ws:
                got.append(json.loads(message.data))
                if got[-1]["op"] == 9:
                    break
            return got, ws.close_code

    def identify(**fields: Any) -> Any:
        return {"op": 2, "d": {"token": fake.token, "properties": {}, "intents": 1, **fields}}

    async with aiohttp.ClientSession() as session:
        for payloads, code in (
            (["not json"], 4002),
            ([{"op": 99}], 4001),
            ([{"op": 8, "d": {}}], 4003),
            ([identify(token="x")], 4004),
            ([identify(), identify()], 4005),
            ([identify(shard=[2, 2])], 4010),
            ([identify(intents="all")], 4013),
            ([{"op": 1, "d": None}] * 121, 4008),
        ):
            _, closed = await said(session, *payloads)
            assert closed == code, payloads
        assert (await said(session, query="v=6"))[1] == 4012
        fake.gateway.identify_pause = 60
        await said(session, identify(), identify())
        got, _ = await said(session, identify())
        assert got[-1] == {"op": 9, "d": False}
        resume = {"op": 6, "d": {"token": fake.token, "session_id": "x", "seq": 1}}
        assert (await said(session, resume))[0][-1] == {"op": 9, "d": False}
        fake.gateway.refusing = True
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await said(session)


async def test_compression(fake: FakeDiscord) -> None:
    inflate = zlib.decompressobj()
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{fake.gateway_url}?v=10&compress=zlib-stream") as ws,
    ):
        assert json.loads(inflate.decompress(await ws.receive_bytes()))["op"] == 10
        await ws.send_json({"op": 1, "d": None})
        assert json.loads(inflate.decompress(await ws.receive_bytes()))["op"] == 11
