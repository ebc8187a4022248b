"""The neutral Markdown subset as Slack's mrkdwn.

Everything is shown in text objects with `verbatim`, so that Slack makes no mention or channel link out of what somebody
wrote; addresses are therefore marked as links here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from adapters.common.markdown import Reader
from adapters.common.runs import PLAIN, Run, Style
from adapters.common.text import clean

_READER = Reader(scheme=re.compile(r"(?:https?://|mailto:)", re.IGNORECASE), bare=True)
_APART = "\N{ZERO WIDTH SPACE}"  # lets emphasis begin or end inside a word


def escape(text: str) -> str:
    """Literal text for mrkdwn: the three characters that could begin something are made harmless."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def parse(text: str) -> list[Run]:
    """Runs of a text in the neutral Markdown subset; what is not of the subset stays as it stands."""
    return _READER.read(clean(text))


def render(runs: Sequence[Run]) -> str:
    """The runs as mrkdwn, each run closing what it opens."""
    return "".join(_pieces(runs))


def _pieces(runs: Sequence[Run]) -> Iterator[str]:
    last = ""
    for run in runs:
        piece = _render(run)
        styled = run.style.bold or run.style.italic or run.style.code
        if piece and last and ((styled and last.isalnum()) or (last in "*_`" and piece[0].isalnum())):
            yield _APART
        if piece:
            yield piece
            last = piece[-1]


def _render(run: Run) -> str:
    style = run.style
    if style.pre is not None:
        return "```\n" + escape(run.text).replace("```", f"`{_APART}``") + "\n```"
    if style.href:
        shown = escape(run.text.replace("\n", " ").replace("|", "\N{DIVIDES}"))
        return _emphasised(
            f"<{_target(style.href)}|{shown}>" if run.text != style.href else f"<{_target(style.href)}>", style
        )
    if style is PLAIN or style == PLAIN:
        return escape(run.text)
    return "\n".join(_line(line, style) for line in run.text.split("\n"))


def _target(url: str) -> str:
    return escape(url.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C"))


def _line(line: str, style: Style) -> str:
    """Emphasis ends with its line, and has no white space at its ends."""
    inner = line.strip()
    if not inner:
        return line
    first = len(line) - len(line.lstrip())
    last = len(line.rstrip())
    shown = f"`{escape(inner)}`" if style.code else escape(inner)
    return line[:first] + _emphasised(shown, style) + line[last:]


def _emphasised(shown: str, style: Style) -> str:
    if style.italic:
        shown = f"_{shown}_"
    return f"*{shown}*" if style.bold else shown
