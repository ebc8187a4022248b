"""The figures beside their targets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.bot.report import Target, aligned
from benchmarks.ledger.large import SMALL, Large
from benchmarks.ledger.speed import Speed, percentile

AS_FAST = Target(0.4, at_least=True)  # of what bare inserts of the same rows come to, in the same run
GROWTH = Target(3)  # of a read in large books beside the same in small ones


@dataclass(frozen=True, slots=True)
class Judgement:
    """One figure against its target."""

    name: str
    value: float
    target: Target

    @property
    def met(self) -> bool:
        """Whether it is good enough."""
        return self.target.met(self.value)


def judged(speeds: dict[str, Speed], larges: dict[str, Large]) -> list[Judgement]:
    """Every figure that has a target. Both are by the name of the engine."""
    found = []
    for engine, speed in speeds.items():
        found += [
            Judgement(f"{engine}: postings per second ÷ bare", speed.posting, AS_FAST),
            Judgement(f"{engine}: a confirmation, median, bare ÷ ours", speed.confirming(0.5), AS_FAST),
            Judgement(f"{engine}: a confirmation, p99, bare ÷ ours", speed.confirming(0.99), AS_FAST),
        ]
    for engine, large in larges.items():
        about = f"{large.entries:,} entries ÷ {SMALL:,}"
        found += [
            Judgement(f"{engine}: balance, {about}", large.large.balance / large.small.balance, GROWTH),
            Judgement(f"{engine}: statement, {about}", large.large.statement / large.small.statement, GROWTH),
            Judgement(f"{engine}: an older page, {about}", large.large.older / large.small.older, GROWTH),
        ]
    return found


def table(speeds: dict[str, Speed], larges: dict[str, Large]) -> Iterator[str]:
    """The report as lines of text."""
    rows = [("", "", "target", "")]
    for one in judged(speeds, larges):
        rows.append((one.name, f"{one.value:.2f}", str(one.target), "PASS" if one.met else "MISS"))
    yield from aligned(rows)
    yield ""
    for engine, speed in speeds.items():
        yield from _speed(engine, speed)
    for engine, large in larges.items():
        yield from _large(engine, large)


def _speed(engine: str, speed: Speed) -> Iterator[str]:
    # Two postings to each entry.
    yield (
        f"{engine}: {_rate(speed.posted)} postings/s over many funds ({_rate(speed.posted_bare)} bare), "
        f"{_rate(speed.crowded)} postings/s from one fund"
    )
    for name, times in (("ours", speed.confirmed), ("bare", speed.confirmed_bare)):
        yield (
            f"{engine}: a confirmation with its commit, {name}: median {percentile(times, 0.5) * 1e6:,.0f} µs, "
            f"p99 {percentile(times, 0.99) * 1e6:,.0f} µs"
        )


def _rate(entries: Sequence[float]) -> str:
    return f"{2 * median(entries):,.0f}"


def _large(engine: str, large: Large) -> Iterator[str]:
    for name, reads in ((f"{SMALL:,}", large.small), (f"{large.entries:,}", large.large)):
        yield (
            f"{engine}: with {name} entries a balance takes {reads.balance:.1f} µs, twenty lines of a statement "
            f"{reads.statement:.0f} µs, twenty from its middle {reads.older:.0f} µs"
        )
    yield (
        f"{engine}: {large.report.journals:,} entries with {large.report.postings:,} postings and "
        f"{large.report.holds:,} holds proven in one pass in {large.verified:.1f} s, {large.rate:,.0f} entries/s; the "
        f"process grew by {large.grown:.0f} MiB. Made in {large.filled:.0f} s."
    )
