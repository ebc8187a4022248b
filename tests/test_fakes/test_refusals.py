"""What the Bot API refuses, in its words."""

from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
)

from tests.fakes.telegram import Chat, FakeTelegram, User
from tests.test_fakes.tools import buttons


async def test_messages_refused(tg: FakeTelegram, bot: Bot, chat: Chat, ann: User) -> None:
    async def send(text: str = "x", **more: Any) -> None:
        await bot.send_message(chat.id, text, **more)

    await send("😀" * 2048)
    await send("<b>" + "x" * 4096 + "</b>", parse_mode="HTML")
    await send("x" * 4096 + "   ")
    for call, problem in (
        (lambda: send("😀" * 2048 + "x"), "Message is too long"),
        (lambda: send(""), "Message text is empty"),
        (lambda: send(" \n "), "Text must be non-empty"),
        (lambda: send(parse_mode="TeX"), "Unsupported parse_mode"),
        (lambda: send(message_thread_id=7), "Message thread not found"),
        (lambda: send(reply_parameters=ReplyParameters(999)), "Message to be replied not found"),
        (lambda: send(entities=[MessageEntity("bold", 0, 9)]), "Entity_bounds_invalid"),
        (lambda: send(reply_markup=buttons("x" * 65)), "Button_data_invalid"),
        (lambda: send(reply_markup=buttons("é" * 33)), "Button_data_invalid"),
        (lambda: send(reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("x")]])), "text buttons are unallowed"),
        (lambda: bot.edit_message_text("x", chat.id, 999), "Message to edit not found"),
        (lambda: bot.delete_message(chat.id, 999), "Message to delete not found"),
        (lambda: bot.set_message_reaction(chat.id, 1, "x"), "Reaction_invalid"),
        (lambda: bot.send_chat_action(chat.id, "dancing"), "Wrong parameter action"),
        (lambda: bot.send_message(424242, "x"), "Chat not found"),
        (lambda: bot.send_message(-424242, "x"), "Chat not found"),
        (lambda: bot.answer_callback_query("12"), "Query is too old"),
    ):
        with pytest.raises(BadRequest, match=problem):
            await call()
    await send(reply_markup=buttons("é" * 32))
    await send(reply_parameters=ReplyParameters(999, allow_sending_without_reply=True))
    chat.say(ann, "mine")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", chat.id, chat.last.message_id)
    await bot.set_message_reaction(chat.id, chat.last.message_id, "❤")
    await bot.send_chat_action(chat.id, "typing")
    assert chat.last.reactions[tg.bot.id] == ["❤"]
    assert chat.actions == ["typing"]


async def test_edits(bot: Bot, chat: Chat) -> None:
    sent = await bot.send_message(chat.id, "one", reply_markup=buttons("d"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("one ", chat.id, sent.message_id, reply_markup=buttons("d"))
    await bot.edit_message_reply_markup(chat.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(chat.id, sent.message_id)
    await bot.edit_message_text("two", chat.id, sent.message_id)
    assert (chat.last.text, chat.last.edits, chat.last.history) == ("two", 2, ["one"])
    assert await bot.delete_message(chat.id, sent.message_id)
    assert chat.messages == []


async def test_drafts_are_for_private_chats(tg: FakeTelegram, bot: Bot, chat: Chat, ann: User) -> None:
    await bot.send_message_draft(chat.id, 5, "thin")
    await bot.send_message_draft(chat.id, 5, "thinking")
    assert chat.drafts == ["thin", "thinking"]
    await bot.send_message(chat.id, "thought")
    assert chat.drafts == []
    with pytest.raises(BadRequest, match="Textdraft_peer_invalid"):
        await bot.send_message_draft(tg.group("G", [ann]).id, 5, "x")


async def test_who_may_be_written_to(tg: FakeTelegram, bot: Bot) -> None:
    ben = tg.user("Ben")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(ben.id, "x")
    group = tg.group("G", [ben])
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(ben.id, "x")
    tg.private(ben).start(ben)
    await bot.send_message(ben.id, "x")
    tg.private(ben).block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ben.id, "x")
    group.leave(tg.bot.user, by=ben)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group.id, "x")
    group.join(tg.bot.user, by=ben)
    await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "x")
    old = tg.group("Old", [ben], supergroup=False)
    new = old.migrate()
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(old.id, "x")
    assert moved.value.new_chat_id == new.id
    await bot.send_message(new.id, "x")


async def test_callbacks_expire(tg: FakeTelegram, bot: Bot, chat: Chat, ann: User) -> None:
    sent = await bot.send_message(chat.id, "?", reply_markup=buttons("d"))
    chat.press(ann, sent.message_id, "d")
    (update,) = await bot.get_updates()
    tg.expire_callbacks()
    assert update.callback_query is not None
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
        await update.callback_query.answer()
    with pytest.raises(LookupError, match="no button 'e'"):
        chat.press(ann, sent.message_id, "e")
    await bot.delete_message(chat.id, sent.message_id)
    chat.callback(ann, sent.message_id, "forged")
    update = (await bot.get_updates(offset=update.update_id + 1))[0]
    assert update.callback_query is not None
    assert update.callback_query.message is not None
    assert not update.callback_query.message.is_accessible


async def test_any_encoding_and_odd_addresses(tg: FakeTelegram, chat: Chat) -> None:
    where = f"{tg.base_url}{tg.token}"
    async with aiohttp.ClientSession() as session:

        async def ask(url: str, **more: Any) -> tuple[int, Any]:
            async with session.post(url, **more) as answer:
                body = await answer.json()
                return answer.status, body.get("description", body.get("result"))

        arguments = {"chat_id": str(chat.id), "text": "5"}
        for more in ({"json": arguments}, {"data": arguments}, {"params": arguments}):
            assert (await ask(f"{where}/SENDMESSAGE", **more))[0] == 200
        assert [message.text for message in chat.messages] == ["5", "5", "5"]
        headers = {"Content-Type": "application/json"}
        broken = await ask(f"{where}/sendMessage", data=b"{", headers=headers)
        assert broken == (400, "Bad Request: can't parse request JSON object")
        assert await ask(f"{where}/sendMessage", json={"text": "x"}) == (400, "Bad Request: chat_id is empty")
        assert await ask(f"{tg.base_url}nonsense/getMe") == (404, "Not Found")
        assert await ask(f"{tg.file_base_url}{tg.token}/documents/none") == (404, "Not Found")
        assert await ask(f"{tg.file_base_url}1:x/documents/none") == (401, "Unauthorized")
        markup = {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "d"}] * 101]}}
        long = await ask(f"{where}/sendMessage", json=arguments | markup)
        assert long == (400, "Bad Request: reply markup is too long")
        markdown = await ask(f"{where}/sendMessage", json=arguments | {"parse_mode": "MarkdownV2"})
        assert markdown[0] == 501
    with pytest.raises(AssertionError, match="called 0 times"):
        await tg.wait_for_calls("leaveChat", timeout=0.01)
