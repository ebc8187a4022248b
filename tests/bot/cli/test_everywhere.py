"""All platforms and the model from `nexus run`, by their environment names alone; the same spread over processes."""

from __future__ import annotations

import asyncio
import json
import re
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from tests.bot.cli.shell import PATIENCE, Shell
from tests.bot.cli.test_platforms import end, line_with, start
from tests.fakes.discord import FakeDiscord
from tests.fakes.openai import API_KEY, FakeOpenAI, echo
from tests.fakes.slack import FakeSlack, Team
from tests.fakes.telegram import FakeTelegram

WORDS = "What is a good name for a boat?"


@dataclass
class World:
    """Every platform, and how a bot finds them."""

    telegram: FakeTelegram
    discord: FakeDiscord
    slack: FakeSlack
    team: Team
    model: FakeOpenAI

    @property
    def settings(self) -> dict[str, str]:
        """The environment, and nothing else."""
        return {
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_API_BASE_URL": self.telegram.base_url,
            "TELEGRAM_FILE_BASE_URL": self.telegram.file_base_url,
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_BASE": self.discord.api_base,
            "DISCORD_GATEWAY_URL": self.discord.gateway_url,
            "SLACK_BOT_TOKEN": self.team.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_BASE_URL": self.slack.api_base_url,
            "OPENAI_API_KEY": API_KEY,
            "OPENAI_BASE_URL": self.model.base_url,
            "OPENAI_MODEL": "fake",
        }

    async def say(self, platform: str, words: str, contains: str) -> str:
        """Ana says something in the direct chat of a platform; the answer that holds these words."""
        if platform == "telegram":
            user = next((u for u in self.telegram.users.values() if u.first_name == "Ana"), None) or (
                self.telegram.user("Ana")
            )
            phone = self.telegram.private(user)
            return (await phone.wait_for_reply(after=phone.say(user, words), contains=contains, timeout=PATIENCE)).text
        if platform == "discord":
            person = next((u for u in self.discord.users.values() if u.username == "ana"), None) or (
                self.discord.user("Ana")
            )
            client = self.discord.dm(person)
            said = client.say(person, words)
            return (await client.wait_for_reply(after=said, contains=contains, timeout=PATIENCE)).words
        member = next((u for u in self.team.users.values() if u.name == "ana"), None) or self.team.user("Ana")
        room = self.team.im(member)
        note = room.say(member, words)
        return (await room.wait_for_reply(after=note, contains=contains, timeout=PATIENCE)).shown


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(FakeTelegram())
        discord = await stack.enter_async_context(FakeDiscord())
        slack = await stack.enter_async_context(FakeSlack())
        model = await stack.enter_async_context(FakeOpenAI(echo()))
        yield World(telegram, discord, slack, slack.team("Office"), model)


async def the_same_everywhere(world: World, claim: str) -> None:
    """Ana owns the place in Slack; everywhere the same sentences get the same answers, and the model streams."""
    assert "you are its owner" in await world.say("slack", f"claim {claim}", "owner")
    code = ""
    for platform in ("telegram", "discord", "slack"):
        said = await world.say(platform, WORDS, WORDS)
        assert "You said" in said, platform
    # One that moves across: made in Slack, accepted in Telegram and in Discord.
    member = next(u for u in world.team.users.values() if u.name == "ana")
    room = world.team.im(member)
    world.team.slash(member, room, "/nexus", "invite role=member uses=2")
    answer = await room.wait_for_reply(contains="Your invitation to", timeout=PATIENCE)
    found = re.search(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}\b", answer.shown)
    assert found, answer.shown
    code = found[0]
    for platform in ("telegram", "discord"):
        assert "Welcome to Home" in await world.say(platform, f"/accept {code}", "Welcome to Home")
        assert "as member" in await world.say(platform, "/help", "What you can do in Home")


def claim_in(text: str) -> str:
    """The code on the operator's terminal."""
    found = re.search(r"claim ([0-9A-Z-]{14})", text)
    assert found, text
    return found[1]


async def read_claim(process: Process) -> str:
    """What the first start shows on standard output."""
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        return claim_in((await process.stdout.readline()).decode())


async def test_one_process_by_the_environment_alone(shell: Shell, world: World) -> None:
    process = await start(shell, "run", **world.settings)
    claim = await read_claim(process)
    running = json.loads(await line_with(process, "running"))
    assert running["platforms"] == ["discord", "slack", "telegram"]
    assert running["brain"] == "model"
    await the_same_everywhere(world, claim)
    process.send_signal(signal.SIGTERM)
    out, err = await end(process)
    assert process.returncode == 0
    for secret in (world.telegram.token, world.discord.token, world.team.bot_token, world.slack.app_token, API_KEY):
        assert secret not in out + err + shell.everything()


async def test_gateways_and_a_worker_on_postgresql(shell: Shell, world: World, new_url: Callable[[str], str]) -> None:
    settings = world.settings | {"NEXUS_STORE_URL": new_url("postgres")}
    migrated = await start(shell, "migrate", **settings)
    claim = claim_in((await end(migrated))[0])
    assert migrated.returncode == 0
    processes = []
    gateways = [
        ("run", "--only", "slack"),
        ("run", "--only", "telegram"),
        ("run", "--only", "discord", "--shards", "0"),
    ]
    for arguments in (*gateways, ("work",)):
        more = {"DISCORD_SHARDS": "1"} if "--shards" in arguments else {}
        processes.append(await start(shell, *arguments, **settings, **more))
    for process in processes:
        await line_with(process, "running")
    await the_same_everywhere(world, claim)
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        await end(process)
        assert process.returncode == 0
