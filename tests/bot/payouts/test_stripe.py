"""The conversation with Stripe: Stripe's own library against a fake that speaks its protocol."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.payouts.stripe import REPEATED, StripePays
from core.clock import HOUR, MINUTE, SECOND, ManualClock
from core.ledger.units import Money
from core.payouts.provider import Answer, Order, State
from tests.fakes.stripe import (
    API_KEY,
    FakeStripe,
    Fault,
    Refused,
    drop,
    hold,
    limited,
    malformed,
    refused,
    server_error,
)

ANA = "acct_1AnaAccount0000"
CREATE = "POST /v1/transfers"
LIST = "GET /v1/transfers"


@pytest.fixture
async def stripe(clock: ManualClock) -> AsyncIterator[FakeStripe]:
    """A Stripe where Ana has an account, on the clock of the test."""
    fake = FakeStripe(now=lambda: clock.now() / 1000)
    fake.account(ANA)
    async with fake:
        yield fake


@pytest.fixture
def pays(stripe: FakeStripe, clock: ManualClock) -> StripePays:
    """The provider that speaks with it."""
    return StripePays(API_KEY, stripe.origin, clock, timeout=10)


def order(clock: ManualClock, attempt: int = 1, *, money: Money | None = None, destination: str = ANA) -> Order:
    return Order(71, 5, 6, "stripe", "payout:71", money or Money(50000, "EUR"), destination, attempt, clock.now())


async def test_a_transfer_as_the_contract_wants_it(pays: StripePays, stripe: FakeStripe, clock: ManualClock) -> None:
    answer = await pays.send(order(clock))
    (made,) = stripe.transfers
    assert answer == Answer(State.PAID, external=made["id"])
    assert (made["amount"], made["currency"], made["destination"]) == (50000, "eur", ANA)
    assert made["transfer_group"] == "payout:71"
    assert made["metadata"] == {"payout": "71", "grant": "5", "tranche": "6"}
    (request,) = stripe.requests
    assert request.headers["Idempotency-Key"] == "payout:71"
    assert request.headers["Authorization"] == f"Bearer {API_KEY}"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.headers["Stripe-Version"]
    assert "X-Stripe-Client-Telemetry" not in request.headers
    assert set(request.params) == {"amount", "currency", "destination", "metadata", "transfer_group"}


@pytest.mark.parametrize(("money", "currency"), [(Money(500, "JPY"), "jpy"), (Money(1, "USD"), "usd")])
async def test_minor_units_as_they_are(
    pays: StripePays, stripe: FakeStripe, clock: ManualClock, money: Money, currency: str
) -> None:
    stripe.balance["jpy"] = 10_000
    assert (await pays.send(order(clock, money=money))).state is State.PAID
    assert (stripe.transfers[0]["amount"], stripe.transfers[0]["currency"]) == (money.minor, currency)


@pytest.mark.parametrize(
    "fault",
    [drop(), drop(after=True), server_error(500, after=True), server_error(502), server_error(503, after=True),
     malformed(after=True), limited()],
    ids=["lost before", "lost after", "500 after", "502", "503 after", "broken answer", "429"],
)  # fmt: skip
async def test_trouble_leads_to_one_transfer(
    pays: StripePays, stripe: FakeStripe, clock: ManualClock, fault: Fault
) -> None:
    stripe.faults.add(CREATE, fault)
    first = order(clock)
    assert (await pays.send(first)).state is State.LATER
    clock.advance(MINUTE)
    again = replace(first, attempt=2)
    assert (await pays.send(again)).state is State.PAID
    assert (await pays.send(replace(first, attempt=3))).external == stripe.transfers[0]["id"]
    assert stripe.received(ANA) == 50000
    assert len(stripe.transfers) == 1


async def test_what_was_done_is_found_before_it_is_repeated(
    pays: StripePays, stripe: FakeStripe, clock: ManualClock
) -> None:
    stripe.faults.add(CREATE, drop(after=True))
    await pays.send(order(clock))
    answer = await pays.send(order(clock, 2))
    assert answer == Answer(State.PAID, external=stripe.transfers[0]["id"])
    assert [one.call for one in stripe.requests] == [CREATE, LIST]
    assert stripe.requests[1].params == {"transfer_group": "payout:71", "limit": "10"}


async def test_a_repeat_within_the_day_is_known_by_its_key(
    pays: StripePays, stripe: FakeStripe, clock: ManualClock
) -> None:
    first = await pays.send(order(clock))
    clock.advance(REPEATED - MINUTE)
    assert await pays.send(order(clock)) == first  # as if another process had never heard of it
    assert [one.replayed for one in stripe.called(CREATE)] == [False, True]
    assert len(stripe.transfers) == 1


async def test_after_a_day_nothing_is_repeated(pays: StripePays, stripe: FakeStripe, clock: ManualClock) -> None:
    first = order(clock)
    stripe.faults.add(CREATE, drop())
    await pays.send(first)
    clock.advance(25 * HOUR)
    assert await pays.send(replace(first, attempt=9)) == Answer(State.FAILED, why="unclear")
    assert len(stripe.called(CREATE)) == 1
    assert stripe.transfers == []


async def test_after_a_day_what_was_done_is_still_found(
    pays: StripePays, stripe: FakeStripe, clock: ManualClock
) -> None:
    first = order(clock)
    stripe.faults.add(CREATE, server_error(500, after=True))
    await pays.send(first)
    clock.advance(48 * HOUR)
    assert (await pays.send(replace(first, attempt=9))).state is State.PAID
    assert len(stripe.transfers) == 1


async def test_a_500_that_is_kept_under_the_key_is_not_taken_for_an_end(
    pays: StripePays, stripe: FakeStripe, clock: ManualClock
) -> None:
    stripe.faults.add(CREATE, server_error(500, after=True))
    first = await pays.send(order(clock))
    replay = await pays.send(order(clock))
    assert (first.state, replay.state) == (State.LATER, State.LATER)
    assert stripe.called(CREATE)[1].replayed


async def test_while_the_list_is_out_of_reach_nothing_is_sent(
    pays: StripePays, stripe: FakeStripe, clock: ManualClock
) -> None:
    for fault in (server_error(503), refused(Refused("No.", status=401)), refused(Refused("No.", "odd", status=400))):
        stripe.faults.add(LIST, fault)
        assert await pays.send(order(clock, 2)) == Answer(State.LATER)
    assert stripe.called(CREATE) == []


async def test_what_was_taken_back_is_not_paid(pays: StripePays, stripe: FakeStripe, clock: ManualClock) -> None:
    stripe.faults.add(CREATE, drop(after=True))
    await pays.send(order(clock))
    stripe.reverse(stripe.transfers[0]["id"])
    assert await pays.send(order(clock, 2)) == Answer(State.FAILED, why="refused")


async def test_too_little_in_the_balance(pays: StripePays, stripe: FakeStripe, clock: ManualClock) -> None:
    stripe.balance["eur"] = 49_999
    assert await pays.send(order(clock)) == Answer(State.FAILED, why="balance")
    stripe.balance["eur"] = 50_000
    assert await pays.send(order(clock)) == Answer(
        State.FAILED, why="balance"
    )  # the key remembers, a new plan has its own
    assert (await pays.send(replace(order(clock), payout_id=72, key="payout:72"))).state is State.PAID


@pytest.mark.parametrize("capability", ["inactive", "pending"])
async def test_an_account_that_can_receive_nothing(
    pays: StripePays, stripe: FakeStripe, clock: ManualClock, capability: str
) -> None:
    stripe.account("acct_1BenAccount0000", transfers=capability)
    answer = await pays.send(order(clock, destination="acct_1BenAccount0000"))
    assert answer == Answer(State.FAILED, why="account")


async def test_an_account_that_is_not_there(pays: StripePays, clock: ManualClock) -> None:
    answer = await pays.send(order(clock, destination="acct_1Nobody000000"))
    assert answer == Answer(State.FAILED, why="account")


async def test_a_currency_that_is_not_sent(pays: StripePays, clock: ManualClock) -> None:
    answer = await pays.send(order(clock, money=Money(5_000_000, "CRD")))
    assert answer == Answer(State.FAILED, why="currency")


async def test_a_key_that_is_not_let_in(pays: StripePays, stripe: FakeStripe, clock: ManualClock) -> None:
    stripe.api_key = "sk_test_51Another0000000000"
    assert await pays.send(order(clock)) == Answer(State.FAILED, why="setup")
    stripe.api_key = API_KEY
    stripe.may_transfer = False
    assert await pays.send(order(clock)) == Answer(State.FAILED, why="setup")
    assert await pays.send(order(clock, 2)) == Answer(State.LATER)  # the first attempt may have been let in
    assert stripe.transfers == []


async def test_how_long_to_wait_is_heard(pays: StripePays, stripe: FakeStripe, clock: ManualClock) -> None:
    stripe.faults.add(CREATE, limited(retry_after=90))
    assert await pays.send(order(clock)) == Answer(State.LATER, wait=90 * SECOND)


async def test_two_processes_at_once(pays: StripePays, stripe: FakeStripe, clock: ManualClock) -> None:
    slow = hold(after=True)
    stripe.faults.add(CREATE, slow)
    first = asyncio.create_task(pays.send(order(clock)))
    await asyncio.wait_for(slow.reached.wait(), 10)
    assert await pays.send(order(clock)) == Answer(State.LATER)  # 409: its key is in use
    slow.release()
    assert (await first).state is State.PAID
    assert len(stripe.transfers) == 1


async def test_no_answer_in_time(stripe: FakeStripe, clock: ManualClock) -> None:
    impatient = StripePays(API_KEY, stripe.origin, clock, timeout=0.05)
    stuck = hold(after=True)
    stripe.faults.add(CREATE, stuck)
    assert await impatient.send(order(clock)) == Answer(State.LATER)
    stuck.release()
    assert (await StripePays(API_KEY, stripe.origin, clock, timeout=10).send(order(clock, 2))).state is State.PAID
    assert len(stripe.transfers) == 1


async def test_nobody_there(pays: StripePays, stripe: FakeStripe, clock: ManualClock) -> None:
    await stripe.stop()
    assert await pays.send(order(clock)) == Answer(State.LATER)


async def test_neither_key_nor_account_reach_a_log_or_a_repr(
    pays: StripePays, stripe: FakeStripe, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="nexus")
    caplog.set_level(logging.DEBUG, logger="urllib3")
    other = "sk_test_51Another0000000000"
    stripe.api_key = other
    await pays.send(order(clock))
    stripe.api_key = API_KEY
    stripe.faults.add(CREATE, drop())
    await pays.send(order(clock))
    await pays.send(order(clock, destination="acct_1Nobody000000"))
    said = caplog.text + repr(pays) + repr(order(clock)) + "".join(repr(vars(one)) for one in caplog.records)
    assert "a payout did not go through" in said
    for secret in (API_KEY, API_KEY[-4:], other, ANA, "acct_1Nobody000000"):
        assert secret not in said
