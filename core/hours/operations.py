"""Hours as people meet them: log them, say whether they are right, take them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from core.access.books import GrantField, called
from core.access.fields import NexusField, PersonField
from core.access.hours import EntryField
from core.access.nexuses import named_or_here
from core.buttons.buttons import Choice
from core.clock import DAY, show_day
from core.errors import N_, BadInput, Missing, NotAllowed
from core.grants.grants import Grant, grant_of
from core.grants.states import LIVES
from core.hours import hours, hours_says
from core.hours.hours import Entry
from core.hours.telling import ask_other, tell, words_for
from core.ledger.units import Money
from core.nexuses.tree import Nexus
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Amount, Text
from core.operations.fields.past import Past
from core.people.people import Person, person_of

NEXUS = NexusField(N_("the Nexus"))
ENTRY = EntryField(N_("which hours"), own=False)
MINE = EntryField(N_("which hours that you logged"), own=True)
GRANT = GrantField(N_("the grant that they belong to"))


@dataclass(frozen=True, slots=True)
class Logged:
    """Hours that were logged and wait for the other one's word. `who` helped `whom`: names, or "you"."""

    entry_id: int
    handle: str
    time: str
    day: str
    who: str
    whom: str
    other: str
    text: str


@dataclass(frozen=True, slots=True)
class Decided:
    """Hours that were confirmed, said to be wrong, or taken back."""

    entry_id: int
    handle: str
    time: str
    day: str
    giver: str
    helped: str


# --- logging


@dataclass(frozen=True, slots=True)
class _Plan:
    giver: Person
    helped: Person
    day: int
    nexus_id: int
    grant: Grant | None


def _plan(
    context: Context,
    person: Person,
    by: Person | None,
    time: Money,
    day: int | None,
    grant: Grant | None,
    nexus: Nexus | None,
) -> _Plan:
    """Who gave whom what, when and where. Raises what stands against it."""
    unit, me = context.unit, context.actor.person_id
    giver = by if by is not None else person_of(unit, me)
    if by is None and person.id == me:
        raise Missing(N_("Who helped you?"), names=["by"])
    if me not in (giver.id, person.id):
        raise NotAllowed(
            N_("Hours are logged by one of the two. {giver} or {helped} could tell me."),
            giver=giver.name,
            helped=person.name,
        )
    if giver.forgotten or person.forgotten:
        raise BadInput(N_("There is nobody any more who could confirm that."))
    hours.check_two_people(unit, giver.id, person.id)
    hours.check_length(time)
    if grant is None:
        where = named_or_here(context, nexus).id
    else:
        where = grant.nexus_id
        _check_grant(context, grant, giver, person, nexus)
    return _Plan(giver, person, context.now - context.now % DAY if day is None else day, where, grant)


def _check_grant(context: Context, grant: Grant, giver: Person, helped: Person, nexus: Nexus | None) -> None:
    if nexus is not None and nexus.id != grant.nexus_id:
        raise BadInput(N_("That grant is of another Nexus than {nexus}."), nexus=nexus.name)
    if grant.recipient_id != helped.id:
        raise BadInput(N_("That grant is not for {name}, so these hours can't belong to it."), name=helped.name)
    if grant.state not in LIVES:
        raise BadInput(N_("That grant is {state}. Hours can belong to one that is accepted."), state=grant.state)
    if grant.source == "own" and grant.time is not None and grant.giver_id != giver.id:
        raise BadInput(
            N_("The time of that grant was promised by {name}. Log these hours without the grant, please."),
            name=called(context.unit, context.audience, grant.giver_id),
        )


def _to_log(
    context: Context,
    person: Person,
    time: Money,
    about: str,
    by: Person | None = None,
    day: int | None = None,
    grant: Grant | None = None,
    nexus: Nexus | None = None,
) -> Mapping[str, str]:
    plan = _plan(context, person, by, time, day, grant, nexus)
    mine = plan.giver.id == context.actor.person_id
    template = (
        N_("Log {time} that you gave {helped} on {day}, for “{about}”{grant}? {helped} has to confirm it.")
        if mine
        else N_("Log {time} that {giver} gave you on {day}, for “{about}”{grant}? {giver} has to confirm it.")
    )
    of_grant = N_(", as part of the grant “{name}”").format(name=grant.name) if grant is not None else ""
    return {
        "question": template.format(
            time=time,
            giver=plan.giver.name,
            helped=plan.helped.name,
            day=show_day(plan.day),
            about=about,
            grant=of_grant,
        )
    }


def _take_back(context: Context, result: Logged) -> Sequence[Choice]:
    return (Choice(N_("Take it back"), "hours.withdraw", {"entry": f"={result.entry_id}"}),)


@operation(
    "hours.log",
    writes=True,
    who=Who.MEMBER,
    common=True,
    says=hours_says.LOG,
    preview=_to_log,
    asks="{question}",
    tells=N_("Logged as #{handle}: {time} from {who} to {whom} on {day}. I've asked {other} whether that is right."),
    follows=_take_back,
)
def log(
    context: Context,
    person: Annotated[Person, PersonField(N_("who was helped"))],
    time: Annotated[Money, Amount(N_("how long it was"), money=False)],
    about: Annotated[str, Text(N_("what it was about"), minimum=2, maximum=300, line=True)],
    by: Annotated[Person | None, PersonField(N_("who helped, if it was not you"))] = None,
    day: Annotated[int | None, Past(N_("the day"))] = None,
    grant: Annotated[Grant | None, GRANT] = None,
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> Logged:
    """Log time that you gave somebody, or that somebody gave you.

    It counts once the other one has confirmed it. Say “I helped Ana for 2h with the parser”, or “Tom helped me for
    1h30”. Time never becomes money.
    """
    unit, me = context.unit, context.actor.person_id
    plan = _plan(context, person, by, time, day, grant, nexus)
    if plan.grant is not None:
        locked = grant_of(unit, plan.grant.id, locked=True)
        _check_grant(context, locked, plan.giver, plan.helped, nexus)
    entry = hours.log(
        unit,
        nexus_id=plan.nexus_id,
        giver_id=plan.giver.id,
        helped_id=plan.helped.id,
        minutes=time.minor,
        words=about,
        day=plan.day,
        logged_by=me,
        grant_id=plan.grant.id if plan.grant is not None else None,
    )
    ask_other(unit, entry)
    context.note(nexus=entry.nexus_id, entry_id=entry.id, state=entry.state)
    mine = plan.giver.id == me
    return Logged(
        entry.id,
        entry.handle,
        str(entry.time),
        show_day(entry.day),
        N_("you") if mine else plan.giver.name,
        plan.helped.name if mine else N_("you"),
        plan.helped.name if mine else plan.giver.name,
        about,
    )


# --- the other one's word


def _mine_to_say(context: Context, entry: Entry) -> None:
    """Raises `NotAllowed` for whoever logged it: never one person alone."""
    if entry.other_id != context.actor.person_id:
        raise NotAllowed(
            N_("You logged that yourself, so {other} has to say whether it is right."),
            other=person_of(context.unit, entry.other_id).name,
        )


def _confirmable(context: Context, entry: Entry) -> Mapping[str, str]:
    _mine_to_say(context, entry)
    hours.check_open(entry, ("logged", "disputed"))
    words = words_for(context.unit, entry)
    template = (
        N_("Is it right that {giver} gave you {time} on {day}, for “{about}”? It counts then.")
        if entry.helped_id == context.actor.person_id
        else N_("Is it right that you gave {helped} {time} on {day}, for “{about}”? It counts then.")
    )
    return {"question": template.format(**words)}


@operation(
    "hours.confirm",
    writes=True,
    private=True,
    confirm=Confirm.ALWAYS,
    says=hours_says.CONFIRM,
    preview=_confirmable,
    asks="{question}",
    tells=N_("Counted: {time} from {giver} to {helped} on {day}. Thank you."),
)
def confirm(context: Context, entry: Annotated[Entry, ENTRY]) -> Decided:
    """Confirm hours that somebody else logged with you: they count then."""
    unit, me = context.unit, context.actor.person_id
    found = hours.lock_for_confirming(unit, entry)
    _mine_to_say(context, found)
    hours.confirm(unit, found, me)
    tell(
        unit,
        found.logged_by,
        N_("{who} confirmed it: {time} from {giver} to {helped} on {day} count now (#{handle})."),
        {"who": context.actor.name} | words_for(unit, found),
        nexus_id=found.nexus_id,
    )
    context.note(nexus=found.nexus_id, entry_id=found.id, state="confirmed")
    return _decided(context, found)


def _disputable(context: Context, entry: Entry, reason: str = "") -> Mapping[str, str]:
    _mine_to_say(context, entry)
    hours.check_open(entry, ("logged",))
    words = words_for(context.unit, entry)
    question = N_("Say that {time} from {giver} to {helped} on {day} is not right? I tell {who}.")
    return {"question": question.format(who=person_of(context.unit, entry.logged_by).name, **words)}


@operation(
    "hours.dispute",
    writes=True,
    private=True,
    says=hours_says.DISPUTE,
    preview=_disputable,
    asks="{question}",
    tells=N_("It does not count. I've told the other one, who can take it back and log it anew."),
)
def dispute(
    context: Context,
    entry: Annotated[Entry, ENTRY],
    reason: Annotated[str, Text(N_("what is not right about it"), maximum=300, line=True)] = "",
) -> Decided:
    """Say that hours which somebody else logged with you are not right. They don't count then."""
    unit = context.unit
    found = hours.entry_of(unit, entry.id, locked=True)
    _mine_to_say(context, found)
    hours.dispute(unit, found, context.actor.person_id, reason)
    tell_disputed(context, found, reason)
    context.note(nexus=found.nexus_id, entry_id=found.id, state="disputed")
    return _decided(context, found)


def tell_disputed(context: Context, found: Entry, reason: str) -> None:
    """Tell whoever logged it, with the way to put it right."""
    template = (
        N_(
            "{who} says that {time} from {giver} to {helped} on {day} is not right: “{reason}”. It does not count.\n"
            "You can take it back (#{handle}) and log it anew."
        )
        if reason
        else N_(
            "{who} says that {time} from {giver} to {helped} on {day} is not right. It does not count.\n"
            "You can take it back (#{handle}) and log it anew; {who} can tell you what was wrong."
        )
    )
    tell(
        context.unit,
        found.logged_by,
        template,
        {"who": context.actor.name, "reason": reason} | words_for(context.unit, found),
        (Choice(N_("Take it back"), "hours.withdraw", {"entry": f"={found.id}"}),),
        nexus_id=found.nexus_id,
    )


def _withdrawable(context: Context, entry: Entry) -> Mapping[str, str]:
    _check_logged_it(context, entry)
    hours.check_open(entry, ("logged", "disputed"))
    question = N_("Take back {time} from {giver} to {helped} on {day}, for “{about}”?")
    return {"question": question.format(**words_for(context.unit, entry))}


def _check_logged_it(context: Context, entry: Entry) -> None:
    if entry.logged_by != context.actor.person_id:
        raise NotAllowed(
            N_("Only {who}, who logged that, can take it back. You can say that it is not right."),
            who=person_of(context.unit, entry.logged_by).name,
        )


@operation(
    "hours.withdraw",
    writes=True,
    private=True,
    says=hours_says.WITHDRAW,
    preview=_withdrawable,
    asks="{question}",
    tells=N_("Taken back: {time} from {giver} to {helped} on {day}."),
)
def withdraw(context: Context, entry: Annotated[Entry, MINE]) -> Decided:
    """Take back hours that you logged and that don't count yet."""
    unit = context.unit
    found = hours.entry_of(unit, entry.id, locked=True)
    _check_logged_it(context, found)
    hours.withdraw(unit, found, context.actor.person_id)
    tell(
        unit,
        found.other_id,
        N_("{who} took this back: {time} from {giver} to {helped} on {day}. There is nothing to confirm any more."),
        {"who": context.actor.name} | words_for(unit, found),
        nexus_id=found.nexus_id,
    )
    context.note(nexus=found.nexus_id, entry_id=found.id, state="withdrawn")
    return _decided(context, found)


def _decided(context: Context, found: Entry) -> Decided:
    words = words_for(context.unit, found)
    return Decided(found.id, found.handle, words["time"], words["day"], words["giver"], words["helped"])


OPERATIONS = (log, confirm, dispute, withdraw)
