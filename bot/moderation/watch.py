"""The look at everything that is written in a watched place, before anything else is done with it.

What was written is looked at and forgotten: of ordinary messages nothing is stored, and the recent past in memory holds
times and fingerprints. What a rule finds goes into one unit with what follows from it. A message that a rule takes away
is not answered. What a command says in the open is looked at as well, or a slash would be the way around all rules; it
is no talk that counts, and what moderators are told by one is theirs to judge.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from adapters.contract import Account, Event, EventKind, PlaceKind
from bot.inbox.inbox import place_of_event
from bot.log import log
from bot.moderation import domains
from bot.unit import AsyncStore
from core.clock import DAY, MINUTE, SECOND
from core.moderation.cases.cases import Case
from core.moderation.cases.cases import Message as Evidence
from core.moderation.guards import modes, raids
from core.moderation.guards.found import Find, found, takes_away
from core.moderation.own.kept import own_rules
from core.moderation.signals.defaults import DEFAULT_RULES, Rule, hits
from core.moderation.signals.domains import Domains
from core.moderation.signals.history import History
from core.moderation.signals.newcomers import join_wave
from core.moderation.signals.notice import notice, signals
from core.moderation.signals.patterns import WordList
from core.moderation.signals.seen import Author, Message, Signal
from core.moderation.signals.settings import Settings
from core.people.people import Speaker, known_speaker, speaker
from core.store import Unit

FRESH = 60 * SECOND  # how long it is remembered to which Nexus a place belongs; changes here are heard of at once
NEWCOMER = 7 * DAY  # whoever came longer ago has written before, as far as rules are concerned
OLD = 100  # messages: more than any rule counts
ARRIVALS = 1_000  # that are remembered of a Nexus, in case they were the beginning of a raid
BEFORE = 10 * MINUTE  # how long before a raid was noticed its arrivals belong to it
MOST = 50_000  # people and places that are remembered
HEARD = 5_000  # events that are remembered: platforms tell some of them twice
_TO_MODERATORS = ("report", "appeal")


@dataclass(slots=True)
class _Watched:
    """What is watched in a Nexus, and its recent past."""

    modes: Mapping[str, str]
    rules: Mapping[str, Rule]
    settings: Settings
    raid: Case | None
    read_at: int


@dataclass(frozen=True, slots=True)
class _Found:
    """A message that met rules."""

    event: Event
    nexus_id: int
    modes: Mapping[str, str]  # of the rules that were met
    signals: Sequence[Signal]


@dataclass(frozen=True, slots=True)
class _Wave:
    """Arrivals during a raid, or those that make it one (`high`). `mode`: what the rule about raids may do."""

    events: Sequence[Event]
    count: int
    high: bool
    mode: str


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
        self._changes = 0  # how often that may have changed
        self._places: dict[tuple[str, str, str, str], _Place] = {}
        self._watched: dict[int, _Watched] = {}
        self._pasts: dict[int, History] = {}
        self._counts: dict[tuple[int, str], int] = {}
        self._heard: dict[tuple[str, str, str], bool] = {}  # by event: whether it was taken away
        self._arrivals: dict[int, deque[Event]] = defaultdict(lambda: deque(maxlen=ARRIVALS))
        self._closed: dict[int, int] = {}  # the raid whose earlier arrivals were dealt with, by Nexus
        self._proposed: dict[int, int] = {}  # when moderators were asked to close up, ms since epoch

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
            if not await self._watches():
                return set()
            gone = {event.event_id for event in asked if self._heard.get(_name(event))}
            asked = [event for event in asked if _name(event) not in self._heard]
            await self._learn(asked)
            found_now = [one for event in asked if (one := self._notice(event)) is not None]
            for nexus_id, wave in self._waves(asked).items():
                await self._store.write(partial(self._close_up, nexus_id=nexus_id, wave=wave))
            if found_now:
                gone |= await self._store.write(lambda unit: self._follow(unit, found_now))
            self._remember(asked, gone)
            return gone
        except Exception:  # nobody goes unanswered because a rule failed
            log.exception("a message could not be looked at")
            return set()

    def _remember(self, events: Sequence[Event], gone: set[str]) -> None:
        for event in events:
            if len(self._heard) >= HEARD:
                del self._heard[next(iter(self._heard))]
            self._heard[_name(event)] = event.event_id in gone

    async def _watches(self) -> bool:
        """Whether anything is watched at all."""
        while self._any is None:
            changes = self._changes
            found = await self._store.read(lambda unit: modes.any_watched(unit) or raids.any_standing(unit))
            if changes == self._changes:
                self._any = found
        return self._any

    async def _learn(self, events: Sequence[Event]) -> None:
        """Know what is watched where these happened. What is read while it changes is read again."""
        while True:
            now = self._store.clock.now()
            unknown = [e for e in events if (p := self._places.get(_key(e))) is None or now - p.read_at > FRESH]
            fresh = {nexus_id for nexus_id, one in self._watched.items() if now - one.read_at <= FRESH}
            known = (self._places.get(_key(event)) for event in events)
            missing = {place.nexus_id for place in known if place is not None and place.nexus_id is not None} - fresh
            if not unknown and not missing:
                return
            changes, read = self._changes, partial(self._read, events=unknown, missing=missing, fresh=fresh)
            places, watched = await self._store.read(read)
            if changes == self._changes:
                if len(self._places) >= MOST:
                    self._places.clear()
                self._places |= places
                self._watched |= watched

    def _read(
        self, unit: Unit, events: Sequence[Event], missing: set[int], fresh: set[int]
    ) -> tuple[dict[tuple[str, str, str, str], _Place], dict[int, _Watched]]:
        places = {_key(event): _Place(place_of_event(unit, event).nexus_id, unit.now) for event in events}
        nexuses = missing | {place.nexus_id for place in places.values() if place.nexus_id is not None} - fresh
        return places, {nexus_id: self._watched_in(unit, nexus_id) for nexus_id in nexuses}

    def _watched_in(self, unit: Unit, nexus_id: int) -> _Watched:
        own = own_rules(unit, nexus_id)
        known = DEFAULT_RULES | {name: one.rule for name, one in own.items()}
        said = modes.modes_of(unit, nexus_id).items()
        may = {name: one.mode for name, one in said if one.mode != "off" and name in known}
        settings = Settings(
            words=WordList(modes.words_of(unit, nexus_id)),
            bad=self._bad,
            own={name: one.compiled for name, one in own.items() if name in may},
        )
        rules = {name: known[name] for name in may}
        return _Watched(may, rules, settings, raids.standing(unit, nexus_id), unit.now)

    def _seen_in(self, event: Event) -> tuple[int, _Watched] | None:
        """The Nexus in which it happened, and what is watched there; None: nothing is."""
        place = self._places.get(_key(event))
        watched = self._watched.get(place.nexus_id) if place is not None and place.nexus_id is not None else None
        if place is None or place.nexus_id is None or watched is None:
            return None
        return (place.nexus_id, watched) if watched.modes or watched.raid is not None else None

    def _notice(self, event: Event) -> _Found | None:
        seen = self._seen_in(event)
        if seen is None:
            return None
        nexus_id, watched = seen
        past = self._pasts.setdefault(nexus_id, History())
        key = (nexus_id, _who(event))
        if event.kind is EventKind.JOINED:
            past.join(_who(event), _seconds(event))
            self._counts[key] = 0
            self._arrivals[nexus_id].append(event)
            return None
        author = author_of(event, self._count(key, event))
        look = notice if event.kind is EventKind.MESSAGE else signals  # an edit is no second message
        noticed = look(message_of(event), author, past, watched.settings)
        met = hits(watched.rules, noticed)
        return _Found(event, nexus_id, {name: watched.modes[name] for name in met}, noticed) if met else None

    def _waves(self, events: Sequence[Event]) -> dict[int, _Wave]:
        """The arrivals that belong to a raid, by Nexus: one that stands, or one that begins with them."""
        found: dict[int, _Wave] = {}
        for event in events:
            seen = self._seen_in(event) if event.kind is EventKind.JOINED else None
            if seen is None or (raids.RULE not in seen[1].modes and seen[1].raid is None):
                continue
            nexus_id, watched = seen
            count, strength = join_wave(self._pasts[nexus_id], _seconds(event))
            earlier = found.get(nexus_id)
            if watched.raid is not None or strength >= 1 or earlier is not None:
                before, high = (earlier.events, earlier.high) if earlier is not None else ((), False)
                mode = watched.modes.get(raids.RULE, "off")
                found[nexus_id] = _Wave((*before, event), count, high or strength >= 1, mode)
        return found

    def _close_up(self, unit: Unit, nexus_id: int, wave: _Wave) -> None:
        raid, newest = raids.standing(unit, nexus_id), wave.events[-1]
        here, detail = place_of_event(unit, newest), f"{wave.count} people arrived within a minute"
        if raid is None and wave.high and wave.mode == "act":
            raid = raids.begin(unit, nexus_id, here, by_id=None, why="rule", reason=detail)
        elif raid is None and wave.high and wave.mode == "ask":
            if unit.now - self._proposed.get(nexus_id, 0) > raids.LASTS:
                self._proposed[nexus_id] = unit.now
                raids.propose(unit, nexus_id, detail)
        elif raid is not None and wave.high:
            raid = raids.goes_on(unit, raid)
        if raid is None:
            return
        arrivals = wave.events
        if self._closed.get(nexus_id) != raid.id:
            self._closed[nexus_id] = raid.id
            since = newest.sent_at - BEFORE
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
            event, who = one.event, _speaker_of(unit, one.event)
            place = place_of_event(unit, event)
            evidence = Evidence(
                event.platform,
                event.workspace,
                event.place.id,
                event.message_id,
                who.person_id,
                event.text,
                event.place.thread,
            )
            # The strictest rule decides; the others that were met only count.
            met = sorted(one.modes, key=lambda rule: -modes.strictness(one.modes[rule]))
            for index, rule in enumerate(met):
                mode = one.modes[rule] if index == 0 else "shadow"
                find = Find(one.nexus_id, rule, mode, place, who.person_id, who.account_id, evidence, one.signals)
                if takes_away(found(unit, find)):
                    gone.add(event.event_id)
        return gone


def _concerns(event: Event) -> bool:
    if event.account.is_bot or event.place.kind is PlaceKind.DIRECT:
        return False
    if event.kind is EventKind.COMMAND:  # typed where all can read it, which leaves out those of menus and shortcuts
        command = event.command
        typed = command is not None and command.arguments is None and bool(event.message_id) and not event.respond
        return typed and command is not None and command.name not in _TO_MODERATORS
    return event.kind in (EventKind.MESSAGE, EventKind.EDIT, EventKind.JOINED)


def _name(event: Event) -> tuple[str, str, str]:
    return event.platform, event.workspace, event.event_id


def _key(event: Event) -> tuple[str, str, str, str]:
    return event.platform, event.workspace, event.place.id, event.place.thread


def _who(event: Event) -> str:
    return f"{event.platform}:{event.account.workspace}:{event.account.id}"


def _seconds(event: Event) -> float:
    return event.sent_at / 1000


def message_of(event: Event) -> Message:
    """What an event says, as rules look at it."""
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


def author_of(event: Event, count: int) -> Author:
    """Who said it, after `count` messages of theirs."""
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
    return raids.Arrival(who.person_id, who.account_id, place_of_event(unit, event))
