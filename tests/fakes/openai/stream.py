"""A reply on the wire: one JSON object, or server-sent events as the real API cuts them."""

import asyncio
import itertools
import json
import time
from collections.abc import Iterator
from typing import Any

from aiohttp import web

from tests.fakes.openai.replies import Reply
from tests.fakes.wire import Json, hang_up

_IDS = itertools.count(1)


def usage(request: Json, reply: Reply) -> Json:
    """Token counts, at four characters a token."""
    asked = sum(len(str(message.get("content") or "")) // 4 + 4 for message in request["messages"])
    answered = (len(reply.text) + sum(len(one.arguments) for one in reply.calls)) // 4 + 1
    return {
        "prompt_tokens": asked,
        "completion_tokens": answered,
        "total_tokens": asked + answered,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }


def completion(request: Json, reply: Reply) -> Json:
    """A chat.completion."""
    message: Json = {"role": "assistant", "content": reply.text or None, "refusal": None, "annotations": []}
    if reply.calls:
        message["tool_calls"] = [
            {"id": call_id, "type": "function", "function": {"name": one.name, "arguments": one.arguments}}
            for call_id, one in _named(reply)
        ]
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reply.finish_reason}
    return {
        "id": f"chatcmpl-fake{next(_IDS):08d}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": request["model"],
        "choices": [choice],
        "usage": usage(request, reply),
        "service_tier": "default",
        "system_fingerprint": "fp_fake",
    }


def pieces(text: str, count: int) -> list[str]:
    """`text` in at most `count` pieces of about the same length, none empty."""
    count = max(1, min(count, len(text)))
    bounds = [len(text) * index // count for index in range(count + 1)]
    return [text[left:right] for left, right in itertools.pairwise(bounds) if right > left]


def deltas(reply: Reply) -> Iterator[Json]:
    """What a stream says, piece by piece: the role first, then content, then every tool call in pieces."""
    yield {"role": "assistant", "content": "" if reply.text or not reply.calls else None, "refusal": None}
    for piece in pieces(reply.text, reply.chunks) if reply.text else ():
        yield {"content": piece}
    for index, (call_id, one) in enumerate(_named(reply)):
        head = {"name": one.name, "arguments": ""}
        yield {"tool_calls": [{"index": index, "id": call_id, "type": "function", "function": head}]}
        for piece in pieces(one.arguments, reply.chunks) if one.arguments else ():
            yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}


def _named(reply: Reply) -> list[tuple[str, Any]]:
    return [(one.call_id or f"call_fake{next(_IDS):08d}", one) for one in reply.calls]


class _Events:
    """Encodes chunks; all that never changes within a stream is encoded once."""

    def __init__(self, request: Json) -> None:
        options = request.get("stream_options") or {}
        self.with_usage = bool(options.get("include_usage"))
        head = {
            "id": f"chatcmpl-fake{next(_IDS):08d}",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": request["model"],
            "service_tier": "default",
            "system_fingerprint": "fp_fake",
        }
        self._head = f"data: {json.dumps(head)[:-1]}, "
        self._tail = ', "usage": null}\n\n' if self.with_usage else "}\n\n"

    def delta(self, delta: Json, finish: str | None = None) -> bytes:
        """One chunk of the only choice."""
        reason = "null" if finish is None else f'"{finish}"'
        choice = (
            f'"choices": [{{"index": 0, "delta": {json.dumps(delta)}, "logprobs": null, "finish_reason": {reason}}}]'
        )
        return f"{self._head}{choice}{self._tail}".encode()

    def end(self, finish: str, counts: Json) -> bytes:
        """The finish reason, the usage chunk if asked for, and [DONE]."""
        last = self.delta({}, finish)
        if self.with_usage:
            last += f'{self._head}"choices": [], "usage": {json.dumps(counts)}}}\n\n'.encode()
        return last + b"data: [DONE]\n\n"


async def send(request: web.BaseRequest, body: Json, reply: Reply) -> web.StreamResponse:
    """Stream an "answer". Raises ConnectionError when the client went away."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
    await response.prepare(request)
    events = _Events(body)
    end = events.end(reply.finish_reason, usage(body, reply))
    if not reply.delay and reply.stop_after is None:
        # Nothing happens between the pieces: one write spares the benchmarks a system call for each.
        await response.write(b"".join([*map(events.delta, deltas(reply)), end]))
        await response.write_eof()
        return response
    # The role chunk carries no content, so the count of pieces begins after it.
    for index, delta in enumerate(deltas(reply)):
        if index and index - 1 == reply.stop_after:
            if reply.gate is None:
                await hang_up(request)
                return response
            await reply.gate.wait()
        elif index and reply.delay:
            await asyncio.sleep(reply.delay)
        await response.write(events.delta(delta))
    await response.write(end)
    await response.write_eof()
    return response
