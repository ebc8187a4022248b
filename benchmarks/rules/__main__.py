"""The command line. Exit code 0: measured, whatever the figures are (they are printed with their targets); 2: no
valid run."""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from benchmarks.processes import BenchError
from benchmarks.rules.report import judged, table
from benchmarks.rules.run import beside, in_postgres, measure
from benchmarks.rules.shapes import FULL, TENTH


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rules", description=__doc__)
    parser.add_argument("--folder", type=Path, help="where worlds are kept for the next run; else they are made anew")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--joins", type=int, default=100, help="memberships that come into effect")
    parser.add_argument("--tenth", action="store_true", help="only the world of a tenth: about half a minute")
    parser.add_argument("--postgres", action="store_true", help="also a tenth of it in PostgreSQL")
    parser.add_argument("--json", metavar="FILE", help="also write every figure there")
    return parser.parse_args()


def _run(options: argparse.Namespace, folder: Path) -> None:
    sizes = {"1/10": TENTH} if options.tenth else {"all": FULL, "1/10": TENTH}
    worlds = [measure(name, size, folder, options.rounds, options.joins) for name, size in sizes.items()]
    others: Mapping[str, float] = beside(next(iter(sizes.values())), folder)
    judgements = judged(worlds[0], worlds[1] if len(worlds) > 1 else None)
    if options.postgres:
        worlds.append(in_postgres(TENTH, folder, options.rounds, options.joins))
    print(*table(worlds, others), sep="\n")
    if options.json:
        found = {
            "judged": [asdict(one) | {"met": one.met} for one in judgements],
            "worlds": [asdict(one) for one in worlds],
            "others": dict(others),
        }
        Path(options.json).write_text(json.dumps(found, indent=1), encoding="utf-8")


def main() -> int:
    """Measure and report."""
    options = _arguments()
    try:
        if options.folder is not None:
            options.folder.mkdir(parents=True, exist_ok=True)
            _run(options, options.folder)
        else:
            with tempfile.TemporaryDirectory(prefix="nexus-rules-") as folder:
                _run(options, Path(folder))
    except BenchError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
