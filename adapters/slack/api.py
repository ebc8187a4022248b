"""One request to Slack through slack_sdk's AsyncWebClient, with errors that we can act on.

The library does the encoding and the parsing. What is different: nothing is retried behind our back (its default
repeats a request whose connection broke, and a message would be said twice; the outbox retries), all requests share one
session, and nothing that the library would log (payloads hold people's words, URLs hold tickets) reaches a log.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.refusals import Lost, Refused

Json = dict[str, Any]

QUIET = logging.getLogger("adapters.slack.library")
QUIET.setLevel(logging.CRITICAL + 1)
QUIET.propagate = False
_PATIENCE = aiohttp.ClientTimeout(total=20, connect=8)
_UPLOAD_PATIENCE = aiohttp.ClientTimeout(total=120, connect=8)
_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_LARGEST_DOWNLOAD = 50 * 1024 * 1024  # bytes


def silence() -> None:
    """Keep the libraries' own loggers quiet, whatever the root level is; `AsyncSlackResponse` has one of its own."""
    for name in ("slack_sdk", "slack_bolt"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


class Api:
    """Slack's Web API at one base URL (it ends in /api/), for any token. Raises `Refused` and `Lost`."""

    def __init__(self, base_url: str) -> None:
        silence()
        self.base_url = base_url
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> None:
        """Make the session; needs the running loop. Harmless when open."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=_PATIENCE)

    async def close(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def client(self, token: str = "") -> AsyncWebClient:
        """The library's client for a token, on our session."""
        return AsyncWebClient(
            token=token or None, base_url=self.base_url, session=self._session, logger=QUIET, retry_handlers=[]
        )

    async def call(self, client: AsyncWebClient, method: str, **arguments: Any) -> Json:
        """The answer of a method ("chat.postMessage"), with the response's scopes under "_scopes"."""
        return await self._answer(getattr(client, method.replace(".", "_"))(**arguments))

    async def _answer(self, asking: Awaitable[AsyncSlackResponse]) -> Json:
        try:
            response = await asking
        except SlackApiError as error:
            raise _refusal(error) from None
        except TimeoutError:
            raise Lost("timeout", maybe_done=True) from None
        except aiohttp.ClientError as error:
            raise Lost(type(error).__name__, maybe_done=not isinstance(error, _NEVER_SENT)) from None
        except AttributeError:  # an answer that is no JSON object, with which the library cannot cope
            raise Lost("invalid server response", maybe_done=True) from None
        data = dict(response.data) if isinstance(response.data, dict) else {}
        data["_scopes"] = response.headers.get("x-oauth-scopes", "")
        return data

    async def exchange(self, **credentials: str) -> Json:
        """The answer of oauth.v2.access."""
        return await self._answer(self.client().api_call("oauth.v2.access", data=credentials))

    async def respond(self, url: str, body: Json) -> None:
        """Answer by a response URL."""
        await self._post(url, json=body)

    async def upload(self, url: str, content: bytes) -> None:
        """The middle step of sending a file."""
        await self._post(url, data=content, timeout=_UPLOAD_PATIENCE)

    async def _post(self, url: str, **more: Any) -> None:
        """Both kinds of URL tell success by the status; a refusal may come as 200 with JSON all the same."""
        assert self._session is not None
        try:
            async with self._session.post(url, **more) as response:
                code = _code(await response.text(errors="replace"))
                if response.status != 200 or code:
                    raise Refused(response.status, code or "no_description", retry_after=_retry_after(response.headers))
        except TimeoutError:
            raise Lost("timeout", maybe_done=True) from None
        except aiohttp.ClientError as error:
            raise Lost(type(error).__name__, maybe_done=not isinstance(error, _NEVER_SENT)) from None

    def own(self, url: str) -> bool:
        """Whether an address is Slack's, so that a token may go there: its own host, or slack.com behind it."""
        asked, ours = urlsplit(url), urlsplit(self.base_url)
        host, base = asked.hostname or "", ours.hostname or ""
        if asked.scheme != ours.scheme:
            return False
        return host == base or (asked.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com")))

    async def download(self, url: str, token: str, media_type: str) -> bytes:
        """A file on Slack's servers. Without the right to it Slack answers with a sign-in page, and 200."""
        assert self._session is not None
        try:
            async with self._session.get(
                url, headers={"Authorization": f"Bearer {token}"}, timeout=_UPLOAD_PATIENCE
            ) as response:
                if response.status != 200:
                    raise Refused(response.status, "file_not_found" if response.status < 500 else "")
                if response.content_type == "text/html" and media_type != "text/html":
                    raise Refused(403, "missing_scope", needed="files:read")
                if (response.content_length or 0) > _LARGEST_DOWNLOAD:
                    raise Refused(413, "file_not_found")
                content = await response.content.read(_LARGEST_DOWNLOAD + 1)
                while len(content) <= _LARGEST_DOWNLOAD and (more := await response.content.read(_LARGEST_DOWNLOAD)):
                    content += more
        except TimeoutError:
            raise Lost("timeout", maybe_done=False) from None
        except aiohttp.ClientError as error:
            raise Lost(type(error).__name__, maybe_done=False) from None
        return content


def _code(answer: str) -> str:
    """The error code in an answer of JSON, "" where there is none."""
    try:
        found = json.loads(answer)
        return str(found.get("error") or "no_description") if not found["ok"] else ""
    except (ValueError, TypeError, KeyError, AttributeError):
        return ""


def _retry_after(headers: Mapping[str, str]) -> float:
    try:
        return float(headers.get("Retry-After") or 0)
    except ValueError:
        return 0.0


def _refusal(error: SlackApiError) -> Refused | Lost:
    response = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)
    headers = getattr(response, "headers", None) or {}
    data = getattr(response, "data", None)
    if not isinstance(data, dict) or "error" not in data:
        if status == 200:  # half a JSON text, or none
            return Lost("invalid server response", maybe_done=True)
        data = {"error": "ratelimited" if status == 429 else "no_description"}
    needed = str(data.get("needed") or "")
    return Refused(status, str(data["error"]), needed=needed, retry_after=_retry_after(headers))


async def within(seconds: float, *tasks: asyncio.Task[Any]) -> None:
    """Wait for tasks, but not longer; what is not done by then goes on by itself. Raises nothing of theirs."""
    if tasks:
        await asyncio.wait(tasks, timeout=seconds)
