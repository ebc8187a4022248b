"""Locks, slow mode and the door: what they change, who still writes, and the exact way back."""

from collections.abc import Callable

import pytest

from adapters.contract import Act, DeliveryError, Did, Gone, Power, Reply, TooManyRequests, Transient
from adapters.discord.adapter import DiscordAdapter
from tests.adapters.discord import waits
from tests.adapters.discord.conftest import new_adapter, to
from tests.adapters.discord.moderating import DAY, HOUR, at, log, may_not, now, on, overwrites
from tests.adapters.store import Store
from tests.fakes.discord import Channel, FakeDiscord, Guild, User, faults
from tests.fakes.discord.permissions import BOT, bits, names

OVERWRITE = "/channels/*/permissions/*"
WRITING = bits(("send_messages", "send_messages_in_threads", "add_reactions"))


@pytest.fixture
def mo(fake: FakeDiscord, guild: Guild) -> User:
    mo = fake.user("Mo")
    guild.join(mo, roles=[guild.role("Moderators", permissions_=["moderate_members"], position=20)])
    return mo


async def lock(adapter: DiscordAdapter, channel: Channel, **more: object) -> dict[str, str]:
    """Lock a place, as the bot does it; what was before."""
    before = await adapter.before(at(Power.LOCK, channel))
    assert await adapter.act(at(Power.LOCK, channel, before=before, **more)) == Did(True)
    return before


# -- locks ---------------------------------------------------------------------------------------------------


async def test_only_moderators_and_the_bot_write_in_a_locked_channel(
    adapter: DiscordAdapter, guild: Guild, general: Channel, ana: User, mo: User
) -> None:
    said = general.say(ana, "before")
    thread = general.thread(ana, "Plans")
    before = await lock(adapter, general)
    assert may_not(general, ana)
    assert may_not(thread, ana)
    with pytest.raises(PermissionError):
        general.react(ana, said, "👍")
    assert general.seen_by(ana)
    assert not may_not(general, mo)
    assert not may_not(thread, mo)
    assert not may_not(general, guild.owner)
    assert await adapter.send(to(general), Reply("The channel is locked."), key="1")
    assert {action for action, _ in log(guild)} == {"channel_overwrite_create"}
    assert {reason for _, reason in log(guild)} == {"Case 7: rude words"}
    assert await adapter.act(at(Power.UNLOCK, general, before=before)) == Did(True)
    assert overwrites(general) == {}
    assert not may_not(general, ana)
    assert not may_not(thread, ana)


async def test_the_earlier_overwrites_come_back_exactly(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, general: Channel, ana: User, ben: User, mo: User
) -> None:
    builders, guests = guild.role("Builders"), guild.role("Guests")
    general.deny(guild.everyone, "send_messages", "attach_files")
    general.allow(guild.everyone, "add_reactions", "use_external_emojis")
    general.allow(builders, "send_messages", "embed_links")
    general.allow(ana, "send_messages")
    general.deny(guests, "view_channel")
    general.allow(fake.app.user, "send_messages", "embed_links")
    guild.give(ben, builders)
    earlier = overwrites(general)
    before = await lock(adapter, general)
    assert may_not(general, ana)
    assert may_not(general, ben)
    assert may_not(general, mo)  # who could not write before
    assert overwrites(general)[str(guests.id)] == earlier[str(guests.id)]
    assert str(guests.id) not in before
    await adapter.send(to(general), Reply("Still here."), key="1")
    unlock = at(Power.UNLOCK, general, before=before)
    assert await adapter.act(unlock) == Did(True)
    assert overwrites(general) == earlier
    calls = len(fake.calls("PUT", OVERWRITE))
    assert await adapter.act(unlock) == Did(True)
    assert len(fake.calls("PUT", OVERWRITE)) == calls
    assert len(fake.calls("DELETE", OVERWRITE)) == 2  # of the moderators' role and the bot's, which had none


async def test_a_repeated_lock_changes_nothing(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, general: Channel, mo: User
) -> None:
    before = await lock(adapter, general)
    locked, entries = overwrites(general), log(guild)
    assert await adapter.act(at(Power.LOCK, general, before=before)) == Did(True)
    assert (overwrites(general), log(guild)) == (locked, entries)
    assert await adapter.before(at(Power.LOCK, general)) == {}  # it changes nothing, so there is no way back
    assert before


async def test_a_lock_that_stopped_half_way_goes_on_as_it_began(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, general: Channel, ana: User, mo: User, store: Store
) -> None:
    """The moderators are let in first; without what was before, they would now count as locked out."""
    general.allow(guild.role("Builders"), "send_messages")
    earlier = overwrites(general)
    before = await adapter.before(at(Power.LOCK, general))
    act = at(Power.LOCK, general, before=before)
    for skip in range(4):
        general.overwrites.clear()
        general.overwrites.update({int(target): list(both) for target, both in earlier.items()})
        fake.fail("PUT", OVERWRITE, faults.server_error(503), skip=skip)
        with pytest.raises(Transient):
            await adapter.act(act)
        again = new_adapter(fake)
        await again.start(store, ())
        assert await again.act(act) == Did(True)
        assert may_not(general, ana)
        assert not may_not(general, mo)
        assert await again.act(at(Power.UNLOCK, general, before=before)) == Did(True)
        assert overwrites(general) == earlier
        await again.stop()


async def test_what_others_change_during_a_lock_stays(
    adapter: DiscordAdapter, guild: Guild, general: Channel, ana: User
) -> None:
    builders = guild.role("Builders")
    general.allow(builders, "send_messages")
    general.allow(ana, "send_messages")
    before = await lock(adapter, general)
    general.deny(guild.everyone, "attach_files")
    guild.delete_role(builders)
    general.overwrites.pop(builders.id)
    assert await adapter.act(at(Power.UNLOCK, general, before=before)) == Did(True)
    assert overwrites(general) == {
        str(guild.everyone.id): (0, bits(["attach_files"])),
        str(ana.id): (bits(["send_messages"]), 0),
    }


async def test_an_unlock_that_knows_nothing_opens_to_all(
    adapter: DiscordAdapter, guild: Guild, general: Channel, ana: User
) -> None:
    general.deny(guild.everyone, "send_messages", "attach_files")
    did = await adapter.act(at(Power.UNLOCK, general, before={"nonsense": "x", "12": "1 a b"}))
    assert (did.done, "whoever may write on this server" in did.said) == (True, True)
    assert not may_not(general, ana)
    assert overwrites(general) == {str(guild.everyone.id): (0, bits(["attach_files"]))}


async def test_a_thread_is_locked_by_itself(
    adapter: DiscordAdapter, guild: Guild, general: Channel, ana: User, ben: User
) -> None:
    thread = general.thread(ana, "Plans")
    before = await lock(adapter, thread)
    assert before == {"locked": "no"}
    assert may_not(thread, ben)
    assert not may_not(general, ben)
    assert await adapter.before(at(Power.LOCK, thread)) == {"locked": "yes"}
    await lock(adapter, thread)
    assert await adapter.act(at(Power.UNLOCK, thread, before={"locked": "yes"})) == Did(True)
    assert thread.locked
    assert await adapter.act(at(Power.UNLOCK, thread, before=before)) == Did(True)
    assert not may_not(thread, ben)
    thread.archived = True
    await lock(adapter, thread)
    assert (thread.locked, thread.archived) == (True, False)
    assert log(guild) == [("channel_update", "Case 7: rude words")] * 3


# -- slow mode -----------------------------------------------------------------------------------------------


async def test_slow_mode(adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, general: Channel, ana: User) -> None:
    general.slow = 5
    act = at(Power.SLOW, general, seconds=60)
    before = await adapter.before(act)
    assert before == {"seconds": "5"}
    for _ in range(2):
        assert await adapter.act(act) == Did(True)
    assert log(guild) == [("channel_update", "Case 7: rude words")]
    assert not may_not(general, ana)
    assert may_not(general, ana)
    fake.clock.advance(61)
    assert not may_not(general, ana)
    assert await adapter.act(at(Power.SLOW, general, seconds=int(before["seconds"]))) == Did(True)
    assert general.slow == 5
    assert await adapter.act(at(Power.SLOW, general, seconds=0)) == Did(True)
    assert general.slow == 0


async def test_slow_mode_has_an_end(adapter: DiscordAdapter, guild: Guild, general: Channel, ana: User) -> None:
    did = await adapter.act(at(Power.SLOW, general, seconds=30_000))
    assert did == Did(True, "Discord's slow mode goes up to six hours, so I set that.")
    assert general.slow == 21_600
    thread = general.thread(ana, "Plans")
    assert await adapter.act(at(Power.SLOW, thread, seconds=10)) == Did(True)
    assert (thread.slow, general.slow) == (10, 21_600)
    news = guild.channel("news", kind=5)
    did = await adapter.act(at(Power.SLOW, news, seconds=10))
    assert did == Did(False, "Discord has no slow mode for this kind of channel.")


# -- the door ------------------------------------------------------------------------------------------------


async def test_the_door(adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild) -> None:
    newcomer = fake.user("Newcomer")
    guild.dms_paused_until = fake.clock.now() + 600
    act = on(Power.CLOSE_DOOR, guild, until=now(fake) + HOUR)
    before = await adapter.before(act)
    assert before == {"until": "0"}
    for _ in range(2):
        assert await adapter.act(act) == Did(True)
    assert log(guild) == [("guild_update", "Case 7: rude words")]
    assert round(guild.invites_paused_until * 1000) == act.until
    with pytest.raises(PermissionError):
        guild.join(newcomer)
    opening = on(Power.OPEN_DOOR, guild, before=before)
    for _ in range(2):
        assert await adapter.act(opening) == Did(True)
    assert len(log(guild)) == 2
    guild.join(newcomer)
    assert guild.dms_paused_until > fake.clock.now()  # which is not our business


async def test_a_door_that_was_closed_before_stays_closed(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild
) -> None:
    guild.invites_paused_until = fake.clock.now() + 7200
    until = round(guild.invites_paused_until * 1000)
    act = on(Power.CLOSE_DOOR, guild, until=now(fake) + HOUR)
    before = await adapter.before(act)
    await adapter.act(act)
    did = await adapter.act(on(Power.OPEN_DOOR, guild, before=before))
    assert did == Did(True, "Invitations were paused before, and stay so until then.")
    assert abs(round(guild.invites_paused_until * 1000) - until) <= 1
    fake.clock.advance(7300)
    assert await adapter.act(on(Power.OPEN_DOOR, guild, before=before)) == Did(True)
    assert len(log(guild)) == 2  # it is open by itself


@pytest.mark.parametrize("asked", [0, 3 * DAY])
async def test_a_door_of_discords_is_closed_for_a_day(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, asked: int
) -> None:
    act = on(Power.CLOSE_DOOR, guild, until=now(fake) + asked if asked else 0)
    did = await adapter.act(act)
    assert (did.done, "one day at a time" in did.said) == (True, True)
    assert 0 <= now(fake) + DAY - did.until < HOUR
    assert round(guild.invites_paused_until * 1000) == did.until
    assert await adapter.act(act) == did
    assert len(log(guild)) == 1
    late = await adapter.act(on(Power.CLOSE_DOOR, guild, until=now(fake) - 1))
    assert late == Did(True, "The time for it is over already, so I changed nothing.")


# -- refusals and trouble ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("power", "name", "title"),
    [
        (Power.LOCK, "manage_roles", "Manage Roles"),
        (Power.LOCK, "add_reactions", "Add Reactions"),
        (Power.UNLOCK, "manage_roles", "Manage Roles"),
        (Power.SLOW, "manage_channels", "Manage Channels"),
    ],
)
async def test_a_missing_permission_is_named_with_its_channel(
    adapter: DiscordAdapter, guild: Guild, general: Channel, power: Power, name: str, title: str
) -> None:
    guild.everyone.permissions &= ~bits([name])
    guild.bot_may(*(names(BOT) - {name}))
    did = await adapter.act(at(power, general, seconds=5))
    assert did == Did(False, f"I lack the permission {title} in #general.")
    general.bot_may(*names(BOT))  # in this channel alone
    assert (await adapter.act(at(power, general, seconds=5))).done


async def test_threads_take_a_permission_of_their_own(
    adapter: DiscordAdapter, guild: Guild, general: Channel, ana: User
) -> None:
    thread = general.thread(ana, "Plans")
    guild.bot_may(*(names(BOT) - {"manage_threads"}))
    for power in (Power.LOCK, Power.UNLOCK, Power.SLOW):
        did = await adapter.act(at(power, thread, seconds=5))
        assert did == Did(False, "I lack the permission Manage Threads in #Plans.")


async def test_the_door_takes_manage_server(adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild) -> None:
    guild.bot_may(*(names(BOT) - {"manage_guild"}))
    for power in (Power.CLOSE_DOOR, Power.OPEN_DOOR):
        did = await adapter.act(on(power, guild, until=now(fake) + HOUR))
        assert did == Did(False, "I lack the permission Manage Server on this server.")


async def test_a_hidden_channel(adapter: DiscordAdapter, general: Channel) -> None:
    general.bot_may()
    did = await adapter.act(at(Power.LOCK, general))
    assert did == Did(False, "I lack the permission View Channel in that channel.")


async def test_channels_that_are_gone_or_of_another_server(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, ana: User
) -> None:
    gone = guild.channel("gone")
    gone.remove()
    elsewhere = fake.guild("Elsewhere", members=[ana]).channel("general")
    for number in (gone.id, elsewhere.id, ana.dm().id):
        for power in (Power.LOCK, Power.UNLOCK, Power.SLOW, Power.DELETE):
            act = Act(power, str(guild.id), "key", place_id=str(number), seconds=5)
            assert await adapter.act(act) == Did(False, "That channel is not there any more.")
        with pytest.raises(Gone):
            await adapter.before(Act(Power.LOCK, str(guild.id), "key", place_id=str(number)))
    for place in ("", str(guild.id)):
        did = await adapter.act(Act(Power.LOCK, str(guild.id), "key", place_id=place))
        assert did == Did(False, "That is done in one channel, and it was not said in which.")
    assert elsewhere.overwrites == {}


@pytest.mark.parametrize(
    ("fault", "error"),
    [(lambda: faults.limited(30.0), TooManyRequests), (lambda: faults.server_error(502), Transient)],
)
@pytest.mark.parametrize(
    ("power", "method", "path"),
    [
        (Power.LOCK, "PUT", OVERWRITE),
        (Power.SLOW, "PATCH", "/channels/*"),
        (Power.CLOSE_DOOR, "PUT", "/guilds/*/incident-actions"),
    ],
)
async def test_a_flood_and_an_outage_are_told(
    adapter: DiscordAdapter,
    fake: FakeDiscord,
    guild: Guild,
    general: Channel,
    power: Power,
    method: str,
    path: str,
    fault: Callable[[], faults.Fault],
    error: type[DeliveryError],
) -> None:
    act = at(power, general, seconds=5, until=now(fake) + HOUR)
    fake.fail(method, path, fault())
    with pytest.raises(error):
        await adapter.act(act)
    assert len(fake.calls(method, path)) == 1
    waits.over(adapter)
    fake.fail("GET", "/guilds/*", fault())
    with pytest.raises(error):
        await adapter.before(act)
    waits.over(adapter)
    assert await adapter.act(act) == Did(True)


async def test_nothing_has_to_be_known_before_the_others(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, ana: User
) -> None:
    for power in set(Power) - {Power.LOCK, Power.SLOW, Power.CLOSE_DOOR, Power.KICK, Power.BAN}:
        assert await adapter.before(on(power, guild, ana)) == {}
    assert fake.calls("GET", "/guilds/**") == []
