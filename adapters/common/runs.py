"""A text as styled runs.

Runs are flat on purpose: a text can be cut between any two characters and each part is rendered by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """How a run looks. `pre` is the language of a fenced block ("" when it names none), `None` outside of one.

    `bullet` marks the "- " that begins an entry of a list, on platforms that have lists.
    """

    bold: bool = False
    italic: bool = False
    code: bool = False
    pre: str | None = None
    href: str = ""
    bullet: bool = False


PLAIN = Style()
BOLD = Style(bold=True)
ITALIC = Style(italic=True)
BULLET = Style(bullet=True)


@dataclass(frozen=True, slots=True)
class Run:
    """Some text in one style."""

    text: str
    style: Style = PLAIN


def plain(runs: Iterable[Run]) -> str:
    """What people see, without styles."""
    return "".join(run.text for run in runs)


def section(runs: Sequence[Run], start: int, end: int) -> list[Run]:
    """The runs between two positions of their plain text. A piece of a bullet is none."""
    cut: list[Run] = []
    at = 0
    for run in runs:
        first, last = max(start - at, 0), min(end - at, len(run.text))
        if first < last:
            whole = last - first == len(run.text)
            style = PLAIN if run.style.bullet and not whole else run.style
            cut.append(run if whole else Run(run.text[first:last], style))
        at += len(run.text)
        if at >= end:
            break
    return cut


def joined(blocks: Sequence[Sequence[Run]], between: str) -> list[Run]:
    """The blocks one after the other, with the text `between` two of them."""
    runs: list[Run] = []
    for index, block in enumerate(blocks):
        if index:
            runs.append(Run(between))
        runs.extend(block)
    return runs
