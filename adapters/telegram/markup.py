"""The neutral Markdown subset as styled runs of plain text, and those as Telegram's HTML.

Runs are flat on purpose: a text can be cut between any two characters and each half is rendered by itself, so
tags are balanced in every part, and a length is the length of what people see ("after entities parsing").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape

_LONGEST_SPAN = 2_000  # characters of one emphasis; keeps a hostile text from costing quadratic time


@dataclass(frozen=True, slots=True)
class Style:
    """How a run looks. `pre` is the language of a fenced block ("" when it names none), `None` outside of one."""

    bold: bool = False
    italic: bool = False
    code: bool = False
    pre: str | None = None
    href: str = ""


PLAIN = Style()
BOLD = Style(bold=True)
ITALIC = Style(italic=True)


@dataclass(frozen=True, slots=True)
class Run:
    """Some text in one style."""

    text: str
    style: Style = PLAIN


_TOKEN = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\[(?P<label>[^\[\]\n]+)\]\((?P<url>(?:[^()\s]|\([^()\s]*\))+)\)"
    rf"|\*\*(?=\S)(?P<bold>.{{1,{_LONGEST_SPAN}}}?)(?<=\S)\*\*(?!\*)"
    rf"|(?<![\w*])\*(?=[^\s*])(?P<italic>(?:[^*]|\*\*[^*]+\*\*){{1,{_LONGEST_SPAN}}}?)(?<=\S)\*(?![\w*])",
    re.DOTALL,
)
_BLANK_LINE = re.compile(r"(\n[ \t]*\n)")
_FENCE = re.compile(r" {0,3}```([\w+#.-]*)[ \t]*$")
_BULLET = re.compile(r"^([ \t]*)- ", re.MULTILINE)
_SAFE_URL = re.compile(r"(?:https?://|tg://|mailto:)", re.IGNORECASE)
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def legible(text: str) -> str:
    """The text without control characters and halves of surrogate pairs; its UTF-16 length stays the same."""
    text = _UNSENDABLE.sub(" ", text)
    return text if text.isascii() else _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def clean(text: str) -> str:
    """A text of ours without what Telegram refuses or drops."""
    return legible(text.replace("\r\n", "\n"))


def parse(text: str) -> list[Run]:
    """Runs of a text in the neutral Markdown subset; what is not of the subset stays as it stands."""
    runs: list[Run] = []
    prose: list[str] = []
    code: list[str] | None = None
    language = ""
    for line in clean(text).split("\n"):
        fence = _FENCE.match(line) if "```" in line else None
        if code is not None:
            if fence and not fence[1]:
                _close_fence(runs, code, language)
                code = None
            else:
                code.append(line)
        elif fence:
            _close_prose(runs, prose)
            prose, code, language = [], [], fence[1]
        else:
            prose.append(line)
    if code is not None:  # a fence that never closes, as in an answer still being streamed
        _close_fence(runs, code, language)
    else:
        _close_prose(runs, prose)
    return runs


def _close_prose(runs: list[Run], lines: list[str]) -> None:
    if not lines:
        return
    if runs:
        runs.append(Run("\n"))
    text = _BULLET.sub("\\1\N{BULLET} ", "\n".join(lines))
    for paragraph in _BLANK_LINE.split(text):
        _inline(runs, paragraph, PLAIN)


def _close_fence(runs: list[Run], lines: list[str], language: str) -> None:
    if runs:
        runs.append(Run("\n"))
    if lines:
        runs.append(Run("\n".join(lines), Style(pre=language)))


def _inline(runs: list[Run], text: str, style: Style) -> None:
    end = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "url" and not _SAFE_URL.match(token["url"]):
            continue
        if token.start() > end:
            runs.append(Run(text[end : token.start()], style))
        end = token.end()
        if kind == "code":
            runs.append(Run(token["code"], Style(code=True)))
        elif kind == "url":
            _inline(runs, token["label"], replace(style, href=token["url"]))
        elif kind == "bold":
            _inline(runs, token["bold"], replace(style, bold=True))
        else:
            _inline(runs, token["italic"], replace(style, italic=True))
    if end < len(text):
        runs.append(Run(text[end:], style))


def plain(runs: Iterable[Run]) -> str:
    """What people see, without styles."""
    return "".join(run.text for run in runs)


def render(runs: Iterable[Run]) -> str:
    """HTML of the runs in the tags that Telegram knows, each run closing what it opens."""
    return "".join(_render(run) for run in runs)


def _render(run: Run) -> str:
    style, html = run.style, escape(run.text, quote=False)
    if style is PLAIN:
        return html
    if style.pre is not None:
        if style.pre:
            html = f'<code class="language-{escape(style.pre)}">{html}</code>'
        return f"<pre>{html}</pre>"
    if style.code:  # Telegram lets code be neither in nor around other formatting
        return f"<code>{html}</code>"
    if style.italic:
        html = f"<i>{html}</i>"
    if style.bold:
        html = f"<b>{html}</b>"
    if style.href:
        html = f'<a href="{escape(style.href)}">{html}</a>'
    return html


def section(runs: Sequence[Run], start: int, end: int) -> list[Run]:
    """The runs between two positions of their plain text."""
    cut: list[Run] = []
    at = 0
    for run in runs:
        first, last = max(start - at, 0), min(end - at, len(run.text))
        if first < last:
            cut.append(run if last - first == len(run.text) else Run(run.text[first:last], run.style))
        at += len(run.text)
        if at >= end:
            break
    return cut
