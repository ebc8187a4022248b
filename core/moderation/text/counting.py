"""How many characters of a kind a text has: at once where it is plain ASCII, one by one elsewhere."""

from __future__ import annotations

import string

_ALL = bytes(range(128))


def _others(kept: str) -> bytes:
    return bytes(set(_ALL) - set(kept.encode()))


_NOT_LETTERS, _NOT_CAPITALS = _others(string.ascii_letters), _others(string.ascii_uppercase)
_NOT_DIGITS = _others(string.digits)


def letters(text: str) -> int:
    """As `str.isalpha` says."""
    return _kept(text, _NOT_LETTERS) if text.isascii() else sum(map(str.isalpha, text))


def capitals(text: str) -> int:
    """As `str.isupper` says."""
    return _kept(text, _NOT_CAPITALS) if text.isascii() else sum(map(str.isupper, text))


def digits(text: str) -> int:
    """As `str.isdigit` says."""
    return _kept(text, _NOT_DIGITS) if text.isascii() else sum(map(str.isdigit, text))


def _kept(text: str, without: bytes) -> int:
    return len(text.encode("ascii").translate(None, without))
