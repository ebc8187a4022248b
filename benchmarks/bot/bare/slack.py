"""The bot to compare with: slack-bolt (Socket Mode) and openai alone, streaming a model's answer into a placeholder."""

import asyncio
import logging
import os
import time
from typing import Any

from openai import AsyncOpenAI
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

EDIT_EVERY = 1.2  # seconds; Slack takes about fifty edits a minute
SYSTEM = "You are a helpful assistant. Answer briefly."

brain = AsyncOpenAI()  # OPENAI_API_KEY and OPENAI_BASE_URL
model = os.environ["OPENAI_MODEL"]


async def answer(event: dict[str, Any], client: AsyncWebClient) -> None:
    """Answer one message."""
    if event.get("subtype") or event.get("bot_id") or not event.get("text"):
        return
    channel = event["channel"]
    placeholder = await client.chat_postMessage(channel=channel, text="…")
    text, shown = "", time.monotonic()
    stream = await brain.chat.completions.create(
        model=model,
        messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": event["text"]}],
        stream=True,
    )
    async for chunk in stream:
        text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
        if text and time.monotonic() - shown >= EDIT_EVERY:
            await client.chat_update(channel=channel, ts=str(placeholder["ts"]), text=text + " …")
            shown = time.monotonic()
    await client.chat_update(channel=channel, ts=str(placeholder["ts"]), text=text)


async def main() -> None:
    """Serve until killed."""
    web = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_BASE_URL"])
    app = AsyncApp(client=web)
    app.event("message")(answer)
    await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(main())
