"""`python -m benchmarks.conformance RECORDING SPECS`: exit code 1 when a request violates its platform's contract."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.conformance.platforms import contracts
from benchmarks.conformance.report import check_all, lines
from benchmarks.conformance.requests import read
from benchmarks.conformance.schema import Missing


def main(arguments: list[str]) -> int:
    """Check a recording. Returns the exit code: 0 good, 1 violations, 2 nothing could be checked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.conformance", description=__doc__)
    parser.add_argument("recording", type=Path, help="the folder that NEXUS_RECORD named, or one file of it")
    parser.add_argument("specs", type=Path, help="the folder with the contracts")
    parser.add_argument("--kinds", action="store_true", help="list every kind of request that was checked")
    given = parser.parse_args(arguments)
    try:
        found = check_all(read(given.recording), contracts(given.specs))
    except (OSError, ValueError, Missing) as error:
        print(error, file=sys.stderr)
        return 2
    if not found:
        print(f"There are no recorded requests in {given.recording}.", file=sys.stderr)
        return 2
    for line in lines(found, every_kind=given.kinds):
        print(line)
    return 1 if any(one.violations for one in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
