"""What moderation needs done by the clock: sanctions whose time is over are ended, ban lists are followed, and
a month is told."""

from __future__ import annotations

from typing import Any

from bot.jobs.jobs import Periodic, Work, plan
from core.clock import DAY, MINUTE, SECOND
from core.moderation.cases import undo
from core.moderation.guards import monthly
from core.moderation.lists import reach
from core.store import Unit

LISTS = "ban lists"
LISTS_EVERY = 5 * MINUTE  # what changes is followed at once; this makes up for what a crash left undone
EVERY = 30 * SECOND  # how late a sanction may be lifted where the platform does not do it by itself


def end_sanctions(unit: Unit, payload: dict[str, Any]) -> None:
    """One batch. Where more is over, the rest is planned at once, so that no unit of work gets long."""
    if undo.sweep(unit):
        plan(unit, f"sanctions {unit.new_id()}", "sanctions", unit.now)


def send_reports(unit: Unit, payload: dict[str, Any]) -> None:
    """The report of a month that ended."""
    monthly.send(unit)


def follow_lists(unit: Unit, payload: dict[str, Any]) -> None:
    """What follows from other Nexuses' bans."""
    reach.sweep(unit)


WORKS: dict[str, Work] = {"sanctions": end_sanctions, "moderation month": send_reports, LISTS: follow_lists}
PERIODIC = (Periodic("sanctions", EVERY), Periodic("moderation month", DAY), Periodic(LISTS, LISTS_EVERY))
