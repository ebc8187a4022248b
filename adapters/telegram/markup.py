"""The neutral Markdown subset as Telegram's HTML.

Each run closes what it opens, so tags are balanced in every part of a text that was cut, and a length is the length
of what people see ("after entities parsing").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from adapters.common.markdown import Reader
from adapters.common.runs import PLAIN, Run
from adapters.common.text import clean

_READER = Reader(scheme=re.compile(r"(?:https?://|tg://|mailto:)", re.IGNORECASE))


def parse(text: str) -> list[Run]:
    """Runs of a text in the neutral Markdown subset; what is not of the subset stays as it stands."""
    return _READER.read(clean(text))


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
