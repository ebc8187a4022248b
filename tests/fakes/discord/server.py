"""The fake Discord server: REST, gateway and CDN on one port, faults and records, over the `World` that tests build."""

import re
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable
from inspect import isawaitable
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.fakes import recording
from tests.fakes.discord import rest
from tests.fakes.discord.errors import ApiError, not_found, unauthorized
from tests.fakes.discord.faults import Fault, Faults, fits
from tests.fakes.discord.limits import Limits
from tests.fakes.discord.model import App, Privileged
from tests.fakes.discord.reading import read_body
from tests.fakes.discord.record import Request
from tests.fakes.discord.world import World
from tests.fakes.wire import Served, json_answer

_BASE = re.compile(r"/api(?:/v(\d+))?(/.*)")
# Older records fall out, so that a long benchmark does not eat the memory of its own measurement.
RECORDED = 200_000


class FakeDiscord(Served, World):
    """Discord on loopback for one or more applications; an asynchronous context manager.

    `app` is the first application, made with it. People's doings are plain calls from the server's own event loop.
    `heartbeat_interval` in seconds is what HELLO asks of clients.
    """

    def __init__(
        self,
        *,
        token: str | None = None,
        name: str = "Nexus",
        privileged: Iterable[Privileged] = ("members", "message_content"),
        port: int = 0,
        heartbeat_interval: float = 41.25,
        shards: int = 1,
    ) -> None:
        Served.__init__(self, port)
        World.__init__(self)
        self.faults = Faults()
        self.limits = Limits(self.clock)
        self.requests: deque[Request] = deque(maxlen=RECORDED)
        self.counts: Counter[str] = Counter()
        self.gateway.heartbeat_interval = heartbeat_interval
        self.app = self.add_app(name, token=token, privileged=privileged, shards=shards)

    # -- addresses -----------------------------------------------------------------------------------------

    @property
    def api_base(self) -> str:
        """For `discord.http.Route.BASE`."""
        return f"{self.origin}/api/v10"

    @property
    def token(self) -> str:
        """The first bot's token."""
        return self.app.token

    @property
    def application_id(self) -> int:
        """The first application's id, its bot's too."""
        return self.app.id

    # -- life ----------------------------------------------------------------------------------------------

    async def stop(self) -> None:
        """Stop serving: held calls go on, connections are cut, sessions stay for a later `start`."""
        self.faults.clear()
        await self.gateway.stop()
        await super().stop()

    # -- records and faults --------------------------------------------------------------------------------

    def calls(self, method: str, path: str) -> list[Request]:
        """The recorded calls, oldest first: `fake.calls("POST", "/channels/*/messages")`; see `faults.fits`."""
        return [one for one in self.requests if fits(one, method, path)]

    def wait_for_calls(self, method: str, path: str, count: int = 1, timeout: float = 5.0) -> Awaitable[list[Request]]:
        """The fitting calls once `count` of them were answered, or cut off."""

        def find() -> list[Request] | None:
            found = [one for one in self.calls(method, path) if one.ended]
            return found if len(found) >= count else None

        return self.until(find, timeout, f"{count} calls of {method} {path}")

    def fail(
        self,
        method: str,
        path: str,
        fault: Fault,
        *,
        times: int = 1,
        skip: int = 0,
        where: Callable[[Request], bool] | None = None,
    ) -> Fault:
        """Plan a fault (see `faults`); the same fault back, for `hold`'s `reached` and `release`."""
        self.faults.add(method, path, fault, times, skip, where)
        return fault

    def revoke_token(self, app: App | None = None) -> None:
        """401 and close 4004 from now on; connections are closed with 4004."""
        app = app or self.app
        app.revoked = True
        for session in self.gateway.connected:
            if session.app is app and session.connection is not None:
                self.gateway.forget(session)
                session.connection.close(4004, "Authentication failed.")

    def restore_token(self, app: App | None = None) -> None:
        """The token is good again."""
        (app or self.app).revoked = False

    # -- the wire ------------------------------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.rel_url.raw_path
        if path.startswith("/gateway"):
            return await self.gateway.serve(request)
        if path.startswith("/attachments/"):
            return self._file(path)
        match = _BASE.fullmatch(path)
        if match is None:
            return web.Response(status=404, text="404: Not Found")
        if match[1] not in (None, "9", "10"):
            return json_answer({"message": "Invalid API version", "code": 50041}, 400)
        return await self._call(request, match[2])

    async def _call(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        authorization = request.headers.get("Authorization")
        token = authorization.removeprefix("Bot ") if authorization else None
        reason = request.headers.get("X-Audit-Log-Reason")
        broken: ApiError | None = None
        try:
            body, files = await read_body(request)
        except ApiError as error:
            body, files, broken = None, [], error
        found = rest.find(request.method, path)
        record = Request(
            request.method,
            path,
            dict(request.query),
            body,
            [one.json() for one in files],
            _unquoted(reason),
            token,
            time.time(),
            found[0].template if found else "",
            multipart=request.content_type == "multipart/form-data",
        )
        self.requests.append(record)
        names = [f"files[{one.number}]" for one in files]
        recording.note("discord", request.method, path, body, query=record.query, files=names)
        self.counts[f"{record.method} {record.route or record.path}"] += 1
        fault = self.faults.meet(record)
        if fault is not None and not fault.after and (answer := await fault.strike(request)) is not None:
            return self._noted(record, answer, fault)
        call = rest.Call(self, {}, record.query, body, files, record.reason)
        answer = await self._answer(call, record, found, broken)
        if fault is not None and fault.after and (other := await fault.strike(request)) is not None:
            return self._noted(record, other, fault)
        return self._noted(record, answer, None)

    async def _answer(
        self, call: rest.Call, record: Request, found: Any, broken: ApiError | None
    ) -> web.StreamResponse:
        headers: dict[str, str] = {}
        try:
            if found is None:
                raise not_found()
            route, call.path = found
            if not route.public:
                call.caller = self._authorised(record.token)
            headers = self.limits.spend(record, call.path)
            if broken is not None:
                raise broken
            if call.reason is not None and not 1 <= len(call.reason) <= 512:
                raise ApiError(400, 50035, "Invalid Form Body")
            result = route.handler(call)
            if isawaitable(result):
                result = await result
        except ApiError as error:
            record.code = error.code
            return json_answer(error.json(), error.status, headers | (error.headers or {}))
        if result is None:
            return web.Response(status=204, headers=headers)
        return json_answer(result, route.status, headers)

    def _authorised(self, token: str | None) -> App:
        for app in self.apps:
            if app.token == token and not app.revoked:
                return app
        raise unauthorized()

    def _noted(self, record: Request, answer: web.StreamResponse, fault: Fault | None) -> web.StreamResponse:
        record.ended = True
        record.status = 0 if fault is not None and fault.kind == "drop" else answer.status
        self.happened()
        return answer

    def _file(self, path: str) -> web.Response:
        stored = self.cdn.get(path)
        if stored is None:
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=stored.content, content_type=stored.content_type)


def _unquoted(reason: str | None) -> str | None:
    return None if reason is None else unquote(reason)
