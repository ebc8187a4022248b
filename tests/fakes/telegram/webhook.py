"""Delivery of updates to a bot's webhook: in order, with the secret header, again until the answer is 2xx."""

import asyncio
import time
from contextlib import suppress

import aiohttp

from tests.fakes.telegram.mailbox import Mailbox, Update
from tests.fakes.wire import Json

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_PATIENCE_SECONDS = 60


class Courier:
    """The webhook of one bot; one update at a time, so that order holds for every chat."""

    def __init__(self, mailbox: Mailbox, url: str, secret: str, max_connections: int, retry_seconds: float) -> None:
        self.url = url
        self.secret = secret
        self.max_connections = max_connections
        self.attempts: list[tuple[int, int]] = []
        self._mailbox = mailbox
        self._retry_seconds = retry_seconds
        self._error: tuple[int, str] | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to deliver."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop; what was not acknowledged stays pending."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def info(self) -> Json:
        """The part of WebhookInfo that is known here."""
        data: Json = {"url": self.url, "max_connections": self.max_connections, "ip_address": "127.0.0.1"}
        if self._error is not None:
            data["last_error_date"], data["last_error_message"] = self._error
        return data

    async def post(self, update: Update, secret: str | None = None) -> int:
        """Post one update now; the HTTP status, or 0 when there was no answer. `secret` replaces the true one."""
        async with aiohttp.ClientSession() as session:
            return await self._post(session, update, self.secret if secret is None else secret)

    async def _run(self) -> None:
        mailbox = self._mailbox
        async with aiohttp.ClientSession() as session:
            while True:
                mailbox.arrived.clear()
                update = mailbox.next_delivery()
                if update is None:
                    await mailbox.arrived.wait()
                    continue
                status = await self._post(session, update, self.secret)
                self.attempts.append((update.update_id, status))
                if 200 <= status < 300:
                    mailbox.delivered(update)
                else:
                    # The real server waits longer each time; a test should not.
                    await asyncio.sleep(self._retry_seconds)

    async def _post(self, session: aiohttp.ClientSession, update: Update, secret: str) -> int:
        headers = {"Content-Type": "application/json"}
        if secret:
            headers[SECRET_HEADER] = secret
        try:
            async with session.post(
                self.url,
                data=update.raw,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=_PATIENCE_SECONDS),
            ) as answer:
                await answer.read()
                if not 200 <= answer.status < 300:
                    words = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                    self._error = (int(time.time()), words)
                return answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            self._error = (int(time.time()), f"Connection failed: {type(error).__name__}")
            return 0
