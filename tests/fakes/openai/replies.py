"""Ready-made replies of the model, and of an endpoint in trouble."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tests.fakes.wire import Json

# Pieces a streamed text or tool call is cut into unless said otherwise.
CHUNKS = 4
Script = Callable[[Json], "Reply"]


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call; `arguments` is the raw string the model wrote, JSON or not. `call_id` None is made up."""

    name: str
    arguments: str
    call_id: str | None = None


class Gate:
    """A point where a stream stops: `reached` is set when it is there, `release()` lets it go on."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._open = asyncio.Event()

    def release(self) -> None:
        """Go on."""
        self._open.set()

    async def wait(self) -> None:
        """Stop here until released."""
        self.reached.set()
        await self._open.wait()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the endpoint does with one request.

    `kind` "answer" is a completion of `text` and `calls`, streamed in `chunks` pieces `delay` seconds apart; it breaks
    off after `stop_after` pieces (a closed connection), or waits at `gate` there. `wait` is a silence in seconds before
    anything is sent. "error" is an HTTP error, "drop" a reset before any byte, "malformed" is JSON that breaks off.
    """

    kind: Literal["answer", "error", "drop", "malformed"] = "answer"
    text: str = ""
    calls: tuple[Call, ...] = ()
    finish: str | None = None
    chunks: int = CHUNKS
    delay: float = 0.0
    wait: float = 0.0
    stop_after: int | None = None
    gate: Gate | None = None
    code: int = 200
    error: Json = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def finish_reason(self) -> str:
        """As the API names it."""
        return self.finish or ("tool_calls" if self.calls else "stop")


def say(text: str, *, chunk_delay: float = 0.0, chunks: int = CHUNKS, finish: str | None = None) -> Reply:
    """A text; `finish` "length" or "content_filter" for one cut short."""
    return Reply(text=text, delay=chunk_delay, chunks=chunks, finish=finish)


def call(tool: str, /, **arguments: Any) -> Reply:
    """One tool call; for an unknown tool just name it."""
    return Reply(calls=(Call(tool, json.dumps(arguments)),))


def calls(*several: Reply, text: str = "") -> Reply:
    """Several tool calls at once, after an optional text: `calls(call("a", x=1), call("b"))`."""
    return Reply(text=text, calls=tuple(one for reply in several for one in reply.calls))


def bad_arguments(tool: str, raw: str = '{"text": "unfinished') -> Reply:
    """A tool call whose arguments are not valid JSON."""
    return Reply(calls=(Call(tool, raw),))


_TYPES = {400: "invalid_request_error", 401: "invalid_request_error", 403: "invalid_request_error"}
_CODES = {401: "invalid_api_key", 429: "rate_limit_exceeded"}


def status(
    code: int, *, retry_after: float | None = None, message: str | None = None, error_code: str | None = None
) -> Reply:
    """An HTTP error; `retry_after` in seconds. 400 with error_code "context_length_exceeded", 429 "insufficient_quota".

    The official client retries 408, 409, 429 and 5xx by itself, twice unless told otherwise.
    """
    kind = "requests" if code == 429 else _TYPES.get(code, "server_error" if code >= 500 else "invalid_request_error")
    error = {
        "message": message or ("Rate limit reached for requests" if code == 429 else "The server had an error"),
        "type": error_code if error_code == "insufficient_quota" else kind,
        "param": None,
        "code": error_code or _CODES.get(code),
    }
    headers = {} if retry_after is None else {"retry-after": f"{retry_after:g}"}
    return Reply("error", code=code, error=error, headers=headers)


def break_midstream(text: str, after_chunks: int = 1, *, chunks: int = CHUNKS) -> Reply:
    """A stream whose connection is closed after that many pieces of content; not streamed: before any byte."""
    return Reply(text=text, chunks=chunks, stop_after=after_chunks)


def pause(text: str, gate: Gate, after_chunks: int = 1, *, chunks: int = CHUNKS) -> Reply:
    """A stream that waits at `gate` after that many pieces and then ends well: a slow model without a clock."""
    return Reply(text=text, chunks=chunks, stop_after=after_chunks, gate=gate)


def hang(seconds: float, then: Reply | None = None) -> Reply:
    """Silence for that long, then a reply."""
    return replace(then or say("at last"), wait=seconds)


def drop() -> Reply:
    """The connection is reset before any byte."""
    return Reply("drop")


def malformed() -> Reply:
    """HTTP 200 and JSON that breaks off, as an event when streamed."""
    return Reply("malformed")


def echo(chunks: int = CHUNKS, chunk_delay: float = 0.0) -> Script:
    """For benchmarks: "You said: …" with the last words of the user, in that many pieces."""

    def script(request: Json) -> Reply:
        return Reply(text=f"You said: {last_words(request)}", chunks=chunks, delay=chunk_delay)

    return script


def last_words(request: Json) -> str:
    """The text of the last user message of a request."""
    for message in reversed(request["messages"]):
        if message["role"] == "user":
            content = message["content"]
            if isinstance(content, str):
                return content
            return " ".join(part["text"] for part in content if part["type"] == "text")
    return ""
