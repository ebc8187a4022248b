"""What follows from what the rules found in messages: in one unit, whatever becomes of the message itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.contract import Event
from bot.inbox.inbox import place_of_event
from bot.moderation.second_look import Doubt
from bot.moderation.waves import speaker_of
from core.moderation.cases.cases import Message as Evidence
from core.moderation.guards import modes
from core.moderation.guards.found import Find, found, takes_away
from core.moderation.guards.watched import watched_in
from core.moderation.signals.defaults import hits
from core.moderation.signals.domains import Domains
from core.moderation.signals.seen import Signal
from core.store import Unit


@dataclass(frozen=True, slots=True)
class Found:
    """A message that met rules."""

    event: Event
    nexus_id: int
    modes: Mapping[str, str]  # of the rules that were met
    signals: Sequence[Signal]


def follow(unit: Unit, found_now: Sequence[Found]) -> set[str]:
    """Let the rules do what they may. The ids of the messages that were taken away."""
    gone = set()
    for one in found_now:
        event, who = one.event, speaker_of(unit, one.event)
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


def follow_doubt(unit: Unit, doubt: Doubt, signal: Signal) -> None:
    """A second look was taken: which rules are met with what it found, and were not without it."""
    watched = watched_in(unit, doubt.nexus_id, Domains())  # their links were looked at before
    before, noticed = hits(watched.rules, doubt.signals), [*doubt.signals, signal]
    met = {rule: watched.modes[rule] for rule in hits(watched.rules, noticed) if rule not in before}
    if met:
        follow(unit, [Found(doubt.event, doubt.nexus_id, met, noticed)])
