"""What the contract says of requests: their encoding, their headers, their parameters and types."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from tests.fakes.stripe.errors import Refused, missing
from tests.fakes.wire import Json

_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(?:\.[a-z_]+)?")
_INTEGER = re.compile(r"-?\d{1,18}")
_NAME = re.compile(r"(\w+)((?:\[\w*\])*)")
CURRENCIES = frozenset("eur usd gbp chf czk pln sek nok dkk cad aud nzd brl inr huf jpy krw".split())
_CREATE = frozenset(
    "amount currency description destination expand metadata source_transaction source_type transfer_group".split()
)
_LIST = frozenset("created destination ending_before expand limit starting_after transfer_group".split())
_METADATA = (50, 40, 500)  # keys, characters of a key, characters of a value
_GROUP = 5000


def key_of(headers: Mapping[str, str]) -> str:
    """The API key of a request, from Bearer or Basic. Raises Refused (401)."""
    said = headers.get("Authorization", "")
    scheme, _, rest = said.partition(" ")
    if scheme == "Bearer" and rest:
        return rest
    if scheme == "Basic":
        try:
            return base64.b64decode(rest, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            pass
    raise Refused(
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer "
        "auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        status=401,
    )


def check_headers(method: str, headers: Mapping[str, str]) -> None:
    """Raises Refused for a version, an idempotency key or an encoding that the API does not take."""
    version = headers.get("Stripe-Version")
    if version is not None and not _VERSION.fullmatch(version):
        raise Refused(f"Invalid Stripe API version: {version}")
    if len(headers.get("Idempotency-Key", "")) > 255:
        raise Refused("Idempotency keys are at most 255 characters long.", kind="idempotency_error")
    if method == "POST" and not headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        raise Refused("Invalid request (check that your POST content type is application/x-www-form-urlencoded).")


def decode(encoded: str) -> Json:
    """Form encoding with brackets for nested values: `metadata[payout]=5`, `expand[]=destination`."""
    found: Json = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True, strict_parsing=bool(encoded)):
        match = _NAME.fullmatch(name)
        if match is None:
            raise Refused(f"Received unknown parameter: {name}", "parameter_unknown", name)
        inner = re.findall(r"\[(\w*)\]", match[2])
        if not inner:
            found[match[1]] = value
        elif inner == [""] or inner[0].isdigit():
            found.setdefault(match[1], []).append(value)
        else:
            found.setdefault(match[1], {})[inner[0]] = value
    return found


def _known(params: Json, names: frozenset[str]) -> None:
    for name in params:
        if name not in names:
            raise Refused(f"Received unknown parameter: {name}", "parameter_unknown", name)


def _integer(params: Json, name: str) -> int:
    said = params[name]
    if not isinstance(said, str) or not _INTEGER.fullmatch(said):
        raise Refused(f"Invalid integer: {said}", "parameter_invalid_integer", name)
    return int(said)


def check_create(params: Json) -> Json:
    """The parameters of POST /v1/transfers with their types. Raises Refused."""
    _known(params, _CREATE)
    for name in ("currency", "destination"):
        if not params.get(name):
            raise missing(name)
    if "amount" not in params and "source_transaction" not in params:
        raise missing("amount")
    amount = _integer(params, "amount")
    if amount < 1:
        raise Refused("This value must be greater than or equal to 1.", "parameter_invalid_integer", "amount")
    if params["currency"] not in CURRENCIES:
        raise Refused(f"Invalid currency: {params['currency']}.", None, "currency")
    metadata = params.get("metadata", {})
    if not isinstance(metadata, dict):
        raise Refused("Invalid hash", None, "metadata")
    if len(metadata) > _METADATA[0] or any(len(k) > _METADATA[1] or len(v) > _METADATA[2] for k, v in metadata.items()):
        raise Refused("Metadata is too long.", None, "metadata")
    return {**params, "amount": amount, "metadata": metadata}


def check_list(params: Json) -> Json:
    """The parameters of GET /v1/transfers. Raises Refused."""
    _known(params, _LIST)
    limit = _integer(params, "limit") if "limit" in params else 10
    if not 1 <= limit <= 100:
        raise Refused("limit can range between 1 and 100.", "parameter_invalid_integer", "limit")
    if len(params.get("transfer_group", "")) > _GROUP:
        raise Refused("transfer_group is too long.", None, "transfer_group")
    return {**params, "limit": limit}


def transfer(number: int, params: Json, created: int) -> Json:
    """A transfer as the API shows it, all of its required fields and more."""
    name = f"tr_{number:024}"
    return {
        "id": name,
        "object": "transfer",
        "amount": params["amount"],
        "amount_reversed": 0,
        "balance_transaction": f"txn_{number:024}",
        "created": created,
        "currency": params["currency"],
        "description": params.get("description"),
        "destination": params["destination"],
        "destination_payment": f"py_{number:024}",
        "livemode": False,
        "metadata": dict(params["metadata"]),
        "reversals": _list([], f"/v1/transfers/{name}/reversals") | {"total_count": 0},
        "reversed": False,
        "source_transaction": params.get("source_transaction"),
        "source_type": params.get("source_type", "card"),
        "transfer_group": params.get("transfer_group"),
    }


def _list(data: list[Any], url: str, *, more: bool = False) -> Json:
    return {"object": "list", "data": data, "has_more": more, "url": url}


def listed(found: list[Json], limit: int) -> Json:
    """A page of transfers, newest first."""
    return _list(found[:limit], "/v1/transfers", more=len(found) > limit)
