"""Who can read in a channel: by its permissions and the server's members, kept up by what Discord tells."""

import asyncio
from collections.abc import Callable

import pytest

from adapters.contract import EventKind, NotPermitted, TooManyRequests, Transient
from adapters.discord import readers as module
from adapters.discord.adapter import DiscordAdapter
from adapters.discord.readers import Access
from adapters.discord.report import MEMBERS
from tests.adapters.discord import waits
from tests.adapters.discord.conftest import MENU, new_adapter
from tests.adapters.store import Store
from tests.fakes.discord import Channel, FakeDiscord, Guild, User, faults

LIST = "/guilds/*/members"


@pytest.fixture
def secret(guild: Guild, fake: FakeDiscord, ana: User) -> Channel:
    """A channel that Ana and the bot may view, beside the owner."""
    made = guild.channel("secret")
    made.deny(guild.everyone, "view_channel")
    made.allow(fake.app.user, "view_channel")
    made.allow(ana, "view_channel")
    return made


async def readers(adapter: DiscordAdapter, channel: Channel, most: int = 200) -> set[str] | None:
    """The names of those who can read."""
    assert channel.guild is not None
    await told(channel)
    found = await adapter.readers(str(channel.guild.id), str(channel.id), most)
    if found is None:
        return None
    assert list(found) == sorted(set(found))
    return {channel.world.users[int(one)].username for one in found}


async def told(channel: Channel) -> None:
    """Until the adapter has taken what happened."""
    await channel.world.gateway.wait_until_received()


async def test_a_private_channel_has_the_readers_that_its_permissions_say(
    adapter: DiscordAdapter, secret: Channel, guild: Guild, fake: FakeDiscord, ben: User
) -> None:
    assert await readers(adapter, secret) == {"ana", "makersowner"}
    builders = guild.role("Builders")
    secret.allow(builders, "view_channel")
    guild.give(ben, builders)
    assert await readers(adapter, secret) == {"ana", "ben", "makersowner"}
    secret.deny(ben, "view_channel")
    assert await readers(adapter, secret) == {"ana", "makersowner"}
    guild.give(ben, guild.role("Admins", permissions_=["administrator"]))
    assert await readers(adapter, secret) == {"ana", "ben", "makersowner"}
    guild.leave(ben)
    assert await readers(adapter, secret) == {"ana", "makersowner"}
    guild.join(ben, roles=[guild.role("Admins")])
    assert await readers(adapter, secret) == {"ana", "ben", "makersowner"}
    guild.delete_role(guild.role("Admins"))
    guild.update_member(guild.member(ben))
    assert await readers(adapter, secret) == {"ana", "makersowner"}
    assert len(fake.calls("GET", LIST)) == 1


async def test_a_channel_that_everybody_on_the_server_may_view_has_none(
    adapter: DiscordAdapter, general: Channel, secret: Channel, guild: Guild, fake: FakeDiscord
) -> None:
    assert await readers(adapter, general) is None
    secret.allow(guild.everyone, "view_channel")
    assert await readers(adapter, secret) is None
    assert fake.calls("GET", LIST) == []


async def test_what_people_give_to_themselves_closes_nothing(
    adapter: DiscordAdapter, secret: Channel, guild: Guild
) -> None:
    booster = guild.role("Boosters")
    booster.boosts = True
    guild.update_role(booster)
    assert await readers(adapter, secret) == {"ana", "makersowner"}
    secret.allow(booster, "view_channel")
    assert await readers(adapter, secret) is None


@pytest.mark.parametrize("chosen", ["role", "channel"])
async def test_what_newcomers_choose_closes_nothing(
    fake: FakeDiscord, store: Store, guild: Guild, secret: Channel, chosen: str
) -> None:
    colours = guild.role("Colours")
    guild.features = ["COMMUNITY"]
    guild.onboarding = [([colours], [secret] if chosen == "channel" else [])]
    adapter = new_adapter(fake)
    await adapter.start(store, MENU)
    if chosen == "channel":
        assert await readers(adapter, secret) is None
    else:
        assert await readers(adapter, secret) == {"ana", "makersowner"}
        secret.allow(colours, "view_channel")
        assert await readers(adapter, secret) is None
    await adapter.stop()
    guild.onboarding = None
    again = new_adapter(fake)
    await again.start(store, MENU)
    assert await readers(again, secret) == {"ana", "makersowner"}
    await again.stop()


async def test_more_than_asked_for_is_nobody(adapter: DiscordAdapter, secret: Channel) -> None:
    assert await readers(adapter, secret, most=2) is not None
    assert await readers(adapter, secret, most=1) is None


async def test_bots_are_no_readers_and_the_list_is_read_page_by_page(
    adapter: DiscordAdapter,
    secret: Channel,
    guild: Guild,
    fake: FakeDiscord,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_PAGE", 2)
    helper = fake.user("Helper", bot=True)
    guild.join(helper)
    secret.allow(helper, "view_channel")
    assert await readers(adapter, secret) == {"ana", "makersowner"}
    pages = fake.calls("GET", LIST)
    assert [page.query["limit"] for page in pages] == ["2", "2", "2"]
    assert pages[0].query["after"] == "0"


async def test_a_server_with_too_many_members_has_no_list(
    adapter: DiscordAdapter, secret: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_MEMBERS", 2)
    assert await readers(adapter, secret) is None


async def test_an_unknown_channel_and_the_server_itself_have_none(adapter: DiscordAdapter, guild: Guild) -> None:
    for channel in ("1", str(guild.id), "", "x"):
        assert await adapter.readers(str(guild.id), channel, 200) is None
    assert await adapter.readers("1", "1", 200) is None


async def test_a_thread_has_the_readers_of_its_channel(adapter: DiscordAdapter, secret: Channel, ana: User) -> None:
    thread = secret.thread(ana, "Plans")
    assert await readers(adapter, thread) == {"ana", "makersowner"}


async def test_a_private_thread_has_who_was_added_and_who_manages_threads(
    adapter: DiscordAdapter, general: Channel, guild: Guild, fake: FakeDiscord, ana: User, ben: User, store: Store
) -> None:
    """In a channel that all may read."""
    thread = general.thread(ana, "Plans", private=True, members=[fake.app.user])
    assert await readers(adapter, thread) == {"ana", "makersowner"}
    thread.enter(ben)
    assert await readers(adapter, thread) == {"ana", "ben", "makersowner"}
    thread.exit(ben)
    assert await readers(adapter, thread) == {"ana", "makersowner"}
    (first, *_) = await store.wait_for(2, EventKind.READERS)
    assert (first.place.id, first.place.thread, first.place.apart) == (str(general.id), str(thread.id), True)
    guild.give(ben, guild.role("Keepers", permissions_=["manage_threads"]))
    assert await readers(adapter, thread) == {"ana", "ben", "makersowner"}
    general.deny(ben, "view_channel")
    assert await readers(adapter, thread) == {"ana", "makersowner"}
    general.allow(guild.everyone, "manage_threads")
    assert await readers(adapter, thread) is None


async def test_a_message_says_that_its_thread_is_private(
    adapter: DiscordAdapter, general: Channel, fake: FakeDiscord, ana: User, store: Store
) -> None:
    for private in (True, False):
        thread = general.thread(ana, f"Plans {private}", private=private, members=[fake.app.user])
        await told(thread)
        said = thread.say(ana, "<@bot> hello")
        await store.wait_until(lambda m=said: any(e.message_id == str(m.id) for e in store.events))  # type: ignore[misc]
        (event,) = [e for e in store.events if e.message_id == str(said.id)]
        assert (event.place.id, event.place.thread, event.place.apart) == (str(general.id), str(thread.id), private)


async def test_a_voice_channel_lets_guests_in(adapter: DiscordAdapter, guild: Guild, ana: User) -> None:
    voice = guild.channel("Lounge", kind=2)
    voice.deny(guild.everyone, "view_channel")
    voice.allow(ana, "view_channel")
    assert await readers(adapter, voice) is None


async def test_without_the_members_intent_nobody_is_known(store: Store) -> None:
    async with FakeDiscord(privileged=["message_content"]) as fake:
        ana = fake.user("Ana")
        guild = fake.guild("Makers", members=[ana])
        channel = guild.channel("secret")
        channel.deny(guild.everyone, "view_channel")
        adapter = new_adapter(fake)
        await adapter.start(store, MENU)
        assert await readers(adapter, channel) is None
        assert fake.calls("GET", LIST) == []
        (said,) = [line for line in adapter.explain() if MEMBERS in line]
        assert "who reads along in a private channel" in said
        await adapter.stop()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (lambda: faults.refused(50001), NotPermitted),
        (lambda: faults.limited(30.0), TooManyRequests),
        (lambda: faults.server_error(502), Transient),
    ],
)
async def test_a_refused_list_is_told_and_asked_for_again(
    adapter: DiscordAdapter,
    secret: Channel,
    fake: FakeDiscord,
    fault: Callable[[], faults.Fault],
    error: type[Exception],
) -> None:
    fake.fail("GET", LIST, fault())
    with pytest.raises(error):
        await readers(adapter, secret)
    waits.over(adapter)
    assert await readers(adapter, secret) == {"ana", "makersowner"}


async def test_who_comes_while_the_list_is_read_is_in_it(
    adapter: DiscordAdapter, secret: Channel, guild: Guild, fake: FakeDiscord, ben: User
) -> None:
    builders = guild.role("Builders")
    secret.allow(builders, "view_channel")
    held = faults.hold(after=True)
    fake.fail("GET", LIST, held)
    await told(secret)
    asking = asyncio.ensure_future(adapter.readers(str(guild.id), str(secret.id), 200))
    await held.reached.wait()
    guild.give(ben, builders)
    await told(secret)
    held.release()
    assert str(ben.id) in (await asking or ())


async def test_after_a_new_session_the_list_is_read_again(
    adapter: DiscordAdapter, secret: Channel, guild: Guild, fake: FakeDiscord, ben: User
) -> None:
    assert await readers(adapter, secret) == {"ana", "makersowner"}
    fake.gateway.invalidate(resumable=False)
    secret.allow(ben, "view_channel")  # told to nobody
    await fake.until(lambda: len(fake.gateway.identifies) >= 2, 10, "a new session")
    await fake.gateway.wait_until_connected()
    assert await readers(adapter, secret) == {"ana", "ben", "makersowner"}
    assert len(fake.calls("GET", LIST)) == 2


async def test_after_an_outage_the_list_is_read_again(
    adapter: DiscordAdapter, secret: Channel, guild: Guild, ben: User
) -> None:
    builders = guild.role("Builders")
    secret.allow(builders, "view_channel")
    assert await readers(adapter, secret) == {"ana", "makersowner"}
    guild.outage()
    assert await readers(adapter, secret) is None
    guild.member(ben).roles.append(builders)  # told to nobody
    guild.recover()
    assert await readers(adapter, secret) == {"ana", "ben", "makersowner"}


async def test_the_list_is_read_again_after_ten_minutes(
    adapter: DiscordAdapter, secret: Channel, fake: FakeDiscord
) -> None:
    for wait, reads in ((0, 1), (590, 1), (20, 2)):
        fake.clock.advance(wait)
        assert await readers(adapter, secret) == {"ana", "makersowner"}
        assert len(fake.calls("GET", LIST)) == reads


async def test_other_permissions_are_told(
    adapter: DiscordAdapter, secret: Channel, guild: Guild, store: Store, ben: User
) -> None:
    made = await store.wait_for(3, EventKind.READERS)  # the channel's permissions, one after the other
    secret.allow(ben, "view_channel")
    secret.updated()  # a new topic, say
    guild.update_role(guild.role("Builders"))
    told = await store.wait_for(len(made) + 2, EventKind.READERS)
    assert {(event.place.id, event.workspace) for event in made} == {(str(secret.id), str(guild.id))}
    assert {event.place.id for event in told[3:]} == {str(secret.id), str(guild.id)}


@pytest.mark.parametrize(
    ("held", "user", "views"),
    [
        ((), "ana", False),
        (("r",), "ana", True),
        (("r", "x"), "ana", True),  # what one role allows, another does not take
        (("x",), "ana", False),
        (("admin",), "ana", True),
        (("r",), "ben", False),  # what is said of somebody themselves comes last
        ((), "cleo", True),
        ((), "owner", True),
        (("gone",), "ana", False),  # a deleted role's overwrites count no more
    ],
)
def test_the_order_of_overwrites(held: tuple[str, ...], user: str, views: bool) -> None:
    view = 1 << 10
    access = Access(
        {"everyone": view, "r": 0, "x": view, "admin": 1 << 3},
        {"everyone": (0, view), "r": (view, 0), "x": (0, view), "ben": (0, view), "cleo": (view, 0), "gone": (view, 0)},
        "everyone",
        "owner",
    )
    assert access.may(user, held) is views
