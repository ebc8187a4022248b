"""Looking at what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from core.access.fields import NexusField
from core.access.nexuses import named_or_here
from core.audit import says
from core.audit.stream import history
from core.clock import show_time
from core.errors import N_
from core.nexuses.tree import Nexus
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
    says=says.LIST,
    tells=N_("Lately in {nexus}:"),
    empty=N_("Nothing has happened in {nexus} yet."),
)
def list_audit(context: Context, nexus: Annotated[Nexus | None, NexusField(N_("the Nexus"))] = None) -> History:
    """What was done in a Nexus lately, and by whom."""
    where = named_or_here(context, nexus)
    rows = history(context.unit, where.id, 20)
    names = {i: person_of(context.unit, i).name for i in {r["person_id"] for r in rows} if i}
    return History(
        where.name,
        tuple(
            Happening(
                show_time(r["at"]),
                names.get(r["person_id"], N_("the Cofounder")),
                r["operation"].replace(".", " "),
                r["platform"],
                r["at"],
            )
            for r in rows
        ),
    )


OPERATIONS = (list_audit,)
