"""Reports, and grants that come again as drafts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from core.access.books import GrantField, called
from core.clock import DAY, show_day
from core.errors import N_
from core.grants import pay_says as says
from core.grants import recurring, reports
from core.grants.grants import Grant
from core.grants.propose_operations import amounts
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.declare import Confirm, operation
from core.operations.fields import Duration, Text, say_duration

GRANT = GrantField(N_("which grant"))


@dataclass(frozen=True, slots=True)
class Told:
    """A grant about which something was said. `every`: how often it comes again, "" for never; `until`: a day."""

    id: int
    handle: str
    nexus: str
    name: str
    amount: str
    source: str
    needed: int = 0
    until: str = ""
    every: str = ""


def _told(context: Context, grant: Grant) -> Told:
    return Told(
        grant.id,
        grant.handle,
        nexus_of(context.unit, grant.nexus_id).name,
        called(context.unit, context.audience, grant.recipient_id),
        amounts(grant.awards),
        grant.source,
        grant.needed,
        show_day(grant.expires_at) if grant.expires_at else "",
        say_duration(grant.every) if grant.every else "",
    )


def _reportable(context: Context, grant: Grant, text: str) -> Mapping[str, str]:
    reports.check_may_report(context, grant)
    return {"handle": grant.handle, "text": text}


@operation(
    "grant.report",
    writes=True,
    private=True,
    says=says.REPORT,
    preview=_reportable,
    asks=N_("Your report on #{handle}: “{text}”. Shall I hand it in?"),
    tells=N_("Thank you. Your report on #{handle} is in."),
)
def report(
    context: Context,
    grant: Annotated[Grant, GRANT],
    text: Annotated[str, Text(N_("what you would like to report"), maximum=4000)],
) -> Told:
    """Report on a grant that you received. Nobody owes a report unless it was agreed on."""
    return _told(context, reports.report(context, grant, text))


def _repeatable(context: Context, grant: Grant, every: int | None = None) -> Mapping[str, str]:
    recurring.check_repeatable(context, grant, every)
    if every is None:
        return {"question": N_("Stop drafting #{handle} again?").format(handle=grant.handle)}
    template = N_("Draft #{handle} again every {time}? It is only a draft each time: you send it, or you don't.")
    return {"question": template.format(handle=grant.handle, time=say_duration(every))}


@operation("grant.repeat", writes=True, private=True, says=says.REPEAT, preview=_repeatable, asks="{question}")
def repeat(
    context: Context,
    grant: Annotated[Grant, GRANT],
    every: Annotated[int | None, Duration(N_("how often it comes again"), minimum=DAY)] = None,
) -> Told:
    """Have a grant drafted again from time to time, or stop that. A draft pays nothing by itself."""
    return _told(context, recurring.repeat(context, grant, every))


def _sendable(context: Context, grant: Grant) -> Mapping[str, str]:
    made = recurring.check_sendable(context, grant)
    needs = {
        "fund": N_("It needs {count} approvals, not yours.").format(count=made.needed),
        "own": N_("It is your own, so nobody has to approve."),
        "mandate": N_("Your mandate covers it, so nobody has to approve."),
    }
    return {
        "amount": amounts(grant.awards),
        "name": called(context.unit, context.audience, grant.recipient_id),
        "nexus": made.where.name,
        "needs": needs[made.source],
    }


@operation(
    "grant.send",
    writes=True,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.SEND,
    preview=_sendable,
    asks=N_("Propose {amount} to {name} from *{nexus}*? {needs}"),
)
def send(context: Context, grant: Annotated[Grant, GRANT]) -> Told:
    """Propose a grant of which there is a draft, under what the Nexus asks for now."""
    return _told(context, recurring.send(context, grant))


OPERATIONS = (report, repeat, send)
