"""Identifiers: row ids that sort by time, short handles that people type, and secret codes.

- Row ids are 63-bit integers: 41 bits of milliseconds since 2024, then 22 bits that count on from a random start, so
  that one process never makes the same id twice and ids of one millisecond sort as they were made. They can be made
  on any machine without asking, and are SQLite rowids. Two processes that collide are told so by the primary key.
- Handles (`k7m2p`) name one's own thought or need in a sentence. They are random, so that gaps in a sequence tell
  nobody what they may not see.
- Codes (`KF3M-9TQ2-X7PD`) let somebody in: nearly 60 bits, of which only a BLAKE2b hash is stored.
Both use Crockford's base 32 alphabet, which has no I, L, O or U to be misread.
"""

from __future__ import annotations

import hashlib
import itertools
import secrets
import time

EPOCH = 1_704_067_200_000  # 2024-01-01T00:00:00Z
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")
_CODE_LENGTH = 12
_LOW = 22  # bits
_count = itertools.count(secrets.randbits(_LOW))


def new_id(now: int | None = None) -> int:
    """A new row id for the time `now` (milliseconds since the epoch; the machine's time if absent)."""
    at = time.time_ns() // 1_000_000 if now is None else now
    return (max(at - EPOCH, 0) << _LOW) | (next(_count) & ((1 << _LOW) - 1))


def new_handle(length: int = 5) -> str:
    """A short name such as `k7m2p`. It always has a digit, so that no ordinary word is taken for one."""
    while True:
        handle = "".join(secrets.choice(ALPHABET) for _ in range(length)).lower()
        if any(c.isdigit() for c in handle) and any(c.isalpha() for c in handle):
            return handle


def new_code() -> str:
    """A secret code, in groups of four: `KF3M-9TQ2-X7PD`. It always has letters and digits: words have no digits."""
    while True:
        raw = "".join(secrets.choice(ALPHABET) for _ in range(_CODE_LENGTH))
        if not (raw.isdigit() or raw.isalpha()):
            break
    return "-".join(raw[i : i + 4] for i in range(0, _CODE_LENGTH, 4))


def new_token() -> str:
    """An opaque token of 128 bits for a button, safe in every platform's payload (22 characters)."""
    return secrets.token_urlsafe(16)


def read_code(text: str) -> str:
    """The canonical form of a code as people type it: case, spaces, dashes and look-alikes do not matter."""
    return "".join(c for c in text.upper().translate(_MISREAD) if c in ALPHABET)


def digest(secret: str) -> bytes:
    """What is stored of a secret: 16 bytes that cannot be turned back.

    The secrets have at least 60 random bits, so a slow password hash would add nothing but delay.
    """
    return hashlib.blake2b(secret.encode(), digest_size=16).digest()
