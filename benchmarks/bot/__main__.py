"""The command line of the benchmark. Exit code 0: all targets met, 1: one missed, 2: the run was not valid."""

import argparse
import json
import shlex
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.bot.measure import Load, Plan, Round, run_round
from benchmarks.bot.report import BARE, OURS, lines, table
from benchmarks.bot.sides import BARE as BARE_COMMAND
from benchmarks.bot.sides import OURS as OURS_COMMAND
from benchmarks.bot.sides import BenchError


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bot", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--chats", type=int, default=20)
    parser.add_argument("--quick", action="store_true", help="one short round: shows that it works, proves little")
    parser.add_argument("--json", metavar="FILE", help="also write every figure of every round there")
    parser.add_argument("--nexus", metavar="COMMAND", help="how our bot is started, to compare another checkout")
    return parser.parse_args()


def _plan(options: argparse.Namespace) -> Plan:
    flood, stream = (10, 1) if options.quick else (40, 3)
    return Plan(
        options.chats,
        (Load("flood", flood, 8, 0.0), Load("stream", stream, 24, 0.1)),
        {BARE: BARE_COMMAND, OURS: shlex.split(options.nexus) if options.nexus else OURS_COMMAND},
    )


def _write(path: Path, rounds: list[Round]) -> None:
    summary = [asdict(line) | {"met": line.met} for line in lines(rounds)]
    path.write_text(json.dumps({"summary": summary, "rounds": [asdict(r) for r in rounds]}, indent=1), encoding="utf-8")


def main() -> int:
    """Measure and report."""
    options = _arguments()
    plan = _plan(options)
    rounds: list[Round] = []
    try:
        for number in range(1 if options.quick else options.rounds):
            print(f"round {number + 1} ...", file=sys.stderr, flush=True)
            with tempfile.TemporaryDirectory(prefix="nexus-bench-") as folder:
                rounds.append(run_round(plan, number, Path(folder)))
    except BenchError as error:
        print(error, file=sys.stderr)
        return 2
    for line in table(rounds):
        print(line)
    if options.json:
        _write(Path(options.json), rounds)
    return 0 if all(line.met for line in lines(rounds)) else 1


if __name__ == "__main__":
    sys.exit(main())
