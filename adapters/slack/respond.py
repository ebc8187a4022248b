"""The opaque `Event.respond`: a response URL, until when it lasts, and whether it leads to a message of one reader.

A response URL takes five answers within thirty minutes (https://docs.slack.dev/interactivity/handling-user-interaction).
It is a secret, so a handle has no repr that shows it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

LASTS = 29 * 60 * 1000  # milliseconds; Slack's thirty minutes less one for the way


@dataclass(frozen=True, slots=True)
class Handle:
    """A way to answer where something was asked. `message` is the message whose button gave it, if one did."""

    url: str = field(repr=False)
    until: int  # ms since epoch
    message: str = ""
    ephemeral: bool = False  # that message is seen by one person

    def lasts(self, now: int) -> bool:
        """Whether the platform still takes answers by it."""
        return now < self.until


def pack(url: str, now: int, message: str = "", *, ephemeral: bool = False) -> str:
    """The handle of a response URL that was given out now; "" without a URL."""
    return json.dumps([url, now + LASTS, message, ephemeral], separators=(",", ":")) if url else ""


def unpack(handle: str) -> Handle | None:
    """What `pack` made; None for anything else."""
    if not handle:
        return None
    try:
        url, until, message, ephemeral = json.loads(handle)
        return Handle(str(url), int(until), str(message), bool(ephemeral))
    except (ValueError, TypeError):
        return None
