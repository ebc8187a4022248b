"""Statements in the store: each line once, matched one to one or asked about."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import select

from core.clock import DAY, ManualClock
from core.errors import BadInput, Conflict, NotAllowed, NotFound
from core.funds.tables import statement_line
from core.ledger.units import Money
from core.operations import Origin
from core.operations.run import Ask, Done
from tests.core.funds.books import pay, peopled, proven
from tests.world import World

HEAD = "date,amount,currency,text\n"


@pytest.fixture
def world(world: World, clock: ManualClock) -> World:
    clock.advance(60 * DAY)
    return peopled(world)


def rows(world: World) -> list[Any]:
    return list(world.read(lambda unit: unit.rows(select(statement_line).order_by(statement_line.c.id))))


def take_in(world: World, text: str) -> Any:
    return world.do("Tessa", "fund.import", lines=HEAD + text)


def match(world: World) -> Any:
    """Confirm the card; what it did."""
    return world.do("Tessa", "fund.match")


def test_each_line_is_taken_in_once(world: World) -> None:
    lines = [f"2026-01-{1 + day % 28:02},{1 + day % 7}.50,EUR,gift {day % 5}\n" for day in range(60)]
    first = take_in(world, "".join(lines[:40]) + "nonsense,1,EUR,x\n")
    assert (first.new, first.known, [one.number for one in first.unread]) == (40, 0, [42])
    again = take_in(world, "".join(lines[20:]))  # overlapping
    assert (again.new, again.known) == (20, 20)
    shuffled = lines.copy()
    random.Random(7).shuffle(shuffled)
    assert take_in(world, "".join(shuffled)).new == 0
    assert len(rows(world)) == 60


def test_equal_lines_are_two(world: World) -> None:
    same = "2026-01-05,5.00,EUR,coffee\n"
    assert take_in(world, same * 2).new == 2
    assert take_in(world, same * 3).new == 1
    assert take_in(world, same).new == 0


def test_the_card_says_what_was_read_and_asks_what_is_doubtful(world: World) -> None:
    asked = world.call(
        "Tessa", "fund.import", lines=HEAD + "2026-01-05,5.00,EUR,coffee\n2026-01-06,-2.00,EUR,tea\n,,,x\n"
    )
    assert isinstance(asked, Ask)
    assert asked.question.format(**asked.arguments) == (
        "2 lines, 5 Jan 2026 to 6 Jan 2026: 2 new, 0 known already.\n"
        "Of the new ones 1 came in and 1 went out.\n"
        "I read the first as 5.00 EUR on 5 Jan 2026: coffee\n"
        "I can't read 1: line 4 (no day)\n"
        "Take them into Parser? Nothing is entered or paid by that."
    )
    doubtful = HEAD + "03/02/2026,5.00,EUR,coffee\n"
    asked = world.call("Tessa", "fund.import", lines=doubtful)
    assert isinstance(asked, Ask)
    assert [b.label for b in asked.buttons] == ["3 Feb 2026", "2 Mar 2026"]
    card = world.press("Tessa", asked.buttons[0].token)
    assert isinstance(card, Ask)
    assert isinstance(world.press("Tessa", card.buttons[0].token), Done)
    assert [row["day"] for row in rows(world)] == [1_770_076_800_000]
    with pytest.raises(BadInput, match="in two ways"):
        world.call("Tessa", "fund.import", lines=doubtful, at={"origin": Origin.CLI})


def test_who_decides_about_money_may_read_statements(world: World) -> None:
    take_in(world, "2026-01-05,5.00,EUR,coffee\n")
    tried: list[tuple[str, dict[str, Any]]] = [
        ("fund.import", {"lines": HEAD + "2026-01-05,5.00,EUR,coffee\n"}),
        ("fund.match", {}),
        ("fund.lines", {}),
    ]
    for operation, arguments in tried:
        with pytest.raises(NotAllowed):
            world.call("Mod", operation, **arguments)
    with pytest.raises(NotFound):  # there is no such line for somebody who does not decide
        world.call("Mod", "fund.ignore", line="coffee", reason="not ours")


def test_what_fits_one_to_one_is_matched(world: World) -> None:
    world.do("Tessa", "fund.deposit", amount="500 EUR", person="Ben", day="2026-01-05", reference="INV-7")
    world.do("Tessa", "fund.deposit", amount="500 EUR", person="Cai", day="2026-01-06", reference="INV-8")
    world.do("Tessa", "fund.deposit", amount="20 EUR", day="2026-02-20")
    pay(world, "Tessa", "Ana", Money(10_000, "EUR"), fee=150)
    pay(world, "Tessa", "Cai", Money(3_000, "EUR"), fee=50)
    result = take_in(
        world,
        "2026-01-07,500.00,EUR,from Cai inv-8\n"
        "2026-01-07,500.00,EUR,from Ben INV-7.\n"
        "2026-03-02,-101.50,EUR,Ana\n"  # with its fee
        "2026-03-03,-30.00,EUR,Cai 2026-0002\n"  # the fee by itself
        "2026-03-03,-0.50,EUR,fee\n"
        "2026-01-20,20.00,EUR,cash\n",  # too far from the 20 that were entered
    )
    assert result.sure == 4
    asked = world.call("Tessa", "fund.match")
    assert isinstance(asked, Ask)
    assert (
        "• 500.00 EUR · 7 Jan 2026 · from Cai inv-8 → 500.00 EUR from Cai on 6 Jan 2026" in asked.arguments["question"]
    )
    done = world.press("Tessa", asked.buttons[0].token)
    assert isinstance(done, Done)
    assert (done.result.matched, done.result.unsure, done.result.alone) == (4, 0, 2)
    left = world.do("Tessa", "fund.lines")
    assert sorted(line.words for line in left.lines) == ["cash", "fee"]
    assert [entry[:9] for entry in left.entries] == ["20.00 EUR"]
    world.do("Tessa", "fund.ignore", line="fee", reason="fee of the payment to Cai")
    assert [row["why"] for row in rows(world) if row["state"] == "ignored"] == ["fee of the payment to Cai"]
    proven(world)


def test_what_could_be_several_is_asked_one_at_a_time(world: World) -> None:
    for person in ("Ben", "Cai"):
        world.do("Tessa", "fund.deposit", amount="50 EUR", person=person, day="2026-02-27")
    take_in(world, "2026-02-28,50.00,EUR,gift\n2026-02-27,50.00,EUR,donation\n2026-02-27,7.00,EUR,other\n")
    asked = world.call("Tessa", "fund.match")
    assert isinstance(asked, Ask)
    labels = [b.label for b in asked.buttons]
    assert [label.rpartition(" #")[0] for label in labels[:2]] == [
        "50.00 EUR from Ben on 27 Feb 2026",
        "50.00 EUR from Cai on 27 Feb 2026",
    ]
    assert labels[2:] == ["Enter it as a deposit", "Leave it open"]
    done = world.press("Tessa", asked.buttons[0].token)
    assert isinstance(done, Done)
    assert (done.result.matched, done.result.unsure, done.result.alone) == (1, 0, 1)  # now the other is sure
    assert match(world).matched == 1
    with pytest.raises(Conflict, match="nothing that fits was entered"):
        world.call("Tessa", "fund.match")
    deposit = world.call("Tessa", "fund.match", line="other")
    assert isinstance(deposit, Ask)
    entered = world.press("Tessa", deposit.buttons[0].token)
    assert isinstance(entered, Ask)
    assert entered.operation.name == "fund.deposit"
    world.press("Tessa", entered.buttons[0].token)
    assert match(world).alone == 0
    proven(world)


def test_a_line_is_matched_by_hand_and_only_with_what_it_says(world: World) -> None:
    first = world.do("Tessa", "fund.deposit", amount="50 EUR", day="2026-01-02")
    other = world.do("Tessa", "fund.deposit", amount="51 EUR", day="2026-01-02")
    take_in(world, "2026-02-20,50.00,EUR,late gift\n2026-01-02,51.00,EUR,gift of fifty one\n")
    with pytest.raises(Conflict, match="don't fit"):
        world.do("Tessa", "fund.match", line="late gift", entry=f"#{other.handle}")
    assert world.do("Tessa", "fund.match", line="late gift", entry=f"#{first.handle}").matched == 1
    with pytest.raises(Conflict):
        world.call("Tessa", "fund.ignore", line=f"={rows(world)[0]['id']}", reason="not ours")
    # What is taken back opens its line again.
    world.do("Ted", "fund.correct", entry=f"#{first.handle}", reason="entered twice")
    assert [row["state"] for row in rows(world)] == ["open", "open"]
    proven(world)


def test_own_deposits_are_on_no_statement_of_the_fund(world: World) -> None:
    world.do("Ben", "fund.deposit", amount="50 EUR", own="yes", day="2026-02-27")
    take_in(world, "2026-02-27,50.00,EUR,from Ben\n")
    assert world.do("Tessa", "fund.lines").lines[0].fits == ()
