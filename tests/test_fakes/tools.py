"""The real python-telegram-bot, pointed at the fake."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, ContextTypes, TypeHandler
from telegram.request import HTTPXRequest

from tests.fakes.telegram import FakeTelegram

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
Handle = Callable[[Update, ContextTypes.DEFAULT_TYPE], Awaitable[Any]]


def client(tg: FakeTelegram, token: str | None = None, read_timeout: float = 5) -> Bot:
    request = HTTPXRequest(read_timeout=read_timeout, connection_pool_size=8)
    return Bot(token or tg.token, base_url=tg.base_url, base_file_url=tg.file_base_url, request=request)


@asynccontextmanager
async def polling(
    tg: FakeTelegram, handle: Handle | None = None, allowed: list[str] | None = None
) -> AsyncIterator["asyncio.Queue[Update]"]:
    """A real Application that polls; every update it got lands in the queue, then goes to `handle`."""
    seen: asyncio.Queue[Update] = asyncio.Queue()

    async def take(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        seen.put_nowait(update)
        if handle is not None:
            await handle(update, context)

    builder = Application.builder().token(tg.token).base_url(tg.base_url).base_file_url(tg.file_base_url)
    app = builder.build()
    app.add_handler(TypeHandler(Update, take))
    async with app:
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling(allowed_updates=allowed)
        yield seen
        await app.updater.stop()
        await app.stop()


async def arrived(seen: "asyncio.Queue[Update]") -> Update:
    async with asyncio.timeout(5):
        return await seen.get()


def buttons(data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data=data)]])
