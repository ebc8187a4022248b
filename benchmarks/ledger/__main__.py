"""The command line. Exit code 0: measured, whatever the figures are (they are printed with their targets); 2: no
valid run."""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.ledger.report import judged, table
from benchmarks.ledger.run import large_on_postgres, large_on_sqlite, on_postgres, on_sqlite
from benchmarks.processes import BenchError
from tests.postgres import PostgresServer


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--many", type=int, default=2000, help="entries that are handed over at once")
    parser.add_argument("--single", type=int, default=300, help="confirmations one after the other, in each round")
    parser.add_argument("--entries", type=int, default=1_000_000, help="of the large books; 0: none")
    parser.add_argument("--postgres", action="store_true", help="large books on PostgreSQL too")
    parser.add_argument("--json", metavar="FILE", help="also write every figure there")
    return parser.parse_args()


def _run(options: argparse.Namespace, folder: Path, server: PostgresServer) -> None:
    amounts = {"rounds": options.rounds, "many": options.many, "single": options.single}
    speeds = {"SQLite": on_sqlite(folder, **amounts), "PostgreSQL": on_postgres(server, **amounts)}
    larges = {}
    if options.entries:
        larges["SQLite"] = large_on_sqlite(folder, options.entries)
        if options.postgres:
            larges["PostgreSQL"] = large_on_postgres(server, options.entries)
    print(*table(speeds, larges), sep="\n")
    if options.json:
        found = {
            "judged": [asdict(one) | {"met": one.met} for one in judged(speeds, larges)],
            "speeds": {name: asdict(one) for name, one in speeds.items()},
            "larges": {name: asdict(one) for name, one in larges.items()},
        }
        Path(options.json).write_text(json.dumps(found, indent=1), encoding="utf-8")


def main() -> int:
    """Measure and report."""
    options = _arguments()
    server = PostgresServer()
    try:
        with tempfile.TemporaryDirectory(prefix="nexus-ledger-") as folder:
            _run(options, Path(folder), server)
    except BenchError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
