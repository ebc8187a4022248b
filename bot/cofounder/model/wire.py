"""Asking an endpoint: the one module that knows the client library. One request, one `Reply` or one `Failure`.

Nothing raised by the library leaves this module: its errors hold the request, with the key and the talk in it.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import openai

from bot.cofounder.brain import Usage
from bot.cofounder.model.patience import Patience
from bot.cofounder.model.reply import BrokenStream, Collector, Reply
from core.clock import SECOND, Clock

# Each request looks at every idle connection, so keeping many costs more than it saves (measured: benchmarks.scale).
_CONNECTIONS = httpx2.Limits(max_connections=256, max_keepalive_connections=64)

# What is left to read after the end was announced is nothing; reading it lets the connection be used again.
_GOODBYE = 0.1
_PASSING = (408, 409, 429)
_NOT_PASSING = ("insufficient_quota",)


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that failed. `detail` is fit for logs; `wait` is how many seconds to wait before asking again, or None
    if that is no use; `usage` is what it cost all the same.
    """

    detail: str
    wait: float | None
    usage: Usage


class Endpoint:
    """One OpenAI-compatible endpoint. The client is told never to retry: the count is ours."""

    def __init__(self, *, api_key: str, base_url: str | None, model: str, patience: Patience, clock: Clock) -> None:
        key = api_key.strip()
        if not (key.isascii() and key.isprintable()):
            raise ValueError("the API key has characters in it that no key has")
        self._model = model
        self._patience = patience
        self._clock = clock
        # The library's own limits are a second net, wider than the watchdog in `_receive`.
        limits = openai.Timeout(patience.whole, connect=patience.connect)
        self._client = openai.AsyncOpenAI(
            api_key=key,
            base_url=base_url,
            max_retries=0,
            timeout=limits,
            http_client=openai.DefaultAsyncHttpxClient(timeout=limits, limits=_CONNECTIONS),
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def ask(self, body: dict[str, Any], grown: Callable[[str], None]) -> Reply | Failure:
        """Send one chat completion and stream its answer; `grown` hears the whole text each time that it has grown."""
        collector = Collector()
        failed = await self._receive(body, collector, grown)
        if failed is None or collector.complete:
            try:
                return collector.reply(_length(body) if collector.estimates else 0)
            except BrokenStream as broken:
                failed = str(broken), self._patience.pause
        detail, wait = failed
        return Failure(detail, wait, collector.usage(_length(body) if collector.estimates else 0))

    async def _receive(
        self, body: dict[str, Any], collector: Collector, grown: Callable[[str], None]
    ) -> tuple[str, float | None] | None:
        """Why it failed and how long to wait, or None."""
        loop = asyncio.get_running_loop()
        latest = loop.time() + self._patience.whole
        try:
            async with asyncio.timeout(min(self._patience.first, self._patience.whole)) as watchdog:
                # The body goes past the library's conversion of typed parameters, and its events are read as they
                # come: together that is five sixths of the processor time of a turn (see benchmarks).
                async with self._client.chat.completions.with_streaming_response.create(
                    model=self._model, messages=(), stream=True, extra_body=body
                ) as response:
                    said = 0
                    async for block in response.iter_bytes():
                        if collector.take(block):
                            watchdog.reschedule(min(loop.time() + self._next(collector), latest))
                        if len(collector.text) > said:
                            said = len(collector.text)
                            grown(collector.text)
        except TimeoutError:
            return ("stopped answering" if collector.began else "no answer in time"), self._patience.pause
        except openai.APIStatusError as error:
            return self._refused(error.status_code, error.code, error.response.headers)
        except openai.APITimeoutError:
            return "no connection in time", self._patience.pause
        except BrokenStream as broken:
            return str(broken), self._patience.pause
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError) as error:
            return f"connection lost ({type(error.__cause__ or error).__name__})", self._patience.pause
        return None

    def _next(self, collector: Collector) -> float:
        """Seconds within which the next piece has to come."""
        if collector.done:
            return _GOODBYE
        return self._patience.between if collector.speaks else self._patience.first

    def _refused(self, status: int, code: str | None, headers: httpx2.Headers) -> tuple[str, float | None]:
        known = code if code and re.fullmatch(r"[a-z_]{1,40}", code) else ""
        detail = f"HTTP {status} {known}".strip()
        if known in _NOT_PASSING or not (status in _PASSING or status >= 500):
            return detail, None
        wait = self._retry_after(headers)
        if wait is None:
            return detail, self._patience.pause
        return detail, wait if wait <= self._patience.longest_wait else None

    def _retry_after(self, headers: httpx2.Headers) -> float | None:
        """Seconds that the provider asks for: a number, or a date as RFC 9110, 10.2.3 allows."""
        raw = headers.get("retry-after", "").strip()
        if re.fullmatch(r"\d{1,9}(\.\d+)?", raw):
            return float(raw)
        try:
            date = parsedate_to_datetime(raw)
        except ValueError:
            return None
        return max(0.0, date.timestamp() - self._clock.now() / SECOND)


def _length(body: dict[str, Any]) -> int:
    return len(json.dumps(body, ensure_ascii=False))
