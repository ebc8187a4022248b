"""Who is on a list, and whom of them a Nexus knows.

On the list of a Nexus is whom a standing ban of it is about that it decided itself, whose time is not over and who was
not forgotten. A Nexus knows whom it has or had as a member, who reads or writes in its places, and whom a case of its
own is about. Nothing is told to it of anybody else but how many they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.engine import RowMapping

from core.moderation.cases.cases import FROM_LIST
from core.moderation.cases.tables import mod_case, mod_seen
from core.nexuses.tables import membership
from core.people.people import numbers_of, person_of
from core.people.tables import account, person
from core.places.tables import place, place_reader
from core.store import Unit

_AT_ONCE = 500  # ids in one statement

_ON = (
    select(
        mod_case.c.id,
        mod_case.c.number,
        mod_case.c.person_id,
        mod_case.c.account_id,
        mod_case.c.reason,
        mod_case.c.made_at,
        mod_case.c.until,
        person.c.merged_into,
        person.c.forgotten_at,
    )
    .join(person, person.c.id == mod_case.c.person_id)
    .where(
        mod_case.c.nexus_id == bindparam("source"),
        mod_case.c.kind == "ban",
        mod_case.c.state == "standing",
        mod_case.c.why.not_like(f"{FROM_LIST}%"),
        or_(mod_case.c.until.is_(None), mod_case.c.until > bindparam("now")),
    )
    .order_by(mod_case.c.id)
)
_ON_OF = _ON.where(mod_case.c.person_id.in_(bindparam("numbers", expanding=True)))
_PEOPLE: Any = bindparam("people", expanding=True)
_HERE: Any = bindparam("here")
_KNOWN = (
    select(membership.c.person_id).where(membership.c.nexus_id == _HERE, membership.c.person_id.in_(_PEOPLE)),
    select(mod_case.c.person_id).where(mod_case.c.nexus_id == _HERE, mod_case.c.person_id.in_(_PEOPLE)),
    select(account.c.person_id)
    .join(place_reader, place_reader.c.external_id == account.c.external_id)
    .join(
        place,
        and_(
            place.c.id == place_reader.c.place_id,
            place.c.platform == account.c.platform,
            or_(account.c.workspace == "", account.c.workspace == place.c.workspace),
        ),
    )
    .where(place.c.nexus_id == _HERE, account.c.person_id.in_(_PEOPLE)),
    select(account.c.person_id)
    .join(
        mod_seen,
        and_(
            mod_seen.c.platform == account.c.platform,
            mod_seen.c.account == account.c.external_id,
            or_(account.c.workspace == "", account.c.workspace == mod_seen.c.workspace),
        ),
    )
    .join(
        place,
        and_(
            place.c.platform == mod_seen.c.platform,
            place.c.workspace == mod_seen.c.workspace,
            place.c.external_id == mod_seen.c.place,
        ),
    )
    .where(place.c.nexus_id == _HERE, account.c.person_id.in_(_PEOPLE)),
)
_ACCOUNTS = select(account.c.platform, account.c.workspace, account.c.external_id).where(
    account.c.person_id.in_(_PEOPLE)
)


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody on a list, by the newest ban that it has of them. Times in ms since epoch; `until` None: for good."""

    person_id: int
    case_id: int
    number: int
    account_id: int | None
    reason: str
    since: int
    until: int | None


def on_list(unit: Unit, source_id: int) -> dict[int, Listed]:
    """Everybody on the list of a Nexus, by their id as it is now."""
    return _newest(unit, unit.rows(_ON, source=source_id, now=unit.now))


def listed(unit: Unit, source_id: int, person_id: int) -> Listed | None:
    """What the list of a Nexus has of somebody."""
    numbers = numbers_of(unit, person_id)
    return _newest(unit, unit.rows(_ON_OF, source=source_id, now=unit.now, numbers=numbers)).get(numbers[0])


def _newest(unit: Unit, rows: Sequence[RowMapping]) -> dict[int, Listed]:
    found: dict[int, Listed] = {}
    for row in rows:
        who, gone = row["person_id"], row["forgotten_at"] is not None
        if row["merged_into"] is not None:
            now = person_of(unit, row["merged_into"])
            who, gone = now.id, now.forgotten
        if not gone:
            found[who] = Listed(
                who, row["id"], row["number"], row["account_id"], row["reason"], row["made_at"], row["until"]
            )
    return found


def known_in(unit: Unit, nexus_id: int, people: Collection[int]) -> set[int]:
    """Those of the people whom a Nexus knows."""
    return {
        row["person_id"]
        for some in _some_of(people)
        for statement in _KNOWN
        for row in unit.rows(statement, here=nexus_id, people=some)
    }


def accounts_of_all(unit: Unit, people: Collection[int]) -> Iterator[tuple[str, str, str]]:
    """The accounts of people: (platform, workspace, external id)."""
    for some in _some_of(people):
        for row in unit.rows(_ACCOUNTS, people=some):
            yield row["platform"], row["workspace"], row["external_id"]


def _some_of(people: Collection[int]) -> Iterator[list[int]]:
    ids = sorted(people)
    return (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))
