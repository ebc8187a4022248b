"""Links between two Nexuses: proposed by one, accepted by the other, ended by either.

A link says nothing by itself: members of one become "linked members" of the other, of whom rules may say something.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, or_, select, update

from core.errors import N_, BadInput, Conflict
from core.rules.masks import bump
from core.rules.tables import nexus_link
from core.store import Unit


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it stands: `nexus_id` has proposed it to `other_id`. `state`: proposed, active or ended."""

    id: int
    nexus_id: int
    other_id: int
    state: str
    proposed_by: int
    decided_by: int | None
    at: int

    def beside(self, nexus_id: int) -> int:
        """The other of the two."""
        return self.other_id if nexus_id == self.nexus_id else self.nexus_id


_COLUMNS = (
    nexus_link.c.id,
    nexus_link.c.nexus_id,
    nexus_link.c.other_id,
    nexus_link.c.state,
    nexus_link.c.proposed_by,
    nexus_link.c.decided_by,
    nexus_link.c.at,
)
_BY_ID = select(*_COLUMNS).where(nexus_link.c.id == bindparam("link_id"))
_BETWEEN = select(*_COLUMNS).where(
    nexus_link.c.nexus_id.in_([bindparam("one"), bindparam("other")]),
    nexus_link.c.other_id.in_([bindparam("one"), bindparam("other")]),
)
_OF = (
    select(*_COLUMNS)
    .where(
        or_(nexus_link.c.nexus_id == bindparam("nexus"), nexus_link.c.other_id == bindparam("nexus")),
        nexus_link.c.state != "ended",
    )
    .order_by(nexus_link.c.at, nexus_link.c.id)
)
_ADD = insert(nexus_link)
_SET = (
    update(nexus_link)
    .where(nexus_link.c.id == bindparam("link_id"), nexus_link.c.state == bindparam("seen"))
    .values(state=bindparam("new_state"), decided_by=bindparam("who"), at=bindparam("now"), epoch=bindparam("number"))
)
_AGAIN = (
    update(nexus_link)
    .where(nexus_link.c.id == bindparam("link_id"))
    .values(
        nexus_id=bindparam("one"),
        other_id=bindparam("other"),
        state="proposed",
        proposed_by=bindparam("who"),
        decided_by=None,
        at=bindparam("now"),
        epoch=bindparam("number"),
    )
)


def link_of(unit: Unit, link_id: int) -> Link | None:
    """The link of an id."""
    row = unit.row(_BY_ID, link_id=link_id)
    return Link(**row) if row else None


def link_between(unit: Unit, one: int, other: int) -> Link | None:
    """The link between two Nexuses, in whatever state and whoever proposed it."""
    row = unit.row(_BETWEEN, one=one, other=other)
    return Link(**row) if row else None


def links_of(unit: Unit, nexus_id: int) -> Sequence[Link]:
    """The links of a Nexus that are proposed or active, oldest first."""
    return [Link(**row) for row in unit.rows(_OF, nexus=nexus_id)]


def propose(unit: Unit, nexus_id: int, other_id: int, *, by: int) -> int:
    """Propose a link. Returns its id. Raises `Conflict` where there is one or it waits for an answer."""
    if nexus_id == other_id:
        raise BadInput(N_("A Nexus cannot be linked with itself."))
    number = bump(unit)
    found = link_between(unit, nexus_id, other_id)
    if found is not None and found.state == "active":
        raise Conflict(N_("These two are linked already."))
    if found is not None and found.state == "proposed":
        raise Conflict(N_("That link is proposed already and waits for an answer."))
    if found is not None:
        unit.changed(_AGAIN, link_id=found.id, one=nexus_id, other=other_id, who=by, now=unit.now, number=number)
        return found.id
    link_id = unit.new_id()
    unit.execute(
        _ADD,
        {
            "id": link_id,
            "nexus_id": nexus_id,
            "other_id": other_id,
            "state": "proposed",
            "proposed_by": by,
            "decided_by": None,
            "at": unit.now,
            "epoch": number,
        },
    )
    return link_id


def accept(unit: Unit, link_id: int, *, by: int) -> None:
    """Accept a link that was proposed. Raises `Conflict` if it no longer is."""
    _set(unit, link_id, "proposed", "active", by)


def decline(unit: Unit, link_id: int, *, by: int) -> None:
    """Decline a link that was proposed, or take the proposal back. Raises `Conflict` if it no longer is one."""
    _set(unit, link_id, "proposed", "ended", by)


def end(unit: Unit, link_id: int, *, by: int) -> None:
    """End a link. Raises `Conflict` if it no longer is one."""
    _set(unit, link_id, "active", "ended", by)


def _set(unit: Unit, link_id: int, seen: str, state: str, by: int) -> None:
    number = bump(unit)
    if unit.changed(_SET, link_id=link_id, seen=seen, new_state=state, who=by, now=unit.now, number=number) != 1:
        raise Conflict(N_("That was already decided."))
