"""HTTP mode: signed requests to the app's own endpoint, as events, interactions and commands come there."""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.delivery import PATIENCE_SECONDS, Delivery
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.slack.dispatch import Dispatch

_ATTEMPTS = 3


def sign(secret: str, timestamp: str, body: str) -> str:
    """Slack's signature of a request body."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app's endpoint answered; status 0 is no answer at all."""

    status: int
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def payload(self) -> Json | None:
        """The acknowledgement in it: a JSON object, or a plain text as `{"text": …}`."""
        if not self.body:
            return None
        try:
            decoded = json.loads(self.body)
        except ValueError:
            return {"text": self.body}
        return decoded if isinstance(decoded, dict) else {"text": self.body}


class Hook:
    """The app's request URL; `retry_seconds` (real ones) lie between attempts, where Slack waits for minutes."""

    def __init__(self, dispatch: "Dispatch", secret: str, url: str, retry_seconds: float = 0.02) -> None:
        self.url = url
        self.retry_seconds = retry_seconds
        self._dispatch = dispatch
        self._secret = secret
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, delivery: Delivery) -> None:
        """Post it in the background until it is taken or given up."""
        task = asyncio.create_task(self._send(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Stop sending."""
        for task in list(self._tasks):
            task.cancel()
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def post(self, delivery: Delivery, *, signature: str | None = None, timestamp: int | None = None) -> Answer:
        """Post once, perhaps with a forged signature or an old timestamp (Unix seconds)."""
        body, kind = _encoded(delivery)
        headers = {"Content-Type": kind, **self.signed(body, signature, timestamp)}
        if delivery.retry and delivery.kind == "events_api":
            headers |= {"X-Slack-Retry-Num": str(delivery.retry), "X-Slack-Retry-Reason": delivery.reason}
        delivery.sent()
        answer = await self._post(body, headers)
        delivery.statuses.append(answer.status)
        return answer

    async def verify(self, *, signature: str | None = None) -> Answer:
        """Post a url_verification; a good endpoint answers its challenge."""
        challenge = {"token": "verification", "challenge": "challenge-3eZbrw1aB10", "type": "url_verification"}
        body = json.dumps(challenge)
        return await self._post(body, {"Content-Type": "application/json", **self.signed(body, signature)})

    def signed(self, body: str, signature: str | None = None, timestamp: int | None = None) -> dict[str, str]:
        """The headers that prove a body."""
        stamp = str(int(time.time()) if timestamp is None else timestamp)
        return {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(self._secret, stamp, body) if signature is None else signature,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }

    async def _send(self, delivery: Delivery) -> None:
        for _ in range(_ATTEMPTS + 1):
            answer = await self.post(delivery)
            if 200 <= answer.status < 300:
                delivery.ack(answer.payload())
                break
            reason = "http_error" if answer.status else "connection_failed"
            if delivery.kind != "events_api":
                delivery.fail(reason)
                break
            if ("x-slack-no-retry", "1") in answer.headers:
                delivery.fail(reason)
                break
            delivery.retry += 1
            delivery.reason = reason
            await asyncio.sleep(self.retry_seconds)
        else:
            delivery.fail("given up")
        self._dispatch.closed(delivery)

    async def _post(self, body: str, headers: dict[str, str]) -> Answer:
        if self._session is None:
            patience = aiohttp.ClientTimeout(total=self._dispatch.ack_timeout or PATIENCE_SECONDS * 20)
            self._session = aiohttp.ClientSession(timeout=patience)
        try:
            async with self._session.post(self.url, data=body, headers=headers, allow_redirects=False) as answer:
                seen = tuple((name.lower(), value) for name, value in answer.headers.items())
                return Answer(answer.status, await answer.text(), seen)
        except (aiohttp.ClientError, TimeoutError):
            return Answer(0)


def _encoded(delivery: Delivery) -> tuple[str, str]:
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload), "application/json"
    fields = delivery.payload if delivery.kind == "slash_commands" else {"payload": json.dumps(delivery.payload)}
    return urlencode(fields), "application/x-www-form-urlencoded"
