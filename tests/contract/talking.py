"""A model that does what a good one would: the calls are scripted, the talk around them is real."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from bot.cofounder.model import ModelBrain, Patience
from tests.fakes import openai as ai
from tests.fakes.openai import API_KEY, FakeOpenAI, Reply
from tests.fakes.openai.replies import last_words

Calls = Mapping[str, tuple[str, dict[str, Any]]]
"""By sentence: the operation that a good model calls for it, with its arguments."""


async def good_model(stack: AsyncExitStack, calls: Calls) -> ModelBrain:
    """A brain that calls the right tool once, then tells what came of it in the tool's own words."""

    def answer(body: dict[str, Any]) -> Reply:
        latest = body["messages"][-1]
        if latest["role"] == "tool":
            told = re.sub(r"</?data[^>]*>", "", latest["content"]).strip()
            return ai.say(told.removeprefix("Not possible: "))
        name, arguments = calls[last_words(body)]
        return ai.call("use_operation", operation=name, arguments_json=json.dumps(arguments))

    endpoint = await stack.enter_async_context(FakeOpenAI(answer))
    patience = Patience(connect=20, first=20, between=20, whole=40, pause=0)
    return ModelBrain(api_key=API_KEY, base_url=endpoint.base_url, model="fake", patience=patience)
