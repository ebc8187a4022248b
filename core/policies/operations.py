"""What a Nexus asks for before its money is given: setting it, and explaining what holds and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from core.access.fields import NexusField
from core.access.nexuses import may_know_nexus, named_or_here
from core.clock import DAY
from core.errors import N_
from core.funds.funds import units_of
from core.funds.rights import TOLD, deciders
from core.grants.conflicts import approvers, distinct
from core.ledger.units import MONEY, TIME, Money
from core.nexuses.members import standing_in
from core.nexuses.roles import OWNER, STEWARD, TREASURER
from core.nexuses.tree import Nexus, nexus_of
from core.notices.notices import notify
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Choice, Duration, Whole
from core.operations.fields.amount import DOLLARS
from core.policies import says
from core.policies.describe import count_of, points, sources, unit_name, worth_saying
from core.policies.fields import MoneyField
from core.policies.policies import Speaks, dollar_of, levels
from core.policies.setting import (
    EVERYTHING,
    Change,
    Wish,
    above_that_asks,
    changed_points,
    make,
    plan,
)
from core.policies.terms import ANY, MOST_APPROVALS, for_unit

NEXUS = NexusField(N_("the Nexus"))
UNIT = Choice(
    N_("the currency it is about, or hours"),
    (*(code.casefold() for code in MONEY), "hours", "all"),
    also={
        "time": "hours", "min": "hours", "hour": "hours", "everything": "all", "every currency": "all",
        "all currencies": "all", "money": "all", "euro": "eur", "euros": "eur", "€": "eur", "pounds": "gbp", "£": "gbp",
    },
)  # fmt: skip
WHO = {
    "owners": (OWNER,),
    "stewards": (OWNER, STEWARD),
    "treasurers": (OWNER, TREASURER),
    "all": (OWNER, STEWARD, TREASURER),
}
APPROVES = Choice(
    N_("who may approve: owners alone, owners and stewards, owners and treasurers, or all of them"),
    tuple(WHO),
    also={
        "owner": "owners", "only owners": "owners", "owners alone": "owners", "owners only": "owners",
        "steward": "stewards", "owners and stewards": "stewards", "stewards and owners": "stewards",
        "treasurer": "treasurers", "owners and treasurers": "treasurers", "treasurers and owners": "treasurers",
        "owners, stewards and treasurers": "all", "everybody": "all", "everyone": "all",
    },
)  # fmt: skip
DROPS = {
    "approvals": "approvals",
    "person-limit": "per_person",
    "fund-limit": "limit",
    "window": "window_ms",
    "who": "roles",
    "role-age": "role_age_ms",
    "everything": EVERYTHING,
}
DROP = Choice(
    N_("what is not to be said here any more"),
    tuple(DROPS),
    also={
        "per person": "person-limit", "limit per person": "person-limit", "limit": "fund-limit",
        "spending limit": "fund-limit", "the limit": "fund-limit", "age": "role-age", "all": "everything",
    },
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One point of what holds, and the names of the Nexuses that say so ("" : this one; None: nobody says anything)."""

    text: str
    source: str | None


@dataclass(frozen=True, slots=True)
class PolicyUnit:
    """What holds for one unit, or several of which the same holds: their names, and the points."""

    units: str
    lines: tuple[PolicyLine, ...]


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """What a grant of a fund takes. `dollar`: the code that `$` means, "" if nobody said. `may_change`: the reader."""

    nexus_id: int
    nexus: str
    units: tuple[PolicyUnit, ...]
    dollar: str
    may_change: bool


@dataclass(frozen=True, slots=True)
class PolicySet:
    """What holds from now on in what was changed; `dollar` if that was."""

    nexus: str
    unit: str
    lines: tuple[str, ...]
    dollar: str


# -- showing -----------------------------------------------------------------------------------------------------


@operation("policy.show", who=Who.MEMBER, says=says.SHOW)
def show(
    context: Context,
    unit: Annotated[str | None, UNIT] = None,
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> PolicyPage:
    """What a grant takes here: approvals, limits, who may approve, and which Nexus each point comes from.

    Of all that a Nexus and those above it ask for, the strictest holds in each point.
    """
    where = named_or_here(context, nexus)
    chain = levels(context.unit, where.id)
    codes = [_code(unit)] if unit is not None else _codes(context, where, chain)
    same: dict[tuple[PolicyLine, ...], list[str]] = {}
    for code in codes:
        same.setdefault(_lines(context, where, code, chain), []).append(unit_name(code))
    return PolicyPage(
        where.id,
        where.name,
        tuple(PolicyUnit(", ".join(names), lines) for lines, names in same.items()),
        dollar_of(context.unit, where.id) or "",
        standing_in(context.unit, context.actor.person_id, where.id)[0] >= Who.STEWARD,
    )


def _code(unit: str) -> str:
    return {"hours": TIME, "all": ANY}.get(unit, unit.upper())


def _codes(context: Context, where: Nexus, chain: list[Speaks]) -> list[str]:
    """The units that matter there: of which something is said, or of which the fund has some; else any."""
    said = {code for one in chain for code in one.said if code != ANY}
    return sorted(said.union(units_of(context.unit, where.id)), key=lambda code: (code == TIME, code)) or [ANY]


def _lines(context: Context, where: Nexus, code: str, chain: list[Speaks]) -> tuple[PolicyLine, ...]:
    terms = for_unit(code, [one.said for one in chain])
    said = points(code, terms)
    return tuple(PolicyLine(said[p], _source(context, where, code, p, chain)) for p in worth_saying(terms))


def _source(context: Context, where: Nexus, code: str, point: str, chain: list[Speaks]) -> str | None:
    found = sources(code, point, chain)
    if not found:
        return None
    return "" if found == [where.id] else _names(context, found)


def _names(context: Context, found: list[int]) -> str:
    unit, audience = context.unit, context.audience
    names = [nexus_of(unit, one).name if may_know_nexus(unit, audience, one) else N_("a Nexus above") for one in found]
    return N_(" and ").join(dict.fromkeys(names))


# -- setting -----------------------------------------------------------------------------------------------------


def _wish(
    approvals: int | None,
    amount: Money | None,
    unit: str | None,
    who: str | None,
    each: Money | None,
    limit: Money | None,
    window: int | None,
    age: int | None,
    dollar: str | None,
    drop: str | None,
) -> Wish:
    return Wish(
        approvals,
        amount,
        _code(unit) if unit is not None else None,
        WHO[who] if who is not None else None,
        each,
        limit,
        window,
        age,
        dollar.upper() if dollar is not None else None,
        DROPS[drop] if drop is not None else None,
    )


def _question(
    context: Context,
    approvals: int | None = None,
    amount: Money | None = None,
    unit: str | None = None,
    who: str | None = None,
    each: Money | None = None,
    limit: Money | None = None,
    window: int | None = None,
    age: int | None = None,
    dollar: str | None = None,
    drop: str | None = None,
    nexus: Nexus | None = None,
) -> Mapping[str, str]:
    where = named_or_here(context, nexus)
    change = plan(context, where, _wish(approvals, amount, unit, who, each, limit, window, age, dollar, drop))
    lines = []
    if change.code:
        title = N_("What a grant takes in {nexus}, for {unit}:")
        lines = [title.format(nexus=where.name, unit=unit_name(change.code)), *_changes(context, change)]
    if change.dollar:
        lines.append(N_("$ is {code} in {nexus} then.").format(code=change.dollar, nexus=where.name))
    return {"question": "\n".join([*lines, N_("Shall I?")])}


def _changes(context: Context, change: Change) -> list[str]:
    """What is different then, and what stays as it is."""
    before, after = points(change.code, change.before), points(change.code, change.after)
    lines = []
    for point in changed_points(change):
        so_far = N_("{after} (So far: {before})").format(after=after[point], before=before[point])
        lines.append("• " + so_far)
    asking = above_that_asks(change)
    if not lines and asking:
        above = _names(context, list(asking))
        lines.append(N_("That changes nothing for now, as {names} asks for as much or more.").format(names=above))
    elif not lines:
        lines.append(N_("That changes nothing for now, as it holds already while nobody says anything."))
    if change.own:
        kept = N_("Of {units} something is said here already; that stays.")
        lines.append(kept.format(units=N_(" and ").join(unit_name(code) for code in change.own)))
    lines += _too_few(context, change)
    lines.append(N_("It holds in every Nexus inside as well; those can only ask for more."))
    lines.append(N_("What is proposed already keeps what held when it was proposed; it can only take more."))
    return lines


def _too_few(context: Context, change: Change) -> list[str]:
    """A word where nobody could get what is asked for."""
    able = approvers(context.unit, change.where.id, frozenset(), change.after)
    people = len(distinct(context.unit, (one.person_id for one in able)))
    if people >= change.after.most:
        return []
    template = N_("Careful: {people} can approve here so far, and it would take {count}.")
    who = N_("1 person") if people == 1 else N_("{people} people").format(people=people)
    return [template.format(people=who, count=count_of(change.after.most))]


@operation(
    "policy.set",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    says=says.SET,
    preview=_question,
    asks="{question}",
)
def set_policy(
    context: Context,
    approvals: Annotated[int | None, Whole(N_("how many approvals it takes"), maximum=MOST_APPROVALS)] = None,
    amount: Annotated[Money | None, MoneyField(N_("the amount from which on it takes them"))] = None,
    unit: Annotated[str | None, UNIT] = None,
    who: Annotated[str | None, APPROVES] = None,
    each: Annotated[Money | None, MoneyField(N_("the most that one person is given"))] = None,
    limit: Annotated[Money | None, MoneyField(N_("the most that the fund gives"))] = None,
    window: Annotated[int | None, Duration(N_("the time within which all that counts together"), minimum=DAY)] = None,
    age: Annotated[int | None, Duration(N_("how long one has had a role before it counts"), minimum=0)] = None,
    dollar: Annotated[str | None, Choice(N_("which dollar $ is"), tuple(d.casefold() for d in DOLLARS))] = None,
    drop: Annotated[str | None, DROP] = None,
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> PolicySet:
    """Set what a grant takes here: “two approvals from 500 EUR”, who may approve, limits.

    Owners set it; a steward can make it stricter. A Nexus inside another can only ask for more than that does.
    """
    where = named_or_here(context, nexus)
    nexus_of(context.unit, where.id, lock=True)
    change = plan(context, where, _wish(approvals, amount, unit, who, each, limit, window, age, dollar, drop))
    make(context, change)
    context.note(nexus=where.id, unit=change.code or "$")
    for person_id in deciders(context.unit, where.id, but=[context.actor.person_id])[:TOLD]:
        notify(
            context.unit,
            person_id,
            N_("{who} has changed what a grant takes in {nexus}."),
            {"who": context.actor.name, "nexus": where.name},
            card=("policy.show", {"nexus": f"={where.id}"}),
        )
    said = points(change.code, change.after) if change.code else {}
    lines = tuple(said[point] for point in worth_saying(change.after)) if change.code else ()
    return PolicySet(where.name, unit_name(change.code) if change.code else "", lines, change.dollar)


OPERATIONS = (set_policy, show)
