"""The neutral Markdown subset as Discord's Markdown.

What is opened is closed in every part of a text that was cut. What is not of the subset is escaped and shown as it
stands; no mention can form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from adapters.common.markdown import Reader
from adapters.common.runs import Run, Style

_LONGEST_URL = 500  # characters: a longer one is shown as text, since a link cannot be cut
_GAP = "\N{ZERO WIDTH SPACE}"
_READER = Reader(
    url=rf"https?://(?:[^()\s<>]|\([^()\s<>]*\)){{1,{_LONGEST_URL}}}",
    fence=re.compile(r" {0,3}```([\w+#.-]{0,20})[ \t]*$"),
    bullets=True,
    address_labels=False,  # Discord makes no link of those
)
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SPECIAL = re.compile(r"[\\*_~`|\[\]<]")
_LINE_LEAD = re.compile(r"(?<=\n)([ \t]*)(?:([#>+-])(?=[\s#>])|(\d{1,9})([.)])(?=\s))")
_MENTION = re.compile(r"@(?=everyone|here|[!&]?\d)|(?<=<)(?=#\d|@|id:)")
_URL = re.compile(rf"https?://[^\s<>]{{1,{_LONGEST_URL}}}(?![^\s<>])", re.IGNORECASE)
_AFTER_URL = re.compile(r"[.,;:!?\"'*_~`|)\]}]+$")


def clean(text: str) -> str:
    """A text of ours without what Discord refuses or drops."""
    return _UNSENDABLE.sub(" ", text.replace("\r\n", "\n"))


def parse(text: str) -> list[Run]:
    """Runs of a text in the neutral Markdown subset; what is not of the subset stays as it stands."""
    return _READER.read(clean(text))


def escape(text: str, *, line_start: bool = True, links: bool = True) -> str:
    """Plain text as Discord's Markdown that shows exactly it. Addresses become links that unfold no preview."""
    pieces: list[str] = []
    end = 0
    for found in _URL.finditer(text) if links else ():
        url = found[0]
        if tail := _AFTER_URL.search(url):
            keep = tail[0].startswith(")") and "(" in url
            url = url[: tail.start() + int(keep)]
        pieces += [_escape(text[end : found.start()], line_start and not end), f"<{url}>"]
        end = found.start() + len(url)
    pieces.append(_escape(text[end:], line_start and not end))
    return "".join(pieces)


def _escape(text: str, line_start: bool) -> str:
    if not text:
        return ""
    text = _MENTION.sub(lambda found: found[0] + _GAP, text)
    text = _SPECIAL.sub(r"\\\g<0>", text)
    text = _LINE_LEAD.sub(_escape_lead, f"\n{text}" if line_start else text)
    return text[1:] if line_start else text


def _escape_lead(found: re.Match[str]) -> str:
    return f"{found[1]}\\{found[2]}" if found[2] else f"{found[1]}{found[3]}\\{found[4]}"


def render(runs: Sequence[Run]) -> str:
    """Discord's Markdown of the runs, everything closed at the end."""
    out: list[str] = []
    open_marks: list[tuple[str, str]] = []  # how each was opened, and what closes it, innermost last
    line_start = True
    for run in runs:
        if not run.text:
            continue
        wanted = _marks(run.style)
        while any(mark not in wanted for mark in open_marks):
            _append(out, open_marks.pop()[1])
        for mark in wanted:
            if mark not in open_marks:
                _append(out, mark[0], opening=True)
                open_marks.append(mark)
        out.append(_body(run, line_start))
        line_start = run.style.bullet or run.text.endswith("\n")
    while open_marks:
        _append(out, open_marks.pop()[1])
    return "".join(out)


def _append(out: list[str], mark: str, *, opening: bool = False) -> None:
    """Two runs that touch are kept apart: `**a**` and `*b*` would otherwise read as something else."""
    if opening and out and out[-1].endswith("*") and not out[-1].endswith("\\*") and mark.startswith("*"):
        out.append(_GAP)
    out.append(mark)


def _marks(style: Style) -> list[tuple[str, str]]:
    found = [("[", f"](<{style.href}>)")] if style.href else []
    found += [("**", "**")] if style.bold else []
    return found + ([("*", "*")] if style.italic else [])


def _body(run: Run, line_start: bool) -> str:
    style = run.style
    if style.bullet:
        return run.text
    if style.pre is not None:
        fenced = run.text.replace("```", f"`{_GAP}``")
        return f"```{style.pre}\n{fenced}\n```"
    if style.code:
        return f"`{run.text}`"
    return escape(run.text, line_start=line_start, links=not style.href)
