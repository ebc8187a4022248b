"""How long the model brain waits for a provider."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """All in seconds.

    `connect`: until the connection stands. `first`: until the model begins to speak, during which a server may send
    signs of life. `between`: from one piece to the next (keep-alive comments are no pieces). `whole`: for one request
    in all. `pause`: before the one retry. `longest_wait`: the longest Retry-After that is waited for; beyond it the
    provider is down.
    """

    connect: float = 5.0
    first: float = 30.0
    between: float = 20.0
    whole: float = 120.0
    pause: float = 0.3
    longest_wait: float = 5.0
