"""Reading what was written lately, once, to tell a steward whom rules would have met.

What is read is looked at and forgotten: in the store stands who wants to know, until they are told. After a crash it is
read again. It is done beside everything else, one look after the other, and never faster than a platform allows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from adapters.contract import Adapter, DeliveryError, Event, Gone, NotPermitted, TooManyRequests
from bot.inbox.inbox import place_of_event
from bot.log import log
from bot.moderation import reading
from bot.unit import AsyncStore
from bot.waiting import look_for_ever
from core.clock import MINUTE
from core.moderation.lookback import asked, replay
from core.moderation.lookback.asked import Account, Look, Outcome
from core.moderation.lookback.replay import Spoken
from core.moderation.signals.domains import Domains
from core.store import Unit

LOOK_AGAIN = 30.0  # seconds: the longest sleep, so that what another process queued is noticed


@dataclass(slots=True)
class _Read:
    """What the places of a look gave. `full`: one of them had more than was read; `none`: no platform history."""

    events: list[Event]
    unread: int = 0
    full: bool = False
    readable: bool = False


class LookBack:
    """Looks back on the platforms of this process. One instance per process."""

    def __init__(
        self,
        store: AsyncStore,
        adapters: Mapping[str, Adapter],
        bad_domains: Callable[[], Domains],
        ours: Callable[[str], bool] | None = None,
    ) -> None:
        """`ours`: whether this process is the one that acts on a platform, where several share the store."""
        self._store = store
        self._adapters = adapters
        self._bad_domains = bad_domains
        self._ours = ours or (lambda platform: True)
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Somebody wants to know."""
        self._woken.set()

    async def run(self) -> None:
        """Run for ever. A store that fails is asked again a little later."""
        await look_for_ever(self._woken, self.look, LOOK_AGAIN, "what was written lately could not be looked at")

    async def look(self) -> float:
        """Look at what is due; returns the seconds until the next look is."""
        platforms = [name for name in self._adapters if self._ours(name)]
        while due := await self._store.read(partial(asked.due, platforms=platforms, bad=self._bad_domains())):
            platforms_due = dict.fromkeys(look.platform for look in due)
            # A platform that is slow holds up nobody who asks about another one.
            await asyncio.gather(*(self._each([one for one in due if one.platform == name]) for name in platforms_due))
        following = await self._store.read(lambda unit: asked.next_due(unit, platforms))
        return LOOK_AGAIN if following is None else (following - self._store.clock.now()) / 1000

    async def _each(self, looks: Sequence[Look]) -> None:
        for look in looks:
            await self._one(look)

    async def _one(self, look: Look) -> None:
        try:
            read = await self._read(look)
            if read is None:
                await self._store.write(lambda unit: asked.no_history(unit, look))
                return
            outcome = await self._outcome(look, read)
            await self._store.write(lambda unit: asked.tell(unit, look, outcome))
        except TooManyRequests as wait:
            pause = int(wait.after * 1000)
            await self._store.write(lambda unit: asked.later(unit, look, pause))
        except DeliveryError as error:
            log.warning("a look back is tried again", extra={"platform": look.platform, "why": type(error).__name__})
            await self._store.write(lambda unit: asked.later(unit, look, MINUTE * 2**look.tries))
        except Exception:  # never the same one for ever
            log.exception("a look back failed")
            await self._store.write(lambda unit: asked.tell(unit, look, None))

    async def _read(self, look: Look) -> _Read | None:
        """What was written; None where the platform shows no history at all."""
        adapter = self._adapters[look.platform]
        if not adapter.capabilities.history:
            return None
        each = max(1, asked.MOST // max(1, len(look.places)))
        read = _Read([])
        for workspace, place in look.places:
            try:
                found = await adapter.recent(workspace, place, look.since, each)
            except (NotPermitted, Gone):
                found = None
            if found is None:
                read.unread += 1
                continue
            read.readable = True
            read.full = read.full or len(found) >= each
            read.events += found
        return read

    async def _outcome(self, look: Look, read: _Read) -> Outcome | None:
        """What the rules would have met; None where nothing could be read."""
        if not read.readable:
            return None
        events = list({(event.workspace, event.event_id): event for event in read.events}.values())
        events = await self._store.write(lambda unit: _concerned(unit, look, events))
        spoken, who = [], {}
        for event in events:
            key = reading.key_of(event.platform, event.account.workspace, event.account.id)
            spoken.append(Spoken(reading.message(event, key), reading.author(event, key, 0)))
            who[key] = _account(event)
        met = await asyncio.to_thread(replay.met, spoken, look.rules, look.settings)
        return Outcome(
            {rule: {who[key]: count for key, count in people.items()} for rule, people in met.items()},
            len(events),
            min((event.sent_at for event in events), default=0),
            not read.full,
            read.unread,
        )


def _concerned(unit: Unit, look: Look, events: Sequence[Event]) -> list[Event]:
    """Those of messages that were written where the Nexus is, and not in a place that is another's."""
    places: dict[tuple[str, str, str], bool] = {}
    kept = []
    for event in events:
        key = (event.workspace, event.place.id, event.place.thread)
        if key not in places:
            places[key] = place_of_event(unit, event).nexus_id in look.within
        if places[key]:
            kept.append(event)
    return kept


def _account(event: Event) -> Account:
    return Account(event.platform, event.account.workspace, event.account.id, event.account.name)
