"""The command line. Exit code 0: places are kept apart, 1: something was seen where it must not be, 2: no valid run."""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.processes import BenchError
from benchmarks.scale.measure import Quietly, run
from benchmarks.scale.report import Round, table
from benchmarks.scale.world import Size

_ONE = Size(1, 1, 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--servers", type=int, default=50, help="of Discord")
    parser.add_argument("--workspaces", type=int, default=20, help="of Slack")
    parser.add_argument("--groups", type=int, default=200, help="of Telegram")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="one round with 10, 5 and 30: about a minute")
    parser.add_argument("--json", metavar="FILE", help="also write every figure of every round there")
    return parser.parse_args()


def _round(size: Size, folder: Path) -> Round:
    """One of each and many, with the same number of lines said one at a time."""
    one = run(_ONE, Quietly(3, 8), folder / "one")
    return Round(one, run(size, Quietly(min(24, size.places), 1), folder / "many"))


def main() -> int:
    """Measure and report."""
    options = _arguments()
    size = Size(10, 5, 30) if options.quick else Size(options.servers, options.workspaces, options.groups)
    rounds: list[Round] = []
    try:
        for number in range(1 if options.quick else options.rounds):
            print(f"round {number + 1} ...", file=sys.stderr, flush=True)
            with tempfile.TemporaryDirectory(prefix="nexus-scale-") as folder:
                rounds.append(_round(size, Path(folder)))
    except BenchError as error:
        print(error, file=sys.stderr)
        return 2
    print(*table(rounds), sep="\n")
    if options.json:
        Path(options.json).write_text(json.dumps([asdict(one) for one in rounds], indent=1), encoding="utf-8")
    return 0 if all(one.kept_apart for one in rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
