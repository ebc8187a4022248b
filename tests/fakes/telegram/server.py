"""The fake Bot API server: tokens, dispatch, faults and records, over the `World` that people and tests build."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Awaitable
from inspect import isawaitable

from aiohttp import web

from tests.fakes import recording
from tests.fakes.faults import Fault, MethodFaults
from tests.fakes.telegram import account, groups, moderation, sending  # noqa: F401 (they register the methods)
from tests.fakes.telegram.account import shown
from tests.fakes.telegram.errors import ApiError
from tests.fakes.telegram.limits import Limits
from tests.fakes.telegram.mailbox import Mailbox
from tests.fakes.telegram.model import Bot, Request
from tests.fakes.telegram.params import Params, Upload, read_params
from tests.fakes.telegram.registry import METHODS
from tests.fakes.telegram.world import World
from tests.fakes.wire import Json, Served, json_answer

TOKEN = "700000001:AAF-fake-token-of-the-first-bot-0000000"
# Older records fall out, so that a long benchmark does not eat the memory of its own measurement.
RECORDED = 200_000


class FakeTelegram(World, Served):
    """A Bot API server on loopback for one or more bots; an asynchronous context manager.

    `bot` is the first bot, made with it. All people's doings are plain calls from the server's own event loop.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "nexus_test_bot",
        privacy_mode: bool = True,
        port: int = 0,
        webhook_retry_seconds: float = 0.02,
    ) -> None:
        Served.__init__(self, port)
        World.__init__(self)
        self.webhook_retry_seconds = webhook_retry_seconds
        self.limits = Limits()
        self.faults = MethodFaults()
        self.requests: deque[Request] = deque(maxlen=RECORDED)
        self.counts: Counter[str] = Counter()
        self._call_waiters: list[tuple[str, int, asyncio.Future[None]]] = []
        self.bot = self.add_bot("Nexus", username, token=token, privacy_mode=privacy_mode)

    @property
    def base_url(self) -> str:
        """What clients append the token to: `http://127.0.0.1:PORT/bot`."""
        return f"{self.origin}/bot"

    @property
    def file_base_url(self) -> str:
        """The same for files: `http://127.0.0.1:PORT/file/bot`."""
        return f"{self.origin}/file/bot"

    @property
    def token(self) -> str:
        """The first bot's token."""
        return self.bot.token

    async def stop(self) -> None:
        """Stop serving: held calls go on, polls end empty, webhooks rest."""
        self.faults.clear()
        for bot in self.bots:
            bot.mailbox.end_poll(None)
            if bot.courier is not None:
                await bot.courier.stop()
        await super().stop()

    async def start(self) -> None:
        """Serve (again, on the same port); webhooks are delivered again."""
        await super().start()
        for bot in self.bots:
            if bot.courier is not None:
                bot.courier.start()

    # -- updates -------------------------------------------------------------------------------------------

    def send_raw(self, body: Json, bot: Bot | None = None) -> int:
        """Queue an update of any shape, {} included; allowed_updates is not asked."""
        update_id = self.new_update_id()
        (bot or self.bot).mailbox.put(update_id, "raw", body)
        return update_id

    def send_unknown(self) -> int:
        """An update of a kind that no library knows yet."""
        return self.send_raw({"hologram": {"id": 1, "from": {"id": 5}}})

    def send_unparseable(self) -> int:
        """A message without the fields every message has, and with others of the wrong type."""
        return self.send_raw({"message": {"message_id": "x", "chat": 7, "text": ["no"], "entities": 3}})

    def redeliver(self, update_id: int, bot: Bot | None = None) -> None:
        """Give an update once more, acknowledged or not. Raises KeyError for one this bot never got."""
        (bot or self.bot).mailbox.repeat(update_id)

    def reorder(self, answers: int = 1, bot: Bot | None = None) -> None:
        """The next `answers` batches of two or more updates come in reverse; a naive offset then repeats some."""
        (bot or self.bot).mailbox.reverse(answers)

    def wait_until_acknowledged(self, timeout: float = 5.0, bot: Bot | None = None) -> Awaitable[None]:
        """Until no update is pending any more. Raises AssertionError after `timeout` seconds."""
        return self._wait_until_acknowledged((bot or self.bot).mailbox, timeout)

    @staticmethod
    async def _wait_until_acknowledged(mailbox: Mailbox, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await mailbox.emptied.wait()
        except TimeoutError:
            raise AssertionError(f"{len(mailbox.pending)} updates still pending after {seconds} s") from None

    async def deliver(self, update_id: int, *, secret: str | None = None, bot: Bot | None = None) -> int:
        """Post an update to the webhook now, out of turn, perhaps with a forged secret; the HTTP status."""
        bot = bot or self.bot
        if bot.courier is None:
            raise ValueError("no webhook is set")
        return await bot.courier.post(bot.mailbox.known(update_id), secret)

    # -- faults --------------------------------------------------------------------------------------------

    def fail(self, method: str, fault: Fault, *, times: int = 1, skip: int = 0, where: Json | None = None) -> Fault:
        """Plan a fault (see `faults`); the same fault back, for `hold`'s `reached` and `release`."""
        self.faults.add(method.lower(), fault, times, skip, where)
        return fault

    def revoke_token(self, bot: Bot | None = None) -> None:
        """401 Unauthorized from now on, also for a poll under way."""
        bot = bot or self.bot
        bot.revoked = True
        bot.mailbox.end_poll(ApiError(401, "Unauthorized"))

    def restore_token(self, bot: Bot | None = None) -> None:
        """The token is good again."""
        (bot or self.bot).revoked = False

    def expire_callbacks(self) -> None:
        """Every press so far is too old to be answered."""
        for answer in self.callbacks.values():
            answer.expired = True

    def calls(self, method: str) -> list[Request]:
        """The recorded calls of one method, oldest first."""
        return [request for request in self.requests if request.method == method]

    def wait_for_calls(self, method: str, count: int = 1, timeout: float = 5.0) -> Awaitable[list[Request]]:
        """The recorded calls of a method once there were `count` since the last reset, answered or not.

        Raises AssertionError when there are fewer after `timeout` seconds.
        """
        return self._wait_for_calls(method, count, timeout)

    async def _wait_for_calls(self, method: str, count: int, seconds: float) -> list[Request]:
        if self.counts[method] < count:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._call_waiters.append((method, count, future))
            try:
                async with asyncio.timeout(seconds):
                    await future
            except TimeoutError:
                text = f"{method} was called {self.counts[method]} times within {seconds} s, not {count}"
                raise AssertionError(text) from None
        return self.calls(method)

    def _count(self, method: str) -> None:
        self.counts[method] += 1
        for waiter in self._call_waiters[:]:
            name, count, future = waiter
            if name == method and self.counts[method] >= count:
                self._call_waiters.remove(waiter)
                if not future.done():
                    future.set_result(None)

    # -- the wire ------------------------------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith("/file/bot"):
            return self._file(path.removeprefix("/file/bot"))
        token, _, name = path.removeprefix("/bot").partition("/")
        known = METHODS.get(name.lower())
        try:
            params = await read_params(request)
        except ApiError as error:
            return json_answer(error.json(), error.code)
        record = Request(known[0] if known else name, _recorded(params), time.time(), token)
        self.requests.append(record)
        self._count(record.method)
        _keep(request, record.method, params)
        fault = self.faults.take(name.lower(), params)
        if fault is not None and not fault.after and (answer := await fault.strike(request)) is not None:
            return _noted(record, answer)
        answer = await self._answer(token, name, params, record)
        if fault is not None and fault.after and (other := await fault.strike(request)) is not None:
            return _noted(record, other)
        return _noted(record, answer)

    async def _answer(self, token: str, name: str, params: Params, record: Request) -> web.Response:
        try:
            bot = self._authorised(token)
            known = METHODS.get(name.lower())
            if known is None:
                raise ApiError(404, "Not Found: method not found")
            self.limits.spend(name.lower(), params)
            result = known[1](self, bot, params)
            if isawaitable(result):
                result = await result
        except ApiError as error:
            record.description = error.description
            return json_answer(error.json(), error.code)
        return web.Response(body=b'{"ok":true,"result":' + shown(result) + b"}", content_type="application/json")

    def _authorised(self, token: str) -> Bot:
        bot = next((bot for bot in self.bots if bot.token == token), None)
        if bot is None or bot.revoked:
            number, _, rest = token.partition(":")
            # A token that does not even look like one is not a page of the server.
            raise ApiError(401, "Unauthorized") if number.isdigit() and rest else ApiError(404, "Not Found")
        return bot

    def _file(self, rest: str) -> web.Response:
        token, _, path = rest.partition("/")
        try:
            self._authorised(token)
        except ApiError as error:
            return json_answer(error.json(), error.code)
        stored = self.files.by_path(path)
        if stored is None:
            return json_answer(ApiError(404, "Not Found").json(), 404)
        return web.Response(body=stored.content, content_type="application/octet-stream")


def _keep(request: web.BaseRequest, method: str, params: Params) -> None:
    files = {name for name, value in params.items() if isinstance(value, Upload)}
    body = {name: value for name, value in params.items() if name not in files}
    recording.note("telegram", "POST", method, body, files=files, form=request.content_type != "application/json")


def _recorded(params: Params) -> Json:
    return {name: value.json() if isinstance(value, Upload) else value for name, value in params.items()}


def _noted(record: Request, answer: web.StreamResponse) -> web.StreamResponse:
    record.status = answer.status
    return answer
