"""`python -m tests.fakes serve`: both fakes and their control port as one process.

Prints one JSON line with the addresses when ready; ends on SIGTERM or SIGINT.
"""

import argparse
import asyncio
import json
import signal

from tests.fakes.control import Control
from tests.fakes.openai import API_KEY, CHUNKS, FakeOpenAI, echo
from tests.fakes.telegram import TOKEN, FakeTelegram


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes", description=__doc__)
    serve = parser.add_subparsers(dest="command", required=True).add_parser("serve", help="serve until a signal")
    for name in ("telegram", "openai", "control"):
        serve.add_argument(f"--{name}-port", type=int, default=0, help="0 asks the system for a free one")
    serve.add_argument("--telegram-token", default=TOKEN)
    serve.add_argument("--openai-key", default=API_KEY)
    serve.add_argument("--echo-chunks", type=int, default=CHUNKS, help="pieces of a streamed echo")
    serve.add_argument("--echo-delay", type=float, default=0.0, help="seconds between the pieces")
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
        Control(tg, openai, options.control_port) as control,
    ):
        ready = {
            "telegram": tg.base_url,
            "telegram_files": tg.file_base_url,
            "telegram_token": tg.token,
            "openai": openai.base_url,
            "openai_key": openai.api_key,
            "control": control.origin,
        }
        print(json.dumps(ready), flush=True)
        await stopped.wait()


def main() -> None:
    """The command line."""
    asyncio.run(_serve(_arguments()))


if __name__ == "__main__":
    main()
