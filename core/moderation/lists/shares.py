"""Which Nexus may follow whose ban list. Nobody may before its stewards have said so."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, or_, select

from core.moderation.lists.tables import ban_share
from core.nexuses.tables import nexus
from core.store import Unit
from core.store.upsert import insert_into

ANY = 0  # every Nexus of this store

_FOR = select(ban_share).where(
    ban_share.c.nexus_id == bindparam("source"), ban_share.c.reader_id.in_((ANY, bindparam("reader")))
)
_OF = select(ban_share).where(ban_share.c.nexus_id == bindparam("source")).order_by(ban_share.c.reader_id)
_OFFERED = (
    select(ban_share.c.nexus_id, nexus.c.name)
    .join(nexus, nexus.c.id == ban_share.c.nexus_id)
    .where(
        or_(ban_share.c.reader_id == ANY, ban_share.c.reader_id == bindparam("reader")),
        ban_share.c.nexus_id != bindparam("reader"),
        nexus.c.state == "active",
    )
    .distinct()
    .order_by(nexus.c.name, ban_share.c.nexus_id)
)
_DROP = delete(ban_share).where(ban_share.c.nexus_id == bindparam("source"), ban_share.c.reader_id == bindparam("to"))


@dataclass(frozen=True, slots=True)
class Share:
    """To whom a list is open (`reader_id`, `ANY` for all), and whether with the reasons."""

    reader_id: int
    reasons: bool


def share(unit: Unit, source_id: int, reader_id: int, *, reasons: bool, by_id: int) -> None:
    """Let a Nexus (`ANY`: every one) follow the bans of another."""
    values = {"reasons": reasons, "set_by": by_id, "set_at": unit.now}
    statement = insert_into(ban_share, postgres=unit.postgres).values(nexus_id=source_id, reader_id=reader_id, **values)
    unit.execute(statement.on_conflict_do_update(index_elements=["nexus_id", "reader_id"], set_=values))


def take_back(unit: Unit, source_id: int, reader_id: int) -> bool:
    """Let it no more. False if it might not before."""
    return unit.changed(_DROP, source=source_id, to=reader_id) == 1


def shares_of(unit: Unit, source_id: int) -> list[Share]:
    """To whom a Nexus opens its list."""
    return [Share(row["reader_id"], row["reasons"]) for row in unit.rows(_OF, source=source_id)]


def share_for(unit: Unit, source_id: int, reader_id: int) -> Share | None:
    """By which share a Nexus may follow another: what it was told by name outweighs what all are told. None: not."""
    rows = {row["reader_id"]: row for row in unit.rows(_FOR, source=source_id, reader=reader_id)}
    row = rows.get(reader_id) or rows.get(ANY)
    return None if row is None or source_id == reader_id else Share(row["reader_id"], row["reasons"])


def offered_to(unit: Unit, reader_id: int) -> list[tuple[int, str]]:
    """The Nexuses whose lists this one may follow: (id, name)."""
    return [(row["nexus_id"], row["name"]) for row in unit.rows(_OFFERED, reader=reader_id)]
