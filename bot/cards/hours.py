"""Hours, what they add up to, and office hours, as people read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.contract import Card, Reply
from bot.words import Words, how_many
from core.errors import N_
from core.hours.list_operations import HoursLine, HoursList
from core.hours.meeting_operations import Offered, OfficeHour, TimeLine, Times

_UTC = N_("Times are UTC.")


def _amounts(result: HoursList, words: Words) -> str:
    """“61h and 4,200.00 EUR”; empty for nothing."""
    parts = [part for part in (result.got, *result.money) if part]
    if len(parts) < 2:
        return "".join(parts)
    return words(N_("{first} and {last}"), first=", ".join(parts[:-1]), last=parts[-1])


def _sums(result: HoursList, words: Words) -> str:
    """What it adds up to, in one or two sentences; empty for nothing."""
    amounts = _amounts(result, words)
    if result.whose in ("nexus", "grant"):
        if not amounts:
            return ""
        return words(N_("Given so far: {amounts} to {people}."), amounts=amounts, people=how_many(result.people, words))
    mine = result.whose == "mine"
    said = []
    if result.given:
        helped = how_many(result.helped, words)
        template = N_("You gave {time} to {helped}.") if mine else N_("{name} gave {time} to {helped}.")
        said.append(words(template, time=result.given, helped=helped, name=result.name))
    if amounts:
        template = N_("You were given {amounts}.") if mine else N_("{name} was given {amounts}.")
        said.append(words(template, amounts=amounts, name=result.name))
    return " ".join(said)


def _line(line: HoursLine, words: Words) -> str:
    return words(
        N_("{day}: {giver} gave {helped} {time}, “{text}” (#{handle}, {state})"),
        day=line.day,
        giver=words(line.giver),
        helped=words(line.helped),
        time=line.time,
        text=line.text,
        handle=line.handle,
        state=words(line.state),
    )


_NOTHING = {
    "mine": N_("I know no hours of yours yet. Say “I helped Ana for 2h with the parser”, for example."),
    "person": N_("I know of no hours of {name} here."),
    "grant": N_("No hours belong to the grant “{name}” yet."),
    "nexus": N_("No hours count in {name} yet."),
}
_TITLES = {
    "mine": N_("Your hours"),
    "person": N_("Hours of {name}"),
    "grant": N_("Hours of the grant “{name}”"),
    "nexus": N_("Hours in {name}"),
}


def hours_list(result: HoursList, words: Words) -> Reply:
    """The sums first, then the newest of what they are made of."""
    sums = _sums(result, words)
    if not result.items and not sums:
        return Reply(words(_NOTHING[result.whose], name=result.name))
    lines = tuple(_line(one, words) for one in result.items)
    footer = words(N_("These are the newest.")) if result.more else ""
    return Reply(card=Card(title=words(_TITLES[result.whose], name=result.name), text=sums, lines=lines, footer=footer))


def _time_line(line: TimeLine, words: Words, *, mine: bool) -> str:
    about = f", “{line.text}”" if line.text else ""
    if not mine:
        template = N_("{when}, {time}: {host}{about} (#{handle})")
    elif line.guest:
        template = N_("{when}, {time}: {guest} with {host}{about} (#{handle})")
    else:
        template = N_("{when}, {time}: yours, still free{about} (#{handle})")
    return words(
        template,
        when=line.when,
        time=line.time,
        host=words(line.host),
        guest=words(line.guest),
        about=about,
        handle=line.handle,
    )


def times(result: Times, words: Words) -> Reply:
    """One's own first, then what can be booked."""
    lines = tuple(_time_line(one, words, mine=True) for one in result.mine)
    lines += tuple(_time_line(one, words, mine=False) for one in result.items)
    if not lines:
        text = N_(
            "There are no office hours in {nexus} at the moment. Say “offer office hours thursday 15:00” to begin."
        )
        return Reply(words(text, nexus=result.nexus))
    footer = words(_UTC)
    if result.items:
        footer += " " + words(N_("To book one, say “book #{handle}”."), handle=result.items[0].handle)
    return Reply(card=Card(title=words(N_("Office hours in {nexus}:"), nexus=result.nexus), lines=lines, footer=footer))


def offered(result: Offered, words: Words) -> Reply:
    """When it is, and that members can book it."""
    template = (
        N_("Offered: {when}, {time} (#{handle}). Members of {nexus} can book it, and I tell you.")
        if result.weeks == 1
        else N_("Offered: {weeks} times, once a week from {when}, {time} each. Members of {nexus} can book them.")
    )
    return Reply(
        words(
            template,
            when=result.when,
            time=result.time,
            handle=result.handle,
            nexus=result.nexus,
            weeks=result.weeks,
        )
    )


_OUTCOMES = {
    "booked": N_("Booked: {host}, {when}, {time} (#{handle}). I remind you both an hour before."),
    "open": N_("Cancelled: {when}. I've told {host}, and others can book that time again."),
    "cancelled": N_("Cancelled: {when}. I've told {other}."),
    "taken back": N_("Your office hour of {when} is taken back."),
    "counted": N_("Counted: {time} from {host} to {guest}. Thank you."),
    "asked": N_("Good. I've asked {guest} to confirm {time}; it counts then."),
    "missed": N_("All right: it did not take place, and nothing counts. I've told {other}."),
}


def office_hour(result: OfficeHour, words: Words) -> Reply:
    """What became of it, and what happens now."""
    outcome = result.outcome
    if outcome == "kept":
        outcome = "counted" if result.counted else "asked"
    elif outcome == "cancelled" and not result.other:
        outcome = "taken back"
    return Reply(
        words(
            _OUTCOMES[outcome],
            host=result.host,
            guest=result.guest,
            other=result.other,
            when=result.when,
            time=result.time,
            handle=result.handle,
        )
    )


RENDERERS: dict[str, Callable[[Any, Words], Reply]] = {
    "hours.list": hours_list,
    "office.list": times,
    "office.offer": offered,
    "office.book": office_hour,
    "office.cancel": office_hour,
    "office.kept": office_hour,
    "office.missed": office_hour,
}
