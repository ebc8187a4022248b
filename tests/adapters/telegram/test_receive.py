"""Events in, by long polling, against the fake Bot API server with the real library."""

import asyncio
import logging

import pytest

from adapters.contract import Command, EventKind, Transient, Unauthorized
from adapters.telegram import polling
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.trouble import Trouble
from tests.adapters.store import Store
from tests.adapters.telegram.conftest import MENU, new_adapter
from tests.fakes.telegram import TOKEN, Chat, FakeTelegram, User, faults

MARKER = "xyzzy-the-secret-words"


async def idle(tg: FakeTelegram) -> None:
    """Until everything sent so far is acknowledged."""
    async with asyncio.timeout(5):
        await tg.bot.mailbox.emptied.wait()


async def trouble(adapter: TelegramAdapter, wanted: Trouble) -> None:
    """Until the adapter says so."""
    async with asyncio.timeout(5):
        while adapter.health().detail != wanted:  # noqa: ASYNC110 - the adapter is asked, as a monitor asks it
            await asyncio.sleep(0.01)


async def test_messages_commands_and_edits(adapter: TelegramAdapter, store: Store, direct: Chat, ana: User) -> None:
    direct.say(ana, "hello")
    direct.say(ana, "/need_post a designer")
    direct.start(ana, "CODE7")
    direct.edit(ana, direct.messages[0], "hello there")
    said, command, start, edit = await store.wait_for(4)
    assert (said.kind, said.text, said.account.name, said.workspace) == (
        EventKind.MESSAGE,
        "hello",
        "Ana",
        TOKEN.partition(":")[0],
    )
    assert command.command == Command("need", "post a designer")
    assert start.command == Command("start", "CODE7")
    assert (edit.kind, edit.text, edit.message_id) == (EventKind.EDIT, "hello there", said.message_id)


async def test_groups_topics_joins_and_migration(tg: FakeTelegram, adapter: TelegramAdapter, store: Store) -> None:
    ana, ben = tg.user("Ana"), tg.user("Ben")
    forum = tg.group("Guild", [ana], forum=True, privacy_mode=False, bot_rights=["can_invite_users"])
    topic = forum.topic(ana, "Jobs")
    forum.say(ana, "in the topic", thread=topic)
    (said,) = await store.wait_for(1)
    assert (said.place.thread, said.reply_to) == (str(topic), "")
    forum.join(ben)  # told twice: by a service message and by chat_member
    forum.leave(ben)
    joined, left = (await store.wait_for(3))[1:]
    assert (joined.kind, joined.account.id, left.kind) == (EventKind.JOINED, str(ben.id), EventKind.LEFT)
    old = tg.group("Small", [ana], supergroup=False, bots=[])
    old.join(tg.bot.user, by=ana)
    new = old.migrate()
    added, moved = (await store.wait_for(5))[3:]
    assert (added.kind, added.account.id) == (EventKind.BOT_ADDED, str(ana.id))
    assert (moved.kind, moved.place.id, moved.text) == (EventKind.PLACE_MOVED, str(old.id), str(new.id))
    await idle(tg)
    assert len(store.events) == 5


async def test_a_raid_a_report_and_a_removal_are_told(tg: FakeTelegram, adapter: TelegramAdapter, store: Store) -> None:
    ana, eve = tg.user("Ana"), tg.user("Eve")
    group = tg.group("Guild", [ana], bot_rights=["can_restrict_members"])
    group.join(eve)
    group.say(eve, "buy this")
    spam = group.last
    group.edit(eve, spam, "buy that")
    group.say(ana, "/report", reply_to=spam)
    group.set_status(eve, "kicked", by=ana)
    joined, bad, edit, report, left = await store.wait_for(5)
    assert (joined.kind, joined.account.id, joined.account.joined_at) == (EventKind.JOINED, str(eve.id), joined.sent_at)
    assert [(one.kind, one.text) for one in (bad, edit)] == [
        (EventKind.MESSAGE, "buy this"),
        (EventKind.EDIT, "buy that"),
    ]
    assert report.command == Command("report")
    assert (report.reply_to, report.reply_text) == (bad.message_id, "buy that")
    assert report.reply_to_account == bad.account
    assert (left.kind, left.account.id) == (EventKind.LEFT, str(eve.id))


async def test_channels_and_anonymous_administrators_are_no_people(
    tg: FakeTelegram, adapter: TelegramAdapter, store: Store
) -> None:
    ana = tg.user("Ana")
    group = tg.group("Guild", [ana], bot_rights=["can_restrict_members"])
    group.say(None, "/ban everybody")
    news = {"id": -1009, "type": "channel", "title": "News"}
    group.speak_as(news, "post", is_automatic_forward=True, forward_origin={"type": "channel", "chat": news})
    group.speak_as(news, "spam")
    found = await store.wait_for(3)
    assert [(one.account.id, one.account.is_bot) for one in found] == [(str(group.id), True), *[("-1009", True)] * 2]
    assert [one.forwarded for one in found] == [False, True, False]


async def test_only_what_is_stored_is_acknowledged(
    tg: FakeTelegram, adapter: TelegramAdapter, store: Store, direct: Chat, ana: User
) -> None:
    store.gate.clear()
    first = direct.say(ana, "one")
    await store.entered.wait()
    direct.say(ana, "two")
    await asyncio.sleep(0)
    assert tg.bot.mailbox.acknowledged < first
    store.gate.set()
    await store.wait_for(2)
    await idle(tg)


async def test_a_batch_that_cannot_be_stored_comes_again(
    tg: FakeTelegram,
    adapter: TelegramAdapter,
    store: Store,
    direct: Chat,
    ana: User,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store.failures = 2
    direct.say(ana, MARKER)
    await trouble(adapter, Trouble.STORE)
    (event,) = await store.wait_for(1)
    assert event.text == MARKER
    assert store.failed == 2
    await idle(tg)
    await trouble(adapter, Trouble.NONE)
    assert "StoreDown" in caplog.text
    assert MARKER not in caplog.text


async def test_one_record_call_per_batch(tg: FakeTelegram, store: Store, direct: Chat, ana: User) -> None:
    for number in range(5):
        direct.say(ana, str(number))
    adapter = new_adapter(tg)
    await adapter.start(store, MENU)
    await store.wait_for(5)
    await adapter.stop()
    assert [len(batch) for batch in store.batches] == [5]


async def test_updates_out_of_order_are_put_in_order(tg: FakeTelegram, store: Store, direct: Chat, ana: User) -> None:
    tg.reorder()
    for number in range(3):
        direct.say(ana, str(number))
    adapter = new_adapter(tg)
    await adapter.start(store, MENU)
    assert [event.text for event in await store.wait_for(3)] == ["0", "1", "2"]
    await idle(tg)
    await adapter.stop()


async def test_an_update_nobody_can_read_is_passed_over(
    tg: FakeTelegram,
    adapter: TelegramAdapter,
    store: Store,
    direct: Chat,
    ana: User,
    caplog: pytest.LogCaptureFixture,
) -> None:
    tg.send_raw({"message": {"message_id": 1, "text": MARKER}})
    tg.send_unparseable()
    tg.send_unknown()
    direct.say(ana, "after")
    (event,) = await store.wait_for(1)
    assert event.text == "after"
    await idle(tg)
    assert "passed over update" in caplog.text
    assert "message_id, text" in caplog.text
    assert MARKER not in caplog.text


async def test_a_redelivered_update_has_the_same_event_id(
    tg: FakeTelegram, adapter: TelegramAdapter, store: Store, direct: Chat, ana: User
) -> None:
    update = direct.say(ana, "once")
    await store.wait_for(1)
    await idle(tg)
    tg.redeliver(update)
    direct.say(ana, "twice")
    await store.wait_for(2)
    arrived = [event.event_id for batch in store.batches for event in batch]
    assert arrived.count(str(update)) == 2


@pytest.mark.parametrize(
    "fault", [faults.drop(), faults.drop(after=True), faults.server_error(502), faults.malformed(), faults.flood(0.05)]
)
async def test_a_poll_that_fails_loses_nothing(
    tg: FakeTelegram,
    store: Store,
    direct: Chat,
    ana: User,
    fault: faults.Fault,
) -> None:
    tg.fail("getUpdates", fault)
    direct.say(ana, "still there")
    adapter = new_adapter(tg)
    await adapter.start(store, MENU)
    (event,) = await store.wait_for(1)
    assert event.text == "still there"
    await trouble(adapter, Trouble.NONE)
    await adapter.stop()


async def test_an_outage_ends(
    tg: FakeTelegram, adapter: TelegramAdapter, store: Store, direct: Chat, ana: User
) -> None:
    await tg.stop()
    await trouble(adapter, Trouble.UNREACHABLE)
    direct.say(ana, "hello again")
    await tg.start()
    assert (await store.wait_for(1))[0].text == "hello again"


async def test_a_revoked_token_is_told(tg: FakeTelegram, adapter: TelegramAdapter) -> None:
    assert adapter.health().alive
    tg.revoke_token()
    await trouble(adapter, Trouble.TOKEN)
    assert not adapter.health().alive
    assert any("@BotFather (/token)" in line for line in adapter.explain())


async def test_a_second_program_with_the_same_token_is_told(
    tg: FakeTelegram, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "_RIVAL_PAUSE", 0.01)
    tg.fail("getUpdates", faults.refused(409, "Conflict: terminated by other getUpdates request"))
    adapter = new_adapter(tg)
    await adapter.start(store, MENU)
    await trouble(adapter, Trouble.RIVAL_POLLER)
    assert any("Another program is polling" in line for line in adapter.explain())
    await trouble(adapter, Trouble.NONE)
    tg.fail("getUpdates", faults.refused(409, "Conflict: can't use getUpdates method while webhook is active"))
    tg.bot.mailbox.end_poll(None)
    await trouble(adapter, Trouble.RIVAL_WEBHOOK)
    await adapter.stop()


async def test_start_refuses_a_bad_token_without_repeating_it(tg: FakeTelegram, store: Store) -> None:
    for token in ("1:no-such-bot", "nonsense", ""):
        with pytest.raises(Unauthorized) as refused:
            await TelegramAdapter(token, base_url=tg.base_url).start(store, MENU)
        assert not token or token not in str(refused.value)
        assert refused.value.__cause__ is None or token in ("",)


async def test_start_says_when_telegram_cannot_be_reached(tg: FakeTelegram, store: Store) -> None:
    adapter = new_adapter(tg)
    await tg.stop()
    with pytest.raises(Transient) as refused:
        await adapter.start(store, MENU)
    assert not refused.value.maybe_done
    assert adapter.explain() == ["The bot has not been able to log in to Telegram."]
    assert adapter.join_link() == ""
    assert not adapter.health().alive
    await tg.start()
    await adapter.start(store, MENU)
    assert adapter.username == "nexus_test_bot"
    await adapter.stop()


async def test_stop_finishes_what_is_being_stored(tg: FakeTelegram, store: Store, direct: Chat, ana: User) -> None:
    adapter = new_adapter(tg)
    await adapter.start(store, MENU)
    store.gate.clear()
    direct.say(ana, "last words")
    await store.entered.wait()
    stopping = asyncio.create_task(adapter.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    store.gate.set()
    await stopping
    assert [event.text for event in store.events] == ["last words"]
    await adapter.stop()


async def test_health_counts_completed_polls(tg: FakeTelegram, store: Store, direct: Chat, ana: User) -> None:
    now = [1_000]
    adapter = TelegramAdapter(tg.token, base_url=tg.base_url, clock=lambda: now[0])
    assert not adapter.health().alive
    await adapter.start(store, MENU)
    now[0] = 5_000
    direct.say(ana, "hi")
    await store.wait_for(1)
    await idle(tg)
    assert adapter.health().last_progress == 5_000
    now[0] += 200_000
    assert not adapter.health().alive
    await adapter.stop()


async def test_explain_tells_privacy_mode_and_plain_membership(tg: FakeTelegram, store: Store) -> None:
    adapter = new_adapter(tg)
    await adapter.start(store, MENU)
    assert [line for line in adapter.explain() if "/setprivacy" in line]
    group = tg.group("Guild", bots=[])
    group.join(tg.bot.user, by=tg.user("Ana"))
    await store.wait_for(1)
    assert [line for line in adapter.explain() if "“Guild”" in line]
    group.promote(tg.bot.user, ["can_delete_messages"])
    await idle(tg)
    await trouble(adapter, Trouble.NONE)
    assert "In “Guild” the bot lacks the right “Ban users”." in adapter.explain()
    group.promote(tg.bot.user, [])
    await idle(tg)
    await trouble(adapter, Trouble.NONE)
    assert "In “Guild” the bot lacks the right “Delete messages” and the right “Ban users”." in adapter.explain()
    group.promote(tg.bot.user)
    await idle(tg)
    await trouble(adapter, Trouble.NONE)
    assert not [line for line in adapter.explain() if "“Guild”" in line]
    assert adapter.join_link() == (
        "https://t.me/nexus_test_bot?startgroup=nexus&admin=delete_messages+restrict_members"
    )
    await adapter.stop()


async def test_no_words_and_no_token_in_any_log(
    tg: FakeTelegram, store: Store, direct: Chat, ana: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    adapter = new_adapter(tg)
    await adapter.start(store, MENU)
    direct.say(ana, MARKER)
    tg.fail("getUpdates", faults.malformed())
    tg.fail("getUpdates", faults.server_error(500))
    await store.wait_for(1)
    await idle(tg)
    await trouble(adapter, Trouble.NONE)
    await adapter.stop()
    assert TOKEN not in caplog.text
    assert TOKEN.partition(":")[2] not in caplog.text
    assert MARKER not in caplog.text


async def test_the_menu_is_published_only_where_it_changed(tg: FakeTelegram, store: Store) -> None:
    for expected in (2, 2):
        adapter = new_adapter(tg)
        await adapter.start(store, MENU)
        await adapter.stop()
        assert tg.counts["setMyCommands"] == expected
    shown = {scope: [one["command"] for one in menu] for (scope, _), menu in tg.bot.commands.items()}
    assert shown == {
        '{"type": "all_private_chats"}': ["need_post", "me_show"],
        '{"type": "all_group_chats"}': ["need_post"],
    }
    adapter = TelegramAdapter(tg.token, base_url=tg.base_url, menus={"de": MENU[:1]})
    await adapter.start(store, MENU)
    await adapter.stop()
    assert tg.counts["setMyCommands"] == 4
    assert ('{"type": "all_group_chats"}', "de") in tg.bot.commands


async def test_a_refused_menu_does_not_keep_the_bot_away(tg: FakeTelegram, store: Store) -> None:
    tg.fail("setMyCommands", faults.refused(400, "Bad Request: BOT_COMMAND_INVALID"))
    adapter = new_adapter(tg)
    await adapter.start(store, MENU)
    assert any("did not take the command menu" in line for line in adapter.explain())
    await adapter.stop()
