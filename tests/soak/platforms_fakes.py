"""`python -m tests.soak.platforms_fakes`: Discord and Slack in a process of their own, with the model of `fakes`."""

from __future__ import annotations

import asyncio
import json
import signal

from adapters.slack.scopes import BOT_EVENTS, BOT_SCOPES
from tests.fakes.control import Control
from tests.fakes.discord import FakeDiscord
from tests.fakes.openai import FakeOpenAI
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram
from tests.soak.fakes import Script


async def _serve() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with (
        FakeOpenAI(Script()) as openai,
        FakeDiscord() as discord,
        FakeSlack(subscribed=BOT_EVENTS, scopes=BOT_SCOPES, running_clock=True) as slack,
        Control(FakeTelegram(), openai, discord=discord, slack=slack) as control,
    ):
        team = slack.team("Harbour")
        ready = {
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_BASE": discord.api_base,
            "DISCORD_GATEWAY_URL": discord.gateway_url,
            "SLACK_BOT_TOKEN": team.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_BASE_URL": slack.api_base_url,
            "OPENAI_BASE_URL": openai.base_url,
            "OPENAI_API_KEY": openai.api_key,
            "SLACK_TEAM": team.id,
            "control": control.origin,
        }
        print(json.dumps(ready), flush=True)
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(_serve())
