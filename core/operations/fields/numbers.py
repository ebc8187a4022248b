"""Numbers as people of many countries write them, read exactly or not at all. Pure.

Decision rule: a sign that can only be one thing is read as that. Spaces and apostrophes only ever part thousands; of
two different signs the last is the decimal one; a sign that comes twice parts thousands; a number that begins with a
zero has no thousands. What is left over is a single point or comma with exactly three digits after it and one to three
before it: `1.500` is one and a half in some countries and fifteen hundred in others, and is asked about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PLAIN = re.compile(r"(?P<whole>\d+)(?:[.,](?P<part>\d+))?", re.ASCII)
_DOUBTFUL = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_GROUPED = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?P<sign>[., '’])\d{3}(?:(?P=sign)\d{3})*)(?:(?!(?P=sign))[.,](?P<part>\d+))?", re.ASCII
)
_NOTHING_MORE = re.compile(r"[.,]-")  # "500,-"


@dataclass(frozen=True, slots=True)
class Number:
    """The digits before and after the decimal sign. `doubtful`: the sign may as well part thousands."""

    whole: str
    part: str
    doubtful: bool = False


def read_number(text: str) -> Number | None:
    """A number without sign and exponent, in digits of ASCII; None for anything else."""
    text = _NOTHING_MORE.sub("", text) if text.endswith("-") else text
    plain = _PLAIN.fullmatch(text)
    if plain:
        return Number(plain["whole"], plain["part"] or "", bool(_DOUBTFUL.fullmatch(text)))
    grouped = _GROUPED.fullmatch(text)
    if grouped is None:
        return None
    if grouped["sign"] in " '’" and grouped["part"] and len(grouped["part"]) == 3:
        # "1 500,500": whoever parts thousands twice, in two ways, may mean anything.
        return Number(re.sub(r"\D", "", grouped["whole"]), grouped["part"], doubtful=True)
    return Number(re.sub(r"\D", "", grouped["whole"]), grouped["part"] or "")
