"""Which people an audience may know of."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from core.access.names import best_named, literal, unknown
from core.errors import N_
from core.invites.tables import invite_request
from core.nexuses.roles import INHERITED, OWNER, STEWARD
from core.nexuses.tables import membership, nexus_tree
from core.operations.context import Audience, AudienceKind, Context, Origin
from core.operations.fields.base import frozen_id
from core.people.people import Person, fold, person_of
from core.people.tables import account, person
from core.store import Unit

_ME = frozenset({"me", "myself", "i", "mine", "my profile", "my page", "my own", "self"})
_mine, _theirs = membership.alias("mine"), membership.alias("theirs")
_listener = person.alias("listener")
_DECIDES = (OWNER, STEWARD)
_BY_MENTION = "=@"  # a frozen reference to somebody who was mentioned


def _active(table: Any) -> tuple[Any, ...]:
    return (table.c.state == "active", table.c.role != "guest")


def _known_to(reader: Any) -> ColumnElement[bool]:
    """Whom one person knows, whose id is `reader`.

    The reader; people in a Nexus that the reader is in or has a role above; people who ask to come into one for which
    the reader decides.
    """
    mine = (_mine.c.person_id == reader, _mine.c.state == "active")
    return or_(
        person.c.id == reader,
        select(_theirs.c.role)
        .join(nexus_tree, nexus_tree.c.descendant_id == _theirs.c.nexus_id)
        .join(_mine, _mine.c.nexus_id == nexus_tree.c.ancestor_id)
        .where(
            _theirs.c.person_id == person.c.id,
            _theirs.c.state == "active",
            or_(nexus_tree.c.depth == 0, _mine.c.role.in_(sorted(INHERITED))),
            *mine,
        )
        .correlate(person, _listener)
        .exists(),
        select(invite_request.c.id)
        .join(nexus_tree, nexus_tree.c.descendant_id == invite_request.c.nexus_id)
        .join(_mine, _mine.c.nexus_id == nexus_tree.c.ancestor_id)
        .where(
            invite_request.c.person_id == person.c.id,
            invite_request.c.state == "waiting",
            _mine.c.role.in_(_DECIDES),
            *mine,
        )
        .correlate(person, _listener)
        .exists(),
    )


_KNOWN_TO_PERSON = _known_to(bindparam("reader"))
# known to the first of those who listen, and to all others
_KNOWN_TO_PEOPLE = and_(
    _KNOWN_TO_PERSON,
    ~select(_listener.c.id)
    .where(_listener.c.id.in_(bindparam("readers", expanding=True)), ~_known_to(_listener.c.id))
    .correlate(person)
    .exists(),
)
_KNOWN_TO_MEMBERS = person.c.id.in_(
    select(_theirs.c.person_id).where(_theirs.c.nexus_id == bindparam("nexus_id"), *_active(_theirs))
)
_CALLED = select(account.c.person_id).where(func.lower(account.c.username) == bindparam("username"))
_USERNAME = person.c.id.in_(_CALLED)
_USERNAME_THERE = person.c.id.in_(_CALLED.where(account.c.platform == bindparam("platform")))
_PART = or_(person.c.folded.like(bindparam("part"), escape="\\"), _USERNAME)
_BEGINS = person.c.folded.like(bindparam("start"), escape="\\")
_INSIDE = person.c.folded.like(bindparam("part"), escape="\\")
_USERNAME_BEGINS = person.c.id.in_(
    select(account.c.person_id).where(
        account.c.platform == bindparam("platform"),
        func.lower(account.c.username).like(bindparam("called"), escape="\\"),
    )
)
_LIVING = person.c.merged_into.is_(None)
_COLUMNS = (person.c.id, person.c.name, person.c.folded)


def _statements(condition: Any) -> dict[str, Select[Any]]:
    return {
        # The shortest first: whoever is called exactly that is among them.
        "named": select(*_COLUMNS)
        .where(condition, _LIVING, _PART)
        .order_by(func.length(person.c.folded), person.c.folded, person.c.id)
        .limit(100),
        "username": select(*_COLUMNS).where(condition, _LIVING, _USERNAME).limit(2),
        "username there": select(*_COLUMNS).where(condition, _LIVING, _USERNAME_THERE).limit(2),
        "id": select(*_COLUMNS).where(condition, _LIVING, person.c.id == bindparam("wanted")),
        "near": select(person.c.name).where(condition, _LIVING).limit(500),
        "suggest": select(*_COLUMNS)
        .where(or_(condition, person.c.id == bindparam("me")), _LIVING, or_(_INSIDE, _USERNAME_BEGINS))
        .order_by(_BEGINS.desc(), person.c.folded, person.c.id)
        .limit(bindparam("most")),
    }


_STATEMENTS = {
    AudienceKind.PERSON: _statements(_KNOWN_TO_PERSON),
    AudienceKind.MEMBERS: _statements(_KNOWN_TO_MEMBERS),
    AudienceKind.PEOPLE: _statements(_KNOWN_TO_PEOPLE),
}
_ME_ALONE = select(*_COLUMNS).where(person.c.id == bindparam("me"), _INSIDE)
_USERNAMES = (
    select(account.c.person_id, account.c.username)
    .where(
        account.c.person_id.in_(bindparam("people", expanding=True)),
        account.c.platform == bindparam("platform"),
        account.c.username != "",
    )
    .order_by(account.c.created_at, account.c.id)
)
_WORDS = N_("I know nobody called {name} here.")


def _reader(audience: Audience) -> dict[str, Any]:
    if audience.kind is AudienceKind.PERSON:
        return {"reader": audience.person_id}
    if audience.kind is AudienceKind.PEOPLE:
        return {"reader": audience.people[0], "readers": audience.people[1:]}
    return {"nexus_id": audience.nexus_id}


def may_know_person(unit: Unit, audience: Audience, person_id: int) -> bool:
    """Whether the audience may know of this person."""
    if audience.anybody:
        return False
    return unit.row(_STATEMENTS[audience.kind]["id"], wanted=person_id, **_reader(audience)) is not None


def access_person(context: Context, words: str) -> Person:
    """The person that somebody named, among those that the audience may know of. Raises `NotFound`, `Ambiguous`.

    "me" and a frozen reference to oneself always work: nobody is a secret to themselves. Whom this message mentions
    is known by that, as far as their name; so is whom a card names that came of such a message.
    """
    unit, audience = context.unit, context.audience
    me = context.actor.person_id
    mention = words.startswith(_BY_MENTION)
    number = frozen_id("=" + words.removeprefix(_BY_MENTION) if mention else words)
    if number is not None:
        found = _anybody(unit, number)
        # Asked also where there is nobody: else it shows in what the store is asked.
        known = may_know_person(unit, audience, found.id if found is not None else number)
        if found is None:
            raise unknown(_WORDS, words, [])
        if found.id == me or known:
            return found
        if mention and (context.origin is Origin.BUTTON or found.id in _mentioned(context).values()):
            return Person(found.id, found.name, mentioned=True)  # the card that carries it has named them already
        raise unknown(_WORDS, words, [])
    bare = words.strip("\"'“”").removesuffix("'s").removesuffix("’s")
    name = fold(bare.removeprefix("@"))
    if bare.startswith("@") and name in _mentioned(context):
        found = person_of(unit, _mentioned(context)[name])
        return Person(found.id, found.name, mentioned=not (found.id == me or may_know_person(unit, audience, found.id)))
    if name in _ME:
        return person_of(unit, me)
    if audience.anybody:
        raise unknown(_WORDS, bare, [])
    statements, reader = _STATEMENTS[audience.kind], _reader(audience)
    username = bare.removeprefix("@").lower()
    if bare.startswith("@"):
        for which in ("username there", "username"):  # two platforms may have the same
            values = {"platform": context.where.platform} if which == "username there" else {}
            rows = unit.rows(statements[which], username=username, **values, **reader)
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


def _anybody(unit: Unit, person_id: int) -> Person | None:
    try:
        return person_of(unit, person_id)
    except LookupError:
        return None


def frozen(found: Person) -> str:
    """A reference that `access_person` turns into this person again."""
    return f"{_BY_MENTION}{found.id}" if found.mentioned else f"={found.id}"


def suggest_people(context: Context, typed: str, most: int) -> list[tuple[str, str]]:
    """(label, frozen reference) of people that the audience may know of and that are called like what was typed."""
    unit, audience = context.unit, context.audience
    part = fold(typed.strip("\"'“”").removeprefix("@"))
    values = {"start": f"{literal(part)}%", "part": f"%{literal(part)}%", "me": context.actor.person_id}
    platform = context.where.platform
    if audience.anybody:
        rows = unit.rows(_ME_ALONE, part=values["part"], me=values["me"])
    else:
        called = f"{literal(part)}%" if part else ""
        rows = unit.rows(
            _STATEMENTS[audience.kind]["suggest"],
            **values,
            **_reader(audience),
            called=called,
            platform=platform,
            most=most,
        )
    twice = {name for name, count in Counter(row["folded"] for row in rows).items() if count > 1}
    alike = [row["id"] for row in rows if row["folded"] in twice]
    usernames = {
        row["person_id"]: row["username"]
        for row in (unit.rows(_USERNAMES, people=alike, platform=platform) if alike else ())
    }
    return [
        (
            f"{row['name']} (@{usernames[row['id']]})"
            if row["id"] in usernames
            else f"{row['name']} (={row['id']})"
            if row["folded"] in twice
            else row["name"],
            f"={row['id']}",
        )
        for row in rows
    ]


def _mentioned(context: Context) -> dict[str, int]:
    """Who is meant by which @name in the message at hand, by folded name without the sign."""
    return dict(context.where.mentioned)
