"""Closing up against a raid, and showing that one is a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from core.access.cases import CaseField
from core.buttons.buttons import Choice
from core.errors import N_, BadInput, Conflict, NotFound
from core.moderation.cases import decide, undo
from core.moderation.cases.cases import Case
from core.moderation.guards import raid_says, raids
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.declare import Who, operation
from core.operations.fields import show_moment
from core.people.people import numbers_of


@dataclass(frozen=True, slots=True)
class ClosedUp:
    """A Nexus that is closed up for a while; `until` as people read it."""

    case_id: int
    number: int
    nexus: str
    until: str


@dataclass(frozen=True, slots=True)
class Verified:
    """Somebody who showed that they are a person."""

    case_id: int
    nexus: str


def _undo(context: Context, result: ClosedUp) -> Sequence[Choice]:
    return [Choice(N_("Undo"), "undo", {"case": f"={result.case_id}"})]


def _to_begin(context: Context) -> dict[str, str]:
    _check(context)
    return {"nexus": nexus_of(context.unit, context.nexus_id).name}


def _check(context: Context) -> None:
    found = raids.standing(context.unit, context.nexus_id)
    if found is not None:
        raise Conflict(N_("{nexus} is closed up already."), nexus=nexus_of(context.unit, context.nexus_id).name)


@operation(
    "raid.begin",
    writes=True,
    who=Who.MODERATOR,
    says=raid_says.BEGIN,
    asks=N_("Close up {nexus} for a quarter of an hour? Newcomers only read, talk is slowed, invitations pause."),
    preview=_to_begin,
    follows=_undo,
)
def begin(context: Context) -> ClosedUp:
    """Close up against a raid: newcomers only read, talk is slow, invitations pause. It opens by itself."""
    _check(context)
    case = raids.begin(
        context.unit,
        context.nexus_id,
        decide.here_of(context),
        by_id=context.actor.person_id,
        why=decide.standing_of(context, context.nexus_id),
        reason=N_("a moderator closed up"),
        turn=context.key,
    )
    context.note(case_id=case.id)
    nexus = nexus_of(context.unit, case.nexus_id)
    return ClosedUp(case.id, case.number, nexus.name, show_moment(case.until) if case.until else "")


@operation("raid.verify", writes=True, internal=True, private=True)
def verify(context: Context, case: Annotated[Case, CaseField(N_("which case"))]) -> Verified:
    """Show that one is a person: whoever arrived during a raid may write."""
    mine = case.person_id is not None and case.person_id in numbers_of(context.unit, context.actor.person_id)
    if not mine or case.parent_id is None:
        raise NotFound(N_("That only works with the button that I sent for it."))
    if case.state != "standing":
        raise BadInput(N_("You can write already."))
    undo.end(context.unit, case, undo.Who(turn=context.key), N_("Showed that they are a person"))
    context.unit.wake("guards")  # what they write is not taken away any more
    context.note(case_id=case.id)
    return Verified(case.id, nexus_of(context.unit, case.nexus_id).name)


OPERATIONS = (begin, verify)
