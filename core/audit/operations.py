"""Looking at what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from core.access.fields import NexusField
from core.audit.stream import history
from core.clock import as_datetime
from core.errors import N_
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import Context
from core.operations.declare import Who, operation
from core.people.people import person_of


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that was done: when (UTC), by whom, what, and where from."""

    LINE: ClassVar[str] = "{when} {person}: {what}"
    when: str
    person: str
    what: str
    platform: str
    at: int


@dataclass(frozen=True, slots=True)
class History:
    """What was done in a Nexus, newest first."""

    nexus: str
    items: tuple[Happening, ...]


@operation(
    "audit.list",
    who=Who.STEWARD,
    private=True,
    says=("what happened here lately?", "show the history of {nexus}", "who did what?", "audit log", "recent changes"),
    tells=N_("Lately in {nexus}:"),
    empty=N_("Nothing has happened in {nexus} yet."),
)
def list_audit(context: Context, nexus: Annotated[Nexus | None, NexusField(N_("the Nexus"))] = None) -> History:
    """What was done in a Nexus lately, and by whom."""
    where = nexus or nexus_of(context.unit, context.nexus_id)
    rows = history(context.unit, where.id, 20)
    # Private doings (thoughts, accounts) are nobody else's business, stewards included.
    open_rows = [r for r in rows if r["operation"].split(".")[0] not in ("thought", "account")]
    return History(
        where.name,
        tuple(
            Happening(
                f"{as_datetime(r['at']):%-d %b %H:%M}",
                person_of(context.unit, r["person_id"]).name,
                r["operation"].replace(".", " "),
                r["platform"],
                r["at"],
            )
            for r in open_rows
        ),
    )


OPERATIONS = (list_audit,)
