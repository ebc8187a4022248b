"""Webhook mode: Telegram posts updates to us, and 200 is said only after they are stored.

The HTTP server is tornado, which python-telegram-bot's `[webhooks]` extra brings. The library's own handler says
200 as soon as an update is queued in memory and 400 to one it cannot read, which Telegram then repeats for hours.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from telegram.error import TelegramError
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from adapters.telegram.api import Api
from adapters.telegram.intake import Intake
from adapters.telegram.refusals import Refused
from adapters.telegram.translate import ALLOWED_UPDATES
from adapters.telegram.trouble import Trouble

log = logging.getLogger(__name__)

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
_LARGEST_BODY = 1 << 20  # bytes; one update is a few kilobytes
_LOOK_EVERY = 60.0  # seconds


class Webhook:
    """A small HTTP server for one bot, and a regular look at what Telegram says about it."""

    def __init__(
        self, api: Api, intake: Intake, progress: Callable[[], None], *, url: str, secret: str, bind: str
    ) -> None:
        self._api = api
        self._intake = intake
        self._progress = progress
        self._url, self._secret = url, secret
        host, _, port = bind.rpartition(":")
        self._host = host.strip("[]")
        self._port = int(port)
        self._server: HTTPServer | None = None
        self._task: asyncio.Task[None] | None = None
        self.trouble = Trouble.NONE

    async def start(self) -> None:
        """Listen first, then tell Telegram where."""
        path = urlsplit(self._url).path or "/"
        application = Application([(path, _Handler, {"webhook": self})], log_function=lambda handler: None)
        self._server = HTTPServer(application, max_body_size=_LARGEST_BODY)
        self._server.listen(self._port, address=self._host)
        request = {"url": self._url, "secret_token": self._secret, "allowed_updates": list(ALLOWED_UPDATES)}
        await self._api.call("setWebhook", request)
        self._task = asyncio.create_task(self._watch(), name="telegram webhook watch")

    async def stop(self) -> None:
        """Stop listening. The webhook stays set, so Telegram keeps what arrives until the next start."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self._server:
            self._server.stop()
            await self._server.close_all_connections()
            self._server = None

    async def receive(self, secret: str, body: bytes) -> int:
        """The HTTP status for one request: 200 once stored, 500 when Telegram should send it again."""
        if not hmac.compare_digest(secret.encode(), self._secret.encode()):
            return 403
        try:
            update = json.loads(body)
        except ValueError:
            return 400
        try:
            await self._intake.take([update])
        except Exception as error:  # whatever the store raises; its text may quote what was to be stored
            log.warning("Telegram: an update could not be stored (%s); it will come again", type(error).__name__)
            return 500
        self._progress()
        return 200

    async def _watch(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(_LOOK_EVERY)

    async def look(self) -> None:
        """Ask Telegram how the webhook is doing: a quiet day must not look like a dead bot, nor the reverse."""
        try:
            info: dict[str, Any] = await self._api.call("getWebhookInfo", {})
        except TelegramError as error:
            refused = isinstance(error, Refused) and error.code in (401, 404)
            self.trouble = Trouble.TOKEN if refused else Trouble.UNREACHABLE
            return
        self._progress()
        if info.get("url") != self._url:
            self.trouble = Trouble.WEBHOOK_TAKEN
        elif info.get("pending_update_count") and info.get("last_error_message"):
            self.trouble = Trouble.UNDELIVERED
        else:
            self.trouble = Trouble.NONE


class _Handler(RequestHandler):
    """POST only; whatever else is asked gets tornado's 405."""

    def initialize(self, webhook: Webhook) -> None:
        self._webhook = webhook

    async def post(self) -> None:
        secret = self.request.headers.get(_SECRET_HEADER, "")
        self.set_status(await self._webhook.receive(secret, self.request.body))
