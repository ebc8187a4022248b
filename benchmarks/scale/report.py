"""The figures of many places beside those of one of each platform, medians over rounds, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.bot.platforms.platform import share
from benchmarks.bot.report import aligned
from benchmarks.scale.measure import FLOOD, MODEL, QUIET, QUIET_MODEL, Run
from benchmarks.scale.world import PEOPLE

_SHOWN = 10  # violations


@dataclass(frozen=True, slots=True)
class Round:
    """One place of each platform, and many, in the same minutes."""

    one: Run
    many: Run

    @property
    def kept_apart(self) -> bool:
        """Whether no marker was found where it does not belong, and markers were looked for."""
        return not (self.one.violations or self.many.violations) and self.one.looked > 0 and self.many.looked > 0

    @property
    def per_place(self) -> float:
        """MiB that one more place takes, with its people having talked."""
        return (self.many.after - self.one.after) / max(self.many.size.places - self.one.size.places, 1)


def table(rounds: Sequence[Round]) -> Iterator[str]:
    """The report as lines of text."""
    size = rounds[0].many.size
    one, many = [r.one for r in rounds], [r.many for r in rounds]
    yield f"{size.discord} servers, {size.slack} workspaces and {size.telegram} groups in one process"
    yield ""
    rows: list[tuple[str, ...]] = [("", "one of each", "all", "ratio")]
    rows += [
        _row("start, s", [r.start for r in one], [r.start for r in many]),
        _row("memory before a message, MiB", [r.before for r in one], [r.before for r in many]),
        _row("memory after the talk, MiB", [r.after for r in one], [r.after for r in many]),
        _row("memory after talk with a model, MiB", [r.after_model for r in one], [r.after_model for r in many]),
    ]
    for name in (QUIET, QUIET_MODEL, FLOOD, MODEL):
        rows.append(_row(f"{name}: CPU per answer, ms", _cpu(one, name), _cpu(many, name)))
    for name in (FLOOD, MODEL):
        rows.append(_row(f"{name}: answers per second", _rate(one, name), _rate(many, name)))
    yield from aligned(rows)
    yield ""
    grown = median(r.per_place for r in rounds) * 1024
    yield f"one more place: {grown:.0f} KiB, with its {len(PEOPLE)} people and their talk"
    yield ""
    yield from aligned([("ms until the answer", "one of each p50", "p95", "all p50", "p95"), *_latencies(one, many)])
    yield ""
    looked = sum(r.one.looked + r.many.looked for r in rounds)
    violations = [v for r in rounds for v in (*r.one.violations, *r.many.violations)]
    yield f"kept apart: {looked} requests and messages looked at, {len(violations)} show what is another place's"
    yield from (str(one) for one in violations[:_SHOWN])


def _row(name: str, one: Sequence[float], many: Sequence[float]) -> tuple[str, ...]:
    ratio = median(b / a if a else 0.0 for a, b in zip(one, many, strict=True))
    return name, f"{median(one):.2f}", f"{median(many):.2f}", f"{ratio:.2f}"


def _cpu(runs: Sequence[Run], load: str) -> list[float]:
    return [run.loads[load].cpu for run in runs]


def _rate(runs: Sequence[Run], load: str) -> list[float]:
    return [run.loads[load].per_second for run in runs]


def _latencies(one: Sequence[Run], many: Sequence[Run]) -> Iterator[tuple[str, ...]]:
    for load in (QUIET, FLOOD, QUIET_MODEL, MODEL):
        for platform in ("discord", "slack", "telegram"):
            cells = [f"{_latency(runs, load, platform, part):.0f}" for runs in (one, many) for part in (0.5, 0.95)]
            yield (f"{load}: {platform}", *cells)


def _latency(runs: Sequence[Run], load: str, platform: str, part: float) -> float:
    return median(share(run.loads[load].done.get(platform, ()), part) for run in runs)
