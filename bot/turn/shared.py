"""What a turn does otherwise where several processes share the work."""

from __future__ import annotations

from typing import Protocol

from adapters.contract import Event
from bot.inbox.inbox import Entry
from core.store import Unit


class Shared(Protocol):
    """What is done inside the units of a turn where several processes share the work (`bot.cluster`)."""

    def defer(self, unit: Unit, entry: Entry) -> None:
        """Hand a recorded event to whichever process works it."""

    def answer_press(self, unit: Unit, event: Event, notice: str) -> None:
        """See `Adapter.answer_press`; whichever process can does it."""
