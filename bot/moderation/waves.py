"""Arrivals: whether they come in a wave, and what follows when they do.

Those who arrived shortly before a raid was noticed belong to it as well, so a few are remembered, in memory. Where a
server tells of an arrival, it concerns every Nexus that has a place in it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.contract import Event
from bot.inbox.inbox import place_of_event
from core.clock import MINUTE
from core.moderation.guards import raids
from core.moderation.signals.history import History
from core.moderation.signals.newcomers import join_wave
from core.people.people import Speaker, known_speaker, speaker
from core.store import Unit

ARRIVALS = 1_000  # that are remembered of a Nexus, in case they were the beginning of a raid
BEFORE = 10 * MINUTE  # how long before a raid was noticed its arrivals belong to it

Name = tuple[str, str, str]  # platform, workspace and id of an account


@dataclass(frozen=True, slots=True)
class Wave:
    """Arrivals during a raid, or those that make it one (`high`). `mode`: what the rule about raids may do."""

    events: Sequence[Event]
    count: int
    high: bool
    mode: str


class Waves:
    """What is remembered of arrivals. One instance for each `Watch`."""

    def __init__(self) -> None:
        self._arrivals: dict[int, deque[Event]] = defaultdict(lambda: deque(maxlen=ARRIVALS))
        self._closed: dict[int, int] = {}  # the raid whose earlier arrivals were dealt with, by Nexus
        self._proposed: dict[int, int] = {}  # when moderators were asked to close up, ms since epoch

    def remember(self, nexus_id: int, event: Event) -> None:
        """Somebody arrived."""
        self._arrivals[nexus_id].append(event)

    def add(self, found: dict[int, Wave], nexus_id: int, event: Event, past: History, mode: str, raid: bool) -> None:
        """An arrival joins the wave that is found for its Nexus, or makes one. `raid`: one stands there now."""
        count, strength = join_wave(past, event.sent_at / 1000)
        earlier = found.get(nexus_id)
        if raid or strength >= 1 or earlier is not None:
            before, high = (earlier.events, earlier.high) if earlier is not None else ((), False)
            found[nexus_id] = Wave((*before, event), count, high or strength >= 1, mode)

    def close_up(self, unit: Unit, nexus_id: int, wave: Wave) -> set[Name]:
        """Close up, ask whether to, or go on with it, as the rule may. Whom it keeps quiet from now on."""
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
            return set()
        arrivals = wave.events
        if self._closed.get(nexus_id) != raid.id:
            self._closed[nexus_id] = raid.id
            since = newest.sent_at - BEFORE
            arrivals = [event for event in self._arrivals[nexus_id] if event.sent_at >= since]
        known = {}
        for event in arrivals:
            who = speaker_of(unit, event)
            known[who.account_id] = event, raids.Arrival(who.person_id, who.account_id, place_of_event(unit, event))
        kept = raids.arrived(unit, raid, [arrival for _, arrival in known.values()])
        return {name_of(known[one.account_id][0]) for one in kept}


def name_of(event: Event) -> Name:
    """Whose event it is."""
    return event.platform, event.account.workspace, event.account.id


def speaker_of(unit: Unit, event: Event) -> Speaker:
    """The person and account of an event, made for somebody who never spoke with us."""
    account = event.account
    whose = {"platform": event.platform, "workspace": account.workspace, "external_id": account.id}
    known = known_speaker(unit, **whose)
    return known or speaker(unit, **whose, name=account.name, username=account.username)
