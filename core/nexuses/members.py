"""Who belongs to a Nexus, and with which standing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.engine import RowMapping

from core.errors import N_, Conflict
from core.nexuses.roles import INHERITED, OWNER, STANDING, standing
from core.nexuses.tables import membership, nexus, nexus_tree
from core.nexuses.tree import Nexus, nexus_of
from core.people.people import unset_here
from core.people.tables import person
from core.store import Unit

_ROLES_HERE = select(membership.c.role).where(
    membership.c.person_id == bindparam("person_id"),
    membership.c.nexus_id == bindparam("nexus_id"),
    membership.c.state == "active",
)
# Roles here, and those from above that hold for the whole subtree; in an archived Nexus nobody has any.
_ROLES_CHAIN = (
    select(membership.c.role, membership.c.nexus_id, nexus_tree.c.depth)
    .join(nexus_tree, nexus_tree.c.ancestor_id == membership.c.nexus_id)
    .join(nexus, nexus.c.id == nexus_tree.c.descendant_id)
    .where(
        nexus.c.state == "active",
        membership.c.person_id == bindparam("person_id"),
        nexus_tree.c.descendant_id == bindparam("nexus_id"),
        membership.c.state == "active",
    )
)
_SUSPENDED = select(membership.c.role).where(
    membership.c.person_id == bindparam("person_id"),
    membership.c.nexus_id == bindparam("nexus_id"),
    membership.c.state == "suspended",
)
_MINE = (
    select(nexus.c.id, nexus.c.name, nexus.c.slug, nexus.c.parent_id, membership.c.role)
    .join(membership, membership.c.nexus_id == nexus.c.id)
    .where(
        membership.c.person_id == bindparam("person_id"),
        membership.c.state == "active",
        nexus.c.state == "active",
    )
    .order_by(nexus.c.folded, nexus.c.id)
)
_MEMBERS = (
    select(person.c.id, person.c.name, membership.c.role)
    .join(person, person.c.id == membership.c.person_id)
    .where(membership.c.nexus_id == bindparam("nexus_id"), membership.c.state == "active")
    .order_by(person.c.folded, person.c.id)
)
_COUNTS = (
    select(membership.c.nexus_id, func.count(membership.c.person_id.distinct()).label("people"))
    .where(membership.c.nexus_id.in_(bindparam("nexus_ids", expanding=True)), membership.c.state == "active")
    .group_by(membership.c.nexus_id)
)
_HOLDERS = (
    select(membership.c.person_id)
    .join(nexus_tree, nexus_tree.c.ancestor_id == membership.c.nexus_id)
    .where(
        nexus_tree.c.descendant_id == bindparam("nexus_id"),
        membership.c.role.in_(["owner", "steward"]),
        membership.c.state == "active",
    )
    .order_by(nexus_tree.c.depth)
)
_OWNERS = (
    select(func.count())
    .select_from(membership)
    .where(membership.c.nexus_id == bindparam("nexus_id"), membership.c.role == OWNER, membership.c.state == "active")
)
_ADD = insert(membership)
_HAS = select(membership.c.state).where(
    membership.c.person_id == bindparam("person_id"),
    membership.c.nexus_id == bindparam("nexus_id"),
    membership.c.role == bindparam("role_"),
)
_REMOVE = delete(membership).where(
    membership.c.person_id == bindparam("person_id"),
    membership.c.nexus_id == bindparam("nexus_id"),
    membership.c.role == bindparam("role_"),
    membership.c.state == "active",
)
_SUSPEND = (
    update(membership)
    .where(membership.c.person_id == bindparam("person"), membership.c.nexus_id == bindparam("nexus"))
    .values(state="suspended")
)


def roles_here(unit: Unit, person_id: int, nexus_id: int) -> list[str]:
    """The active roles that a person holds in exactly this Nexus."""
    return [row["role"] for row in unit.rows(_ROLES_HERE, person_id=person_id, nexus_id=nexus_id)]


def standing_in(unit: Unit, person_id: int, nexus_id: int) -> tuple[int, str]:
    """A person's standing in a Nexus and the reason in a few words ("steward of 71…"); -1 for a stranger.

    Whoever is suspended in this very Nexus has no standing in it, except from a role held above.
    """
    best, why = -1, "no role"
    for row in unit.rows(_ROLES_CHAIN, person_id=person_id, nexus_id=nexus_id):
        if row["depth"] and row["role"] not in INHERITED:
            continue
        if STANDING[row["role"]] > best:
            best, why = STANDING[row["role"]], f"{row['role']} of {row['nexus_id']}"
    return best, why


def is_suspended(unit: Unit, person_id: int, nexus_id: int) -> bool:
    """Whether this person's membership in this Nexus is suspended."""
    return bool(unit.rows(_SUSPENDED, person_id=person_id, nexus_id=nexus_id))


def memberships_of(unit: Unit, person_id: int) -> Sequence[RowMapping]:
    """The active Nexuses that a person belongs to, one row per role: id, name, slug, parent_id, role."""
    return unit.rows(_MINE, person_id=person_id)


def members_of(unit: Unit, nexus_id: int) -> Sequence[RowMapping]:
    """Everyone in a Nexus, one row per role: id, name, role."""
    return unit.rows(_MEMBERS, nexus_id=nexus_id)


def count_members(unit: Unit, nexus_ids: Sequence[int]) -> dict[int, int]:
    """How many people are in each Nexus."""
    found = {row["nexus_id"]: row["people"] for row in unit.rows(_COUNTS, nexus_ids=nexus_ids)}
    return {nexus_id: found.get(nexus_id, 0) for nexus_id in nexus_ids}


def stewards_of(unit: Unit, nexus_id: int) -> list[int]:
    """Ids of those who decide for a Nexus: its own owners and stewards first, then those above."""
    return list(dict.fromkeys(row["person_id"] for row in unit.rows(_HOLDERS, nexus_id=nexus_id)))


def add_role(unit: Unit, person_id: int, nexus_id: int, role: str, *, granted_by: int) -> bool:
    """Give a role. False if the person has it already; raises `Conflict` if they are suspended there."""
    state = unit.value(_HAS, person_id=person_id, nexus_id=nexus_id, role_=role)
    if state == "active":
        return False
    if state == "suspended" or is_suspended(unit, person_id, nexus_id):
        raise Conflict(N_("That membership is suspended; a moderator has to lift that first."), code="suspended")
    unit.execute(
        _ADD,
        {
            "person_id": person_id,
            "nexus_id": nexus_id,
            "role": role,
            "state": "active",
            "granted_by": granted_by,
            "granted_at": unit.now,
        },
    )
    return True


def join(unit: Unit, person_id: int, nexus_id: int, role: str, *, granted_by: int) -> bool:
    """Make a person a member (or guest), and give the role on top. False if nothing was new."""
    base = "guest" if role == "guest" else "member"
    new = add_role(unit, person_id, nexus_id, base, granted_by=granted_by)
    if role not in ("guest", "member"):
        new = add_role(unit, person_id, nexus_id, role, granted_by=granted_by) or new
    return new


def remove_role(unit: Unit, person_id: int, nexus: Nexus, role: str) -> bool:
    """Take a role. False if the person did not have it; raises `Conflict` for the last owner."""
    if role == OWNER:
        nexus_of(unit, nexus.id, lock=True)  # two owners who revoke each other at once must not both succeed
        if OWNER in roles_here(unit, person_id, nexus.id) and unit.value(_OWNERS, nexus_id=nexus.id) <= 1:
            raise Conflict(
                N_("{name} needs at least one owner. Make somebody else owner first."),
                code="last_owner",
                name=nexus.name,
            )
    return unit.changed(_REMOVE, person_id=person_id, nexus_id=nexus.id, role_=role) == 1


def leave(unit: Unit, person_id: int, nexus: Nexus) -> bool:
    """Take all roles of a person in a Nexus, and their talk about it out of there. False if there were none."""
    held = roles_here(unit, person_id, nexus.id)
    for role in sorted(held, key=lambda r: -standing([r])):
        remove_role(unit, person_id, nexus, role)
    unset_here(unit, person_id, nexus.id)
    return bool(held)


def suspend(unit: Unit, person_id: int, nexus_id: int) -> None:
    """Suspend a person's membership: they count as no member until it is lifted."""
    unit.changed(_SUSPEND, person=person_id, nexus=nexus_id)
