"""A real Bolt app on the fake, in Socket Mode or behind HTTP, that notes what it got."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, Team
from tests.fakes.wire import WireServer

Json = dict[str, Any]


def client(slack: FakeSlack, token: str) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=slack.api_base_url, timeout=10)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(text: str, action_id: str, value: str = "v") -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": value}


def actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "elements": list(elements)}]


def field(label: str, element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": label.lower(), "label": plain(label), "element": element, **more}


def modal(*blocks: Json, title: str = "Form", **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": [*blocks],
    } | more


class Seen:
    """What reached the app's listeners."""

    def __init__(self) -> None:
        self.bodies: asyncio.Queue[Json] = asyncio.Queue()

    async def next(self) -> Json:
        async with asyncio.timeout(5):
            return await self.bodies.get()

    async def event(self) -> Json:
        event: Json = (await self.next())["event"]
        return event


def bolt(slack: FakeSlack, team: Team) -> tuple[AsyncApp, Seen]:
    """An app that notes every event; tests add listeners of other kinds."""
    app = AsyncApp(client=client(slack, team.bot_token), signing_secret=slack.signing_secret)
    seen = Seen()

    async def take(body: Json) -> None:
        seen.bodies.put_nowait(body)

    for name in ("message", "app_mention"):
        app.event(name)(take)
    return app, seen


@asynccontextmanager
async def sockets(slack: FakeSlack, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """The app in Socket Mode."""
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=0.05)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await slack.wait_connected()
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def behind_http(app: AsyncApp) -> AsyncIterator[str]:
    """The app behind an HTTP endpoint; its URL."""

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        body = (await request.content.read()).decode()
        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        answer = await app.async_dispatch(AsyncBoltRequest(body=body, query=request.query_string, headers=headers))
        return web.Response(
            status=answer.status,
            text=answer.body,
            content_type=answer.first_headers_without_set_cookie().get("content-type", "text/plain").split(";")[0],
        )

    async with WireServer(handle) as server:
        yield f"http://127.0.0.1:{server.port}/slack/events"
