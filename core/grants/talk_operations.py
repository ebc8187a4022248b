"""Asking about a grant and answering, and changing or withdrawing one that one proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from core.access.fields import PersonField
from core.errors import N_
from core.grants import changing
from core.grants import talk_says as says
from core.grants.changing import Change
from core.grants.decide_operations import GRANT, REASON, Step, in_short, step
from core.grants.grants import Grant
from core.grants.propose_operations import HOURS, amounts
from core.ledger.units import Money
from core.operations.context import Context
from core.operations.declare import Confirm, operation
from core.operations.fields import Text
from core.people.people import Person
from core.policies.fields import MoneyField


@dataclass(frozen=True, slots=True)
class Talked:
    """A question or an answer that was passed on."""

    id: int
    handle: str


def _askable(context: Context, grant: Grant, question: str) -> Mapping[str, str]:
    return in_short(context, grant) | {"question": question}


@operation(
    "grant.ask",
    writes=True,
    private=True,
    says=says.ASK,
    preview=_askable,
    asks=N_("Ask about {amount} to {name} from *{nexus}* (#{handle}): “{question}”?"),
    tells=N_("I've passed your question on (#{handle}). You'll hear from me."),
)
def ask(
    context: Context,
    grant: Annotated[Grant, GRANT],
    question: Annotated[str, Text(N_("what you would like to know"), maximum=1000)],
) -> Talked:
    """Ask a question about a grant. It stands with the grant, and so will the answer."""
    asked = changing.ask(context, grant, question)
    return Talked(asked.id, asked.handle)


def _answerable(context: Context, grant: Grant, answer: str) -> Mapping[str, str]:
    changing.check_may_answer(context, grant)
    return in_short(context, grant) | {"answer": answer}


@operation(
    "grant.answer",
    writes=True,
    private=True,
    says=says.ANSWER,
    preview=_answerable,
    asks=N_("Answer about {amount} to {name} from *{nexus}* (#{handle}): “{answer}”?"),
    tells=N_("I've passed your answer on (#{handle})."),
)
def answer(
    context: Context,
    grant: Annotated[Grant, GRANT],
    answer: Annotated[str, Text(N_("your answer"), maximum=2000)],
) -> Talked:
    """Answer the open question about a grant that you proposed, give or would get."""
    answered = changing.answer(context, grant, answer)
    return Talked(answered.id, answered.handle)


def _changeable(
    context: Context,
    grant: Grant,
    amount: Money | None = None,
    hours: Money | None = None,
    person: Person | None = None,
    purpose: str | None = None,
) -> Mapping[str, str]:
    made = changing.changed(context, grant, Change(amount, hours, person, purpose))
    now = N_("{amount} to {name} for “{purpose}”").format(
        amount=amounts(made.wish.awards), name=made.recipient.name, purpose=made.wish.purpose
    )
    before = N_("{amount} to {name} for “{purpose}”").format(**in_short(context, grant))
    void = "" if grant.giver_id else N_(" Earlier approvals count no more; it needs {count}.").format(count=made.needed)
    return {"before": before, "now": now, "void": void, "handle": grant.handle}


@operation(
    "grant.change",
    writes=True,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.CHANGE,
    preview=_changeable,
    asks=N_("Change #{handle}\nfrom {before}\nto {now}?{void}"),
    tells=N_("#{handle} is changed: {amount} to {name}. I've told everybody who had to do with it."),
)
def change(
    context: Context,
    grant: Annotated[Grant, GRANT],
    amount: Annotated[Money | None, MoneyField(N_("how much instead"))] = None,
    hours: Annotated[Money | None, HOURS] = None,
    person: Annotated[Person | None, PersonField(N_("whom it is for instead"))] = None,
    purpose: Annotated[str | None, Text(N_("what it is for instead"), maximum=500)] = None,
) -> Step:
    """Change a grant that you proposed, before it is accepted. It has to be approved anew."""
    return step(context, changing.make_change(context, grant, Change(amount, hours, person, purpose)))


def _withdrawable(context: Context, grant: Grant, reason: str = "") -> Mapping[str, str]:
    changing.check_is_mine(context, grant, drafts=True)
    return in_short(context, grant)


@operation(
    "grant.withdraw",
    writes=True,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.WITHDRAW,
    preview=_withdrawable,
    asks=N_("Withdraw {amount} to {name} from *{nexus}* for “{purpose}” (#{handle})?"),
    tells=N_("#{handle} is withdrawn. What was kept for it is free."),
)
def withdraw(context: Context, grant: Annotated[Grant, GRANT], reason: Annotated[str, REASON] = "") -> Step:
    """Withdraw a grant that you proposed, before it is accepted."""
    return step(context, changing.withdraw(context, grant, reason))


OPERATIONS = (ask, answer, change, withdraw)
