"""Replies out, against the fake Bot API server with the real library."""

import base64
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import (
    Address,
    Attachment,
    Button,
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
from adapters.telegram.adapter import TelegramAdapter
from tests.adapters.store import Store
from tests.adapters.telegram.conftest import to
from tests.fakes.telegram import Chat, FakeTelegram, Message, User, faults

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PICTURE = File("tree.png", "image/png", content=base64.b64encode(PNG).decode())
LONG = "\n\n".join(f"Paragraph {number}. " + "word " * 300 for number in range(6))  # two and a half messages


def shown(chat: Chat) -> list[str]:
    return [message.text for message in chat.bot_messages]


def message(chat: Chat, sent: Sent, index: int = 0) -> Message:
    found = chat.message(int(sent.message_ids[index]))
    assert found is not None
    return found


async def test_a_reply_answers_the_message_that_asked(
    adapter: TelegramAdapter, store: Store, direct: Chat, ana: User
) -> None:
    direct.say(ana, "hello")
    (event,) = await store.wait_for(1)
    address = Address("telegram", event.place.id, reply_to=event.message_id)
    sent = await adapter.send(address, Reply("**Hi** <Ana> & all"), key="k1")
    answer = message(direct, sent)
    assert answer.text == "Hi <Ana> & all"
    assert answer.entities[0]["type"] == "bold"
    assert answer.reply_to is direct.messages[0]
    assert sent.place_id == str(ana.id)


async def test_a_message_to_answer_that_is_gone_does_not_stop_the_answer(
    adapter: TelegramAdapter, direct: Chat
) -> None:
    sent = await adapter.send(to(direct, reply_to=4711), Reply("Here"), key="k1")
    assert message(direct, sent).reply_to is None


async def test_answers_go_into_their_topic(tg: FakeTelegram, adapter: TelegramAdapter, ana: User) -> None:
    forum = tg.group("Guild", [ana], forum=True)
    topic = forum.topic(ana, "Jobs")
    sent = await adapter.send(to(forum, thread=topic), Reply("Here"), key="k1")
    assert message(forum, sent).thread == topic
    await adapter.typing(to(forum, thread=topic))
    assert forum.actions == ["typing"]
    with pytest.raises(Gone):
        await adapter.send(to(forum, thread=4711), Reply("Here"), key="k2")


async def test_buttons_come_back_as_presses_and_are_answered(
    adapter: TelegramAdapter, store: Store, direct: Chat, ana: User
) -> None:
    card = Card(title="Sure?", buttons=(Button("Yes", "token-1"), Button("No", "token-2")))
    sent = await adapter.send(to(direct), Reply(card=card), key="k1")
    direct.press(ana, message(direct, sent), "Yes")
    (event,) = await store.wait_for(1)
    assert event.kind is EventKind.BUTTON
    assert event.press is not None
    assert (event.press.token, event.press.message_id) == ("token-1", sent.message_ids[0])
    await adapter.answer_press(event, "Done")
    assert direct.answers[0].text == "Done"
    done = await adapter.edit(to(direct), sent, Reply(card=Card(title="Done")))
    assert done == sent
    assert (message(direct, sent).text, message(direct, sent).buttons) == ("Done", [])


async def test_a_press_too_old_to_be_answered_is_no_error(
    tg: FakeTelegram, adapter: TelegramAdapter, store: Store, direct: Chat, ana: User
) -> None:
    sent = await adapter.send(to(direct), Reply(card=Card(title="?", buttons=(Button("Yes", "t"),))), key="k1")
    direct.press(ana, message(direct, sent), "Yes")
    (event,) = await store.wait_for(1)
    tg.expire_callbacks()
    await adapter.answer_press(event)
    direct.say(ana, "no press")
    await adapter.answer_press((await store.wait_for(2))[1])
    assert tg.counts["answerCallbackQuery"] == 1


async def test_a_long_answer_arrives_in_parts(adapter: TelegramAdapter, direct: Chat) -> None:
    card = Card(buttons=(Button("More", "t"),))
    sent = await adapter.send(to(direct, reply_to=1), Reply(LONG, card), key="k1")
    texts = shown(direct)
    assert len(sent.message_ids) == len(texts) == 3
    assert [bool(one.buttons) for one in direct.bot_messages] == [False, False, True]
    assert " ".join(texts).split() == LONG.split()
    assert all(text.startswith("Paragraph") for text in texts)


async def test_a_split_answer_goes_on_where_it_stopped(
    tg: FakeTelegram, adapter: TelegramAdapter, direct: Chat
) -> None:
    tg.fail("sendMessage", faults.server_error(500), skip=1)
    with pytest.raises(Transient) as failed:
        await adapter.send(to(direct), Reply(LONG), key="k1")
    assert failed.value.maybe_done
    assert len(shown(direct)) == 1
    sent = await adapter.send(to(direct), Reply(LONG), key="k1")
    assert len(sent.message_ids) == len(shown(direct)) == 3
    assert await adapter.send(to(direct), Reply(LONG), key="k1") == sent
    assert len(shown(direct)) == 3


async def test_a_streamed_answer_is_edited_grows_and_shrinks(adapter: TelegramAdapter, direct: Chat) -> None:
    sent = await adapter.send(to(direct), Reply("…"), key="k1")
    sent = await adapter.edit(to(direct), sent, Reply("```py\nx = 1"))
    sent = await adapter.edit(to(direct), sent, Reply("```py\nx = 1"))  # nothing new is no error
    assert message(direct, sent).edits == 1
    sent = await adapter.edit(to(direct), sent, Reply(LONG))
    assert len(sent.message_ids) == len(shown(direct)) == 3
    sent = await adapter.edit(to(direct), sent, Reply("short"))
    assert len(sent.message_ids) == 1
    assert shown(direct) == ["short"]


async def test_an_edit_that_failed_after_growing_does_not_grow_twice(
    tg: FakeTelegram, adapter: TelegramAdapter, direct: Chat
) -> None:
    sent = await adapter.send(to(direct), Reply("…"), key="k1")
    tg.fail("sendMessage", faults.drop(), skip=1)
    with pytest.raises(Transient):
        await adapter.edit(to(direct), sent, Reply(LONG))
    sent = await adapter.edit(to(direct), sent, Reply(LONG))
    assert len(sent.message_ids) == len(shown(direct)) == 3


async def test_what_somebody_deleted_is_said_anew_under_the_same_key(adapter: TelegramAdapter, direct: Chat) -> None:
    sent = await adapter.send(to(direct), Reply("…"), key="k1")
    direct.delete(message(direct, sent))
    with pytest.raises(Gone):
        await adapter.edit(to(direct), sent, Reply("The whole answer."))
    await adapter.send(to(direct), Reply("The whole answer."), key="k1")
    assert shown(direct) == ["The whole answer."]


async def test_an_edit_of_a_message_that_is_gone(adapter: TelegramAdapter, direct: Chat) -> None:
    sent = await adapter.send(to(direct), Reply("one"), key="k1")
    direct.delete(message(direct, sent))
    with pytest.raises(Gone):
        await adapter.edit(to(direct), sent, Reply("two"))


async def test_formatting_that_is_refused_is_sent_plain(
    tg: FakeTelegram, adapter: TelegramAdapter, direct: Chat
) -> None:
    tg.fail("sendMessage", faults.refused(400, "Bad Request: can't parse entities: Unsupported start tag"))
    sent = await adapter.send(to(direct), Reply("**bold** & more"), key="k1")
    assert message(direct, sent).text == "bold & more"
    assert message(direct, sent).entities == []
    tg.fail("editMessageText", faults.refused(400, "Bad Request: can't parse entities: Unsupported start tag"))
    await adapter.edit(to(direct), sent, Reply("**new**"))
    assert message(direct, sent).text == "new"


async def test_files_and_pictures_out(adapter: TelegramAdapter, direct: Chat, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    report.write_bytes(b"a,b\n")
    card = Card(title="Tree", picture=PICTURE, buttons=(Button("Open", "t"),))
    sent = await adapter.send(
        to(direct), Reply(card=card, files=(File("report.csv", "text/csv", str(report)),)), key="k"
    )
    photo, document = direct.bot_messages
    assert len(sent.message_ids) == 2
    assert ("photo" in photo.extra, photo.text, photo.buttons) == (True, "Tree", ["Open"])
    assert document.extra["document"]["file_name"] == "report.csv"


async def test_a_picture_that_is_refused_goes_as_a_file(adapter: TelegramAdapter, direct: Chat) -> None:
    broken = File("tree.png", "image/png", content=base64.b64encode(b"no picture").decode())
    sent = await adapter.send(to(direct), Reply(card=Card(title="Tree", picture=broken)), key="k1")
    assert message(direct, sent).extra["document"]["file_name"] == "tree.png"
    assert message(direct, sent).text == "Tree"


async def test_the_words_under_a_picture_can_be_edited(adapter: TelegramAdapter, direct: Chat) -> None:
    card = Card(title="Sure?", picture=PICTURE, buttons=(Button("Yes", "t"),))
    sent = await adapter.send(to(direct), Reply(card=card), key="k1")
    assert await adapter.edit(to(direct), sent, Reply("**Done**")) == sent
    assert (message(direct, sent).text, message(direct, sent).buttons) == ("Done", [])
    longer = await adapter.edit(to(direct), sent, Reply("word " * 300))
    assert longer != sent
    assert [one.is_file for one in direct.bot_messages] == [False]


async def test_a_text_becomes_a_picture_and_another_picture(adapter: TelegramAdapter, direct: Chat) -> None:
    sent = await adapter.send(to(direct), Reply("drawing it …"), key="k1")
    card = Card(title="Tree", picture=PICTURE, buttons=(Button("Open", "t"),))
    assert await adapter.edit(to(direct), sent, Reply(card=card)) == sent
    drawn = message(direct, sent)
    assert ("photo" in drawn.extra, drawn.text, drawn.buttons) == (True, "Tree", ["Open"])
    broken = File("tree.png", "image/png", content=base64.b64encode(b"no picture").decode())
    assert await adapter.edit(to(direct), sent, Reply(card=Card(title="Tree 2", picture=broken))) == sent
    assert ("document" in drawn.extra, drawn.text, drawn.buttons) == (True, "Tree 2", [])


@pytest.mark.parametrize(
    ("file", "error"), [(File("x", path="/no/such/file"), Gone), (File("x", content="?"), DeliveryError)]
)
async def test_a_file_of_ours_that_cannot_be_read(
    adapter: TelegramAdapter, direct: Chat, file: File, error: type[DeliveryError]
) -> None:
    with pytest.raises(error):
        await adapter.send(to(direct), Reply(files=(file,)), key="k1")


async def test_files_in(tg: FakeTelegram, adapter: TelegramAdapter, store: Store, direct: Chat, ana: User) -> None:
    direct.send_file(ana, "cv.pdf", b"%PDF", mime="application/pdf", caption="my cv")
    direct.send_file(ana, "me.png", PNG, photo=True)
    document, photo = await store.wait_for(2)
    assert document.text == "my cv"
    assert (document.attachments[0].name, document.attachments[0].size) == ("cv.pdf", 4)
    assert await adapter.fetch(document.attachments[0]) == b"%PDF"
    assert await adapter.fetch(photo.attachments[0]) == PNG


async def test_a_file_too_large_or_gone(tg: FakeTelegram, adapter: TelegramAdapter, store: Store) -> None:
    with pytest.raises(Gone):
        await adapter.fetch(Attachment("no-such-file"))
    tg.fail("getFile", faults.refused(400, "Bad Request: file is too big"))
    with pytest.raises(Gone, match="20 MB"):
        await adapter.fetch(Attachment("x"))
    stored = tg.files.keep("cv.pdf", "application/pdf", b"%PDF")
    tg.files._by_path.clear()
    with pytest.raises(Gone):
        await adapter.fetch(Attachment(stored.file_id))
    official = TelegramAdapter(tg.token)
    with pytest.raises(Gone, match="20 MB"):
        await official.fetch(Attachment("x", size=21 << 20))


async def test_private_answers_go_to_the_direct_chat(
    tg: FakeTelegram, adapter: TelegramAdapter, direct: Chat, ana: User
) -> None:
    group = tg.group("Guild", [ana])
    group.say(ana, "/me@nexus_test_bot")
    address = Address("telegram", str(group.id), account_id=str(ana.id), private=True, reply_to="1")
    sent = await adapter.send(address, Reply("only for you"), key="k1")
    assert sent.place_id == str(ana.id)
    assert shown(direct) == ["only for you"]
    assert shown(group) == []
    await adapter.edit(address, sent, Reply("still only for you"))
    assert shown(direct) == ["still only for you"]


async def test_who_cannot_be_reached_in_private(tg: FakeTelegram, adapter: TelegramAdapter, ana: User) -> None:
    group = tg.group("Guild", [ana, ben := tg.user("Ben")])

    def private(account: object) -> Address:
        return Address("telegram", str(group.id), account_id=str(account), private=True)

    with pytest.raises(Unreachable):
        await adapter.send(private(ana.id), Reply("hi"), key="k1")  # never opened
    tg.private(ben, opened=True).block()
    with pytest.raises(Unreachable):
        await adapter.send(private(ben.id), Reply("hi"), key="k2")
    with pytest.raises(Unreachable):
        await adapter.send(private(99), Reply("hi"), key="k3")  # never met
    with pytest.raises(Unreachable):
        await adapter.send(private(""), Reply("hi"), key="k4")
    assert shown(group) == []


async def test_a_group_that_is_gone_moved_or_closed_to_us(
    tg: FakeTelegram, adapter: TelegramAdapter, ana: User
) -> None:
    with pytest.raises(Gone):
        await adapter.send(Address("telegram", "-100999"), Reply("hi"), key="k1")
    left = tg.group("Left", [ana])
    left.leave(tg.bot.user, by=ana)
    with pytest.raises(Gone):
        await adapter.send(to(left), Reply("hi"), key="k2")
    small = tg.group("Small", [ana], supergroup=False)
    large = small.migrate()
    sent = await adapter.send(to(small), Reply("hi"), key="k3")
    assert sent.place_id == str(large.id)
    await adapter.send(to(small), Reply("again"), key="k4")
    assert shown(large) == ["hi", "again"]
    quiet = tg.group("Quiet", [ana])
    quiet.set_status(tg.bot.user, "restricted", rights=["can_send_documents"])
    with pytest.raises(NotPermitted, match="can_send_messages"):
        await adapter.send(to(quiet), Reply("hi"), key="k5")
    assert any(f"{quiet.id} the bot lacks a permission: can_send_messages" in line for line in adapter.explain())


FAULTS: list[tuple[faults.Fault, type[DeliveryError], dict[str, Any]]] = [
    (faults.flood(7), TooManyRequests, {"after": 7.0}),
    (faults.server_error(500), Transient, {"maybe_done": True}),
    (faults.server_error(502, after=True), Transient, {"maybe_done": True}),
    (faults.drop(), Transient, {"maybe_done": True}),
    (faults.drop(after=True), Transient, {"maybe_done": True}),
    (faults.malformed(after=True), Transient, {"maybe_done": True}),
    (faults.refused(404, "Not Found"), Unauthorized, {}),
    (faults.refused(401, "Unauthorized"), Unauthorized, {}),
    (faults.refused(400, "Bad Request: CHAT_WRITE_FORBIDDEN"), NotPermitted, {}),
    (faults.refused(400, "Bad Request: need administrator rights in the channel chat"), NotPermitted, {}),
    (faults.refused(403, "Forbidden: CHAT_RESTRICTED"), NotPermitted, {}),
    (faults.refused(413, "Request Entity Too Large"), DeliveryError, {}),
    (faults.refused(400, 'Bad Request: "xyzzy" is odd'), DeliveryError, {}),
]


@pytest.mark.parametrize(("fault", "error", "more"), FAULTS, ids=lambda value: None)
async def test_what_goes_wrong_in_the_contract_s_words(
    tg: FakeTelegram,
    adapter: TelegramAdapter,
    direct: Chat,
    fault: faults.Fault,
    error: type[DeliveryError],
    more: dict[str, Any],
) -> None:
    tg.fail("sendMessage", fault)
    with pytest.raises(error) as failed:
        await adapter.send(to(direct), Reply("xyzzy"), key="k1")
    assert {name: getattr(failed.value, name) for name in more} == more
    assert "xyzzy" not in str(failed.value)
    assert tg.token not in str(failed.value)


async def test_after_a_429_the_chat_is_left_alone_and_others_are_not(
    tg: FakeTelegram, adapter: TelegramAdapter, direct: Chat
) -> None:
    tg.fail("sendMessage", faults.flood(30))
    for key in ("k1", "k2"):
        with pytest.raises(TooManyRequests):
            await adapter.send(to(direct), Reply("hi"), key=key)
    assert tg.counts["sendMessage"] == 1
    other = tg.private(tg.user("Ben"), opened=True)
    await adapter.send(to(other), Reply("hi"), key="k3")
    assert shown(other) == ["hi"]


async def test_an_unreachable_platform_has_done_nothing(
    tg: FakeTelegram, adapter: TelegramAdapter, direct: Chat
) -> None:
    await tg.stop()
    with pytest.raises(Transient) as failed:
        await adapter.send(to(direct), Reply("hi"), key="k1")
    assert not failed.value.maybe_done
    await adapter.typing(to(direct))
    await tg.start()
    await adapter.stop()
    with pytest.raises(Transient) as failed:
        await adapter.send(to(direct), Reply("hi"), key="k1")
    assert not failed.value.maybe_done


async def test_nothing_to_say_is_nothing_sent(tg: FakeTelegram, adapter: TelegramAdapter, direct: Chat) -> None:
    assert await adapter.send(to(direct), Reply(" "), key="k1") == Sent(str(direct.id), ())
    assert tg.counts["sendMessage"] == 0


def test_what_the_platform_can_do_is_said_as_it_is() -> None:
    adapter = TelegramAdapter("1:x")
    can = adapter.capabilities
    assert (adapter.name, can.max_length, can.direct_first, can.private_in_group) == ("telegram", 4096, False, False)
    assert (can.idempotent_send, can.sees_deletions) == (False, False)
    assert adapter.reaches("5")
    adapter.turn_done("41")
