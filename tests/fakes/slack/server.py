"""The fake Slack on the wire: Web API, Socket Mode, files, response URLs and the install page."""

import time
from collections.abc import Awaitable, Callable
from inspect import isawaitable

from aiohttp import web

from tests.fakes import recording
from tests.fakes.slack import assistant, chat, conversations, directory, files, streams, views  # noqa: F401 (they register)
from tests.fakes.slack.errors import SlackError, missing_scope
from tests.fakes.slack.model import Request, StoredFile
from tests.fakes.slack.oauth import authorize
from tests.fakes.slack.params import Params, Upload, read_params
from tests.fakes.slack.registry import METHODS, Call, Known
from tests.fakes.slack.sockets import Connection
from tests.fakes.slack.world import World
from tests.fakes.wire import json_answer


class FakeSlack(World):
    """A Slack on loopback; an asynchronous context manager. For what tests do with it see `World`."""

    async def stop(self) -> None:
        """Stop serving: held calls go on, connections are cut, nothing is sent any more."""
        self.faults.clear()
        self.dispatch.stop()
        if self.dispatch.hook is not None:
            await self.dispatch.hook.stop()
        for connection in list(self.dispatch.connections):
            connection.abort()
        await super().stop()

    # -- the wire ------------------------------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith("/api/"):
            return await self._api(request, path.removeprefix("/api/"))
        if path == "/link":
            return await self._link(request)
        if path.startswith("/actions/"):
            return await self._respond(request, path.removeprefix("/actions/"))
        if path.startswith("/upload/v1/"):
            return await self._upload(request, path.removeprefix("/upload/v1/"))
        if path.startswith(("/files-pri/", "/files-pri-download/")):
            return await self._download(request, path.split("/")[2])
        if path == "/oauth/v2/authorize":
            self._record("authorize", dict(request.query), request)
            return authorize(self, request)
        return web.Response(status=404, text="not found")

    async def _api(self, request: web.BaseRequest, name: str) -> web.StreamResponse:
        try:
            params = await read_params(request)
        except SlackError as error:
            return json_answer(error.json(), error.status)
        authorization = request.headers.get("Authorization", "")
        token = authorization.removeprefix("Bearer ") if authorization.startswith("Bearer ") else ""
        token = str(params.pop("token", "")) or token
        record = self._record(name, params, request)

        async def work() -> web.Response:
            return await self._answer(name, Call(self, self.tokens.get(token), params, token, authorization), record)

        return await self._with_faults(request, record, params, work)

    async def _answer(self, name: str, call: Call, record: Request) -> web.Response:
        headers: dict[str, str] = {}
        known = METHODS.get(name)
        try:
            if known is None:
                raise SlackError("unknown_method", req_method=name)
            if call.team is not None:
                record.team = call.team.id
                headers["X-OAuth-Scopes"] = ",".join(sorted(call.team.scopes))
            self._authorise(known, call)
            if known.form_only and record.http.endswith("/json"):
                raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] not a form"]})
            result = known.function(call)
            if isawaitable(result):
                result = await result
        except SlackError as error:
            record.error = error.error
            return json_answer(error.json(), error.status, {**headers, **error.headers})
        return json_answer({"ok": True, **result}, headers=headers)

    def _authorise(self, known: Known, call: Call) -> None:
        if known.token == "client":
            return
        if not call.token:
            raise SlackError("not_authed")
        if known.token == "app":
            if call.token != self.app_token:
                raise SlackError("not_allowed_token_type" if call.team else "invalid_auth")
            return
        team = call.team
        if team is None or call.token != team.bot_token:
            raise SlackError("not_allowed_token_type" if call.token == self.app_token else "invalid_auth")
        if team.bot_token_state != "active":
            raise SlackError("token_revoked" if team.bot_token_state == "revoked" else "account_inactive")
        if known.scopes and not team.scopes.intersection(known.scopes):
            raise missing_scope(known.scopes[0], ",".join(sorted(team.scopes)))

    async def _link(self, request: web.BaseRequest) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            return web.Response(status=404)
        self.tickets.discard(ticket)
        return await Connection(self).serve(request)

    async def _respond(self, request: web.BaseRequest, key: str) -> web.StreamResponse:
        try:
            params = await read_params(request)
        except SlackError as error:
            return json_answer(error.json(), 400)
        record = self._record("response_url", params, request)

        async def work() -> web.Response:
            try:
                target = self.responses.get(key)
                if target is None:
                    raise SlackError("no_service", status=404)
                record.team = target.channel.team.id
                return json_answer(target.answer(self.clock.elapsed(), params))
            except SlackError as error:
                record.error = error.error
                return json_answer(error.json(), error.status if error.status != 200 else 400)

        return await self._with_faults(request, record, params, work)

    async def _upload(self, request: web.BaseRequest, ticket: str) -> web.StreamResponse:
        team = next((one for one in self.teams.values() if ticket in one.files.tickets), None)
        if team is None:
            return web.Response(status=404, text="not found")
        stored = team.files.tickets[ticket]
        sent = await _body_of(request, stored)
        record = self._record("upload", {"name": stored.name}, request)
        record.team, record.files = team.id, [sent.json()]

        async def work() -> web.Response:
            if len(sent.content) != stored.expected:
                return web.Response(status=400, text="size mismatch")
            stored.content = sent.content
            return web.Response(text=f"OK - {len(sent.content)}")

        return await self._with_faults(request, record, {}, work)

    async def _download(self, request: web.BaseRequest, key: str) -> web.StreamResponse:
        team_id, _, file_id = key.partition("-")
        record = self._record("download", {"file": file_id}, request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")

        async def work() -> web.Response:
            team = self.teams.get(team_id)
            stored = team.files.by_id.get(file_id) if team else None
            if stored is None:
                return web.Response(status=404, text="not found")
            if self.tokens.get(token) is not team or team is None or "files:read" not in team.scopes:
                # Without the right token Slack shows its login page, with status 200.
                return web.Response(text="<!DOCTYPE html><title>Slack</title>Sign in", content_type="text/html")
            return web.Response(body=stored.content, content_type=stored.mime)

        return await self._with_faults(request, record, {}, work)

    async def _with_faults(
        self, request: web.BaseRequest, record: Request, params: Params, work: Callable[[], Awaitable[web.Response]]
    ) -> web.StreamResponse:
        fault = self.faults.take(record.method, params)
        answer: web.StreamResponse | None = None
        if fault is not None and not fault.after:
            answer = await fault.strike(request)
        if answer is None:
            answer = await work()
            if fault is not None and fault.after:
                answer = await fault.strike(request) or answer
        cut = request.transport is None or request.transport.is_closing()
        record.status = 0 if cut else answer.status
        self.tick()
        return answer

    def _record(self, name: str, params: Params, request: web.BaseRequest) -> Request:
        shown = {key: value.json() if isinstance(value, Upload) else value for key, value in params.items()}
        shown = {key: value for key, value in shown.items() if key not in ("client_secret", "code")}
        record = Request(name, shown, f"{request.method} {request.content_type}", time.time())
        self.requests.append(record)
        uploads = {key for key, value in params.items() if isinstance(value, Upload)}
        body = {key: value for key, value in params.items() if key not in uploads}
        form = request.content_type != "application/json"
        recording.note("slack", request.method, name, body, files=uploads, form=form)
        self.counts[name] += 1
        return record


async def _body_of(request: web.BaseRequest, stored: StoredFile) -> Upload:
    if request.content_type == "multipart/form-data":
        params = await read_params(request)
        return next((one for one in params.values() if isinstance(one, Upload)), Upload(stored.name, b""))
    return Upload(stored.name, await request.content.read())
