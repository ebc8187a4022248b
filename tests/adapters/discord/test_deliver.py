"""Replies out as ordinary messages, against the fake Discord with the real library."""

import base64
import logging

import pytest

from adapters.contract import (
    Button,
    ButtonStyle,
    Card,
    DeliveryError,
    EventKind,
    File,
    Gone,
    NotPermitted,
    Reply,
    Sent,
    TooManyRequests,
    Transient,
    Unauthorized,
    Unreachable,
)
from adapters.discord.adapter import DiscordAdapter
from tests.adapters.discord import waits
from tests.adapters.discord.conftest import new_adapter, to
from tests.adapters.store import Store
from tests.fakes.discord import Channel, FakeDiscord, Guild, User, faults

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 40).decode()
CARD = Card(
    "A need",
    "Somebody needs **help**.",
    fields=(("Kind", "skill"), ("From", "Ana")),
    lines=("one", "two"),
    footer="small print",
    buttons=(Button("Take it", "t1", ButtonStyle.PRIMARY), Button("Leave it", "t2"), Button("Drop", "t3")),
)
LONG = "\n\n".join(f"Paragraph {number}: " + "words and more words. " * 30 for number in range(8))


async def test_text_in_answer_to_a_message(adapter: DiscordAdapter, general: Channel, ana: User) -> None:
    asked = general.say(ana, "<@bot> hello")
    sent = await adapter.send(to(general, reply_to=asked.id), Reply("Hello **Ana** @everyone <@1>"), key="1")
    message = general.last
    assert sent == Sent(str(general.id), (str(message.id),))
    assert message.text == "Hello **Ana** @\N{ZERO WIDTH SPACE}everyone \\<@\N{ZERO WIDTH SPACE}1>"
    assert message.reply_to is asked
    assert message.pings == []


async def test_the_answered_message_may_be_gone(adapter: DiscordAdapter, general: Channel, ana: User) -> None:
    asked = general.say(ana, "<@bot> hello")
    general.delete(asked)
    await adapter.send(to(general, reply_to=asked.id), Reply("Hello"), key="1")
    assert general.last.text == "Hello"


async def test_a_card(adapter: DiscordAdapter, general: Channel) -> None:
    await adapter.send(to(general), Reply("Look:", CARD), key="1")
    message = general.last
    (embed,) = message.embeds
    assert message.text == "Look:"
    assert (embed["title"], embed["description"]) == ("A need", "Somebody needs **help**.\n\n- one\n- two")
    assert [(field["name"], field["value"]) for field in embed["fields"]] == [("Kind", "skill"), ("From", "Ana")]
    assert embed["footer"]["text"] == "small print"
    assert message.buttons == ["Take it", "Leave it", "Drop"]


async def test_pictures_and_files(adapter: DiscordAdapter, general: Channel) -> None:
    card = Card("A picture", picture=File("my picture.png", "image/png", content=PNG))
    notes = File("notes.txt", "text/plain", content=base64.b64encode(b"hello").decode())
    await adapter.send(to(general), Reply(card=card, files=(notes,)), key="1")
    message = general.last
    assert [file.filename for file in message.attachments] == ["my_picture.png", "notes.txt"]
    assert [file.content for file in message.attachments] == [base64.b64decode(PNG), b"hello"]
    assert message.embeds[0]["image"]["url"].endswith("my_picture.png")


async def test_files_that_cannot_be_sent(adapter: DiscordAdapter, general: Channel) -> None:
    large = File("large.bin", content=base64.b64encode(b"0" * (10 * 1024 * 1024 + 1)).decode())
    await adapter.send(to(general), Reply("Here it is.", files=(large,)), key="1")
    assert general.last.text == "Here it is.\n\n“large.bin” is too large to be sent on Discord (at most 10 MB)."
    await adapter.send(to(general), Reply(card=Card("So", picture=large)), key="2")
    assert "too large" in general.last.text
    with pytest.raises(Gone):
        await adapter.send(to(general), Reply(files=(File("x", path="/nowhere/x"),)), key="3")
    with pytest.raises(DeliveryError):
        await adapter.send(to(general), Reply(files=(File("x", content="%%%"),)), key="4")


async def test_a_long_answer_resumes_where_it_failed(
    fake: FakeDiscord, adapter: DiscordAdapter, general: Channel
) -> None:
    fake.fail("POST", "/channels/*/messages", faults.server_error(500), skip=1)
    with pytest.raises(Transient) as caught:
        await adapter.send(to(general), Reply(LONG), key="1")
    assert caught.value.maybe_done
    sent = await adapter.send(to(general), Reply(LONG), key="1")
    texts = [message.text for message in general.messages]
    assert len(texts) == len(sent.message_ids) > 2
    assert all(len(text) <= 2000 for text in texts)
    assert " ".join("\n\n".join(texts).split()) == " ".join(LONG.split())


@pytest.mark.parametrize("lost", [faults.server_error(502, after=True), faults.drop(after=True)], ids=["502", "reset"])
async def test_a_resend_of_what_had_arrived_is_dropped_by_the_platform(
    lost: faults.Fault, fake: FakeDiscord, adapter: DiscordAdapter, store: Store, general: Channel
) -> None:
    fake.fail("POST", "/channels/*/messages", lost)
    with pytest.raises(Transient) as caught:
        await adapter.send(to(general), Reply("once"), key="1")
    assert caught.value.maybe_done
    sent = await adapter.send(to(general), Reply("once"), key="1")
    fresh = new_adapter(fake)  # after a crash, with nothing in memory
    await fresh.start(store, [])
    assert await fresh.send(to(general), Reply("once"), key="1") == sent
    await fresh.send(to(general), Reply("once"), key="2")
    assert [message.text for message in general.messages] == ["once", "once"]
    await fresh.stop()


async def test_edits_grow_shrink_and_take_buttons_away(
    fake: FakeDiscord, adapter: DiscordAdapter, general: Channel
) -> None:
    sent = await adapter.send(to(general), Reply("Short", CARD), key="1")
    grown = await adapter.edit(to(general), sent, Reply(LONG))
    assert grown.message_ids[0] == sent.message_ids[0]
    assert (len(grown.message_ids) > 2, general.messages[0].buttons, general.messages[0].embeds) == (True, [], [])
    small = await adapter.edit(to(general), grown, Reply("Short again"))
    assert small == sent
    assert [message.text for message in general.messages] == ["Short again"]
    general.delete(general.last)
    with pytest.raises(Gone):
        await adapter.edit(to(general), small, Reply("too late"))


async def test_an_edit_that_grew_and_failed_doubles_nothing(
    fake: FakeDiscord, adapter: DiscordAdapter, general: Channel
) -> None:
    sent = await adapter.send(to(general), Reply("Short"), key="1")
    fake.fail("POST", "/channels/*/messages", faults.server_error(503), skip=1)
    with pytest.raises(Transient):
        await adapter.edit(to(general), sent, Reply(LONG))
    grown = await adapter.edit(to(general), sent, Reply(LONG))
    assert len(general.messages) == len(grown.message_ids)


async def test_private_answers_go_to_the_direct_chat(
    fake: FakeDiscord, adapter: DiscordAdapter, general: Channel, ana: User
) -> None:
    sent = await adapter.send(to(general, account=ana, private=True), Reply("for you alone"), key="1")
    assert fake.dm(ana).last.text == "for you alone"
    assert sent.place_id == str(fake.dm(ana).id)
    assert general.messages == []
    await adapter.send(to(general, account=ana, private=True), Reply("and this"), key="2")
    assert len(fake.calls("POST", "/users/@me/channels")) == 1
    await adapter.edit(to(general, account=ana, private=True), sent, Reply("changed"))
    assert fake.dm(ana).messages[0].text == "changed"
    ana.accepts_dms = False
    with pytest.raises(Unreachable):
        await adapter.send(to(general, account=ana, private=True), Reply("no way"), key="3")
    with pytest.raises(Unreachable):
        await adapter.send(to(general, private=True), Reply("for whom?"), key="4")


async def test_threads_are_answered_in_the_thread(
    adapter: DiscordAdapter, general: Channel, ana: User, store: Store
) -> None:
    thread = general.thread(ana, "Jobs")
    thread.say(ana, "<@bot> here")
    (said,) = await store.wait_for(1, EventKind.MESSAGE)
    address = to(general)
    sent = await adapter.send(
        type(address)("discord", said.place.id, said.place.thread, said.workspace), Reply("in the thread"), key="1"
    )
    assert thread.last.text == "in the thread"
    assert sent.place_id == str(thread.id)


async def test_a_short_429_is_waited_out_and_a_long_one_told(
    fake: FakeDiscord, adapter: DiscordAdapter, general: Channel
) -> None:
    fake.fail("POST", "/channels/*/messages", faults.limited(0.01))
    await adapter.send(to(general), Reply("soon"), key="1")
    fake.fail("POST", "/channels/*/messages", faults.limited(30.0))
    with pytest.raises(TooManyRequests) as caught:
        await adapter.send(to(general), Reply("later"), key="2")
    assert caught.value.after >= 30.0
    asked = len(fake.requests)
    with pytest.raises(TooManyRequests):
        await adapter.send(to(general), Reply("later"), key="2")
    assert len(fake.requests) == asked, "what Discord asked for is kept"
    waits.over(adapter)
    fake.fail("POST", "/channels/*/messages", faults.limited(0.5, via=False))
    with pytest.raises(TooManyRequests):
        await adapter.send(to(general), Reply("later"), key="2")
    waits.over(adapter)
    await adapter.send(to(general), Reply("later"), key="2")
    assert [message.text for message in general.messages] == ["soon", "later"]


async def test_the_last_request_of_a_limit_does_not_wait_for_its_renewal(
    fake: FakeDiscord, adapter: DiscordAdapter, general: Channel
) -> None:
    fake.limits.set("POST", "/channels/*/messages", 2, 3600.0)
    await adapter.send(to(general), Reply("one"), key="1")
    await adapter.send(to(general), Reply("two"), key="2")
    with pytest.raises(TooManyRequests) as caught:
        await adapter.send(to(general), Reply("three"), key="3")
    assert caught.value.after > 3000
    assert [message.text for message in general.messages] == ["one", "two"]


async def test_trouble_on_the_way(fake: FakeDiscord, adapter: DiscordAdapter, general: Channel) -> None:
    fake.fail("POST", "/channels/*/messages", faults.malformed())
    with pytest.raises((Transient, DeliveryError)):
        await adapter.send(to(general), Reply("a"), key="1")
    fake.fail("POST", "/channels/*/messages", faults.refused(10003))
    with pytest.raises(Gone):
        await adapter.send(to(general), Reply("a"), key="1")
    fake.revoke_token()
    with pytest.raises(Unauthorized):
        await adapter.send(to(general), Reply("a"), key="1")
    fake.restore_token()
    await fake.stop()
    with pytest.raises(Transient):
        await adapter.send(to(general), Reply("a"), key="1")  # by a connection that was still open
    with pytest.raises(Transient) as caught:
        await adapter.send(to(general), Reply("a"), key="1")
    assert not caught.value.maybe_done


async def test_a_missing_permission_is_named(
    fake: FakeDiscord, adapter: DiscordAdapter, general: Channel, guild: Guild, ana: User
) -> None:
    general.bot_may("view_channel", "read_message_history")
    await fake.gateway.wait_until_received()
    with pytest.raises(NotPermitted, match="Send Messages, Embed Links, Attach Files"):
        await adapter.send(to(general), Reply("hello"), key="1")
    assert any("In #general of “Makers” the bot lacks a permission: Send Messages" in one for one in adapter.explain())
    general.bot_may()
    await fake.gateway.wait_until_received()
    with pytest.raises(NotPermitted, match="View Channel"):
        await adapter.send(to(general), Reply("hello"), key="2")


async def test_nothing_to_say_sends_nothing(adapter: DiscordAdapter, general: Channel) -> None:
    assert await adapter.send(to(general), Reply(""), key="1") == Sent(str(general.id), ())
    assert general.messages == []


async def test_before_start_and_after_stop(fake: FakeDiscord, adapter: DiscordAdapter, general: Channel) -> None:
    with pytest.raises(Transient):
        await new_adapter(fake).send(to(general), Reply("hello"), key="1")
    await adapter.stop()
    with pytest.raises(Transient):
        await adapter.send(to(general), Reply("hello"), key="1")


async def test_no_words_and_no_tokens_in_the_logs(
    fake: FakeDiscord,
    adapter: DiscordAdapter,
    general: Channel,
    ana: User,
    store: Store,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    general.say(ana, "<@bot> xyzzy")
    await store.wait_for(1)
    asked = general.slash(ana, "need", "close", {"need": "xyzzy"})
    (event,) = await store.wait_for(1, EventKind.COMMAND)
    fake.fail("PATCH", "/webhooks/**", faults.limited(0.01))
    address = type(to(general))("discord", event.place.id, respond=event.respond)
    await adapter.send(address, Reply("plugh"), key="1")
    assert asked.token not in caplog.text
    assert asked.token not in repr(event)
    assert fake.token not in caplog.text
    assert "plugh" not in caplog.text
    assert "xyzzy" not in caplog.text


async def test_a_429_for_everything_keeps_everything_back(
    fake: FakeDiscord, adapter: DiscordAdapter, general: Channel
) -> None:
    fake.fail("POST", "/channels/*/messages", faults.limited(30.0, everywhere=True))
    with pytest.raises(TooManyRequests):
        await adapter.send(to(general), Reply("later"), key="1")
    asked = len(fake.requests)
    rest = adapter._rest
    assert rest is not None
    with pytest.raises(TooManyRequests) as caught:
        await rest.call("GET", "/users/@me")
    assert 29.0 < caught.value.after <= 30.0
    assert len(fake.requests) == asked
