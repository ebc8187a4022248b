"""One turn: ask, run what the model wants to call, ask again, until it has answered."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.cofounder.brain import Call, Step, Stream
from bot.cofounder.model.fence import clean, fence
from bot.cofounder.model.prompt import Message, shortened
from bot.cofounder.model.reply import Reply, ToolCall
from bot.cofounder.model.toolkit import USE, Toolkit, read_object
from core.errors import N_

MOST_CALLS = 6
MOST_REQUESTS = 4  # with tools; then an answer is demanded
_RESULT_CHARACTERS = 6_000
_TOOL_NAME = re.compile(r"[^a-zA-Z0-9_-]")
_ENOUGH = "That was one call too many for this turn. Answer with what you have."

CUT_OFF = N_("I was cut off there. Shall I go on?")
TOO_LONG = N_("That answer got too long for me. Could you ask for a smaller part of it?")
FILTERED = N_("The service that I think with would not answer that. Could you put it differently?")
SPEECHLESS = N_("I have no answer to that. Could you put it differently?")

Ask = Callable[[dict[str, Any], Callable[[str], None]], Awaitable[Reply]]


class Turn:
    """Runs once. `called` is how many operations were called so far, which is also the position of the next one."""

    def __init__(
        self,
        messages: list[Message],
        toolkit: Toolkit,
        ask: Ask,
        call: Call,
        stream: Stream,
        steps: Sequence[Step] = (),
    ) -> None:
        self.called = len(steps)
        self._tried = len(steps)
        self._messages = [*messages, *(message for number, step in enumerate(steps) for message in _made(number, step))]
        self._toolkit = toolkit
        self._ask = ask
        self._call = call
        self._stream = stream
        self._said = ""

    async def run(self) -> str:
        """The final text, never empty."""
        body: dict[str, Any] = {"messages": self._messages}
        if self._toolkit.tools:
            body["tools"] = self._toolkit.tools
        for number in range(MOST_REQUESTS + 1):
            # The tools stay in the request, so that its beginning is what the provider has cached.
            last = number == MOST_REQUESTS or self._tried >= MOST_CALLS
            if last and self._toolkit.tools:
                body["tool_choice"] = "none"
            reply = await self._ask(body, self._grown)
            self._said = self._with(reply.text)
            if last or not reply.calls:
                break
            self._messages.append(_asked(reply))
            for call in reply.calls:
                content = await self._result(call)
                self._messages.append({"role": "tool", "tool_call_id": call.id, "content": content})
        return self._final(reply)

    def _grown(self, text: str) -> None:
        self._stream(self._with(text))

    def _with(self, text: str) -> str:
        """What was said before a tool call stays, with what is said after it in a paragraph of its own."""
        return f"{self._said}\n\n{text.lstrip()}" if self._said and text.strip() else self._said or text

    async def _result(self, call: ToolCall) -> str:
        """What the model reads as the result of one tool call."""
        if self._tried >= MOST_CALLS:
            return _ENOUGH
        self._tried += 1
        use = self._toolkit.read(call.name, call.arguments)
        if isinstance(use, str):
            return clean(use)
        position, self.called = self.called, self.called + 1
        result = await self._call(use.operation.name, use.arguments, position)
        return _fenced(use.operation.name, result)

    def _final(self, reply: Reply) -> str:
        text = self._said.strip()
        if reply.finish == "content_filter":
            return f"{text}\n\n{FILTERED}" if text else FILTERED
        if reply.finish == "length":
            return f"{text}\n\n{CUT_OFF}" if text else TOO_LONG
        return text or SPEECHLESS


def _fenced(operation: str, result: str) -> str:
    return fence(operation, shortened(result, _RESULT_CHARACTERS))


def _made(number: int, step: Step) -> tuple[Message, Message]:
    """A call that was made before a crash, as the model itself would have made it."""
    arguments = json.dumps(step.arguments, ensure_ascii=False)
    function = {"name": USE, "arguments": json.dumps({"operation": step.operation, "arguments_json": arguments})}
    call_id = f"call_{number}"
    return (
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": call_id, "type": "function", "function": function}],
        },
        {"role": "tool", "tool_call_id": call_id, "content": _fenced(step.operation, step.result)},
    )


def _asked(reply: Reply) -> Message:
    """The model's own message with its calls. What no endpoint would take back is mended: names, broken arguments."""
    return {
        "role": "assistant",
        "content": clean(reply.text) or None,
        "tool_calls": [
            {
                "id": call.id,
                "type": "function",
                "function": {
                    "name": _TOOL_NAME.sub("_", call.name)[:64],
                    "arguments": clean(call.arguments.strip() or "{}")
                    if read_object(call.arguments) is not None
                    else "{}",
                },
            }
            for call in reply.calls
        ],
    }
