"""Roles, timeouts, kicks and bans; threads and channels that a bot makes."""

import datetime

import pytest

from tests.fakes.discord import Channel, FakeDiscord, Guild, User
from tests.test_fakes.test_discord.tools import arrived, discord, running


async def test_members_over_rest(fake: FakeDiscord, client: discord.Client, guild: Guild, ana: User, ben: User) -> None:
    place = await client.fetch_guild(guild.id)
    assert place.approximate_member_count == 4
    member = await place.fetch_member(ana.id)
    crew = guild.role("crew")
    await member.add_roles(discord.Object(crew.id), reason="earned")
    assert guild.member(ana).roles == [crew]
    assert guild.audit[-1] == {
        "action": "member_role_update",
        "by": fake.app.id,
        "target": ana.id,
        "reason": "earned",
    }
    await member.remove_roles(discord.Object(crew.id))
    await member.edit(nick="Captain", roles=[discord.Object(crew.id)])
    assert (guild.member(ana).nick, guild.member(ana).roles) == ("Captain", [crew])
    listed = await client.http.get_members(guild.id, 1000, None)
    assert {int(one["user"]["id"]) for one in listed} == set(guild.members)
    found = await client.http.request(
        discord.http.Route("GET", "/guilds/{guild_id}/members/search", guild_id=guild.id), params={"query": "cap"}
    )
    assert [one["nick"] for one in found] == ["Captain"]
    with pytest.raises(discord.NotFound, match="10007"):
        await place.fetch_member(fake.user("Stranger").id)
    with pytest.raises(discord.NotFound, match="10013"):
        await place.fetch_member(5)
    fake.app.privileged.remove("members")
    with pytest.raises(discord.Forbidden, match="50001"):
        await client.http.get_members(guild.id, 10, None)


async def test_timeouts(fake: FakeDiscord, client: discord.Client, guild: Guild, general: Channel, ana: User) -> None:
    member = await (await client.fetch_guild(guild.id)).fetch_member(ana.id)
    await member.timeout(datetime.timedelta(hours=1), reason="calm")
    assert guild.member(ana).timeout_until > fake.clock.now()
    with pytest.raises(PermissionError):
        general.say(ana, "still here")
    with pytest.raises(discord.HTTPException, match="50035"):
        await member.timeout(datetime.timedelta(days=29))
    fake.clock.advance(3700)
    general.say(ana, "back")
    await member.timeout(None)
    assert guild.member(ana).timeout_until == 0


async def test_kick_and_ban(client: discord.Client, guild: Guild, general: Channel, ana: User, ben: User) -> None:
    place = await client.fetch_guild(guild.id)
    await place.kick(discord.Object(ana.id), reason="rude words")
    assert ana.id not in guild.members
    general.say(ben, "spam")
    await place.ban(discord.Object(ben.id), delete_message_seconds=3600, reason="spam, again")
    assert (general.messages, guild.bans) == ([], {ben.id: "spam, again"})
    assert [entry.user.id async for entry in place.bans()] == [ben.id]
    await place.unban(discord.Object(ben.id))
    with pytest.raises(discord.NotFound, match="10026"):
        await place.unban(discord.Object(ben.id))


async def test_rank_and_rights(client: discord.Client, guild: Guild, ana: User, ben: User) -> None:
    place = await client.fetch_guild(guild.id)
    chief = guild.role("chief", position=200)
    guild.give(ben, chief)
    for target in (guild.owner, ben):
        with pytest.raises(discord.Forbidden, match="50013"):
            await place.kick(discord.Object(target.id))
    member = await place.fetch_member(ana.id)
    with pytest.raises(discord.Forbidden, match="50013"):
        await member.add_roles(discord.Object(chief.id))
    with pytest.raises(discord.NotFound, match="10011"):
        await member.add_roles(discord.Object(5))
    guild.bot_may("view_channel")
    for act in (member.kick(), member.ban(), member.timeout(datetime.timedelta(1)), member.edit(nick="x")):
        with pytest.raises(discord.Forbidden, match="50013"):
            await act


async def test_roles_channels_and_threads(fake: FakeDiscord, guild: Guild, general: Channel, ana: User) -> None:
    async with running(fake) as (client, seen):
        place = client.guilds[0]
        role = await place.create_role(name="made", reason="why not")
        await role.edit(name="renamed", mentionable=True)
        assert (guild.roles[role.id].name, guild.audit[-1]["action"]) == ("renamed", "role_update")
        await role.delete()
        assert role.id not in guild.roles
        with pytest.raises(discord.Forbidden, match="50013"):
            await place.create_role(name="mighty", permissions=discord.Permissions.all())
        made = await place.create_text_channel("Made Up", topic="t")
        assert guild.channel("made-up").topic == "t"
        await made.edit(name="other")
        await made.delete()
        assert made.id not in fake.channels
        said = general.say(ana, "start")
        await arrived(seen, "message")
        target = client.get_channel(general.id)
        assert isinstance(target, discord.TextChannel)
        thread = await target.get_partial_message(said.id).create_thread(name="T", auto_archive_duration=60)
        await thread.send("inside")
        assert fake.channels[thread.id].bot_messages[0].text == "inside"
        with pytest.raises(discord.HTTPException, match="160004"):
            await target.get_partial_message(said.id).create_thread(name="T")
        private = await target.create_thread(name="P")
        await private.add_user(discord.Object(ana.id))
        assert fake.channels[private.id].thread_members == [fake.app.user, ana]
        assert [one.text for one in fake.channels[private.id].visible_to(ana)] == []
        assert not fake.channels[private.id].seen_by(fake.user("Nobody"))
        await thread.edit(archived=True)
        assert fake.channels[thread.id].archived
        assert {one.id for one in await place.active_threads()} == {private.id}
