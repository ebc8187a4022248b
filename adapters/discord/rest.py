"""One request to Discord's REST API: the library's client with its rate limits, on our addresses and our patience.

What is changed of `discord.http.HTTPClient`, and why:
- its addresses are class-wide; here they are the instance's, so that adapters for several servers can live together;
- it tries a 5xx five times over half a minute, also where the work may have been done; here a 5xx and a long 429 are
  told at once, and who asked decides (the outbox tries again and knows which repeat is harmless);
- of a 429 only the request knows that met it; here the others of its bucket, or all of them, wait as well;
- the request that takes the last of a rate limit's share sleeps until the limit is renewed, with its answer in hand;
  here it returns, and the next one waits.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Sequence
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

import aiohttp
import yarl

from adapters.contract import DeliveryError, TooManyRequests, Transient
from adapters.discord.library import discord
from adapters.discord.refusals import contract_error

Upload = tuple[str, str, bytes]  # name, media type, content

PATIENCE = 15.0  # seconds to wait for an answer, rate limits included
UPLOAD_PATIENCE = 60.0
_SHORT_WAIT = 2.0  # seconds that a 429 may ask for to be waited out here
_LONGEST_WAIT = 8.0  # seconds that a request may wait for its turn
_RETRIED_BY_LIBRARY = frozenset({500, 502, 504, 524})
_DOWNLOAD_SLICE = 1 << 16

Route = discord.http.Route


class _Underway:
    """The request of this task: whether it has left us, and the bucket that it takes from."""

    def __init__(self, rest: Rest) -> None:
        self.rest = rest
        self.left = False
        self.share: _Share | None = None


_underway: ContextVar[_Underway | None] = ContextVar("discord_request", default=None)


class _Share(discord.http.Ratelimit):
    """A rate limit's bucket that is renewed beside the request which emptied it."""

    def __init__(self, tasks: set[asyncio.Task[None]]) -> None:
        super().__init__(None)
        self._tasks = tasks

    async def acquire(self) -> None:
        """See the library; a wait that is longer than ours is told instead."""
        if self.is_expired():
            self.reset()  # type: ignore[no-untyped-call]
        if self.remaining <= 0 and self.expires is not None:
            wait = self.expires - asyncio.get_running_loop().time()
            if wait > _LONGEST_WAIT:
                raise discord.RateLimited(wait)
        await super().acquire()
        if underway := _underway.get():
            underway.share = self

    def hold(self, seconds: float) -> None:
        """Discord asked to wait: nobody else takes from it until then. The library lets them run into it, too."""
        self.remaining = 0
        self.reset_after = max(self.reset_after if self.expires else 0.0, seconds)
        self.expires = asyncio.get_running_loop().time() + seconds

    async def __aexit__(self, *_: Any) -> None:
        self.outgoing -= 1
        left = self.remaining - self.outgoing
        if self._sleeping.locked():
            return
        if left > 0:
            self._wake(left)
            return
        task = asyncio.create_task(self._refresh(), name="discord rate limit")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class Rest(discord.http.HTTPClient):
    """The client of one bot. `api_base` is "" for Discord's own."""

    def __init__(self, api_base: str = "") -> None:
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(_headers_sent)
        trace.on_request_end.append(_answered)
        super().__init__(asyncio.get_running_loop(), http_trace=trace)
        self._base = api_base.rstrip("/")
        self._gateway: yarl.URL | None = None
        self._stopped = False
        self._resting = 0.0  # until when, by the loop's time
        self._renewals: set[asyncio.Task[None]] = set()

    async def log_in(self, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The bot's user and its application. Raises a `DeliveryError`, `Unauthorized` for a refused token."""
        try:
            user = await self._within(self.static_login(token))
        except discord.LoginFailure as error:
            cause = error.__cause__
            raise contract_error(cause) if isinstance(cause, discord.HTTPException) else DeliveryError() from None
        application = await self.call("GET", "/oauth2/applications/@me")
        return dict(user), dict(application)

    def lead_to(self, gateway_url: str) -> None:
        """Where new gateway sessions connect."""
        self._gateway = yarl.URL(gateway_url)

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        files: Sequence[Upload] = (),
        query: dict[str, Any] | None = None,
        patience: float = 0.0,
        reason: str = "",
        **ids: Any,
    ) -> Any:
        """The decoded answer. `path` has `ids` in braces, as in the library's routes. Raises a `DeliveryError`.

        `reason` goes into the server's audit log: one line of at most 512 characters.
        """
        more: dict[str, Any] = {"params": query} if query else {}
        if reason:
            more["reason"] = reason
        if files:
            more["form"] = _form(body, files)
        elif body is not None:
            more["json"] = body
        patience = patience or (UPLOAD_PATIENCE if files else PATIENCE)
        answer = await self._within(self.request(Route(method, path, **ids), **more), patience)
        if isinstance(answer, str) and answer:  # no JSON: something between us and Discord answered
            raise Transient("an answer that cannot be read", maybe_done=True)
        return answer

    async def download(self, url: str, limit: int) -> bytes:
        """A file of Discord's, at most `limit` bytes. Raises a `DeliveryError`."""
        content: bytes = await self._within(self._download(url, limit), UPLOAD_PATIENCE)
        return content

    async def _download(self, url: str, limit: int) -> bytes:
        session = self._session
        content = bytearray()
        async with session.get(url) as response:
            if response.status != 200:
                raise discord.HTTPException(response, "")
            async for slice_ in response.content.iter_chunked(_DOWNLOAD_SLICE):
                content += slice_
                if len(content) > limit:
                    raise DeliveryError("the file is larger than was said")
        return bytes(content)

    async def _within(self, request: Coroutine[Any, Any, Any], patience: float = PATIENCE) -> Any:
        if self._stopped:
            request.close()
            raise Transient("stopped", maybe_done=False)
        underway = _Underway(self)
        mark = _underway.set(underway)
        try:
            async with asyncio.timeout(patience):
                try:
                    await self._everybody()
                except BaseException:
                    request.close()
                    raise
                return await request
        except discord.HTTPException as error:
            raise contract_error(error) from None
        except discord.RateLimited as error:
            raise TooManyRequests(error.retry_after) from None
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            raise Transient(type(error).__name__, maybe_done=False) from None
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise Transient(type(error).__name__, maybe_done=underway.left) from None
        finally:
            _underway.reset(mark)

    async def _everybody(self) -> None:
        """Wait as long as Discord wants nothing of us at all. Raises `discord.RateLimited` for a long wait."""
        loop = asyncio.get_running_loop()
        while (wait := self._resting - loop.time()) > 0:
            if wait > _LONGEST_WAIT:
                raise discord.RateLimited(wait)
            await asyncio.sleep(wait)

    def rest_for(self, seconds: float) -> None:
        """Discord wants nothing of us for so long, whatever it is."""
        self._resting = max(self._resting, asyncio.get_running_loop().time() + seconds)

    # -- what the library calls ------------------------------------------------------------------------------

    async def request(self, route: discord.http.Route, **kwargs: Any) -> Any:
        """See the library; on our address."""
        if self._base and route.url.startswith(Route.BASE):
            route.url = self._base + route.url[len(Route.BASE) :]
        return await super().request(route, **kwargs)

    def get_ratelimit(self, key: str) -> discord.http.Ratelimit:
        """See the library; with our kind of bucket."""
        if key not in self._buckets:
            self._buckets[key] = _Share(self._renewals)
            self._try_clear_expired_ratelimits()
        return self._buckets[key]

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """See the library; the first connection of a session goes to our address, a resumed one where READY said."""
        asked = yarl.URL(url)
        if self._gateway is not None and asked.host == discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY.host:
            url = str(self._gateway.with_query(asked.query))
        return await super().ws_connect(url, compress=compress)

    async def close(self) -> None:
        """Nothing: each session's client closes its http client at its end, and this one is everybody's."""

    async def shut(self) -> None:
        """Close all connections, for good."""
        self._stopped = True
        for task in list(self._renewals):
            task.cancel()
        await asyncio.gather(*self._renewals, return_exceptions=True)
        await super().close()

    @property
    def _session(self) -> aiohttp.ClientSession:
        session: aiohttp.ClientSession = self._HTTPClient__session  # type: ignore[attr-defined]
        return session


def _form(body: Any, files: Sequence[Upload]) -> list[dict[str, Any]]:
    form: list[dict[str, Any]] = [
        {"name": "payload_json", "value": json.dumps(body), "content_type": "application/json"}
    ]
    for index, (name, media_type, content) in enumerate(files):
        form.append({"name": f"files[{index}]", "value": content, "filename": name, "content_type": media_type})
    return form


async def _headers_sent(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, _what: aiohttp.TraceRequestHeadersSentParams
) -> None:
    if underway := _underway.get():
        underway.left = True


async def _answered(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, what: aiohttp.TraceRequestEndParams
) -> None:
    """End the library's patience with a server in trouble, and tell others of a 429.

    What is raised here passes through the library's loop of attempts.
    """
    response = what.response
    if response.status in _RETRIED_BY_LIBRARY:
        response.release()
        raise discord.DiscordServerError(response, "")
    if response.status == 429:
        after = _number(response.headers.get("Retry-After"))
        if underway := _underway.get():
            if response.headers.get("X-RateLimit-Global"):
                underway.rest.rest_for(after)
            elif underway.share is not None:
                underway.share.hold(_number(response.headers.get("X-RateLimit-Reset-After")) or after)
        if after > _SHORT_WAIT:
            response.release()
            raise TooManyRequests(after)


def _number(header: str | None) -> float:
    try:
        return float(header or 0.0)
    except ValueError:
        return 0.0
