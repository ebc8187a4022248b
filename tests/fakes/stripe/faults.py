"""What may go wrong with a call; see `tests.fakes.faults`."""

from __future__ import annotations

from aiohttp import web

from tests.fakes.faults import Fault, answer, drop, hold
from tests.fakes.stripe.errors import Refused
from tests.fakes.wire import json_answer

__all__ = ["Fault", "drop", "hold", "limited", "malformed", "refused", "server_error"]


def _error(error: Refused, *, after: bool = False) -> Fault:
    return answer(lambda: json_answer(error.json(), error.status, error.headers), after=after)


def limited(retry_after: int = 0) -> Fault:
    """429: too many requests; nothing was executed."""
    headers = {"Stripe-Should-Retry": "true"} | ({"Retry-After": str(retry_after)} if retry_after else {})
    return _error(Refused("Request rate limit exceeded.", "rate_limit", status=429, headers=headers))


def server_error(status: int = 500, *, after: bool = False) -> Fault:
    """A 5xx; with `after`, of the nasty sort: the work was done all the same."""
    message = "An unknown error occurred"
    return _error(Refused(message, status=status, kind="api_error"), after=after)


def refused(error: Refused, *, after: bool = False) -> Fault:
    """Any other error."""
    return _error(error, after=after)


def malformed(*, after: bool = False) -> Fault:
    """HTTP 200 with JSON that breaks off."""
    return answer(lambda: web.Response(body=b'{"id": "tr_', content_type="application/json"), after=after)
