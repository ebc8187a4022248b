"""Mandates: proposing one, deciding about it by four eyes as about a grant, ending it, and what is left of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from core.access.books import called, decides_about_money
from core.access.fields import NexusField, PersonField
from core.access.nexuses import named_or_here
from core.buttons.buttons import Choice as Button
from core.buttons.buttons import offer
from core.clock import DAY, show_day
from core.errors import N_, Conflict, NotAllowed
from core.funds.rights import check_decides
from core.grants import approvals
from core.grants.approvals import MANDATE
from core.grants.conflicts import check_unconcerned, ways_out
from core.grants.telling import MOST, who_decides
from core.ledger.units import Money
from core.nexuses.members import standing_in
from core.nexuses.tree import Nexus, nexus_of
from core.notices.notices import notify
from core.operations.context import Audience, AudienceKind, Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Duration, Until, say_duration, show_until
from core.people.people import Person, numbers_of, person_of
from core.policies import mandate_says as says
from core.policies import mandates
from core.policies.describe import count_of
from core.policies.fields import MoneyField
from core.policies.mandate_fields import MandateField, may_see_mandate
from core.policies.mandates import Mandate, mandate_of, mandates_held, mandates_in
from core.store import Unit

MONTH = 30 * DAY
LIFETIME = 14 * DAY  # of the buttons that ask
WHICH = MandateField(N_("which mandate"))
NEXUS = NexusField(N_("the Nexus whose fund it is about"))


@dataclass(frozen=True, slots=True)
class MandateStep:
    """A mandate after somebody did something: `have` of `needed` approvals, names of those who were asked.

    `state`: proposed, active, ended, rejected. `ways` says what can be done where too few can decide, "" otherwise.
    """

    id: int
    handle: str
    nexus: str
    name: str
    amount: str
    every: str
    state: str
    have: int
    needed: int
    asked: tuple[str, ...]
    ways: str


@dataclass(frozen=True, slots=True)
class MandateLine:
    """A mandate in a list. `left` is what can still be given within it now; `until` "" for no end."""

    handle: str
    nexus: str
    name: str
    amount: str
    every: str
    left: str
    state: str
    have: int
    needed: int
    until: str


@dataclass(frozen=True, slots=True)
class MandateList:
    """The mandates of a Nexus that hold or wait for approvals."""

    nexus: str
    items: tuple[MandateLine, ...]


def _step(context: Context, found: Mandate, *, asked: Sequence[int] = (), ways: str = "") -> MandateStep:
    unit = context.unit
    names = [called(unit, context.audience, one) for one in asked]
    return MandateStep(
        found.id,
        found.handle,
        nexus_of(unit, found.nexus_id).name,
        called(unit, context.audience, found.person_id),
        str(found.amount),
        say_duration(found.every),
        found.state,
        len(_have(unit, found)),
        found.needed,
        tuple(name for name in names if name != N_("somebody"))[:3],
        ways,
    )


def _have(unit: Unit, found: Mandate) -> list[int]:
    terms, interest = mandates.terms_of(found), mandates.interested(unit, found)
    return approvals.count(unit, MANDATE, found.id, found.version, found.nexus_id, interest, terms)


def _in_short(context: Context, found: Mandate) -> dict[str, str]:
    """What a question about a mandate names."""
    return {
        "name": called(context.unit, context.audience, found.person_id),
        "amount": str(found.amount),
        "every": say_duration(found.every),
        "nexus": nexus_of(context.unit, found.nexus_id).name,
        "handle": found.handle,
    }


# -- proposing ---------------------------------------------------------------------------------------------------


def _question(
    context: Context,
    person: Person,
    amount: Money,
    every: int = MONTH,
    until: int | None = None,
    nexus: Nexus | None = None,
) -> Mapping[str, str]:
    unit, where = context.unit, named_or_here(context, nexus)
    check_decides(context, where)
    if standing_in(unit, person.id, where.id)[0] < Who.MEMBER:
        raise NotAllowed(
            N_("{name} is no member of {nexus}, so nobody there gives in its name."), name=person.name, nexus=where.name
        )
    needed, _, whole = mandates.needed_for(unit, where.id, person.id, amount, every)
    question = N_("May {name} give up to {amount} of the fund of {nexus} within {every}, without asking each time?")
    lines = [question.format(name=person.name, amount=amount, nexus=where.name, every=say_duration(every))]
    if until is not None:
        lines.append(N_("It ends on {day}.").format(day=show_until(until)))
    if whole.minor > amount.minor:
        sums = N_("In the time that the policy looks at, that can come to {whole}, with what they hold already.")
        lines.append(sums.format(whole=whole))
    lines.append(N_("It takes {count}, neither yours nor theirs.").format(count=count_of(needed)))
    lines.append(N_("They can give nothing of it to themselves, nor to whoever gives it to them."))
    return {"question": "\n".join(lines)}


@operation(
    "mandate.give",
    writes=True,
    who=Who.MEMBER,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.GIVE,
    preview=_question,
    asks="{question}",
)
def give(
    context: Context,
    person: Annotated[Person, PersonField(N_("who may give"))],
    amount: Annotated[Money, MoneyField(N_("how much at most"))],
    every: Annotated[int, Duration(N_("within which time"), minimum=DAY)] = MONTH,
    until: Annotated[int | None, Until(N_("when it ends"))] = None,
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> MandateStep:
    """Propose that somebody may give so much of the fund within a time, without asking each time.

    Others have to approve it, as many as for a grant of all that. It is nothing for themselves.
    """
    unit, where = context.unit, named_or_here(context, nexus)
    _question(context, person, amount, every, until, nexus)
    needed, terms, _ = mandates.needed_for(unit, where.id, person.id, amount, every)
    made = mandates.add_mandate(
        unit,
        nexus_id=where.id,
        person_id=person.id,
        amount=amount,
        every=every,
        proposed_by=context.actor.person_id,
        needed=needed,
        terms=terms,
        ends_at=until,
    )
    context.note(nexus=where.id, mandate_id=made.id)
    interest = mandates.interested(unit, made)
    found = who_decides(unit, where.id, interest, terms, needed)
    _ask(unit, made, found.people[:MOST])
    ways = "" if found.enough else ways_out(unit, where.id, frozenset(), terms, mandate=True)
    return _step(context, made, asked=found.people, ways=ways)


def _ask(unit: Unit, found: Mandate, people: Sequence[int]) -> None:
    this = {"mandate": f"={found.id}"}
    choices = (
        Button(N_("Approve"), "mandate.approve", this, "primary"),
        Button(N_("Reject"), "mandate.reject", this, "danger"),
    )
    for one in people:
        reader = Audience(AudienceKind.PERSON, one)
        notify(
            unit,
            one,
            N_(
                "{who} proposes that {name} may give up to {amount} of the fund of {nexus} within {every}. "
                "Is that right?"
            ),
            {
                "who": called(unit, reader, found.proposed_by),
                "name": called(unit, reader, found.person_id),
                "amount": str(found.amount),
                "nexus": nexus_of(unit, found.nexus_id).name,
                "every": say_duration(found.every),
            },
            buttons=offer(unit, choices, person_id=one, nexus_id=found.nexus_id, lifetime=LIFETIME),
        )


# -- deciding ----------------------------------------------------------------------------------------------------


def _check_waits(found: Mandate, now: int) -> None:
    if found.state != "proposed":
        raise Conflict(N_("That was decided already."), code="decided")
    if found.ends_at is not None and found.ends_at <= now:
        raise Conflict(N_("The time of that mandate is over."))


def _approvable(context: Context, mandate: Mandate) -> Mapping[str, str]:
    _check_may_decide(context, mandate, N_("approve it"))
    return _in_short(context, mandate)


def _check_may_decide(context: Context, found: Mandate, doing: str) -> None:
    _check_waits(found, context.now)
    interest = mandates.interested(context.unit, found)
    check_unconcerned(context, found.nexus_id, interest, mandates.terms_of(found), doing=doing, mandate=True)


@operation(
    "mandate.approve",
    writes=True,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.APPROVE,
    preview=_approvable,
    asks=N_("Let {name} give up to {amount} of the fund of *{nexus}* within {every}, without asking each time?"),
)
def approve(context: Context, mandate: Annotated[Mandate, WHICH]) -> MandateStep:
    """Approve a mandate that somebody else proposed, for somebody else than yourself."""
    unit, me = context.unit, context.actor.person_id
    found = mandate_of(unit, mandate.id, locked=True)
    nexus_of(unit, found.nexus_id, lock=True)  # two mandates of one person are counted one after the other
    _check_may_decide(context, found, N_("approve it"))
    needed, _, _ = mandates.needed_for(
        unit, found.nexus_id, found.person_id, found.amount, found.every, besides=found.id
    )
    if needed > found.needed:
        mandates.take_more(unit, found, needed)
        found = mandate_of(unit, found.id, locked=True)
    new = approvals.say(unit, MANDATE, found.id, found.version, me, True)
    have = len(_have(unit, found))
    if not new and have < found.needed:
        raise Conflict(N_("You approved that already; it needs somebody else now."), code="said_already")
    context.note(nexus=found.nexus_id, mandate_id=found.id, have=have, needed=found.needed)
    if have >= found.needed:
        mandates.set_state(unit, found, "active")
        found = mandate_of(unit, found.id)
        told = N_("You may now give up to {amount} of the fund of {nexus} within {every}, without asking each time.")
        _tell(unit, (found.person_id,), found, told, but=me)
        told = N_(
            "{name} may now give up to {amount} of the fund of {nexus} within {every}: your proposal is approved."
        )
        _tell(unit, (found.proposed_by,), found, told, but=found.person_id)
    return _step(context, found)


def _rejectable(context: Context, mandate: Mandate) -> Mapping[str, str]:
    _check_may_decide(context, mandate, N_("reject it"))
    return _in_short(context, mandate)


@operation(
    "mandate.reject",
    writes=True,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.REJECT,
    preview=_rejectable,
    asks=N_("Reject that {name} may give up to {amount} of the fund of *{nexus}* within {every}?"),
)
def reject(context: Context, mandate: Annotated[Mandate, WHICH]) -> MandateStep:
    """Reject a mandate that was proposed. That ends it."""
    unit, me = context.unit, context.actor.person_id
    found = mandate_of(unit, mandate.id, locked=True)
    _check_may_decide(context, found, N_("reject it"))
    approvals.say(unit, MANDATE, found.id, found.version, me, False)
    mandates.set_state(unit, found, "rejected")
    context.note(nexus=found.nexus_id, mandate_id=found.id)
    told = N_("{name} will not give for {nexus} by themselves: the mandate was rejected.")
    _tell(unit, (found.proposed_by,), found, told, but=me)
    return _step(context, mandate_of(unit, found.id))


def _tell(unit: Unit, people: Sequence[int], found: Mandate, template: str, *, but: int) -> None:
    for one in dict.fromkeys(people):
        if one != but and not person_of(unit, one).forgotten:
            reader = Audience(AudienceKind.PERSON, one)
            data = {
                "name": called(unit, reader, found.person_id),
                "amount": str(found.amount),
                "nexus": nexus_of(unit, found.nexus_id).name,
                "every": say_duration(found.every),
            }
            notify(unit, one, template, data)


# -- ending ------------------------------------------------------------------------------------------------------


def _endable(context: Context, mandate: Mandate) -> Mapping[str, str]:
    unit, me = context.unit, context.actor.person_id
    mine = me in (mandate.person_id, mandate.proposed_by if mandate.state == "proposed" else mandate.person_id)
    if not mine and not decides_about_money(unit, me, mandate.nexus_id):
        check_decides(context, nexus_of(unit, mandate.nexus_id))
    if mandate.state not in ("proposed", "active"):
        raise Conflict(N_("That mandate is over already."), code="decided")
    return _in_short(context, mandate)


@operation(
    "mandate.end",
    writes=True,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.END,
    preview=_endable,
    asks=N_("End that {name} may give up to {amount} of the fund of *{nexus}*? What was given stays given."),
)
def end(context: Context, mandate: Annotated[Mandate, WHICH]) -> MandateStep:
    """End a mandate: your own, or as somebody who decides about the money. What was given stays given."""
    unit, me = context.unit, context.actor.person_id
    found = mandate_of(unit, mandate.id, locked=True)
    _endable(context, found)
    mandates.set_state(unit, found, "ended")
    context.note(nexus=found.nexus_id, mandate_id=found.id)
    told = N_("Your mandate to give up to {amount} of the fund of {nexus} has ended. What you gave stays given.")
    _tell(unit, (found.person_id,), found, told, but=me)
    return _step(context, mandate_of(unit, found.id))


# -- looking -----------------------------------------------------------------------------------------------------


@operation("mandate.list", says=says.LIST)
def list_mandates(context: Context, nexus: Annotated[Nexus | None, NEXUS] = None) -> MandateList:
    """Who may give for a Nexus without asking each time, how much, and what is left of it."""
    unit, where = context.unit, named_or_here(context, nexus)
    found = mandates_in(unit, where.id)
    if nexus is None and context.audience.kind is AudienceKind.PERSON:
        found += mandates_held(unit, numbers_of(unit, context.actor.person_id))
    shown = {one.id: one for one in found if may_see_mandate(context, one)}
    return MandateList(where.name, tuple(_line(context, one) for one in shown.values()))


def _line(context: Context, found: Mandate) -> MandateLine:
    unit = context.unit
    return MandateLine(
        found.handle,
        nexus_of(unit, found.nexus_id).name,
        called(unit, context.audience, found.person_id),
        str(found.amount),
        say_duration(found.every),
        str(mandates.left(unit, found)),
        found.state,
        len(_have(unit, found)),
        found.needed,
        show_day(found.ends_at - 1) if found.ends_at else "",
    )


OPERATIONS = (give, approve, reject, end, list_mandates)
