"""One request to the Bot API through python-telegram-bot, with raw JSON both ways and errors we can act on.

The library's own Bot and HTTP request do the work. What is different: the HTTP status decides what an error is,
transport trouble says whether the request may have left us, and nothing that the library or httpx would log
(URLs contain the token, payloads contain people's words) reaches a log.
"""

from __future__ import annotations

import json
import logging
from typing import Any

import httpx
from telegram import Bot, InputFile
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.request import HTTPXRequest

from adapters.contract import Unauthorized
from adapters.telegram.refusals import Lost, Refused

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_DOWNLOAD_TIMEOUT = 60.0  # seconds without a byte
_PATIENCE = 15.0  # seconds to wait for an answer


def silence() -> None:
    """Keep the libraries from logging URLs (with the token in them) and payloads, whatever the root level is."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)


class _Request(HTTPXRequest):
    """The library's HTTP request, with errors by status code."""

    __slots__ = ()

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Raises `Refused` for any answer but 2xx and `Lost` for none."""
        try:
            code, payload = await super().do_request(*args, **kwargs)
        except NetworkError as error:
            cause = error.__cause__
            raise Lost(type(cause).__name__, maybe_done=not isinstance(cause, _NEVER_SENT)) from None
        except RuntimeError:
            raise Lost("the connection is closed", maybe_done=False) from None
        if 200 <= code <= 299:
            return code, payload
        if kwargs.get("method") == "GET" and code == 404:
            raise Refused(400, "file not found")
        raise _refusal(code, payload)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as a dict. Unlike the library's, it logs nothing of a broken one."""
        try:
            answer = json.loads(payload)
        except ValueError:
            raise TelegramError("invalid server response") from None
        if not isinstance(answer, dict) or "result" not in answer:
            raise TelegramError("invalid server response")
        return answer


def _refusal(code: int, payload: bytes) -> Refused:
    try:
        answer = json.loads(payload)
        parameters = answer.get("parameters") or {}
        return Refused(
            code,
            str(answer.get("description") or "no description"),
            retry_after=float(parameters.get("retry_after") or 0),
            moved_to=str(parameters.get("migrate_to_chat_id") or ""),
        )
    except (ValueError, TypeError, AttributeError):  # a proxy's error page
        return Refused(code, "no description")


class _Bot(Bot):
    """The library's bot, with one door for raw JSON."""

    __slots__ = ()

    async def raw(self, method: str, data: dict[str, Any], read_timeout: float) -> Any:
        return await self._do_post(method, data, read_timeout=read_timeout)


class Api:
    """A bot token's way to the platform. Raises `Refused` and other `TelegramError`s, with no token in them."""

    def __init__(self, token: str, base_url: str, file_base_url: str) -> None:
        silence()
        # One pool for polling and sending: a second client would load the certificates again, for megabytes. Telegram
        # takes some thirty messages a second, and httpx looks at every idle connection, squared, at each request.
        request = _Request(
            connection_pool_size=64,
            connect_timeout=10.0,
            read_timeout=_PATIENCE,
            write_timeout=_PATIENCE,
            media_write_timeout=60.0,
            pool_timeout=10.0,
        )
        try:
            self._bot = _Bot(token, base_url, file_base_url, request, request)
        except InvalidToken as error:
            raise Unauthorized("no bot token given") from error
        self._token = token

    async def open(self) -> dict[str, Any]:
        """Log in and return the bot's own account (`getMe`)."""
        try:
            await self._bot.initialize()
        except Refused:
            raise
        except InvalidToken:
            raise Refused(401, "Unauthorized") from None  # the library's text contains the token
        return self._bot.bot.to_dict()

    async def close(self) -> None:
        """Close all connections."""
        await self._bot.shutdown()

    async def call(self, method: str, data: dict[str, Any], *, patience: float = _PATIENCE) -> Any:
        """The `result` of a method, waiting `patience` seconds for the answer; values of `data` may be files."""
        return await self._bot.raw(method, data, patience)

    async def download(self, file_id: str) -> bytes:
        """The content of a file on the platform (20 MB at most, unless a self-hosted server allows more)."""
        file = await self._bot.get_file(file_id)
        return bytes(await file.download_as_bytearray(read_timeout=_DOWNLOAD_TIMEOUT))


def upload(name: str, content: bytes) -> InputFile:
    """A file as the value of a request's parameter."""
    return InputFile(content, filename=name)
