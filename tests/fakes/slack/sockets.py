"""Socket Mode: websocket connections with hello, envelopes, acknowledgements, disconnects and pings."""

import asyncio
import json
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from tests.fakes.slack.delivery import Delivery
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.slack.world import World

HOST = "applink-fake-1"
MOST_CONNECTIONS = 10


class Connection:
    """One websocket of the app. `acks` are the acknowledgements as they came, `pongs` the bodies of its pongs.

    `answers_pings` False makes it a dead line: open, but without a pong. `ready` is False after a refresh was
    requested: nothing new is sent over it.
    """

    def __init__(self, slack: "World") -> None:
        self.acks: list[Json] = []
        self.pongs: list[bytes] = []
        self.pings = 0
        self.answers_pings = True
        self.ready = True
        self.in_flight: dict[Delivery, None] = {}
        self.ponged = asyncio.Event()
        self._slack = slack
        self._socket = web.WebSocketResponse(autoping=False, timeout=0.05)
        self._outgoing: asyncio.Queue[Delivery | Json] = asyncio.Queue()
        self._transport: asyncio.Transport | None = None

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Upgrade, greet, and go on until one side closes."""
        dispatch = self._slack.dispatch
        await self._socket.prepare(request)
        self._transport = request.transport
        if len(dispatch.connections) >= MOST_CONNECTIONS:
            await self._socket.send_json({"type": "disconnect", "reason": "too_many_websockets", **_debug()})
            await self._socket.close()
            return self._socket
        await self._socket.send_json(
            {
                "type": "hello",
                "num_connections": len(dispatch.connections) + 1,
                **_debug(approximate_connection_time=18060),
                "connection_info": {"app_id": self._slack.app_id},
            }
        )
        writer = asyncio.create_task(self._write())
        dispatch.connected(self)
        self._slack.tick()
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    self._received(json.loads(message.data))
                elif message.type is WSMsgType.PING:
                    self.pings += 1
                    if self.answers_pings:
                        await self._socket.pong(message.data)
                elif message.type is WSMsgType.PONG:
                    self.pongs.append(bytes(message.data))
                    self.ponged.set()
        finally:
            writer.cancel()
            dispatch.disconnected(self)
            self._slack.tick()
        return self._socket

    def send(self, delivery: Delivery) -> None:
        """Queue a delivery."""
        self.in_flight[delivery] = None
        self._outgoing.put_nowait(delivery)

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell the app to reconnect: "warning", "refresh_requested", "link_disabled"; the app closes this one."""
        self.ready = reason == "warning"
        self._outgoing.put_nowait({"type": "disconnect", "reason": reason, **_debug()})

    def raw(self, body: Json) -> None:
        """Send anything."""
        self._outgoing.put_nowait(body)

    async def ping(self, body: bytes = b"Ping from applink-fake-1") -> None:
        """Ping the app, and wait for its pong. Raises TimeoutError after 5 s."""
        self.ponged.clear()
        await self._socket.ping(body)
        async with asyncio.timeout(5):
            await self.ponged.wait()

    async def close(self) -> None:
        """Close in good order."""
        await self._socket.close()

    def abort(self) -> None:
        """Reset the TCP connection."""
        self.ready = False
        if self._transport is not None:
            self._transport.abort()

    def _received(self, body: Json) -> None:
        self.acks.append(body)
        envelope_id = body.get("envelope_id", "")
        payload = body.get("payload")
        self._slack.dispatch.acknowledged(envelope_id, payload or None)
        for delivery in [one for one in self.in_flight if one.is_acked]:
            del self.in_flight[delivery]
        self._slack.tick()

    async def _write(self) -> None:
        while True:
            out = await self._outgoing.get()
            if isinstance(out, Delivery):
                out.sent()
                out = self._slack.dispatch.envelope(out)
                self._slack.tick()
            try:
                await self._socket.send_str(json.dumps(out, separators=(",", ":")))
            except ConnectionError:
                return


def _debug(**more: int) -> Json:
    return {"debug_info": {"host": HOST, **more}}
