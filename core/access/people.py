"""Which people an audience may know of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select

from core.access.names import best_named, literal, unknown
from core.errors import N_
from core.invites.tables import invite_request
from core.nexuses.roles import INHERITED, OWNER, STEWARD
from core.nexuses.tables import membership, nexus_tree
from core.operations.context import Audience, AudienceKind, Context
from core.operations.fields.base import frozen_id
from core.people.people import Person, fold, person_of
from core.people.tables import account, person
from core.store import Unit

_ME = frozenset({"me", "myself", "i", "mine", "my profile", "my page", "my own", "self"})
_mine, _theirs = membership.alias("mine"), membership.alias("theirs")
_DECIDES = (OWNER, STEWARD)


def _active(table: Any) -> tuple[Any, ...]:
    return (table.c.state == "active", table.c.role != "guest")


# The reader; people in a Nexus that the reader is in or has a role above; people who ask to come into one for which
# the reader decides.
_READER = (_mine.c.person_id == bindparam("reader"), _mine.c.state == "active")
_KNOWN_TO_PERSON = or_(
    person.c.id == bindparam("reader"),
    select(_theirs.c.role)
    .join(nexus_tree, nexus_tree.c.descendant_id == _theirs.c.nexus_id)
    .join(_mine, _mine.c.nexus_id == nexus_tree.c.ancestor_id)
    .where(
        _theirs.c.person_id == person.c.id,
        _theirs.c.state == "active",
        or_(nexus_tree.c.depth == 0, _mine.c.role.in_(sorted(INHERITED))),
        *_READER,
    )
    .exists(),
    select(invite_request.c.id)
    .join(nexus_tree, nexus_tree.c.descendant_id == invite_request.c.nexus_id)
    .join(_mine, _mine.c.nexus_id == nexus_tree.c.ancestor_id)
    .where(
        invite_request.c.person_id == person.c.id,
        invite_request.c.state == "waiting",
        _mine.c.role.in_(_DECIDES),
        *_READER,
    )
    .exists(),
)
_KNOWN_TO_MEMBERS = person.c.id.in_(
    select(_theirs.c.person_id).where(_theirs.c.nexus_id == bindparam("nexus_id"), *_active(_theirs))
)
_USERNAME = person.c.id.in_(select(account.c.person_id).where(func.lower(account.c.username) == bindparam("username")))
_PART = or_(person.c.folded.like(bindparam("part"), escape="\\"), _USERNAME)
_LIVING = person.c.merged_into.is_(None)
_COLUMNS = (person.c.id, person.c.name, person.c.folded)


def _statements(condition: Any) -> dict[str, Select[Any]]:
    return {
        # The shortest first: whoever is called exactly that is among them.
        "named": select(*_COLUMNS).where(condition, _LIVING, _PART).order_by(func.length(person.c.folded)).limit(100),
        "username": select(*_COLUMNS).where(condition, _LIVING, _USERNAME).limit(2),
        "id": select(*_COLUMNS).where(condition, _LIVING, person.c.id == bindparam("wanted")),
        "near": select(person.c.name).where(condition, _LIVING).limit(500),
    }


_STATEMENTS = {
    AudienceKind.PERSON: _statements(_KNOWN_TO_PERSON),
    AudienceKind.MEMBERS: _statements(_KNOWN_TO_MEMBERS),
}
_WORDS = N_("I know nobody called {name} here.")


def _reader(audience: Audience) -> dict[str, int]:
    if audience.kind is AudienceKind.PERSON:
        return {"reader": audience.person_id}
    return {"nexus_id": audience.nexus_id}


def may_know_person(unit: Unit, audience: Audience, person_id: int) -> bool:
    """Whether the audience may know of this person."""
    if audience.kind is AudienceKind.PUBLIC:
        return False
    return unit.row(_STATEMENTS[audience.kind]["id"], wanted=person_id, **_reader(audience)) is not None


def access_person(context: Context, words: str) -> Person:
    """The person that somebody named, among those that the audience may know of. Raises `NotFound`, `Ambiguous`.

    "me" and a frozen reference to oneself always work: nobody is a secret to themselves.
    """
    unit, audience = context.unit, context.audience
    number = frozen_id(words)
    me = context.actor.person_id
    if number is not None:
        try:
            found = person_of(unit, number)
        except LookupError:
            raise unknown(_WORDS, words, []) from None
        if found.id == me or may_know_person(unit, audience, found.id):
            return found
        raise unknown(_WORDS, words, [])
    bare = words.strip("\"'“”").removesuffix("'s").removesuffix("’s")
    name = fold(bare.removeprefix("@"))
    if name in _ME:
        return person_of(unit, me)
    if audience.kind is AudienceKind.PUBLIC:
        raise unknown(_WORDS, bare, [])
    statements, reader = _STATEMENTS[audience.kind], _reader(audience)
    username = bare.removeprefix("@").lower()
    if bare.startswith("@"):
        rows = unit.rows(statements["username"], username=username, **reader)
        if len(rows) == 1:
            return Person(rows[0]["id"], rows[0]["name"])
    rows = unit.rows(statements["named"], part=f"%{literal(name)}%", username=username, **reader) if name else []
    candidates = [(Person(row["id"], row["name"]), row["folded"]) for row in rows]
    chosen = best_named(name, candidates)
    if chosen is not None:
        return chosen
    by_username = [c for c, folded in candidates if name not in folded]
    if len(by_username) == 1:
        return by_username[0]
    raise unknown(_WORDS, bare, [row["name"] for row in unit.rows(statements["near"], **reader)])
