"""What the two people of an entry, or of a meeting, are told: in private, each with buttons of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.buttons.buttons import Choice, offer
from core.clock import DAY, show_day
from core.errors import N_
from core.hours.hours import Entry
from core.hours.meetings import Meeting
from core.notices.notices import notify
from core.people.people import person_of
from core.store import Unit

LIFETIME = 30 * DAY  # of the buttons; in words one can answer at any time
_GAVE = N_("{who} says they gave you {time} on {day}, for “{about}”. Is that right? It counts once you say so.")
_GOT = N_("{who} says you gave them {time} on {day}, for “{about}”. Is that right? It counts once you say so.")
_GAVE_STILL = N_(
    "This still waits for your word, and I won't ask again: {who} says they gave you {time} on {day}, for “{about}”. "
    "Is that right?"
)
_GOT_STILL = N_(
    "This still waits for your word, and I won't ask again: {who} says you gave them {time} on {day}, for “{about}”. "
    "Is that right?"
)


def tell(
    unit: Unit,
    person_id: int,
    template: str,
    data: dict[str, Any],
    choices: Sequence[Choice] = (),
    *,
    nexus_id: int,
) -> None:
    """Tell one person, unless they are nobody any more."""
    person = person_of(unit, person_id)
    if person.forgotten:
        return
    buttons = offer(unit, choices, person_id=person.id, nexus_id=nexus_id, lifetime=LIFETIME) if choices else ()
    notify(unit, person.id, template, data, buttons=buttons)


def words_for(unit: Unit, entry: Entry) -> dict[str, Any]:
    """What sentences about an entry are made of."""
    return {
        "time": str(entry.time),
        "day": show_day(entry.day),
        "about": entry.words,
        "handle": entry.handle,
        "giver": person_of(unit, entry.giver_id).name,
        "helped": person_of(unit, entry.helped_id).name,
    }


def ask_other(unit: Unit, entry: Entry, *, again: bool = False) -> None:
    """Put the card with the two answers before whoever has to say whether it is right."""
    helped = entry.other_id == entry.helped_id
    template = (_GAVE_STILL if helped else _GOT_STILL) if again else (_GAVE if helped else _GOT)
    reference = {"entry": f"={entry.id}"}
    choices = (
        Choice(N_("Confirm"), "hours.confirm", reference, "primary"),
        Choice(N_("That's not right"), "hours.dispute", reference, "danger"),
    )
    who = person_of(unit, entry.logged_by).name
    tell(unit, entry.other_id, template, {"who": who} | words_for(unit, entry), choices, nexus_id=entry.nexus_id)


def words_of(unit: Unit, found: Meeting) -> dict[str, Any]:
    """What sentences about a meeting are made of."""
    return {
        "when": found.name,
        "time": str(found.time),
        "handle": found.handle,
        "host": person_of(unit, found.host_id).name,
        "guest": person_of(unit, found.guest_id).name if found.guest_id else "",
    }


def cancel_choice(found: Meeting) -> Choice:
    """The button that calls a meeting off."""
    return Choice(N_("Cancel it"), "office.cancel", {"slot": f"={found.id}"}, "danger")


def ask_both(unit: Unit, found: Meeting) -> None:
    """After its end: did it take place? Whose press does what is said with the question."""
    reference = {"slot": f"={found.id}"}
    no = Choice(N_("It didn't"), "office.missed", reference, "danger")
    questions = (
        (
            found.guest_id,
            N_(
                "Your meeting with {host} ({when}) is over. Did it take place? Your yes counts {time} that {host} gave."
            ),
            Choice(N_("Yes, count it"), "office.kept", reference, "primary"),
        ),
        (
            found.host_id,
            N_("Your meeting with {guest} ({when}) is over. Did it take place? Then I ask {guest} to confirm {time}."),
            Choice(N_("Yes, it did"), "office.kept", reference, "primary"),
        ),
    )
    for person_id, question, yes in questions:
        tell(unit, person_id, question, words_of(unit, found), (yes, no), nexus_id=found.nexus_id)


def remind_both(unit: Unit, found: Meeting) -> None:
    """Shortly before it begins, once."""
    for person_id, template in (
        (found.guest_id, N_("Coming up: your meeting with {host}, {when}, {time}.")),
        (found.host_id, N_("Coming up: your meeting with {guest}, {when}, {time}.")),
    ):
        tell(unit, person_id, template, words_of(unit, found), (cancel_choice(found),), nexus_id=found.nexus_id)
