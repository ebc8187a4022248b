"""The figures beside their targets: multiples of one read of a row, and the large world beside a tenth of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.bot.report import Target, aligned
from benchmarks.rules import changes, questions
from benchmarks.rules.picture import Picture
from benchmarks.rules.questions import Figures

# As multiples of one read of a row by its primary key.
TARGETS = {
    questions.CHECK: Target(1),
    questions.ROW: Target(5),
    questions.LIST: Target(30),
    questions.WIDE: Target(400),
    changes.JOINED: Target(100),
}
GROWTH = Target(1.5)  # of what is measured with ten times the data, beside the same in a tenth
GROWING = (questions.CHECK, questions.ROW, questions.LIST, questions.WIDE)


@dataclass(slots=True)
class World:
    """What was measured in one world."""

    name: str
    figures: Figures
    reaches: Mapping[str, Sequence[int]]  # in how many Nexuses each of some people may see something
    picture: Picture | None = None
    rebuild: float = 0.0  # seconds to work out what all rules come to


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


def judged(full: World, tenth: World | None) -> list[Judgement]:
    """Every figure that has a target."""
    found = [Judgement(name, full.figures[name].ratio, target) for name, target in TARGETS.items()]
    for name in GROWING if tenth is not None else ():
        assert tenth is not None
        found.append(
            Judgement(f"ten times the data: {name}", full.figures[name].micro / tenth.figures[name].micro, GROWTH)
        )
    return found


def table(worlds: Sequence[World], others: Mapping[str, float]) -> Iterator[str]:
    """The report as lines of text. The first of the worlds is the large one; `others` are microseconds by name."""
    full = worlds[0]
    base = [sample for figures in full.figures.values() for sample in figures.base]
    heads = [cell for world in worlds for cell in (f"{world.name}, µs", "× row")]
    rows: list[tuple[str, ...]] = [("", *heads, "target", "")]
    for name in full.figures:
        cells = [cell for world in worlds for cell in _cells(world.figures, name)]
        rows.append((name, *cells, *_verdict(name, full)))
    yield from aligned(rows)
    yield ""
    for world in worlds:
        yield from _about(world)
    yield ""
    yield f"one read of a row: {sorted(base)[len(base) // 2]:.1f} µs ({min(base):.1f} to {max(base):.1f})"
    if len(worlds) > 1:
        yield ""
        growth = [one for one in judged(full, worlds[1]) if one.target is GROWTH]
        yield from aligned(
            [
                ("", f"{full.name} ÷ {worlds[1].name}", "target", ""),
                *((one.name, f"{one.value:.2f}", str(one.target), _word(one.met)) for one in growth),
            ]
        )
    if others:
        yield ""
        yield from aligned([("the same checks (no lists)", "µs"), *((n, f"{us:.1f}") for n, us in others.items())])


def _cells(figures: Figures, name: str) -> tuple[str, str]:
    if name not in figures:
        return "", ""
    sample = figures[name]
    return f"{sample.micro:,.1f}", f"{sample.ratio:,.1f}"


def _verdict(name: str, full: World) -> tuple[str, str]:
    target = TARGETS.get(name)
    return ("", "") if target is None else (str(target), _word(target.met(full.figures[name].ratio)))


def _word(met: bool) -> str:
    return "PASS" if met else "MISS"


def _about(world: World) -> Iterator[str]:
    for who, counts in world.reaches.items():
        found = sorted(counts)
        middle = found[len(found) // 2]
        yield f"{world.name}: {who} see something in {found[0]:,} to {found[-1]:,} Nexuses, median {middle:,}"
    if world.rebuild:
        yield f"{world.name}: {world.rebuild:.1f} s to work out what all rules come to"
    if world.picture is not None:
        seen = world.picture
        yield (
            f"{world.name}: the picture of the structure takes {seen.structure / 1024:.1f} MiB and is read in "
            f"{seen.load:.0f} ms; a reach takes {seen.typical:.1f} KiB, a far one {seen.wide:.0f} KiB"
        )
