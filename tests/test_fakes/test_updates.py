"""Updates by polling and by webhook."""

import asyncio

import pytest
from aiohttp import web
from telegram import Bot, Update
from telegram.error import (
    BadRequest,
    Conflict,
)
from telegram.ext import Application, ContextTypes, TypeHandler

from tests.fakes.telegram import Chat, FakeTelegram, User
from tests.fakes.wire import WireServer, free_port
from tests.test_fakes.tools import arrived, client


async def test_get_updates_is_honest(tg: FakeTelegram, bot: Bot, chat: Chat, ann: User) -> None:
    ids = [chat.say(ann, str(n)) for n in range(5)]
    assert [u.update_id for u in await bot.get_updates(limit=2)] == ids[:2]
    assert [u.update_id for u in await bot.get_updates()] == ids
    assert [u.update_id for u in await bot.get_updates(offset=ids[2])] == ids[2:]
    assert [u.update_id for u in await bot.get_updates()] == ids[2:]
    assert [u.update_id for u in await bot.get_updates(offset=-1)] == ids[4:]
    assert tg.bot.mailbox.acknowledged == ids[1]
    assert await bot.get_updates(offset=ids[4] + 1) == ()
    waiting = asyncio.create_task(bot.get_updates(timeout=5))
    await tg.wait_for_calls("getUpdates", 7)
    late = chat.say(ann, "late")
    assert [u.update_id for u in await waiting] == [late]


async def test_second_poll_ends_the_first(tg: FakeTelegram, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await tg.wait_for_calls("getUpdates", 1)
    async with client(tg) as other:
        assert await other.get_updates() == ()
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first


async def test_webhook(tg: FakeTelegram, bot: Bot, chat: Chat, ann: User) -> None:
    seen: asyncio.Queue[Update] = asyncio.Queue()

    async def take(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        seen.put_nowait(update)

    app = Application.builder().token(tg.token).base_url(tg.base_url).build()
    app.add_handler(TypeHandler(Update, take))
    port = free_port()
    url = f"http://127.0.0.1:{port}/hook"
    early = chat.say(ann, "before")
    async with app:
        await app.start()
        assert app.updater is not None
        await app.updater.start_webhook("127.0.0.1", port, "hook", secret_token="s3cret", webhook_url=url)
        assert (await arrived(seen)).update_id == early
        later = chat.say(ann, "after")
        assert (await arrived(seen)).update_id == later
        assert await tg.deliver(later, secret="forged") == 403
        assert await tg.deliver(later, secret="") == 403
        assert await tg.deliver(later) == 200
        assert (await arrived(seen)).update_id == later
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        info = await bot.get_webhook_info()
        assert (info.url, info.pending_update_count) == (url, 0)
        await app.updater.stop()
        lost = chat.say(ann, "while it was down")
        await tg.bot.mailbox.arrived.wait()
        await app.updater.start_webhook("127.0.0.1", port, "hook", secret_token="other", webhook_url=url)
        assert (await arrived(seen)).update_id == lost
        await bot.delete_webhook()
        await app.updater.stop()
        await app.stop()
    assert await bot.get_updates() == ()
    with pytest.raises(BadRequest, match="an https url must be provided"):
        await bot.set_webhook("http://a.example/")


async def test_webhook_is_retried_until_it_is_taken(tg: FakeTelegram, bot: Bot, chat: Chat, ann: User) -> None:
    answers = iter([500, 302, 200])
    taken = asyncio.Event()

    async def hook(request: web.BaseRequest) -> web.StreamResponse:
        await request.content.read()
        status = next(answers)
        if status == 200:
            taken.set()
        return web.Response(status=status)

    server = WireServer(hook)
    await server.start()
    update = chat.say(ann, "x")
    await bot.set_webhook(f"http://127.0.0.1:{server.port}/")
    async with asyncio.timeout(5):
        await taken.wait()
    await tg.wait_until_acknowledged()
    assert tg.bot.courier is not None
    assert tg.bot.courier.attempts == [(update, 500), (update, 302), (update, 200)]
    assert (await bot.get_webhook_info()).last_error_message == "Wrong response from the webhook: 302 Found"
    await bot.delete_webhook()
    await server.stop()
