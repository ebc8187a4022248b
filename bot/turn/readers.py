"""Who can read where something is said: asked of the platforms, and kept in the store for whoever answers.

Decision rule, in the process that hears from a place:
- before something that will be answered is recorded there: the platform is asked when it never was, when its last
  answer is a minute old, and when the speaker is not among those whom it named;
- when somebody came into a place or left it, or who can read there changed otherwise: at once, if the platform was
  asked about it before;
- when somebody came into a server or workspace, left it, or has other roles there: at once about each such place of it.
Recording waits for the answers half a second in all, and not for those that take longer: the store then says how old
its knowledge is, and who answers goes by that.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from adapters.contract import Adapter, Address, DeliveryError, Event, EventKind, PlaceKind
from bot.inbox.inbox import wanted
from bot.log import log
from bot.outbox.outbox import Outgoing
from bot.outbox.roster import FRESH, keep_readers
from bot.unit import AsyncStore
from bot.words import Words
from core.clock import SECOND
from core.places.places import known_place, place_at, thread_of
from core.places.readers import MOST
from core.store import Unit

AGAIN = 10 * SECOND  # until the platform is asked once more after it did not answer
PATIENCE = 0.5  # seconds that recording waits: an acknowledgement is due within a second
MOST_PLACES = 5_000  # that are remembered
MOST_AT_ONCE = 20  # places of one workspace that are looked at when something in it changed
_MOVED = (EventKind.JOINED, EventKind.LEFT, EventKind.ROLES, EventKind.READERS)

_Key = tuple[str, str, str]  # platform, workspace, id of the chat, or of a thread apart


def _asked(event: Event) -> str:
    """The id by which the platform is asked about an event's place."""
    return event.place.thread if event.place.apart else event.place.id


@dataclass(slots=True)
class _Known:
    """What a platform said last of one place, and when (0: look again)."""

    event: Event  # the last one from there
    at: int = 0
    readers: frozenset[str] | None = None


class Readers:
    """Keeps the store's rosters fresh. `say` brings a row of the outbox on its way."""

    def __init__(
        self, store: AsyncStore, adapters: Mapping[str, Adapter], words: Words, say: Callable[[Outgoing], None]
    ) -> None:
        self._store = store
        self._adapters = adapters
        self._words = words
        self._say = say
        self._known: OrderedDict[_Key, _Known] = OrderedDict()
        self._looking: dict[_Key, asyncio.Task[None]] = {}
        self._again: set[_Key] = set()  # something changed while the platform was being asked

    async def note(self, events: Sequence[Event]) -> None:
        """Ask about the places of these events where that is due. Returns after half a second at the latest."""
        tasks = [task for event in events for task in self._due(event)]
        if tasks:
            await asyncio.wait(tasks, timeout=PATIENCE)

    def _due(self, event: Event) -> list[asyncio.Task[None]]:
        adapter = self._adapters.get(event.platform)
        if adapter is None or not adapter.capabilities.readers or event.place.kind is PlaceKind.DIRECT:
            return []
        key = (event.platform, event.workspace, _asked(event))
        if event.kind in _MOVED:
            if event.place.id in ("", event.workspace):
                return [self._look(one, adapter) for one in self._around(event)]
            if key not in self._known:
                self._remember(key, event)
            return [self._look(key, adapter)]
        if not wanted(event):
            return []
        known = self._remember(key, event)
        if key in self._looking:
            return [self._looking[key]]
        stranger = known.readers is not None and event.account.id not in known.readers
        due = not known.at or self._store.clock.now() - known.at >= FRESH
        return [self._look(key, adapter)] if due or stranger else []

    def _around(self, event: Event) -> list[_Key]:
        """The places of an event's workspace in which the bot was spoken to last; all others are looked at later."""
        keys = [key for key in reversed(self._known) if key[:2] == (event.platform, event.workspace)]
        for key in keys:
            self._known[key].at = 0
        return [key for key in keys if self._known[key].readers is not None][:MOST_AT_ONCE]

    def _remember(self, key: _Key, event: Event) -> _Known:
        known = self._known.pop(key, None) or _Known(event)
        known.event = event
        self._known[key] = known
        if len(self._known) > MOST_PLACES:
            self._known.popitem(last=False)
        return known

    def _look(self, key: _Key, adapter: Adapter) -> asyncio.Task[None]:
        task = self._looking.get(key)
        if task is not None:
            self._again.add(key)
            return task
        task = self._looking[key] = asyncio.create_task(self._ask(key, adapter), name="who can read")
        task.add_done_callback(lambda _: self._looking.pop(key, None))
        return task

    async def _ask(self, key: _Key, adapter: Adapter) -> None:
        while True:
            self._again.discard(key)
            known = self._known.get(key)
            if known is None:
                return
            try:
                await self._ask_once(known, adapter)
            except Exception:
                log.exception("who can read in a place could not be kept")
                return
            if key not in self._again:
                return

    async def _ask_once(self, known: _Known, adapter: Adapter) -> None:
        event, at = known.event, self._store.clock.now()
        if event.kind in _MOVED and not await self._store.read(partial(_asked_before, event=event)):
            return
        found: frozenset[str] | None = None
        again = FRESH
        try:
            told = await adapter.readers(event.workspace, _asked(event), MOST)
            found = None if told is None or len(told) > MOST else frozenset(told)
        except DeliveryError as error:
            log.info("who can read in a place is not known", extra={"why": type(error).__name__})
            again = AGAIN
        except Exception:
            log.exception("who can read in a place is not known")
        row = await self._store.write(partial(self._keep, event=event, found=found, at=at))
        if row is not None:
            self._say(row)
        known.at, known.readers = at + again - FRESH, found

    def _keep(self, unit: Unit, event: Event, found: frozenset[str] | None, at: int) -> Outgoing | None:
        """Write it down, and what the place has to be told of who came."""
        thread = event.place.thread if event.place.apart else ""
        chat = place_at(
            unit,
            platform=event.platform,
            workspace=event.workspace,
            external_id=event.place.id,
            thread=thread,
            kind=event.place.kind.value,
            title=event.place.title,
        )
        place = thread_of(unit, chat, thread)
        to = Address(event.platform, event.place.id, thread=thread, workspace=event.workspace)
        return keep_readers(unit, self._words, place, to, found, asked_at=at)


def _asked_before(unit: Unit, event: Event) -> bool:
    """Whether the readers of an event's place are anybody's concern: something that was answered was said there."""
    thread = event.place.thread if event.place.apart else ""
    place = known_place(unit, event.platform, event.workspace, event.place.id, thread)
    return place is not None and place.thread == thread and place.readers_at is not None
