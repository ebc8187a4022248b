"""The daily job that deletes what was kept long enough, and tells people a week before what of theirs would go."""

from __future__ import annotations

from typing import Any

from bot.jobs.jobs import plan
from core.clock import DAY
from core.counts import counts
from core.notices import notices
from core.privacy import retention
from core.store import Unit

KIND = "retention"
EVERY = DAY


def retain(unit: Unit, payload: dict[str, Any]) -> None:
    """One batch. Where more is due, the rest is planned at once, so that no unit of work gets long."""
    if retention.sweep(unit):
        plan(unit, f"{KIND} {unit.new_id()}", KIND, unit.now)
        return
    retention.tidy(unit)
    notices.forget_old(unit)  # a notice repeats words of what it announces, and goes when that goes
    counts.forget_old(unit)
