"""The sink, asked for what Discord has."""

from __future__ import annotations

from adapters.contract import Event, Heard, Reply
from tests.adapters.store import Store


class DiscordStore(Store):
    """Knows that Discord has no home page."""

    async def home(self, event: Event) -> Reply:
        """Never asked for."""
        raise AssertionError("Discord has no home page")

    async def heard(self, platform: str) -> list[Heard]:
        """See `Sink.heard`."""
        assert platform == "discord"
        return await super().heard(platform)
