"""Office hours as people meet them: offer times, look, book, cancel. `met_operations` has what comes afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from core.access.books import called
from core.access.fields import NexusField, PersonField
from core.access.hours import TimeField, bookable
from core.access.listeners import all_inside
from core.access.nexuses import named_or_here
from core.buttons.buttons import Choice
from core.clock import DAY, MINUTE
from core.errors import N_, BadInput, Conflict, NotAllowed
from core.hours import hours, meetings, office_says
from core.hours.meetings import Meeting
from core.hours.sweep import AHEAD
from core.hours.telling import cancel_choice, tell, words_of
from core.ledger.units import TIME, Money
from core.nexuses.members import hold, standing_in
from core.nexuses.tree import Nexus
from core.operations.context import AudienceKind, Context
from core.operations.declare import Who, operation
from core.operations.fields import Amount, Moment, Text, Whole, show_moment
from core.people.people import Person, person_of
from core.store import Unit

WEEK = 7 * DAY
MOST_LINES = 30
NEXUS = NexusField(N_("the Nexus"))
OPEN = TimeField(N_("which office hour"), mine=False)
MINE = TimeField(N_("which office hour of yours"), mine=True)
HALF_AN_HOUR = Money(30, TIME)


@dataclass(frozen=True, slots=True)
class Offered:
    """Times that were offered: the first of them, and how many there are, one a week."""

    handle: str
    nexus: str
    when: str
    time: str
    weeks: int


@dataclass(frozen=True, slots=True)
class OfficeHour:
    """One office hour after something was done about it; `outcome` is booked, open, cancelled, kept or missed.

    `counted`: hours came of it that count; `asked`: the guest has to confirm them first.
    """

    meeting_id: int
    handle: str
    when: str
    time: str
    host: str
    guest: str
    other: str
    outcome: str
    counted: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class TimeLine:
    """A time that can be booked, or one of the caller's own."""

    LINE: ClassVar[str] = "{when}, {time}: {host} {text} (#{handle})"
    handle: str
    when: str
    time: str
    host: str
    guest: str
    text: str
    state: str


@dataclass(frozen=True, slots=True)
class Times:
    """What can be booked in a Nexus, the next first; `mine` are the caller's own that are to come, for them alone."""

    nexus: str
    items: tuple[TimeLine, ...]
    mine: tuple[TimeLine, ...]


# --- offering


def _starts(starts_at: int, weeks: int) -> list[int]:
    return [starts_at + week * WEEK for week in range(weeks)]


def _check_free(unit: Unit, me: int, starts_at: int, ends_at: int, *, but: int = 0) -> None:
    """Raises `Conflict` if something else of theirs is at that time."""
    other = meetings.at_the_same_time(unit, me, starts_at, ends_at, but=but)
    if other is not None:
        raise Conflict(
            N_("You have something at that time already: {when}, {time} (#{handle})."),
            when=other.name,
            time=other.time,
            handle=other.handle,
        )


def _check_offer(context: Context, starts_at: int, length: Money, weeks: int, where: Nexus) -> None:
    unit, me = context.unit, context.actor.person_id
    if not 5 <= length.minor <= meetings.LONGEST:
        raise BadInput(N_("An office hour can be 5m to 8h long, not {length}."), length=length)
    for at in _starts(starts_at, weeks):
        _check_free(unit, me, at, at + length.minor * MINUTE)
    if meetings.offered(unit, me, where.id) + weeks > meetings.MOST_OPEN:
        raise Conflict(N_("That would be more than {most} times that you offer at once."), most=meetings.MOST_OPEN)


def _offer(
    context: Context,
    when: int,
    length: Money = HALF_AN_HOUR,
    about: str = "",
    times: int = 1,
    nexus: Nexus | None = None,
) -> Mapping[str, str]:
    where = named_or_here(context, nexus)
    _check_offer(context, when, length, times, where)
    template = (
        N_("Offer {length} to members of {nexus}: {when}{about}?")
        if times == 1
        else N_("Offer {length} to members of {nexus}, {times} times, once a week from {when}{about}?")
    )
    question = template.format(
        length=length,
        nexus=where.name,
        when=show_moment(when),
        times=times,
        about=N_(", for “{about}”").format(about=about) if about else "",
    )
    return {"question": question}


@operation(
    "office.offer",
    writes=True,
    who=Who.MEMBER,
    says=office_says.OFFER,
    preview=_offer,
    asks="{question}",
)
def offer(
    context: Context,
    when: Annotated[int, Moment(N_("when it starts"))],
    length: Annotated[Money, Amount(N_("how long it is"), money=False)] = HALF_AN_HOUR,
    about: Annotated[str, Text(N_("what one can come with"), maximum=200, line=True)] = "",
    times: Annotated[int, Whole(N_("for how many weeks, once a week"), maximum=26)] = 1,
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> Offered:
    """Offer office hours: a time that a member can book, once or every week.

    Times are UTC. Afterwards I ask you both whether you met; then the time counts as given.
    """
    unit, me = context.unit, context.actor.person_id
    where = named_or_here(context, nexus)
    hold(unit, me)
    _check_offer(context, when, length, times, where)
    made = [
        meetings.add(unit, nexus_id=where.id, host_id=me, starts_at=at, minutes=length.minor, words=about)
        for at in _starts(when, times)
    ]
    context.note(nexus=where.id, meeting_id=made[0].id, times=times)
    return Offered(made[0].handle, where.name, made[0].name, str(length), times)


# --- looking


@operation("office.list", who=Who.MEMBER, says=office_says.LIST)
def list_times(
    context: Context,
    person: Annotated[Person | None, PersonField(N_("whose office hours"))] = None,
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> Times:
    """Office hours that can be booked in a Nexus, and your own that are to come."""
    unit, me = context.unit, context.actor.person_id
    where = named_or_here(context, nexus)
    if not all_inside(context, where.id):
        raise NotAllowed(N_("I can't say that here. Ask me in a direct message."))
    found = [one for one in bookable(context, where.id) if person is None or one.host_id == person.id]
    alone = context.audience.kind is AudienceKind.PERSON
    mine = [one for one in meetings.meetings_of(unit, me) if _to_come(context, one)] if alone else []
    theirs = [one for one in mine if person is None or person.id in (one.host_id, one.guest_id)]
    own = {one.id for one in theirs}
    return Times(
        where.name,
        tuple(_line(context, one) for one in found if one.id not in own)[:MOST_LINES],
        tuple(_line(context, one) for one in sorted(theirs, key=lambda one: one.starts_at))[:MOST_LINES],
    )


def _to_come(context: Context, found: Meeting) -> bool:
    return found.state in ("open", "booked") and found.ends_at > context.now


def _line(context: Context, found: Meeting) -> TimeLine:
    return TimeLine(
        found.handle,
        found.name,
        str(found.time),
        called(context.unit, context.audience, found.host_id),
        called(context.unit, context.audience, found.guest_id) if found.guest_id else "",
        found.words,
        found.state,
    )


# --- booking


def _check_booking(context: Context, slot: Meeting) -> None:
    unit, me = context.unit, context.actor.person_id
    if slot.host_id == me:
        raise Conflict(N_("That is your own office hour: it is for others to book."))
    if slot.guest_id == me and slot.state == "booked":
        raise Conflict(N_("You have booked that already: {when}."), when=slot.name)
    if slot.state != "open":
        raise Conflict(N_("Somebody was faster: that time is taken. “Office hours” shows what is left."))
    if slot.starts_at <= context.now:
        raise Conflict(N_("That has begun already. “Office hours” shows what is to come."))
    if standing_in(unit, me, slot.nexus_id)[0] < Who.MEMBER:
        raise NotAllowed(N_("Office hours are for members of their Nexus, and you are not one of that."))
    hours.check_two_people(unit, slot.host_id, me)
    _check_free(unit, me, slot.starts_at, slot.ends_at, but=slot.id)


def _book(context: Context, slot: Meeting) -> Mapping[str, str]:
    _check_booking(context, slot)
    about = N_(", for “{about}”").format(about=slot.words) if slot.words else ""
    return {"host": person_of(context.unit, slot.host_id).name, "time": str(slot.time), "about": about}


def _cancel_it(context: Context, result: OfficeHour) -> Sequence[Choice]:
    return (Choice(N_("Cancel it"), "office.cancel", {"slot": f"={result.meeting_id}"}),)


@operation(
    "office.book",
    writes=True,
    who=Who.MEMBER,
    says=office_says.BOOK,
    preview=_book,
    asks=N_("Book {time} with {host}, {slot}{about}?"),
    follows=_cancel_it,
)
def book(context: Context, slot: Annotated[Meeting, OPEN]) -> OfficeHour:
    """Book an office hour that somebody offers. I tell them, and remind you both an hour before."""
    unit, me = context.unit, context.actor.person_id
    found = meetings.meeting_of(unit, slot.id, locked=True)
    for person_id in sorted({me, found.host_id}):
        hold(unit, person_id)
    _check_booking(context, found)
    meetings.book(unit, found, me, reminded=unit.now if found.starts_at - unit.now <= AHEAD else None)
    booked = meetings.meeting_of(unit, found.id)
    tell(
        unit,
        booked.host_id,
        N_("{guest} has booked your office hour: {when}, {time}."),
        words_of(unit, booked),
        (cancel_choice(booked),),
        nexus_id=booked.nexus_id,
    )
    return became(context, booked, "booked")


# --- cancelling


def _check_cancelling(context: Context, slot: Meeting) -> None:
    check_mine(context, slot)
    if slot.state not in ("open", "booked"):
        raise over_already(slot)
    if slot.state == "booked" and slot.starts_at <= context.now:
        raise Conflict(N_("That has begun already. Tell me afterwards whether you met."))


def check_mine(context: Context, slot: Meeting) -> None:
    # Also of an earlier guest: what became of it is no longer theirs to know.
    if context.actor.person_id not in (slot.host_id, slot.guest_id):
        raise Conflict(N_("That office hour is not yours (any more)."))


def over_already(slot: Meeting) -> Conflict:
    said = {
        "cancelled": N_("That was cancelled already."),
        "kept": N_("It was said already that you met ({when})."),
        "missed": N_("It was said already that it did not take place ({when})."),
        "open": N_("Nobody has booked that."),
    }
    return Conflict(said[slot.state], when=slot.name)


def _cancel(context: Context, slot: Meeting) -> Mapping[str, str]:
    _check_cancelling(context, slot)
    other = slot.other_than(context.actor.person_id)
    if not other:
        return {"question": N_("Take back your office hour, {when}?").format(when=slot.name)}
    question = N_("Cancel your meeting with {other}, {when}? I tell them.")
    return {"question": question.format(other=person_of(context.unit, other).name, when=slot.name)}


@operation(
    "office.cancel",
    writes=True,
    private=True,
    says=office_says.CANCEL,
    preview=_cancel,
    asks="{question}",
)
def cancel(context: Context, slot: Annotated[Meeting, MINE]) -> OfficeHour:
    """Cancel an office hour that you offer or have booked. The other one is told.

    If a guest cancels, others can book that time again.
    """
    unit, me = context.unit, context.actor.person_id
    found = meetings.meeting_of(unit, slot.id, locked=True)
    _check_cancelling(context, found)
    hosted = found.host_id == me
    if hosted:
        meetings.move(unit, found, "cancelled")
    else:
        meetings.reopen(unit, found)
    template = (
        N_("{host} can't make it: your meeting of {when} is cancelled.")
        if hosted
        else N_("{guest} can't make it: your office hour of {when} is free again.")
    )
    if found.guest_id:
        tell(unit, found.other_than(me), template, words_of(unit, found), nexus_id=found.nexus_id)
    return became(context, found, "cancelled" if hosted else "open")


def became(context: Context, found: Meeting, outcome: str, *, counted: bool = False, asked: bool = False) -> OfficeHour:
    context.note(nexus=found.nexus_id, meeting_id=found.id, outcome=outcome)
    said = words_of(context.unit, found)
    other = found.other_than(context.actor.person_id)
    return OfficeHour(
        found.id,
        found.handle,
        found.name,
        str(found.time),
        said["host"],
        said["guest"],
        person_of(context.unit, other).name if other else "",
        outcome,
        counted,
        asked,
    )


OPERATIONS = (offer, list_times, book, cancel)
