"""The bot to compare with: discord.py and openai alone, streaming a model's answer into a placeholder."""

import logging
import os
import time

import discord
import yarl
from openai import AsyncOpenAI

EDIT_EVERY = 1.2  # seconds; Discord takes five edits in five seconds of one channel
SYSTEM = "You are a helpful assistant. Answer briefly."

client = AsyncOpenAI()  # OPENAI_API_KEY and OPENAI_BASE_URL
model = os.environ["OPENAI_MODEL"]
discord.http.Route.BASE = os.environ["DISCORD_API_BASE"]
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])


class Bot(discord.Client):
    """Answers people."""

    async def on_message(self, message: discord.Message) -> None:
        """Answer one message."""
        if message.author.bot or not message.content:
            return
        placeholder = await message.channel.send("…")
        text, shown = "", time.monotonic()
        stream = await client.chat.completions.create(
            model=model,
            messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": message.content}],
            stream=True,
        )
        async for chunk in stream:
            text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
            if text and time.monotonic() - shown >= EDIT_EVERY:
                await placeholder.edit(content=text + " …")
                shown = time.monotonic()
        await placeholder.edit(content=text)


if __name__ == "__main__":
    intents = discord.Intents.default()
    intents.message_content = True
    Bot(intents=intents).run(os.environ["DISCORD_TOKEN"], log_level=logging.WARNING)
