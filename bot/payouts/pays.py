"""What every provider's module is: one method."""

from __future__ import annotations

from typing import Protocol

from core.payouts.provider import Answer, Order


class Pays(Protocol):
    """The conversation with a provider. It answers, or raises for what is not known: then it is tried again.

    A repeat with the same order has no second effect, however often and from however many processes it comes.
    """

    async def send(self, order: Order) -> Answer:
        """Pay, or find out that it was paid before."""
