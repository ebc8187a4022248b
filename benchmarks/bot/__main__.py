"""The command line of the benchmark. Exit code 0: all targets met, 1: one missed, 2: a run was not valid."""

import argparse
import json
import shlex
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.bot.measure import BARE, OURS, Load, Plan, Round, run_round
from benchmarks.bot.platforms import PLATFORMS, Platform
from benchmarks.bot.report import lines, table
from benchmarks.processes import OURS as OURS_COMMAND
from benchmarks.processes import BenchError


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bot", description=__doc__)
    parser.add_argument("--platform", choices=(*PLATFORMS, "all"), default="all", help="all: one after the other")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--chats", type=int, default=20)
    parser.add_argument("--quick", action="store_true", help="one short round: shows that it works, proves little")
    parser.add_argument("--json", metavar="FILE", help="also write every figure of every round there")
    parser.add_argument("--nexus", metavar="COMMAND", help="how our bot is started, to compare another checkout")
    return parser.parse_args()


def _plan(options: argparse.Namespace, platform: Platform) -> Plan:
    flood, stream = (10, 1) if options.quick else (40, 3)
    return Plan(
        platform,
        options.chats,
        (Load("flood", flood, 8, 0.0), Load("stream", stream, platform.pieces, 0.1)),
        {BARE: platform.bare, OURS: shlex.split(options.nexus) if options.nexus else OURS_COMMAND},
    )


def _rounds(options: argparse.Namespace, platform: Platform) -> list[Round]:
    rounds: list[Round] = []
    for number in range(1 if options.quick else options.rounds):
        print(f"{platform.name}, round {number + 1} ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="nexus-bench-") as folder:
            rounds.append(run_round(_plan(options, platform), number, Path(folder)))
    return rounds


def _as_json(rounds: list[Round]) -> dict[str, object]:
    summary = [asdict(line) | {"met": line.met} for line in lines(rounds)]
    return {"summary": summary, "rounds": [asdict(one) for one in rounds]}


def main() -> int:
    """Measure and report."""
    options = _arguments()
    chosen = list(PLATFORMS) if options.platform == "all" else [options.platform]
    met, measured = True, {}
    for name in chosen:
        platform = PLATFORMS[name]
        try:
            rounds = _rounds(options, platform)
        except BenchError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 2
        print(f"# {name}", *table(rounds, platform.permitted), "", sep="\n", flush=True)
        met = met and all(line.met for line in lines(rounds))
        measured[name] = _as_json(rounds)
        if options.json:
            Path(options.json).write_text(json.dumps(measured, indent=1), encoding="utf-8")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
