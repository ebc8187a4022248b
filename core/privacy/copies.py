"""Copies of the store that this program has made: how long each lasts, so that whoever is forgotten hears of it.

Whoever makes a copy, or finds one on the disk, writes it down here (`core.store.copies` has its name).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select

from core.privacy.tables import backup
from core.store import Unit
from core.store.upsert import insert_into

_ALL = select(backup).order_by(backup.c.expires_at, backup.c.name)
_LEFT = _ALL.where(backup.c.expires_at > bindparam("at"))
_DROP = delete(backup).where(backup.c.name == bindparam("called"))


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the store: the name of its file, when it was made, and when it is to go (ms)."""

    name: str
    made_at: int
    expires_at: int


def note(unit: Unit, copy: Copy) -> None:
    """Write down a copy, or what is known of it now."""
    row = {"name": copy.name, "made_at": copy.made_at, "expires_at": copy.expires_at}
    statement = insert_into(backup, postgres=unit.postgres).values(row)
    unit.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"expires_at": copy.expires_at}))


def drop(unit: Unit, name: str) -> None:
    """A copy is gone."""
    unit.changed(_DROP, called=name)


def all_copies(unit: Unit) -> Sequence[Copy]:
    """Every copy that is written down, also those whose day has come."""
    return [Copy(row["name"], row["made_at"], row["expires_at"]) for row in unit.rows(_ALL)]


def copies_left(unit: Unit) -> Sequence[Copy]:
    """The copies that last beyond now, the first to go first."""
    return [Copy(row["name"], row["made_at"], row["expires_at"]) for row in unit.rows(_LEFT, at=unit.now)]
