"""Amounts of an operation, with what the Nexus says about its currencies."""

from __future__ import annotations

from typing import Any

from core.errors import N_, BadInput
from core.ledger.units import SCALES, Money
from core.operations.context import Context
from core.operations.fields.amount import DOLLARS, Amount, Dollars
from core.policies.policies import dollar_of


class MoneyField(Amount):
    """An amount whose `$` is the dollar that the Nexus concerned has named; it asks which if it has not."""

    def resolve(self, value: Any, context: Context) -> Money:
        """See `Field.resolve`."""
        if not isinstance(value, Dollars):
            return super().resolve(value, context)
        named = dollar_of(context.unit, context.nexus_id) if context.nexus_id else None
        if named is None or SCALES.get(named) != SCALES[DOLLARS[0]]:
            raise BadInput(
                N_("Which dollar is {amount}? Please type USD, CAD, AUD or NZD. A steward can set one for the Nexus."),
                amount=value,
            )
        return Money(value.minor, named)
