"""Which Nexuses an audience may know of."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from core.access.names import best_named, literal, unknown
from core.errors import N_
from core.nexuses.roles import INHERITED
from core.nexuses.tables import membership, nexus, nexus_tree
from core.nexuses.tree import NEXUS_COLUMNS, ROOT_ID, Nexus, as_nexus, chain, nexus_of
from core.operations.context import Audience, AudienceKind, Context
from core.operations.fields.base import frozen_id
from core.people.people import fold
from core.people.tables import person
from core.store import Unit

_mine = membership.alias("mine")
_own, _above = nexus_tree.alias("own"), nexus_tree.alias("above")
_listener = person.alias("listener")


def _known_to(reader: Any) -> ColumnElement[bool]:
    """What one person knows: `reader` is their id."""
    mine = (_mine.c.person_id == reader, _mine.c.state == "active")
    return or_(
        nexus.c.door == "open",
        # in it, or in something below it
        select(_own.c.depth)
        .join(_mine, _mine.c.nexus_id == _own.c.descendant_id)
        .where(_own.c.ancestor_id == nexus.c.id, *mine)
        .correlate(nexus, _listener)
        .exists(),
        # a role above that reaches down
        select(_above.c.depth)
        .join(_mine, _mine.c.nexus_id == _above.c.ancestor_id)
        .where(_above.c.descendant_id == nexus.c.id, _mine.c.role.in_(sorted(INHERITED)), *mine)
        .correlate(nexus, _listener)
        .exists(),
        and_(
            nexus.c.door == "members",
            select(_mine.c.role)
            .where(_mine.c.nexus_id == nexus.c.parent_id, _mine.c.role != "guest", *mine)
            .correlate(nexus, _listener)
            .exists(),
        ),
    )


_MINE = (_mine.c.person_id == bindparam("reader"), _mine.c.state == "active")
_VISIBLE: dict[AudienceKind, ColumnElement[bool]] = {
    AudienceKind.PERSON: _known_to(bindparam("reader")),
    AudienceKind.MEMBERS: or_(
        nexus.c.door == "open",
        and_(nexus.c.door == "members", nexus.c.parent_id == bindparam("reader")),
        select(_own.c.depth)
        .where(_own.c.ancestor_id == nexus.c.id, _own.c.descendant_id == bindparam("reader"))
        .exists(),
    ),
    # known to the first of them, and to all others
    AudienceKind.PEOPLE: and_(
        _known_to(bindparam("reader")),
        ~select(_listener.c.id)
        .where(_listener.c.id.in_(bindparam("readers", expanding=True)), ~_known_to(_listener.c.id))
        .correlate(nexus)
        .exists(),
    ),
    AudienceKind.PUBLIC: nexus.c.door == "open",
}
_NAMED_SO = or_(nexus.c.slug == bindparam("exact"), nexus.c.folded.like(bindparam("part"), escape="\\"))


def _statements(visible: ColumnElement[bool]) -> dict[str, Select[Any]]:
    active = select(*NEXUS_COLUMNS).where(visible, nexus.c.state == "active")
    return {
        "id": active.where(nexus.c.id == bindparam("wanted")),
        # The shortest first: one that is called exactly that is among them.
        "named": active.where(_NAMED_SO)
        .order_by((nexus.c.slug == bindparam("exact")).desc(), func.length(nexus.c.folded), nexus.c.id)
        .limit(200),
        "suggest": active.where(nexus.c.folded.like(bindparam("part"), escape="\\"))
        .order_by(nexus.c.folded.like(bindparam("start"), escape="\\").desc(), nexus.c.folded, nexus.c.id)
        .limit(bindparam("most")),
        "children": active.where(nexus.c.parent_id == bindparam("parent"))
        .order_by(nexus.c.folded, nexus.c.id)
        .limit(bindparam("most")),
        "around": active.where(
            or_(nexus.c.parent_id == ROOT_ID, nexus.c.parent_id.in_(select(_mine.c.nexus_id).where(*_MINE))),
            nexus.c.door != "private",
            nexus.c.id.not_in(select(_mine.c.nexus_id).where(*_MINE)),
        )
        .order_by(nexus.c.folded, nexus.c.id)
        .limit(bindparam("most")),
    }


_STATEMENTS = {kind: _statements(visible) for kind, visible in _VISIBLE.items()}
_UNKNOWN = N_("I know no Nexus called {name} that you can see.")
_ARTICLES = ("the ", "nexus ", "my ", "our ", "this ")
_HERE_WORDS = frozenset(
    {"here", "this", "this nexus", "this one", "it", "the nexus", "this place", "this community", "us"}
)


def _read(unit: Unit, audience: Audience, which: str, **values: object) -> list[Nexus]:
    kind = audience.kind
    if audience.anybody:
        kind = AudienceKind.PUBLIC
    elif kind is AudienceKind.PEOPLE:
        values |= {"reader": audience.people[0], "readers": audience.people[1:]}
    else:
        values["reader"] = audience.person_id or audience.nexus_id
    return [as_nexus(row) for row in unit.rows(_STATEMENTS[kind][which], **values)]


def may_know_nexus(unit: Unit, audience: Audience, nexus_id: int) -> bool:
    """Whether the audience may know that this Nexus exists. Nobody knows an archived one."""
    return bool(_read(unit, audience, "id", wanted=nexus_id))


def visible_children(unit: Unit, audience: Audience, parent_id: int, most: int) -> list[Nexus]:
    """Sub-Nexuses one level down that the audience may know of, by name."""
    return _read(unit, audience, "children", parent=parent_id, most=most)


def joinable(unit: Unit, person_id: int, most: int) -> list[Nexus]:
    """Nexuses at the top or inside one of the person's own that they know of, are not in, and that are not private."""
    return _read(unit, Audience(AudienceKind.PERSON, person_id), "around", most=most)


def access_nexus(context: Context, words: str) -> Nexus:
    """The Nexus that somebody named, among those that the audience may know of. Raises `NotFound`, `Ambiguous`."""
    unit, audience = context.unit, context.audience
    number = frozen_id(words)
    if number is not None:
        seen = _read(unit, audience, "id", wanted=number)
        if seen:
            return seen[0]
        if number == context.nexus_id and nexus_of(unit, number).state == "active":
            return nexus_of(unit, number)
        raise unknown(_UNKNOWN, words, [])
    name = fold(words.strip("#\"'“”"))
    if name in _HERE_WORDS:
        return nexus_of(unit, context.nexus_id)
    for candidate in _forms(name):
        found = _read(unit, audience, "named", exact=candidate, part=f"%{literal(candidate)}%")
        # "here" wins where a name would be doubtful otherwise, and a slug names one only
        here = [n for n in found if n.id == context.nexus_id and fold(n.name) == candidate]
        by_slug = [n for n in found if n.slug == candidate]
        if here or by_slug:
            return (here or by_slug)[0]
        chosen = best_named(candidate, [(n, fold(n.name)) for n in found], prefer=context.nexus_id)
        if chosen is not None:
            return chosen
    raise unknown(_UNKNOWN, words, [])


def access_named_nexus(context: Context, words: str) -> Nexus:
    """Like `access_nexus`, and also one that the caller alone knows, if it is named in full.

    So that a caller can tell listeners of it, and nothing is told that nobody has said. Raises `NotFound`, `Ambiguous`.
    """
    alone = context.private()
    if frozen_id(words) is not None:
        return access_nexus(alone, words)
    name = fold(words.strip("#\"'“”"))
    for candidate in () if name in _HERE_WORDS else _forms(name):
        found = _read(context.unit, alone.audience, "named", exact=candidate, part=f"%{literal(candidate)}%")
        called = [(n, candidate) for n in found if candidate in (n.slug, fold(n.name))]
        chosen = best_named(candidate, called, prefer=context.nexus_id)
        if chosen is not None:
            return chosen
    return access_nexus(context, words)


def suggest_nexuses(context: Context, typed: str, most: int) -> list[tuple[str, str]]:
    """(label, frozen reference) of Nexuses that the audience may know of and that are called like what was typed."""
    part = literal(fold(typed.strip("#\"'“”")))
    found = _read(context.unit, context.audience, "suggest", start=f"{part}%", part=f"%{part}%", most=most)
    times = Counter(n.name for n in found)
    return [(n.name if times[n.name] == 1 else f"{n.name} ({n.slug})", f"={n.id}") for n in found]


def named_or_here(context: Context, named: Nexus | None) -> Nexus:
    """The Nexus that an operation concerns: the one that was named, or the one that the talk is about."""
    return named or nexus_of(context.unit, context.nexus_id)


def path_of(context: Context, nexus_id: int) -> str:
    """The path of a Nexus from the top, "Studio › Parser", as far as the audience may know what is above it."""
    way = chain(context.unit, nexus_id)
    known = [n for n in way if n.id == nexus_id or may_know_nexus(context.unit, context.audience, n.id)]
    return " › ".join(n.name for n in reversed(known))


def _forms(name: str) -> list[str]:
    """The name as typed, then without the words that people put around it."""
    forms = [name] if name else []
    short = name
    for article in _ARTICLES:
        short = short.removeprefix(article)
    for ending in (" nexus", " community", " space", " group"):
        short = short.removesuffix(ending)
    if short and short != name:
        forms.append(short)
    return forms
