"""Beginning, ending and everything that can happen to a gateway session in between."""

import asyncio
from collections.abc import Callable

import pytest

from adapters.contract import EventKind, Heard, PlaceKind, Transient, Unauthorized
from adapters.discord.adapter import DiscordAdapter
from adapters.discord.report import CONTENT, MEMBERS
from adapters.discord.trouble import Trouble
from tests.adapters.discord.conftest import MENU, new_adapter, to
from tests.adapters.discord.store import DiscordStore
from tests.adapters.store import Store
from tests.fakes.discord import Channel, FakeDiscord, Guild, User, faults

MESSAGE = EventKind.MESSAGE


async def sessions(fake: FakeDiscord, count: int) -> None:
    """Until so many sessions were begun."""
    await fake.until(lambda: len(fake.gateway.identifies) >= count, 10, f"{count} sessions")
    await fake.gateway.wait_until_connected()


async def resumed(fake: FakeDiscord, count: int) -> None:
    """Until sessions were resumed so often."""
    await fake.until(lambda: len(fake.gateway.resumes) >= count, 10, f"{count} resumes")
    await fake.gateway.wait_until_connected()


async def told(adapter: DiscordAdapter, trouble: Trouble) -> None:
    """Until the adapter says so."""
    async with asyncio.timeout(5):
        while adapter.health().detail != trouble:  # noqa: ASYNC110 - the adapter is asked, as a monitor asks it
            await asyncio.sleep(0.01)


async def test_login_and_health(fake: FakeDiscord, adapter: DiscordAdapter) -> None:
    health = adapter.health()
    assert (health.alive, health.detail) == (True, "")
    assert abs(health.last_progress - fake.clock.now() * 1000) < 60_000
    (identify,) = fake.gateway.identifies
    assert identify["intents"] == (1 << 0 | 1 << 1 | 1 << 9 | 1 << 12 | 1 << 15)
    assert adapter.explain() == []
    assert adapter.join_link() == (
        f"https://discord.com/oauth2/authorize?client_id={fake.application_id}"
        "&scope=bot+applications.commands&permissions=1391837965430"
    )
    await adapter.stop()
    assert not adapter.health().alive


async def test_a_refused_token_and_an_absent_server(fake: FakeDiscord, store: Store) -> None:
    stranger = new_adapter(fake, token="MTIz.stranger.token")
    with pytest.raises(Unauthorized):
        await stranger.start(store, MENU)
    fake.fail("GET", "/users/@me", faults.server_error(502))
    with pytest.raises(Transient):
        await new_adapter(fake).start(store, MENU)
    await fake.stop()
    with pytest.raises(Transient) as caught:
        await new_adapter(fake).start(store, MENU)
    assert not caught.value.maybe_done


async def test_a_gateway_that_cannot_be_reached_at_start(fake: FakeDiscord, store: Store) -> None:
    fake.gateway.refusing = True
    adapter = new_adapter(fake)
    with pytest.raises(Transient):
        await adapter.start(store, MENU)
    fake.gateway.refusing = False
    await adapter.start(store, MENU)
    assert adapter.health().alive
    await adapter.stop()


@pytest.mark.parametrize(
    ("granted", "lacking"), [(["members"], [CONTENT]), (["message_content"], [MEMBERS]), ([], [CONTENT, MEMBERS])]
)
async def test_privileged_intents_that_are_off(granted: list[str], lacking: list[str], store: Store) -> None:
    async with FakeDiscord(privileged=granted) as fake:  # type: ignore[arg-type]
        ana = fake.user("Ana")
        general = fake.guild("Makers", members=[ana]).channel("general")
        adapter = new_adapter(fake)
        await adapter.start(store, MENU)
        told = adapter.explain()
        assert [title for title in (CONTENT, MEMBERS) if any(title in one for one in told)] == lacking
        assert all(f"https://discord.com/developers/applications/{fake.application_id}/bot" in one for one in told)
        general.say(ana, "among ourselves")
        general.say(ana, "<@bot> can you hear me?")
        fake.dm(ana).say(ana, "and here?")
        await store.wait_for(2, MESSAGE)
        said = [event.text for event in store.events if event.addressed]
        assert said == ["can you hear me?", "and here?"]
        await adapter.stop()


async def test_intents_that_the_gateway_refuses_in_spite_of_the_flags(store: Store) -> None:
    async with FakeDiscord() as fake:
        adapter = new_adapter(fake)
        fake.fail("GET", "/gateway/bot", hold := faults.hold(after=True))
        starting = asyncio.create_task(adapter.start(store, MENU))
        await hold.reached.wait()
        fake.app.privileged.clear()  # after the flags were read
        hold.release()
        await starting
        assert len(adapter.explain()) == 2
        assert [one["intents"] >> 15 for one in fake.gateway.identifies] == [1, 0]
        await adapter.stop()


@pytest.mark.parametrize(
    "disturb",
    [
        lambda gateway: gateway.reconnect(),
        lambda gateway: gateway.abort(),
        lambda gateway: gateway.close(4000),
        lambda gateway: gateway.close(1001),
        lambda gateway: gateway.invalidate(resumable=True),
    ],
    ids=["op 7", "TCP abort", "4000", "1001", "op 9 resumable"],
)
async def test_a_session_that_is_resumed_loses_and_doubles_nothing(
    disturb: Callable[[object], None],
    fake: FakeDiscord,
    adapter: DiscordAdapter,
    store: Store,
    general: Channel,
    ana: User,
) -> None:
    first = general.say(ana, "before")
    await store.wait_for(1, MESSAGE)
    disturb(fake.gateway)
    general.say(ana, "meanwhile")
    await resumed(fake, 1)
    fake.gateway.redeliver(first)
    general.say(ana, "after")
    said = await store.wait_for(3, MESSAGE)
    assert [event.text for event in said] == ["before", "meanwhile", "after"]
    assert len(fake.gateway.identifies) == 1
    assert store.heard_asked == 1  # a resumed session misses nothing


async def test_a_missed_acknowledgement_ends_in_a_resume(store: Store) -> None:
    async with FakeDiscord(heartbeat_interval=0.05) as fake:
        ana = fake.user("Ana")
        general = fake.guild("Makers", members=[ana]).channel("general")
        adapter = new_adapter(fake)
        await adapter.start(store, MENU)
        fake.gateway.acks = False
        session = adapter._world.sessions[0]
        session.ws._keep_alive.heartbeat_timeout = 0.2  # type: ignore[union-attr]  # a minute in earnest
        await resumed(fake, 1)
        fake.gateway.acks = True
        general.say(ana, "there again?")
        await store.wait_for(1, MESSAGE)
        await adapter.stop()


async def test_what_was_missed_comes_before_what_is_said_now(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, guild: Guild, ana: User
) -> None:
    general.say(ana, "<@bot> before")
    await store.wait_for(1, MESSAGE)
    store.places = [Heard(str(guild.id), str(general.id), PlaceKind.GROUP, round(fake.clock.now() * 1000))]
    fake.gateway.refusing = True
    fake.gateway.abort()
    fake.gateway.forget_sessions()
    general.say(ana, "<@bot> missed")
    slow = fake.fail("GET", f"/channels/{general.id}/messages", faults.hold())
    fake.gateway.refusing = False
    await sessions(fake, 2)
    general.say(ana, "<@bot> now")
    async with asyncio.timeout(20):
        await slow.reached.wait()
    slow.release()
    said = await store.wait_for(3, MESSAGE)
    assert [event.text for event in said] == ["before", "missed", "now"]


async def test_a_new_session_fetches_what_was_missed(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, guild: Guild, ana: User, ben: User
) -> None:
    hidden, quiet = guild.channel("hidden"), guild.channel("quiet")
    thread = general.thread(ana, "Jobs")
    known = general.say(ana, "<@bot> before")
    fake.dm(ana).say(ana, "hello")
    quiet.say(ana, "<@bot> long ago")
    hidden.say(ana, "<@bot> hidden")
    await store.wait_for(4, MESSAGE)
    now = round(fake.clock.now() * 1000)
    store.places = [
        Heard("", str(fake.dm(ana).id), PlaceKind.DIRECT, now),
        *(Heard(str(guild.id), str(one.id), PlaceKind.GROUP, now) for one in (general, hidden)),
        Heard(str(guild.id), str(quiet.id), PlaceKind.GROUP, now + 600_000),
        Heard("404", "405", PlaceKind.GROUP, now),
    ]
    fake.gateway.refusing = True
    fake.gateway.abort()
    fake.gateway.forget_sessions()
    general.say(ana, "<@bot> one")
    general.say(ben, "nothing for the bot")
    thread.say(ben, "<@bot> two")
    fake.dm(ana).say(ana, "three")
    hidden.say(ana, "<@bot> behind a wall")
    hidden.deny(guild.everyone, "read_message_history")
    hidden.deny(fake.app.user, "view_channel")
    fake.gateway.refusing = False
    await sessions(fake, 2)
    said = await store.wait_for(7, MESSAGE)
    assert sorted(event.text for event in said[4:]) == ["one", "three", "two"]
    one = next(event for event in said if event.text == "one")
    assert (one.event_id != str(known.id), one.workspace, one.addressed) == (True, str(guild.id), True)
    two = next(event for event in said if event.text == "two")
    assert (two.place.id, two.place.thread) == (str(general.id), str(thread.id))
    asked = {call.path.split("/")[2] for call in fake.calls("GET", "/channels/*/messages")}
    assert str(quiet.id) not in asked  # Discord says itself that there is nothing newer
    async with asyncio.timeout(5):
        while not any("Read Message History" in sentence for sentence in adapter.explain()):  # noqa: ASYNC110
            await asyncio.sleep(0)


async def test_a_start_fetches_what_was_missed(fake: FakeDiscord, store: Store, general: Channel, ana: User) -> None:
    store.places = [
        Heard(str(general.guild and general.guild.id), str(general.id), PlaceKind.GROUP, round(fake.clock.now() * 1000))
    ]
    general.say(ana, "<@bot> anybody there?")
    fake.fail("GET", "/channels/*/messages", faults.limited(0.01, via=False))
    adapter = new_adapter(fake)
    await adapter.start(store, MENU)
    (said,) = await store.wait_for(1, MESSAGE)
    assert said.text == "anybody there?"
    await adapter.stop()


async def test_an_invalid_session_is_begun_anew(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    fake.gateway.invalidate()
    await sessions(fake, 2)
    await store.wait_until_asked(2)
    general.say(ana, "hello")
    await store.wait_for(1, MESSAGE)
    assert adapter.health().alive


async def test_servers_that_came_and_went_between_two_sessions(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, guild: Guild
) -> None:
    fake.gateway.refusing = True
    fake.gateway.abort()
    fake.gateway.forget_sessions()
    other = fake.guild("Others")
    guild.remove_app()
    fake.gateway.refusing = False
    await sessions(fake, 2)
    events = await store.wait_for(2)
    assert {(event.kind, event.workspace) for event in events} == {
        (EventKind.BOT_REMOVED, str(guild.id)),
        (EventKind.BOT_ADDED, str(other.id)),
    }


@pytest.mark.parametrize("code", [4007, 4009])
async def test_a_session_that_timed_out_is_begun_anew(
    code: int, fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    fake.gateway.close(code)
    await sessions(fake, 2)
    general.say(ana, "hello")
    await store.wait_for(1, MESSAGE)
    assert len(fake.gateway.resumes) == 1  # it was tried


@pytest.mark.parametrize(("code", "trouble"), [(4011, Trouble.SHARDING), (4013, Trouble.REFUSED)])
async def test_a_connection_refused_for_good(
    code: int, trouble: Trouble, fake: FakeDiscord, adapter: DiscordAdapter
) -> None:
    fake.gateway.close(code)
    await told(adapter, trouble)
    assert str(trouble) in adapter.explain()
    assert len(fake.gateway.identifies) == 1


async def test_stopping_in_the_middle_of_an_outage(fake: FakeDiscord, adapter: DiscordAdapter) -> None:
    fake.gateway.refusing = True
    fake.gateway.abort()
    await fake.until(lambda: not fake.gateway.connected, 5, "the end of the connection")
    async with asyncio.timeout(3):
        await adapter.stop()


async def test_a_revoked_token(fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel) -> None:
    fake.revoke_token()
    await told(adapter, Trouble.TOKEN)
    assert not adapter.health().alive
    assert str(Trouble.TOKEN) in adapter.explain()


async def test_shards_that_are_asked_for_exist_whatever_discord_recommends(store: Store) -> None:
    async with FakeDiscord(shards=1) as fake:
        bot = new_adapter(fake, shard_ids=[0, 1])
        await bot.start(store, MENU)
        assert sorted(one["shard"] for one in fake.gateway.identifies) == [[0, 2], [1, 2]]
        await bot.stop()


async def test_shards_of_one_process_and_of_two(store: Store) -> None:
    async with FakeDiscord(shards=2) as fake:
        ana = fake.user("Ana")
        guilds = [fake.guild(f"Guild {number}", members=[ana]) for number in range(4)]
        whole = new_adapter(fake)
        await whole.start(store, MENU)
        assert [one["shard"] for one in fake.gateway.identifies] == [[0, 2], [1, 2]]
        for guild in guilds:
            guild.channel("general").say(ana, f"<@bot> from {guild.name}")
        await store.wait_for(4, MESSAGE)
        assert {event.workspace_title for event in store.events} == {guild.name for guild in guilds}
        await whole.stop()
        parts = [new_adapter(fake, shard_count=2, shard_ids=[number]) for number in (1, 0)]
        stores = [DiscordStore(), DiscordStore()]
        for part, kept in zip(parts, stores, strict=True):
            await part.start(kept, MENU)
        for guild in guilds:
            guild.channel("general").say(ana, "<@bot> again")
        mine = [[guild for guild in guilds if (guild.id >> 22) % 2 == number] for number in (1, 0)]
        for kept, expected in zip(stores, mine, strict=True):
            said = await kept.wait_for(len(expected), MESSAGE)
            assert {event.workspace for event in said} == {str(guild.id) for guild in expected}
        for part in parts:
            await part.stop()


async def test_two_bots_of_two_servers_in_one_process(fake: FakeDiscord, adapter: DiscordAdapter, store: Store) -> None:
    async with FakeDiscord(name="Second") as other:
        cleo = other.user("Cleo")
        lobby = other.guild("Elsewhere", members=[cleo]).channel("lobby")
        theirs = DiscordStore()
        second = new_adapter(other)
        await second.start(theirs, MENU)
        lobby.say(cleo, "<@bot> hello")
        await theirs.wait_for(1, MESSAGE)
        other.gateway.invalidate()
        await sessions(other, 2)
        assert len(fake.gateway.identifies) == 1
        await second.stop()
    assert store.events == []


async def test_look_takes_no_event(fake: FakeDiscord, guild: Guild) -> None:
    fake.app.privileged.clear()
    adapter = new_adapter(fake)
    assert adapter.join_link() == ""
    name, told = await adapter.look()
    assert name == "Nexus"
    assert len([one for one in told if "Intent" in one]) == 2
    assert fake.gateway.identifies == []
    with pytest.raises(Unauthorized):
        await new_adapter(fake, token="MTIz.stranger.token").look()


async def test_missing_permissions_are_named(fake: FakeDiscord, store: Store, guild: Guild, general: Channel) -> None:
    guild.everyone.permissions = 0
    guild.bot_may("view_channel", "send_messages", "embed_links")
    adapter = new_adapter(fake)
    await adapter.start(store, MENU)
    await store.wait_until_asked(1)
    told, powers = adapter.explain()
    assert "“Makers”" in told
    assert "Send Messages in Threads, Attach Files, Read Message History" in told
    assert adapter.join_link() in told
    assert "Manage Messages, Timeout Members, Kick Members, Ban Members, Manage Roles" in powers
    assert "If it is to moderate there" in powers
    assert adapter.join_link() in powers
    await adapter.stop()


async def test_roles_that_people_can_have(adapter: DiscordAdapter, guild: Guild, store: Store) -> None:
    await store.wait_until_asked(1)
    assert await adapter.roles(str(guild.id)) == [(str(guild.role("Builders").id), "Builders")]
    assert await adapter.roles("404") == []


async def test_typing_is_a_courtesy(fake: FakeDiscord, adapter: DiscordAdapter, general: Channel) -> None:
    await adapter.typing(to(general))
    assert len(general.typing) == 1
    fake.fail("POST", "/channels/*/typing", faults.server_error(500))
    await adapter.typing(to(general))
