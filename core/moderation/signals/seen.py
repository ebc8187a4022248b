"""What the signals are given, and what they say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it came. `at`: seconds since 1970. `author` and `place`: keys without meaning here; the accounts of
    one person share a key where that is known. `everyone`: it calls everybody (@everyone, @here, @channel)."""

    text: str
    at: float
    author: str
    place: str
    mentions: int = 0
    everyone: bool = False
    attachments: int = 0
    forwarded: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """What is known of who wrote. Times in seconds since 1970, None where a platform does not tell; `messages`: how
    many of theirs were seen before this one; `protected`: nothing is ever noticed about them (stewards, services)."""

    key: str
    joined_at: float | None = None
    created_at: float | None = None
    messages: int = 0
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Signal:
    """Something noticed. `strength` from 0 to 1; `detail` is a piece of a sentence for a moderator's card, such as
    "12 messages in 8 seconds". It never quotes the message."""

    name: str
    strength: float
    detail: str


def strongest(found: Iterable[Signal]) -> dict[str, float]:
    """How strong each signal is, by name; of two of a name the stronger counts. Pure."""
    strengths: dict[str, float] = {}
    for one in found:
        strengths[one.name] = max(one.strength, strengths.get(one.name, 0.0))
    return strengths
