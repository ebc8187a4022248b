"""How a new Nexus shares: the presets in the words that people read, and what its rules come to."""

from __future__ import annotations

from core.errors import N_
from core.rulebook.describe import kinds_come_to
from core.rulebook.fields import PickedField
from core.rules.decide import word_of
from core.rules.kinds import SHARED
from core.rules.masks import rules_on_chain
from core.rules.why import deciding
from core.rules.words import Action
from core.store import Unit

SHARING = PickedField(
    N_("who may see what is posted in it"),
    ("open", "members", "private"),
    also={"public": "open", "everyone": "open", "anybody": "open", "member": "members", "closed": "private"},
)
SHARING_WORDS = {
    "open": N_("Anybody could see what is posted in it, and I may repeat it anywhere."),
    "members": N_("Only its members could see what is posted in it, also in its channels."),
    "private": N_(
        "Only its members could see what is posted in it, when they ask me alone; I keep it out of channels."
    ),
}
_NOT_ALL = N_("A rule above keeps some of it from the public all the same.")


def sharing_in_words(unit: Unit, parent_id: int, sharing: str) -> str:
    """What a new Nexus would share if it were made inside another, which may have settled some of it for good."""
    rules = rules_on_chain(unit, parent_id)
    found = (deciding([[], *rules], "public", Action.SEE, kind, unit.now) for kind in SHARED)
    kept = sharing == "open" and any(rule is not None and rule.locked for rule in found)
    return f"{SHARING_WORDS[sharing]} {_NOT_ALL}" if kept else SHARING_WORDS[sharing]


def sees_in(unit: Unit, nexus_id: int) -> str:
    """Who may see what in a Nexus, for its members."""
    rules = rules_on_chain(unit, nexus_id)
    return " ".join(kinds_come_to({kind: word_of(rules, kind, unit.now)[0] for kind in SHARED}))
