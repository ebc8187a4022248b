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


async def test_of_two_roles_at_one_height_the_older_is_the_higher(
    fake: FakeDiscord, client: discord.Client, ana: User, ben: User
) -> None:
    guild = fake.guild("Level", members=[ana, ben], apps=[])
    guild.give(ana, guild.role("older", position=7))
    guild.add_app()
    guild.bot_role().position = 7
    guild.give(ben, guild.role("younger", position=7))
    assert guild.rank(guild.owner) > guild.rank(ana) > guild.rank(fake.app.user) > guild.rank(ben)
    place = await client.fetch_guild(guild.id)
    with pytest.raises(discord.Forbidden, match="50013"):
        await place.kick(discord.Object(ana.id))
    await place.kick(discord.Object(ben.id))


async def test_a_ban_and_a_pause_keep_people_out(
    fake: FakeDiscord, client: discord.Client, guild: Guild, ana: User
) -> None:
    place = await client.fetch_guild(guild.id)
    for _ in range(2):
        await place.ban(discord.Object(ana.id), delete_message_seconds=0)
    assert [entry["action"] for entry in guild.audit] == ["member_ban_add"]
    with pytest.raises(PermissionError):
        guild.join(ana)
    await place.unban(discord.Object(ana.id))
    in_an_hour = discord.utils.utcnow() + datetime.timedelta(hours=1)
    await pause(client, guild, in_an_hour)
    assert (await client.fetch_guild(guild.id)).invites_paused_until == in_an_hour
    with pytest.raises(PermissionError):
        guild.join(ana)
    guild.join(fake.user("Helper", bot=True))
    with pytest.raises(discord.HTTPException, match="50035"):
        await pause(client, guild, in_an_hour + datetime.timedelta(days=1))
    await pause(client, guild, None)
    guild.join(ana)
    guild.bot_may("manage_channels")
    with pytest.raises(discord.Forbidden, match="50013"):
        await pause(client, guild, in_an_hour)


async def pause(client: discord.Client, guild: Guild, until: datetime.datetime | None) -> None:
    """As `Guild.edit` of the library does it, without its other request."""
    await client.http.edit_incident_actions(guild.id, {"invites_disabled_until": until.isoformat() if until else None})


async def test_overwrites_and_slow_mode(fake: FakeDiscord, guild: Guild, general: Channel, ana: User) -> None:
    async with running(fake) as (client, _):
        target = client.get_channel(general.id)
        assert isinstance(target, discord.TextChannel)
        everyone = target.guild.default_role
        await target.set_permissions(everyone, send_messages=False, reason="quiet")
        assert guild.audit[-1] == {
            "action": "channel_overwrite_create",
            "by": fake.app.id,
            "target": None,
            "reason": "quiet",
        }
        with pytest.raises(PermissionError):
            general.say(ana, "anybody?")
        with pytest.raises(discord.Forbidden, match="50013"):
            await target.set_permissions(everyone, mention_everyone=True)  # which the bot may not do itself
        await target.set_permissions(everyone, overwrite=None)
        with pytest.raises(discord.NotFound, match="10009"):
            await target.set_permissions(everyone, overwrite=None)
        with pytest.raises(discord.NotFound, match="10011"):
            await client.http.edit_channel_permissions(general.id, 5, "0", "0", 0)
        await target.edit(slowmode_delay=30)
        general.say(ana, "once")
        with pytest.raises(PermissionError):
            general.say(ana, "twice")
        general.say(guild.owner, "I may")
        general.say(guild.owner, "at any time")
        fake.clock.advance(31)
        general.say(ana, "twice")
        with pytest.raises(discord.HTTPException, match="50035"):
            await target.edit(slowmode_delay=21_601)


async def test_locked_and_archived_threads(fake: FakeDiscord, guild: Guild, general: Channel, ana: User) -> None:
    thread = general.thread(ana, "Plans")
    said = [thread.say(ana, "one"), thread.say(ana, "two")]
    async with running(fake) as (client, _):
        target = client.get_channel(thread.id)
        assert isinstance(target, discord.Thread)
        await target.edit(locked=True)
        with pytest.raises(PermissionError):
            thread.say(ana, "three")
        await target.edit(archived=True)
        for refused in (
            target.edit(slowmode_delay=5),
            target.get_partial_message(said[0].id).delete(),
            target.delete_messages([discord.Object(one.id) for one in said]),
        ):
            with pytest.raises(discord.HTTPException, match="50083"):
                await refused
        await target.edit(archived=False, slowmode_delay=5)
        assert thread.slow == 5


async def test_some_sentences_of_discord_stay(client: discord.Client, general: Channel, ana: User) -> None:
    one, other = general.say(ana, "added someone", kind=1), general.say(ana, "a word")
    with pytest.raises(discord.Forbidden, match="50021"):
        await client.http.delete_message(general.id, one.id)
    with pytest.raises(discord.Forbidden, match="50021"):
        await client.http.delete_messages(general.id, [one.id, other.id])
    assert general.messages == [one, other]


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
