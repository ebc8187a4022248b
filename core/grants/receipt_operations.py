"""Showing receipts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from core.access.books import called, may_see_grant, may_see_grants
from core.access.fields import NexusField
from core.access.nexuses import named_or_here
from core.clock import show_day
from core.errors import N_, Ambiguous, NotFound
from core.grants import pay_says as says
from core.grants.grants import grant_of
from core.grants.receipts import (
    Receipt,
    numbered,
    receipt_of,
    receipts_of_nexus,
    receipts_of_person,
)
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import Context
from core.operations.declare import operation
from core.operations.fields import Reference
from core.operations.fields.base import SUGGESTED, frozen_id
from core.rules.resolver import eyes_of
from core.store import Unit

_UNKNOWN = N_("I know no receipt “{number}” that I may show here.")


def _may_see(context: Context, found: Receipt) -> bool:
    return may_see_grant(context.unit, context.audience, grant_of(context.unit, found.grant_id))


def _by_id(unit: Unit, receipt_id: int) -> list[Receipt]:
    try:
        return [receipt_of(unit, receipt_id)]
    except LookupError:
        return []


class ReceiptField(Reference):
    """A receipt that the caller may see, by its number (2026-0001)."""

    kind = "receipt"

    def resolve(self, value: Any, context: Context) -> Receipt:
        """See `Field.resolve`."""
        unit, number = context.unit, frozen_id(value)
        eyes_of(unit, context.audience)  # whether there is such a one or not: else it shows in what the store is asked
        if number is None:
            found = numbered(unit, value, context.nexus_id, context.actor.person_id)
        else:
            found = _by_id(unit, number)
        found = [one for one in found if _may_see(context, one)]
        if not found:
            raise NotFound(_UNKNOWN, number=value if number is None else "")
        if len(found) > 1:
            places = ", ".join(nexus_of(context.unit, one.nexus_id).name for one in found)
            raise Ambiguous(N_("There is a receipt {number} in {choices}. Ask me there."), number=value, choices=places)
        return found[0]

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        mine = receipts_of_person(context.unit, context.actor.person_id)
        some = [one for one in mine if _may_see(context, one)]
        return [(f"{one.number}: {one.amount}", f"={one.id}") for one in some if typed.strip() in one.number][
            :SUGGESTED
        ]


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """A receipt with all that it proves. `undone`: the payment was taken back."""

    number: str
    nexus: str
    name: str
    amount: str
    purpose: str
    handle: str
    part: int
    parts: int
    method: str
    reference: str
    day: str
    source: str
    undone: bool


@operation("receipt.show", says=says.SHOW_RECEIPT)
def show_receipt(
    context: Context, receipt: Annotated[Receipt, ReceiptField(N_("the number of the receipt"))]
) -> ReceiptPage:
    """Show a receipt: what was paid, to whom and what for."""
    grant = grant_of(context.unit, receipt.grant_id)
    return ReceiptPage(
        receipt.number,
        nexus_of(context.unit, receipt.nexus_id).name,
        called(context.unit, context.audience, receipt.person_id),
        str(receipt.amount),
        grant.purpose,
        grant.handle,
        receipt.seq,
        len([one for one in grant.tranches if one.amount.unit == receipt.amount.unit]),
        receipt.method,
        receipt.reference,
        show_day(receipt.day),
        grant.source,
        receipt.undone,
    )


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One payment in a list."""

    LINE: ClassVar[str] = "{number}: {amount} to {name}, {day}{note}"
    number: str
    amount: str
    name: str
    day: str
    note: str


@dataclass(frozen=True, slots=True)
class ReceiptList:
    """Payments, newest first."""

    whose: str
    items: tuple[ReceiptLine, ...]


@operation(
    "receipt.list",
    says=says.LIST_RECEIPTS,
    tells=N_("Receipts of {whose}, newest first:"),
    empty=N_("There is no receipt of {whose} that I may show here."),
)
def list_receipts(context: Context, nexus: Annotated[Nexus | None, NexusField(N_("the Nexus"))] = None) -> ReceiptList:
    """The receipts of what you were paid, or of what a Nexus paid."""
    unit = context.unit
    if nexus is None:
        whose, found = context.actor.name, receipts_of_person(unit, context.actor.person_id)
        found = [one for one in found if _may_see(context, one)]
    else:
        where = named_or_here(context, nexus)
        whose = where.name
        found = receipts_of_nexus(unit, where.id) if may_see_grants(unit, context.audience, where.id) else []
    return ReceiptList(
        whose,
        tuple(
            ReceiptLine(
                one.number,
                str(one.amount),
                called(unit, context.audience, one.person_id),
                show_day(one.day),
                N_(" (taken back)") if one.undone else "",
            )
            for one in found
        ),
    )


OPERATIONS = (show_receipt, list_receipts)
