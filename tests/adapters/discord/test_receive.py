"""Messages, members and servers in, against the fake Discord with the real library."""

import asyncio

import pytest

from adapters.contract import Attachment, EventKind, Gone, PlaceKind
from adapters.discord.adapter import DiscordAdapter
from adapters.discord.respond import moment
from tests.adapters.discord.moderating import now
from tests.adapters.store import Store
from tests.fakes.discord import Channel, FakeDiscord, Guild, User

MESSAGE = EventKind.MESSAGE


async def test_a_mention_in_a_server(
    adapter: DiscordAdapter, store: Store, general: Channel, ana: User, ben: User, guild: Guild
) -> None:
    builders = guild.role("Builders")
    guild.give(ana, builders)
    message = general.say(ana, f"<@bot>, ask {ben.mention} of {builders.mention} in {general.mention}")
    (said,) = await store.wait_for(1, MESSAGE)
    assert (said.event_id, said.message_id, said.workspace) == (str(message.id), str(message.id), str(guild.id))
    assert (said.workspace_title, said.place.title, said.place.id) == ("Makers", "general", str(general.id))
    assert said.place.kind is PlaceKind.GROUP
    assert said.text == "ask @ben of @Builders in #general"
    assert said.addressed
    assert [account.id for account in said.mentions] == [str(ben.id)]
    assert (said.account.name, said.account.username, said.account.roles) == ("Ana", "ana", (str(builders.id),))


async def test_what_addresses_the_bot(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User, guild: Guild
) -> None:
    general.say(ana, "hello all")
    general.say(ana, f"{guild.bot_role().mention} are you there?")
    own = general.say(fake.app.user, "I am")
    general.say(ana, "good", reply_to=own, ping_reply=False)
    fake.dm(ana).say(ana, "and here?")
    said = await store.wait_for(4, MESSAGE)
    assert [(event.text, event.addressed) for event in said] == [
        ("hello all", False),
        ("are you there?", True),
        ("good", True),
        ("and here?", True),
    ]
    assert said[2].reply_to == str(own.id)
    assert said[2].reply_to_account is not None
    assert said[2].reply_to_account.is_bot
    assert (said[3].workspace, said[3].place.kind, said[3].place.id) == ("", PlaceKind.DIRECT, str(fake.dm(ana).id))


async def test_bots_are_no_people_and_system_messages_nothing(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    other = fake.user("Other", bot=True)
    general.guild and general.guild.join(other)
    general.say(other, "<@bot> hello from a bot")
    general.say(ana, "", kind=6)
    general.say(ana, "last")
    said = await store.wait_for(2, MESSAGE)
    assert [(event.text, event.account.is_bot) for event in said] == [("hello from a bot", True), ("last", False)]


async def test_a_thread_belongs_to_its_channel(
    adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    thread = general.thread(ana, "Jobs")
    thread.say(ana, "in the thread")
    (said,) = await store.wait_for(1, MESSAGE)
    assert (said.place.id, said.place.thread, said.place.title) == (str(general.id), str(thread.id), "general")


async def test_a_thread_unknown_to_the_library_is_looked_up(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    thread = general.thread(ana, "Old")
    await fake.gateway.wait_until_received()
    fake.gateway.raw("THREAD_DELETE", {**thread.json()})
    thread.say(ana, "still here")
    (said,) = await store.wait_for(1, MESSAGE)
    assert (said.place.id, said.place.thread) == (str(general.id), str(thread.id))
    assert fake.calls("GET", f"/channels/{thread.id}")


async def test_edits_previews_and_deletions(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    message = general.say(ana, "see https://example.org")
    general.unfurl(message, {"type": "link", "url": "https://example.org"})
    fake.clock.advance(5)
    general.edit(ana, message, "look at https://example.org")
    general.unfurl(message, {"type": "link", "url": "https://example.org/2"})
    fake.clock.advance(5)
    general.edit(ana, message, "never mind")
    general.delete(message)
    first, second, gone = await store.wait_for(3, EventKind.EDIT, EventKind.DELETE)
    assert [first.text, second.text] == ["look at https://example.org", "never mind"]
    assert len({first.event_id, second.event_id, str(message.id), gone.event_id}) == 4
    assert {first.message_id, second.message_id, gone.message_id} == {str(message.id)}
    assert (gone.kind, gone.place.id) == (EventKind.DELETE, str(general.id))


async def test_files_in(fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User) -> None:
    general.say(ana, "", files=[("plan.txt", b"one, two")])
    (said,) = await store.wait_for(1, MESSAGE)
    (file,) = said.attachments
    assert (file.name, file.media_type, file.size) == ("plan.txt", "text/plain", 8)
    assert await adapter.fetch(file) == b"one, two"
    with pytest.raises(Gone):
        await adapter.fetch(Attachment(file.reference + "nothing", "plan.txt"))
    with pytest.raises(Gone):
        await adapter.fetch(Attachment(file.reference, "plan.txt", size=26 * 1024 * 1024))


async def test_members_come_go_and_change_roles(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, guild: Guild, ana: User
) -> None:
    cleo = fake.user("Cleo")
    builders = guild.role("Builders")
    guild.join(cleo)
    guild.member(cleo).nick = "C."
    guild.update_member(guild.member(cleo))  # no roles changed
    guild.give(cleo, builders)
    guild.leave(cleo)
    guild.join(cleo)
    guild.leave(cleo)
    events = await store.wait_for(5)
    kinds = [EventKind.JOINED, EventKind.ROLES, EventKind.LEFT, EventKind.JOINED, EventKind.LEFT]
    assert [event.kind for event in events] == kinds
    assert events[1].account.roles == (str(builders.id),)
    assert {event.place.id for event in events} == {event.workspace for event in events} == {str(guild.id)}
    assert {event.account.made_at for event in events} == {moment(str(cleo.id))}
    came = events[0].account.joined_at
    assert (came, events[0].sent_at) == (events[1].account.joined_at, came)
    assert abs(came - now(fake)) < 60_000


async def test_moderators_see_every_message_with_what_they_judge_by(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, guild: Guild, ana: User, ben: User
) -> None:
    first = general.say(ben, "a first word")
    loud = general.say(guild.owner, "@everyone listen")
    answer = general.say(ana, "no", reply_to=first)
    general.edit(ana, answer, "no, never")
    events = await store.wait_for(4, EventKind.MESSAGE, EventKind.EDIT)
    by_id = {event.message_id: event for event in events if event.kind is EventKind.MESSAGE}
    assert by_id[str(loud.id)].everyone
    assert not by_id[str(first.id)].everyone
    (change,) = [event for event in events if event.kind is EventKind.EDIT]
    for event in (by_id[str(answer.id)], change):
        assert (event.reply_to, event.reply_text, event.forwarded) == (str(first.id), "a first word", False)
        assert event.reply_to_account is not None
        assert event.reply_to_account.id == str(ben.id)
        assert event.account.made_at == moment(str(ana.id))
        assert event.account.joined_at == round(guild.member(ana).joined * 1000)
        assert not event.addressed
    assert change.text == "no, never"


async def test_the_bot_is_added_and_removed(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, ana: User, guild: Guild
) -> None:
    guild.outage()
    guild.recover()
    other = fake.guild("Others", members=[ana], channels=["rules", "lobby"], apps=[])
    rules, lobby = other.channel("rules"), other.channel("lobby")
    rules.deny(other.everyone, "send_messages")
    role = other.add_app()
    role.permissions = 0
    added = (await store.wait_for(1))[0]
    assert (added.kind, added.workspace, added.workspace_title) == (EventKind.BOT_ADDED, str(other.id), "Others")
    assert added.place.id in (str(rules.id), str(lobby.id))
    other.remove_app()
    removed = (await store.wait_for(2))[1]
    assert (removed.kind, removed.workspace) == (EventKind.BOT_REMOVED, str(other.id))
    assert len(store.events) == 2  # an outage is neither


async def test_who_manages_a_server(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, guild: Guild, ana: User, ben: User
) -> None:
    guild.give(ben, guild.role("Stewards", permissions_=["manage_guild"]))
    for number, user in enumerate((ana, ben, guild.owner)):
        general.say(user, "<@bot> hello")
        general.slash(user, "help")
        await store.wait_for(number + 1, MESSAGE)
        await store.wait_for(number + 1, EventKind.COMMAND)
    fake.dm(ana).say(ana, "and here?")
    said, used = await store.wait_for(4, MESSAGE), store.of(EventKind.COMMAND)
    assert [event.account.manages for event in said] == [False, True, True, None]
    assert [event.account.manages for event in used] == [False, True, True]


async def test_where_a_new_server_is_greeted(fake: FakeDiscord, adapter: DiscordAdapter, store: Store) -> None:
    other = fake.guild("Others", channels=["rules", "lobby"], apps=[])
    other.channel("rules").deny(other.everyone, "send_messages")
    other.add_app(permissions_=["view_channel"])
    other.everyone.permissions |= 1 << 11
    (added,) = await store.wait_for(1)
    assert added.place.id == str(other.channel("lobby").id)


async def test_order_within_a_channel_and_none_lost_while_the_store_is_away(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, guild: Guild, ana: User
) -> None:
    lobby = guild.channel("lobby")
    store.failures = 2
    general.say(ana, "1")
    await store.refused.wait()
    assert "stored" in adapter.health().detail
    for number in range(2, 8):
        general.say(ana, str(number))
    lobby.say(ana, "a")
    said = await store.wait_for(8, MESSAGE)
    assert [event.text for event in said if event.place.id == str(general.id)] == list("1234567")
    await fake.gateway.wait_until_received()
    assert adapter.health().detail == ""


async def test_a_slow_channel_holds_up_no_other(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, guild: Guild, ana: User
) -> None:
    store.gate.clear()
    general.say(ana, "one")
    await store.entered.wait()
    general.say(ana, "two")
    general.say(ana, "three")
    await fake.gateway.wait_until_received()
    assert store.batches == []
    store.gate.set()
    await store.wait_for(3)
    assert [[event.text for event in batch] for batch in store.batches] == [["one"], ["two", "three"]]


async def test_nonsense_does_not_end_the_session(
    fake: FakeDiscord,
    adapter: DiscordAdapter,
    store: Store,
    general: Channel,
    ana: User,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fake.gateway.raw("MESSAGE_CREATE", {"id": "7", "author": {"id": "9"}, "content": "xyzzy"})
    fake.gateway.raw("INTERACTION_CREATE", {"id": "7", "type": 2, "data": {}})
    fake.gateway.raw("THREAD_DELETE", {"id": "7"})
    fake.gateway.raw("SOMETHING_NEW", {"id": "7"})
    general.say(ana, "still there?")
    await store.wait_for(1, MESSAGE)
    assert "passed over MESSAGE_CREATE" in caplog.text
    assert "xyzzy" not in caplog.text
    assert len(fake.gateway.identifies) == 1


async def test_stopping_finishes_what_is_being_stored(
    adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    store.gate.clear()
    general.say(ana, "one")
    await store.entered.wait()
    stopping = asyncio.create_task(adapter.stop())
    await asyncio.sleep(0)
    store.gate.set()
    await stopping
    assert [event.text for event in store.events] == ["one"]
