"""What a Nexus sets for its signals: lists it brings, and what it tolerates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.moderation.signals.domains import Domains
from core.moderation.signals.own import Compiled
from core.moderation.signals.patterns import WordList


@dataclass(frozen=True, slots=True)
class Settings:
    """`words` and `patterns` (by name, from `safe_pattern`) are unwanted; `bad` are known bad domains; `trusted` are
    hosts whose links and invitations are nobody's concern; `own_invites` the Nexus's own invitations, as
    "discord.gg/abc"; `own` are its own rules by name, of which each that is met is a signal."""

    words: WordList = field(default_factory=WordList)
    patterns: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    bad: Domains = field(default_factory=Domains)
    trusted: Domains = field(default_factory=Domains)
    own_invites: frozenset[str] = frozenset()
    own: Mapping[str, Compiled] = field(default_factory=dict)
