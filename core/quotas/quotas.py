"""Counting against quotas. Limits are per calendar window (UTC), so that a count is one row and one update."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from core.clock import DAY
from core.errors import N_, LimitReached
from core.operations.fields import show_duration
from core.quotas.quota import CODE_GUESSES, GUEST_NEXUSES, GUEST_WRITES, Quota
from core.quotas.tables import quota_use
from core.store import Unit

__all__ = ["CODE_GUESSES", "GUEST_NEXUSES", "GUEST_WRITES", "Quota", "forget_old", "spend"]

_BUMP = (
    update(quota_use)
    .where(
        quota_use.c.person_id == bindparam("p"),
        quota_use.c.what == bindparam("w"),
        quota_use.c.window == bindparam("start"),
    )
    .values(used=quota_use.c.used + 1)
)
_USED = select(quota_use.c.used).where(
    quota_use.c.person_id == bindparam("p"),
    quota_use.c.what == bindparam("w"),
    quota_use.c.window == bindparam("start"),
)
_FORGET = delete(quota_use).where(quota_use.c.window < bindparam("before"))
_ROW = {"person_id": bindparam("p"), "what": bindparam("w"), "window": bindparam("start"), "used": 0}
_FIRST = {
    False: sqlite_insert(quota_use).values(_ROW).on_conflict_do_nothing(),
    True: postgres_insert(quota_use).values(_ROW).on_conflict_do_nothing(),
}


def spend(unit: Unit, person_id: int, quota: Quota) -> None:
    """Count one use, or raise `LimitReached` with the time until the next window."""
    start = unit.now - unit.now % quota.window
    unit.execute(_FIRST[unit.postgres], {"p": person_id, "w": quota.what, "start": start})
    unit.changed(_BUMP, p=person_id, w=quota.what, start=start)
    if unit.value(_USED, p=person_id, w=quota.what, start=start) > quota.most:
        minutes = max((start + quota.window - unit.now) // 60_000, 1)
        raise LimitReached(
            N_("That is enough for now. Please try again in {wait}."), wait=show_duration(minutes * 60_000)
        )


def forget_old(unit: Unit) -> int:
    """Delete windows that ended long ago. Returns how many."""
    return unit.changed(_FORGET, before=unit.now - 30 * DAY)
