"""Who belongs to a Nexus, and with which standing.

A membership is given by a person, or comes from a role on a platform (`map_id`; see `core.places.mapped`). What is
given by hand outweighs what comes from a role. Whoever leaves, or loses a role by somebody's word, while roles of a
platform count there, stays out as far as those are concerned ("left") until a person lets them in again.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.engine import RowMapping

from core.errors import N_, Conflict
from core.nexuses.roles import GUEST, INHERITED, MAPPABLE, MEMBER, OWNER, STANDING, STEWARD
from core.nexuses.tables import membership, nexus, nexus_tree
from core.nexuses.tree import Nexus, nexus_of
from core.people.people import unset_here
from core.people.tables import person
from core.places.tables import role_map
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
        membership.c.role.in_(bindparam("roles", expanding=True)),
        membership.c.state == "active",
    )
    .order_by(nexus_tree.c.depth, membership.c.granted_at)
)
_OWNERS = (
    select(func.count())
    .select_from(membership)
    .where(membership.c.nexus_id == bindparam("nexus_id"), membership.c.role == OWNER, membership.c.state == "active")
)
_ADD = insert(membership)
_THIS = (
    membership.c.person_id == bindparam("person"),
    membership.c.nexus_id == bindparam("nexus"),
    membership.c.role == bindparam("which"),
)
_HAS = select(membership.c.state, membership.c.map_id).where(*_THIS)
_BY_HAND = _ROLES_HERE.where(membership.c.map_id.is_(None))
_REMOVE = delete(membership).where(*_THIS, membership.c.state == "active")
_GIVE_AGAIN = (
    update(membership)
    .where(*_THIS)
    .values(state="active", map_id=None, granted_by=bindparam("by"), granted_at=bindparam("at"))
)
_STAY_OUT = update(membership).where(*_THIS, membership.c.state == "active").values(state="left", map_id=None)
_MAPPED = select(role_map.c.id).where(role_map.c.nexus_id == bindparam("nexus")).limit(1)
_SUSPEND = (
    update(membership)
    .where(
        membership.c.person_id == bindparam("person"),
        membership.c.nexus_id == bindparam("nexus"),
        membership.c.state == "active",
    )
    .values(state="suspended")
)
_SUSPENDED_HERE = (
    membership.c.person_id == bindparam("person"),
    membership.c.nexus_id == bindparam("nexus"),
    membership.c.state == "suspended",
)
_LIFT_OUT = delete(membership).where(*_SUSPENDED_HERE, membership.c.granted_by == 0)
_LIFT = update(membership).where(*_SUSPENDED_HERE).values(state="active")
# What follows from a person's memberships is decided one at a time; rows may refer to the person meanwhile.
_HOLD = select(person.c.id).where(person.c.id == bindparam("person")).with_for_update(key_share=True)
_ALL_OF = select(membership).where(membership.c.person_id == bindparam("person"))
_SET = (
    update(membership)
    .where(*_THIS)
    .values(
        state=bindparam("new_state"),
        map_id=bindparam("new_map"),
        granted_by=bindparam("by"),
        granted_at=bindparam("at"),
    )
)
_DROP_ALL = delete(membership).where(membership.c.person_id == bindparam("person"))
_SUSPENDED_IN = (
    select(membership.c.nexus_id)
    .where(membership.c.person_id == bindparam("person"), membership.c.state == "suspended")
    .distinct()
)
_GO_ALONG = (
    update(membership)
    .where(
        membership.c.person_id == bindparam("person"),
        membership.c.map_id.is_not(None),
        membership.c.granted_by == bindparam("account"),
        membership.c.state == "active",
    )
    .values(person_id=bindparam("other"))
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
    return holders_of(unit, nexus_id, (OWNER, STEWARD))


def holders_of(unit: Unit, nexus_id: int, roles: Sequence[str]) -> list[int]:
    """Ids of those who hold one of these roles here, then of those who hold one above; longest first."""
    return list(dict.fromkeys(row["person_id"] for row in unit.rows(_HOLDERS, nexus_id=nexus_id, roles=list(roles))))


def hold(unit: Unit, person_id: int) -> None:
    """Nobody else decides about this person's memberships until the unit ends. Before anything is read for it."""
    unit.row(_HOLD, person=person_id)


def roles_by_hand(unit: Unit, person_id: int, nexus_id: int) -> list[str]:
    """The active roles in exactly this Nexus that a person gave, and no role of a platform."""
    return [row["role"] for row in unit.rows(_BY_HAND, person_id=person_id, nexus_id=nexus_id)]


def add_role(unit: Unit, person_id: int, nexus_id: int, role: str, *, granted_by: int) -> bool:
    """Give a role by hand. False if the person has it so already; raises `Conflict` if they are suspended there."""
    hold(unit, person_id)
    this = {"person": person_id, "nexus": nexus_id, "which": role}
    row = unit.row(_HAS, **this)
    if row is not None and row["state"] == "active" and row["map_id"] is None:
        return False
    if is_suspended(unit, person_id, nexus_id):
        raise Conflict(N_("That membership is suspended; a moderator has to lift that first."), code="suspended")
    if row is not None:
        unit.changed(_GIVE_AGAIN, **this, by=granted_by, at=unit.now)
        return True
    _add(unit, person_id, nexus_id, role, "active", granted_by)
    return True


def _add(unit: Unit, person_id: int, nexus_id: int, role: str, state: str, by: int) -> None:
    unit.execute(
        _ADD,
        {
            "person_id": person_id,
            "nexus_id": nexus_id,
            "role": role,
            "state": state,
            "granted_by": by,
            "granted_at": unit.now,
            "map_id": None,
        },
    )


def join(unit: Unit, person_id: int, nexus_id: int, role: str, *, granted_by: int) -> bool:
    """Make a person a member (or guest), and give the role on top. False if nothing was new."""
    base = "guest" if role == "guest" else "member"
    new = add_role(unit, person_id, nexus_id, base, granted_by=granted_by)
    if role not in ("guest", "member"):
        new = add_role(unit, person_id, nexus_id, role, granted_by=granted_by) or new
    return new


def remove_role(unit: Unit, person_id: int, nexus: Nexus, role: str) -> bool:
    """Take a role, also from what roles of a platform give. False if the person did not have it.

    Raises `Conflict` for the last owner.
    """
    hold(unit, person_id)
    if role == OWNER:
        _not_the_last(unit, person_id, nexus)
    stays = role in MAPPABLE and unit.value(_MAPPED, nexus=nexus.id) is not None
    return unit.changed(_STAY_OUT if stays else _REMOVE, person=person_id, nexus=nexus.id, which=role) == 1


def _not_the_last(unit: Unit, person_id: int, nexus: Nexus) -> None:
    nexus_of(unit, nexus.id, lock=True)  # two owners who revoke each other at once must not both succeed
    if OWNER in roles_here(unit, person_id, nexus.id) and unit.value(_OWNERS, nexus_id=nexus.id) <= 1:
        raise Conflict(
            N_("{name} needs at least one owner. Make somebody else owner first."),
            code="last_owner",
            name=nexus.name,
        )


def leave(unit: Unit, person_id: int, nexus: Nexus) -> bool:
    """Take all roles of a person in a Nexus, and their talk about it out of there. False if there were none."""
    hold(unit, person_id)
    held = roles_here(unit, person_id, nexus.id)
    if OWNER in held:
        _not_the_last(unit, person_id, nexus)
    for role in held:
        unit.changed(_REMOVE, person=person_id, nexus=nexus.id, which=role)
    mapped = bool(held) and unit.value(_MAPPED, nexus=nexus.id) is not None
    if mapped and unit.row(_HAS, person=person_id, nexus=nexus.id, which=MEMBER) is None:
        _add(unit, person_id, nexus.id, MEMBER, "left", person_id)
    unset_here(unit, person_id, nexus.id)
    return bool(held)


def suspend(unit: Unit, person_id: int, nexus_id: int) -> None:
    """Suspend a person's membership: they count as no member until it is lifted, whatever roles they have elsewhere."""
    hold(unit, person_id)
    unit.changed(_SUSPEND, person=person_id, nexus=nexus_id)


def keep_out(unit: Unit, person_id: int, nexus_id: int) -> None:
    """Suspend a person's membership; whoever has none cannot get one either until that is lifted."""
    suspend(unit, person_id, nexus_id)
    if not is_suspended(unit, person_id, nexus_id):
        # Beside what somebody left of their own: that has to stand there as it was when this is lifted.
        left = unit.row(_HAS, person=person_id, nexus=nexus_id, which=MEMBER) is not None
        _add(unit, person_id, nexus_id, GUEST if left else MEMBER, "suspended", 0)


def lift(unit: Unit, person_id: int, nexus_id: int) -> None:
    """End a suspension: they have the roles that they had before, or none if they only were kept out."""
    hold(unit, person_id)
    unit.changed(_LIFT_OUT, person=person_id, nexus=nexus_id)
    unit.changed(_LIFT, person=person_id, nexus=nexus_id)


def unite(unit: Unit, *, old: int, new: int) -> None:
    """Give all memberships of one person to another, who is the same: what was suspended for either stays suspended.

    For one role the stronger word counts: suspended, then given by hand, then by a platform's role, then left.
    """
    mine = {(row["nexus_id"], row["role"]): row for row in unit.rows(_ALL_OF, person=new)}
    for row in unit.rows(_ALL_OF, person=old):
        other = mine.get((row["nexus_id"], row["role"]))
        if other is None:
            unit.execute(_ADD, {**row, "person_id": new})
        elif _weight(row) > _weight(other):
            unit.changed(
                _SET,
                person=new,
                nexus=row["nexus_id"],
                which=row["role"],
                new_state=row["state"],
                new_map=row["map_id"],
                by=row["granted_by"],
                at=row["granted_at"],
            )
    unit.changed(_DROP_ALL, person=old)
    for row in unit.rows(_SUSPENDED_IN, person=new):
        unit.changed(_SUSPEND, person=new, nexus=row["nexus_id"])


def _weight(row: RowMapping) -> int:
    return {"suspended": 3, "active": 2 - (row["map_id"] is not None), "left": 0}[row["state"]]


def divide(unit: Unit, person_id: int, account_id: int, other: int) -> None:
    """An account gets a person of its own: what its roles on the platform gave goes along.

    So does what is suspended and what they are out of: being alone again is no way back in.
    """
    for row in unit.rows(_ALL_OF, person=person_id):
        if row["state"] != "active":
            unit.execute(_ADD, {**row, "person_id": other})
    unit.changed(_GO_ALONG, person=person_id, account=account_id, other=other)
