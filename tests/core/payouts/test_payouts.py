"""Planning payouts and saying where one is paid."""

from __future__ import annotations

import pytest

from core.errors import BadInput, Conflict, NexusError, NotFound
from core.ledger.units import Money
from core.payouts import payouts
from core.payouts.provider import configure, names
from core.store import Unit
from tests.core.payouts.ground import ANA, BANK, ground
from tests.world import World


def test_a_plan_goes_where_the_recipient_said(world: World) -> None:
    made = ground(world).plan()
    assert (made.state, made.money, made.destination) == ("waiting", Money(50000, "EUR"), ANA)
    assert ANA not in repr(made)


def test_a_tranche_is_planned_once(world: World) -> None:
    place = ground(world)
    place.plan()
    with pytest.raises(Conflict, match="being paid right now"):
        place.plan()
    with pytest.raises(Conflict, match="being paid right now"):
        world.read(lambda unit: payouts.check_free(unit, place.tranche_id))


@pytest.mark.parametrize("state", ["planned", "due", "skipped", "returned", "paid"])
def test_only_what_is_released_is_sent(world: World, state: str) -> None:
    place = ground(world)
    place.set_state(state)
    with pytest.raises(Conflict, match="not released"):
        place.plan()
    assert place.payouts() == []


def test_without_an_account_it_says_what_to_do(world: World) -> None:
    with pytest.raises(NotFound, match=r"^Ana has not told me their The Bank account\."):
        ground(world, says=False).plan()


def test_what_a_provider_can_not_send(world: World) -> None:
    with pytest.raises(BadInput, match=r"^The Bank can't send CRD\."):
        ground(world, amount=Money(5_000_000, "CRD")).plan()


def test_a_provider_that_is_not_there(world: World) -> None:
    place = ground(world)
    with pytest.raises(BadInput, match=r"I can through The Bank\."):
        place.plan("paypal")
    configure(world.store, ())
    with pytest.raises(BadInput, match="Somebody pays as usual"):
        place.plan("bank")
    assert world.read(names) == ("manual",)


def test_what_nobody_has_begun_can_be_stopped(world: World) -> None:
    place = ground(world)
    place.plan()
    assert world.write(lambda unit: payouts.stop(unit, place.tranche_id))
    assert not world.write(lambda unit: payouts.stop(unit, place.tranche_id))
    assert place.state() == "released"
    assert place.plan().state == "waiting"  # and planned anew, under a key of its own
    assert len({row["key"] for row in place.payouts()}) == 2


def test_where_one_is_paid_is_said_shown_and_forgotten(world: World) -> None:
    ground(world, says=False)
    said = world.do("Ana", "payout.account", destination=ANA)
    assert (said.provider, said.destination) == ("The Bank", ANA)
    assert world.do("Ana", "payout.list").accounts == f"You are paid at {ANA} (The Bank)."
    other = "acct_1AnotherOne000"
    world.do("Ana", "payout.account", destination=other)
    assert world.read(lambda unit: payouts.account_of(unit, world.id_of("Ana"), "bank")) == other
    world.do("Ana", "payout.forget")
    assert world.read(lambda unit: payouts.accounts_of(unit, world.id_of("Ana"))) == {}
    with pytest.raises(Conflict, match="nothing to forget"):
        world.call("Ana", "payout.forget")


@pytest.mark.parametrize(
    "destination", ["acct_", "cus_1AnaAccount0000", "acct_1Ana Account", "acct_1AnaAccount€", "DE02 1203"]
)
def test_what_is_no_account_there_is_refused_before_it_is_asked(world: World, destination: str) -> None:
    ground(world, says=False)
    with pytest.raises(BadInput, match="acct_1234567890"):
        world.call("Ana", "payout.account", destination=destination)


def test_where_payments_are_made_by_hand_nobody_needs_an_account(world: World) -> None:
    ground(world, says=False)
    configure(world.store, ())
    with pytest.raises(BadInput, match="Somebody pays as usual"):
        world.call("Ana", "payout.account", destination=ANA)


def test_who_decides_sees_the_payouts_of_the_fund_and_others_their_own(world: World) -> None:
    place = ground(world)
    place.plan()
    (mine,) = world.do("Ana", "payout.list").items
    (theirs,) = world.do("Tom", "payout.list").items
    assert mine == theirs
    assert (mine.amount, mine.grant, mine.state) == ("500.00 EUR", "g7k2m", "waits to be sent")
    world.join("Ben", "Parser")
    assert world.do("Ben", "payout.list").items == ()
    assert ANA not in str(world.do("Tom", "payout.list"))


def test_merged_accounts_keep_what_was_said_last(world: World) -> None:
    ground(world)

    def two(unit: Unit) -> None:
        payouts.set_account(unit, world.id_of("Ana"), BANK, "acct_1Second00000")

    world.clock.advance(1000)
    world.write(two)
    assert world.read(lambda unit: payouts.accounts_of(unit, world.id_of("Ana"))) == {"bank": "acct_1Second00000"}


def test_refusals_are_for_people(world: World) -> None:
    place = ground(world)
    for provider in ("", "paypal", "x" * 80):
        with pytest.raises(NexusError) as refusal:
            place.plan(provider)
        assert refusal.value.message.endswith(".")
