"""Which people an audience may know of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from core.access.names import best_named, unknown
from core.errors import N_
from core.invites.tables import invite_request
from core.nexuses.tables import membership
from core.operations.context import Audience, AudienceKind, Context
from core.operations.fields.base import frozen_id
from core.people.people import Person, fold, person_of
from core.people.tables import account, person
from core.store import Unit

_ME = frozenset({"me", "myself", "i", "mine", "my profile", "my page", "my own", "self"})
_mine, _theirs = membership.alias("mine"), membership.alias("theirs")
_DECIDES = ("owner", "steward")


def _active(table: Any) -> tuple[Any, ...]:
    return (table.c.state == "active", table.c.role != "guest")


# People who share a Nexus with the reader, ask to come into one that the reader decides for, or are the reader.
_KNOWN_TO_PERSON = or_(
    person.c.id == bindparam("reader"),
    person.c.id.in_(
        select(_theirs.c.person_id)
        .join(_mine, _mine.c.nexus_id == _theirs.c.nexus_id)
        .where(_mine.c.person_id == bindparam("reader"), _mine.c.state == "active", _theirs.c.state == "active")
    ),
    person.c.id.in_(
        select(invite_request.c.person_id)
        .join(_mine, _mine.c.nexus_id == invite_request.c.nexus_id)
        .where(
            _mine.c.person_id == bindparam("reader"),
            _mine.c.state == "active",
            _mine.c.role.in_(_DECIDES),
            invite_request.c.state == "waiting",
        )
    ),
)
_KNOWN_TO_MEMBERS = person.c.id.in_(
    select(_theirs.c.person_id).where(_theirs.c.nexus_id == bindparam("nexus_id"), *_active(_theirs))
)
_PART = or_(
    person.c.folded == bindparam("exact"),
    person.c.folded.like(bindparam("part"), escape="\\"),
    person.c.id.in_(select(account.c.person_id).where(account.c.username == bindparam("username"))),
)
_LIVING = person.c.merged_into.is_(None)
_COLUMNS = (person.c.id, person.c.name, person.c.folded)


def _pair(condition: Any) -> tuple[Select[Any], Select[Any], Select[Any]]:
    return (
        select(*_COLUMNS).where(condition, _LIVING, _PART).limit(100),
        select(*_COLUMNS).where(condition, _LIVING, person.c.id == bindparam("wanted")),
        select(person.c.name).where(condition, _LIVING).limit(500),
    )


_STATEMENTS = {AudienceKind.PERSON: _pair(_KNOWN_TO_PERSON), AudienceKind.MEMBERS: _pair(_KNOWN_TO_MEMBERS)}
_WORDS = N_("I know nobody called {name} here.")


def _reader(audience: Audience) -> dict[str, int]:
    if audience.kind is AudienceKind.PERSON:
        return {"reader": audience.person_id}
    return {"nexus_id": audience.nexus_id}


def may_know_person(unit: Unit, audience: Audience, person_id: int) -> bool:
    """Whether the audience may know of this person."""
    if audience.kind is AudienceKind.PUBLIC:
        return False
    statement = _STATEMENTS[audience.kind][1]
    return unit.row(statement, wanted=person_id, **_reader(audience)) is not None


def access_person(context: Context, words: str) -> Person:
    """The person that somebody named, among those that the audience may know of. Raises `NotFound`, `Ambiguous`.

    "me" and a frozen reference to oneself always work: nobody is a secret to themselves.
    """
    unit, audience = context.unit, context.audience
    number = frozen_id(words)
    me = context.actor.person_id
    if number is not None:
        found = person_of(unit, number)
        if found.id == me or may_know_person(unit, audience, found.id):
            return found
        raise unknown(_WORDS, words, [])
    bare = words.strip("\"'“”").removesuffix("'s").removesuffix("’s")
    name = fold(bare.removeprefix("@"))
    if name in _ME:
        return person_of(unit, me)
    if audience.kind is AudienceKind.PUBLIC:
        raise unknown(_WORDS, bare, [])
    named, _, everyone = _STATEMENTS[audience.kind]
    part = name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = unit.rows(named, exact=name, part=f"%{part}%", username=bare.removeprefix("@"), **_reader(audience))
    candidates = [(Person(row["id"], row["name"]), row["folded"]) for row in rows]
    if bare.startswith("@") and len(candidates) == 1:
        return candidates[0][0]
    chosen = best_named(name, candidates)
    if chosen is not None:
        return chosen
    by_username = [c for c, folded in candidates if name not in folded]
    if len(by_username) == 1:
        return by_username[0]
    near = [row["name"] for row in unit.rows(everyone, **_reader(audience))]
    raise unknown(_WORDS, bare, near)
