"""What moderation needs done by the clock: sanctions whose time is over are ended."""

from __future__ import annotations

from typing import Any

from bot.jobs.jobs import Periodic, Work, plan
from core.clock import SECOND
from core.moderation.cases import undo
from core.store import Unit

EVERY = 30 * SECOND  # how late a sanction may be lifted where the platform does not do it by itself


def end_sanctions(unit: Unit, payload: dict[str, Any]) -> None:
    """One batch. Where more is over, the rest is planned at once, so that no unit of work gets long."""
    if undo.sweep(unit):
        plan(unit, f"sanctions {unit.new_id()}", "sanctions", unit.now)


WORKS: dict[str, Work] = {"sanctions": end_sanctions}
PERIODIC = (Periodic("sanctions", EVERY),)
