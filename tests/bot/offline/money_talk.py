"""A few operations on money and time, for the tests of amounts in sentences: small enough to train in a moment."""

from __future__ import annotations

from typing import Annotated, Any

from core.access.books import GrantField
from core.access.fields import NexusField, PersonField
from core.grants.grants import Grant
from core.ledger.units import Money
from core.operations import Context, Registry
from core.operations.declare import operation
from core.operations.fields import Amount, Duration, Text
from core.people.people import Person

PERSON = PersonField("the person")
NEXUS = NexusField("the Nexus")
MONEY = Amount("the amount", time=False)
TIME = Amount("the time", money=False)
PURPOSE = Text("what it is for", maximum=500)


@operation(
    "grant.propose",
    writes=True,
    says=(
        "give {person} {amount} for {purpose}",
        "propose {amount} for {person}",
        "propose {amount} and {time} for {person}",
        "propose a grant of {amount} to {person} for {purpose}",
        "I want to give {person} {amount} for {purpose}",
        "grant {person} {amount} for {purpose}",
        "let's give {amount} to {person}",
        "give {amount} to {person} for {purpose}",
        "I propose that we give {person} {amount}",
        "fund {person} with {amount} for {purpose}",
        "give {person} {time} of our time for {purpose}",
        "award {person} {amount}",
    ),
)
def propose(
    context: Context,
    person: Annotated[Person, PERSON],
    amount: Annotated[Money | None, MONEY] = None,
    time: Annotated[Money | None, TIME] = None,
    purpose: Annotated[str | None, PURPOSE] = None,
) -> str:
    """Propose a grant."""
    return ""


@operation(
    "grant.apply",
    writes=True,
    says=(
        "I would like to apply for {amount} for {purpose}",
        "I would like to apply for {amount} and {time} for {purpose}",
        "apply for a grant of {amount} for {purpose}",
        "I want to apply for {amount}",
        "may I apply for {amount} to {purpose}?",
        "can I get a grant of {amount} for {purpose}?",
        "I am applying for {amount}, for {purpose}",
        "apply for {time} of help with {purpose}",
        "my application: {amount} for {purpose}",
    ),
)
def apply(
    context: Context,
    amount: Annotated[Money, MONEY],
    time: Annotated[Money | None, TIME] = None,
    purpose: Annotated[str | None, PURPOSE] = None,
) -> str:
    """Ask for a grant."""
    return ""


@operation(
    "hours.log",
    writes=True,
    says=(
        "I helped {person} for {time} with {purpose}",
        "log {time} with {person}",
        "log {time} for {person}: {purpose}",
        "I spent {time} helping {person} with {purpose}",
        "I gave {person} {time}",
        "I worked {time} with {person} on {purpose}",
        "write down {time} that I helped {person}",
        "{time} with {person} for {purpose}",
        "I talked to {person} for {time} about {purpose}",
        "add {time} of my time for {person}",
    ),
)
def log_hours(
    context: Context,
    person: Annotated[Person, PERSON],
    time: Annotated[Money, TIME],
    purpose: Annotated[str | None, PURPOSE] = None,
) -> str:
    """Write down time that you gave to somebody."""
    return ""


@operation(
    "fund.deposit",
    writes=True,
    says=(
        "deposit {amount} from {person}",
        "{person} gave us {amount}",
        "put {amount} into the fund",
        "deposit {amount}",
        "we got {amount} from {person}",
        "add {amount} to the fund of {nexus}",
        "book a deposit of {amount} from {person}",
        "{person} deposited {amount}",
        "{amount} came in from {person}",
        "{person} paid {amount} into the fund",
    ),
)
def deposit(
    context: Context,
    amount: Annotated[Money, MONEY],
    person: Annotated[Person | None, PERSON] = None,
    nexus: Annotated[Any | None, NEXUS] = None,
) -> str:
    """Money that came in."""
    return ""


@operation(
    "grant.pay",
    writes=True,
    says=(
        "pay {person} {amount}",
        "I paid {person} {amount}",
        "I paid {person} {amount} with a fee of {fee}",
        "mark {amount} to {person} as paid",
        "pay out {amount} to {person}",
        "paid {person} {amount} by bank transfer, fee {fee}",
        "record that {person} was paid {amount}",
    ),
)
def pay(
    context: Context,
    person: Annotated[Person, PERSON],
    amount: Annotated[Money | None, MONEY] = None,
    fee: Annotated[Money | None, MONEY] = None,
) -> str:
    """Say that a payment was made."""
    return ""


@operation(
    "mandate.give",
    writes=True,
    says=(
        "{person} may give up to {amount} every {every}",
        "give {person} a mandate of {amount} every {every}",
        "let {person} give {amount} every {every} without asking",
        "{person} may give {amount} a month",
    ),
)
def mandate(
    context: Context,
    person: Annotated[Person, PERSON],
    amount: Annotated[Money, MONEY],
    every: Annotated[int, Duration("how often")] = 0,
) -> str:
    """Let somebody give without asking each time."""
    return ""


@operation(
    "grant.release",
    writes=True,
    says=(
        "release {grant}",
        "release the next part of {grant}",
        "release the grant {grant}",
        "the next part of {grant} can be paid",
    ),
)
def release(context: Context, grant: Annotated[Grant, GrantField("the grant")]) -> str:
    """Say that a part is to be paid."""
    return ""


@operation(
    "need.post",
    writes=True,
    says=("I need {text}", "I'm looking for {text}", "we need {text}", "need: {text}", "post a need: {text}"),
)
def need(context: Context, text: Annotated[str, Text("what you need")]) -> str:
    """Post a need."""
    return ""


@operation(
    "invite.create",
    writes=True,
    says=("make an invite valid {expires}", "create an invite", "an invite for {expires} please"),
)
def invite(context: Context, expires: Annotated[int, Duration("how long")] = 0) -> str:
    """Make an invitation."""
    return ""


REGISTRY = Registry([propose, apply, log_hours, deposit, pay, mandate, release, need, invite])
