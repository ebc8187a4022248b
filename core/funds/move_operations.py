"""Moving money between the funds of the tree, and taking back what was entered wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from core.access.books import called
from core.access.fields import NexusField
from core.access.nexuses import named_or_here
from core.errors import N_, Conflict
from core.funds import says
from core.funds.entries import Entry, EntryField, short_name, told
from core.funds.rights import TOLD, check_decides, check_money, deciders
from core.funds.transfers import check_along_tree, check_may_take_back, take_back, transfer
from core.ledger.accounts import Kind, balance
from core.ledger.journals import Words
from core.ledger.units import Money
from core.nexuses.tree import Nexus, nexus_of
from core.notices.notices import notify
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Amount, Text

FROM = NexusField(N_("the Nexus whose fund gives it"))
TO = NexusField(N_("the Nexus whose fund receives it"))
HOURS_INSTEAD = N_("Time is given by people, not moved between funds.")


@dataclass(frozen=True, slots=True)
class Moved:
    """Money that went from one fund to another; `free` is what the giving one has now."""

    handle: str
    amount: str
    nexus: str
    to: str
    free: str


def _transferable(
    context: Context, amount: Money, to: Nexus, reason: str = "", nexus: Nexus | None = None
) -> Mapping[str, str]:
    giving = named_or_here(context, nexus)
    check_decides(context, giving)
    check_money(amount, HOURS_INSTEAD)
    check_along_tree(context.unit, giving, to)
    free = balance(context.unit, Kind.FUND, giving.id, amount.unit).free
    question = N_("Move {amount} from the fund of {nexus} to the fund of {to}?").format(
        amount=amount, nexus=giving.name, to=to.name
    )
    if free < amount.minor:
        left = N_("⚠️ Only {free} is free there now.").format(free=Money(free, amount.unit))
    else:
        left = N_("Free in {nexus}: {free} → {rest}.").format(
            nexus=giving.name, free=Money(free, amount.unit), rest=Money(free - amount.minor, amount.unit)
        )
    lines = [question, left, *([N_("For: {reason}").format(reason=reason)] if reason else [])]
    return {"question": "\n".join(lines)}


@operation(
    "fund.transfer",
    writes=True,
    who=Who.MEMBER,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.TRANSFER,
    preview=_transferable,
    asks="{question}",
    tells=N_("{amount} moved from {nexus} to {to} (#{handle}). {nexus} has {free} free now."),
)
def move_money(
    context: Context,
    amount: Annotated[Money, Amount(N_("the amount to move"))],
    to: Annotated[Nexus, TO],
    reason: Annotated[str, Text(N_("what it is for"), maximum=300, line=True)] = "",
    nexus: Annotated[Nexus | None, FROM] = None,
) -> Moved:
    """Move money from one fund to that of a Nexus inside it, or of one that it is in.

    Whoever decides about the fund that gives it does that; nobody can take from the fund above.
    """
    unit, me = context.unit, context.actor.person_id
    giving = named_or_here(context, nexus)
    check_decides(context, giving)
    check_money(amount, HOURS_INSTEAD)
    check_along_tree(unit, giving, to)
    number = transfer(context, giving, to, amount, Words(memo=reason))
    context.note(nexus=giving.id, journal_id=number)
    for person_id in deciders(unit, to.id, but=[me])[:TOLD]:
        notify(
            unit,
            person_id,
            N_("{who} moved {amount} to the fund of {to}."),
            {"who": called(unit, context.audience, me), "amount": str(amount), "to": to.name},
            card=("fund.show", {"nexus": f"={to.id}"}),
        )
    free = balance(unit, Kind.FUND, giving.id, amount.unit).free
    return Moved(short_name(number), str(amount), giving.name, to.name, str(Money(free, amount.unit)))


# -- taking back -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What was taken back: `kind` is deposit, payment or transfer; `free` is what is in that fund now."""

    handle: str
    kind: str
    entry: str
    nexus: str
    free: str


def _correctable(context: Context, entry: Entry, reason: str) -> Mapping[str, str]:
    check_may_take_back(context, entry)
    lines = [N_("Take this back: {entry}?").format(entry=told(context, entry))]
    if entry.kind != "payment" and not entry.own:
        free = balance(context.unit, Kind.FUND, entry.to_nexus or entry.nexus_id, entry.amount.unit).free
        if free < entry.amount.minor:
            raise Conflict(
                N_("That can't be taken back now: only {free} of the fund is free, the rest is given or reserved."),
                code="not_enough",
                free=Money(free, entry.amount.unit),
            )
    if entry.kind == "payment":
        lines.append(
            N_("It counts as not paid then: unless the grant was revoked, its money is reserved for it again.")
        )
    lines.append(N_("Reason: {reason}").format(reason=reason))
    lines.append(N_("It stays in the books with its opposite beside it. That can't be undone."))
    return {"question": "\n".join(lines)}


@operation(
    "fund.correct",
    writes=True,
    who=Who.MEMBER,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.CORRECT,
    preview=_correctable,
    asks="{question}",
)
def correct(
    context: Context,
    entry: Annotated[Entry, EntryField(N_("the deposit, payment or transfer (its short name, amount or reference)"))],
    reason: Annotated[str, Text(N_("why it is taken back"), minimum=3, maximum=300, line=True)],
) -> TakenBack:
    """Take back a deposit, payment or transfer that was entered wrongly, with the reason.

    Nothing is deleted: its opposite is entered beside it, once. Whoever gained by it cannot do that themselves.
    """
    number = take_back(context, entry, reason)
    context.note(nexus=entry.nexus_id, journal_id=number)
    losing = entry.to_nexus or entry.nexus_id
    free = balance(context.unit, Kind.FUND, losing, entry.amount.unit).free
    return TakenBack(
        short_name(number),
        entry.kind,
        told(context, entry),
        nexus_of(context.unit, losing).name,
        "" if entry.own else str(Money(free, entry.amount.unit)),
    )


OPERATIONS = (move_money, correct)
