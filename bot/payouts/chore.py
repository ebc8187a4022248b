"""The chore that brings planned payouts to their providers, and their answers back into the store."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.log import log
from bot.payouts.pays import Pays
from bot.payouts.setup import providers
from bot.settings import Settings
from bot.unit import AsyncStore
from core.clock import MINUTE
from core.payouts.outcomes import settle, take
from core.payouts.provider import Answer, Order, State

KIND = "payouts"
EVERY = MINUTE


class Payouts:
    """Sends what is due. Between taking an order and writing down its answer any process may die: then the order comes
    again, and the provider knows it by its key."""

    def __init__(self, store: AsyncStore, through: Mapping[str, Pays]) -> None:
        self._store = store
        self._through = through

    async def __call__(self, payloads: list[dict[str, Any]]) -> None:
        """See `bot.jobs.jobs.Chore`."""
        while orders := await self._store.write(take):
            await asyncio.gather(*(self._bring(order) for order in orders))

    async def _bring(self, order: Order) -> None:
        try:
            answer = await self._through[order.provider].send(order)
        except Exception as error:  # whatever it is, it must not lose the order
            log.error("a payout could not be sent", extra={"payout": order.payout_id, "error": type(error).__name__})
            answer = Answer(State.LATER)
        await self._store.write(lambda unit: settle(unit, order, answer))


def payout_chore(settings: Settings, store: AsyncStore) -> Payouts | None:
    """The chore for the scheduler; None where no provider is configured."""
    through = providers(settings, store.clock)
    return Payouts(store, through) if through else None
