"""The fund of a Nexus: what is in it, what comes in, and what is planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from core.access.books import called, decides_about_money
from core.access.fields import NexusField, PersonField
from core.access.nexuses import named_or_here
from core.clock import DAY, show_day
from core.errors import N_, BadInput, NotAllowed
from core.funds import budgets, funds, says
from core.funds.entries import entry_of, short_name, told
from core.funds.funds import Figures, Point
from core.funds.period import Period, PeriodField, exactly, year_of
from core.funds.pledges import Pledge, PledgeField, pledge_of
from core.funds.rights import check_decides, check_money, check_sees, helpers
from core.funds.transfers import deposit, same_reference
from core.ledger.accounts import Kind, balance
from core.ledger.journals import Words
from core.ledger.units import TIME, Money
from core.nexuses.tree import Nexus
from core.notices.notices import notify
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Amount, Text, YesNo
from core.operations.fields.past import Past
from core.people.people import Person, numbers_of, person_of

NEXUS = NexusField(N_("the Nexus"))
HOURS_INSTEAD = N_("Time doesn't go into a fund. Once you have helped somebody, log the hours: “I helped Ana for 2h”.")


@dataclass(frozen=True, slots=True)
class FundLine:
    """A fund in one unit: what people read, in words; `figures` in minor units and `history` are for the picture.

    `budget` is "" where nothing is planned for now; then so is `period`.
    """

    unit: str
    free: str
    deposited: str
    transferred: str
    committed: str
    paid: str
    fees: str
    budget: str
    spent: str
    period: str
    figures: Figures
    history: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class FundPage:
    """What a fund has and gave. `hours_given` and `hours_promised` are words ("61h"), "" for none."""

    nexus_id: int
    nexus: str
    funds: tuple[FundLine, ...]
    hours_given: str
    hours_promised: str
    people: int


@operation("fund.show", says=says.SHOW)
def show(context: Context, nexus: Annotated[Nexus | None, NEXUS] = None) -> FundPage:
    """What is in the fund: planned, reserved, paid and free, the hours given, and to how many people.

    Budget is the plan, committed is reserved for grants that were approved, paid is what went out.
    """
    unit, where = context.unit, named_or_here(context, nexus)
    check_sees(context, where)
    lines = tuple(_line(context, where.id, code) for code in funds.units_of(unit, where.id))
    whole = lines[0].figures if lines else funds.figures(unit, where.id, "EUR")
    return FundPage(
        where.id,
        where.name,
        lines,
        str(Money(whole.hours_given_minutes, TIME)) if whole.hours_given_minutes else "",
        str(Money(whole.hours_promised_minutes, TIME)) if whole.hours_promised_minutes else "",
        whole.people,
    )


def _line(context: Context, nexus_id: int, code: str) -> FundLine:
    found = funds.figures(context.unit, nexus_id, code)

    def words(minor: int) -> str:
        return str(Money(minor, code)) if minor else ""

    return FundLine(
        unit=code,
        free=str(Money(found.free, code)),
        deposited=str(Money(found.deposited, code)),
        transferred=words(found.transferred),
        committed=words(found.committed),
        paid=words(found.paid),
        fees=words(found.fees),
        budget=words(found.budget),
        spent=str(Money(found.spent, code)) if found.budget else "",
        period=exactly(found.budget_from, found.budget_until).said if found.budget else "",
        figures=found,
        history=tuple(funds.history(context.unit, nexus_id, code)),
    )


# -- what comes in -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deposited:
    """A deposit that was entered. `who` is "" for one from nobody who is named; `free` what can be given now."""

    handle: str
    amount: str
    who: str
    nexus: str
    day: str
    own: bool
    free: str
    pledge: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """A deposit as it was understood."""

    where: Nexus
    backer: Person | None
    own: bool


def _deposit_read(
    context: Context, amount: Money, person: Person | None, own: bool, pledge: Pledge | None, nexus: Nexus | None
) -> _Reading:
    unit, me = context.unit, context.actor.person_id
    where = named_or_here(context, nexus)
    check_money(amount, HOURS_INSTEAD)
    if pledge is not None:
        if nexus is None and pledge.nexus_id != where.id:
            raise BadInput(N_("That pledge is for another fund. Please name the Nexus, too."))
        if pledge.nexus_id != where.id:
            raise BadInput(N_("{pledge} is not for the fund of {nexus}."), pledge=pledge.name, nexus=where.name)
        if pledge.amount.unit != amount.unit:
            raise BadInput(
                N_("{pledge} is in {unit}, and this is {amount}."),
                pledge=pledge.name,
                unit=pledge.amount.unit,
                amount=amount,
            )
        if own:
            raise BadInput(N_("A pledge is for the fund. What is your own to give away is not in it."))
        if person is not None and person.id != pledge.person_id:
            raise BadInput(N_("{pledge} is somebody else's, not {person}'s."), pledge=pledge.name, person=person.name)
        person = person_of(unit, pledge.person_id)
    if own and person is None:
        person = person_of(unit, me)
    mine = own and person is not None and person.id == me
    if not mine and not decides_about_money(unit, me, where.id):
        _refuse(context, where, own)
    return _Reading(where, person, own)


def _refuse(context: Context, where: Nexus, own: bool) -> None:
    if own:
        raise NotAllowed(N_("What somebody else may give away, they enter themselves. You can enter your own."))
    who = helpers(context, where.id) or N_("Somebody who decides there")
    raise NotAllowed(
        N_(
            "What came into the fund of {nexus} is entered by its owner, a steward or a treasurer; {helpers} could. "
            "Your own money to give away you can enter yourself: “500 EUR of my own to give”."
        ),
        nexus=where.name,
        helpers=who,
    )


def _deposit_card(
    context: Context,
    amount: Money,
    person: Person | None = None,
    reference: str = "",
    day: int | None = None,
    own: bool = False,
    pledge: Pledge | None = None,
    nexus: Nexus | None = None,
) -> Mapping[str, str]:
    read = _deposit_read(context, amount, person, own, pledge, nexus)
    if read.own and read.backer is not None:
        mine = read.backer.id == context.actor.person_id
        question = (
            N_("{amount} of your own, in {nexus}: only you can give it away, and you pay it out yourself. Right?")
            if mine
            else N_("{amount} in {nexus} that {person} alone can give away, and pays out. Right?")
        )
    elif read.backer is not None:
        question = N_("{amount} from {person} came into the fund of {nexus}. Right?")
    else:
        question = N_("{amount} came into the fund of {nexus}, from nobody who is named. Right?")
    name = read.backer.name if read.backer is not None else ""
    lines = [question.format(amount=amount, nexus=read.where.name, person=name)]
    if day is not None:
        lines.append(N_("It came on {day}.").format(day=show_day(day)))
    if reference:
        lines.append(N_("Reference: {reference}").format(reference=reference))
        earlier = same_reference(context.unit, read.where.id, reference)
        known = entry_of(context.unit, earlier) if earlier is not None else None
        if known is not None:
            lines.append(
                N_("⚠️ There is one with this reference already: {entry} (#{handle}). Is this another one?").format(
                    entry=told(context, known), handle=known.handle
                )
            )
    if pledge is not None:
        rest = Money(pledge.rest, amount.unit)
        lines.append(N_("It counts for {pledge}; {rest} of it is still to come.").format(pledge=pledge.name, rest=rest))
    return {"question": "\n".join(lines)}


@operation(
    "fund.deposit",
    writes=True,
    who=Who.MEMBER,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.DEPOSIT,
    preview=_deposit_card,
    asks="{question}",
)
def enter_deposit(
    context: Context,
    amount: Annotated[Money, Amount(N_("the amount that came in"))],
    person: Annotated[Person | None, PersonField(N_("the person it came from"))] = None,
    reference: Annotated[str, Text(N_("the reference it has outside"), maximum=140, line=True)] = "",
    day: Annotated[int | None, Past(N_("the day it came in"))] = None,
    own: Annotated[bool, YesNo(N_("whether it is that person's own, to give away themselves"))] = False,
    pledge: Annotated[Pledge | None, PledgeField(N_("the pledge that it fulfils"))] = None,
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> Deposited:
    """Enter money that came in: into the fund, or as somebody's own to give away.

    Nothing is moved by it: it says what was received outside. What came into the fund is entered by an owner, steward
    or treasurer; your own money to give away you enter yourself, and you pay it out yourself.
    """
    unit, me = context.unit, context.actor.person_id
    read = _deposit_read(context, amount, person, own, pledge, nexus)
    backer_id = read.backer.id if read.backer is not None else 0
    number = deposit(
        context,
        read.where,
        amount,
        backer_id=backer_id,
        own=own,
        words=Words(reference=reference),
        day=day,
        pledge_id=pledge.id if pledge is not None else 0,
    )
    context.note(nexus=read.where.id, journal_id=number)
    if backer_id not in (0, me):
        notify(
            unit,
            backer_id,
            N_("{who} entered {amount} from you in {nexus}. To see what becomes of it, ask me “what did my money do?”"),
            {"who": context.actor.name, "amount": str(amount), "nexus": read.where.name},
        )
    if own:
        # Somebody who became one with another person has an account of either.
        free = sum(balance(unit, Kind.OWN, read.where.id, amount.unit, n).free for n in numbers_of(unit, backer_id))
    else:
        free = balance(unit, Kind.FUND, read.where.id, amount.unit).free
    kept = pledge_of(unit, pledge.id) if pledge is not None else None
    left = ""
    if kept is not None:
        left = (
            N_("all of it has come")
            if kept.rest == 0
            else N_("{rest} is still to come").format(rest=Money(kept.rest, amount.unit))
        )
    return Deposited(
        short_name(number),
        str(amount),
        called(unit, context.audience, backer_id) if backer_id else "",
        read.where.name,
        show_day(context.now if day is None else day),
        own,
        str(Money(free, amount.unit)),
        left,
    )


# -- what is planned ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Planned:
    """A budget that was set; `replaced` if there was one for that very period."""

    amount: str
    nexus: str
    period: str
    replaced: bool


def _plan_read(context: Context, amount: Money, period: Period | None, nexus: Nexus | None) -> tuple[Nexus, Period]:
    where = named_or_here(context, nexus)
    check_decides(context, where)
    check_money(amount, N_("A budget is money. Time that the Nexus gives is promised with a grant."))
    span = period or year_of(int(show_day(context.now).rsplit(" ", 1)[1]))
    if span.end <= context.now:
        raise BadInput(N_("{period} is over. A budget is for what is to come."), period=span.said)
    if span.end - span.start < DAY or span.start > context.now + 3660 * DAY:
        raise BadInput(N_("I can plan for days, months and years up to ten years ahead."))
    return where, span


def _plan_card(
    context: Context, amount: Money, period: Period | None = None, nexus: Nexus | None = None
) -> Mapping[str, str]:
    where, span = _plan_read(context, amount, period, nexus)
    return {"amount": str(amount), "period": span.said, "nexus": where.name}


@operation(
    "fund.budget",
    writes=True,
    who=Who.MEMBER,
    private=True,
    says=says.BUDGET,
    preview=_plan_card,
    asks=N_("Plan to give {amount} from the fund of {nexus} in {period}? A plan reserves nothing."),
    tells=N_("The budget of {nexus} for {period} is {amount} now."),
)
def set_budget(
    context: Context,
    amount: Annotated[Money, Amount(N_("the amount that is planned"))],
    period: Annotated[Period | None, PeriodField(N_("the period it is for"), ahead=True)] = None,
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> Planned:
    """Plan what the fund is to give in a period (this year if you name none).

    A budget is a plan: it reserves nothing and stops nothing. Another one for the same period takes its place.
    """
    where, span = _plan_read(context, amount, period, nexus)
    replaced = budgets.plan(context.unit, where.id, amount, span, by=context.actor.person_id)
    context.note(nexus=where.id)
    return Planned(str(amount), where.name, span.said, replaced)


OPERATIONS = (show, enter_deposit, set_budget)
