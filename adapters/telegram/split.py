"""Cutting a text into messages. Lengths are in UTF-16 units, as Telegram counts them."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.common.runs import Run, plain, section
from adapters.common.split import cuts, furthest
from adapters.common.text import utf16_units


def split(runs: Sequence[Run], limit: int) -> list[list[Run]]:
    """Parts of at most `limit` UTF-16 units each (limit >= 8), in order, with nothing lost but white space at cuts."""
    text = plain(runs)

    def fits(start: int, end: int) -> bool:
        return utf16_units(text[start:end]) <= limit

    def longest(start: int, stop: int) -> int:
        return furthest(fits, start, start + 1, min(start + limit, stop))

    return [section(runs, start, end) for start, end in cuts(runs, longest)]
