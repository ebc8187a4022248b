"""Policies as they are stored: one that holds for each Nexus and unit; those before it are kept as history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import RowMapping

from core.nexuses.tables import nexus_tree
from core.policies.tables import policy
from core.policies.terms import ANY, Said, Terms, for_unit, said_for
from core.store import Unit

DOLLAR = "$"

_CHAIN = (
    select(policy, nexus_tree.c.depth)
    .join(nexus_tree, nexus_tree.c.ancestor_id == policy.c.nexus_id)
    .where(nexus_tree.c.descendant_id == bindparam("nexus_id"), policy.c.ended_at.is_(None))
    .order_by(nexus_tree.c.depth, policy.c.unit)
)
_END = (
    update(policy)
    .where(policy.c.nexus_id == bindparam("where_"), policy.c.unit == bindparam("code"), policy.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
_ADD = insert(policy)


@dataclass(frozen=True, slots=True)
class Speaks:
    """What one Nexus on the way up says, by unit. `depth` 0 is the Nexus itself."""

    nexus_id: int
    depth: int
    said: dict[str, Said]


def chain(unit: Unit, nexus_id: int) -> Sequence[RowMapping]:
    """The policies that hold in a Nexus and above it, nearest first: nexus_id, unit, terms, depth, made_by, made_at."""
    return unit.rows(_CHAIN, nexus_id=nexus_id)


def levels(unit: Unit, nexus_id: int) -> list[Speaks]:
    """Who says what on the way up, nearest first; a Nexus that says nothing is left out."""
    found: dict[int, Speaks] = {}
    for row in chain(unit, nexus_id):
        if row["unit"] != DOLLAR:
            level = found.setdefault(row["nexus_id"], Speaks(row["nexus_id"], row["depth"], {}))
            level.said[row["unit"]] = Said.from_json(row["terms"])
    return list(found.values())


def terms_for(unit: Unit, nexus_id: int, code: str) -> Terms:
    """What holds for a unit in a Nexus."""
    return for_unit(code, [one.said for one in levels(unit, nexus_id)])


def scopes_for(unit: Unit, nexus_id: int, code: str) -> tuple[Terms, list[tuple[int, Terms]]]:
    """What holds for a unit in a Nexus; and each Nexus above that says something of its approvals, with that alone.

    What such a Nexus says counts for all below it together: a split over two of them is a split, too.
    """
    found = levels(unit, nexus_id)
    terms = for_unit(code, [one.said for one in found])
    above = [(one.nexus_id, said_for(code, one.said).approvals) for one in found if one.depth]
    return terms, [(there, Terms(approvals=steps)) for there, steps in above if steps is not None]


def said_here(unit: Unit, nexus_id: int, code: str) -> Said:
    """What this very Nexus says of a unit (or `ANY`) by itself."""
    here = next((one.said for one in levels(unit, nexus_id) if one.depth == 0), {})
    return here.get(code, Said())


def dollar_of(unit: Unit, nexus_id: int) -> str | None:
    """Which currency `$` is in a Nexus: what it, or the nearest above it, has said."""
    return next((str(row["terms"]["means"]) for row in chain(unit, nexus_id) if row["unit"] == DOLLAR), None)


def set_terms(unit: Unit, nexus_id: int, code: str, terms: dict[str, Any] | None, by: int) -> bool:
    """Put a policy in the place of the one of this Nexus and unit; None takes it away. False if there was none.

    `terms` is `Said` (or `Terms`) as JSON, of `$` {"means": "USD"}. Who may do it, and that the Nexus is locked, is
    the caller's business.
    """
    ended = unit.changed(_END, where_=nexus_id, code=code, now=unit.now) > 0
    if not terms:
        return ended
    unit.execute(
        _ADD,
        {
            "id": unit.new_id(),
            "nexus_id": nexus_id,
            "unit": code,
            "terms": terms,
            "made_by": by,
            "made_at": unit.now,
            "ended_at": None,
        },
    )
    return True


__all__ = [
    "ANY", "DOLLAR", "Speaks", "chain", "dollar_of", "levels", "said_here", "scopes_for", "set_terms", "terms_for",
]  # fmt: skip
