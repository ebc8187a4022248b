"""`python -m tests.soak.fakes`: both fakes in a process of their own, with a model that does what its user's words say.

`keep …` calls thought.add, `ask …` calls need.post, which puts a card before the person; anything else is echoed. Like
a real model it is not the same twice: asked again for the same message, it looks something up first and words its
arguments in another way. So only what the bot remembers of a broken turn keeps it from doing things twice.
"""

from __future__ import annotations

import asyncio
import json
import re
import signal
from collections import Counter
from typing import Any

from tests.fakes.control import Control
from tests.fakes.openai import FakeOpenAI, Reply, call, say
from tests.fakes.telegram import FakeTelegram

TAG = re.compile(r"k\d{6}")
TOOLS = {"keep": "thought.add", "ask": "need.post"}


class Script:
    """What the model answers."""

    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()

    def __call__(self, request: dict[str, Any]) -> Reply:
        messages = request["messages"]
        last = max(index for index, message in enumerate(messages) if message["role"] == "user")
        words = str(messages[last]["content"])
        tag = TAG.search(words)
        tool = TOOLS.get(words.split(" ", 1)[0])
        done = sum(len(message.get("tool_calls") or ()) for message in messages[last:])
        if tool is None or tag is None:
            return say(f"You said: {words}", chunks=4, chunk_delay=0.4 if words.startswith("slow") else 0.005)
        results = [str(message["content"]) for message in messages[last:] if message["role"] == "tool"]
        if any(tag[0] in result for result in results):
            return say(f"That is done: {tag[0]}.")
        if not done:
            self._asked[tag[0]] += 1
        again = self._asked[tag[0]] - 1
        if again % 2 and not done:
            return _use("need.list")
        return _use(tool, text=f"{tag[0]}, put in words number {again}")


def _use(operation: str, **arguments: str) -> Reply:
    return call("use_operation", operation=operation, arguments_json=json.dumps(arguments))


async def _serve() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with FakeTelegram() as tg, FakeOpenAI(Script()) as openai, Control(tg, openai) as control:
        ready = {
            "TELEGRAM_API_BASE_URL": tg.base_url,
            "TELEGRAM_FILE_BASE_URL": tg.file_base_url,
            "TELEGRAM_BOT_TOKEN": tg.token,
            "OPENAI_BASE_URL": openai.base_url,
            "OPENAI_API_KEY": openai.api_key,
            "control": control.origin,
        }
        print(json.dumps(ready), flush=True)
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(_serve())
