"""Medians, spreads and ratios of several rounds, judged against the targets of the project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.bot.measure import BARE, OURS, Round
from benchmarks.bot.platforms import Permitted


@dataclass(frozen=True, slots=True)
class Target:
    """A ratio to the bare bot that must not be exceeded, or with `at_least` not be missed."""

    limit: float
    at_least: bool = False

    def met(self, ratio: float) -> bool:
        """Whether the ratio is good enough."""
        return ratio >= self.limit if self.at_least else ratio <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


# The same on every platform.
TARGETS = {
    "flood: CPU per message": Target(2.0),
    "stream: CPU per message": Target(2.0),
    "flood: messages per second": Target(0.6, at_least=True),
    "memory": Target(1.8),
    "resident memory": Target(1.8),
    "start": Target(2.5),
}
_UNITS = {"CPU per message": "ms", "messages per second": "/s", "answer": "ms", "memory": "MiB", "start": "s"}


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: medians, the extremes of each side, and the median of the rounds' ratios."""

    name: str
    bare: float
    ours: float
    bare_range: tuple[float, float]
    ours_range: tuple[float, float]
    ratio: float
    target: Target | None

    @property
    def met(self) -> bool:
        """False only for a target that is missed."""
        return self.target is None or self.target.met(self.ratio)


def lines(rounds: Sequence[Round]) -> list[Line]:
    """All figures, those with a target first."""
    names = list(rounds[0].figures[BARE])
    ordered = [n for n in TARGETS if n in names] + [n for n in names if n not in TARGETS]
    return [_line(name, rounds) for name in ordered]


def _line(name: str, rounds: Sequence[Round]) -> Line:
    bare = [r.figures[BARE][name] for r in rounds]
    ours = [r.figures[OURS][name] for r in rounds]
    # The two of one round were measured within the same seconds, so noise of the machine falls out of their ratio.
    ratio = median(o / b for o, b in zip(ours, bare, strict=True))
    return Line(
        name,
        median(bare),
        median(ours),
        (min(bare), max(bare)),
        (min(ours), max(ours)),
        ratio,
        TARGETS.get(name),
    )


def table(rounds: Sequence[Round], permitted: Mapping[str, Permitted] | None = None) -> Iterator[str]:
    """The report as lines of text; `permitted` gives the reasons of requests that ours alone made."""
    head = ("", "bare", "(range)", "nexus", "(range)", "ratio", "target", "")
    rows = [head]
    for line in lines(rounds):
        unit = next((u for word, u in _UNITS.items() if word in line.name), "")
        verdict = "" if line.target is None else "PASS" if line.met else "MISS"
        target = str(line.target) if line.target else ""
        rows.append(
            (
                line.name,
                f"{line.bare:.2f} {unit}",
                _range(line.bare_range),
                f"{line.ours:.2f} {unit}",
                _range(line.ours_range),
                f"{line.ratio:.2f}",
                target,
                verdict,
            )
        )
    yield from aligned(rows)
    yield ""
    for name, tokens in rounds[-1].prompts.items():
        yield f"first turn of {name}: {tokens} tokens of messages and tools"
    yield ""
    yield from aligned([("requests in the last round", BARE, OURS, ""), *_requests(rounds[-1], permitted or {})])


def _requests(last: Round, permitted: Mapping[str, Permitted]) -> Iterator[tuple[str, ...]]:
    for load, sides in last.requests.items():
        for method in sorted(sides[BARE].keys() | sides[OURS].keys()):
            a, b = sides[BARE].get(method, 0), sides[OURS].get(method, 0)
            yield (
                f"{load}: {method}",
                str(a),
                str(b),
                permitted[method].reason if method in permitted and a != b else "",
            )


def _range(extremes: tuple[float, float]) -> str:
    return f"{extremes[0]:.2f} to {extremes[1]:.2f}"


def aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Rows of cells as lines of text, in columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        first, *rest = (
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join([first, *rest]).rstrip()
