"""Transfers to connected accounts through Stripe (its API v1, by its own library).

Decision rule: a transfer is made with the order's key as idempotency key, so within a day a repeat gives the first
result (https://docs.stripe.com/api/idempotent_requests). Whatever may have gone through once is looked up by its
transfer group before it is repeated, and after a day only looked up. An answer is final only if Stripe says so itself:
a lost connection, a 5xx, a conflict and a limit are not, and lead to another attempt later.

Stripe is told the amount, the account and row ids; no name, no purpose. The key goes nowhere but into the library.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import stripe

from bot.log import log
from core.clock import HOUR, SECOND, Clock
from core.payouts.provider import Answer, Order, State

REPEATED = 23 * HOUR  # how long a key is good for a repeat; Stripe keeps it for at least 24 hours
TIMEOUT = 40.0  # seconds for one request
_LATER = Answer(State.LATER)

_WHY = {
    "balance_insufficient": "balance",
    "insufficient_funds": "balance",
    "account_closed": "account",
    "account_invalid": "account",
    "insufficient_capabilities_for_transfer": "account",
    "transfers_not_allowed": "account",
    "api_key_expired": "setup",
    "livemode_mismatch": "setup",
    "platform_api_key_expired": "setup",
    "platform_account_required": "setup",
    "secret_key_required": "setup",
    "testmode_charges_only": "setup",
}
_WHY_BY_PARAMETER = {"destination": "account", "currency": "currency"}
_NOT_FINAL = frozenset({"idempotency_key_in_use", "lock_timeout", "rate_limit"})


class StripePays:
    """The conversation with Stripe; see `bot.payouts.pays.Pays`. `url` is where its API is."""

    def __init__(self, key: str, url: str, clock: Clock, *, timeout: float = TIMEOUT) -> None:
        # At INFO the library writes down what Stripe answers, and that can name accounts and parts of keys.
        logging.getLogger("stripe").setLevel(logging.WARNING)
        stripe.enable_telemetry = False
        self._clock = clock
        self._client = stripe.StripeClient(
            key,
            base_addresses={"api": url.rstrip("/")},
            max_network_retries=0,  # each attempt is one that is written down
            http_client=stripe.RequestsClient(timeout=timeout),
        )

    async def send(self, order: Order) -> Answer:
        """See `Pays.send`."""
        if order.attempt > 1:
            try:
                found = await asyncio.to_thread(self._look_up, order)
            except stripe.StripeError as error:
                _tell(error, order, _LATER)
                return _LATER  # whatever it says, it says nothing about the payment
            if found is not None:
                return found
            if self._clock.now() - order.first_at >= REPEATED:
                return Answer(State.FAILED, why="unclear")
        try:
            return await asyncio.to_thread(self._create, order)
        except stripe.StripeError as error:
            answer = _answer(error, order)
            _tell(error, order, answer)
            return answer

    def _create(self, order: Order) -> Answer:
        made = self._client.v1.transfers.create(
            {
                "amount": order.money.minor,
                "currency": order.money.unit.lower(),
                "destination": order.destination,
                "transfer_group": order.key,
                "metadata": {
                    "payout": str(order.payout_id),
                    "grant": str(order.grant_id),
                    "tranche": str(order.tranche_id),
                },
            },
            {"idempotency_key": order.key},
        )
        return Answer(State.PAID, external=str(made.id))

    def _look_up(self, order: Order) -> Answer | None:
        """The transfer that an earlier attempt made, if it did."""
        found = self._client.v1.transfers.list({"transfer_group": order.key, "limit": 10})
        for one in found.data:
            if "payout" in one.metadata and one.metadata["payout"] == str(order.payout_id):
                taken_back = bool(one.reversed)
                return Answer(State.FAILED, why="refused") if taken_back else Answer(State.PAID, external=str(one.id))
        return None


def _tell(error: stripe.StripeError, order: Order, answer: Answer) -> None:
    """Into the log: what kind of trouble, never its words, which can name accounts and parts of keys."""
    log.warning(
        "a payout did not go through",
        extra={
            "payout": order.payout_id,
            "attempt": order.attempt,
            "error": type(error).__name__,
            "why": answer.why or answer.state.value,
        },
    )


def _answer(error: stripe.StripeError, order: Order) -> Answer:
    """What an error says about the payment: failed for good only where nothing can have been paid."""
    code = _code(error)
    if isinstance(error, stripe.RateLimitError):
        return Answer(State.LATER, wait=_asked_to_wait(error))
    if isinstance(error, stripe.IdempotencyError) or code in _NOT_FINAL:
        return _LATER
    if isinstance(error, stripe.InvalidRequestError | stripe.CardError):
        parameter = getattr(error, "param", None) or ""
        return Answer(State.FAILED, why=_WHY.get(code) or _WHY_BY_PARAMETER.get(parameter) or "refused")
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        # Of an earlier attempt that says nothing: it may have been let in.
        return _LATER if order.attempt > 1 else Answer(State.FAILED, why=_WHY.get(code, "setup"))
    return _LATER


def _code(error: stripe.StripeError) -> str:
    body: Any = error.json_body
    inner = body.get("error") if isinstance(body, dict) else None
    return str(error.code or (inner.get("code") if isinstance(inner, dict) else "") or "")


def _asked_to_wait(error: stripe.StripeError) -> int:
    said = str((error.headers or {}).get("Retry-After", ""))
    return int(said) * SECOND if said.isascii() and said.isdigit() and len(said) < 6 else 0
