"""Words as they came in, made harmless: what people, platforms and models write is cleaned in this one way. Pure."""

from __future__ import annotations

import re
import unicodedata

# Control, format, surrogate and private-use characters: they turn text around, hide words in it, or break a store.
# Characters that this Python does not know yet stay: new emoji are among them.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co"}
_JOINERS = "\u200c\u200d"  # needed inside words of some scripts, and inside emoji
_BORDERS = re.compile(rf"^[\s{_JOINERS}]+|[\s{_JOINERS}]+$")


def clean(text: str) -> str:
    """The text in one Unicode form, without invisible characters; line breaks stay, other white space is a space."""
    kept = []
    for c in text.replace("\r\n", "\n").replace("\r", "\n"):
        if c == "\n" or c in _JOINERS or unicodedata.category(c) not in _INVISIBLE:
            kept.append(c)
        elif c.isspace():
            kept.append(" ")
    return _BORDERS.sub("", unicodedata.normalize("NFC", "".join(kept)))


def clean_line(text: str, most: int = 80) -> str:
    """The text in one line of at most `most` characters."""
    return clean(" ".join(clean(text).split())[:most])
