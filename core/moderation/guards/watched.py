"""What is looked for in a Nexus: its rules that are not off, those of every Nexus and its own, and what they need."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from core.moderation.guards import modes
from core.moderation.own.kept import Kept, own_rules, with_own
from core.moderation.signals.defaults import Rule
from core.moderation.signals.domains import Domains
from core.moderation.signals.patterns import WordList
from core.moderation.signals.settings import Settings
from core.store import Unit


@dataclass(frozen=True, slots=True)
class Watched:
    """Modes and rules by name, without those that are off, and the settings of the signals."""

    modes: Mapping[str, str]
    rules: Mapping[str, Rule]
    settings: Settings


def watched_in(unit: Unit, nexus_id: int, bad: Domains) -> Watched:
    """What is looked for in a Nexus. `bad`: the operator's list of domains. What was said of a rule that is not there
    any more means nothing."""
    own = own_rules(unit, nexus_id)
    known = with_own(own)
    said = modes.modes_of(unit, nexus_id).items()
    may = {name: one.mode for name, one in said if one.mode != "off" and name in known}
    return Watched(may, {name: known[name] for name in may}, settings_for(unit, nexus_id, own, may, bad))


def settings_for(unit: Unit, nexus_id: int, own: Mapping[str, Kept], names: Container[str], bad: Domains) -> Settings:
    """What the signals need for the rules of these names, of which `own` are a Nexus's own."""
    ours = {name: one.compiled for name, one in own.items() if name in names}
    return Settings(words=WordList(modes.words_of(unit, nexus_id)), bad=bad, own=ours)
