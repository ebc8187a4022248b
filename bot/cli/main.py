"""`nexus`: reads the arguments, loads the settings, hands over to the command's module.

Exit codes: 0 done, 1 refused (the reason is said), 2 the call or the settings are wrong.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from core.errors import BadInput, NexusError

VERSION = "0.1.0"


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    root = argparse.ArgumentParser(prog="nexus", description="The AI Cofounder that lives where your community talks.")
    root.add_argument("--version", action="version", version=f"nexus {VERSION}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, about: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")

    def speaker(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--as", dest="speaker", metavar="NAME", help="the terminal account that speaks (default: you)")
        sub.add_argument("--nexus", metavar="SLUG", help="the Nexus that it is about")

    chat = add("chat", "talk with the Cofounder in this terminal")
    speaker(chat)
    chat.add_argument("--plain", action="store_true", help="no colours and no editing, one answer per line of input")
    demo = add("demo", "talk in a small lively Nexus, in a store of its own")
    demo.add_argument("--as", dest="speaker", metavar="NAME", help="who you are there")
    demo.add_argument("--fresh", action="store_true", help="build it anew")
    demo.add_argument("--plain", action="store_true", help="no colours and no editing, one answer per line of input")
    connect = add("connect", "connect a platform, step by step, and prove that it works")
    connect.add_argument("platform", choices=["telegram"])
    connect.add_argument("--token", help="the token, if you do not want to be asked (better: TELEGRAM_BOT_TOKEN)")
    connect.add_argument("--no-wait", action="store_true", help="do not wait for a first message")
    understand = add("understand", "what the Cofounder would do with a sentence, without doing it: a line of JSON each")
    understand.add_argument("text", nargs="*", help="the sentence (without one: each line of standard input)")
    speaker(understand)
    understand.add_argument("--brain", choices=["offline", "model"], default="offline")
    understand.add_argument("--json", action="store_true", help="accepted for clarity: the answer is always JSON")
    add("run", "start every platform that is configured")
    do = add("do", "call any operation: JSON out, exit code 0 done, 1 refused, 2 wrong call")
    do.add_argument("operation")
    speaker(do)
    do.add_argument(
        "--json", dest="arguments", default="{}", metavar="ARGS", help='arguments, e.g. \'{"text": "a desk"}\''
    )
    operations = add("operations", "list every operation")
    operations.add_argument("--json", action="store_true", help="with the schemas of the arguments")
    add("check", "what is configured, what is missing, which permissions lack")
    add("migrate", "bring the store to the schema of this version")
    backup = add("backup", "copy the store into one file, while it runs if it runs")
    backup.add_argument("file", nargs="?", help="where to (default: beside the store, with the date)")
    restore = add("restore", "put a back-up in the place of the store; the present one is kept beside it")
    restore.add_argument("file")
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code."""
    # A pipe that is closed early (`nexus operations | head`) is no error.
    try:
        return _main(arguments)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _main(arguments: Sequence[str] | None) -> int:
    options = parser().parse_args(arguments)
    from bot.settings import BadSettings, load_settings

    try:
        settings = load_settings()
        module = importlib.import_module(f"bot.cli.{options.command}")
        return int(module.run(options, settings))
    except (BadSettings, BadInput) as error:
        print(error.message, file=sys.stderr)
        return 2
    except NexusError as error:
        print(error.message, file=sys.stderr)
        return 1
