"""The Markdown subset of `contract.Reply`, read into runs. What is not of the subset stays as it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from adapters.common.runs import BULLET, PLAIN, Run, Style

_LONGEST_SPAN = 2_000  # characters of one emphasis; keeps a hostile text from costing quadratic time
_BLANK_LINE = re.compile(r"(\n[ \t]*\n)")
_FENCE = re.compile(r" {0,3}```([\w+#.-]*)[ \t]*$")
_BULLET = re.compile(r"^([ \t]*)- ", re.MULTILINE)
_NOT_OF_A_URL = ".,;:!?'\"*_`"
_BARE = r"|(?P<bare>https?://[^\s<>]+)"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads texts as one platform can show them.

    `url` is a regular expression of the address in a link, `scheme` of what that begins with: a link to anything else
    stays as it stands, its label included. `fence` finds the line that opens a fenced block, its group the language.

    `bare`: an address in the text is a link as well. `bullets`: the platform has lists, so that the "- " of an entry is
    a run by itself; elsewhere a bullet is written. `address_labels`: a link's label may itself be an address; if not,
    such a link is shown as text.
    """

    url: str = r"(?:[^()\s]|\([^()\s]*\))+"
    scheme: re.Pattern[str] = re.compile(r"https?://", re.IGNORECASE)
    fence: re.Pattern[str] = _FENCE
    bare: bool = False
    bullets: bool = False
    address_labels: bool = True
    _token: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        token = re.compile(
            r"`(?P<code>[^`\n]+)`"
            rf"|\[(?P<label>[^\[\]\n]+)\]\((?P<url>{self.url})\)"
            rf"{_BARE if self.bare else ''}"
            rf"|\*\*(?=\S)(?P<bold>.{{1,{_LONGEST_SPAN}}}?)(?<=\S)\*\*(?!\*)"
            rf"|(?<![\w*])\*(?=[^\s*])(?P<italic>(?:[^*]|\*\*[^*]+\*\*){{1,{_LONGEST_SPAN}}}?)(?<=\S)\*(?![\w*])",
            re.DOTALL,
        )
        object.__setattr__(self, "_token", token)

    def read(self, text: str) -> list[Run]:
        """The runs of a text whose lines end in a line feed. A fence that never closes reaches to the end."""
        runs: list[Run] = []
        prose: list[str] = []
        code: list[str] | None = None
        language = ""
        for line in text.split("\n"):
            fence = self.fence.match(line) if "```" in line else None
            if code is not None:
                if fence and not fence[1]:
                    _close_fence(runs, code, language)
                    code = None
                else:
                    code.append(line)
            elif fence:
                self._close_prose(runs, prose)
                prose, code, language = [], [], fence[1]
            else:
                prose.append(line)
        if code is not None:  # a fence that never closes, as in an answer still being streamed
            _close_fence(runs, code, language)
        else:
            self._close_prose(runs, prose)
        return runs

    def _close_prose(self, runs: list[Run], lines: list[str]) -> None:
        if not lines:
            return
        if runs:
            runs.append(Run("\n"))
        text = "\n".join(lines)
        if not self.bullets:
            self._paragraphs(runs, _BULLET.sub("\\1\N{BULLET} ", text))
            return
        end = 0
        for bullet in _BULLET.finditer(text):
            self._paragraphs(runs, text[end : bullet.start()])
            runs.append(Run(bullet[0], BULLET))
            end = bullet.end()
        self._paragraphs(runs, text[end:])

    def _paragraphs(self, runs: list[Run], text: str) -> None:
        """Emphasis ends with its paragraph."""
        for paragraph in _BLANK_LINE.split(text):
            self._inline(runs, paragraph, PLAIN)

    def _inline(self, runs: list[Run], text: str, style: Style) -> None:
        end = 0
        for token in self._token.finditer(text):
            kind = token.lastgroup
            if kind == "url" and not self.scheme.match(token["url"]):
                continue
            if kind == "bare" and style.href:
                continue
            if token.start() > end:
                runs.append(Run(text[end : token.start()], style))
            end = token.end()
            if kind == "code":
                runs.append(Run(token["code"], Style(code=True)))
            elif kind == "url" and "://" in token["label"] and not self.address_labels:
                runs.append(Run(f"{token['label']} ({token['url']})", style))
            elif kind == "url":
                self._inline(runs, token["label"], replace(style, href=token["url"]))
            elif kind == "bare":
                end = token.start() + len(_address(token["bare"]))
                runs.append(Run(text[token.start() : end], replace(style, href=text[token.start() : end])))
            elif kind == "bold":
                self._inline(runs, token["bold"], replace(style, bold=True))
            else:
                self._inline(runs, token["italic"], replace(style, italic=True))
        if end < len(text):
            runs.append(Run(text[end:], style))


def _close_fence(runs: list[Run], lines: list[str], language: str) -> None:
    if runs:
        runs.append(Run("\n"))
    if lines:
        runs.append(Run("\n".join(lines), Style(pre=language)))


def _address(found: str) -> str:
    """An address without the punctuation of the sentence around it."""
    address = found.rstrip(_NOT_OF_A_URL)
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(_NOT_OF_A_URL)
    return address
