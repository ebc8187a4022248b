"""`nexus`: reads the arguments, loads the settings, hands over to the command's module.

Exit codes: 0 done, 1 refused (the reason is said), 2 the call or the settings are wrong.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from bot.cluster.part import CONCURRENCY, STALLED_AFTER
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
    connect.add_argument("platform", choices=["discord", "slack", "telegram"])
    connect.add_argument("--token", help="the bot's token, if you do not want to be asked (better: the environment)")
    connect.add_argument("--app-token", help="Slack's app-level token (better: SLACK_APP_TOKEN)")
    connect.add_argument("--manifest", action="store_true", help="only print the manifest that makes the Slack app")
    connect.add_argument("--no-wait", action="store_true", help="do not wait for a first message")
    understand = add("understand", "what the Cofounder would do with a sentence, without doing it: a line of JSON each")
    understand.add_argument("text", nargs="*", help="the sentence (without one: each line of standard input)")
    speaker(understand)
    understand.add_argument("--brain", choices=["offline", "model"], default="offline")
    understand.add_argument("--json", action="store_true", help="accepted for clarity: the answer is always JSON")
    run = add("run", "start every platform that is configured")
    run.add_argument(
        "--only", action="append", choices=["discord", "slack", "telegram"], help="only this platform (may be repeated)"
    )
    run.add_argument("--shards", metavar="0-3", help="the Discord shards that this process holds (see DISCORD_SHARDS)")
    work = add("work", "run turns for gateways in other processes, on a shared PostgreSQL database")
    for shared in (run, work):
        shared.add_argument(
            "--concurrency",
            type=_positive,
            default=CONCURRENCY,
            metavar="N",
            help=f"on PostgreSQL: turns at once, commands and talk apart ({CONCURRENCY})",
        )
        shared.add_argument(
            "--stalled-after",
            type=_seconds,
            default=STALLED_AFTER,
            metavar="SECONDS",
            help="on PostgreSQL: silence after which a worker counts as dead and others take over its turns "
            f"({STALLED_AFTER:g})",
        )
    do = add("do", "call any operation: JSON out, exit code 0 done, 1 refused, 2 wrong call")
    do.epilog = "Arguments can be given one by one, too: --text 'a desk'. --lines @statement.csv takes those of a file."
    do.add_argument("operation")
    speaker(do)
    do.add_argument(
        "--json", dest="arguments", default="{}", metavar="ARGS", help='arguments, e.g. \'{"text": "a desk"}\''
    )
    operations = add("operations", "list every operation")
    operations.add_argument("--json", action="store_true", help="with the schemas of the arguments")
    add("check", "what is configured, what is missing, which permissions lack")
    verify = add("verify", "work out all of the books again; exit code 1 if something in them is wrong")
    verify.add_argument("--nexus", metavar="SLUG", help="only this Nexus")
    add("migrate", "bring the store to the schema of this version")
    backup = add("backup", "copy the store into one file, while it runs if it runs")
    backup.add_argument("file", nargs="?", help="where to (default: beside the store, with the date)")
    backup.add_argument(
        "--keep", type=_days, default=30, metavar="DAYS", help="how long it is to last (30); the name says until when"
    )
    restore = add("restore", "put a back-up in the place of the store, on either engine; what was there is kept")
    restore.add_argument("file")
    move = add("move-to", "carry this store to PostgreSQL, compared on both sides; the bot must not run meanwhile")
    move.set_defaults(module="move")
    move.add_argument("url", metavar="URL", help="where to: postgresql://user@host/name (a password in PGPASSWORD)")
    move.add_argument(
        "--replace", action="store_true", help="also if another Nexus is there already; it is kept in a back-up first"
    )
    key = add("key", "print a fresh key for NEXUS_SECRET_KEY")
    key.add_argument("--rotate", action="store_true", help="encrypt all that is stored anew, with the first key")
    return root


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 3650:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days from 1 to 3650")
    return int(text)


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not number >= 1.0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 1 on")
    return number


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
    known = parser()
    options, more = known.parse_known_args(arguments)
    if more and options.command != "do":
        known.error(f"unrecognized arguments: {' '.join(more)}")
    options.given = more
    from bot.settings import BadSettings, load_settings
    from core.store.store import StoreDown

    try:
        settings = load_settings()
        module = importlib.import_module(f"bot.cli.{getattr(options, 'module', options.command)}")
        return int(module.run(options, settings))
    except (BadSettings, BadInput) as error:
        print(error.message, file=sys.stderr)
        return 2
    except NexusError as error:
        print(error.message, file=sys.stderr)
        return 1
    except StoreDown:
        print("The database server went away. Once it is back, start this again.", file=sys.stderr)
        return 1
