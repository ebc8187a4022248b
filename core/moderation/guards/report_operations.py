"""The monthly report, for everybody who is a member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from core.access.fields import NexusField
from core.access.nexuses import named_or_here
from core.errors import N_, BadInput
from core.moderation.guards import report, says
from core.moderation.guards.report import Figures
from core.nexuses.tree import Nexus
from core.operations.context import Context
from core.operations.declare import Who, operation
from core.operations.fields import Text


@dataclass(frozen=True, slots=True)
class ModerationReport:
    """A month of moderation in a Nexus."""

    nexus: str
    figures: Figures


@operation("guard.report", who=Who.MEMBER, says=says.REPORT)
def show_report(
    context: Context,
    month: Annotated[str, Text(N_("the month, such as 2026-11"), minimum=7, maximum=7, line=True)] = "",
    nexus: Annotated[Nexus | None, NexusField(N_("the Nexus"))] = None,
) -> ModerationReport:
    """Show what moderators and rules did in a month, how often they erred, how fast they answered.

    It names nobody.
    """
    month = month or report.month_of(context.now)
    try:
        report.bounds(month)
    except ValueError:
        raise BadInput(N_("I need a month such as 2026-11.")) from None
    where = named_or_here(context, nexus)
    return ModerationReport(where.name, report.figures(context.unit, where.id, month))


OPERATIONS = (show_report,)
