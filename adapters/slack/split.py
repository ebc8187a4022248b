"""Cutting a text into messages. Lengths are in characters as they are sent: with markup and escapes."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.common.runs import Run, plain, section
from adapters.common.split import cuts, furthest
from adapters.slack.markup import render


def split(runs: Sequence[Run], limit: int) -> list[list[Run]]:
    """Parts whose mrkdwn has at most `limit` characters each (limit >= 64), nothing lost but white space at cuts.

    One address longer than that is shown as plain text.
    """

    def fits(start: int, end: int) -> bool:
        return len(render(section(runs, start, end))) <= limit

    def longest(start: int, stop: int) -> int:
        nonlocal runs
        most = min(start + limit, stop)
        end = furthest(fits, start, start, most)
        if end > start:
            return end
        # Not even one character fits with its markup.
        runs = [*section(runs, 0, start), *(Run(run.text) for run in section(runs, start, len(plain(runs))))]
        return furthest(fits, start, start, most)

    return [section(runs, start, end) for start, end in cuts(runs, longest)]
