"""The fake API: keys, idempotency, balance, accounts, transfers, records."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.faults import MethodFaults
from tests.fakes.stripe.errors import Refused
from tests.fakes.stripe.validate import check_create, check_headers, check_list, decode, key_of, listed, transfer
from tests.fakes.wire import Json, Served, json_answer

API_KEY = "sk_test_51FakeKeyForTests000000"
KEPT = 24 * 3600  # seconds for which a result is kept under its idempotency key


@dataclass(slots=True)
class Recorded:
    """A request: `path` with its method, decoded `params`, headers, HTTP `status` answered (0: cut or under way)."""

    call: str
    params: Json
    headers: Mapping[str, str]
    status: int = 0
    replayed: bool = False


@dataclass(slots=True)
class _Kept:
    fingerprint: str
    at: float
    status: int
    body: Json
    request_id: str


@dataclass(slots=True)
class _Account:
    transfers: str = "active"  # the capability
    received: int = 0


@dataclass(slots=True)
class _Books:
    balance: dict[str, int] = field(default_factory=lambda: {"eur": 1_000_000, "usd": 1_000_000})
    accounts: dict[str, _Account] = field(default_factory=dict)
    transfers: list[Json] = field(default_factory=list)


class FakeStripe(Served):
    """Stripe's API on loopback; an asynchronous context manager.

    `balance` is what can be transferred by currency, in minor units; `account()` makes a connected account. `faults`
    are put by call ("POST /v1/transfers"). `now` tells the time in seconds, for how long keys are kept.
    """

    def __init__(self, *, api_key: str = API_KEY, now: Callable[[], float] = time.time, port: int = 0) -> None:
        super().__init__(port)
        self.api_key = api_key
        self.may_transfer = True  # whether the key has that permission
        self.now = now
        self.faults = MethodFaults()
        self.requests: list[Recorded] = []
        self._books = _Books()
        self._kept: dict[str, _Kept] = {}
        self._busy: set[str] = set()

    @property
    def balance(self) -> dict[str, int]:
        """What is left to transfer, by currency in lower case."""
        return self._books.balance

    @property
    def transfers(self) -> list[Json]:
        """What was transferred, oldest first."""
        return self._books.transfers

    def account(self, name: str, *, transfers: str = "active") -> str:
        """A connected account with that state of its capability to receive transfers."""
        self._books.accounts[name] = _Account(transfers)
        return name

    def received(self, name: str) -> int:
        """The sum that an account got, in minor units."""
        return self._books.accounts[name].received

    def called(self, call: str) -> list[Recorded]:
        """The requests of one call, such as "POST /v1/transfers"."""
        return [one for one in self.requests if one.call == call]

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        raw = (await request.content.read()).decode()
        call = f"{request.method} {request.path}"
        record = Recorded(call, {}, dict(request.headers))
        self.requests.append(record)
        request_id = f"req_{len(self.requests):014}"
        try:
            record.params = decode(raw if request.method == "POST" else request.query_string)
            fault = self.faults.take(call, record.params)
            if fault is not None and not fault.after:
                stricken = await fault.strike(request)
                if stricken is not None:
                    return stricken
            self._authorise(request, call)
            check_headers(request.method, request.headers)
            key = request.headers.get("Idempotency-Key", "") if request.method == "POST" else ""
            status, body, kept = self._idempotent(key, record, request_id)
            if fault is not None and fault.after:
                with self._under_way(key):
                    stricken = await fault.strike(request)
                if stricken is not None:
                    self._remember_instead(key, stricken)
                    return stricken
        except Refused as refused:
            record.status = refused.status
            return json_answer(refused.json(), refused.status, {"Request-Id": request_id, **refused.headers})
        record.status = status
        headers = {
            "Request-Id": request_id,
            "Stripe-Version": request.headers.get("Stripe-Version", "2025-04-30.basil"),
        }
        if key:
            headers |= {"Idempotency-Key": key, "Original-Request": kept}
        if record.replayed:
            headers["Idempotent-Replayed"] = "true"
        return json_answer(body, status, headers)

    @contextmanager
    def _under_way(self, key: str) -> Iterator[None]:
        """While a request runs, another one with its key is in conflict with it."""
        self._busy.add(key)
        try:
            yield
        finally:
            self._busy.discard(key)

    def _authorise(self, request: web.BaseRequest, call: str) -> None:
        key = key_of(request.headers)
        if key != self.api_key:
            raise Refused(f"Invalid API Key provided: {key[:8]}{'*' * 12}{key[-4:]}", status=401)
        if not self.may_transfer and call.startswith("POST"):
            raise Refused(
                "The provided key does not have the required permissions for this endpoint. Having the "
                "'rak_transfer_write' permission would allow this request to continue.",
                status=403,
            )

    def _idempotent(self, key: str, record: Recorded, request_id: str) -> tuple[int, Json, str]:
        """The result of a request, or the one that is kept under its key."""
        print_of = hashlib.sha256(repr((record.call, sorted(record.params.items()))).encode()).hexdigest()
        if key and key in self._busy:
            raise Refused(
                "There is currently another in-progress request using this Idempotency Key.",
                "idempotency_key_in_use",
                status=409,
            )
        earlier = self._kept.get(key) if key else None
        if earlier is not None and self.now() - earlier.at < KEPT:
            if earlier.fingerprint != print_of:
                raise Refused(
                    "Keys for idempotent requests can only be used with the same parameters they were first used with.",
                    kind="idempotency_error",
                )
            record.replayed = True
            return earlier.status, earlier.body, earlier.request_id
        status = 200
        try:
            body = self._route(record)
        except Refused as refused:
            if not refused.saved:
                raise
            status, body = refused.status, refused.json()
        if key:
            self._kept[key] = _Kept(print_of, self.now(), status, body, request_id)
        return status, body, request_id

    def _remember_instead(self, key: str, stricken: web.StreamResponse) -> None:
        """A 500 after the work was done is what the key remembers from now on."""
        kept = self._kept.get(key)
        if kept is not None and isinstance(stricken, web.Response) and stricken.status == 500 and stricken.body:
            kept.status = 500
            kept.body = Refused("An unknown error occurred", status=500, kind="api_error").json()

    def _route(self, record: Recorded) -> Json:
        method, _, path = record.call.partition(" ")
        if (method, path) == ("POST", "/v1/transfers"):
            return self._create(check_create(record.params))
        if (method, path) == ("GET", "/v1/transfers"):
            params = check_list(record.params)
            names = {k: v for k, v in params.items() if k in ("transfer_group", "destination")}
            found = [one for one in reversed(self.transfers) if all(one[k] == v for k, v in names.items())]
            return listed(found, params["limit"])
        if method == "GET" and path.startswith("/v1/transfers/"):
            found = [one for one in self.transfers if one["id"] == path.removeprefix("/v1/transfers/")]
            if found:
                return found[0]
            raise Refused("No such transfer.", "resource_missing", "id", status=404)
        raise Refused(f"Unrecognized request URL ({method}: {path}).", status=404)

    def _create(self, params: Json) -> Json:
        account = self._books.accounts.get(params["destination"])
        if account is None:
            name = params["destination"]
            raise Refused(f"No such destination: '{name}'", "resource_missing", "destination", saved=True)
        if account.transfers != "active":
            raise Refused(
                "Your destination account needs to have at least one of the following capabilities enabled: transfers, "
                "crypto_transfers, legacy_payments",
                "insufficient_capabilities_for_transfer",
                saved=True,
            )
        currency, amount = params["currency"], params["amount"]
        if self.balance.get(currency, 0) < amount:
            raise Refused(
                "You have insufficient available funds in your Stripe account.", "balance_insufficient", saved=True
            )
        self.balance[currency] -= amount
        account.received += amount
        made = transfer(len(self.transfers) + 1, params, int(self.now()))
        self.transfers.append(made)
        return made

    def reverse(self, name: str) -> None:
        """Somebody takes a transfer back in the dashboard."""
        made: Any = next(one for one in self.transfers if one["id"] == name)
        made |= {"reversed": True, "amount_reversed": made["amount"]}
        self.balance[made["currency"]] += made["amount"]
        self._books.accounts[made["destination"]].received -= made["amount"]
