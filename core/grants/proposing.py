"""Proposing a grant: where it comes from, what it takes, and writing it down.

Decision rule for where it comes from: what the proposer says. If they say nothing, it is their mandate if one covers
it and the fund has it, else the fund. Of the fund it needs approvals by the policies in force now; one's own deposit
and time, and what a mandate covers, need none, and are kept aside at once. Nobody proposes something for themselves
(they apply for it), and no mandate gives to somebody who is, or ever was, one person with its holder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, insert, select

from core.clock import DAY
from core.errors import N_, BadInput, Conflict, Missing, NotAllowed, NotFound
from core.grants import conflicts, needs, tranches
from core.grants.grants import Grant, grant_of, move, remember
from core.grants.states import State
from core.grants.tables import grant_award, grants
from core.grants.telling import Deciders, ask_deciders, ask_recipient, decision_choices, say_there
from core.ids import new_handle
from core.ledger.accounts import Kind, balance
from core.ledger.units import TIME, Money
from core.nexuses.tree import Nexus
from core.operations.context import Context
from core.people.people import Person, numbers_of
from core.policies import mandates
from core.policies.tables import mandate
from core.store import Unit

DECIDING = 30 * DAY  # how long a proposal waits for approvals
ACCEPTING = 14 * DAY  # how long what is approved waits for the recipient
FUND, OWN, MANDATE = "fund", "own", "mandate"

_ADD = insert(grants)
_ADD_AWARD = insert(grant_award)
_HOLD_MANDATE = select(mandate.c.id).where(mandate.c.id == bindparam("mandate_id")).with_for_update()


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody said. `awards`: money first. Lengths of time in ms; 0: none, once, at once."""

    awards: tuple[Money, ...]
    purpose: str
    parts: int = 1
    each: int = 0
    condition: str = ""
    report: int = 0
    every: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A wish that can be carried out: for whom, from where, with how many approvals.

    `free` is what is available for its money now (None: it has none); `giver_id` 0: the fund gives.
    """

    where: Nexus
    recipient: Person
    wish: Wish
    source: str
    giver_id: int
    mandate: mandates.Mandate | None
    needed: int
    terms: dict[str, Any]
    free: Money | None

    @property
    def money(self) -> Money | None:
        """The money that is wished for."""
        return next((one for one in self.wish.awards if one.unit != TIME), None)

    @property
    def short(self) -> Money | None:
        """How much is missing now, if there is too little."""
        if self.money is None or self.free is None or self.free.minor >= self.money.minor:
            return None
        return Money(self.money.minor - self.free.minor, self.money.unit)


def awards_of(amount: Money, hours: Money | None) -> tuple[Money, ...]:
    """Money and time side by side. Raises `BadInput` where they are not one of each."""
    if hours is None:
        return (amount,)
    if amount.unit == TIME:
        raise BadInput(N_("You named a time twice: {amount} and {hours}. Which one is it?"), amount=amount, hours=hours)
    return (amount, hours)


def plan(context: Context, where: Nexus, recipient: Person, wish: Wish, giver: str | None) -> Plan:
    """Work out what a proposal comes to. Raises what proposing it would raise."""
    unit, me = context.unit, context.actor.person_id
    if wish.each and wish.parts == 1:
        raise Missing(N_("Something is missing: {about}."), about=N_("in how many parts"), names=["parts"])
    if recipient.forgotten:
        raise NotFound(N_("I know nobody called {name} here."), name=recipient.name)
    if recipient.id == me:
        raise NotAllowed(
            N_("Nobody proposes a grant for themselves. You can apply for one: “apply for {amount} for …”."),
            amount=" + ".join(str(one) for one in wish.awards),
        )
    if giver == "me":
        return _own(context, where, recipient, wish)
    found = _mandate(context, where, recipient, wish, said=giver == MANDATE)
    return found or of_fund(unit, where, recipient, wish)


def of_fund(unit: Unit, where: Nexus, recipient: Person, wish: Wish) -> Plan:
    """What it comes to if others decide. Raises where a policy forbids it."""
    needs.check_limits(unit, where.id, recipient.id, wish.awards)
    needed, terms = needs.needed_for(unit, where.id, recipient.id, wish.awards)
    made = Plan(where, recipient, wish, FUND, 0, None, max(needed, 1), terms, None)
    money = made.money
    return made if money is None else replace(made, free=_free(unit, Kind.FUND, where.id, money.unit, [0]))


def _own(context: Context, where: Nexus, recipient: Person, wish: Wish) -> Plan:
    unit, me = context.unit, context.actor.person_id
    made = Plan(where, recipient, wish, OWN, me, None, 0, {}, None)
    if made.money is not None:
        made = replace(made, free=_free(unit, Kind.OWN, where.id, made.money.unit, numbers_of(unit, me)))
    if made.short is not None:
        raise Conflict(
            N_("Of your own deposit in {nexus} {free} is free, and you want to give {amount}."),
            code="not_enough",
            nexus=where.name,
            free=made.free,
            amount=made.money,
        )
    return made


def _mandate(context: Context, where: Nexus, recipient: Person, wish: Wish, *, said: bool) -> Plan | None:
    """Within a mandate, if one covers it. `said`: it has to, or it is refused; else the fund is asked."""
    unit, me = context.unit, context.actor.person_id
    award = wish.awards[0]
    found = mandates.usable(unit, me, where.id, award) if len(wish.awards) == 1 else None
    related = recipient.id in (conflicts.relatives(unit, [me]) if found is None else mandates.barred(unit, found))
    if found is None or related:
        if not said:
            return None
        if related:
            raise NotAllowed(
                N_(
                    "A mandate gives nothing to whoever holds it or gave it, nor to anybody who was ever one person "
                    "with them here, so not to {name}. The fund can be asked."
                ),
                name=recipient.name,
            )
        raise NotAllowed(
            N_("You have no mandate in {nexus} that covers {amount} now. Others can approve it: propose it without."),
            nexus=where.name,
            amount=" + ".join(str(one) for one in wish.awards),
        )
    made = Plan(where, recipient, wish, MANDATE, me, found, 0, found.terms, None)
    if made.money is not None:
        made = replace(made, free=_free(unit, Kind.FUND, where.id, made.money.unit, [0]))
    if made.short is not None:
        if not said:
            return None
        raise Conflict(
            N_("Your mandate covers it, but the fund of {nexus} has only {free} free."),
            code="not_enough",
            nexus=where.name,
            free=made.free,
        )
    needs.check_limits(unit, where.id, recipient.id, wish.awards)
    return made


def _free(unit: Unit, kind: Kind, nexus_id: int, code: str, people: Sequence[int]) -> Money:
    return Money(sum(max(balance(unit, kind, nexus_id, code, one).free, 0) for one in people), code)


def hold_mandate(unit: Unit, mandate_id: int) -> None:
    """Nobody else gives within this mandate until the unit ends. Before what is left of it is worked out."""
    unit.row(_HOLD_MANDATE, mandate_id=mandate_id)


def add(
    unit: Unit,
    made: Plan,
    *,
    proposer_id: int,
    place_id: int = 0,
    state: State = State.PROPOSED,
    origin_id: int | None = None,
) -> Grant:
    """Write a planned grant down, with what it awards and its parts, and return it locked."""
    grant_id, wish = unit.new_id(), made.wish
    unit.execute(
        _ADD,
        {
            "id": grant_id,
            "handle": new_handle(),
            "nexus_id": made.where.id,
            "proposer_id": proposer_id,
            "recipient_id": made.recipient.id,
            "giver_id": made.giver_id,
            "source": made.source,
            "mandate_id": made.mandate.id if made.mandate is not None else None,
            "purpose": wish.purpose,
            "condition": wish.condition,
            "state": state.value,
            "version": 1,
            "needed": made.needed,
            "terms": made.terms,
            "created_at": unit.now,
            "proposed_at": unit.now,
            "decided_at": None,
            "accepted_at": None,
            "ended_at": None,
            "expires_at": unit.now + DECIDING,
            "warned_at": None,
            "place_id": place_id,
            "report_due": unit.now + wish.report if wish.report else None,  # counted from the yes, in the end
            "reported_at": None,
            "reminded_at": None,
            "every": wish.every,
            "next_at": None,
            "origin_id": origin_id,
        },
    )
    unit.execute(_ADD_AWARD, [{"grant_id": grant_id, "unit": one.unit, "amount": one.minor} for one in wish.awards])
    tranches.make(unit, grant_id, wish.awards, parts=wish.parts, each=wish.each, condition=wish.condition)
    applied = proposer_id == made.recipient.id
    if state is State.PROPOSED:
        remember(unit, grant_id, "applied" if applied else "proposed", proposer_id, needed=made.needed)
    return grant_of(unit, grant_id, locked=True)


def approve_own(unit: Unit, grant: Grant, actor_id: int) -> Grant:
    """What needs nobody's approval: keep it aside and let the recipient say yes. Raises `NotEnough`."""
    until = unit.now + ACCEPTING
    tranches.hold_all(unit, grant, actor_id)
    move(unit, grant, State.APPROVED, decided_at=unit.now, expires_at=until, warned_at=None)
    remember(unit, grant.id, "approved", actor_id, have=0, needed=0)
    return grant_of(unit, grant.id, locked=True)


def put_forward(unit: Unit, grant: Grant, actor_id: int) -> tuple[Grant, Deciders]:
    """Put a proposal to those who decide, or to the recipient where nobody has to. Raises `NotEnough`."""
    if grant.source != FUND:
        grant = approve_own(unit, grant, actor_id)
        ask_recipient(unit, grant)
        say_there(unit, grant, N_("A grant is offered here by one person; it waits for the yes of who it is for."))
        return grant, Deciders((), above=False, enough=True)
    if grant.applied:
        template = N_("{who} asks for a grant in {nexus}. What do you say?")
        said = N_("Somebody here asks for a grant. Those who decide can say what they think of it.")
    else:
        template = N_("{who} proposes a grant in {nexus}. What do you say?")
        said = N_("A grant is proposed here. Those who decide can say what they think of it.")
    found = ask_deciders(unit, grant, template, but=actor_id)
    say_there(unit, grant, said, choices=decision_choices(grant))
    return grant, found
