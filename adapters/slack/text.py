"""What people write in Slack, as plain text: mentions, links and escapes made readable. Pure.

Slack escapes `&`, `<` and `>` and puts everything special between angle brackets
(https://docs.slack.dev/messaging/formatting-message-text).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from adapters.common.text import legible

_SPECIAL = re.compile(r"<([^<>\n]*)>")
_EVERYBODY = re.compile(r"<!(?:channel|here|everyone)(?:\|[^<>\n]*)?>")
_AFTER_MENTION = re.compile(r"^[\s,:;–—-]+")


def unescape(text: str) -> str:
    """Slack's three escapes undone."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mentioned(text: str) -> list[str]:
    """The ids of the people (and bots) mentioned, in order, each once."""
    found = [m[1].partition("|")[0][1:] for m in _SPECIAL.finditer(text) if m[1].startswith("@")]
    return list(dict.fromkeys(found))


def calls_everybody(text: str) -> bool:
    """Whether it calls all who are there: @channel, @here, @everyone."""
    return _EVERYBODY.search(text) is not None


def read(text: str, me: str, name_of: Callable[[str, str], str]) -> tuple[str, bool]:
    """The text as people read it, without mentions of the account `me`, and whether there were any.

    `name_of(id, label)` gives the name behind the @ for an account.
    """
    shown, end, addressed = "", 0, False
    for match in _SPECIAL.finditer(text):
        before = unescape(text[end : match.start()])
        shown = _joined(shown, before) if addressed and end and _was_me(text, end, me) else shown + before
        end = match.end()
        target, _, label = match[1].partition("|")
        if target == f"@{me}":
            addressed = True
        else:
            shown += _readable(target, unescape(label), name_of)
    rest = unescape(text[end:])
    shown = _joined(shown, rest) if addressed and _was_me(text, end, me) else shown + rest
    return legible(shown).strip(), addressed


def _was_me(text: str, end: int, me: str) -> bool:
    opening = text.rfind("<", 0, end)
    return text[opening + 1 : end - 1].partition("|")[0] == f"@{me}"


def _readable(target: str, label: str, name_of: Callable[[str, str], str]) -> str:
    kind, rest = target[:1], target[1:]
    if kind == "@":
        return f"@{name_of(rest, label)}"
    if kind == "#":
        return f"#{label or rest}"
    if kind == "!":
        if rest.startswith("subteam^"):
            return label if label.startswith("@") else f"@{label or rest.removeprefix('subteam^')}"
        return label or f"@{rest.partition('^')[0]}"
    address = unescape(target)
    if not label or label == address or address.split(":", 1)[-1].lstrip("/").rstrip("/") == label.rstrip("/"):
        return label if label and address.startswith(("mailto:", "tel:")) else address
    return f"{label} ({address})"


def _joined(before: str, after: str) -> str:
    """The words around a removed mention, without the gap or the comma that belonged to it."""
    if not before.strip():
        return _AFTER_MENTION.sub("", after)
    if before[-1].isspace() and (not after or after[0].isspace() or after[0] in ",.;:!?"):
        return before.rstrip(" ") + after
    return before + after
