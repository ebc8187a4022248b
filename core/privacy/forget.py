"""Forgetting: everything about a person, or a part of it. What each table needs is in `declared`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select

from core.errors import N_, Conflict, NotFound
from core.nexuses.members import hold
from core.nexuses.roles import OWNER
from core.nexuses.tables import membership, nexus
from core.nexuses.tree import Nexus, nexus_of
from core.privacy import fates
from core.privacy.personal import by_person, follow, forget_all, forget_part
from core.privacy.whose import Whose, whose
from core.records.tables import record
from core.store import Unit

_owners = membership.alias("owners")
_MINE = (
    select(nexus.c.id)
    .join(membership, membership.c.nexus_id == nexus.c.id)
    .where(
        membership.c.person_id == bindparam("person"),
        membership.c.role == OWNER,
        membership.c.state == "active",
        nexus.c.state == "active",
    )
    .order_by(nexus.c.folded, nexus.c.id)
)
_OWNERS = (
    select(func.count())
    .select_from(_owners)
    .where(_owners.c.nexus_id == bindparam("nexus"), _owners.c.role == OWNER, _owners.c.state == "active")
)
_SUSPENDED = (
    select(nexus.c.name)
    .join(membership, membership.c.nexus_id == nexus.c.id)
    .where(by_person(membership), membership.c.state == "suspended")
    .distinct()
    .order_by(nexus.c.name)
)
_OF_KIND = (
    select(record.c.id, record.c.body)
    .where(by_person(record, "author_id"), record.c.kind == bindparam("which"))
    .order_by(record.c.id)
)
_BY_HANDLE = select(record.c.id, record.c.kind, record.c.body, record.c.handle).where(
    by_person(record, "author_id"), record.c.handle == bindparam("short")
)


def check_owned(unit: Unit, person_id: int) -> None:
    """Raise `Conflict` with the names of the Nexuses that would be left without an owner."""
    left: list[Nexus] = []
    for row in unit.rows(_MINE, person=person_id):
        found = nexus_of(unit, row["id"], lock=unit.writable)  # two owners who go at once must not both be let
        if unit.value(_OWNERS, nexus=row["id"]) <= 1:
            left.append(found)
    if left:
        names = ", ".join(one.name for one in left)
        raise Conflict(
            N_(
                "You are the only owner of {names}, and a Nexus needs one. Make somebody else owner first (“make Ben "
                "owner of {first}”), or close it (“archive {first}”). Then ask me again."
            ),
            code="last_owner",
            names=names,
            first=left[0].name,
        )


def suspended_in(unit: Unit, who: Whose) -> list[str]:
    """Names of the Nexuses in which somebody is suspended."""
    return [row["name"] for row in unit.rows(_SUSPENDED, people=list(who.people))]


def forget_everything(unit: Unit, person_id: int) -> Whose:
    """Leave of a person a number without a name. Returns who it was, for whom it concerns in this unit alone."""
    hold(unit, person_id)
    check_owned(unit, person_id)
    who = whose(unit, person_id)
    forget_all(unit, who)
    return who


def forget_talk(unit: Unit, person_id: int) -> None:
    """Forget what was said with a person, and nothing else."""
    forget_part(unit, whose(unit, person_id).only({}), "talk")


def entries_of(unit: Unit, who: Whose, kind: str) -> dict[int, str]:
    """Everything of one kind that somebody has, in whatever state: words by id."""
    return {row["id"]: row["body"] for row in unit.rows(_OF_KIND, people=list(who.people), which=kind)}


def entry_by_handle(unit: Unit, who: Whose, handle: str) -> tuple[int, str, str]:
    """One thing of somebody's own by its short name, in whatever state: (id, kind, words). Raises `NotFound`."""
    row = unit.row(_BY_HANDLE, people=list(who.people), short=handle)
    if row is None:
        raise NotFound(N_("I know nothing of yours called #{handle}."), handle=handle)
    return row["id"], row["kind"], row["body"]


def forget_entries(unit: Unit, who: Whose, entries: dict[int, str]) -> Sequence[int]:
    """Delete these records of somebody's, and what repeats them. Returns their ids."""
    fates.delete_records(unit, sorted(entries))
    follow(unit, who.only(entries))
    return sorted(entries)
