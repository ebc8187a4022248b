"""`python -m tests.fakes serve`: the fakes and their control port as one process.

Prints one JSON line with the addresses when ready; ends on SIGTERM or SIGINT.
"""

import argparse
import asyncio
import json
import signal

from tests.fakes.control import Control
from tests.fakes.discord import FakeDiscord
from tests.fakes.openai import API_KEY, CHUNKS, FakeOpenAI, echo
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import TOKEN, FakeTelegram


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes", description=__doc__)
    serve = parser.add_subparsers(dest="command", required=True).add_parser("serve", help="serve until a signal")
    for name in ("telegram", "openai", "slack", "discord", "control"):
        serve.add_argument(f"--{name}-port", type=int, default=0, help="0 asks the system for a free one")
    serve.add_argument("--telegram-token", default=TOKEN)
    serve.add_argument("--openai-key", default=API_KEY)
    serve.add_argument("--echo-chunks", type=int, default=CHUNKS, help="pieces of a streamed echo")
    serve.add_argument("--echo-delay", type=float, default=0.0, help="seconds between the pieces")
    serve.add_argument("--slack-bot-token", default="", help="of the first workspace, which is there from the start")
    serve.add_argument("--slack-ack-timeout", type=float, default=3.0, help="seconds until an event comes again")
    serve.add_argument("--discord-token", default=None, help="of the first application; made up when not given")
    serve.add_argument("--discord-shards", type=int, default=1, help="what /gateway/bot recommends")
    return parser.parse_args()


async def _serve(options: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with (
        FakeTelegram(token=options.telegram_token, port=options.telegram_port) as tg,
        FakeOpenAI(
            echo(options.echo_chunks, options.echo_delay), api_key=options.openai_key, port=options.openai_port
        ) as openai,
        FakeSlack(port=options.slack_port, running_clock=True, ack_timeout=options.slack_ack_timeout) as slack,
        FakeDiscord(token=options.discord_token, port=options.discord_port, shards=options.discord_shards) as discord,
        Control(tg, openai, options.control_port, slack=slack, discord=discord) as control,
    ):
        harbour = slack.team("Harbour", token=options.slack_bot_token)
        ready = {
            "telegram": tg.base_url,
            "telegram_files": tg.file_base_url,
            "telegram_token": tg.token,
            "openai": openai.base_url,
            "openai_key": openai.api_key,
            "slack": slack.api_base_url,
            "slack_team": harbour.id,
            "slack_bot_token": harbour.bot_token,
            "slack_app_token": slack.app_token,
            "slack_signing_secret": slack.signing_secret,
            "slack_client_id": slack.client_id,
            "slack_client_secret": slack.client_secret,
            "discord": discord.api_base,
            "discord_gateway": discord.gateway_url,
            "discord_token": discord.token,
            "discord_application": str(discord.application_id),
            "control": control.origin,
        }
        print(json.dumps(ready), flush=True)
        await stopped.wait()


def main() -> None:
    """The command line."""
    asyncio.run(_serve(_arguments()))


if __name__ == "__main__":
    main()
