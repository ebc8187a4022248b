"""Proposing a grant for somebody, and applying for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from core.access.books import called, may_see_fund
from core.access.fields import NexusField, PersonField
from core.access.nexuses import named_or_here
from core.buttons.buttons import Choice as Button
from core.clock import DAY, show_day
from core.errors import N_
from core.grants import propose_says as says
from core.grants.conflicts import relatives
from core.grants.place_field import Told, ToldField, may_be_told_there, told_here
from core.grants.proposing import (
    MANDATE,
    OWN,
    Plan,
    Wish,
    add,
    awards_of,
    of_fund,
    plan,
    put_forward,
)
from core.grants.telling import Deciders, who_decides
from core.ledger.units import TIME, Money
from core.nexuses.tree import Nexus
from core.operations.context import Context
from core.operations.declare import Confirm, Operation, Who, operation
from core.operations.fields import Amount, Choice, Duration, Text, Whole, say_duration
from core.people.people import Person, person_of
from core.policies import mandates
from core.policies.fields import MoneyField
from core.policies.terms import Terms, strictest

NEXUS = NexusField(N_("the Nexus whose fund it is about"))
PLACE = ToldField(N_("where it is told how it goes on: here or nowhere"))
HOURS = Amount(N_("the time that comes with the money"), money=False)
GIVER = Choice(
    N_("who gives it: the fund, you yourself, or you within your mandate"),
    ("fund", "me", "mandate"),
    also={"own": "me", "myself": "me", "my own": "me", "my own deposit": "me", "my deposit": "me", "nexus": "fund",
          "my mandate": "mandate", "the fund": "fund", "my own time": "me", "my own money": "me"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposed:
    """A grant that was proposed. `needed`: approvals; 0 if it is set aside already. `asked`: names of those asked.

    `short`: how much the fund lacks now, "" for nothing; `ways`: too few can decide. `source`: fund, own or mandate.
    """

    id: int
    handle: str
    nexus: str
    amount: str
    recipient: str
    source: str
    needed: int
    asked: tuple[str, ...]
    more: int
    above: bool
    ways: bool
    short: str
    until: str
    applied: bool


def amounts(awards: Sequence[Money]) -> str:
    """What is awarded, as people read it: "500.00 EUR and 5h"."""
    return N_(" and ").join(str(one) for one in awards)


def _bare(money: Money) -> str:
    return str(money).rsplit(" ", 1)[0]


# -- the card ----------------------------------------------------------------------------------------------------


def _deciders(context: Context, made: Plan) -> Deciders:
    unit = context.unit
    interested = relatives(unit, [context.actor.person_id, made.recipient.id])
    terms = [Terms.from_json(one) for one in made.terms.values()]
    return who_decides(unit, made.where.id, interested, strictest(terms), made.needed)


def _understood(context: Context, made: Plan) -> str:
    """One line that says it all, and lines for what was asked for beyond the simple case."""
    wish, unit = made.wish, context.unit
    parts = [
        N_("{amount} to {name} from *{nexus}*").format(
            amount=amounts(wish.awards), name=made.recipient.name, nexus=made.where.name
        )
    ]
    if made.money is not None and made.free is not None and _may_know_free(context, made):
        left = Money(max(made.free.minor - made.money.minor, 0), made.free.unit)
        parts.append(N_("available {free} → {left}").format(free=_bare(made.free), left=_bare(left)))
    if made.source == OWN:
        time_only = all(one.unit == TIME for one in wish.awards)
        parts.append(N_("your own time") if time_only else N_("out of your own deposit"))
        parts.append(N_("given by one person"))
    elif made.source == MANDATE and made.mandate is not None:
        left = mandates.left(unit, made.mandate)
        parts.append(N_("within your mandate ({left} left of it)").format(left=left))
    else:
        need = N_("needs 1 approval, not yours") if made.needed == 1 else N_("needs {count} approvals, not yours")
        parts.append(need.format(count=made.needed))
    return "\n".join([" · ".join(parts), N_("For: {purpose}").format(purpose=wish.purpose), *_details(context, made)])


def _may_know_free(context: Context, made: Plan) -> bool:
    return made.source == OWN or may_see_fund(context.unit, context.audience, made.where.id)


def _details(context: Context, made: Plan) -> list[str]:
    wish, lines = made.wish, []
    if wish.parts > 1 and wish.each:
        every = N_("In {parts} parts, one every {time}.")
        lines.append(every.format(parts=wish.parts, time=say_duration(wish.each)))
    elif wish.parts > 1:
        lines.append(N_("In {parts} parts.").format(parts=wish.parts))
    if wish.condition:
        lines.append(N_("On condition: {condition}").format(condition=wish.condition))
    if wish.report:
        report = N_("With a report within {time} of the yes.")
        lines.append(report.format(time=say_duration(wish.report)))
    if wish.every:
        again = N_("Again every {time}, as a draft that you send.")
        lines.append(again.format(time=say_duration(wish.every)))
    if made.source == "fund":
        if made.short is not None and _may_know_free(context, made):
            short = N_(
                "The fund is {short} short now. You can propose it all the same: it waits until there is enough."
            )
            lines.append(short.format(short=made.short))
        lines += _who_can(_deciders(context, made))
    return lines


def _who_can(found: Deciders) -> list[str]:
    if not found.enough:
        return [
            N_(
                "Too few who have no part in it can decide about it. It is kept, and the ways out are: another steward "
                "or treasurer, a mandate, or your own deposit."
            )
        ]
    return [N_("Too few here have no part in it, so those of the Nexus above are asked too.")] if found.above else []


# -- proposing ---------------------------------------------------------------------------------------------------


def _planned(
    context: Context,
    person: Person,
    amount: Money,
    purpose: str,
    hours: Money | None = None,
    parts: int = 1,
    each: int = 0,
    condition: str = "",
    report: int = 0,
    every: int = 0,
    giver: str | None = None,
    nexus: Nexus | None = None,
    place: Told | None = None,
) -> Plan:
    wish = Wish(awards_of(amount, hours), purpose, parts, each, condition, report, every)
    return plan(context, named_or_here(context, nexus), person, wish, giver)


def _question(context: Context, **said: Any) -> Mapping[str, str]:
    return {"question": _understood(context, _planned(context, **said))}


def _frozen(declared: Operation, said: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    kept = {name: value for name, value in (dict(said) | more).items() if value is not None}
    return {p.name: p.field.freeze(kept[p.name]) for p in declared.parameters if p.name in kept}


def _answers(context: Context, **said: Any) -> Sequence[Button]:
    """Yes, to exactly this; another way where there is one; and no."""
    made = _planned(context, **said)
    source = {"fund": "fund", OWN: "me", MANDATE: MANDATE}[made.source]
    fixed = {"nexus": made.where, "place": said.get("place") or told_here(context)}
    choices = [Button(N_("Yes"), propose.name, _frozen(propose, said, giver=source, **fixed), "primary")]
    if said.get("giver") is None and made.source == MANDATE:
        choices.append(Button(N_("Ask for approvals"), propose.name, _frozen(propose, said, giver="fund", **fixed)))
    if said.get("giver") is None and all(one.unit == TIME for one in made.wish.awards):
        choices.append(Button(N_("It's my own time"), propose.name, _frozen(propose, said, giver="me", **fixed)))
    return [*choices, Button(N_("No"))]


@operation(
    "grant.propose",
    writes=True,
    who=Who.MEMBER,
    confirm=Confirm.ALWAYS,
    private=True,
    common=True,
    says=says.PROPOSE,
    preview=_question,
    choices=_answers,
    asks="{question}",
)
def propose(
    context: Context,
    person: Annotated[Person, PersonField(N_("whom it is for"))],
    amount: Annotated[Money, MoneyField(N_("how much, money or hours"))],
    purpose: Annotated[str, Text(N_("what it is for"), maximum=500)],
    hours: Annotated[Money | None, HOURS] = None,
    parts: Annotated[int, Whole(N_("in how many parts it is paid"), maximum=36)] = 1,
    each: Annotated[int, Duration(N_("how long from one part to the next"), minimum=DAY)] = 0,
    condition: Annotated[str, Text(N_("what has to be so before it is paid"), maximum=500)] = "",
    report: Annotated[int, Duration(N_("how long until a report is due"), minimum=DAY)] = 0,
    every: Annotated[int, Duration(N_("how often it comes again"), minimum=DAY)] = 0,
    giver: Annotated[str | None, GIVER] = None,
    nexus: Annotated[Nexus | None, NEXUS] = None,
    place: Annotated[Told | None, PLACE] = None,
) -> Proposed:
    """Propose a grant of money or hours to somebody: no equity, no debt, no exclusivity.

    The fund gives once enough others approve. Your own deposit and time, and what your mandate covers, need nobody.
    """
    made = _planned(context, person, amount, purpose, hours, parts, each, condition, report, every, giver, nexus, place)
    return _send(context, made, place)


def _send(context: Context, made: Plan, place: Told | None) -> Proposed:
    unit, me = context.unit, context.actor.person_id
    there = (place or told_here(context)).id
    if there and not may_be_told_there(unit, there, made.where.id):
        there = 0
    grant = add(unit, made, proposer_id=me, place_id=there)
    context.note(grant_id=grant.id, nexus=made.where.id, source=made.source)
    grant, found = put_forward(unit, grant, me)
    names = [called(unit, context.audience, one) for one in found.people]
    known = [name for name in names if name != N_("somebody")][:3]
    return Proposed(
        grant.id,
        grant.handle,
        made.where.name,
        amounts(made.wish.awards),
        made.recipient.name,
        made.source,
        made.needed,
        tuple(known),
        len(found.people) - len(known),
        found.above,
        not found.enough,
        str(made.short) if made.short is not None and _may_know_free(context, made) else "",
        show_day(grant.expires_at or unit.now),
        grant.applied,
    )


# -- applying ----------------------------------------------------------------------------------------------------


def _wished(
    context: Context,
    amount: Money,
    purpose: str,
    hours: Money | None = None,
    nexus: Nexus | None = None,
    place: Told | None = None,
) -> Plan:
    me = person_of(context.unit, context.actor.person_id)
    return of_fund(context.unit, named_or_here(context, nexus), me, Wish(awards_of(amount, hours), purpose))


def _wish_question(context: Context, **said: Any) -> Mapping[str, str]:
    return {"question": _understood(context, _wished(context, **said))}


def _wish_answers(context: Context, **said: Any) -> Sequence[Button]:
    made = _wished(context, **said)
    fixed = {"nexus": made.where, "place": said.get("place") or told_here(context)}
    return [Button(N_("Yes"), apply.name, _frozen(apply, said, **fixed), "primary"), Button(N_("No"))]


@operation(
    "grant.apply",
    writes=True,
    who=Who.MEMBER,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.APPLY,
    preview=_wish_question,
    choices=_wish_answers,
    asks="{question}",
)
def apply(
    context: Context,
    amount: Annotated[Money, MoneyField(N_("how much, money or hours"))],
    purpose: Annotated[str, Text(N_("what it is for"), maximum=500)],
    hours: Annotated[Money | None, HOURS] = None,
    nexus: Annotated[Nexus | None, NEXUS] = None,
    place: Annotated[Told | None, PLACE] = None,
) -> Proposed:
    """Apply for a grant yourself. Others decide; there is no equity, no debt and no exclusivity in it."""
    return _send(context, _wished(context, amount, purpose, hours, nexus, place), place)


OPERATIONS = (propose, apply)
