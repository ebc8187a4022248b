"""Cutting a text into messages.

Discord counts a message with its escapes and formatting. It does not say in which unit: UTF-16 is the larger count of
those it could be, so that is ours.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.common.runs import Run, plain, section
from adapters.common.split import cuts, furthest
from adapters.common.text import utf16_units
from adapters.discord.markup import render


def split(runs: Sequence[Run], limit: int) -> list[str]:
    """Rendered parts of at most `limit` units each (limit >= 600), in order; only white space at cuts is lost."""
    whole = render(section(runs, 0, len(plain(runs).rstrip())))
    if utf16_units(whole) <= limit:
        return [whole] if whole.strip() else []

    def fits(start: int, end: int) -> bool:  # a cut address can render longer than a whole one
        return utf16_units(render(section(runs, start, end))) <= limit

    def longest(start: int, stop: int) -> int:
        return furthest(fits, start, start + 1, min(start + limit, stop))

    return [render(section(runs, start, end)) for start, end in cuts(runs, longest, fits)]
