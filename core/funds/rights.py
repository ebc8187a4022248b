"""Who decides about the money of a Nexus, and what is said to somebody who does not."""

from __future__ import annotations

from collections.abc import Iterable

from core.access.books import MONEY_ROLES, decides_about_money, may_see_fund
from core.access.people import may_know_person
from core.errors import N_, BadInput, NotAllowed
from core.ledger.units import TIME, Money
from core.nexuses.members import holders_of
from core.nexuses.tree import Nexus
from core.operations.context import AudienceKind, Context
from core.people.people import person_of
from core.store import Unit

TOLD = 5  # of those who decide, when something came in


def deciders(unit: Unit, nexus_id: int, *, but: Iterable[int] = ()) -> list[int]:
    """Who decides about the money of a Nexus, its own people first."""
    left_out = set(but)
    return [person_id for person_id in holders_of(unit, nexus_id, MONEY_ROLES) if person_id not in left_out]


def helpers(context: Context, nexus_id: int, *, but: Iterable[int] = ()) -> str:
    """The names of two who decide about the money there, as far as the audience may know them; "" for none."""
    unit = context.unit
    found = deciders(unit, nexus_id, but=(context.actor.person_id, *but))
    known = [person_of(unit, one).name for one in found if may_know_person(unit, context.audience, one)]
    return N_(" or ").join(known[:2])


def check_decides(context: Context, where: Nexus) -> None:
    """Raises `NotAllowed` unless the actor is owner, steward or treasurer there or above."""
    if decides_about_money(context.unit, context.actor.person_id, where.id):
        return
    who = helpers(context, where.id)
    if who:
        raise NotAllowed(
            N_("That takes an owner, steward or treasurer of {nexus}, which you are not. {helpers} could help."),
            nexus=where.name,
            helpers=who,
        )
    raise NotAllowed(N_("That takes an owner, steward or treasurer of {nexus}, which you are not."), nexus=where.name)


def check_sees(context: Context, where: Nexus) -> None:
    """Raises `NotAllowed` unless whoever hears the answer may see what the fund has."""
    if may_see_fund(context.unit, context.audience, where.id):
        return
    if context.audience.kind is not AudienceKind.PERSON:
        raise NotAllowed(
            N_("What is in the fund of {nexus} is not for everybody who reads here. Ask me in our direct chat."),
            nexus=where.name,
        )
    raise NotAllowed(
        N_("The rules of {nexus} don't let you see its fund. A steward of it could change that."), nexus=where.name
    )


def check_money(amount: Money, instead: str) -> None:
    """Raises `BadInput` for time; `instead` says what one does with time."""
    if amount.unit == TIME:
        raise BadInput(instead)
