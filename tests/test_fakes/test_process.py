"""The fakes as a process of their own, built and watched through the control port."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
from openai import AsyncOpenAI
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import InvalidToken, RetryAfter
from telegram.ext import Application, ContextTypes, TypeHandler
from telegram.request import HTTPXRequest

from tests.fakes.talk import percentiles
from tests.test_fakes.remote import Remote, served


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    async with served("--echo-chunks", "3") as remote:
        yield remote


@pytest.fixture
async def app(remote: Remote) -> AsyncIterator["Application[Any, Any, Any, Any, Any, Any]"]:
    async def handle(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.callback_query is not None:
            await update.callback_query.answer("ok")
        elif update.message is not None and update.message.text is not None:
            keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
            placeholder = await update.message.reply_text("…")
            await placeholder.edit_text(f"You said: {update.message.text}", reply_markup=keyboard)

    where = remote.addresses
    builder = Application.builder().token(where["telegram_token"]).base_url(where["telegram"])
    made = builder.concurrent_updates(True).build()
    made.add_handler(TypeHandler(Update, handle))
    async with made:
        await made.start()
        assert made.updater is not None
        await made.updater.start_polling()
        yield made
        await made.updater.stop()
        await made.stop()


async def test_a_conversation_from_outside(remote: Remote, app: Any) -> None:
    ann = (await remote("user", name="Ann"))["user"]
    said = await remote("say", chat=ann, user=ann, text="hi")
    reply = await remote("wait", chat=ann, after=said["update_id"], contains="You said: hi")
    assert (reply["buttons"], reply["edits"]) == (["Go"], 1)
    pressed = await remote("press", chat=ann, user=ann, message=reply["message_id"], button="Go")
    started = await remote("start", user=ann, payload="X1")
    await remote("wait", chat=ann, after=started["update_id"], contains="/start X1")
    (answer,) = await remote("answers", chat=ann)
    assert (answer["update_id"], answer["data"], answer["text"]) == (pressed["update_id"], "go", "ok")
    group = (await remote("group", title="G", members=[ann]))["chat"]
    assert await remote("say", chat=group, user=ann, text="private talk") == {"update_id": 0}
    named = await remote("say", chat=group, user=ann, text="@nexus_test_bot hm")
    await remote("wait", chat=group, after=named["update_id"])
    (newest,) = await remote("messages", chat=group, last=1)
    assert newest["text"].startswith(("…", "You said"))
    await remote("send_file", chat=ann, user=ann, name="a.txt", content=base64.b64encode(b"x").decode())
    await remote("edit", chat=ann, user=ann, message=1, text="hi!")
    ben = (await remote("user", name="Ben"))["user"]
    await remote("join", chat=group, user=ben)
    await remote("leave", chat=group, user=ben)
    await remote("block", chat=ann)
    await remote("wait_until_acknowledged")
    await remote("wait_for_calls", method="sendMessage", count=3)
    sent = await remote("requests", method="sendMessage")
    assert [one["params"]["text"] for one in sent] == ["…"] * 3


async def test_talk_in_bulk(remote: Remote, app: Any) -> None:
    result = await remote("talk", chats=5, messages=4, expect="You said: message {n} of {chat}")
    assert (result["replies"], result["missing"]) == (20, 0)
    assert 0 < result["first_ms"]["p50"] <= result["done_ms"]["p99"] <= result["done_ms"]["max"]
    groups = await remote("talk", chats=2, messages=2, kind="group", text="{bot} {n}", expect="You said: {bot} {n}")
    assert groups["replies"] == 4
    counts = await remote("counts")
    assert counts["telegram"]["sendMessage"] == 24
    assert counts["cpu_seconds"] > 0
    lost = await remote("talk", chats=1, messages=2, expect="never said", timeout=0.01)
    assert (lost["replies"], lost["missing"]) == (0, 1)


async def test_faults_from_outside(remote: Remote, app: Any) -> None:
    ann = (await remote("user", name="Ann"))["user"]
    await remote("start", user=ann)
    await remote("wait", chat=ann, contains="You said")
    held = await remote("fault", method="sendMessage", kind="hold")
    call = asyncio.create_task(app.bot.send_message(ann, "held"))
    await remote("reached", fault=held["fault"])
    await remote("release", fault=held["fault"])
    await call
    await remote("fault", method="sendMessage", kind="flood", retry_after=1, where={"chat_id": ann})
    with pytest.raises(RetryAfter):
        await app.bot.send_message(ann, "x")
    await remote("fault", method="*", kind="slow", seconds=9)
    await remote("clear_faults")
    await app.bot.send_message(ann, "x")
    again = await remote("say", chat=ann, user=ann, text="again")
    await remote("wait", chat=ann, after=again["update_id"], contains="You said: again")
    await remote("redeliver", update_id=again["update_id"])
    await remote("wait", chat=ann, after=again["update_id"], contains="You said: again")
    await remote("reorder")
    assert (await remote("raw", update={"hologram": {}}))["update_id"] > again["update_id"]
    with pytest.raises(AssertionError, match="no operation"):
        await remote("dance")
    with pytest.raises(AssertionError, match="KeyError"):
        await remote("say", chat=5, user=5, text="x")
    with pytest.raises(AssertionError, match="did not happen"):
        await remote("wait", chat=ann, contains="never", timeout=0.01)


async def test_outage_and_revocation_from_outside(remote: Remote) -> None:
    where = remote.addresses
    async with HTTPXRequest() as request:
        bot = Bot(where["telegram_token"], base_url=where["telegram"], request=request)
        await remote("outage", seconds=0.0, openai=True)
        await bot.get_me()
        await remote("revoke")
        with pytest.raises(InvalidToken):
            await bot.get_me()
        await remote("restore")
        await bot.get_me()


async def test_the_model_from_outside(remote: Remote) -> None:
    where = remote.addresses
    async with AsyncOpenAI(api_key=where["openai_key"], base_url=where["openai"], max_retries=0) as client:

        async def ask() -> Any:
            answer = await client.chat.completions.create(model="m", messages=[{"role": "user", "content": "hi"}])
            return answer.choices[0].message

        assert (await ask()).content == "You said: hi"
        await remote("reply", kind="say", text="queued")
        await remote("reply", kind="call", tool="find", arguments={"q": 1})
        await remote("reply", kind="calls", several=[{"tool": "a"}, {"tool": "b", "arguments": {"x": 2}}])
        gate = (await remote("reply", kind="pause", text="late"))["fault"]
        assert (await ask()).content == "queued"
        assert (await ask()).tool_calls[0].function.arguments == '{"q": 1}'
        assert [call.function.name for call in (await ask()).tool_calls] == ["a", "b"]
        late = asyncio.create_task(ask())
        await remote("reached", fault=gate)
        await remote("release", fault=gate)
        assert (await late).content == "late"
        await remote("echo", chunks=2)
        assert (await remote("model_requests", since=4))[0]["body"]["model"] == "m"
        assert (await remote("counts"))["openai"] == {"/v1/chat/completions": 5}
    ann = (await remote("user", name="Ann"))["user"]
    await remote("say", chat=ann, user=ann, text="nobody listens")
    assert (await remote("counts"))["pending"] == 1
    await remote("reset", world=True)
    counts = await remote("counts")
    assert (counts["pending"], counts["openai"], counts["telegram"]) == (0, {}, {})


def test_percentiles() -> None:
    assert percentiles([]) == {}
    found = percentiles([float(n) for n in range(1, 101)])
    assert (found["min"], found["p50"], found["p90"], found["p99"], found["max"]) == (1, 51, 91, 100, 100)
