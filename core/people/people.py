"""Finding and keeping people and their accounts."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from core.people.tables import account, person
from core.privacy.bans import put_back
from core.store import Unit
from core.store.unit import Raw
from core.text import clean_line

_NAMELESS = "Someone"
SEEN_EVERY = 60_000  # ms: how fresh `seen_at` is kept, so that not every message writes it


@dataclass(frozen=True, slots=True)
class Person:
    """A person as others may name them. `mentioned`: known to the caller only because this very message names them.

    `forgotten`: nobody any more; what is left is a number that others' entries point at.
    """

    id: int
    name: str
    mentioned: bool = field(default=False, compare=False)
    forgotten: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is behind a platform account at this moment."""

    person_id: int
    account_id: int
    name: str
    language: str
    here_id: int
    new: bool


_ACCOUNT = (
    select(
        account.c.id,
        account.c.person_id,
        account.c.name.label("account_name"),
        account.c.username,
        account.c.direct_place,
        account.c.seen_at,
        person.c.name,
        person.c.language,
        person.c.here_id,
    )
    .join(person, person.c.id == account.c.person_id)
    .where(
        account.c.platform == bindparam("platform"),
        account.c.workspace == bindparam("workspace"),
        account.c.external_id == bindparam("external_id"),
    )
)
_PERSON = select(person.c.id, person.c.name, person.c.merged_into, person.c.forgotten_at).where(
    person.c.id == bindparam("person_id")
)
_FORGOTTEN = Raw("SELECT 1 FROM person WHERE id = ? AND forgotten_at IS NOT NULL")
_ACCOUNTS_OF = select(account).where(account.c.person_id == bindparam("person_id")).order_by(account.c.created_at)
_ACCOUNT_BY_ID = select(account).where(account.c.id == bindparam("account_id"))
_SEEN = (
    update(account)
    .where(account.c.id == bindparam("account_id"))
    .values(
        name=bindparam("new_name"),
        username=bindparam("new_username"),
        direct_place=bindparam("new_direct"),
        seen_at=bindparam("at"),
    )
)
SHUT = "-"  # a direct place that is none: the platform refused to let us write there
_NO_DIRECT = (
    update(account)
    .where(
        account.c.platform == bindparam("on"),
        account.c.workspace == bindparam("in_workspace"),
        account.c.external_id == bindparam("called"),
    )
    .values(direct_place=SHUT)
)
_HERE = update(person).where(person.c.id == bindparam("person_id")).values(here_id=bindparam("nexus"))
_NOT_HERE = (
    update(person)
    .where(person.c.id == bindparam("person_id"), person.c.here_id == bindparam("nexus"))
    .values(here_id=0)
)
_NOBODY_HERE = update(person).where(person.c.here_id == bindparam("nexus")).values(here_id=bindparam("other"))
_HERE_OF = select(person.c.here_id).where(person.c.id == bindparam("person_id"))
_RENAME = (
    update(person)
    .where(person.c.id == bindparam("person_id"))
    .values(name=bindparam("new_name"), folded=bindparam("new_folded"))
)
_ADD_PERSON = insert(person)
_ADD_ACCOUNT = insert(account)

_MERGED_INTO = select(person.c.id).where(person.c.merged_into == bindparam("person_id")).order_by(person.c.id)


def fold(name: str) -> str:
    """A name as it is compared: case, accents and width do not matter."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def speaker(
    unit: Unit,
    *,
    platform: str,
    workspace: str,
    external_id: str,
    name: str,
    username: str = "",
    language: str = "",
    direct_place: str = "",
) -> Speaker:
    """The person behind a platform account; the first message makes a guest.

    `direct_place` is the chat in which the platform reaches them in private, when this message came from there.
    """
    name, username = clean_line(name), clean_line(username)
    row = unit.row(_ACCOUNT, platform=platform, workspace=workspace, external_id=external_id)
    if row is None:
        return _new_guest(unit, platform, workspace, external_id, name, username, language, direct_place)
    stale = unit.now - row["seen_at"] >= SEEN_EVERY
    again = row["direct_place"] == SHUT  # whoever speaks to us may have opened their direct chat since
    opened = again or (bool(direct_place) and row["direct_place"] != direct_place)
    changed = (row["account_name"], row["username"]) != (name, username) or opened
    if unit.writable and (stale or changed):
        if row["name"] in (_NAMELESS, external_id) and name not in ("", external_id):
            # Until now the platform had told no name: nobody is called by a number for ever.
            unit.changed(_RENAME, person_id=row["person_id"], new_name=name, new_folded=fold(name))
        if opened:
            unit.wake("notices")  # what waited for a way to this person can be told now
        unit.changed(
            _SEEN,
            account_id=row["id"],
            new_name=name,
            new_username=username,
            new_direct=direct_place or ("" if again else row["direct_place"]),
            at=unit.now,
        )
    return Speaker(row["person_id"], row["id"], row["name"], row["language"], row["here_id"], new=False)


def lost_direct(unit: Unit, platform: str, workspace: str, external_id: str) -> None:
    """The platform no longer lets us write to this account in private, until they write to us again."""
    unit.changed(_NO_DIRECT, on=platform, in_workspace=workspace, called=external_id)


def _new_guest(
    unit: Unit,
    platform: str,
    workspace: str,
    external_id: str,
    name: str,
    username: str,
    language: str,
    direct_place: str,
) -> Speaker:
    shown = name or username or _NAMELESS
    person_id, account_id = new_person(unit, shown, language), unit.new_id()
    unit.execute(
        _ADD_ACCOUNT,
        {
            "id": account_id,
            "person_id": person_id,
            "platform": platform,
            "workspace": workspace,
            "external_id": external_id,
            "name": name,
            "username": username,
            "direct_place": direct_place,
            "created_at": unit.now,
            "seen_at": unit.now,
        },
    )
    put_back(unit, person_id, platform, workspace, external_id)
    return Speaker(person_id, account_id, shown, language, 0, new=True)


def new_person(unit: Unit, name: str, language: str = "") -> int:
    """A new guest; returns their id."""
    person_id = unit.new_id()
    unit.execute(
        _ADD_PERSON,
        {
            "id": person_id,
            "name": name,
            "folded": fold(name),
            "language": language,
            "here_id": 0,
            "merged_into": None,
            "created_at": unit.now,
        },
    )
    return person_id


def known_speaker(unit: Unit, *, platform: str, workspace: str, external_id: str) -> Speaker | None:
    """Like `speaker`, without writing: None for an account that never spoke."""
    row = unit.row(_ACCOUNT, platform=platform, workspace=workspace, external_id=external_id)
    if row is None:
        return None
    return Speaker(row["person_id"], row["id"], row["name"], row["language"], row["here_id"], new=False)


def person_of(unit: Unit, person_id: int) -> Person:
    """The person of an id, following merges."""
    row = unit.row(_PERSON, person_id=person_id)
    while row is not None and row["merged_into"] is not None:
        row = unit.row(_PERSON, person_id=row["merged_into"])
    if row is None:
        raise LookupError(f"no person {person_id}")
    return Person(row["id"], row["name"], forgotten=row["forgotten_at"] is not None)


def is_forgotten(unit: Unit, person_id: int) -> bool:
    """Whether this number stands for somebody who had themselves forgotten."""
    return bool(unit.fetch(_FORGOTTEN, person_id))


def accounts_of(unit: Unit, person_id: int) -> list[dict[str, Any]]:
    """All accounts of a person, oldest first."""
    return [dict(row) for row in unit.rows(_ACCOUNTS_OF, person_id=person_id)]


def account_of(unit: Unit, account_id: int) -> dict[str, Any]:
    """One account's row."""
    row = unit.row(_ACCOUNT_BY_ID, account_id=account_id)
    if row is None:
        raise LookupError(f"no account {account_id}")
    return dict(row)


def set_here(unit: Unit, person_id: int, nexus_id: int) -> None:
    """Remember which Nexus this person's direct talk is about."""
    unit.changed(_HERE, person_id=person_id, nexus=nexus_id)


def unset_here(unit: Unit, person_id: int, nexus_id: int) -> None:
    """This person's direct talk is no longer about that Nexus, if it was."""
    unit.changed(_NOT_HERE, person_id=person_id, nexus=nexus_id)


def move_here(unit: Unit, nexus_id: int, other_id: int) -> None:
    """All direct talk about one Nexus is about another now."""
    unit.changed(_NOBODY_HERE, nexus=nexus_id, other=other_id)


def here_of(unit: Unit, person_id: int) -> int:
    """The Nexus that this person's direct talk is about; 0 if they never chose one."""
    return int(unit.value(_HERE_OF, person_id=person_id) or 0)


def rename(unit: Unit, person_id: int, name: str) -> None:
    """Give a person the name they want to be called."""
    unit.changed(_RENAME, person_id=person_id, new_name=name, new_folded=fold(name))


def numbers_of(unit: Unit, person_id: int) -> list[int]:
    """All row ids that stand for this person: their own first, then those of people who became part of them.

    Books keep the number that something was done under; so what is theirs is found by all of these.
    """
    found = [person_of(unit, person_id).id]
    for number in found:
        found += [row["id"] for row in unit.rows(_MERGED_INTO, person_id=number)]
    return found
