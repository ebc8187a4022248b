"""A believable Stripe: transfers to connected accounts, as API v1 has them.

Checked against Stripe's OpenAPI description (PostTransfers, GetTransfers, GetTransfersTransfer) and its pages on
idempotent requests and errors. `FakeStripe` is the way in.
"""

from tests.fakes.stripe.errors import Refused
from tests.fakes.stripe.faults import Fault, drop, hold, limited, malformed, refused, server_error
from tests.fakes.stripe.server import API_KEY, FakeStripe, Recorded

__all__ = [
    "API_KEY",
    "FakeStripe",
    "Fault",
    "Recorded",
    "Refused",
    "drop",
    "hold",
    "limited",
    "malformed",
    "refused",
    "server_error",
]
