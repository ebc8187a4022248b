"""A chart in characters, for where no pictures are shown: a bar of the parts, and how it came to that. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.pictures.chart import Chart, Pot
from core.clock import show_day

WIDTH = 40  # characters of a bar
_FILLS = ("█", "▒", "░")
_STEPS = "▁▂▃▄▅▆▇█"


def plain_chart(chart: Chart) -> str:
    """The chart as lines of at most 72 characters where names and amounts are of ordinary length."""
    blocks = [_pot(pot, chart) for pot in chart.pots]
    if chart.hours is not None:
        hours = [chart.hours.given, *([chart.hours.promised] if chart.hours.promised else [])]
        line = ", ".join(f"{one.label} {one.shown}" for one in hours)
        values = [minutes for _, minutes in chart.hours.story]
        blocks.append("\n".join([*([steps(values)] if len(values) > 1 else []), line]))
    return "\n\n".join(blocks) or chart.nothing


def _pot(pot: Pot, chart: Chart) -> str:
    lines = [bar([one.minor for one in pot.parts])]
    lines += [f"{fill} {one.label}: {one.shown}" for fill, one in zip(_FILLS, pot.parts, strict=True)]
    lines[1:1] = [f"{one.label}: {one.shown}" for one in (pot.came, *([pot.plan] if pot.plan else []))]
    if len(pot.story) > 1:
        since, until = show_day(pot.story[0].day_ms), show_day(pot.story[-1].day_ms)
        lines += [steps([one.there for one in pot.story]), f"{chart.there}, {since} – {until}"]
    return "\n".join(lines)


def bar(parts: Sequence[int]) -> str:
    """The parts of a whole side by side: whatever is not nothing has at least one character."""
    positive = [max(part, 0) for part in parts]
    whole = sum(positive)
    if not whole:
        return "·" * WIDTH
    widths = [max(round(WIDTH * part / whole), 1) if part else 0 for part in positive]
    widths[max(range(len(widths)), key=widths.__getitem__)] += WIDTH - sum(widths)
    return "".join(fill * width for fill, width in zip(_FILLS, widths, strict=True))


def steps(values: Sequence[int]) -> str:
    """A line of blocks of different heights, at most as wide as a bar."""
    if len(values) > WIDTH:
        last = len(values) - 1
        values = [values[at * last // (WIDTH - 1)] for at in range(WIDTH)]
    low, high = min(0, *values), max(0, *values)
    if high == low:
        return _STEPS[0] * len(values)
    return "".join(_STEPS[(value - low) * (len(_STEPS) - 1) // (high - low)] for value in values)
