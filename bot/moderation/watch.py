"""The look at everything that is written in a watched place, before anything else is done with it.

What was written is looked at and forgotten: of ordinary messages nothing is stored, and the recent past in memory holds
times and fingerprints. What a rule finds goes into one unit with what follows from it. A message that a rule takes away
is not answered. What a command says in the open is looked at as well, or a slash would be the way around all rules; it
is no talk that counts, and what moderators are told by one is theirs to judge.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from adapters.contract import Event, EventKind
from bot.inbox.inbox import place_of_event
from bot.log import log
from bot.moderation import domains, listed, reading
from bot.moderation.following import Found, follow, follow_doubt
from bot.moderation.second_look import SIGNAL, Doubt, SecondLook, doubtful
from bot.moderation.waves import BEFORE, Name, Wave, Waves, name_of, speaker_of
from bot.unit import AsyncStore
from core.clock import DAY, MINUTE, SECOND
from core.moderation.cases.cases import Case
from core.moderation.guards import modes, raids
from core.moderation.guards.watched import watched_in
from core.moderation.lists import follows
from core.moderation.signals.defaults import Rule, hits
from core.moderation.signals.domains import Domains
from core.moderation.signals.history import History
from core.moderation.signals.newcomers import NEWCOMER, OLD
from core.moderation.signals.notice import notice, signals
from core.moderation.signals.seen import Signal
from core.moderation.signals.settings import Settings
from core.store import Unit

FRESH = 60 * SECOND  # how long it is remembered to which Nexus a place belongs; changes here are heard of at once
KNOWN = 10 * MINUTE  # how long it is remembered which accounts are one person's
MOST = 50_000  # people and places that are remembered
HEARD = 5_000  # events that are remembered: platforms tell some of them twice


@dataclass(slots=True)
class _Watched:
    """What is watched in a Nexus, and its recent past."""

    modes: Mapping[str, str]
    rules: Mapping[str, Rule]
    settings: Settings
    raid: Case | None
    listed: frozenset[str]  # accounts of people on ban lists that are followed here
    kept: dict[Name, bool]  # who arrived during the raid; False: may write, having said who they are
    read_at: int


@dataclass(slots=True)
class _Place:
    """To which Nexus a place belongs; of a whole server, to which those belong that are in it."""

    nexus_ids: tuple[int, ...]
    read_at: int


class Watch:
    """Looks at events of watched places. One instance per process that hears from a platform."""

    def __init__(self, store: AsyncStore, bad_domains: str = "", second: SecondLook | None = None) -> None:
        """`bad_domains`: where the operator's list of them is, "" for none. `second`: who looks at what is doubtful."""
        self._store = store
        self._source = bad_domains
        self._second = second
        self._bad = Domains()
        self._any: bool | None = None
        self._changes = 0  # how often that may have changed
        self._places: dict[tuple[str, str, str, str], _Place] = {}
        self._watched: dict[int, _Watched] = {}
        self._pasts: dict[int, History] = defaultdict(History)
        self._whose: dict[Name, reading.Whose] = {}
        self._since = store.clock.now()  # who arrived before that has written before, for all that is known
        self._counts: dict[tuple[int, str], int] = {}
        self._heard: dict[tuple[str, str, str], bool] = {}  # by event: whether it was taken away
        self._waves = Waves()
        self._coming: dict[Name, asyncio.Future[None]] = {}  # who is being dealt with, having arrived
        self._closing = asyncio.Lock()  # a raid begins or goes on: what is written meanwhile waits for that

    @property
    def bad_domains(self) -> Domains:
        """The operator's list, as it was loaded last."""
        return self._bad

    def forget(self) -> None:
        """What is watched may have changed: read it again."""
        self._changes += 1
        self._any = None
        self._watched.clear()
        self._places.clear()

    async def run(self) -> None:
        """Keep the list of bad domains fresh, and take second looks."""
        second = self._second.run(self._again) if self._second is not None else asyncio.sleep(0)
        await asyncio.gather(self._refresh(), second)

    async def _again(self, doubt: Doubt, signal: Signal) -> None:
        """A second look was taken: what it found counts beside what was noticed at first."""
        await self._store.write(lambda unit: follow_doubt(unit, doubt, signal))

    async def _refresh(self) -> None:
        while self._source:
            found = await domains.load(self._source)
            if found is not None:
                self._bad = found
                self.forget()
            await asyncio.sleep(DAY / 1000)

    def expect(self, events: Sequence[Event]) -> Callable[[], None]:
        """These are about to be looked at: what newcomers write waits until their arrival is dealt with.

        Returns what is to be called when they were looked at.
        """
        came = [name_of(event) for event in events if event.kind is EventKind.JOINED]
        here = asyncio.get_running_loop().create_future()
        for who in came:
            self._coming.setdefault(who, here)

        def over() -> None:
            if not here.done():
                here.set_result(None)
            for who in came:
                if self._coming.get(who) is here:
                    del self._coming[who]

        return over

    async def look(self, events: Sequence[Event]) -> set[str]:
        """Look at events that came. Returns the ids of those messages that were taken away."""
        asked = [event for event in events if reading.concerns(event)]
        if not asked:
            return set()
        try:
            return await self._look(asked)
        except Exception:  # nobody goes unanswered because a rule failed
            log.exception("a message could not be looked at")
            return set()

    async def _look(self, events: Sequence[Event]) -> set[str]:
        if not await self._watches():
            return set()
        gone = {event.event_id for event in events if self._heard.get(reading.event_name(event))}
        asked = [event for event in events if reading.event_name(event) not in self._heard]
        written = {name_of(event) for event in asked if event.kind is not EventKind.JOINED}
        written -= {name_of(event) for event in asked if event.kind is EventKind.JOINED}
        if earlier := [self._coming[who] for who in written if who in self._coming]:
            await asyncio.wait(earlier)
        await self._learn(asked)
        waves = self._arrived(asked)
        if waves or self._closing.locked():
            async with self._closing:
                for nexus_id, wave in waves.items():
                    await self._close_up(nexus_id, wave)
            await self._learn(asked)
        if met := [event for event in asked if self._listed_in(event)]:
            gone |= await self._store.write(lambda unit: self._meet(unit, met))
        left = [event for event in asked if event.event_id not in gone]
        quiet = [event for event in left if self._is_kept(event)]
        found_now = [one for event in left if event not in quiet and (one := self._notice(event)) is not None]
        if quiet:
            went, kept = await self._store.write(lambda unit: self._take_away(unit, quiet))
            gone |= went
            for nexus_id, names in kept.items():
                self._keep(nexus_id, names)
        if found_now:
            gone |= await self._store.write(lambda unit: follow(unit, found_now))
        self._remember(asked, gone)
        return gone

    async def _close_up(self, nexus_id: int, wave: Wave) -> None:
        self._keep(nexus_id, await self._store.write(partial(self._waves.close_up, nexus_id=nexus_id, wave=wave)))

    def _keep(self, nexus_id: int, names: set[Name]) -> None:
        self._changes += 1  # what is being read now may not know of them yet
        watched = self._watched.get(nexus_id)
        if watched is not None and watched.raid is not None:
            watched.kept.update(dict.fromkeys(names, True))
        elif names:
            self.forget()  # it is news also to those who look beside this

    def _remember(self, events: Sequence[Event], gone: set[str]) -> None:
        for event in events:
            if len(self._heard) >= HEARD:
                del self._heard[next(iter(self._heard))]
            self._heard[reading.event_name(event)] = event.event_id in gone

    async def _watches(self) -> bool:
        """Whether anything is watched at all."""
        while self._any is None:
            changes = self._changes
            found = await self._store.read(_anything)
            if changes == self._changes:
                self._any = found
        return self._any

    async def _learn(self, events: Sequence[Event]) -> None:
        """Know what is watched where these happened, and by whom. What is read while it changes is read again."""
        while True:
            now = self._store.clock.now()
            unknown = [event for event in events if self._is_unknown(event, now)]
            fresh = {nexus_id for nexus_id, one in self._watched.items() if now - one.read_at <= FRESH}
            known = (self._places.get(reading.place_key(event)) for event in events)
            missing = {nexus_id for place in known if place is not None for nexus_id in place.nexus_ids} - fresh
            strange = {name_of(event) for event in events if self._is_strange(event, now)}
            if not unknown and not missing and not strange:
                return
            changes = self._changes
            read = partial(self._read, events=unknown, missing=missing, fresh=fresh, strange=strange)
            places, watched, whose = await self._store.read(read)
            self._whose |= whose
            if changes == self._changes:
                if len(self._places) >= MOST:
                    self._places.clear()
                self._places |= places
                self._watched |= watched

    def _is_unknown(self, event: Event, now: int) -> bool:
        place = self._places.get(reading.place_key(event))
        return place is None or now - place.read_at > FRESH

    def _is_strange(self, event: Event, now: int) -> bool:
        """Whether it is not known whose account it is, where that matters."""
        if event.account.manages or next(self._seen_in(event), None) is None:
            return False
        if len(self._whose) >= MOST:
            self._whose.clear()
        found = self._whose.get(name_of(event))
        return found is None or now - found.read_at > KNOWN

    def _read(
        self, unit: Unit, events: Sequence[Event], missing: set[int], fresh: set[int], strange: set[Name]
    ) -> tuple[dict[tuple[str, str, str, str], _Place], dict[int, _Watched], dict[Name, reading.Whose]]:
        places = {reading.place_key(event): _Place(reading.nexuses_of(unit, event), unit.now) for event in events}
        nexuses = missing | {nexus_id for place in places.values() for nexus_id in place.nexus_ids} - fresh
        watched = {nexus_id: self._watched_in(unit, nexus_id) for nexus_id in nexuses}
        return places, watched, reading.whose(unit, strange)

    def _watched_in(self, unit: Unit, nexus_id: int) -> _Watched:
        found = watched_in(unit, nexus_id, self._bad)
        raid = raids.standing(unit, nexus_id)
        kept = raids.kept_quiet(unit, raid) if raid is not None else {}
        return _Watched(found.modes, found.rules, found.settings, raid, listed.accounts(unit, nexus_id), kept, unit.now)

    def _listed_in(self, event: Event) -> list[int]:
        """The Nexuses that follow a ban list with whoever this is on it."""
        place, who = self._places.get(reading.place_key(event)), reading.key_of(*name_of(event))
        if place is None or event.account.manages:
            return []
        watched = ((nexus_id, self._watched.get(nexus_id)) for nexus_id in place.nexus_ids)
        return [nexus_id for nexus_id, one in watched if one is not None and who in one.listed]

    def _meet(self, unit: Unit, events: Sequence[Event]) -> set[str]:
        return {
            event.event_id
            for event in events
            for nexus_id in self._listed_in(event)
            if listed.meet(unit, nexus_id, event, speaker_of(unit, event))
        }

    def _seen_in(self, event: Event) -> Iterator[tuple[int, _Watched]]:
        """The Nexuses in which it happened, and what is watched there."""
        place = self._places.get(reading.place_key(event))
        for nexus_id in place.nexus_ids if place is not None else ():
            watched = self._watched.get(nexus_id)
            if watched is not None and (watched.modes or watched.raid is not None):
                yield nexus_id, watched

    def _who(self, event: Event) -> str:
        """The key of who it is: the accounts of one person share it."""
        found = self._whose.get(name_of(event))
        return found.key if found is not None else reading.key_of(*name_of(event))

    def _arrived(self, events: Sequence[Event]) -> dict[int, Wave]:
        """Remember who came. The arrivals that belong to a raid, by Nexus: one that stands, or begins with them."""
        found: dict[int, Wave] = {}
        came = [event for event in events if event.kind is EventKind.JOINED]
        for event in came:
            for nexus_id, _ in self._seen_in(event):
                past = self._pasts[nexus_id]
                past.join(self._who(event), reading.seconds(event))
                self._counts[(nexus_id, self._who(event))] = 0
                self._waves.remember(nexus_id, event)
        for event in came:
            for nexus_id, watched in self._seen_in(event):
                mode = watched.modes.get(raids.RULE, "off")
                if mode != "off" or watched.raid is not None:
                    self._waves.add(found, nexus_id, event, self._pasts[nexus_id], mode, watched.raid is not None)
        return found

    def _is_kept(self, event: Event) -> bool:
        """Whether it was written by somebody who arrived during a raid that stands, and has not said who they are."""
        if event.kind is EventKind.JOINED or event.account.manages:
            return False
        return any(self._keeps(watched, event) for _, watched in self._seen_in(event))

    @staticmethod
    def _keeps(watched: _Watched, event: Event) -> bool:
        """Also where the arrival itself is still on its way to us: what they write can come first."""
        came, raid = event.account.joined_at, watched.raid
        return watched.kept.get(name_of(event), bool(came) and raid is not None and came >= raid.made_at - BEFORE)

    def _take_away(self, unit: Unit, events: Sequence[Event]) -> tuple[set[str], dict[int, set[Name]]]:
        """Grouped, so that many go in one deletion; nothing of those whom no rule reaches.

        The events that went, and by Nexus who is kept from writing from now on.
        """
        written: dict[tuple[int, int, str], list[Event]] = defaultdict(list)
        places, kept = {}, defaultdict(set)
        for event in events:
            here = place_of_event(unit, event)
            places[here.id] = here
            for nexus_id, watched in self._seen_in(event):
                raid = raids.standing(unit, nexus_id) if self._keeps(watched, event) else None
                if raid is None:
                    continue
                if name_of(event) not in watched.kept:
                    who = speaker_of(unit, event)
                    if not raids.arrived(unit, raid, [raids.Arrival(who.person_id, who.account_id, here)]):
                        continue
                    kept[nexus_id].add(name_of(event))
                written[(nexus_id, here.id, event.place.thread)].append(event)
        for (nexus_id, place_id, thread), some in written.items():
            if (raid := raids.standing(unit, nexus_id)) is not None:
                messages = [event.message_id for event in some if event.message_id]
                raids.take_away(unit, raid, places[place_id], thread, messages)
        return {event.event_id for some in written.values() for event in some}, kept

    def _notice(self, event: Event) -> Found | None:
        if event.kind is EventKind.JOINED:
            return None
        for nexus_id, watched in self._seen_in(event):
            past, who = self._pasts[nexus_id], self._who(event)
            writer = reading.author(event, who, self._count((nexus_id, who), event))
            look = notice if event.kind is EventKind.MESSAGE else signals  # an edit is no second message
            noticed = look(reading.message(event, who), writer, past, watched.settings)
            met = hits(watched.rules, noticed)
            second = self._second if SIGNAL in watched.modes and SIGNAL not in met else None
            if second is not None and doubtful(event.text, noticed):
                second.put(Doubt(event, nexus_id, noticed))
            if met:
                return Found(event, nexus_id, {name: watched.modes[name] for name in met}, noticed)
        return None

    def _count(self, key: tuple[int, str], event: Event) -> int:
        """How many messages of theirs came before. Whose arrival is not known, or was before this process began to
        look, counts as one who has written before: nobody is a newcomer because this process is."""
        if key not in self._counts:
            if len(self._counts) >= MOST:
                del self._counts[next(iter(self._counts))]
            arrived = event.account.joined_at
            came = bool(arrived) and arrived >= self._since and event.sent_at - arrived < NEWCOMER * SECOND
            self._counts[key] = 0 if came else OLD
        count = self._counts[key]
        if event.kind is EventKind.MESSAGE:
            self._counts[key] = count + 1
        return count


def _anything(unit: Unit) -> bool:
    return modes.any_watched(unit) or raids.any_standing(unit) or follows.any_followed(unit)
