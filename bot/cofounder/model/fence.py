"""Fences around text that somebody else wrote, so that a model reads it as data and knows whose words they are.

    <data by Tom>I can draw logos</data>

A fence cannot be closed or opened from inside, because no `<` (nor one of its look-alikes) is left there: each becomes
`‹`, which reads the same. The rule is that blunt so that it can be proved; a speaker's own words are never fenced.
"""

from __future__ import annotations

_OPENERS = str.maketrans(dict.fromkeys("<＜﹤˂ᐸ", "‹"))
_LABEL = str.maketrans(dict.fromkeys("<>＜＞﹤﹥˂˃ᐸᐳ", None))


def fence(author: str, text: str) -> str:
    """The text as data written by `author`."""
    return f"<data by {label(author)}>{clean(text).translate(_OPENERS)}</data>"


def label(author: str) -> str:
    """A name on one line, without anything that could end the opening of a fence; at most 60 characters."""
    words = " ".join(clean(author).translate(_LABEL).split())
    return "".join(c for c in words if c.isprintable())[:60].strip() or "somebody"


def clean(text: str) -> str:
    """The text as it can be sent: half of a surrogate pair, which no UTF-8 can carry, becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
