"""Changing and withdrawing a grant before it is accepted, and talk about it.

Decision rule: the proposer may change or withdraw what they proposed until the recipient has said yes. A change makes
a new version: approvals are void, what was held is free again, and it waits for approvals anew; the number that it
takes never falls by it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import bindparam, delete, insert

from core.errors import N_, BadInput, Conflict, NotAllowed
from core.grants import needs, tranches
from core.grants.deciding import involved_in_proposal
from core.grants.grants import Grant, grant_of, locked, move, remember, timeline
from core.grants.proposing import DECIDING, MANDATE, OWN, Plan, Wish, approve_own, awards_of, hold_mandate, plan
from core.grants.states import State
from core.grants.states import Tranche as TrancheState
from core.grants.tables import grant_award, tranche
from core.grants.telling import (
    answer_choices,
    ask_deciders,
    ask_recipient,
    deciders_of,
    decision_choices,
    have_approved,
    say_there,
    tell_each,
)
from core.ledger.units import TIME, Money
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.people.people import Person, person_of
from core.policies.terms import Terms, strictest
from core.store import Unit

_BEFORE = (State.PROPOSED, State.APPROVED)
_DROP_AWARDS = delete(grant_award).where(grant_award.c.grant_id == bindparam("of"))
_DROP_TRANCHES = delete(tranche).where(
    tranche.c.grant_id == bindparam("of"),
    tranche.c.state.in_([TrancheState.PLANNED.value, TrancheState.RETURNED.value]),
)
_ADD_AWARD = insert(grant_award)


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different; None: as it was."""

    amount: Money | None = None
    hours: Money | None = None
    person: Person | None = None
    purpose: str | None = None


def check_is_mine(context: Context, grant: Grant, *, drafts: bool = False) -> None:
    """Raises unless the actor proposed it and the recipient has not said yes."""
    if grant.proposer_id != context.actor.person_id:
        raise NotAllowed(N_("Only the person who proposed it can do that. You can ask a question about it."))
    if grant.state not in (*_BEFORE, State.DRAFT) if drafts else grant.state not in _BEFORE:
        raise Conflict(N_("That grant is {state}; it can't be changed any more."), state=grant.state)


def changed(context: Context, grant: Grant, wanted: Change) -> Plan:
    """What a change comes to. Raises what making it would raise."""
    check_is_mine(context, grant)
    if wanted == Change():
        raise BadInput(N_("What should be different: the amount, the purpose, or whom it is for?"))
    unit = context.unit
    recipient = wanted.person or person_of(unit, grant.recipient_id)
    wish = _wish(grant, wanted)
    if grant.applied:
        if recipient.id != grant.recipient_id:
            raise NotAllowed(N_("You applied for it yourself. For somebody else, propose a new grant."))
        made = _of_fund(unit, grant, recipient, wish)
    elif grant.source == OWN:
        made = _within(context, grant, recipient, wish)
    elif grant.source == MANDATE:
        if wish.awards != grant.awards or recipient.id != grant.recipient_id:
            raise Conflict(
                N_("It is within your mandate: withdraw it and give it anew, please. Nobody has to approve.")
            )
        made = Plan(nexus_of(unit, grant.nexus_id), recipient, wish, MANDATE, grant.giver_id, None, 0, {}, None)
    else:
        if recipient.id == context.actor.person_id:
            raise NotAllowed(N_("Nobody proposes a grant for themselves. You can apply for one instead."))
        made = _of_fund(unit, grant, recipient, wish)
    return made


def _wish(grant: Grant, wanted: Change) -> Wish:
    first = wanted.amount or grant.money or grant.time
    assert first is not None
    both = grant.money is not None and grant.time is not None
    time = wanted.hours or (grant.time if first.unit != TIME and (both or wanted.amount is None) else None)
    awards_of(first, wanted.hours)  # raises for two times
    if first == wanted.amount and first.unit == TIME and both and grant.money is not None:
        first, time = grant.money, first  # "make it 3h" of money and time: the time changes
    parts = [one for one in grant.tranches if one.amount.unit != TIME]
    return Wish(
        awards_of(first, time),
        wanted.purpose or grant.purpose,
        parts=max(len(parts), 1) if first.unit != TIME else 1,
        each=(parts[1].due_at or 0) - (parts[0].due_at or 0) if len(parts) > 1 else 0,
        condition=grant.condition,
    )


def _of_fund(unit: Unit, grant: Grant, recipient: Person, wish: Wish) -> Plan:
    needs.check_limits(unit, grant.nexus_id, recipient.id, wish.awards, besides=grant.id)
    needed, terms = needs.needed_for(unit, grant.nexus_id, recipient.id, wish.awards, besides=grant.id)
    for code in terms.keys() & grant.terms.keys():
        terms[code] = strictest([Terms.from_json(terms[code]), Terms.from_json(grant.terms[code])]).as_json()
    where = nexus_of(unit, grant.nexus_id)
    return Plan(where, recipient, wish, "fund", 0, None, max(needed, grant.needed), {**grant.terms, **terms}, None)


def _within(context: Context, grant: Grant, recipient: Person, wish: Wish) -> Plan:
    """Of one's own: what was kept for it already can be used for it again."""
    where, old = nexus_of(context.unit, grant.nexus_id), grant.money
    spare = replace(wish, awards=tuple(_beyond(one, old) for one in wish.awards if _beyond(one, old).minor > 0))
    if spare.awards:
        plan(context, where, recipient, spare, "me")
    elif recipient.id == context.actor.person_id:
        raise NotAllowed(N_("You can't give it to yourself."))
    return Plan(where, recipient, wish, OWN, grant.giver_id, None, 0, {}, None)


def _beyond(new: Money, old: Money | None) -> Money:
    return new if old is None or old.unit != new.unit else Money(new.minor - old.minor, new.unit)


def make_change(context: Context, seen: Grant, wanted: Change) -> Grant:
    """Change a grant, tell everybody, and let it be decided about anew."""
    unit, me = context.unit, context.actor.person_id
    grant = locked(unit, seen)
    made = changed(context, grant, wanted)
    knew = [*involved_in_proposal(unit, grant), *deciders_of(unit, grant).people]
    if grant.mandate_id is not None:
        hold_mandate(unit, grant.mandate_id)
    if grant.state == State.APPROVED:
        tranches.give_back(unit, grant, me)
    unit.changed(_DROP_TRANCHES, of=grant.id)
    unit.changed(_DROP_AWARDS, of=grant.id)
    awards = made.wish.awards
    unit.execute(_ADD_AWARD, [{"grant_id": grant.id, "unit": one.unit, "amount": one.minor} for one in awards])
    move(
        unit,
        grant,
        State.PROPOSED,
        version=grant.version + 1,
        recipient_id=made.recipient.id,
        purpose=made.wish.purpose,
        needed=made.needed,
        terms=made.terms,
        decided_at=None,
        expires_at=unit.now + DECIDING,
        warned_at=None,
    )
    wish = made.wish
    tranches.make(unit, grant.id, wish.awards, parts=wish.parts, each=wish.each, condition=wish.condition)
    remember(unit, grant.id, "changed", me, version=grant.version + 1, needed=made.needed)
    context.note(grant_id=grant.id, nexus=grant.nexus_id, version=grant.version + 1)
    grant = grant_of(unit, grant.id, locked=True)
    if made.source != "fund":
        grant = approve_own(unit, grant, me)
        tell_each(unit, grant, knew, N_("{who} changed a grant in {nexus}."), but=me, names={"who": me})
        ask_recipient(unit, grant)
        say_there(unit, grant, N_("A grant was changed; it waits for the yes of who it is for."))
        return grant
    template = N_("{who} changed a grant in {nexus}, so earlier approvals count no more. What do you say?")
    asked = ask_deciders(unit, grant, template, but=me)
    rest = [one for one in knew if one not in asked.people]
    told = N_("{who} changed a grant in {nexus}; it has to be approved anew.")
    tell_each(unit, grant, rest, told, but=me, names={"who": me})
    said = N_("A grant was changed, so earlier approvals count no more.")
    say_there(unit, grant, said, choices=decision_choices(grant))
    return grant


def withdraw(context: Context, seen: Grant, reason: str) -> Grant:
    """The proposer takes it back: what was held for it is free again."""
    unit, me = context.unit, context.actor.person_id
    grant = locked(unit, seen)
    check_is_mine(context, grant, drafts=True)
    draft = grant.state == State.DRAFT
    knew = [*involved_in_proposal(unit, grant), *(() if draft else deciders_of(unit, grant).people)]
    if grant.state == State.APPROVED:
        tranches.give_back(unit, grant, me)
    move(unit, grant, State.WITHDRAWN, ended_at=unit.now, expires_at=None)
    remember(unit, grant.id, "withdrawn", me, words=reason)
    context.note(grant_id=grant.id, nexus=grant.nexus_id)
    grant = grant_of(unit, grant.id)
    if not draft:
        tell_each(unit, grant, knew, N_("{who} withdrew a grant in {nexus}."), but=me, names={"who": me})
        say_there(unit, grant, N_("A grant was withdrawn."))
    return grant


# -- talk --------------------------------------------------------------------------------------------------------


def ask(context: Context, grant: Grant, question: str) -> Grant:
    """A question by whoever may see the grant, to those who can answer."""
    unit, me = context.unit, context.actor.person_id
    if grant.state == State.DRAFT:
        raise Conflict(N_("That is a draft of yours; nobody else knows of it."))
    remember(unit, grant.id, "asked", me, words=question)
    context.note(grant_id=grant.id, nexus=grant.nexus_id)
    told = N_("{who} has a question about the grant in {nexus}.")
    tell_each(unit, grant, answerers(unit, grant), told, choices=answer_choices(grant), but=me, names={"who": me})
    say_there(unit, grant, N_("There is a question about a grant."), choices=answer_choices(grant))
    return grant


def answerers(unit: Unit, grant: Grant) -> list[int]:
    """Who answers questions: who proposed it, who gives it, and who would get it, once they know of it."""
    parties = (grant.proposer_id, grant.giver_id, grant.recipient_id)
    knows = involved_in_proposal(unit, grant)
    return [one for one in dict.fromkeys(parties) if one in knows]


def check_may_answer(context: Context, grant: Grant) -> None:
    """Raises unless the actor proposed it, gives it or is who it is for."""
    if context.actor.person_id not in (grant.proposer_id, grant.giver_id, grant.recipient_id):
        raise NotAllowed(N_("Questions about it are answered by who proposed it, gives it or gets it."))
    if open_question(context.unit, grant) is None:
        raise Conflict(N_("Nobody has an open question about that grant."))


def open_question(unit: Unit, grant: Grant) -> str | None:
    """The last question, if nobody has answered since."""
    last = [event for event in timeline(unit, grant.id) if event["what"] in ("asked", "answered")][-1:]
    return last[0]["words"] if last and last[0]["what"] == "asked" else None


def answer(context: Context, seen: Grant, words: str) -> Grant:
    """An answer, to everybody who asked or decides."""
    unit, me = context.unit, context.actor.person_id
    grant = grant_of(unit, seen.id, locked=True)
    check_may_answer(context, grant)
    remember(unit, grant.id, "answered", me, words=words)
    context.note(grant_id=grant.id, nexus=grant.nexus_id)
    waits = grant.state == State.PROPOSED
    people = [one for one in involved_in_proposal(unit, grant) if one not in (grant.proposer_id, grant.giver_id)]
    deciders = deciders_of(unit, grant).people if waits else ()
    undecided = [one for one in deciders if one not in have_approved(unit, grant)]
    told = N_("{who} answered a question about the grant in {nexus}.")
    names = {"who": me}
    tell_each(unit, grant, undecided, told, choices=decision_choices(grant), but=me, names=names)
    rest = [one for one in (*people, grant.proposer_id) if one not in undecided]
    tell_each(unit, grant, rest, told, but=me, names=names)
    choices = decision_choices(grant) if waits else ()
    say_there(unit, grant, N_("A question about a grant was answered."), choices=choices)
    return grant
