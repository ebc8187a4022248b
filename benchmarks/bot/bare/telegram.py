"""The bot to compare with: python-telegram-bot and openai alone, streaming a model's answer into a placeholder."""

import logging
import os
import time
from typing import Any

from openai import AsyncOpenAI
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

EDIT_EVERY = 1.0  # seconds
SYSTEM = "You are a helpful assistant. Answer briefly."
BotApplication = Application[Any, Any, Any, Any, Any, Any]

log = logging.getLogger("bare")
client = AsyncOpenAI()  # OPENAI_API_KEY and OPENAI_BASE_URL
model = os.environ["OPENAI_MODEL"]


async def answer(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer one message."""
    message = update.message
    if message is None or message.text is None:
        return
    placeholder = await message.reply_text("…")
    text, shown = "", time.monotonic()
    stream = await client.chat.completions.create(
        model=model,
        messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": message.text}],
        stream=True,
    )
    async for chunk in stream:
        text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
        if text and time.monotonic() - shown >= EDIT_EVERY:
            await placeholder.edit_text(text + " …")
            shown = time.monotonic()
    await placeholder.edit_text(text)


async def failed(_: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Log what a handler raised."""
    log.error("a message was not answered", exc_info=context.error)


def build() -> BotApplication:
    """The application, from the environment."""
    application: BotApplication = (
        Application.builder()
        .token(os.environ["TELEGRAM_BOT_TOKEN"])
        .base_url(os.environ["TELEGRAM_API_BASE_URL"])
        .base_file_url(os.environ["TELEGRAM_FILE_BASE_URL"])
        .concurrent_updates(True)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, answer))
    application.add_error_handler(failed)
    return application


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    build().run_polling()
