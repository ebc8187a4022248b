"""The control port: another process builds the world, talks, plans faults and reads records over HTTP and JSON.

POST /OPERATION with an object of arguments; the answer is JSON, `{"error": …}` with 400 for a wrong call or a wait in
vain. The operations are the methods of `Control` whose names begin with `op_`. Chats are named by their id, people by
theirs; a private chat has the person's id. All are with the first bot.
"""

import asyncio
import base64
import json
import time
from collections.abc import Callable
from inspect import isawaitable
from itertools import count
from typing import Any

from aiohttp import web

from tests.fakes import openai as ai
from tests.fakes.crowd import CrowdOperations
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.control import DiscordOperations
from tests.fakes.openai import FakeOpenAI, Gate, Reply
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.control import SlackOperations
from tests.fakes.telegram import Chat, FakeTelegram, User, faults
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.talk import TelegramTalk
from tests.fakes.wire import Json, Served, json_answer

FAULTS: dict[str, Callable[..., Fault]] = {
    "flood": faults.flood,
    "server_error": faults.server_error,
    "refused": faults.refused,
    "drop": faults.drop,
    "slow": faults.slow,
    "malformed": faults.malformed,
    "hold": faults.hold,
}
REPLIES: dict[str, Callable[..., Reply]] = {
    "say": ai.say,
    "bad_arguments": ai.bad_arguments,
    "status": ai.status,
    "break_midstream": ai.break_midstream,
    "hang": ai.hang,
    "drop": ai.drop,
    "malformed": ai.malformed,
}


class Control(CrowdOperations, DiscordOperations, SlackOperations, Served):
    """The operations over one pair of fakes, and over Slack and Discord where they are served."""

    def __init__(
        self,
        tg: FakeTelegram,
        openai: FakeOpenAI,
        port: int = 0,
        *,
        slack: FakeSlack | None = None,
        discord: FakeDiscord | None = None,
    ) -> None:
        Served.__init__(self, port)
        self.tg = tg
        self.openai = openai
        self.slack = slack
        self.discord = discord
        self._held: dict[int, Any] = {}
        self._numbers = count(1)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        operation = getattr(self, f"op_{request.path.strip('/')}", None)
        if operation is None:
            return json_answer({"error": f"no operation {request.path}"}, 404)
        raw = await request.content.read()
        try:
            result = operation(**(json.loads(raw) if raw else {}))
            if isawaitable(result):
                result = await result
        except (AssertionError, LookupError, TypeError, ValueError) as error:
            return json_answer({"error": f"{type(error).__name__}: {error}"}, 400)
        return json_answer(result)

    # -- the world -----------------------------------------------------------------------------------------

    def op_user(self, name: str, username: str | None = None, language_code: str = "en") -> Json:
        """A new person: {"user": id}; their private chat has the same id."""
        user = self.tg.user(name, username, language_code)
        self.tg.private(user)
        return {"user": user.id}

    def op_group(
        self,
        title: str,
        members: list[int],
        forum: bool = False,
        privacy_mode: bool | None = None,
        admins: list[int] | None = None,
        bot_rights: list[str] | None = None,
    ) -> Json:
        """A new group with the bot in it: {"chat": id}."""
        chat = self.tg.group(
            title,
            [self._user(one) for one in members],
            forum=forum,
            privacy_mode=privacy_mode,
            admins=[self._user(one) for one in admins or ()],
            bot_rights=bot_rights,
        )
        return {"chat": chat.id}

    def op_join(self, chat: int, user: int) -> Json:
        """Someone joins: {"update_id": …}, 0 when the bot is not told; likewise everywhere below."""
        return {"update_id": self._chat(chat).join(self._user(user))}

    def op_leave(self, chat: int, user: int) -> Json:
        """Someone leaves."""
        return {"update_id": self._chat(chat).leave(self._user(user))}

    def op_block(self, chat: int) -> Json:
        """The person of a private chat blocks the bot."""
        return {"update_id": self._chat(chat).block()}

    # -- what people do ------------------------------------------------------------------------------------

    def op_say(self, chat: int, user: int, text: str, reply_to: int | None = None, thread: int | None = None) -> Json:
        """A message."""
        return {"update_id": self._chat(chat).say(self._user(user), text, reply_to=reply_to, thread=thread)}

    def op_start(self, user: int, payload: str = "") -> Json:
        """A deep link followed."""
        return {"update_id": self._chat(user).start(self._user(user), payload)}

    def op_edit(self, chat: int, user: int, message: int, text: str) -> Json:
        """An edit of one's own message."""
        return {"update_id": self._chat(chat).edit(self._user(user), message, text)}

    def op_press(self, chat: int, user: int, message: int, button: str) -> Json:
        """A press on a button, by label or callback data."""
        return {"update_id": self._chat(chat).press(self._user(user), message, button)}

    def op_send_file(self, chat: int, user: int, name: str, content: str, caption: str = "") -> Json:
        """A document; `content` in base64."""
        raw = base64.b64decode(content)
        return {"update_id": self._chat(chat).send_file(self._user(user), name, raw, caption=caption)}

    async def op_talk(self, **plan: Any) -> Json:
        """Many conversations at once, see `TelegramTalk`: counts, rates and latencies when all replies were seen."""
        return await TelegramTalk(self.tg, **plan).run()

    # -- what people see -----------------------------------------------------------------------------------

    def op_messages(self, chat: int, last: int = 100) -> list[Json]:
        """The newest messages of a chat, oldest first; for the fields see `Message.view`."""
        return [message.view() for message in self._chat(chat).messages[-last:]]

    def op_answers(self, chat: int) -> list[Json]:
        """Presses of a chat and what the bot answered to each."""
        return [
            {"update_id": a.update_id, "user": a.user.id, "data": a.data, "text": a.text, "alert": a.alert}
            for a in self._chat(chat).answers
        ]

    async def op_wait(
        self,
        chat: int,
        after: int | None = None,
        contains: str | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109
    ) -> Json:
        """The bot's reply after an update, see `Chat.wait_for_reply`."""
        message = await self._chat(chat).wait_for_reply(after=after, contains=contains, timeout=timeout)
        return message.view()

    # -- updates and faults --------------------------------------------------------------------------------

    def op_redeliver(self, update_id: int) -> Json:
        """An update once more."""
        self.tg.redeliver(update_id)
        return {}

    def op_reorder(self, answers: int = 1) -> Json:
        """The next answers of getUpdates in reverse order."""
        self.tg.reorder(answers)
        return {}

    def op_raw(self, update: Json) -> Json:
        """An update of any shape."""
        return {"update_id": self.tg.send_raw(update)}

    def op_fault(
        self, method: str, kind: str, times: int = 1, skip: int = 0, where: Json | None = None, **options: Any
    ) -> Json:
        """Plan a fault of FAULTS with its options: {"fault": number}, for `reached` and `release` of a hold."""
        fault = self.tg.fail(method, FAULTS[kind](**options), times=times, skip=skip, where=where)
        return {"fault": self._hold(fault)}

    async def op_reached(self, fault: int, timeout: float = 10.0) -> Json:  # noqa: ASYNC109
        """Wait until a call met this fault, or a stream its gate."""
        try:
            async with asyncio.timeout(timeout):
                await self._held[fault].reached.wait()
        except TimeoutError:
            raise AssertionError(f"fault {fault} was not met within {timeout} s") from None
        return {}

    def op_release(self, fault: int) -> Json:
        """Let calls held by this fault, or a stream at its gate, go on."""
        self._held[fault].release()
        return {}

    def op_clear_faults(self) -> Json:
        """No more faults."""
        self.tg.faults.clear()
        return {}

    def op_revoke(self) -> Json:
        """The bot's token is refused from now on."""
        self.tg.revoke_token()
        return {}

    def op_restore(self) -> Json:
        """The token is good again."""
        self.tg.restore_token()
        return {}

    async def op_outage(self, seconds: float, telegram: bool = True, openai: bool = False) -> Json:
        """Nobody listens for that long; returns when the servers are back on the same ports."""
        servers: list[Served] = [s for s, wanted in ((self.tg, telegram), (self.openai, openai)) if wanted]
        for server in servers:
            await server.stop()
        await asyncio.sleep(seconds)
        for server in servers:
            await server.start()
        return {}

    # -- the model -----------------------------------------------------------------------------------------

    def op_echo(self, chunks: int = ai.CHUNKS, chunk_delay: float = 0.0) -> Json:
        """The model echoes, see `echo`; queued replies come first all the same."""
        self.openai.script = ai.echo(chunks, chunk_delay)
        return {}

    def op_reply(self, kind: str, **options: Any) -> Json:
        """Queue one reply of the model.

        A kind of REPLIES with its options; "call" with tool and arguments; "calls" with a list of such in `several`;
        "pause" with text and after_chunks: {"fault": number} for `reached` and `release`.
        """
        if kind == "pause":
            gate = Gate()
            self.openai.queue(ai.pause(options["text"], gate, options.get("after_chunks", 1)))
            return {"fault": self._hold(gate)}
        if kind == "call":
            reply = ai.call(options["tool"], **options.get("arguments", {}))
        elif kind == "calls":
            reply = ai.calls(*(ai.call(one["tool"], **one.get("arguments", {})) for one in options["several"]))
        else:
            reply = REPLIES[kind](**options)
        self.openai.queue(reply)
        return {}

    # -- records -------------------------------------------------------------------------------------------

    def op_requests(self, method: str | None = None, since: int = 0, limit: int = 1000) -> list[Json]:
        """Recorded Bot API calls, oldest first, from number `since` of those still kept."""
        kept = [one for one in self.tg.requests if method is None or one.method == method]
        return [one.json() for one in kept[since : since + limit]]

    def op_model_requests(self, since: int = 0, limit: int = 1000) -> list[Json]:
        """Recorded requests to the model."""
        return [one.json() for one in list(self.openai.requests)[since : since + limit]]

    async def op_wait_for_calls(self, method: str, count: int = 1, timeout: float = 10.0) -> Json:  # noqa: ASYNC109
        """Wait until the bot made so many calls of a method since the last reset."""
        await self.tg.wait_for_calls(method, count, timeout)
        return {}

    async def op_wait_until_acknowledged(self, timeout: float = 10.0) -> Json:  # noqa: ASYNC109
        """Wait until the bot has taken every update."""
        await self.tg.wait_until_acknowledged(timeout)
        return {}

    def op_counts(self) -> Json:
        """Calls per method and path since the last reset, updates pending, CPU seconds of this process so far."""
        return {
            "telegram": dict(self.tg.counts),
            "openai": dict(self.openai.counts),
            "pending": len(self.tg.bot.mailbox.pending),
            "cpu_seconds": time.process_time(),
        }

    def op_reset(self, world: bool = False) -> Json:
        """Forget records, faults and queued replies; with `world` also people, chats and pending updates."""
        self.tg.faults.clear()
        self.tg.requests.clear()
        self.tg.counts.clear()
        self.openai.requests.clear()
        self.openai.counts.clear()
        self.openai.queued.clear()
        if world:
            self.tg.forget_world()
        return {}

    # -- inside --------------------------------------------------------------------------------------------

    def _hold(self, held: Any) -> int:
        number = next(self._numbers)
        self._held[number] = held
        return number

    def _user(self, user_id: int) -> User:
        return self.tg.users[user_id]

    def _chat(self, chat_id: int) -> Chat:
        return self.tg.groups[chat_id] if chat_id < 0 else self.tg.private(self._user(chat_id))
