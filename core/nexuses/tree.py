"""Nexuses and their tree: finding, making, moving, archiving."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, insert, select, text, true, update
from sqlalchemy.engine import RowMapping

from core.errors import N_, Conflict
from core.ids import new_handle
from core.nexuses.tables import nexus, nexus_tree
from core.people.people import fold
from core.rules import masks
from core.store import Unit

ROOT_ID = 1  # the Nexus of the whole store
MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Nexus:
    """A Nexus as it is named and found."""

    id: int
    name: str
    slug: str
    door: str
    state: str
    parent_id: int | None
    version: int


NEXUS_COLUMNS = (
    nexus.c.id,
    nexus.c.name,
    nexus.c.slug,
    nexus.c.door,
    nexus.c.state,
    nexus.c.parent_id,
    nexus.c.version,
)
_BY_ID = select(*NEXUS_COLUMNS).where(nexus.c.id == bindparam("nexus_id"))
_LOCKED = _BY_ID.with_for_update(key_share=True)  # against changes, not against rows that refer to it
_BY_SLUG = select(*NEXUS_COLUMNS).where(nexus.c.slug == bindparam("slug"))
_CHILD = select(nexus.c.id).where(nexus.c.parent_id == bindparam("nexus_id"), nexus.c.state == "active").limit(1)
_CHAIN = (
    select(*NEXUS_COLUMNS, nexus_tree.c.depth)
    .join(nexus_tree, nexus_tree.c.ancestor_id == nexus.c.id)
    .where(nexus_tree.c.descendant_id == bindparam("nexus_id"))
    .order_by(nexus_tree.c.depth)
)
_BELOW = (
    select(nexus_tree.c.descendant_id)
    .join(nexus, nexus.c.id == nexus_tree.c.descendant_id)
    .where(nexus_tree.c.ancestor_id == bindparam("nexus_id"), nexus_tree.c.depth > 0, nexus.c.state == "active")
)
_IS_BELOW = select(nexus_tree.c.depth).where(
    nexus_tree.c.ancestor_id == bindparam("above"), nexus_tree.c.descendant_id == bindparam("below")
)
_ADD = insert(nexus)
_ADD_SELF = insert(nexus_tree).values(ancestor_id=bindparam("nexus_id"), descendant_id=bindparam("nexus_id"), depth=0)
_ADD_ABOVE = insert(nexus_tree).from_select(
    ["ancestor_id", "descendant_id", "depth"],
    select(nexus_tree.c.ancestor_id, bindparam("nexus_id", type_=nexus.c.id.type), nexus_tree.c.depth + 1).where(
        nexus_tree.c.descendant_id == bindparam("parent")
    ),
)
_SUBTREE = select(nexus_tree.c.descendant_id).where(nexus_tree.c.ancestor_id == bindparam("nexus_id"))
_CUT = delete(nexus_tree).where(nexus_tree.c.descendant_id.in_(_SUBTREE), nexus_tree.c.ancestor_id.not_in(_SUBTREE))
_above, _below = nexus_tree.alias("above"), nexus_tree.alias("below")
_PASTE = insert(nexus_tree).from_select(
    ["ancestor_id", "descendant_id", "depth"],
    select(_above.c.ancestor_id, _below.c.descendant_id, _above.c.depth + _below.c.depth + 1)
    .select_from(_above.join(_below, true()))  # each above with each below
    .where(_above.c.descendant_id == bindparam("parent"), _below.c.ancestor_id == bindparam("nexus_id")),
)
_CHANGE = update(nexus).where(nexus.c.id == bindparam("nexus_id"), nexus.c.version == bindparam("seen"))
_SET_PARENT = _CHANGE.values(parent_id=bindparam("parent"), version=nexus.c.version + 1)
_SET_STATE = _CHANGE.values(state=bindparam("new_state"), version=nexus.c.version + 1)
_SET_NAME = _CHANGE.values(name=bindparam("new_name"), folded=bindparam("new_folded"), version=nexus.c.version + 1)
# Moves change many closure rows from a picture of the tree; on PostgreSQL two at once could build a cycle, and what
# is made during a move could keep the old picture; making one only excludes moves.
_ONE_MOVE = text("SELECT pg_advisory_xact_lock(7310223)")
_NO_MOVE = text("SELECT pg_advisory_xact_lock_shared(7310223)")
_HEIGHT = select(func.max(nexus_tree.c.depth)).where(nexus_tree.c.ancestor_id == bindparam("nexus_id"))


def as_nexus(row: RowMapping) -> Nexus:
    """A row with `NEXUS_COLUMNS` as a Nexus."""
    return Nexus(row["id"], row["name"], row["slug"], row["door"], row["state"], row["parent_id"], row["version"])


def nexus_of(unit: Unit, nexus_id: int, *, lock: bool = False) -> Nexus:
    """The Nexus of an id; with `lock` held against changes until the unit ends. Raises LookupError."""
    row = unit.row(_LOCKED if lock else _BY_ID, nexus_id=nexus_id)
    if row is None:
        raise LookupError(f"no Nexus {nexus_id}")
    return as_nexus(row)


def nexus_by_slug(unit: Unit, slug: str) -> Nexus | None:
    """The Nexus of a slug."""
    row = unit.row(_BY_SLUG, slug=slug)
    return as_nexus(row) if row else None


def chain(unit: Unit, nexus_id: int) -> list[Nexus]:
    """The Nexus itself and all above it, nearest first."""
    return [as_nexus(row) for row in unit.rows(_CHAIN, nexus_id=nexus_id)]


def below(unit: Unit, nexus_id: int) -> Sequence[int]:
    """Ids of all active Nexuses below, at any depth."""
    return [row["descendant_id"] for row in unit.rows(_BELOW, nexus_id=nexus_id)]


def is_within(unit: Unit, nexus_id: int, above_id: int) -> bool:
    """Whether a Nexus is `above_id` or lies below it."""
    return unit.value(_IS_BELOW, above=above_id, below=nexus_id) is not None


def slug_for(unit: Unit, name: str) -> str:
    """A free slug made from a name: lower case letters, digits and dashes."""
    base = re.sub(r"[^a-z0-9]+", "-", fold(name))[:40].strip("-") or "nexus"
    slug = base
    while nexus_by_slug(unit, slug) is not None:
        slug = f"{base}-{new_handle(4)}"
    return slug


def add_nexus(unit: Unit, name: str, *, parent_id: int | None, door: str, nexus_id: int = 0) -> Nexus:
    """Add a Nexus below `parent_id` (None only for the root). Raises `Conflict` where it gets too deep or is closed."""
    if parent_id is not None:
        if unit.postgres:
            unit.execute(_NO_MOVE)
        _open_for(unit, nexus_of(unit, parent_id, lock=True), levels=1)
    made = Nexus(nexus_id or unit.new_id(), name, slug_for(unit, name), door, "active", parent_id, 1)
    unit.execute(
        _ADD,
        {
            "id": made.id,
            "parent_id": parent_id,
            "name": name,
            "folded": fold(name),
            "slug": made.slug,
            "door": door,
            "state": "active",
            "version": 1,
            "created_at": unit.now,
            "epoch": 0,
        },
    )
    unit.execute(_ADD_SELF, {"nexus_id": made.id})
    if parent_id is not None:
        unit.execute(_ADD_ABOVE, {"nexus_id": made.id, "parent": parent_id})
    masks.recompile(unit, made.id, moved=True)
    return made


def move(unit: Unit, moved: Nexus, parent: Nexus) -> None:
    """Put a Nexus with everything below it under another parent. Raises `Conflict` for a circle."""
    if unit.postgres:
        unit.execute(_ONE_MOVE)
    _open_for(unit, nexus_of(unit, parent.id, lock=True), levels=1 + int(unit.value(_HEIGHT, nexus_id=moved.id)))
    if is_within(unit, parent.id, moved.id):
        raise Conflict(N_("{name} cannot be inside itself."), name=moved.name)
    _change(unit, _SET_PARENT, moved, parent=parent.id)
    unit.changed(_CUT, nexus_id=moved.id)
    unit.execute(_PASTE, {"nexus_id": moved.id, "parent": parent.id})
    masks.recompile(unit, moved.id, moved=True)


def archive(unit: Unit, closed: Nexus) -> None:
    """Close a Nexus that has nothing active inside. Raises `Conflict` otherwise."""
    nexus_of(unit, closed.id, lock=True)  # nothing new comes in while we look
    if unit.value(_CHILD, nexus_id=closed.id) is not None:
        raise Conflict(N_("There is still something inside {name}. Move or archive that first."), name=closed.name)
    _change(unit, _SET_STATE, closed, new_state="archived")
    masks.touch(unit, closed.id)


def _open_for(unit: Unit, parent: Nexus, *, levels: int) -> None:
    """Check that `levels` more levels may go below `parent`, which the caller has locked."""
    if parent.state != "active":
        raise Conflict(N_("{name} is closed."), name=parent.name)
    if len(chain(unit, parent.id)) + levels > MAX_DEPTH:
        raise Conflict(N_("That would be more than {depth} levels deep, and no more fit."), depth=MAX_DEPTH)


def rename(unit: Unit, changed: Nexus, name: str) -> None:
    """Give another name; the slug stays, as links may carry it."""
    _change(unit, _SET_NAME, changed, new_name=name, new_folded=fold(name))


def _change(unit: Unit, statement: object, changed: Nexus, **values: object) -> None:
    if unit.changed(statement, nexus_id=changed.id, seen=changed.version, **values) != 1:  # type: ignore[arg-type]
        raise Conflict(N_("Somebody changed {name} at the same moment. Please look again."), name=changed.name)
