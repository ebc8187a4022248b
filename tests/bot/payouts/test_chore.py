"""The chore: from a planned payout to a payment in the books, with a real provider's library and with every break."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr

from bot.jobs.jobs import Periodic, Scheduler, plan
from bot.payouts.chore import EVERY, KIND, Payouts, payout_chore
from bot.payouts.setup import STRIPE, configure_payouts
from bot.payouts.stripe import StripePays
from bot.settings import Settings
from bot.unit import AsyncStore
from core.clock import MINUTE, ManualClock
from core.payouts.payouts import set_account
from core.payouts.provider import Answer, Order, configure
from core.store import Store
from tests.core.payouts.ground import ANA, Ground, ground
from tests.fakes.stripe import API_KEY, FakeStripe, drop, hold, server_error
from tests.world import World

CREATE = "POST /v1/transfers"


@pytest.fixture
async def stripe(clock: ManualClock) -> AsyncIterator[FakeStripe]:
    """A Stripe where Ana has an account."""
    fake = FakeStripe(now=lambda: clock.now() / 1000)
    fake.account(ANA)
    async with fake:
        yield fake


@pytest.fixture
def place(world: World) -> Ground:
    """A released tranche for Ana, who is paid through Stripe."""
    made = ground(world)
    configure(world.store, (STRIPE,))
    world.write(lambda unit: set_account(unit, world.id_of("Ana"), STRIPE, ANA))
    return made


@pytest.fixture
def chore(store: Store, stripe: FakeStripe, clock: ManualClock, place: Ground) -> Payouts:
    """The chore that sends through that Stripe."""
    return Payouts(AsyncStore(store), {"stripe": StripePays(API_KEY, stripe.origin, clock, timeout=10)})


async def test_a_planned_payout_arrives_and_is_in_the_books(chore: Payouts, place: Ground, stripe: FakeStripe) -> None:
    place.plan("stripe")
    await chore([{}])
    await chore([{}])
    assert place.state() == "paid"
    assert stripe.received(ANA) == 50000
    assert place.payouts()[0]["external"] == stripe.transfers[0]["id"]
    assert len(stripe.requests) == 1


@pytest.mark.parametrize("after", [False, True], ids=["before the work", "after the work"])
async def test_a_lost_connection_pays_once(
    chore: Payouts, place: Ground, stripe: FakeStripe, clock: ManualClock, after: bool
) -> None:
    stripe.faults.add(CREATE, drop(after=after))
    place.plan("stripe")
    await chore([{}])
    assert place.state() == "released"
    clock.advance(MINUTE)
    await chore([{}])
    assert (place.state(), stripe.received(ANA)) == ("paid", 50000)


async def test_a_provider_that_is_down_for_hours(
    chore: Payouts, place: Ground, stripe: FakeStripe, clock: ManualClock
) -> None:
    stripe.faults.add("*", server_error(503), times=5)
    place.plan("stripe")
    for _ in range(5):
        await chore([{}])
        assert place.state() == "released"
        clock.advance(40 * MINUTE)
    await chore([{}])
    assert (place.state(), stripe.received(ANA)) == ("paid", 50000)


async def test_too_little_money_there_and_then_enough(chore: Payouts, place: Ground, stripe: FakeStripe) -> None:
    stripe.balance["eur"] = 100
    place.plan("stripe")
    await chore([{}])
    assert (place.state(), place.payouts()[0]["why"]) == ("released", "balance")
    stripe.balance["eur"] = 90_000
    place.plan("stripe")
    await chore([{}])
    assert (place.state(), stripe.received(ANA)) == ("paid", 50000)


async def test_killed_between_the_call_and_the_books(
    chore: Payouts, place: Ground, stripe: FakeStripe, clock: ManualClock
) -> None:
    stuck = hold(after=True)
    stripe.faults.add(CREATE, stuck)
    place.plan("stripe")
    run = asyncio.create_task(chore([{}]))
    await asyncio.wait_for(stuck.reached.wait(), 10)  # Stripe has paid, and we have not heard of it
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    stuck.release()
    assert (place.state(), stripe.received(ANA)) == ("released", 50000)
    clock.advance(MINUTE)
    await chore([{}])
    assert (place.state(), stripe.received(ANA)) == ("paid", 50000)
    assert [one.call for one in stripe.requests] == [CREATE, "GET /v1/transfers"]


async def test_two_processes_side_by_side(chore: Payouts, place: Ground, stripe: FakeStripe) -> None:
    place.plan("stripe")
    await asyncio.gather(chore([{}]), chore([{}]), chore([{}]))
    assert (place.state(), stripe.received(ANA), len(stripe.transfers)) == ("paid", 50000, 1)


class Odd:
    """A provider whose conversation breaks in a way that nobody thought of."""

    async def send(self, order: Order) -> Answer:
        raise RuntimeError(f"sk_live_secret {order.destination}")


async def test_an_error_nobody_thought_of_loses_nothing(
    store: Store, place: Ground, caplog: pytest.LogCaptureFixture
) -> None:
    place.plan("stripe")
    await Payouts(AsyncStore(store), {"stripe": Odd()})([{}])
    assert (place.state(), place.payouts()[0]["state"]) == ("released", "sent")
    assert "RuntimeError" in str([vars(one) for one in caplog.records])
    assert "sk_live_secret" not in caplog.text + str([vars(one) for one in caplog.records])


async def test_the_scheduler_runs_it(chore: Payouts, place: Ground, store: Store) -> None:
    place.plan("stripe")
    done = asyncio.Event()

    async def and_tell(payloads: list[dict[str, Any]]) -> None:
        await chore(payloads)
        done.set()

    store.write(lambda unit: plan(unit, "now", KIND, unit.now)).result()
    scheduler = Scheduler(AsyncStore(store), {}, (Periodic(KIND, EVERY),), {KIND: and_tell})
    running = asyncio.create_task(scheduler.run())
    await asyncio.wait_for(done.wait(), 30)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert place.state() == "paid"


def test_without_a_key_nothing_is_configured(store: Store) -> None:
    settings = Settings()
    configure_payouts(store, settings)
    assert store.read(lambda unit: dict(unit.pictures["payouts"])).result() == {}
    assert payout_chore(settings, AsyncStore(store)) is None


def test_with_a_key_stripe_is_there_and_the_key_is_not_shown(store: Store) -> None:
    settings = Settings(stripe_key=SecretStr("sk_test_51KeyThatNobodySees"))
    configure_payouts(store, settings)
    assert list(store.read(lambda unit: dict(unit.pictures["payouts"])).result()) == ["stripe"]
    assert payout_chore(settings, AsyncStore(store)) is not None
    assert "KeyThatNobodySees" not in repr(settings)
