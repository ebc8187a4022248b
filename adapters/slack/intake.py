"""From payloads to stored events: in order of arrival within a channel, and stored before Slack is told.

Looking up a name may take a moment, and requests are worked side by side: each takes its place in the channel's queue
first, so that all look up at once and are stored in the order in which they came.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from adapters.common.bounded import Bounded
from adapters.contract import Event, EventKind, PlaceKind, Sink
from adapters.slack.people import People
from adapters.slack.translate import Json, Known, needs, translate
from adapters.slack.workspaces import Workspace

log = logging.getLogger(__name__)

_MOST_CHANNELS = 5_000
_MOST_THREADS = 20_000
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError)


class NotStored(Exception):
    """The sink could not keep an event; the text names the class of its error only."""


class Intake:
    """Has events stored. Raises `NotStored` where that fails: then Slack must not be told."""

    def __init__(self, sink: Sink, people: People) -> None:
        self.sink = sink
        self._people = people
        self._queues: Bounded[tuple[str, str], asyncio.Lock] = Bounded(_MOST_CHANNELS)
        self._opened: Bounded[tuple[str, str, str], str] = Bounded(_MOST_THREADS)  # who opened a thread with the app

    async def take(self, at: Workspace, body: Json) -> None:
        """Return when the events of an Events API envelope are stored.

        An envelope that cannot be read is logged by its type alone and passed over, or it would come for ever.
        """
        try:
            wanted = needs(body, at.me)
        except UNREADABLE as error:
            self._pass_over(body, error)
            return
        lock = self._queue(at, wanted.channel)
        looking = asyncio.ensure_future(self._people.resolve(at, wanted.users, wanted.channel, worth=wanted.worth))
        try:
            async with lock:
                await looking
                known = Known(
                    self._people.accounts(at, wanted.users),
                    self._people.channel(at, wanted.channel),
                    self._people.roles(at),
                    self._follows(at, body["event"]),
                )
                try:
                    events = translate(body, at.me, known)
                except UNREADABLE as error:
                    self._pass_over(body, error)
                    return
                if events:
                    await self._record(events)
                self._note(at, events)
        finally:
            looking.cancel()

    async def store(self, at: Workspace, event: Event) -> None:
        """Return when an event is stored."""
        async with self._queue(at, event.place.id):
            await self._record([event])

    async def _record(self, events: Sequence[Event]) -> None:
        try:
            await self.sink.record(events)
        except Exception as error:  # whatever the store raises; its text may quote what was to be stored
            raise NotStored(type(error).__name__) from None

    def _queue(self, at: Workspace, channel: str) -> asyncio.Lock:
        key = (at.me.team, channel)
        lock = self._queues.get(key) or asyncio.Lock()
        self._queues.put(key, lock)
        return lock

    def _follows(self, at: Workspace, event: Json) -> bool:
        """Whether somebody goes on in a thread that answers their own words to the app."""
        thread = event.get("thread_ts")
        opener = self._opened.get((at.me.team, str(event.get("channel") or ""), str(thread))) if thread else None
        return opener is not None and opener == event.get("user")

    def _note(self, at: Workspace, events: Sequence[Event]) -> None:
        for event in events:
            if event.kind not in (EventKind.MESSAGE, EventKind.COMMAND) or not event.addressed:
                continue
            if event.place.kind is PlaceKind.DIRECT:
                self._people.note_direct(at, event.account.id, event.place.id)
            elif event.place.thread == event.message_id:
                self._opened.put((at.me.team, event.place.id, event.message_id), event.account.id)

    @staticmethod
    def _pass_over(body: Json, error: Exception) -> None:
        event = body.get("event")
        kind = event.get("type") if isinstance(event, dict) else None
        log.warning("passed over an event of type %.40r: %s", kind, type(error).__name__)
