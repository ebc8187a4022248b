"""Links and domains found in text, also where they are written to be overlooked: hxxp, [.], (dot), no scheme."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SCHEME = re.compile(r"(?:h(?:xx|tt|\*\*|__|XX|TT)ps?|meow)(?:\[:\]|:)\s?/{1,3}\s?", re.IGNORECASE)
_DOT = re.compile(r"\s?(?:\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\{dot\}|<dot>|。|．)\s?", re.IGNORECASE)
# "dot" as a word counts only before an ending that scams like; "the dot in the name" is talk.
_DOT_WORD = re.compile(
    r"(?<=\w) (?:dot|d0t) (?=(?:com|net|org|gg|me|ru|io|xyz|top|info|club|online|site|app|ly|live|shop)\b)",
    re.IGNORECASE,
)
# Endings that a name without scheme or "www." must have to count as a link: README.md, foo.py, e.g.this are none.
_ENDINGS = (
    "com|net|org|info|biz|co|io|me|gg|gl|ly|ru|su|ua|by|kz|uk|de|fr|eu|us|ca|au|in|cn|jp|br|pl|it|es|nl|be|ch|at|cz|tv"
    "|cc|to|la|app|dev|xyz|top|club|online|site|shop|store|live|link|click|icu|vip|win|bid|loan|work|fun|pw|tk|ml|ga|cf|gq"
    "|gift|gifts|pro|space|website|tech|finance|capital|cash|money|trade|exchange|bet|casino|porn|sex|xxx|cam|chat|one|life"
    "|world|today|news|blog|page|web|ink|buzz|monster|quest|rest|bond|sbs|cfd|lol|wiki|ai|so|ws|id|mobi|asia|email|рф|pф"
)
# Endings that are words: "Yes.In the end" is a sentence without its space, unless a path or more dots follow.
_WORDS = frozenset(
    "in so to it is me at be us la one today world life fun live work pro win rest chat by do es link".split()
)
_LINK = re.compile(
    r"(?P<scheme>(?:https?|ftp|tg|discord|steam)://)(?:[^\s/@<>]{1,80}@)?(?P<host>[^\s/?#:<>\"'()\[\],]{1,253})(?P<more>[^\s<>\"]{0,1000})"
    r"|(?<![\w@.\-/])(?P<name>(?:www\.)?(?:[^\W_](?:[\w\-]{0,61}[^\W_])?\.){1,5}(?:" + _ENDINGS + r"))\b(?![.\-]?\w|@)"
    r"(?P<tail>(?::\d{2,5})?(?:[/?#][^\s<>\"]{0,1000})?)",
    re.IGNORECASE,
)
_MAYBE = re.compile(r"\.[^\W_]|://")  # no link is without one of these; sentences end in a dot and a space
_INVITE = re.compile(
    r"^(?:(?:www\.)?(?:discord\.(?:gg|io|me|li)|dsc\.gg|invite\.gg|discords?\.com/servers?)/?[\w\-]*"
    r"|(?:\w+\.)?discord(?:app)?\.com/invite/[\w\-]+"
    r"|(?:t|telegram)\.(?:me|dog)/(?:\+|joinchat/)[\w\-]+|tg://join\b.*"
    r"|chat\.whatsapp\.com/\w+|join\.slack\.com/.*|signal\.group/.*|join\.skype\.com/\w+|vk\.me/join/.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it was found: `host` in small letters without "www.", `path` with its leading slash or "", `hidden`
    when it was written so that machines overlook it, and where it stands in the text it was found in."""

    host: str
    path: str
    hidden: bool
    start: int
    end: int

    @property
    def invite(self) -> bool:
        """Whether it invites into a server, group or workspace elsewhere."""
        return _INVITE.match(self.host + self.path) is not None


def open_links(text: str) -> str:
    """The text with defanged links made whole (hxxp://a[.]b becomes http://a.b)."""
    if ":" in text and "/" in text:
        text = _SCHEME.sub(
            lambda match: "https://" if match[0].rstrip("/: ").lower().endswith("s") else "http://", text
        )
    if any(mark in text for mark in "[({<。．"):  # in each way to hide a dot is one of these
        text = _DOT.sub(".", text)
    return _DOT_WORD.sub(".", text) if "ot " in text or "OT " in text else text


def links(text: str, *, hidden: bool = False) -> list[Link]:
    """The links of a text, in order. `hidden` is what they are marked with."""
    if _MAYBE.search(text) is None:
        return []
    found = []
    for match in _LINK.finditer(text):
        host = (match["host"] or match["name"]).lower().strip(".")
        if match["name"] and not match["tail"] and host.count(".") == 1 and host.rpartition(".")[2] in _WORDS:
            continue
        if host.startswith("www."):
            host = host[4:]
        path = (match["more"] if match["scheme"] else match["tail"]) or ""
        if match["scheme"] and not match["scheme"].lower().startswith(("http", "ftp")):
            path, host = f"{host}{path}", match["scheme"].lower().rstrip("/").rstrip(":") + "://"
        found.append(Link(host, path.rstrip(".,;:!?)]}'"), hidden, match.start(), match.end()))
    return found
