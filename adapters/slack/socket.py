"""Socket Mode: slack_sdk's client, with a way of connecting that never gets stuck and tells what is wrong.

The library's own `connect` repeats a URL for ever that Slack takes only once, and logs it. Everything else is its own:
receiving, pings, noticing a dead connection and asking for a new one.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.async_base_handler import AsyncBaseSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.contract import TooManyRequests, Transient, Unauthorized
from adapters.slack.api import QUIET, Api
from adapters.slack.refusals import Lost, Refused, contract_error
from adapters.slack.trouble import Trouble

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 30.0
_LAST_WORDS = 2.0  # seconds for acknowledgements under way when the bot stops


class Client(SocketModeClient):
    """The library's client, connecting with a fresh URL at each attempt.

    `progress` is called when Slack is heard, `reconnected` after a connection that was lost, not merely renewed.
    """

    def __init__(
        self,
        api: Api,
        app_token: str,
        progress: Callable[[], None],
        reconnected: Callable[[], None],
        ping_interval: float,
    ) -> None:
        super().__init__(app_token=app_token, logger=QUIET, web_client=api.client(), ping_interval=ping_interval)
        self._api = api
        self._progress = progress
        self._reconnected = reconnected
        self._pong: float | None = None
        self._connected_at = 0.0
        self._renewing = True  # the first connection misses nothing that a start does not look for
        self._running: set[asyncio.Task[Any]] = set()
        self.trouble = Trouble.NONE

    async def first(self) -> None:
        """Connect once. Raises a `DeliveryError` instead of trying again."""
        try:
            await self._connect_once()
        except (Refused, Lost) as error:
            raise contract_error(error) from None
        except (aiohttp.ClientError, OSError, TimeoutError) as error:  # the URL, with its ticket, may be in the text
            raise Transient(f"no connection for Socket Mode ({type(error).__name__})", maybe_done=False) from None

    async def connect(self) -> None:
        """Connect, however long it takes. Ends early when the client is closed."""
        pause = 0.0
        while not self.closed:
            try:
                await self._connect_once()
            except (Refused, Lost, aiohttp.ClientError, OSError, TimeoutError) as error:
                self.wss_uri = None
                pause = self._failed(error, pause)
                await asyncio.sleep(pause)
            else:
                return

    def _failed(self, error: Exception, pause: float) -> float:
        self._renewing = False
        longer = min(max(2 * pause, _FIRST_PAUSE), _LONGEST_PAUSE)
        trouble = contract_error(error) if isinstance(error, Refused | Lost) else None
        self.trouble = Trouble.APP_LEVEL if isinstance(trouble, Unauthorized) else Trouble.UNREACHABLE
        if isinstance(trouble, Unauthorized):
            return _LONGEST_PAUSE
        return max(trouble.after, longer) if isinstance(trouble, TooManyRequests) else longer

    async def _connect_once(self) -> None:
        self.auto_reconnect_enabled = False  # no second reconnection begins meanwhile
        if self.current_session is not None:  # Slack allows few at a time
            with contextlib.suppress(aiohttp.ClientError, OSError):
                await self.current_session.close()
        url, self.wss_uri = self.wss_uri or await self.issue_new_wss_url(), None
        session = await self.aiohttp_client_session.ws_connect(
            url, autoping=False, heartbeat=self.ping_interval, proxy=self.proxy
        )
        self.current_session = session
        self._connected_at = time.monotonic()
        self.auto_reconnect_enabled = self.default_auto_reconnect_enabled
        self.stale = False
        self.last_ping_pong_time = None
        await session.ping(f"sdk-ping-pong:{time.time()}".encode())
        for task in (self.current_session_monitor, self.message_receiver):
            if task is not None and task is not asyncio.current_task():
                task.cancel()
        self.current_session_monitor = asyncio.ensure_future(self.monitor_current_session())
        self.message_receiver = asyncio.ensure_future(self.receive_messages())
        self.trouble = Trouble.NONE
        self._progress()
        renewed, self._renewing = self._renewing, False
        if not renewed:
            self._reconnected()

    async def issue_new_wss_url(self) -> str:
        """A URL that is good for one connection. Raises `Refused` and `Lost`."""
        answer = await self._api.call(self.web_client, "apps.connections.open", app_token=self.app_token)
        return str(answer["url"])

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Asked for by Slack's "disconnect" (`force`), or by the monitor of a dead connection."""
        if self.closed:
            return
        async with self.connect_operation_lock:
            if force and time.monotonic() - self._connected_at < self.ping_interval:
                await asyncio.sleep(self.ping_interval)  # Slack sent us away at once: too many are connected
            if force or not await self.is_connected():
                self._renewing = force
                await self.connect()

    async def is_ping_pong_failing(self) -> bool:
        """Asked by the library at every ping; what came back since is progress."""
        if self.last_ping_pong_time is not None and self.last_ping_pong_time != self._pong:
            self._pong = self.last_ping_pong_time
            self._progress()
        return await super().is_ping_pong_failing()

    async def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """One message, in a task of its own; the library forgets about those."""
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            await super().run_message_listeners(message, raw_message)
        finally:
            self._running.discard(task)

    async def close(self) -> None:
        """Let what is being acknowledged go out, close, and wait until nothing runs any more."""
        if self._running:
            await asyncio.wait(self._running, timeout=_LAST_WORDS)
        tasks = [self.message_processor, self.current_session_monitor, self.message_receiver, *self._running]
        await super().close()  # type: ignore[no-untyped-call]
        for task in self._running:
            task.cancel()
        await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)


class Handler(AsyncBaseSocketModeHandler):
    """Bolt's handler around our client; an answer other than 200 is no acknowledgement, so Slack sends it again."""

    app: AsyncApp
    client: Client

    def __init__(self, app: AsyncApp, client: Client) -> None:
        self.app = app
        self.client = client
        client.socket_mode_request_listeners.append(self.handle)

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """One request."""
        response = await run_async_bolt_app(self.app, req)
        await send_async_response(client, req, response, time.time())
