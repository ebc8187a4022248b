"""Hours to look at: one's own, somebody's, those of a grant or of a Nexus, and what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from core.access.books import GrantField, called, may_see_hours
from core.access.fields import NexusField, PersonField
from core.access.hours import may_see_entry
from core.access.nexuses import named_or_here
from core.clock import show_day
from core.errors import N_, NotAllowed
from core.grants.grants import Grant
from core.hours import hours, hours_says
from core.hours.hours import Entry
from core.hours.totals import Totals, totals
from core.ledger.units import TIME, Money
from core.nexuses.tree import Nexus
from core.operations.context import AudienceKind, Context
from core.operations.declare import operation
from core.people.people import Person

MOST_LINES = 30
_STATES = {
    "logged": N_("waits for a yes"),
    "confirmed": N_("counts"),
    "disputed": N_("said to be wrong"),
    "withdrawn": N_("taken back"),
}


@dataclass(frozen=True, slots=True)
class HoursLine:
    """Time that somebody gave somebody."""

    LINE: ClassVar[str] = "{day}: {giver} → {helped}, {time}, {text} (#{handle}, {state})"
    handle: str
    day: str
    giver: str
    helped: str
    time: str
    text: str
    state: str


@dataclass(frozen=True, slots=True)
class HoursList:
    """Hours, newest first, and what they add up to.

    `whose` is "mine", "person", "grant" or "nexus", `name` what that is called. Of people, `given` is what they gave to
    `helped` others, `got` and `money` what they were given; of a grant or Nexus `got` and `money` went to `people`.
    """

    whose: str
    name: str
    given: str
    helped: int
    got: str
    money: tuple[str, ...]
    people: int
    more: bool
    items: tuple[HoursLine, ...]


@operation("hours.list", says=hours_says.LIST)
def list_hours(
    context: Context,
    person: Annotated[Person | None, PersonField(N_("whose hours"))] = None,
    grant: Annotated[Grant | None, GrantField(N_("the grant"))] = None,
    nexus: Annotated[Nexus | None, NexusField(N_("the Nexus"))] = None,
) -> HoursList:
    """Hours that were given, and what they add up to: yours, somebody's, of a grant, or of a Nexus.

    Whoever may see the grants of a Nexus sees its hours that count. Your own you always see when we are alone.
    """
    unit, me = context.unit, context.actor.person_id
    if grant is not None:
        sums = totals(unit, grant_id=grant.id)
        return _listed(context, "grant", grant.name, sums, hours.entries_of_grant(unit, grant.id))
    if person is not None and person.id != me:
        where = named_or_here(context, nexus)
        _check_sees(context, where)
        sums = totals(unit, where.id, person.id)
        entries = hours.entries_concerning(unit, person.id, nexus_id=where.id)
        return _listed(context, "person", person.name, sums, entries)
    if nexus is not None and person is None:
        _check_sees(context, nexus)
        return _listed(context, "nexus", nexus.name, totals(unit, nexus.id), hours.entries_of_nexus(unit, nexus.id))
    alone = context.audience.kind is AudienceKind.PERSON
    if alone and nexus is None:
        return _listed(context, "mine", "", totals(unit, person=me), hours.entries_concerning(unit, me))
    where = named_or_here(context, nexus)
    if not alone:
        _check_sees(context, where)
    entries = hours.entries_concerning(unit, me, nexus_id=where.id)
    return _listed(context, "mine", where.name, totals(unit, where.id, me), entries)


def _check_sees(context: Context, where: Nexus) -> None:
    if may_see_hours(context.unit, context.audience, where.id):
        return
    if context.audience.kind is not AudienceKind.PERSON:
        raise NotAllowed(N_("I can't say that here. Ask me in a direct message."))
    raise NotAllowed(
        N_("The rules of {nexus} don't let you see what was given there. A steward of it could change that."),
        nexus=where.name,
    )


def _listed(context: Context, whose: str, name: str, sums: Totals, entries: Sequence[Entry]) -> HoursList:
    seen = [one for one in entries if one.state != "withdrawn" and may_see_entry(context.unit, context.audience, one)]
    return HoursList(
        whose=whose,
        name=name,
        given=str(Money(sums.worked, TIME)) if sums.worked else "",
        helped=sums.helped,
        got=str(Money(sums.minutes, TIME)) if sums.minutes else "",
        money=tuple(str(one) for one in sums.money),
        people=sums.people,
        more=len(seen) > MOST_LINES,
        items=tuple(_line(context, one) for one in seen[:MOST_LINES]),
    )


def _line(context: Context, entry: Entry) -> HoursLine:
    unit, audience = context.unit, context.audience
    return HoursLine(
        entry.handle,
        show_day(entry.day),
        called(unit, audience, entry.giver_id),
        called(unit, audience, entry.helped_id),
        str(entry.time),
        entry.words,
        N_("taken out of the books") if entry.undone else _STATES[entry.state],
    )


OPERATIONS = (list_hours,)
