"""A platform on which nothing can be done to anybody: for adapters without moderation."""

from __future__ import annotations

from adapters.contract import Act, Did, Event, Written


class Powerless:
    """The part of `adapters.contract.Adapter` about moderation, for a platform that has none."""

    async def before(self, act: Act) -> dict[str, str]:
        """Nothing needs to be known."""
        return {}

    async def act(self, act: Act) -> Did:
        """Says that nothing can be done here."""
        return Did(False, "That cannot be done here.")

    async def written(
        self, workspace: str, place_id: str, most: int, account_id: str = "", thread: str = ""
    ) -> list[Written] | None:
        """None: there is no history."""
        return None

    async def recent(self, workspace: str, place_id: str, since: int, most: int) -> list[Event] | None:
        """None: there is no history."""
        return None
