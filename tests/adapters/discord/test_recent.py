"""What people wrote lately, read once: a channel with its threads, or all that the bot can read."""

from __future__ import annotations

import pytest

from adapters.contract import EventKind, TooManyRequests, Transient
from adapters.discord.adapter import DiscordAdapter
from tests.adapters.discord.conftest import new_adapter
from tests.adapters.discord.moderating import DAY, now
from tests.adapters.discord.waits import over
from tests.fakes.discord import Channel, FakeDiscord, Guild, User, faults

LIST = "/channels/*/messages"


async def texts(adapter: DiscordAdapter, guild: Guild, place: str, since: int = 0, most: int = 100) -> list[str] | None:
    """What is told of a place."""
    found = await adapter.recent(str(guild.id), place, since, most)
    return None if found is None else [event.text for event in found]


async def test_oldest_first_with_what_is_known_of_who_wrote(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, general: Channel, ana: User, ben: User
) -> None:
    general.say(ana, "one")
    general.say(ben, "two @everyone")
    general.thread(ana, "Plans").say(ben, "three, in a thread")
    general.say(ana, "added someone", kind=1)  # Discord's own sentence
    feed = fake.user("Feed", bot=True)
    guild.join(feed)
    general.say(feed, "beep")
    guild.leave(ben)
    await fake.gateway.wait_until_received()
    found = await adapter.recent(str(guild.id), str(general.id), 0, 100)
    assert found is not None
    assert [event.text for event in found] == ["one", "two @everyone", "three, in a thread"]
    assert {event.kind for event in found} == {EventKind.MESSAGE}
    assert [event.place.id for event in found] == [str(general.id)] * 3
    assert [bool(event.place.thread) for event in found] == [False, False, True]
    first, second, _ = (event.account for event in found)
    assert (first.id, bool(first.joined_at), bool(first.made_at)) == (str(ana.id), True, True)
    assert (second.id, bool(second.joined_at), bool(second.made_at)) == (str(ben.id), False, True)  # not there any more


async def test_only_since_then_and_the_newest(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, general: Channel, ana: User
) -> None:
    general.say(ana, "long ago")
    fake.clock.advance(DAY / 1000)
    since = now(fake)
    for number in range(4):
        fake.clock.advance(1)
        general.say(ana, str(number))
    assert await texts(adapter, guild, str(general.id), since) == ["0", "1", "2", "3"]
    assert await texts(adapter, guild, str(general.id), since, 2) == ["2", "3"]
    assert await texts(adapter, guild, str(general.id), now(fake) + DAY) == []


async def test_a_long_history_is_read_page_by_page_as_far_as_it_is_wanted(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, general: Channel, ana: User
) -> None:
    for number in range(250):
        general.say(ana, str(number))
    assert await texts(adapter, guild, str(general.id), most=1000) == [str(number) for number in range(250)]
    assert len(fake.calls("GET", LIST)) == 3
    assert await texts(adapter, guild, str(general.id), most=30) == [str(number) for number in range(220, 250)]
    assert len(fake.calls("GET", LIST)) == 4


async def test_a_whole_server_as_far_as_the_bot_reads_there(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, general: Channel, ana: User
) -> None:
    general.say(ana, "here")
    guild.channel("lounge").say(ana, "there")
    hidden = guild.channel("hidden")
    hidden.say(ana, "unseen")
    hidden.bot_may("view_channel", "send_messages")
    await fake.gateway.wait_until_received()
    assert await texts(adapter, guild, "") == ["here", "there"]
    assert await texts(adapter, guild, str(hidden.id)) is None
    assert await texts(adapter, guild, "5") is None
    assert await adapter.recent("5", str(general.id), 0, 10) is None
    with pytest.raises(Transient):
        await new_adapter(fake).recent(str(guild.id), str(general.id), 0, 10)


async def test_asked_to_wait_it_waits_and_for_long_what_was_read_counts(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, general: Channel, ana: User
) -> None:
    for number in range(120):
        general.say(ana, str(number))
    fake.fail("GET", LIST, faults.limited(300.0), skip=1)
    assert await texts(adapter, guild, str(general.id), most=1000) == [str(number) for number in range(20, 120)]
    over(adapter)
    fake.fail("GET", LIST, faults.limited(300.0))
    with pytest.raises(TooManyRequests):
        await texts(adapter, guild, str(general.id))
    over(adapter)
    fake.fail("GET", LIST, faults.server_error(502))
    with pytest.raises(Transient):
        await texts(adapter, guild, str(general.id))


async def test_of_whom_nothing_can_be_found_out_it_is_not_known(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, general: Channel, ana: User
) -> None:
    general.say(ana, "one")
    fake.fail("GET", "/guilds/*/members/*", faults.limited(300.0))
    found = await adapter.recent(str(guild.id), str(general.id), 0, 10)
    assert found is not None
    assert [(event.text, event.account.joined_at) for event in found] == [("one", 0)]
