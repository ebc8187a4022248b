"""Records that were handed out before: who may still hear of them, and whether they may go to a model's provider."""

from __future__ import annotations

from collections.abc import Collection

from core.access.records import Record, Trace, traces
from core.operations.context import Audience, AudienceKind
from core.providers.consents import decision_for, refusing
from core.rules.resolver import may_hear
from core.store import Unit


def still_heard(unit: Unit, audience: Audience, ids: Collection[int]) -> bool:
    """Whether all of these may be said to the audience now. What is removed or gone may not, but to its own author."""
    return len(those_heard(unit, audience, ids)) == len(set(ids))


def those_heard(unit: Unit, audience: Audience, ids: Collection[int]) -> set[int]:
    """The ids of those that may be said to the audience now."""
    return {row.id for row in traces(unit, ids) if _heard(unit, audience, row)}


def _heard(unit: Unit, audience: Audience, row: Trace) -> bool:
    if audience.kind is AudienceKind.PERSON and row.author_id == audience.person_id:
        return True  # "I removed that" names what is removed
    return row.state != "removed" and may_hear(unit, audience, row)


def those_sendable(unit: Unit, ids: Collection[int]) -> set[int]:
    """The ids of those whose Nexus and whose author let them go to the provider of the model."""
    return sendable(unit, traces(unit, ids))


def those_recallable(unit: Unit, audience: Audience, ids: Collection[int]) -> set[int]:
    """The ids of those that may be said to the audience now, and that may go to the provider of the model."""
    rows = traces(unit, ids)
    return {row.id for row in rows if _heard(unit, audience, row)} & sendable(unit, rows)


def sendable(unit: Unit, rows: Collection[Trace | Record]) -> set[int]:
    """The same as `those_sendable` for what is at hand already."""
    closed = {nexus_id for nexus_id in {row.nexus_id for row in rows} if not decision_for(unit, nexus_id).allowed}
    silent = refusing(unit, {row.author_id for row in rows})
    return {row.id for row in rows if row.nexus_id not in closed and row.author_id not in silent}
