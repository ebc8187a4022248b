"""Discord: one server in which all are members, and their direct messages with the bot."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.bot.platforms.platform import GREETING, Permitted, Talked, bare, told
from benchmarks.processes import Fakes


class Discord:
    """See `Platform`."""

    name = "discord"
    bare = bare("discord")
    polls: frozenset[str] = frozenset()
    pieces = 30
    permitted: Mapping[str, Permitted] = {
        "POST /channels/{channel_id}/messages": Permitted(f"{GREETING}, and to the server", per_person=1, in_all=1),
    }

    def environment(self, addresses: Mapping[str, str]) -> dict[str, str]:
        """See `Platform`."""
        return {
            "DISCORD_TOKEN": addresses["discord_token"],
            "DISCORD_API_BASE": addresses["discord"],
            "DISCORD_GATEWAY_URL": addresses["discord_gateway"],
        }

    def listening(self, fakes: Fakes, since: float) -> float | None:
        """Its session on the gateway; looked at from outside, so up to a look late."""
        return time.time() if fakes("discord_counts")["connected"] else None

    def people(self, fakes: Fakes, count: int) -> list[Any]:
        """See `Platform`."""
        people = [fakes("discord_user", name=f"Person {index}")["user"] for index in range(count)]
        fakes("discord_guild", name="Square", members=people)
        return people

    def talk(self, fakes: Fakes, people: Sequence[Any], messages: int, text: str, expect: str) -> Talked:
        """See `Platform`."""
        plan = {"chats": len(people), "people": people, "messages": messages, "text": text, "expect": expect}
        return told(fakes("discord_talk", timeout=600.0, **plan))

    def requests(self, fakes: Fakes) -> dict[str, int]:
        """See `Platform`."""
        found: dict[str, int] = fakes("discord_counts")["calls"]
        return found

    def forget(self, fakes: Fakes) -> None:
        """See `Platform`."""
        fakes("discord_reset")
