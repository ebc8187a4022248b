"""What became of whose money: to the cent, first in first out, whatever was moved and taken back in between."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import DAY, ManualClock
from core.errors import NotAllowed, NotFound
from core.funds.backers import Attribution, Move, attribute
from core.ledger.units import Money
from core.rules.rules import set_rule
from core.rules.words import Action, pack_actions
from tests.core.funds.books import pay, peopled, proven
from tests.world import World

POOLS = (1, 2, 3)


@pytest.fixture
def world(world: World) -> World:
    return peopled(world)


@st.composite
def histories(draw: st.DrawFn) -> list[Move]:
    """Deposits, transfers, payments with fees, and reversals, such that no pool is ever below zero."""
    moves: list[Move] = []
    pools: dict[int, int] = dict.fromkeys(POOLS, 0)
    for number in range(1, draw(st.integers(1, 25)) + 1):
        kind = draw(st.sampled_from(["deposit", "deposit", "payment", "transfer", "reversal"]))
        pool = draw(st.sampled_from(POOLS))
        if kind == "deposit":
            moves.append(Move(number, 0, 0, pool, draw(st.integers(1, 50)), backer_id=draw(st.integers(1, 3))))
            pools[pool] += moves[-1].amount
        elif kind == "reversal" and moves:
            at = draw(st.integers(0, len(moves) - 1))
            one = moves[at]
            after = pools.copy()
            after[one.target] = after.get(one.target, 0) - one.amount
            after[one.source] = after.get(one.source, 0) + one.amount + one.fee
            if not one.taken_back and all(after[p] >= 0 for p in POOLS):
                moves[at] = Move(one.id, 0, one.source, one.target, one.amount, one.fee, one.backer_id, taken_back=True)
                pools = after
        elif kind in ("payment", "transfer") and pools[pool]:
            whole = draw(st.integers(1, pools[pool]))
            fee = draw(st.integers(0, min(3, whole - 1))) if kind == "payment" else 0
            target = draw(st.sampled_from([p for p in POOLS if p != pool])) if kind == "transfer" else 0
            moves.append(Move(number, 0, pool, target, whole - fee, fee))
            pools[pool] -= whole
            pools[target] = pools.get(target, 0) + whole
    return moves


def balances(moves: list[Move]) -> dict[int, int]:
    found: dict[int, int] = dict.fromkeys(POOLS, 0)
    for one in moves:
        if not one.taken_back:
            found[one.source] = found.get(one.source, 0) - one.amount - one.fee
            found[one.target] = found.get(one.target, 0) + one.amount
    return {pool: found[pool] for pool in POOLS}


@given(histories())
def test_each_cent_is_attributed_once(moves: list[Move]) -> None:
    done = attribute(moves)
    standing = [one for one in moves if not one.taken_back]
    amounts: dict[int, int] = defaultdict(int)
    fees: dict[int, int] = defaultdict(int)
    deposits: dict[int, int] = defaultdict(int)
    for use in done.uses:
        assert use.amount >= 0
        assert use.fee >= 0
        assert use.amount + use.fee > 0
        amounts[use.payment_id] += use.amount
        fees[use.payment_id] += use.fee
        deposits[use.deposit_id] += use.amount + use.fee
    payments = [one for one in standing if one.source and not one.target]
    assert amounts == {one.id: one.amount for one in payments}  # every payment, to the cent
    assert {key: fee for key, fee in fees.items() if fee} == {one.id: one.fee for one in payments if one.fee}
    pools: dict[int, int] = dict.fromkeys(POOLS, 0)
    for (deposit_id, pool), left in done.left.items():
        assert left > 0
        deposits[deposit_id] += left
        pools[pool] += left
    assert deposits == {one.id: one.amount for one in standing if not one.source}  # every deposit, to the cent
    assert pools == balances(moves)  # what is left is where it is
    assert len({(use.deposit_id, use.payment_id) for use in done.uses}) == len(done.uses)


@given(histories())
def test_the_oldest_money_goes_first(moves: list[Move]) -> None:
    """In one pool without transfers: no deposit is touched while an older one has something left."""
    alone = [one for one in moves if (one.target or one.source) == 1 and not (one.source and one.target)]
    if any(one.taken_back for one in alone) or balances(alone)[1] < 0:
        return
    done = attribute(alone)
    order = [one.id for one in alone if not one.source]
    left = {deposit_id: amount for (deposit_id, _), amount in done.left.items()}
    full = {one.id: one.amount for one in alone if not one.source}
    touched = [deposit_id for deposit_id in order if left.get(deposit_id, 0) < full[deposit_id]]
    assert touched == order[: len(touched)]
    assert all(left.get(deposit_id, 0) == 0 for deposit_id in touched[:-1])


def test_what_waits_is_served_in_order() -> None:
    moves = [
        Move(1, 0, 0, 1, 100, backer_id=1, taken_back=True),
        Move(2, 0, 1, 2, 60),  # moved on while the first was there
        Move(3, 0, 2, 0, 50, 5),
        Move(4, 0, 0, 1, 100, backer_id=2),
    ]
    done = attribute(moves)
    assert done == Attribution(done.uses, {(4, 1): 40, (4, 2): 5})
    assert [(use.deposit_id, use.payment_id, use.amount, use.fee) for use in done.uses] == [(4, 3, 50, 5)]


def test_money_in_a_circle_waits_for_ever_and_hurts_nobody() -> None:
    moves = [
        Move(1, 0, 0, 1, 100, taken_back=True),
        Move(2, 0, 1, 2, 100),
        Move(3, 0, 2, 1, 100),
    ]
    assert attribute(moves) == Attribution((), {})


def test_what_my_money_did(world: World, clock: ManualClock) -> None:
    world.do("Tessa", "fund.deposit", amount="100 EUR", person="Ben")
    clock.advance(DAY)
    world.do("Tessa", "fund.deposit", amount="50 EUR", person="Cai")
    pay(world, "Tessa", "Ana", Money(8000, "EUR"), fee=100)
    world.do("Tessa", "fund.transfer", amount="30 EUR", to="Orbit")  # 19 of Ben, 11 of Cai
    pay(world, "Tessa", "Cai", Money(2000, "EUR"), nexus="Orbit")
    mine = world.do("Ben", "backer.show")
    assert [(one.put_in, one.given, one.fees, one.left, one.people) for one in mine.totals] == [
        ("100.00 EUR", "99.00 EUR", "1.00 EUR", "0.00 EUR", 2)
    ]
    (line,) = mine.deposits
    assert (line.amount, line.nexus, line.left, line.day) == ("100.00 EUR", "Parser", "", "1 Jan 2026")
    assert [(use.amount, use.fee, use.receipt) for use in line.uses] == [
        ("80.00 EUR", "1.00 EUR", "2026-0001"),
        ("19.00 EUR", "", "2026-0001"),
    ]
    # What is given in Orbit is for those who are in it.
    assert [(use.who, use.what) for use in line.uses] == [("Ana", "what Ana builds"), ("", "")]
    theirs = world.do("Tessa", "backer.show", person="Cai")
    assert (theirs.totals[0].given, theirs.totals[0].left) == ("1.00 EUR", "49.00 EUR")
    assert world.do("Ana", "backer.show").deposits == ()
    proven(world)


def test_recipients_only_as_the_rules_let_one_see(world: World) -> None:
    world.do("Tessa", "fund.deposit", amount="100 EUR", person="Ben")
    pay(world, "Tessa", "Ana", Money(2500, "EUR"))
    world.write(
        lambda unit: set_rule(
            unit,
            world.nexuses["Parser"].id,
            kind="grant",
            audience="member",
            effect="deny",
            actions=pack_actions((Action.SEE, Action.QUOTE)),
            by=world.id_of("Otto"),
        )
    )
    (use,) = world.do("Ben", "backer.show").deposits[0].uses
    assert (use.amount, use.who, use.what, use.receipt) == ("25.00 EUR", "", "", "2026-0001")
    for who in ("Ana", "Mod"):
        with pytest.raises(NotAllowed):
            world.call(who, "backer.show", person="Ben")
    with pytest.raises(NotFound):
        world.call("Tessa", "backer.show", person="Ana")


def test_what_was_taken_back_did_nothing(world: World) -> None:
    world.do("Tessa", "fund.deposit", amount="40 EUR", person="Ben")
    world.do("Tessa", "fund.deposit", amount="40 EUR", person="Cai")
    pay(world, "Tessa", "Ana", Money(3000, "EUR"))
    world.do("Ted", "fund.correct", entry="last payment", reason="never went out")
    assert world.do("Ben", "backer.show").totals[0].left == "40.00 EUR"
    pay(world, "Tessa", "Ana", Money(3000, "EUR"), own=False)
    assert world.do("Ben", "backer.show").totals[0].given == "30.00 EUR"


def test_what_i_give_myself(world: World) -> None:
    world.do("Ben", "fund.deposit", amount="40 EUR", own="yes")
    world.do("Tessa", "fund.deposit", amount="40 EUR", person="Cai")
    pay(world, "Ben", "Ana", Money(1500, "EUR"), own=True)
    assert (total := world.do("Ben", "backer.show").totals[0]).given == "15.00 EUR"
    assert total.left == "25.00 EUR"
    assert world.do("Cai", "backer.show").totals[0].left == "40.00 EUR"
