"""Telegram, by long polling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.bot.platforms.platform import GREETING, Permitted, Talked, bare, told
from benchmarks.processes import Fakes

_POLL = "getUpdates"
_LATEST = 20  # polls


class Telegram:
    """See `Platform`."""

    name = "telegram"
    bare = bare("telegram")
    polls = frozenset({_POLL})  # how many updates one brings depends on how fast the bot asks
    pieces = 24
    permitted: Mapping[str, Permitted] = {"sendMessage": Permitted(GREETING, per_person=1)}

    def environment(self, addresses: Mapping[str, str]) -> dict[str, str]:
        """See `Platform`."""
        return {
            "TELEGRAM_BOT_TOKEN": addresses["telegram_token"],
            "TELEGRAM_API_BASE_URL": addresses["telegram"],
            "TELEGRAM_FILE_BASE_URL": addresses["telegram_files"],
        }

    def listening(self, fakes: Fakes, since: float) -> float | None:
        """Its first poll."""
        polled = fakes("counts")["telegram"].get(_POLL, 0)
        times = [one["time"] for one in fakes("requests", method=_POLL, since=max(polled - _LATEST, 0))]
        return next((float(at) for at in times if at >= since), None)

    def people(self, fakes: Fakes, count: int) -> list[Any]:
        """See `Platform`."""
        return [fakes("user", name=f"Person {index}")["user"] for index in range(count)]

    def talk(self, fakes: Fakes, people: Sequence[Any], messages: int, text: str, expect: str) -> Talked:
        """See `Platform`."""
        plan = {"chats": len(people), "people": people, "messages": messages, "text": text, "expect": expect}
        return told(fakes("talk", timeout=600.0, **plan))

    def requests(self, fakes: Fakes) -> dict[str, int]:
        """See `Platform`."""
        found: dict[str, int] = fakes("counts")["telegram"]
        return found

    def forget(self, fakes: Fakes) -> None:
        """See `Platform`."""
        fakes("reset")
