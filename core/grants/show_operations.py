"""Looking at one grant, and at several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from core.access.books import called, grants_concerning, grants_of_nexus, grants_to_decide
from core.access.fields import NexusField, PersonField
from core.access.nexuses import named_or_here
from core.buttons.buttons import Choice as Button
from core.errors import N_
from core.grants import conflicts
from core.grants import show_says as says
from core.grants.decide_operations import GRANT
from core.grants.grants import Grant, grant_of
from core.grants.page import Page, page_of, possible
from core.grants.propose_operations import amounts
from core.grants.states import State
from core.grants.telling import have_approved
from core.nexuses.tree import Nexus
from core.operations.context import AudienceKind, Context
from core.operations.declare import operation
from core.operations.fields import Choice
from core.people.people import Person

SHOWN = 20  # grants in a list


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A grant in a list."""

    LINE: ClassVar[str] = N_("#{handle} {amount} for {name}: {purpose} ({state})")
    id: int
    handle: str
    amount: str
    name: str
    purpose: str
    state: str


@dataclass(frozen=True, slots=True)
class Grants:
    """Several grants, newest first. `which`: mine, waiting or nexus; `more`: how many older ones there are."""

    nexus: str
    which: str
    items: tuple[GrantLine, ...]
    more: int


def _possible(context: Context, page: Page) -> Sequence[Button]:
    return possible(context, grant_of(context.unit, page.id))


@operation("grant.show", common=True, says=says.SHOW, follows=_possible)
def show(context: Context, grant: Annotated[Grant, GRANT]) -> Page:
    """A grant with all its figures: how it stands, who decided, what is paid, and what happened so far."""
    return page_of(context, grant)


@operation(
    "grant.list",
    says=says.LIST,
    tells=N_("Grants:"),
    empty=N_("There are no such grants that I may speak of here."),
)
def list_grants(
    context: Context,
    which: Annotated[
        str | None,
        Choice(
            N_("which ones: mine, waiting (for me), or nexus (all of the Nexus)"),
            ("mine", "waiting", "nexus"),
            also={
                "my": "mine",
                "my own": "mine",
                "for me": "mine",
                "all": "nexus",
                "here": "nexus",
                "pending": "waiting",
                "open": "waiting",
                "waiting for me": "waiting",
                "to approve": "waiting",
                "to decide": "waiting",
            },
        ),
    ] = None,
    state: Annotated[
        str | None, Choice(N_("how they stand"), tuple(State), also={"done": "completed", "open": "proposed"})
    ] = None,
    person: Annotated[Person | None, PersonField(N_("whom they are for"))] = None,
    nexus: Annotated[Nexus | None, NexusField(N_("the Nexus"))] = None,
) -> Grants:
    """Grants: yours, those that wait for you, or those of a Nexus.

    In our direct chat these are yours and what waits for you, unless you say otherwise; elsewhere those of the Nexus.
    """
    where = named_or_here(context, nexus)
    alone = context.audience.kind is AudienceKind.PERSON
    if which is None:
        which = "mine" if alone and nexus is None and person is None and state is None else "nexus"
    found = _found(context, which, where.id)
    fits = [
        one
        for one in found
        if (state is None or one.state == state)
        and (person is None or one.recipient_id == person.id)
        and (nexus is None or one.nexus_id == where.id)
    ]
    lines = tuple(
        GrantLine(
            one.id,
            one.handle,
            amounts(one.awards),
            called(context.unit, context.audience, one.recipient_id),
            one.name,
            one.state,
        )
        for one in fits[:SHOWN]
    )
    return Grants(where.name, which, lines, max(len(fits) - SHOWN, 0))


def _found(context: Context, which: str, nexus_id: int) -> list[Grant]:
    unit, audience, me = context.unit, context.audience, context.actor.person_id
    if which == "nexus":
        return grants_of_nexus(unit, audience, nexus_id)
    waiting = [
        *(one for one in grants_to_decide(unit, audience, me) if _waits_for(context, one)),
        *(
            one
            for one in grants_concerning(unit, audience, me)
            if one.recipient_id == me and one.state == State.APPROVED
        ),
    ]
    mine = grants_concerning(unit, audience, me) if which == "mine" else []
    return sorted({one.id: one for one in (*waiting, *mine)}.values(), key=lambda one: -one.id)


def _waits_for(context: Context, grant: Grant) -> bool:
    """Whether the actor may decide about it and has not."""
    unit, me = context.unit, context.actor.person_id
    interest = conflicts.interested(unit, grant)
    able = {one.person_id for one in conflicts.approvers(unit, grant.nexus_id, interest, conflicts.terms_of(grant))}
    return me in able and me not in have_approved(unit, grant)


OPERATIONS = (show, list_grants)
