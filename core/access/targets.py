"""Whom a moderator means: an account on the platform where it is said, known to us or not.

A mention, the author of the message that is answered ("^", or nobody named), the platform's id of somebody who is not
there any more, or the name of somebody whom the audience may know. A person is made for an account that never spoke.
Whoever is kept out is a member no more; moderators still name whom a standing case of their Nexus is about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from core.access.names import best_named
from core.access.people import access_person, may_know_person, suggest_people
from core.errors import N_, BadInput, NotFound
from core.moderation.cases.tables import mod_case
from core.nexuses.members import standing_in
from core.operations.context import Context, Named, Origin
from core.operations.declare import Who
from core.operations.fields import Reference
from core.operations.fields.base import SUGGESTED, frozen_id
from core.people.people import Person, account_of, accounts_of, fold, known_speaker, person_of, speaker
from core.people.tables import account, person

ANSWERED = "^"
_WITH_CASES = (
    select(mod_case.c.person_id)
    .distinct()
    .join(person, person.c.id == mod_case.c.person_id)
    .join(account, account.c.person_id == person.c.id, isouter=True)
    .where(
        mod_case.c.nexus_id == bindparam("nexus_id"),
        or_(person.c.folded == bindparam("called"), func.lower(account.c.username) == bindparam("called")),
    )
)
_MENTION = re.compile(r"<@!?(\w+)(?:\|[^>]*)?>")
_ID = re.compile(r"\d{5,21}|[UW][A-Z0-9]{6,14}")  # as platforms show them to people
_NOBODY = N_("I don't see whom you mean by {name}. Mention them, answer their message, or give their id.")


@dataclass(frozen=True, slots=True)
class Target:
    """Whom something is done to. `account_id` is 0 where they have no account on this platform."""

    person_id: int
    name: str
    account_id: int
    external_id: str

    @property
    def id(self) -> int:
        """The person's."""
        return self.person_id


class TargetField(Reference):
    """Somebody whom a moderator acts on: by mention, "^" for the author of the answered message, id, or name."""

    kind = "target"

    def __init__(self, about: str, *, known: bool = False) -> None:
        """`known`: it is only looked for, and nobody is made for an account that never spoke."""
        super().__init__(about)
        self._known = known

    def resolve(self, value: Any, context: Context) -> Target:
        """See `Field.resolve`."""
        return access_target(context, value, known=self._known)

    def freeze(self, value: Any) -> str:
        """See `Field.freeze`."""
        return f"=@{value.account_id}" if value.account_id else f"={value.person_id}"

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        return suggest_people(context, typed, SUGGESTED)


def looks_like_one(word: str) -> bool:
    """Whether a typed word can only be somebody: a mention, the answered one, or an id. Pure."""
    return word == ANSWERED or word.startswith(("@", "=")) or bool(_MENTION.fullmatch(word) or _ID.fullmatch(word))


def access_target(context: Context, words: str, *, known: bool = False) -> Target:
    """Whom these words mean; `known`: among those whom we know. Raises `NotFound`, `Ambiguous`, `BadInput`."""
    if words == ANSWERED:
        answered = context.where.answered
        if answered is None or answered.author is None:
            raise BadInput(N_("Answer a message of theirs, mention them, or give their id."))
        return _of_account(context, answered.author, known)
    if words.startswith("=@"):
        return _frozen(context, words)
    mention = _MENTION.fullmatch(words)
    if mention:
        return _by_id(context, mention[1], known)
    if words.startswith("@"):
        folded = fold(words.removeprefix("@"))
        for named in context.where.named:
            if folded in (fold(named.username), fold(named.name)):
                return _of_account(context, named, known)
    if _ID.fullmatch(words):
        return _by_id(context, words, known)
    try:
        found = access_person(context, words)
    except NotFound:
        remembered = _by_case(context, words)
        if remembered is None:
            raise
        found = remembered
    for one in accounts_of(context.unit, found.id):
        if one["platform"] == context.where.platform:
            return Target(found.id, found.name, one["id"], one["external_id"])
    return Target(found.id, found.name, 0, "")


def _by_case(context: Context, words: str) -> Person | None:
    """Who is not here any more, and whom those who moderate know by a case: to let them back in, or read it."""
    unit, name = context.unit, fold(words.strip("\"'“”").removeprefix("@"))
    if standing_in(unit, context.actor.person_id, context.nexus_id)[0] >= Who.MODERATOR and not words.startswith("="):
        rows = unit.rows(_WITH_CASES, nexus_id=context.nexus_id, called=name)
        people = [person_of(unit, row["person_id"]) for row in rows]
        return best_named(name, [(one, name) for one in people if not one.forgotten])
    return None


def _frozen(context: Context, words: str) -> Target:
    number = frozen_id("=" + words.removeprefix("=@"))
    if number is not None:
        try:
            row = account_of(context.unit, number)
        except LookupError:
            raise NotFound(_NOBODY, name=words) from None
        person = person_of(context.unit, row["person_id"])
        known = person.id == context.actor.person_id or may_know_person(context.unit, context.audience, person.id)
        if known or context.origin is Origin.BUTTON:
            return Target(person.id, person.name, number, row["external_id"])
    raise NotFound(_NOBODY, name=words)


def _by_id(context: Context, external_id: str, known: bool) -> Target:
    for named in context.where.named:
        if named.external_id == external_id:
            return _of_account(context, named, known)
    return _of_account(context, Named(external_id, external_id, workspace=_workspace(context)), known)


def _workspace(context: Context) -> str:
    """The workspace in which ids of accounts count, "" where they count everywhere: as it is for who speaks."""
    return str(account_of(context.unit, context.actor.account_id)["workspace"]) if context.actor.account_id else ""


def _of_account(context: Context, named: Named, known: bool) -> Target:
    unit = context.unit
    whose: dict[str, Any] = {
        "platform": context.where.platform,
        "workspace": named.workspace,
        "external_id": named.external_id,
    }
    spoke = known_speaker(unit, **whose)
    if spoke is None:
        if known or not unit.writable:
            raise NotFound(_NOBODY, name=named.name)
        spoke = speaker(unit, **whose, name=named.name, username=named.username)
    person = person_of(unit, spoke.person_id)
    return Target(person.id, person.name, spoke.account_id, named.external_id)
