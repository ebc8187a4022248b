"""Conversations and text, as people and the real library see them."""

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    MessageEntity,
    Update,
)
from telegram.error import (
    BadRequest,
)
from telegram.ext import ContextTypes

from tests.fakes.telegram import Chat, FakeTelegram, User
from tests.test_fakes.tools import PNG, arrived, polling


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    if update.callback_query is not None:
        await update.callback_query.answer("noted", show_alert=True)
        await update.callback_query.edit_message_text("chosen")
    elif update.effective_message is not None and update.message is not None:
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y1")]])
        words = update.effective_message.text_html or "something"
        await update.effective_message.reply_html(f"<b>You</b>: {words}", reply_markup=keyboard, do_quote=True)


async def test_message_reply_button_edit(tg: FakeTelegram, ann: User) -> None:
    async with polling(tg, echo):
        chat = tg.private(ann)
        reply = await chat.wait_for_reply(after=chat.say(ann, "a < b"))
        assert (reply.text, reply.buttons) == ("You: a < b", ["Yes"])
        assert reply.reply_to is chat.messages[0]
        assert reply.entities[0] == {"type": "bold", "offset": 0, "length": 3}
        pressed = chat.press(ann, reply, "Yes")
        await chat.wait_for_edit(reply, after=pressed, contains="chosen")
        answer = await chat.wait_for_answer(after=pressed)
    assert (answer.text, answer.alert, answer.data) == ("noted", True, "y1")
    assert (reply.edits, reply.history, reply.buttons) == (1, ["You: a < b"], [])
    assert tg.counts["sendMessage"] == 1
    assert tg.calls("sendMessage")[0].params["text"] == "<b>You</b>: a &lt; b"
    assert tg.calls("sendMessage")[0].status == 200


async def test_people_side(tg: FakeTelegram, ann: User) -> None:
    async with polling(tg, allowed=Update.ALL_TYPES) as seen:
        chat = tg.private(ann)
        chat.start(ann, "CODE-1")
        update = await arrived(seen)
        assert update.message is not None
        assert update.message.text == "/start CODE-1"
        assert update.message.parse_entities() == {update.message.entities[0]: "/start"}
        assert update.effective_user is not None
        assert update.effective_user.language_code == "de"
        chat.edit(ann, update.message.message_id, "better")
        update = await arrived(seen)
        assert update.edited_message is not None
        assert (update.edited_message.text, bool(update.edited_message.edit_date)) == ("better", True)
        chat.react(ann, 1, "👍")
        update = await arrived(seen)
        assert update.message_reaction is not None
        assert [one.to_dict()["emoji"] for one in update.message_reaction.new_reaction] == ["👍"]
        chat.block()
        update = await arrived(seen)
        assert update.my_chat_member is not None
        assert update.my_chat_member.new_chat_member.status == "kicked"
        with pytest.raises(ValueError, match="unblock"):
            chat.say(ann, "hm")
        chat.unblock()
        chat.delete(1)
        assert chat.messages == []
        with pytest.raises(LookupError, match="no message 99"):
            chat.press(ann, 99, "Yes")


async def test_waiting_in_vain_shows_the_chat(chat: Chat, ann: User) -> None:
    chat.say(ann, "anyone?")
    with pytest.raises(AssertionError, match=r"a reply with 'yes' did not happen within.*(?s:.*)anyone"):
        await chat.wait_for_reply(contains="yes", timeout=0.01)


async def test_files_both_ways(tg: FakeTelegram, bot: Bot, chat: Chat, ann: User) -> None:
    chat.send_file(ann, "notes.txt", b"hello", mime="text/plain", caption="see #this")
    chat.send_file(ann, "p.png", PNG, photo=True)
    first, second = await bot.get_updates()
    assert first.message is not None
    assert first.message.document is not None
    assert first.message.caption == "see #this"
    file = await first.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"hello"
    assert second.message is not None
    assert len(second.message.photo) == 3
    sent = await bot.send_document(chat.id, InputFile(b"a,b\n", "t.csv"), caption="<i>x</i>", parse_mode="HTML")
    assert sent.document is not None
    assert (sent.document.file_name, sent.caption) == ("t.csv", "x")
    again = await bot.send_document(chat.id, sent.document.file_id)
    assert again.document is not None
    await bot.send_photo(chat.id, PNG)
    await bot.edit_message_caption(chat.id, sent.message_id, caption="new")
    assert [message.is_file for message in chat.bot_messages] == [True, True, True]
    uploads = [value for value in tg.calls("sendDocument")[0].params.values() if isinstance(value, dict)]
    assert uploads == [{"file_name": "t.csv", "mime_type": "text/csv", "size": 4}]
    for call, problem in (
        (lambda: bot.send_photo(chat.id, b"no picture"), "Image_process_failed"),
        (lambda: bot.send_document(chat.id, b""), "File must be non-empty"),
        (lambda: bot.send_document(chat.id, "nonsense"), "Wrong file identifier"),
        (lambda: bot.get_file("nonsense"), "Wrong file identifier"),
        (lambda: bot.edit_message_text("x", chat.id, sent.message_id), "no text in the message"),
    ):
        with pytest.raises(BadRequest, match=problem):
            await call()


async def test_entities_are_in_utf16_units(tg: FakeTelegram, bot: Bot, ann: User) -> None:
    group = tg.group("G", [ann], privacy_mode=False)
    group.say(ann, "😀 /vote@nexus_test_bot 3 @ann_a #tag https://a.example/x. mail@a.example 1/2 //no")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert [(e.type, part) for e, part in update.message.parse_entities().items()] == [
        ("bot_command", "/vote@nexus_test_bot"),
        ("mention", "@ann_a"),
        ("hashtag", "#tag"),
        ("url", "https://a.example/x"),
        ("email", "mail@a.example"),
    ]
    assert update.message.entities[0].offset == 3


async def test_html_is_parsed(bot: Bot, chat: Chat, ann: User) -> None:
    message = await bot.send_message(
        chat.id,
        '  <b>é<i>😀</i></b> <a href="https://a.example">l</a> &lt;&amp;&#33;&nope; '
        '<pre><code class="language-py">x</code></pre> <blockquote expandable>q</blockquote> '
        f'<a href="tg://user?id={ann.id}">you</a> <span class="tg-spoiler">s</span> <code>@bob</code>\n ',
        parse_mode="HTML",
    )
    assert message.text == "é😀 l <&!&nope; x q you s @bob"
    found = [(e.type, message.parse_entity(e)) for e in message.entities]
    assert found == [
        ("bold", "é😀"),
        ("italic", "😀"),
        ("text_link", "l"),
        ("pre", "x"),
        ("expandable_blockquote", "q"),
        ("text_mention", "you"),
        ("spoiler", "s"),
        ("code", "@bob"),
    ]
    assert message.entities[3].language == "py"
    given = await bot.send_message(chat.id, "a😀b", entities=[MessageEntity("bold", 1, 2)])
    assert given.parse_entities() == {given.entities[0]: "😀"}


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("<b>x", 'find end tag corresponding to start tag "b"'),
        ("a < b", 'unsupported start tag "" at byte offset 2'),
        ("é<br>", 'unsupported start tag "br" at byte offset 2'),
        ("<b>x</i>", 'unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "unexpected end tag at byte offset 1"),
        ("<b>x</b", "unclosed end tag at byte offset 4"),
        ("<b", "unclosed start tag at byte offset 0"),
        ('<a href="x>y</a>', "unclosed start tag at byte offset 0"),
        ("<a href=x/>y</a>", "unexpected end of name token at byte offset 8"),
        ('<a ="x">y</a>', 'empty attribute name in the tag "a"'),
        ("<span>x</span>", 'must have class "tg-spoiler"'),
    ],
)
async def test_html_is_refused(bot: Bot, chat: Chat, source: str, problem: str) -> None:
    with pytest.raises(BadRequest) as caught:
        await bot.send_message(chat.id, source, parse_mode="HTML")
    assert caught.value.message.lower().startswith("can't parse entities: ")
    assert problem in caught.value.message.lower()
