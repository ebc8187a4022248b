"""The look at everything that is written in a watched place, before anything else is done with it.

What was written is looked at and forgotten: of ordinary messages nothing is stored, and the recent past in memory holds
times and fingerprints. What a rule finds goes into one unit with what follows from it. A message that a rule takes away
is not answered.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from adapters.contract import Account, Event, EventKind, PlaceKind
from bot.log import log
from bot.moderation import domains
from bot.unit import AsyncStore
from core.clock import DAY, MINUTE, SECOND
from core.moderation.cases.cases import Case
from core.moderation.cases.cases import Message as Evidence
from core.moderation.guards import modes, raids
from core.moderation.guards.found import Find, found
from core.moderation.signals.defaults import DEFAULT_RULES, hits
from core.moderation.signals.domains import Domains
from core.moderation.signals.history import History
from core.moderation.signals.newcomers import join_wave
from core.moderation.signals.notice import notice, signals
from core.moderation.signals.patterns import WordList
from core.moderation.signals.seen import Author, Message, Signal
from core.moderation.signals.settings import Settings
from core.people.people import Speaker, known_speaker, speaker
from core.places.places import Place, place_at
from core.store import Unit

FRESH = 60 * SECOND  # how long it is remembered to which Nexus a place belongs; changes here are heard of at once
NEWCOMER = 7 * DAY  # whoever came longer ago has written before, as far as rules are concerned
OLD = 100  # messages: more than any rule counts
ARRIVALS = 1_000  # that are remembered of a Nexus, in case they were the beginning of a raid
BEFORE = 10 * MINUTE  # how long before a raid was noticed its arrivals belong to it
MOST = 50_000  # people and places that are remembered
_LOOKED_AT = (EventKind.MESSAGE, EventKind.EDIT)


@dataclass(slots=True)
class _Watched:
    """What is watched in a Nexus, and its recent past."""

    modes: Mapping[str, str]
    settings: Settings
    raid: Case | None


@dataclass(frozen=True, slots=True)
class _Found:
    """A message that met rules."""

    event: Event
    nexus_id: int
    rules: Sequence[str]
    signals: Sequence[Signal]


@dataclass(frozen=True, slots=True)
class _Wave:
    """An arrival during a raid, or the one that makes it one (`high`)."""

    event: Event
    count: int
    high: bool


@dataclass(slots=True)
class _Place:
    nexus_id: int | None
    read_at: int


class Watch:
    """Looks at events of watched places. One instance per process that hears from a platform."""

    def __init__(self, store: AsyncStore, bad_domains: str = "") -> None:
        """`bad_domains`: where the operator's list of them is, "" for none."""
        self._store = store
        self._source = bad_domains
        self._bad = Domains()
        self._any: bool | None = None
        self._places: dict[tuple[str, str, str, str], _Place] = {}
        self._watched: dict[int, _Watched] = {}
        self._pasts: dict[int, History] = {}
        self._counts: dict[tuple[int, str], int] = {}
        self._arrivals: dict[int, deque[Event]] = defaultdict(lambda: deque(maxlen=ARRIVALS))
        self._closed: dict[int, int] = {}  # the raid whose earlier arrivals were dealt with, by Nexus
        self._proposed: dict[int, int] = {}  # when moderators were asked to close up, ms since epoch

    def forget(self) -> None:
        """What is watched may have changed: read it again."""
        self._any = None
        self._watched.clear()
        self._places.clear()

    async def run(self) -> None:
        """Keep the list of bad domains fresh."""
        while self._source:
            found = await domains.load(self._source)
            if found is not None:
                self._bad = found
                self.forget()
            await asyncio.sleep(DAY / 1000)

    async def look(self, events: Sequence[Event]) -> set[str]:
        """Look at events that came. Returns the ids of those messages that were taken away."""
        asked = [event for event in events if _concerns(event)]
        if not asked:
            return set()
        try:
            if self._any is None:
                self._any = await self._store.read(modes.any_watched)
            if not self._any:
                return set()
            await self._learn(asked)
            found_now = [one for event in asked if (one := self._notice(event)) is not None]
            waves = {nexus: where for event in asked for nexus, where in self._wave(event)}
            for nexus_id, wave in waves.items():
                await self._store.write(partial(self._close_up, nexus_id=nexus_id, wave=wave))
            if not found_now:
                return set()
            return await self._store.write(lambda unit: self._follow(unit, found_now))
        except Exception:  # nobody goes unanswered because a rule failed
            log.exception("a message could not be looked at")
            return set()

    async def _learn(self, events: Sequence[Event]) -> None:
        now = self._store.clock.now()
        unknown = [e for e in events if (p := self._places.get(_key(e))) is None or now - p.read_at > FRESH]
        known = (self._places.get(_key(event)) for event in events)
        missing = {place.nexus_id for place in known if place is not None} - {None, *self._watched}
        if unknown or missing:
            await self._store.read(lambda unit: self._read(unit, unknown, missing))

    def _read(self, unit: Unit, events: Sequence[Event], missing: set[int | None]) -> None:
        if len(self._places) >= MOST:
            self._places.clear()
        for event in events:
            nexus_id = _place_of(unit, event).nexus_id
            self._places[_key(event)] = _Place(nexus_id, unit.now)
            missing.add(nexus_id)
        for nexus_id in missing:
            if nexus_id is None or nexus_id in self._watched:
                continue
            may = {name: one.mode for name, one in modes.modes_of(unit, nexus_id).items() if one.mode != "off"}
            settings = Settings(words=WordList(modes.words_of(unit, nexus_id)), bad=self._bad)
            self._watched[nexus_id] = _Watched(may, settings, raids.standing(unit, nexus_id))

    def _notice(self, event: Event) -> _Found | None:
        place = self._places.get(_key(event))
        watched = self._watched.get(place.nexus_id) if place is not None and place.nexus_id is not None else None
        if place is None or place.nexus_id is None or watched is None or not watched.modes:
            return None
        past = self._pasts.setdefault(place.nexus_id, History())
        key = (place.nexus_id, _who(event))
        if event.kind is EventKind.JOINED:
            past.join(_who(event), _seconds(event))
            self._counts[key] = 0
            self._arrivals[place.nexus_id].append(event)
            return None
        author = _author(event, self._count(key, event))
        look = notice if event.kind is EventKind.MESSAGE else signals  # an edit is no second message
        noticed = look(_message(event), author, past, watched.settings)
        rules = {name: DEFAULT_RULES[name] for name in watched.modes}
        met = hits(rules, noticed)
        return _Found(event, place.nexus_id, met, noticed) if met else None

    def _wave(self, event: Event) -> Iterator[tuple[int, _Wave]]:
        """Whether this arrival belongs to a raid: one that stands, or one that begins with it."""
        place = self._places.get(_key(event))
        watched = self._watched.get(place.nexus_id or 0) if place is not None else None
        if event.kind is not EventKind.JOINED or place is None or place.nexus_id is None or watched is None:
            return
        if raids.RULE not in watched.modes and watched.raid is None:
            return
        count, strength = join_wave(self._pasts[place.nexus_id], _seconds(event))
        if watched.raid is not None or strength >= 1:
            yield place.nexus_id, _Wave(event, count, strength >= 1)

    def _close_up(self, unit: Unit, nexus_id: int, wave: _Wave) -> None:
        raid, mode = raids.standing(unit, nexus_id), self._watched[nexus_id].modes.get(raids.RULE)
        here, detail = _place_of(unit, wave.event), f"{wave.count} people arrived within a minute"
        if raid is None and wave.high and mode == "act":
            raid = raids.begin(unit, nexus_id, here, by_id=None, why="rule", reason=detail)
        elif raid is None and wave.high and mode == "ask":
            if unit.now - self._proposed.get(nexus_id, 0) > raids.LASTS:
                self._proposed[nexus_id] = unit.now
                raids.propose(unit, nexus_id, detail)
        elif raid is not None and wave.high:
            raids.goes_on(unit, raid)
        if raid is None:
            return
        arrivals = [wave.event]
        if self._closed.get(nexus_id) != raid.id:
            self._closed[nexus_id] = raid.id
            since = wave.event.sent_at - BEFORE
            arrivals = [event for event in self._arrivals[nexus_id] if event.sent_at >= since]
        raids.arrived(unit, raid, [_arrival(unit, event) for event in arrivals])

    def _count(self, key: tuple[int, str], event: Event) -> int:
        """How many messages of theirs came before. Whose arrival is not known counts as one who has written before:
        nobody is a newcomer because this process is."""
        if key not in self._counts:
            if len(self._counts) >= MOST:
                self._counts.clear()
            arrived = event.account.joined_at
            self._counts[key] = 0 if arrived and event.sent_at - arrived < NEWCOMER else OLD
        count = self._counts[key]
        if event.kind is EventKind.MESSAGE:
            self._counts[key] = count + 1
        return count

    def _follow(self, unit: Unit, found_now: Sequence[_Found]) -> set[str]:
        gone = set()
        for one in found_now:
            event, watched = one.event, self._watched[one.nexus_id]
            who = _speaker_of(unit, event)
            place = _place_of(unit, event)
            evidence = Evidence(
                event.platform, event.workspace, event.place.id, event.message_id, who.person_id, event.text
            )
            # The strictest rule decides; the others that were met only count.
            met = sorted(one.rules, key=lambda rule: -modes.strictness(watched.modes[rule]))
            for index, rule in enumerate(met):
                mode = watched.modes[rule] if index == 0 else "shadow"
                find = Find(one.nexus_id, rule, mode, place, who.person_id, who.account_id, evidence, one.signals)
                case = found(unit, find)
                if case is not None and mode == "act" and case.kind != "warn":
                    gone.add(event.event_id)
        return gone


def _concerns(event: Event) -> bool:
    if event.account.is_bot or event.place.kind is PlaceKind.DIRECT:
        return False
    return event.kind in _LOOKED_AT or event.kind is EventKind.JOINED


def _key(event: Event) -> tuple[str, str, str, str]:
    return event.platform, event.workspace, event.place.id, event.place.thread


def _who(event: Event) -> str:
    return f"{event.platform}:{event.account.workspace}:{event.account.id}"


def _seconds(event: Event) -> float:
    return event.sent_at / 1000


def _message(event: Event) -> Message:
    return Message(
        event.text,
        _seconds(event),
        _who(event),
        f"{event.platform}:{event.workspace}:{event.place.id}",
        mentions=len(event.mentions),
        everyone=event.everyone,
        attachments=len(event.attachments),
        forwarded=event.forwarded,
        id=event.message_id,
    )


def _author(event: Event, count: int) -> Author:
    account: Account = event.account
    return Author(
        _who(event),
        joined_at=account.joined_at / 1000 if account.joined_at else None,
        created_at=account.made_at / 1000 if account.made_at else None,
        messages=count,
        protected=bool(account.manages),
    )


def _speaker_of(unit: Unit, event: Event) -> Speaker:
    account = event.account
    whose = {"platform": event.platform, "workspace": account.workspace, "external_id": account.id}
    known = known_speaker(unit, **whose)
    return known or speaker(unit, **whose, name=account.name, username=account.username)


def _arrival(unit: Unit, event: Event) -> raids.Arrival:
    who = _speaker_of(unit, event)
    return raids.Arrival(who.person_id, who.account_id, _place_of(unit, event))


def _place_of(unit: Unit, event: Event) -> Place:
    return place_at(
        unit,
        platform=event.platform,
        workspace=event.workspace,
        external_id=event.place.id,
        thread=event.place.thread,
        kind=event.place.kind.value,
        title=event.place.title,
    )
