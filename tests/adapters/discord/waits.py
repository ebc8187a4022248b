"""The waits that Discord asks for."""

from __future__ import annotations

from adapters.discord.adapter import DiscordAdapter


def over(adapter: DiscordAdapter) -> None:
    """Every wait that Discord asked for is over."""
    assert adapter._rest is not None
    adapter._rest._resting = 0.0
    adapter._rest._buckets.clear()
