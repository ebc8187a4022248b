"""The fake endpoint: keys, validation, the script, records."""

import asyncio
import json
from collections import Counter, deque
from dataclasses import dataclass
from time import time
from typing import Any

from aiohttp import web

from tests.fakes import recording
from tests.fakes.openai.embeddings import embed
from tests.fakes.openai.moderations import moderate
from tests.fakes.openai.replies import Reply, Script, echo
from tests.fakes.openai.stream import completion, send
from tests.fakes.openai.validate import Refused, check_chat
from tests.fakes.wire import Json, Served, cut_off, json_answer

API_KEY = "sk-fake-key-for-tests"
RECORDED = 50_000
_KEY_HELP = "You can find your API key at https://platform.openai.com/account/api-keys."


@dataclass(slots=True)
class Recorded:
    """A request: `path` like "/v1/chat/completions", decoded `body`, `time` in Unix seconds, HTTP `status` answered.

    `status` 0: under way, or the connection was cut; `gone`: the client went away before the end.
    """

    path: str
    body: Any
    time: float
    status: int = 0
    gone: bool = False
    error: str = ""

    def json(self) -> Json:
        """For the control port."""
        return {name: getattr(self, name) for name in self.__slots__}


class FakeOpenAI(Served):
    """An endpoint on loopback; an asynchronous context manager.

    Replies come from the queue while it lasts, then from `script`, a function of the request's body (default `echo`).
    `models` restricts the names taken; None takes any.
    """

    def __init__(
        self,
        script: Script | None = None,
        *,
        api_key: str = API_KEY,
        models: tuple[str, ...] | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(port)
        self.api_key = api_key
        self.models = models
        self.script: Script = script or echo()
        self.queued: deque[Reply] = deque()
        self.moderation_faults: deque[Reply] = deque()  # errors, silences and cuts for the next moderations
        self.scores: dict[str, dict[str, float]] = {}  # what a word makes of a text, by category
        self.requests: deque[Recorded] = deque(maxlen=RECORDED)
        self.counts: Counter[str] = Counter()

    @property
    def base_url(self) -> str:
        """For OPENAI_BASE_URL: `http://127.0.0.1:PORT/v1`."""
        return f"{self.origin}/v1"

    @property
    def chats(self) -> list[Json]:
        """Bodies of the chat completion requests, oldest first, refused ones included."""
        return [one.body for one in self.requests if one.path.endswith("/chat/completions")]

    @property
    def moderated(self) -> list[str]:
        """The texts that were to be moderated, oldest first."""
        return [one.body["input"] for one in self.requests if one.path.endswith("/moderations")]

    def queue(self, *replies: Reply) -> None:
        """Add replies for the next chat completions."""
        self.queued.extend(replies)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        raw = await request.content.read() if request.method == "POST" else b""
        record = Recorded(request.path, None, time())
        self.requests.append(record)
        self.counts[request.path] += 1
        try:
            self._authorise(request)
            record.body = _parsed(raw)
            recording.note("openai", request.method, request.path, record.body, query=request.query)
            answer = await self._route(request, record)
        except Refused as refused:
            record.error = str(refused)
            answer = json_answer({"error": refused.error}, refused.code)
        except ConnectionError:
            # The client hung up in the middle of its stream.
            record.gone = True
            return await cut_off(request)
        if request.transport is not None and not request.transport.is_closing():
            record.status = answer.status
        return answer

    def _authorise(self, request: web.BaseRequest) -> None:
        header = request.headers.get("Authorization", "")
        if not header.startswith("Bearer "):
            text = f"You didn't provide an API key. {_KEY_HELP}"
            raise Refused(text, None, None, 401)
        key = header.removeprefix("Bearer ")
        if key != self.api_key:
            masked = f"{key[:8]}***{key[-4:]}" if len(key) > 12 else key
            raise Refused(f"Incorrect API key provided: {masked}. {_KEY_HELP}", None, "invalid_api_key", 401)

    async def _route(self, request: web.BaseRequest, record: Recorded) -> web.StreamResponse:
        match request.method, request.path.rstrip("/"):
            case "POST", "/v1/chat/completions":
                check_chat(record.body)
                self._check_model(record.body["model"])
                return await self._chat(request, record)
            case "POST", "/v1/embeddings":
                answer = embed(record.body)
                self._check_model(answer["model"])
                return json_answer(answer)
            case "POST", "/v1/moderations":
                return await self._moderate(request, record)
            case "GET", "/v1/models":
                return json_answer({"object": "list", "data": [_model(name) for name in self._names()]})
            case "GET", path if path.startswith("/v1/models/"):
                name = path.removeprefix("/v1/models/")
                self._check_model(name)
                return json_answer(_model(name))
        raise Refused(f"Invalid URL ({request.method} {request.path})", None, None, 404)

    async def _moderate(self, request: web.BaseRequest, record: Recorded) -> web.StreamResponse:
        fault = self.moderation_faults.popleft() if self.moderation_faults else None
        if fault is not None:
            if fault.gate is not None:
                await fault.gate.wait()
            if fault.kind == "drop":
                return await cut_off(request)
            if fault.kind == "error":
                return json_answer({"error": fault.error}, fault.code, fault.headers)
            if fault.kind == "malformed":
                return web.Response(body=b'{"id": "modr-', content_type="application/json")
        return json_answer(moderate(record.body, self.scores))

    def _names(self) -> tuple[str, ...]:
        return self.models or ("gpt-4o-mini", "text-embedding-3-small")

    def _check_model(self, name: str) -> None:
        if self.models is not None and name not in self.models:
            text = f"The model `{name}` does not exist or you do not have access to it."
            raise Refused(text, None, "model_not_found", 404)

    async def _chat(self, request: web.BaseRequest, record: Recorded) -> web.StreamResponse:
        body = record.body
        reply = self.queued.popleft() if self.queued else self.script(body)
        streamed = bool(body.get("stream"))
        if reply.wait:
            await asyncio.sleep(reply.wait)
        match reply.kind:
            case "error":
                return json_answer({"error": reply.error}, reply.code, reply.headers)
            case "drop":
                return await cut_off(request)
            case "malformed":
                start = b'data: {"id": "chatcmpl-' if streamed else b'{"id": "chatcmpl-'
                kind = "text/event-stream" if streamed else "application/json"
                return web.Response(body=start + b"\n\n", content_type=kind)
        if streamed:
            return await send(request, body, reply)
        if reply.gate is not None:
            await reply.gate.wait()
        elif reply.stop_after is not None:
            return await cut_off(request)
        return json_answer(completion(body, reply))


def _parsed(raw: bytes) -> Any:
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        raise Refused("We could not parse the JSON body of your request.", None, None) from None


def _model(name: str) -> Json:
    return {"id": name, "object": "model", "created": 1_700_000_000, "owned_by": "fake"}
