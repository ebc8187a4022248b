"""A fresh store: its root Nexus, and the code with which its first owner claims it."""

from __future__ import annotations

import hmac

from sqlalchemy import bindparam, delete, insert, select, update

from core.errors import N_, NotFound
from core.ids import digest, new_code, read_code
from core.nexuses.members import join
from core.nexuses.roles import OWNER
from core.nexuses.tables import founding, nexus
from core.nexuses.tree import ROOT_ID, Nexus, add_nexus, nexus_of
from core.people.people import set_here
from core.rules.rules import apply_preset
from core.store import Unit

ROOT_NAME = "Home"
FIRST_PRESET = "members"  # what holds everywhere until somebody says otherwise
_ROOT = select(nexus.c.id).where(nexus.c.id == ROOT_ID)
_ROW = select(founding)
_ADD = insert(founding)
_RESET = delete(founding).where(founding.c.claimed_by.is_(None))
_CLAIM = (
    update(founding)
    .where(founding.c.claimed_by.is_(None), founding.c.digest == bindparam("d"))
    .values(claimed_by=bindparam("who"), claimed_at=bindparam("at"))
)


def found(unit: Unit, name: str = ROOT_NAME) -> str | None:
    """Make the root Nexus if it is not there. Returns a fresh claim code while nobody owns the store, else None.

    Each start makes a new code and forgets the last: it is shown on the operator's terminal only, stored as a hash.
    """
    if unit.value(_ROOT) is None:
        add_nexus(unit, name, parent_id=None, door="members", nexus_id=ROOT_ID)
        apply_preset(unit, ROOT_ID, FIRST_PRESET, by=0)
    row = unit.row(_ROW)
    if row is not None and row["claimed_by"] is not None:
        return None
    code = new_code()
    unit.execute(_RESET)
    unit.execute(_ADD, {"id": 1, "digest": digest(read_code(code)).hex(), "claimed_by": None, "claimed_at": None})
    return code


def found_once(unit: Unit, name: str = ROOT_NAME) -> str | None:
    """Like `found`, but a code that somebody was shown stays good: for one of several processes on one store."""
    return found(unit, name) if unit.row(_ROW) is None else None


def is_claimed(unit: Unit) -> bool:
    """Whether the store has an owner."""
    row = unit.row(_ROW)
    return row is not None and row["claimed_by"] is not None


def claim(unit: Unit, person_id: int, code: str) -> Nexus:
    """Make the person the first owner. One refusal for a wrong code and for a store that is owned."""
    row = unit.row(_ROW)
    given = digest(code).hex()
    if row is None or not hmac.compare_digest(row["digest"], given):
        raise NotFound(N_("That is not the code that the operator's terminal shows."), code="no_such_claim")
    if unit.changed(_CLAIM, d=given, who=person_id, at=unit.now) != 1:
        raise NotFound(N_("That is not the code that the operator's terminal shows."), code="no_such_claim")
    join(unit, person_id, ROOT_ID, OWNER, granted_by=person_id)
    set_here(unit, person_id, ROOT_ID)
    return nexus_of(unit, ROOT_ID)


def make_owner(unit: Unit, person_id: int, nexus_id: int) -> None:
    """Make whoever founded a Nexus its first owner."""
    join(unit, person_id, nexus_id, OWNER, granted_by=person_id)
