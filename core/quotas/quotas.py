"""Counting against quotas. Limits are per calendar window (UTC), so that a count is one row and one update."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, delete

from core.clock import DAY
from core.errors import N_, LimitReached
from core.operations.fields import say_duration
from core.quotas.quota import CODE_GUESSES, GUEST_NEXUSES, GUEST_WRITES, Quota
from core.quotas.tables import quota_use
from core.store import Unit
from core.store.upsert import insert_into

__all__ = ["CODE_GUESSES", "GUEST_NEXUSES", "GUEST_WRITES", "Quota", "forget_old", "spend"]

_FORGET = delete(quota_use).where(quota_use.c.window < bindparam("before"))
_ROW = {"person_id": bindparam("p"), "what": bindparam("w"), "window": bindparam("start"), "used": 1}
_MORE: dict[str, Any] = {
    "index_elements": ["person_id", "what", "window"],
    "set_": {"used": quota_use.c.used + 1},
}


@cache
def _spend(postgres: bool) -> Executable:
    insert = insert_into(quota_use, postgres=postgres)
    return insert.values(_ROW).on_conflict_do_update(**_MORE).returning(quota_use.c.used)


def spend(unit: Unit, person_id: int, quota: Quota) -> None:
    """Count one use, or raise `LimitReached` with the time until the next window."""
    start = unit.now - unit.now % quota.window
    if unit.value(_spend(unit.postgres), p=person_id, w=quota.what, start=start) > quota.most:
        minutes = max((start + quota.window - unit.now) // 60_000, 1)
        raise LimitReached(
            N_("That is enough for now. Please try again in {wait}."), wait=say_duration(minutes * 60_000)
        )


def forget_old(unit: Unit) -> int:
    """Delete windows that ended long ago. Returns how many."""
    return unit.changed(_FORGET, before=unit.now - 30 * DAY)
