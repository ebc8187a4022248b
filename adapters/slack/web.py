"""The HTTP side: Slack posts events and interactions to us, and browsers come to install the app."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow

from adapters.contract import Unauthorized
from adapters.slack.api import Api
from adapters.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from adapters.slack.refusals import Lost, Refused, contract_error
from adapters.slack.trouble import Trouble
from adapters.slack.workspaces import Workspaces

_LARGEST_BODY = 2 << 20  # bytes
_LOOK_EVERY = 60.0  # seconds


class Web:
    """A small server. `events`: Slack's requests are taken here, and their signatures checked by Bolt."""

    def __init__(self, app: AsyncApp, flow: AsyncOAuthFlow | None, bind: str, *, events: bool) -> None:
        self._app = app
        self._flow = flow
        host, _, port = bind.rpartition(":")
        self._host, self._port = host.strip("[]") or "127.0.0.1", int(port)
        self._events = events
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        application = web.Application(client_max_size=_LARGEST_BODY)
        if self._events:
            application.router.add_post(EVENTS_PATH, self._post)
        if self._flow is not None:
            application.router.add_get(INSTALL_PATH, self._install)
            application.router.add_get(REDIRECT_PATH, self._redirected)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=2.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()

    async def stop(self) -> None:
        """Stop listening; what is being answered is answered."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _post(self, request: web.Request) -> web.Response:
        try:
            asked = await to_bolt_request(request)
        except ValueError:  # no UTF-8, or no JSON
            return web.Response(status=400)
        return await to_aiohttp_response(await self._app.async_dispatch(asked))

    async def _install(self, request: web.Request) -> web.Response:
        assert self._flow is not None
        return await to_aiohttp_response(await self._flow.handle_installation(await to_bolt_request(request)))

    async def _redirected(self, request: web.Request) -> web.Response:
        assert self._flow is not None
        return await to_aiohttp_response(await self._flow.handle_callback(await to_bolt_request(request)))


class Watch:
    """A regular look at Slack where events come by HTTP: a quiet day must not look like a dead bot, nor the reverse."""

    def __init__(self, api: Api, workspaces: Workspaces, progress: Callable[[], None]) -> None:
        self._api = api
        self._workspaces = workspaces
        self._progress = progress
        self.trouble = Trouble.NONE

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await self.look()
            await asyncio.sleep(_LOOK_EVERY)

    async def look(self) -> None:
        """Ask whether Slack answers, and to our token."""
        home = self._workspaces.home
        try:
            if home is not None:
                await self._workspaces.call(home, "auth.test")
            else:  # one workspace among several that revokes its token is no trouble of the others
                await self._api.call(self._api.client(), "api.test")
        except (Refused, Lost) as error:
            refused = isinstance(contract_error(error), Unauthorized)
            self.trouble = Trouble.TOKEN if refused else Trouble.UNREACHABLE
            return
        self.trouble = Trouble.NONE
        self._progress()
