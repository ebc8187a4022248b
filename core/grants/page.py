"""A grant as it is shown to those who may see it, and what the asker can do with it now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.access.books import called
from core.buttons.buttons import Choice
from core.clock import show_day
from core.errors import N_, NexusError
from core.grants import changing, deciding, paying
from core.grants.grants import Grant, timeline
from core.grants.receipts import receipts_of_grant
from core.grants.states import LIVES, State
from core.grants.states import Tranche as TrancheState
from core.grants.telling import (
    acceptance_choices,
    answer_choices,
    deciders_of,
    decision_choices,
    have_approved,
    have_decided,
    pay_choices,
)
from core.hours.hours import entries_of_grant
from core.ledger.units import TIME, Money
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.fields import say_duration
from core.people.people import person_of

_PAYABLE = (TrancheState.DUE, TrancheState.RELEASED)
TOLD = 15  # of its timeline, the newest


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of the money: `due` is a day, "" if it is due with the yes."""

    seq: int
    amount: str
    state: str
    due: str


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a grant: a day, who (\"\": by itself), what, numbers that go with it, and words."""

    day: str
    who: str
    what: str
    data: Mapping[str, Any]
    words: str


@dataclass(frozen=True, slots=True)
class Page:
    """A grant with all its figures. Names are "somebody" where the audience may not know them.

    `have` of `needed` approvals, by `approved_by`; `above`: those of a Nexus above are asked too; `ways`: too few can
    decide. `until`: the day on which what it waits for runs out. `hours`: confirmed so far. `report`: the day on which
    one is due, "" for none; before the yes, how long it takes from it.
    """

    id: int
    handle: str
    nexus: str
    amount: str
    recipient: str
    proposer: str
    giver: str
    source: str
    purpose: str
    condition: str
    state: str
    applied: bool
    have: int
    needed: int
    approved_by: tuple[str, ...]
    above: bool
    ways: bool
    until: str
    parts: tuple[PartLine, ...]
    hours: str
    receipts: tuple[str, ...]
    report: str
    reported: bool
    every: str
    happened: tuple[Happening, ...]
    earlier: int


def page_of(context: Context, grant: Grant) -> Page:
    """A grant that the audience may see, as it is shown to it."""
    unit, audience = context.unit, context.audience

    def name(person_id: int) -> str:
        return called(unit, audience, person_id)

    of_fund, waits = grant.source == "fund", grant.state == State.PROPOSED
    approved = (have_approved if waits else have_decided)(unit, grant) if of_fund else []
    asked = deciders_of(unit, grant) if waits and of_fund else None
    events = timeline(unit, grant.id)
    minutes = sum(
        one.minutes for one in entries_of_grant(unit, grant.id) if one.state == "confirmed" and not one.undone
    )
    money = [one for one in grant.tranches if one.amount.unit != TIME]
    return Page(
        id=grant.id,
        handle=grant.handle,
        nexus=nexus_of(unit, grant.nexus_id).name,
        amount=N_(" and ").join(str(one) for one in grant.awards),
        recipient=name(grant.recipient_id),
        proposer=name(grant.proposer_id),
        giver=name(grant.giver_id) if grant.giver_id else "",
        source=grant.source,
        purpose=grant.purpose,
        condition=grant.condition,
        state=grant.state,
        applied=grant.applied,
        have=len(approved),
        needed=grant.needed,
        approved_by=tuple(name(one) for one in approved),
        above=asked is not None and asked.above,
        ways=asked is not None and not asked.enough,
        until=show_day(grant.expires_at) if grant.expires_at else "",
        parts=tuple(PartLine(one.seq, str(one.amount), one.state, _due(grant, one.due_at)) for one in money),
        hours=str(Money(minutes, TIME)) if minutes else "",
        receipts=tuple(
            f"{one.number} ({one.amount}, {show_day(one.at)})"
            for one in receipts_of_grant(unit, grant.id)
            if not one.undone
        ),
        report=_report(grant),
        reported=grant.reported_at is not None,
        every=say_duration(grant.every) if grant.every else "",
        happened=tuple(
            Happening(
                show_day(event["at"]),
                name(person_of(unit, event["person_id"]).id) if event["person_id"] else "",
                event["what"],
                event["data"],
                event["words"],
            )
            for event in events[-TOLD:]
        ),
        earlier=max(len(events) - TOLD, 0),
    )


def _due(grant: Grant, due_at: int | None) -> str:
    if due_at is None:
        return ""
    if due_at < grant.created_at:  # until the yes it is a length of time
        return N_("{time} after the yes").format(time=say_duration(due_at))
    return show_day(due_at)


def _report(grant: Grant) -> str:
    if grant.report_due is None:
        return ""
    if grant.accepted_at is None:
        length = grant.report_due - (grant.proposed_at or grant.created_at)
        return N_("{time} after the yes").format(time=say_duration(length))
    return show_day(grant.report_due)


# -- what one can do ---------------------------------------------------------------------------------------------


def _can(check: Callable[[], object]) -> bool:
    try:
        check()
    except NexusError:
        return False
    return True


def possible(context: Context, grant: Grant) -> list[Choice]:
    """The buttons that fit what the actor can do with a grant now."""
    unit, me, this = context.unit, context.actor.person_id, {"grant": f"={grant.id}"}
    if grant.state == State.PROPOSED and _can(lambda: deciding.check_may_approve(context, grant)):
        have = have_approved(unit, grant)
        if me not in have:
            return list(decision_choices(grant))
        if len(have) >= grant.needed:  # the fund had too little
            return [decision_choices(grant)[0]]
    if _can(lambda: deciding.check_is_for_me(context, grant)):
        return list(acceptance_choices(grant))
    choices: list[Choice] = []
    if grant.state in LIVES:
        due = any(one.state in _PAYABLE and one.amount.unit != TIME for one in grant.tranches)
        if due and _can(lambda: paying.check_may_pay(context, grant, "pay it")):
            choices += pay_choices(grant)
        if me == grant.recipient_id and grant.report_due is not None and grant.reported_at is None:
            choices.append(Choice(N_("Report"), "grant.report", this))
    if grant.state != State.DRAFT and _can(lambda: changing.check_may_answer(context, grant)):
        choices += answer_choices(grant)
    if _can(lambda: changing.check_is_mine(context, grant, drafts=True)):
        choices.append(Choice(N_("Withdraw"), "grant.withdraw", this, "danger"))
    return choices
