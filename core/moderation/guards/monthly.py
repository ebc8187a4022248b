"""Sending the monthly report: on the first day of a month, to the stewards of every Nexus in which something happened.

They can pass it on; every member can ask for it at any time.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import bindparam, select, union

from core.clock import DAY
from core.errors import N_
from core.moderation.cases.tables import mod_case
from core.moderation.guards import report
from core.moderation.guards.tables import guard_hit
from core.nexuses.members import stewards_of
from core.nexuses.tree import nexus_of
from core.notices.notices import notify
from core.store import Unit

_WHERE = union(
    select(mod_case.c.nexus_id).where(
        mod_case.c.made_at >= bindparam("since"), mod_case.c.made_at < bindparam("before")
    ),
    select(guard_hit.c.nexus_id).where(guard_hit.c.at >= bindparam("since"), guard_hit.c.at < bindparam("before")),
)


def send(unit: Unit) -> int:
    """Tell stewards of the month that ended, if one ended today. Returns how many Nexuses that were.

    Whoever calls this calls it once a day.
    """
    if datetime.fromtimestamp(unit.now / 1000, UTC).day != 1:
        return 0
    month = report.month_of(unit.now - DAY)
    since, before = report.bounds(month)
    nexuses = [row["nexus_id"] for row in unit.rows(_WHERE, since=since, before=before)]
    for nexus_id in nexuses:
        nexus = nexus_of(unit, nexus_id)
        for steward in stewards_of(unit, nexus_id):
            notify(
                unit,
                steward,
                N_("Moderation in {nexus}: the month {month}. Every member may ask for it."),
                {"nexus": nexus.name, "month": month},
                card=("guard.report", {"month": month, "nexus": f"={nexus_id}"}),
            )
    return len(nexuses)
