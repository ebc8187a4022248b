"""The subset of Markdown that replies use, as lines and spans. What is not in it is shown as it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\*\*(?=\S)(?P<bold>.+?)(?<=\S)\*\*"
    r"|\[(?P<label>[^\[\]\n]+)\]\((?P<url>[^\s()]+)\)"
    r"|(?<![\w*])\*(?=[^\s*])(?P<italic>[^*\n]*[^\s*])\*(?![\w*])"
)
_FENCE = re.compile(r"\s*```[\w+#.-]*\s*")
# What people wrote reaches the screen: no escape sequences, no carriage returns, nothing that turns the reading order.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class LineKind(StrEnum):
    """How a line stands: running text, an entry of a list, a line of code."""

    TEXT = "text"
    ITEM = "item"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one style. `url` is set for links."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, its markers removed."""

    kind: LineKind
    spans: tuple[Span, ...]


def clean(text: str) -> str:
    """Without control characters (newlines stay, tabs become four spaces): safe to write to a terminal."""
    return _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\t", "    "))


def lines(text: str) -> list[Line]:
    """Take a reply's text apart. A fence that is still open (a streamed answer) counts as code to the end."""
    found: list[Line] = []
    in_code = False
    for raw in clean(text).strip("\n").split("\n"):
        if _FENCE.fullmatch(raw):
            in_code = not in_code
        elif in_code:
            found.append(Line(LineKind.CODE, (Span(raw, code=True),)))
        elif raw.startswith("- "):
            found.append(Line(LineKind.ITEM, spans(raw[2:])))
        else:
            found.append(Line(LineKind.TEXT, spans(raw)))
    return found


def spans(text: str, *, bold: bool = False, italic: bool = False) -> tuple[Span, ...]:
    """The styled stretches of one line. Joining their texts gives the line as it is read."""
    found: list[Span] = []
    at = 0
    for match in _INLINE.finditer(text):
        if match.start() > at:
            found.append(Span(text[at : match.start()], bold=bold, italic=italic))
        if code := match["code"]:
            found.append(Span(code, bold=bold, italic=italic, code=True))
        elif inner := match["bold"]:
            found += spans(inner, bold=True, italic=italic)
        elif inner := match["italic"]:
            found += spans(inner, bold=bold, italic=True)
        else:
            found.append(Span(match["label"], bold=bold, italic=italic, url=match["url"]))
        at = match.end()
    if at < len(text):
        found.append(Span(text[at:], bold=bold, italic=italic))
    return tuple(found)


def as_text(found: tuple[Span, ...]) -> str:
    """Spans without any style, a link followed by its address."""
    return "".join(f"{s.text} ({s.url})" if s.url and s.url != s.text else s.text for s in found)
