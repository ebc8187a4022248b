"""What happens rarely: stores that stay away, histories that cannot be asked for, answers that come too late."""

import asyncio
from dataclasses import replace

import pytest

from adapters.contract import (
    Button,
    Card,
    EventKind,
    Heard,
    MenuEntry,
    MenuOption,
    OptionKind,
    PlaceKind,
    Reply,
    Transient,
    Unreachable,
)
from adapters.discord.adapter import DiscordAdapter
from tests.adapters.discord.conftest import MENU, answer_to, new_adapter, to
from tests.adapters.discord.store import DiscordStore
from tests.adapters.store import Store, StoreDown
from tests.fakes.discord import Channel, FakeDiscord, Guild, User, faults

COMMAND, MESSAGE = EventKind.COMMAND, EventKind.MESSAGE


async def test_stopping_while_the_store_is_away(
    adapter: DiscordAdapter, store: Store, general: Channel, ana: User, caplog: pytest.LogCaptureFixture
) -> None:
    store.failures = 1_000
    general.say(ana, "xyzzy")
    await store.refused.wait()
    async with asyncio.timeout(3):
        await adapter.stop()
    assert store.events == []
    assert "were not stored" in caplog.text
    assert "xyzzy" not in caplog.text


async def test_a_channel_that_cannot_be_looked_up_holds_up_nothing(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    thread = general.thread(ana, "Old")
    await fake.gateway.wait_until_received()
    fake.gateway.raw("THREAD_DELETE", thread.json())
    fake.fail("GET", "/channels/*", faults.refused(50001))
    thread.say(ana, "lost")
    thread.say(ana, "found")
    (said,) = await store.wait_for(1, MESSAGE)
    assert said.text == "found"


async def test_a_store_that_cannot_say_what_was_heard(
    fake: FakeDiscord, guild: Guild, general: Channel, ana: User, caplog: pytest.LogCaptureFixture
) -> None:
    class Forgetful(DiscordStore):
        async def heard(self, platform: str) -> list[Heard]:
            await super().heard(platform)
            raise StoreDown("no such table")

    store = Forgetful()
    adapter = new_adapter(fake)
    await adapter.start(store, MENU)
    await store.wait_until_asked(1)
    general.say(ana, "hello")
    await store.wait_for(1, MESSAGE)
    assert "could not be fetched: StoreDown" in caplog.text
    await adapter.stop()


async def test_servers_that_discord_does_not_describe(
    fake: FakeDiscord, store: Store, guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.reception._GUILDS_WITHIN", 0.01)
    guild.available = False
    adapter = new_adapter(fake)
    await adapter.start(store, MENU)
    await store.wait_until_asked(1)
    assert adapter.health().alive
    await adapter.stop()


async def test_a_history_that_stays_limited(
    fake: FakeDiscord, guild: Guild, general: Channel, ana: User, caplog: pytest.LogCaptureFixture
) -> None:
    store = DiscordStore()
    now = round(fake.clock.now() * 1000)
    store.places = [
        Heard(str(guild.id), str(general.id), PlaceKind.GROUP, now),
        Heard("", str(fake.dm(ana).id), PlaceKind.DIRECT, now),
    ]
    general.say(ana, "<@bot> one")
    fake.dm(ana).say(ana, "two")
    fake.fail("GET", f"/channels/{general.id}/messages", faults.limited(0.01, via=False), times=2)
    adapter = new_adapter(fake)
    await adapter.start(store, MENU)
    (said,) = await store.wait_for(1, MESSAGE)
    assert said.text == "two"
    async with asyncio.timeout(5):
        while "the history of a place could not be read" not in caplog.text:  # noqa: ASYNC110
            await asyncio.sleep(0)
    await adapter.stop()


async def test_an_answer_that_is_ready_before_the_acknowledgement(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    fake.fail("POST", "/interactions/**", hold := faults.hold())
    asked = general.slash(ana, "need", "close", {"need": "1"})
    (event,) = await store.wait_for(1, COMMAND)
    await hold.reached.wait()
    sending = asyncio.create_task(adapter.send(answer_to(event), Reply("Quick."), key="1"))
    await asyncio.sleep(0)
    hold.release()
    await sending
    assert [one.text for one in asked.responses] == ["Quick."]


async def test_an_acknowledgement_that_never_ends(
    fake: FakeDiscord,
    adapter: DiscordAdapter,
    store: Store,
    general: Channel,
    ana: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("adapters.discord.answers._PATIENCE_FOR_ACKNOWLEDGEMENT", 0.01)
    monkeypatch.setattr("adapters.discord.receive._ACKNOWLEDGE_WITHIN", 0.05)
    fake.fail("POST", "/interactions/**", faults.hold(), times=9)
    general.slash(ana, "need", "close", {"need": "1"})
    (event,) = await store.wait_for(1, COMMAND)
    await adapter.send(answer_to(event), Reply("In the channel, then."), key="1")
    assert general.last.text == "In the channel, then."


async def test_a_private_answer_to_an_old_press_goes_to_the_direct_chat(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    await adapter.send(to(general), Reply(card=Card("Sure?", buttons=(Button("Yes", "t"),))), key="1")
    press = general.press(ana, general.last, "Yes")
    (pressed,) = await store.wait_for(1, EventKind.BUTTON)
    await press.acknowledged()
    fake.clock.advance(16 * 60)
    await adapter.answer_press(pressed, "too late for this")
    await adapter.send(answer_to(pressed, private=True), Reply("Only for you."), key="2")
    assert fake.dm(ana).last.text == "Only for you."
    assert len(general.messages) == 1


async def test_a_press_of_an_interaction_that_discord_forgot(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    await adapter.send(to(general), Reply(card=Card("Sure?", buttons=(Button("Yes", "t"),))), key="1")
    general.press(ana, general.last, "Yes")
    (pressed,) = await store.wait_for(1, EventKind.BUTTON)
    fake.fail("POST", "/webhooks/**", faults.refused(10015), times=2)
    await adapter.answer_press(pressed, "a courtesy")
    await adapter.send(answer_to(pressed), Reply("In the channel."), key="2")
    assert general.last.text == "In the channel."


async def test_a_lost_follow_up_where_the_bot_may_not_look(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User, guild: Guild
) -> None:
    asked = general.slash(ana, "need", "close", {"need": "1"})
    (event,) = await store.wait_for(1, COMMAND)
    await adapter.send(answer_to(event), Reply("One."), key="1")
    fake.fail("POST", "/webhooks/**", faults.server_error(500))
    fake.fail("GET", "/channels/*/messages", faults.refused(50001))
    with pytest.raises(Transient):
        await adapter.send(answer_to(event), Reply("Two."), key="2")
    await adapter.send(answer_to(event), Reply("Two."), key="2")
    assert [one.text for one in asked.responses] == ["One.", "Two."]


async def test_after_a_crash_a_follow_up_is_not_said_twice(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    asked = general.slash(ana, "need", "close", {"need": "1"})
    (event,) = await store.wait_for(1, COMMAND)
    await adapter.send(answer_to(event), Reply("One."), key="1")
    two = await adapter.send(answer_to(event), Reply("Two."), key="2")
    await adapter.stop()
    again = new_adapter(fake)
    await again.start(store, MENU)
    assert await again.send(answer_to(event), Reply("Two."), key="2") == two
    await again.send(answer_to(event), Reply("Three."), key="3")
    assert [one.text for one in asked.responses] == ["One.", "Two.", "Three."]
    await again.stop()


async def test_a_waiting_answer_that_was_taken_away_before_a_crash(
    fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel, ana: User
) -> None:
    asked = general.slash(ana, "need", "close", {"need": "1"})
    (event,) = await store.wait_for(1, COMMAND)
    await adapter.send(answer_to(event, private=True), Reply("For you."), key="1")
    await adapter.stop()
    again = new_adapter(fake)
    await again.start(store, MENU)
    await again.send(answer_to(event), Reply("For all."), key="2")
    assert [(one.text, one.ephemeral) for one in asked.responses] == [("For you.", True), ("For all.", False)]
    await again.stop()


async def test_choices_too_many_for_a_menu_are_completed(
    fake: FakeDiscord, store: Store, guild: Guild, general: Channel, ana: User
) -> None:
    zones = tuple(f"Zone {number}" for number in range(40))
    option = MenuOption("zone", "time zone", OptionKind.CHOICE, required=True, choices=zones)
    adapter = new_adapter(fake)
    await adapter.start(store, [MenuEntry("zone", "Set your time zone", options=(option,))])
    choices = await general.autocomplete(ana, "zone", {"zone": "zone 3"}, focused="zone")
    assert [one["value"] for one in choices] == ["Zone 3", *(f"Zone 3{number}" for number in range(10))]
    assert store.asked == []
    await adapter.stop()


async def test_a_direct_chat_that_cannot_be_opened(
    fake: FakeDiscord, adapter: DiscordAdapter, general: Channel, ana: User
) -> None:
    with pytest.raises(Unreachable):
        await adapter.send(replace(to(general, private=True), account_id="404"), Reply("hello?"), key="1")


async def test_small_promises(fake: FakeDiscord, adapter: DiscordAdapter, guild: Guild) -> None:
    assert adapter.name == "discord"
    assert adapter.reaches("1")
    assert adapter.invite_link("CODE") == ""
    assert (adapter.capabilities.native_commands, adapter.capabilities.max_length) == (True, 2000)
    assert new_adapter(fake).explain() == ["The bot has not been able to log in to Discord."]


async def test_a_bot_in_no_server(fake: FakeDiscord) -> None:
    lonely = new_adapter(fake)
    _, told = await lonely.look()
    assert told == [f"The bot is in no server yet. This link brings it into one: {lonely.join_link()}"]
