"""Which Nexuses an audience may know of."""

from __future__ import annotations

from sqlalchemy import bindparam, or_, select

from core.access.names import best_named, unknown
from core.errors import N_
from core.nexuses.members import standing_in
from core.nexuses.tables import membership, nexus, nexus_tree
from core.nexuses.tree import Nexus, chain, is_within, nexus_by_slug, nexus_of
from core.operations.context import Audience, AudienceKind, Context
from core.operations.fields.base import frozen_id
from core.people.people import fold
from core.store import Unit

_NAMED = (
    select(nexus.c.id, nexus.c.name)
    .where(
        nexus.c.state == "active",
        or_(
            nexus.c.folded == bindparam("exact"),
            nexus.c.slug == bindparam("exact"),
            nexus.c.folded.like(bindparam("part"), escape="\\"),
        ),
    )
    .limit(200)
)
_ALL_MINE = (
    select(nexus_tree.c.descendant_id)
    .join(membership, membership.c.nexus_id == nexus_tree.c.descendant_id)
    .where(
        nexus_tree.c.ancestor_id == bindparam("nexus_id"),
        membership.c.person_id == bindparam("person_id"),
        membership.c.state == "active",
    )
)
_ARTICLES = ("the ", "nexus ", "my ", "our ", "this ")
_HERE_WORDS = frozenset(
    {"here", "this", "this nexus", "this one", "it", "the nexus", "this place", "this community", "us"}
)


def may_know_nexus(unit: Unit, audience: Audience, found: Nexus) -> bool:
    """Whether the audience may know that this Nexus exists."""
    if found.door == "open":
        return True
    if audience.kind is AudienceKind.PUBLIC:
        return False
    if audience.kind is AudienceKind.MEMBERS:
        return is_within(unit, audience.nexus_id, found.id) or (
            found.door == "members" and found.parent_id == audience.nexus_id
        )
    reader = audience.person_id
    if standing_in(unit, reader, found.id)[0] >= 0:
        return True
    if found.door == "members" and found.parent_id is not None and standing_in(unit, reader, found.parent_id)[0] > 0:
        return True
    return bool(unit.rows(_ALL_MINE, nexus_id=found.id, person_id=reader))


def access_nexus(context: Context, words: str) -> Nexus:
    """The Nexus that somebody named, among those that the audience may know of. Raises `NotFound`, `Ambiguous`."""
    unit = context.unit
    number = frozen_id(words)
    if number is not None:
        try:
            found = nexus_of(unit, number)
        except LookupError:
            raise unknown(N_("I know no Nexus called {name} that you can see."), words, []) from None
        if not may_know_nexus(unit, context.audience, found) and found.id != context.nexus_id:
            raise unknown(N_("I know no Nexus called {name} that you can see."), words, [])
        return found
    name = fold(words.strip("#\"'“”"))
    if name in _HERE_WORDS:
        return nexus_of(unit, context.nexus_id)
    by_slug = nexus_by_slug(unit, name)
    if by_slug is not None and by_slug.state == "active" and may_know_nexus(unit, context.audience, by_slug):
        return by_slug
    for candidate in _forms(name):
        part = candidate.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = unit.rows(_NAMED, exact=candidate, part=f"%{part}%")
        visible = [n for n in (nexus_of(unit, row["id"]) for row in rows) if may_know_nexus(unit, context.audience, n)]
        # "here" wins where a name would be doubtful otherwise
        chosen = best_named(candidate, [(n, fold(n.name)) for n in visible], prefer=context.nexus_id)
        if chosen is not None:
            return chosen
    raise unknown(N_("I know no Nexus called {name} that you can see."), words, [])


def home_of(unit: Unit, nexus_id: int) -> str:
    """The path of a Nexus from the top: "Studio › Parser"."""
    return " › ".join(n.name for n in reversed(chain(unit, nexus_id)))


def _forms(name: str) -> list[str]:
    """The name as typed, then without the words that people put around it."""
    forms = [name]
    short = name
    for article in _ARTICLES:
        short = short.removeprefix(article)
    for ending in (" nexus", " community", " space", " group"):
        short = short.removesuffix(ending)
    if short and short != name:
        forms.append(short)
    return forms
