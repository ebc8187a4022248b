"""Faults on demand."""

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import (
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from tests.fakes.telegram import Chat, FakeTelegram, User, faults
from tests.test_fakes.tools import client


async def test_faults_on_sending(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    plan: list[tuple[faults.Fault, type[TelegramError], int]] = [
        (faults.flood(7), RetryAfter, 0),
        (faults.server_error(500), NetworkError, 0),
        (faults.server_error(502), NetworkError, 0),
        (faults.server_error(502, after=True), NetworkError, 1),
        (faults.drop(), NetworkError, 0),
        (faults.drop(after=True), NetworkError, 1),
        (faults.malformed(), TelegramError, 0),
        (faults.malformed(after=True), TelegramError, 1),
        (faults.refused(403, "Forbidden: user is deactivated"), Forbidden, 0),
    ]
    for fault, error, arrives in plan:
        before = len(chat.messages)
        tg.fail("sendMessage", fault)
        with pytest.raises(error) as caught:
            await bot.send_message(chat.id, "x")
        assert len(chat.messages) - before == arrives, fault
        if isinstance(caught.value, RetryAfter):
            assert caught.value.retry_after == timedelta(seconds=7)
        await bot.send_message(chat.id, "y")
        assert len(chat.messages) - before == arrives + 1
    assert [request.status for request in tg.calls("sendMessage")][:2] == [429, 200]


async def test_faults_are_counted_skipped_and_narrowed(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    tg.fail("sendMessage", faults.flood(), times=2, skip=1, where={"chat_id": chat.id})
    outcomes = []
    for text in "abcd":
        try:
            await bot.send_message(chat.id, text)
        except RetryAfter:
            outcomes.append("429")
        else:
            outcomes.append(text)
    assert outcomes == ["a", "429", "429", "d"]
    tg.fail("*", faults.server_error())
    tg.faults.clear()
    await bot.get_me()


async def test_slow_and_held_calls(tg: FakeTelegram, chat: Chat) -> None:
    async with client(tg, read_timeout=0.2) as impatient:
        tg.fail("sendMessage", faults.slow(0.01))
        await impatient.send_message(chat.id, "slow")
        late = tg.fail("sendMessage", faults.hold(after=True))
        with pytest.raises(TimedOut):
            await impatient.send_message(chat.id, "done, but nobody hears of it")
        assert late.reached.is_set()
        late.release()
        assert len(chat.messages) == 2
        held = tg.fail("sendMessage", faults.hold())
        call = asyncio.create_task(impatient.send_message(chat.id, "held"))
        await held.reached.wait()
        assert len(chat.messages) == 2
        held.release()
        await call
        assert chat.last.text == "held"


async def test_repeated_reversed_and_strange_updates(tg: FakeTelegram, bot: Bot, chat: Chat, ann: User) -> None:
    one, two = chat.say(ann, "1"), chat.say(ann, "2")
    tg.reorder()
    assert [u.update_id for u in await bot.get_updates()] == [two, one]
    assert await bot.get_updates(offset=two + 1) == ()
    tg.redeliver(one)
    assert [u.update_id for u in await bot.get_updates(offset=two + 1)] == [one]
    unknown = tg.send_unknown()
    (update,) = await bot.get_updates(offset=two + 1)
    assert (update.update_id, "hologram" in update.api_kwargs) == (unknown, True)
    broken = tg.send_unparseable()
    with pytest.raises((TypeError, AttributeError, ValueError, KeyError)):
        await bot.get_updates(offset=unknown + 1)
    assert await bot.get_updates(offset=broken + 1) == ()
    with pytest.raises(KeyError):
        tg.redeliver(1)


async def test_tokens(tg: FakeTelegram, bot: Bot) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=5))
    await tg.wait_for_calls("getUpdates", 1)
    tg.revoke_token()
    with pytest.raises(InvalidToken, match="Unauthorized"):
        await waiting
    with pytest.raises(InvalidToken):
        await bot.get_me()
    assert tg.calls("getMe")[-1].status == 401
    tg.restore_token()
    await bot.get_me()
    with pytest.raises(InvalidToken):
        await tg_get_me(tg, "123:wrong")
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("getMeNot")


async def tg_get_me(tg: FakeTelegram, token: str) -> None:
    request = HTTPXRequest()
    async with request:
        await Bot(token, base_url=tg.base_url, request=request).get_me()


async def test_outage_and_return(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    await tg.stop()
    with pytest.raises(NetworkError):
        await bot.send_message(chat.id, "x")
    await tg.start()
    await bot.send_message(chat.id, "y")
    assert [message.text for message in chat.messages] == ["y"]
