"""Slack, by Socket Mode: one workspace, and people's direct messages with the app."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.bot.platforms.platform import GREETING, Permitted, Talked, bare, told
from benchmarks.processes import Fakes


class Slack:
    """See `Platform`."""

    name = "slack"
    bare = bare("slack")
    polls: frozenset[str] = frozenset()
    pieces = 30
    permitted: Mapping[str, Permitted] = {
        "auth.test": Permitted("Bolt asks who it is at everybody's first word", per_person=1, ours=False),
        "chat.postMessage": Permitted(GREETING, per_person=1),
        "users.info": Permitted("the name of somebody new", per_person=1),
        "conversations.history": Permitted("once a place after a start: did a process that died answer?", per_person=1),
    }

    def environment(self, addresses: Mapping[str, str]) -> dict[str, str]:
        """See `Platform`."""
        return {
            "SLACK_BOT_TOKEN": addresses["slack_bot_token"],
            "SLACK_APP_TOKEN": addresses["slack_app_token"],
            "SLACK_API_BASE_URL": addresses["slack"],
        }

    def listening(self, fakes: Fakes, since: float) -> float | None:
        """Its socket; looked at from outside, so up to a look late."""
        return time.time() if fakes("slack_counts")["connections"] else None

    def people(self, fakes: Fakes, count: int) -> list[Any]:
        """See `Platform`."""
        team = fakes.addresses["slack_team"]
        return [fakes("slack_user", team=team, name=f"Person {index}")["user"] for index in range(count)]

    def talk(self, fakes: Fakes, people: Sequence[Any], messages: int, text: str, expect: str) -> Talked:
        """See `Platform`."""
        plan = {"chats": len(people), "people": people, "messages": messages, "text": text, "expect": expect}
        return told(fakes("slack_talk", timeout=600.0, **plan))

    def requests(self, fakes: Fakes) -> dict[str, int]:
        """See `Platform`."""
        found: dict[str, int] = fakes("slack_counts")["requests"]
        return found

    def forget(self, fakes: Fakes) -> None:
        """See `Platform`."""
        fakes("slack_reset")
