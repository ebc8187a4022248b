"""Interactions under way: what has become of each one's waiting answer, so that none is left "thinking".

Discord lets a command be answered publicly or to the asker alone, and that is decided when the waiting answer is made.
A public one can be edited into the first public answer. A private answer cannot take its place, and a follow-up sent
while it still waits would take its place *and its publicness*. So before the first private answer a public waiting
answer is deleted, and everything after it is a follow-up of its own kind.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

from adapters.common.bounded import Bounded
from adapters.discord.respond import Handle, Kind, load

_MOST = 4_000


class Waiting(StrEnum):
    """What the waiting answer is: still waiting, edited into an answer, deleted, or not known after a restart."""

    FRESH = "fresh"
    USED = "used"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(eq=False, slots=True)
class Exchange:
    """One interaction. `acknowledged` is set once Discord has our acknowledgement, or refused it (`dead`).

    `inherited`: it began in a process that is no more, which may have sent what it did not write down.
    """

    handle: Handle
    waiting: Waiting
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    dead: bool = False
    inherited: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Exchanges:
    """The interactions of the last minutes, by their id."""

    def __init__(self) -> None:
        self._kept: Bounded[str, Exchange] = Bounded(_MOST)

    def begin(self, handle: Handle) -> Exchange:
        """An interaction that has just arrived."""
        found = Exchange(handle, Waiting.FRESH if handle.kind is Kind.COMMAND else Waiting.GONE)
        self._kept.put(handle.interaction_id, found)
        return found

    def known(self, interaction_id: str) -> Exchange | None:
        """One that began in this process."""
        return self._kept.get(interaction_id)

    def of(self, respond: str, now: int) -> Exchange | None:
        """The one behind an address, while its token lives; after a restart it is taken up again."""
        handle = load(respond)
        if handle is None or handle.until <= now:
            return None
        found = self._kept.get(handle.interaction_id)
        if found is None:
            found = Exchange(handle, Waiting.UNKNOWN if handle.kind is Kind.COMMAND else Waiting.GONE)
            found.acknowledged.set()
            found.inherited = True
            self._kept.put(handle.interaction_id, found)
        return None if found.dead else found
