"""What moderation needs done by the clock: sanctions whose time is over are ended, and a month is told."""

from __future__ import annotations

from typing import Any

from bot.jobs.jobs import Periodic, Work, plan
from core.clock import DAY, SECOND
from core.moderation.cases import undo
from core.moderation.guards import monthly
from core.store import Unit

EVERY = 30 * SECOND  # how late a sanction may be lifted where the platform does not do it by itself


def end_sanctions(unit: Unit, payload: dict[str, Any]) -> None:
    """One batch. Where more is over, the rest is planned at once, so that no unit of work gets long."""
    if undo.sweep(unit):
        plan(unit, f"sanctions {unit.new_id()}", "sanctions", unit.now)


def send_reports(unit: Unit, payload: dict[str, Any]) -> None:
    """The report of a month that ended."""
    monthly.send(unit)


WORKS: dict[str, Work] = {"sanctions": end_sanctions, "moderation month": send_reports}
PERIODIC = (Periodic("sanctions", EVERY), Periodic("moderation month", DAY))
