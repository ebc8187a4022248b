"""How well the offline brain understands sentences: `python -m benchmarks.understanding FILE [--verbose]`.

FILE holds one JSON object a line: `{"id", "text", "operation", "arguments"}`. `operation` null means that nothing is
asked for. A value that is a list means any of these. Case, outer punctuation and leading articles do not count, lengths
of time are compared as such. An argument that is not stated may only be filled with its default.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.cofounder.brain import Understanding, Understands
from bot.cofounder.offline import OfflineBrain
from core.catalogue import REGISTRY
from core.operations import Operation
from core.operations.fields import read_duration

_EDGES = " \t\n.,;:!?\"'“”„’‘«»()"
_ARTICLES = ("a ", "an ", "the ")


@dataclass(slots=True)
class Score:
    """What came out over one file."""

    asked: int = 0  # sentences that ask for an operation
    operation_right: int = 0
    fully_right: int = 0
    nothing: int = 0  # sentences that ask for nothing
    nothing_right: int = 0
    false_writes: int = 0
    kept_as_thought: int = 0
    seconds: float = 0.0
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)
    details: list[str] = field(default_factory=list)


def same(operation: Operation, name: str, expected: Any, got: Any) -> bool:
    """Whether two values of an argument mean the same."""
    if isinstance(expected, list):
        return any(same(operation, name, one, got) for one in expected)
    parameter = operation.parameter(name)
    if parameter is not None and parameter.field.kind == "duration":
        return got is not None and read_duration(str(expected)) == read_duration(str(got))
    if parameter is not None and parameter.field.kind in ("choice", "whole", "yesno") and got is not None:
        return bool(parameter.field.read(expected) == parameter.field.read(got))
    return _plain(expected) == _plain(got)


def _plain(value: Any) -> str:
    text = " ".join(str(value).casefold().strip(_EDGES).split())
    for article in _ARTICLES:
        text = text.removeprefix(article)
    return text.strip(_EDGES)


def all_right(operation: Operation, expected: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    """Whether every stated argument is right, and none was made up."""
    if any(not same(operation, name, value, got.get(name)) for name, value in expected.items()):
        return False
    return all(_is_default(operation, name, got[name]) for name in got if name not in expected)


def _is_default(operation: Operation, name: str, value: Any) -> bool:
    parameter = operation.parameter(name)
    if parameter is None or parameter.required:
        return False
    return bool(parameter.field.read(value) == parameter.default)


def score(brain: Understands, rows: list[dict[str, Any]]) -> Score:
    """Score all sentences of a file."""
    result = Score()
    for row in rows:
        begun = time.process_time()
        understood = brain.understand(row["text"])
        result.seconds += time.process_time() - begun
        _count(result, row, understood)
    return result


def _count(result: Score, row: Mapping[str, Any], understood: Understanding) -> None:
    expected, got = row["operation"], understood.operation
    if expected is None:
        result.nothing += 1
        result.nothing_right += got is None
        if got == "thought.add":
            result.kept_as_thought += 1
        elif got is not None and REGISTRY.get(got).writes:
            result.false_writes += 1
        if got is not None:
            result.details.append(f"nothing -> {got} {dict(understood.arguments)} | {row['text']}")
            result.wrong["nothing", got] += 1
        return
    result.asked += 1
    right = got == expected
    result.operation_right += right
    if not right:
        result.wrong[expected, got or "nothing"] += 1
        result.details.append(f"{expected} -> {got or 'nothing'} | {row['text']}")
        return
    full = not understood.alternatives and all_right(REGISTRY.get(expected), row["arguments"], understood.arguments)
    result.fully_right += full
    if not full:
        close = f" close call {understood.alternatives}" if understood.alternatives else ""
        result.details.append(f"{expected}: {row['arguments']} -> {understood.arguments}{close} | {row['text']}")


def wilson(right: int, total: int) -> str:
    """A share with its Wilson 95 % interval."""
    if not total:
        return "-"
    z, share = 1.96, right / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return f"{right}/{total} = {share:.1%} [{middle - half:.1%}, {middle + half:.1%}]"


def main() -> int:
    """Score a file and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--verbose", action="store_true", help="list what went wrong")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    begun = time.process_time()
    brain = OfflineBrain(REGISTRY)
    loaded = time.process_time() - begun
    result = score(brain, rows)
    print(f"operation right   {wilson(result.operation_right, result.asked)}")
    print(f"fully right       {wilson(result.fully_right, result.asked)}")
    print(f"nothing asked     {wilson(result.nothing_right, result.nothing)} left alone")
    print(f"false writes      {result.false_writes} (and {result.kept_as_thought} kept as a thought)")
    each = 1000 * result.seconds / max(len(rows), 1)
    print(f"CPU               {each:.2f} ms a sentence, {1000 * loaded:.0f} ms to load")
    if options.verbose:
        for (expected, got), times in result.wrong.most_common():
            print(f"{times:4}  {expected} taken for {got}")
        print("\n".join(result.details))
    return 0


if __name__ == "__main__":
    sys.exit(main())
