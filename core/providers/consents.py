"""Who lets what they say go to the model's provider.

A Nexus decides for itself and for what is below it: the nearest one on the way up that has said yes (to this provider)
or no decides, and the operator's setting where none has. A person's own no stands wherever they write.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select

from core.providers.provider import provider_of
from core.providers.tables import provider_consent, provider_refusal
from core.store import Unit
from core.store.unit import Raw

_CHAIN = Raw(
    "SELECT c.nexus_id, c.allowed, c.host FROM nexus_tree t JOIN provider_consent c ON c.nexus_id = t.ancestor_id "
    "WHERE t.descendant_id = ? ORDER BY t.depth"
)
_DROP = delete(provider_consent).where(provider_consent.c.nexus_id == bindparam("nexus"))
_ADD = insert(provider_consent)
_REFUSAL = Raw("SELECT 1 FROM provider_refusal WHERE person_id = ?")
_REFUSING = select(provider_refusal.c.person_id).where(
    provider_refusal.c.person_id.in_(bindparam("people", expanding=True))
)
_REFUSE = insert(provider_refusal)
_LIFT = delete(provider_refusal).where(provider_refusal.c.person_id == bindparam("person"))


@dataclass(frozen=True, slots=True)
class Decision:
    """What holds for a Nexus, and which one on the way up said so (0: none, it is the operator's setting)."""

    allowed: bool
    nexus_id: int = 0


def decision_for(unit: Unit, nexus_id: int) -> Decision:
    """Whether what is said in a Nexus may go to this process's provider."""
    provider = provider_of(unit)
    for said_by, allowed, host in unit.fetch(_CHAIN, nexus_id):
        if not allowed:
            return Decision(False, said_by)
        if host == provider.host:
            return Decision(True, said_by)
    return Decision(not provider.each)


def person_refuses(unit: Unit, person_id: int) -> bool:
    """Whether a person wants nothing of what they write to go there."""
    return bool(unit.fetch(_REFUSAL, person_id))


def refusing(unit: Unit, people: Collection[int]) -> set[int]:
    """Those of the people who want nothing of what they write to go there."""
    if not people:
        return set()
    return {row["person_id"] for row in unit.rows(_REFUSING, people=list(people))}


def decide(unit: Unit, nexus_id: int, *, allowed: bool, by: int) -> None:
    """A Nexus says yes to this process's provider, or no to any."""
    unit.changed(_DROP, nexus=nexus_id)
    host = provider_of(unit).host if allowed else ""
    unit.execute(_ADD, {"nexus_id": nexus_id, "allowed": allowed, "host": host, "set_by": by, "set_at": unit.now})


def refuse(unit: Unit, person_id: int) -> None:
    """A person says no for themself."""
    unit.changed(_LIFT, person=person_id)
    unit.execute(_REFUSE, {"person_id": person_id, "set_at": unit.now})


def lift(unit: Unit, person_id: int) -> None:
    """A person takes their no back."""
    unit.changed(_LIFT, person=person_id)


def follow(unit: Unit, *, old: int, new: int) -> None:
    """Two people turn out to be one: the no of either stands."""
    if person_refuses(unit, old):
        refuse(unit, new)
        lift(unit, old)
