"""After an office hour: did you meet? A guest's yes counts the time, a host's asks the guest; a no counts nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from core.clock import DAY
from core.errors import N_, Conflict
from core.hours import hours, meetings, office_says
from core.hours.hours import Entry
from core.hours.meeting_operations import MINE, OfficeHour, became, check_mine, over_already
from core.hours.meetings import Meeting
from core.hours.operations import tell_disputed
from core.hours.telling import ask_other, tell, words_for, words_of
from core.operations.context import Context
from core.operations.declare import Confirm, operation
from core.operations.fields import show_moment
from core.people.people import person_of


def _check_kept(context: Context, slot: Meeting) -> None:
    check_mine(context, slot)
    if slot.state == "booked" and context.now < slot.ends_at:
        raise Conflict(N_("That ends at {until}. Tell me afterwards."), until=show_moment(slot.ends_at))
    if slot.state == "kept" and slot.guest_id == context.actor.person_id:
        return  # the host said so first: now it is confirmed, if that has not happened
    if slot.state != "booked":
        raise over_already(slot)


def _kept(context: Context, slot: Meeting) -> Mapping[str, str]:
    _check_kept(context, slot)
    template = (
        N_("Did your meeting with {host}, {when}, take place? Your yes counts {time} that {host} gave you.")
        if slot.guest_id == context.actor.person_id
        else N_("Did your meeting with {guest}, {when}, take place? Then I ask {guest} to confirm {time}.")
    )
    return {"question": template.format(**words_of(context.unit, slot))}


@operation(
    "office.kept",
    writes=True,
    private=True,
    confirm=Confirm.ALWAYS,
    says=office_says.KEPT,
    preview=_kept,
    asks="{question}",
)
def kept(context: Context, slot: Annotated[Meeting, MINE]) -> OfficeHour:
    """Say that a meeting took place. The guest's yes counts its time; after the host's the guest is asked."""
    unit, me = context.unit, context.actor.person_id
    found = meetings.meeting_of(unit, slot.id, locked=True)
    _check_kept(context, found)
    entry = hours.entry_of_meeting(unit, found.id)
    if entry is None:
        meetings.move(unit, found, "kept")
        entry = _draft(context, found)
    if me == found.host_id:
        ask_other(unit, entry)
        return became(context, found, "kept", asked=True)
    hours.confirm(unit, entry, me)
    context.note(entry_id=entry.id, state="confirmed")
    tell(
        unit,
        found.host_id,
        N_("{who} says that you met on {day}: {time} from you count now. Thank you."),
        {"who": context.actor.name} | words_for(unit, entry),
        nexus_id=found.nexus_id,
    )
    return became(context, found, "kept", counted=True)


def _draft(context: Context, found: Meeting) -> Entry:
    """The hours of a meeting. They are the host's word, whoever says it first: the time was offered by them."""
    return hours.log(
        context.unit,
        nexus_id=found.nexus_id,
        giver_id=found.host_id,
        helped_id=found.guest_id,
        minutes=found.minutes,
        words=found.words or N_("office hour"),
        day=found.starts_at - found.starts_at % DAY,
        logged_by=found.host_id,
        meeting_id=found.id,
    )


def _check_missed(context: Context, slot: Meeting) -> None:
    check_mine(context, slot)
    if slot.state == "kept" and slot.guest_id == context.actor.person_id:
        return  # the host said otherwise: see what became of the hours
    if slot.state != "booked":
        raise over_already(slot)
    if context.now < slot.starts_at:
        raise Conflict(N_("That begins at {when}. You can cancel it."), when=slot.name)


def _missed(context: Context, slot: Meeting) -> Mapping[str, str]:
    _check_missed(context, slot)
    other = person_of(context.unit, slot.other_than(context.actor.person_id)).name
    question = N_("Say that your meeting with {other}, {when}, did not take place?")
    return {"question": question.format(other=other, when=slot.name)}


@operation(
    "office.missed",
    writes=True,
    private=True,
    says=office_says.MISSED,
    preview=_missed,
    asks="{question}",
)
def missed(context: Context, slot: Annotated[Meeting, MINE]) -> OfficeHour:
    """Say that a meeting did not take place. Nothing counts then."""
    unit, me = context.unit, context.actor.person_id
    found = meetings.meeting_of(unit, slot.id, locked=True)
    _check_missed(context, found)
    entry = hours.entry_of_meeting(unit, found.id)
    meetings.move(unit, found, "missed")
    if entry is not None:
        why = N_("It did not take place.")
        hours.dispute(unit, entry, me, why)
        tell_disputed(context, entry, why)
    else:
        tell(
            unit,
            found.other_than(me),
            N_("{who} says that your meeting of {when} did not take place. If it did, tell me: “I helped …”."),
            {"who": context.actor.name} | words_of(unit, found),
            nexus_id=found.nexus_id,
        )
    return became(context, found, "missed")


OPERATIONS = (kept, missed)
