"""`nexus connect` and `nexus run` against a fake Telegram, as real processes."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import stat
import sys
import urllib.error
import urllib.request
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator

import pytest

from tests.bot.cli.shell import PATIENCE, Shell
from tests.fakes.openai import API_KEY, FakeOpenAI, break_midstream, call, say
from tests.fakes.telegram import FakeTelegram

TOKEN = "700000001:AAF-a-secret-token-of-the-bot-000000000"


@pytest.fixture
async def tg() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(token=TOKEN) as server:
        yield server


def addresses(tg: FakeTelegram) -> dict[str, str]:
    """Where Telegram is."""
    return {"TELEGRAM_API_BASE_URL": tg.base_url, "TELEGRAM_FILE_BASE_URL": tg.file_base_url}


async def start(shell: Shell, *arguments: str, **settings: str) -> Process:
    """Start a command."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        cwd=shell.home,
        env=shell.environment(**settings),
    )


async def end(process: Process) -> tuple[str, str]:
    """Wait for its end: what it wrote."""
    async with asyncio.timeout(PATIENCE):
        out, err = await process.communicate()
    return out.decode(), err.decode()


async def line_with(process: Process, words: str) -> str:
    """Read its log until a line has these words."""
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE):
        while line := (await process.stderr.readline()).decode():
            if words in line:
                return line
    raise AssertionError(f"it ended without {words!r}")


async def test_connect_proves_it_and_keeps_the_token_for_the_owner_alone(shell: Shell, tg: FakeTelegram) -> None:
    out, err = await end(await start(shell, "connect", "telegram", "--token", TOKEN, "--no-wait", **addresses(tg)))
    assert err == ""
    assert "Telegram answers: this is @nexus_test_bot." in out
    assert "Now write to your bot: https://t.me/nexus_test_bot" in out
    assert re.search(r"send the bot in a direct message: claim [0-9A-Z-]{14}", out)
    config = shell.data / "config.toml"
    assert TOKEN in config.read_text()
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert TOKEN not in out + shell.everything()


async def test_connect_waits_for_the_first_message(shell: Shell, tg: FakeTelegram) -> None:
    process = await start(shell, "connect", "telegram", "--token", TOKEN, **addresses(tg))
    await tg.wait_for_calls("getUpdates", timeout=PATIENCE)
    ana = tg.user("Ana")
    tg.private(ana).say(ana, "/help")
    out, _ = await end(process)
    assert "It works: you wrote, and the bot has answered. Start it any time with: nexus run" in out
    assert process.returncode == 0
    assert "I'm the Cofounder of this Nexus" in tg.private(ana).bot_messages[0].text


async def test_connect_with_a_token_that_telegram_does_not_know(shell: Shell, tg: FakeTelegram) -> None:
    wrong = "700000002:AAF-another-secret-token-0000000000000"
    process = await start(shell, "connect", "telegram", "--token", wrong, "--no-wait", **addresses(tg))
    out, err = await end(process)
    assert process.returncode == 1
    assert err == "Telegram does not know this token. Copy it again from @BotFather, all of it.\n"
    assert not (shell.data / "config.toml").exists()
    assert "secret" not in out + err


async def test_connect_with_nobody_to_ask(shell: Shell) -> None:
    process = await start(shell, "connect", "telegram")
    out, err = await end(process)
    assert process.returncode == 2
    assert "open a chat with @BotFather" in out
    assert err == "There is nobody to ask for the token here. Set TELEGRAM_BOT_TOKEN, or pass --token.\n"


async def test_run_answers_reports_its_health_and_stops_kindly(shell: Shell, tg: FakeTelegram) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{probe.getsockname()[1]}"
    process = await start(
        shell, "run", TELEGRAM_BOT_TOKEN=TOKEN, NEXUS_METRICS_BIND=bind, NEXUS_LOG_LEVEL="debug", **addresses(tg)
    )
    assert json.loads(await line_with(process, "running"))["platforms"] == ["telegram"]
    ana = tg.user("Ana")
    said = tg.private(ana).say(ana, "/note a secret lighthouse")
    await tg.private(ana).wait_for_reply(after=said, timeout=PATIENCE)
    status, report = await asyncio.to_thread(get, f"http://{bind}/healthz")
    assert status == 200
    assert json.loads(report)["platforms"]["telegram"]["ok"] is True
    _, figures = await asyncio.to_thread(get, f"http://{bind}/metrics")
    assert 'nexus_operations_total{operation="thought.add",outcome="done"} 1.0' in figures
    assert 'nexus_events_total{kind="command",platform="telegram"} 1.0' in figures
    tg.revoke_token()
    async with asyncio.timeout(PATIENCE):
        while (await asyncio.to_thread(get, f"http://{bind}/healthz"))[0] != 503:
            pass
    process.send_signal(signal.SIGTERM)
    out, err = await end(process)
    assert process.returncode == 0
    assert '"stopping"' in err
    assert "lighthouse" not in figures + report + out + err + shell.everything()
    assert TOKEN not in figures + report + out + err + shell.everything()
    assert not list(shell.data.glob("*.sock"))


async def test_run_finishes_the_turn_it_is_in(shell: Shell, tg: FakeTelegram) -> None:
    process = await start(shell, "run", TELEGRAM_BOT_TOKEN=TOKEN, **addresses(tg))
    await line_with(process, "running")
    ana = tg.user("Ana")
    for number in range(5):
        tg.private(ana).say(ana, f"/note thought {number}")
    await tg.wait_until_acknowledged(PATIENCE)
    process.send_signal(signal.SIGTERM)
    await end(process)
    assert process.returncode == 0
    assert [m.text.split("“")[1][:9] for m in tg.private(ana).bot_messages] == [f"thought {n}" for n in range(5)]


async def test_run_with_a_token_that_is_refused_and_without_a_network(shell: Shell, tg: FakeTelegram) -> None:
    tg.revoke_token()
    process = await start(shell, "run", TELEGRAM_BOT_TOKEN=TOKEN, **addresses(tg))
    _, err = await end(process)
    assert process.returncode == 2
    assert err == "Telegram does not know this token. Copy it again from @BotFather, all of it.\n"
    process = await start(shell, "run", TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_BASE_URL="http://127.0.0.1:9/bot")
    _, err = await end(process)
    assert process.returncode == 1
    assert err.startswith("Telegram cannot be reached from here (")
    assert TOKEN not in err


async def test_check_tells_what_telegram_does_not_allow(shell: Shell, tg: FakeTelegram) -> None:
    process = await start(shell, "check", TELEGRAM_BOT_TOKEN=TOKEN, **addresses(tg))
    out, err = await end(process)
    assert process.returncode == 0
    assert "Telegram   @nexus_test_bot answers" in out
    assert "Privacy mode is on: in groups the bot only sees commands, mentions" in out
    assert TOKEN not in out + err


async def test_a_key_is_in_no_log_when_the_model_fails(shell: Shell, tg: FakeTelegram) -> None:
    async with FakeOpenAI() as endpoint:
        model = {"OPENAI_API_KEY": API_KEY, "OPENAI_BASE_URL": endpoint.base_url}
        check, _ = await end(await start(shell, "check", **model))
        assert f"at {endpoint.base_url} answers" in check
        process = await start(shell, "run", TELEGRAM_BOT_TOKEN=TOKEN, NEXUS_LOG_LEVEL="debug", **model, **addresses(tg))
        running = json.loads(await line_with(process, "running"))
        assert running["brain"] == "model"
        ana = tg.user("Ana")
        endpoint.queue(say("Well said."), break_midstream("Half", 1), break_midstream("Half", 1))
        said = tg.private(ana).say(ana, "the lighthouse is dark")
        await tg.private(ana).wait_for_reply(after=said, contains="Well said.", timeout=PATIENCE)
        said = tg.private(ana).say(ana, "the lighthouse is still dark")
        await tg.private(ana).wait_for_reply(after=said, contains="by myself", timeout=PATIENCE)
        os.kill(process.pid, signal.SIGTERM)
        out, err = await end(process)
    assert process.returncode == 0
    assert "the model is down" in err
    for secret in ("lighthouse", "Half", API_KEY, TOKEN):
        assert secret not in out + err


def get(url: str) -> tuple[int, str]:
    """Status and text of a page."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


async def test_understand_with_a_model_rehearses_only(shell: Shell) -> None:
    async with FakeOpenAI() as endpoint:
        endpoint.queue(call("need_post", text="a sail"), say("I would post that."))
        model = {"OPENAI_API_KEY": API_KEY, "OPENAI_BASE_URL": endpoint.base_url}
        out, err = await end(await start(shell, "understand", "--brain", "model", "I need a sail", **model))
    assert err == ""
    assert json.loads(out) == {"operation": "need.post", "arguments": {"text": "a sail"}, "missing": []}
    assert not shell.store.exists()
