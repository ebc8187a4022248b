"""Texts without what no platform takes, and how long they are."""

from __future__ import annotations

import re

_UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def legible(text: str) -> str:
    """The text without control characters and halves of surrogate pairs; its UTF-16 length stays the same."""
    text = _UNSENDABLE.sub(" ", text)
    return text if text.isascii() else _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def clean(text: str) -> str:
    """A text of ours without what platforms refuse or drop."""
    return legible(text.replace("\r\n", "\n"))


def utf16_units(text: str) -> int:
    """The length in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
