"""What is done to people: time-outs, kicks and bans, and who is safe from them."""

import pytest

from adapters.contract import Act, Did, NotPermitted, Power, TooManyRequests, Transient, Unauthorized
from adapters.discord.adapter import DiscordAdapter
from tests.adapters.discord import waits
from tests.adapters.discord.conftest import new_adapter
from tests.adapters.discord.moderating import DAY, HOUR, log, may_not, now, on
from tests.adapters.store import Store
from tests.fakes.discord import Channel, FakeDiscord, Guild, User, faults
from tests.fakes.discord.permissions import BOT, names

MEMBER, BAN = "/guilds/*/members/*", "/guilds/*/bans/*"
WRITES = {
    Power.TIMEOUT: ("PATCH", MEMBER),
    Power.KICK: ("DELETE", MEMBER),
    Power.BAN: ("PUT", BAN),
}
ON_PEOPLE = list(WRITES)
TITLES = {Power.TIMEOUT: "Timeout Members", Power.KICK: "Kick Members", Power.BAN: "Ban Members"}


@pytest.fixture
def mo(fake: FakeDiscord, guild: Guild) -> User:
    """A moderator, below the bot."""
    mo = fake.user("Mo")
    guild.join(mo, roles=[guild.role("Moderators", permissions_=["moderate_members", "manage_messages"], position=20)])
    return mo


def suffered(guild: Guild, power: Power, user: User) -> bool:
    """Whether it was done to them."""
    if power is Power.TIMEOUT:
        return user.id in guild.members and guild.member(user).timeout_until > guild.world.clock.now()
    return user.id in guild.bans if power is Power.BAN else user.id not in guild.members


# -- what they do --------------------------------------------------------------------------------------------


async def test_a_timeout_holds_until_its_end_and_is_ended_before(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, general: Channel, ana: User, mo: User
) -> None:
    until = now(fake) + HOUR
    act = on(Power.TIMEOUT, guild, ana, mo, until=until)
    assert await adapter.act(act) == Did(True)
    assert round(guild.member(ana).timeout_until * 1000) == until
    assert may_not(general, ana)
    assert await adapter.act(act) == Did(True)
    assert log(guild) == [("member_update", "Case 7: rude words")]
    assert await adapter.act(on(Power.RELEASE, guild, ana, mo, reason="Undone")) == Did(True)
    assert await adapter.act(on(Power.RELEASE, guild, ana, mo, reason="Undone")) == Did(True)
    assert not may_not(general, ana)
    assert log(guild)[1:] == [("member_update", "Undone")]


async def test_another_end_replaces_a_timeout(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, ana: User
) -> None:
    for hours in (2, 1):
        assert await adapter.act(on(Power.TIMEOUT, guild, ana, until=now(fake) + hours * HOUR)) == Did(True)
    assert guild.member(ana).timeout_until < fake.clock.now() + 3_700


@pytest.mark.parametrize("asked", [0, 90 * DAY])
async def test_a_timeout_of_discords_lasts_four_weeks(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, ana: User, asked: int
) -> None:
    act = on(Power.TIMEOUT, guild, ana, until=now(fake) + asked if asked else 0)
    did = await adapter.act(act)
    assert did.done
    assert "28 days" in did.said
    assert 0 <= now(fake) + 28 * DAY - did.until < HOUR
    assert round(guild.member(ana).timeout_until * 1000) == did.until
    assert await adapter.act(act) == did
    assert len(log(guild)) == 1
    fake.clock.advance(27 * 86_400)
    renewed = await adapter.act(act)
    assert renewed.until - did.until > 26 * DAY
    assert len(log(guild)) == 2


async def test_a_timeout_that_is_over_before_it_begins_is_none(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, ana: User
) -> None:
    await adapter.act(on(Power.TIMEOUT, guild, ana, until=now(fake) + HOUR))
    did = await adapter.act(on(Power.TIMEOUT, guild, ana, until=now(fake) - 1))
    assert did == Did(True, "The time for it is over already, so I changed nothing.")
    assert suffered(guild, Power.TIMEOUT, ana)


async def test_a_kick_leaves_the_door_open(adapter: DiscordAdapter, guild: Guild, ana: User, mo: User) -> None:
    act = on(Power.KICK, guild, ana, mo)
    assert await adapter.act(act) == Did(True)
    assert suffered(guild, Power.KICK, ana)
    assert await adapter.act(act) == Did(True, "They are not on this server.")
    assert log(guild) == [("member_kick", "Case 7: rude words")]
    guild.join(ana)


async def test_a_ban_keeps_out_until_it_is_lifted(
    adapter: DiscordAdapter, guild: Guild, general: Channel, ana: User, mo: User
) -> None:
    kept = general.say(ana, "what I said stays")
    act = on(Power.BAN, guild, ana, mo)
    assert await adapter.act(act) == Did(True)
    assert ana.id not in guild.members
    assert not kept.deleted
    with pytest.raises(PermissionError):
        guild.join(ana)
    assert await adapter.act(act) == Did(True)
    assert log(guild) == [("member_ban_add", "Case 7: rude words")]
    lift = on(Power.UNBAN, guild, ana, mo, reason="It was a mistake")
    assert await adapter.act(lift) == Did(True)
    assert await adapter.act(lift) == Did(True)
    assert log(guild)[1:] == [("member_ban_remove", "It was a mistake")]
    guild.join(ana)


async def test_who_is_not_there_is_kept_out_as_well(adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild) -> None:
    stranger = fake.user("Stranger")
    assert await adapter.act(on(Power.BAN, guild, stranger)) == Did(True)
    with pytest.raises(PermissionError):
        guild.join(stranger)


async def test_lifting_a_ban_puts_nobody_out(adapter: DiscordAdapter, guild: Guild, ana: User) -> None:
    assert await adapter.act(on(Power.UNBAN, guild, ana)) == Did(True)
    assert ana.id in guild.members


@pytest.mark.parametrize(
    ("reason", "kept"),
    [("é" * 600, "é" * 512), ("two\nlines\t of it ", "two lines of it"), ("", None)],
)
async def test_the_reason_fits_the_audit_log(
    adapter: DiscordAdapter, guild: Guild, ana: User, reason: str, kept: str | None
) -> None:
    assert await adapter.act(on(Power.KICK, guild, ana, reason=reason)) == Did(True)
    assert log(guild) == [("member_kick", kept)]


# -- who is safe ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("power", ON_PEOPLE)
async def test_nobody_acts_on_those_who_stand_above(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, ana: User, ben: User, mo: User, power: Power
) -> None:
    async def refused(target: User, by: User | None, sentence: str) -> None:
        did = await adapter.act(on(power, guild, target, by, until=now(fake) + HOUR))
        assert did == Did(False, sentence)
        assert target.id in guild.members
        assert not suffered(guild, Power.TIMEOUT, target)

    await refused(fake.app.user, mo, "That is me, and I do not act on myself.")
    await refused(guild.owner, mo, "Makers owner owns this server, so nobody can act on them here.")
    await refused(mo, mo, "Nobody can do that to themselves.")
    guild.give(ana, guild.role("Admins", permissions_=["administrator"], position=5))
    await refused(ana, None, "Ana is an administrator of this server, so I leave them alone.")
    await refused(ana, guild.owner, "Ana is an administrator of this server, so I leave them alone.")
    guild.take(ana, guild.role("Admins"))
    guild.give(ana, guild.role("Seniors", position=20))  # younger than the moderators' role of the same height
    guild.give(ben, guild.role("Moderators"))
    await refused(ben, mo, "Ben's role is not below the moderator's.")
    guild.give(ben, guild.role("Elders", position=30))
    await refused(ben, mo, "Ben's role is not below the moderator's.")
    guild.give(ben, guild.role("Giants", position=900))
    above_me = "Ben's role is not below mine. My role can be moved up in the server's settings, under Roles."
    await refused(ben, guild.owner, above_me)
    await refused(ben, None, above_me)
    stranger = fake.user("Stranger")
    await refused(ana, stranger, "The moderator is not on this server, so I cannot see whom they may act on.")
    assert guild.audit == []
    assert await adapter.act(on(power, guild, ana, mo, until=now(fake) + HOUR)) == Did(True)
    assert suffered(guild, power, ana)


async def test_the_owner_acts_on_whoever_is_below_the_bot(adapter: DiscordAdapter, guild: Guild, mo: User) -> None:
    assert await adapter.act(on(Power.KICK, guild, mo, guild.owner)) == Did(True)


async def test_a_change_of_ranks_counts_at_once(adapter: DiscordAdapter, guild: Guild, ana: User, mo: User) -> None:
    seniors = guild.role("Seniors", position=10)
    guild.give(ana, seniors)
    seniors.position = 30  # and the session hears nothing of it
    did = await adapter.act(on(Power.KICK, guild, ana, mo))
    assert did == Did(False, "Ana's role is not below the moderator's.")


async def test_a_timed_out_person_above_the_moderator_is_not_released(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, ben: User, mo: User
) -> None:
    guild.give(ben, guild.role("Elders", position=30))
    await adapter.act(on(Power.TIMEOUT, guild, ben, guild.owner, until=now(fake) + HOUR))
    assert not (await adapter.act(on(Power.RELEASE, guild, ben, mo))).done
    assert suffered(guild, Power.TIMEOUT, ben)


# -- what is missing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("power", [*ON_PEOPLE, Power.RELEASE, Power.UNBAN])
async def test_a_missing_permission_is_named(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, ana: User, power: Power
) -> None:
    needed = {"Timeout Members": "moderate_members", "Kick Members": "kick_members", "Ban Members": "ban_members"}
    title = {Power.RELEASE: "Timeout Members", Power.UNBAN: "Ban Members", **TITLES}[power]
    guild.bot_may(*(names(BOT) - {needed[title]}))
    did = await adapter.act(on(power, guild, ana, until=now(fake) + HOUR))
    assert did == Did(False, f"I lack the permission {title} on this server.")
    assert guild.audit == []
    guild.bot_may("administrator")
    assert (await adapter.act(on(power, guild, ana, until=now(fake) + HOUR))).done


async def test_people_who_are_gone(adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, ana: User) -> None:
    guild.leave(ana)
    timeout = await adapter.act(on(Power.TIMEOUT, guild, ana, until=now(fake) + HOUR))
    assert timeout == Did(False, "They are not on this server. Discord has time-outs only for people who are there.")
    release = await adapter.act(on(Power.RELEASE, guild, ana))
    assert (release.done, release.said.startswith("They are not on this server.")) == (False, True)
    for account in ("5", "somebody", ""):
        did = await adapter.act(Act(Power.BAN, str(guild.id), "key", account_id=account))
        assert not did.done
        assert did.said.startswith("Discord knows nobody")


async def test_who_goes_in_the_meantime(adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, ana: User) -> None:
    fake.fail("PATCH", MEMBER, faults.refused(10007))
    did = await adapter.act(on(Power.TIMEOUT, guild, ana, until=now(fake) + HOUR))
    assert did == Did(False, "They are not on this server.")
    fake.fail("DELETE", MEMBER, faults.refused(10007))
    assert await adapter.act(on(Power.KICK, guild, ana)) == Did(True)


async def test_a_server_that_is_gone(adapter: DiscordAdapter, guild: Guild, ana: User) -> None:
    guild.remove_app()
    assert await adapter.act(on(Power.KICK, guild, ana)) == Did(False, "I am not on that server any more.")
    for workspace in ("404", "", "a server"):
        did = await adapter.act(Act(Power.KICK, workspace, "key", account_id=str(ana.id)))
        assert (did.done, did.said.startswith("I am not on that server")) == (False, True)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (50013, "Discord does not let me do that here, whatever my permissions say."),
        (30035, "Discord takes no more bans of people who are not on this server."),
        (50033, "Discord did not take it (400 (code 50033))."),
    ],
)
async def test_what_discord_refuses_is_said(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, ana: User, code: int, sentence: str
) -> None:
    fake.fail("PUT", BAN, faults.refused(code))
    assert await adapter.act(on(Power.BAN, guild, ana)) == Did(False, sentence)


async def test_two_factor_authentication_is_explained(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, ana: User
) -> None:
    fake.fail("DELETE", MEMBER, faults.refused(60003))
    did = await adapter.act(on(Power.KICK, guild, ana))
    assert not did.done
    assert "switched on for the Discord account that owns the bot" in did.said


# -- trouble -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("power", ON_PEOPLE)
async def test_a_flood_and_an_outage_are_told_and_the_act_is_repeated(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, ana: User, power: Power
) -> None:
    method, path = WRITES[power]
    act = on(power, guild, ana, until=now(fake) + HOUR)
    fake.fail("GET", "/guilds/*", faults.server_error(502))
    with pytest.raises(Transient):
        await adapter.act(act)
    fake.fail("GET", MEMBER, faults.limited(30.0))
    with pytest.raises(TooManyRequests):
        await adapter.act(act)
    assert fake.calls(method, path) == []
    waits.over(adapter)
    fake.fail(method, path, faults.limited(30.0))
    with pytest.raises(TooManyRequests) as caught:
        await adapter.act(act)
    assert caught.value.after == 30.0
    waits.over(adapter)
    fake.fail(method, path, faults.server_error(503, after=True))
    with pytest.raises(Transient) as unsure:
        await adapter.act(act)
    assert unsure.value.maybe_done
    assert len(fake.calls(method, path)) == 2
    assert suffered(guild, power, ana)
    assert (await adapter.act(act)).done
    assert len(log(guild)) == 1


async def test_after_a_crash_another_process_repeats_it(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, ana: User, store: Store
) -> None:
    act = on(Power.BAN, guild, ana)
    fake.fail("PUT", BAN, faults.drop(after=True), times=2)  # a lost PUT is tried once more by aiohttp
    with pytest.raises(Transient):
        await adapter.act(act)
    again = new_adapter(fake)
    with pytest.raises(Transient):
        await again.act(act)  # not started
    await again.start(store, ())
    assert await again.act(act) == Did(True)
    assert log(guild) == [("member_ban_add", "Case 7: rude words")]
    await again.stop()


async def test_a_revoked_token_is_told(adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, ana: User) -> None:
    fake.revoke_token()
    with pytest.raises(Unauthorized):
        await adapter.act(on(Power.KICK, guild, ana))


async def test_all_powers_are_there(adapter: DiscordAdapter) -> None:
    assert adapter.capabilities.powers == set(Power)


async def test_what_moderation_lacks_is_named(fake: FakeDiscord, store: Store, guild: Guild) -> None:
    guild.bot_may(*(names(BOT) - {"manage_guild"}))
    adapter = new_adapter(fake)
    await adapter.start(store, ())
    await store.wait_until_asked(1)
    (told,) = adapter.explain()
    assert "it lacks Manage Server. If it is to moderate there" in told
    guild.bot_may("administrator")
    await fake.gateway.wait_until_received()
    assert adapter.explain() == []
    await adapter.stop()


@pytest.mark.parametrize("power", [Power.KICK, Power.BAN])
async def test_what_will_be_refused_is_known_before_anybody_is_told(
    adapter: DiscordAdapter, guild: Guild, ana: User, power: Power
) -> None:
    assert await adapter.before(on(power, guild, ana)) == {}
    with pytest.raises(NotPermitted, match="owns this server"):
        await adapter.before(on(power, guild, guild.owner))
    guild.bot_may("view_channel", "send_messages")
    with pytest.raises(NotPermitted, match="I lack the permission"):
        await adapter.before(on(power, guild, ana))
