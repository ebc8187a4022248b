"""What every HTTP fake shares: a loopback server that can vanish, and answers cut off in the middle.

aiohttp's low-level server is used without its router: the fakes share two cores with the bot under test.
"""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any, Self

from aiohttp import web

Json = dict[str, Any]
Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class WireServer:
    """One HTTP server on 127.0.0.1; `port` 0 asks the system for a free one and keeps it from then on."""

    def __init__(self, handler: Handler, port: int = 0) -> None:
        self.port = port
        self._handler = handler
        self._runner: web.ServerRunner | None = None

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        server = web.Server(self._handler, access_log=None, lingering_time=0.0)
        # Requests under way at the end are fakes' long polls and slow answers: nobody waits for those.
        self._runner = web.ServerRunner(server, shutdown_timeout=0.05)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close the listener and every connection; connecting is refused until `start`. Harmless when stopped."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


class Served:
    """An asynchronous context manager around one `WireServer`; the fakes derive from it."""

    def __init__(self, port: int = 0) -> None:
        self._server = WireServer(self._handle, port)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        raise NotImplementedError

    async def start(self) -> None:
        """Start listening; the address is known afterwards."""
        await self._server.start()

    async def stop(self) -> None:
        """Stop listening and drop all connections; state stays, so `start` after it is an outage that ended."""
        await self._server.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._server.port}"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def json_answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """`body` as JSON with that HTTP status."""
    return web.Response(
        body=json.dumps(body, separators=(",", ":")).encode(),
        status=status,
        headers=headers,
        content_type="application/json",
    )


async def cut_off(request: web.BaseRequest) -> web.Response:
    """Reset the client's connection (TCP RST); the value returned is for the handler to return, and never sent."""
    if request.transport is not None:
        request.transport.abort()
    await asyncio.sleep(0)  # lets the loop close the transport before aiohttp tries to write
    return web.Response(status=500)


async def hang_up(request: web.BaseRequest) -> None:
    """Close the connection in the middle of an answer; unlike a reset, what was written before arrives."""
    if request.transport is not None:
        request.transport.close()
    await asyncio.sleep(0)
