"""The kinds of data that rules speak of. A new kind is one line here. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import N_


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of data: the word that is stored, what people call one and several of it.

    `private`: the author's alone, whatever the rules of a Nexus say. `written`: somebody's own words, which are theirs
    to share; what is not stands in the books of a Nexus, and its rules alone decide.
    """

    name: str
    one: str
    many: str
    private: bool = False
    written: bool = True


KINDS = {
    kind.name: kind
    for kind in (
        Kind("thought", N_("thought"), N_("thoughts"), private=True),
        Kind("need", N_("need"), N_("needs")),
        Kind("offer", N_("offer"), N_("offers")),
        Kind("fact", N_("fact about a person"), N_("facts about people")),
        Kind("grant", N_("grant"), N_("grants"), written=False),
        Kind("fund", N_("fund"), N_("funds"), written=False),
    )
}
SHARED = tuple(name for name, kind in KINDS.items() if not kind.private)
"""Kinds that can be shown to others at all."""
WRITTEN = tuple(name for name in SHARED if KINDS[name].written)
"""Kinds that people write and can share: records."""
RECORDS = tuple(name for name, kind in KINDS.items() if kind.written)
"""All kinds that people write, private ones too."""
PRIVATE = frozenset(name for name, kind in KINDS.items() if kind.private)
"""Kinds that are their author's alone."""
