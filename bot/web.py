"""/healthz and /metrics. Loaded only where an address for them is set."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.app import App
from bot.metrics import metrics

STALE = 120_000  # ms without an answer from a platform, after which we call ourselves unwell
LONGEST_WRITE = 5.0  # seconds that a write to the store may take


class Web:
    """A small HTTP server for whoever watches over the process."""

    def __init__(self, app: App, bind: str) -> None:
        self._app = app
        host, _, port = bind.rpartition(":")
        self._host, self._port = host.strip("[]") or "127.0.0.1", int(port)
        self._server: HTTPServer | None = None

    async def start(self) -> None:
        """Listen."""
        handlers: list[Any] = [("/healthz", _Health, {"web": self}), ("/metrics", _Metrics)]
        self._server = HTTPServer(Application(handlers, log_function=lambda handler: None))
        self._server.listen(self._port, address=self._host)

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.stop()
            await self._server.close_all_connections()

    async def health(self) -> tuple[bool, dict[str, object]]:
        """Real progress: the store commits, and each platform has answered lately."""
        now = self._app.store.clock.now()
        try:
            async with asyncio.timeout(LONGEST_WRITE):
                await self._app.store.write(lambda unit: unit.now)
            store = True
        except Exception:
            store = False
        platforms = {}
        for name, adapter in self._app.adapters.items():
            health = adapter.health()
            age = now - health.last_progress
            platforms[name] = {"ok": health.alive and age < STALE, "silent_ms": age, "detail": health.detail}
        well = store and all(bool(p["ok"]) for p in platforms.values())
        report: dict[str, object] = {"ok": well, "store": store, "platforms": platforms, "tasks": self._app.depth}
        if self._app.node is not None:
            shared = self._app.node.report()
            report |= shared
            report["ok"] = well = well and shared["works"] is not False
        return well, report


class _Health(RequestHandler):
    def initialize(self, web: Web) -> None:
        self._web = web

    async def get(self) -> None:
        well, report = await self._web.health()
        self.set_status(200 if well else 503)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(report))


class _Metrics(RequestHandler):
    async def get(self) -> None:
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.finish(metrics.text())
