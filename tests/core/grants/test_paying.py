"""Paying: who may, what the books say after it, what is told, and that nothing has an effect twice."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import BadInput, Conflict, NotAllowed, NotFound
from core.grants.paying import undo_payment
from core.grants.receipts import receipts_of_grant
from core.ledger.accounts import Kind, balance
from core.ledger.journals import NotEnough
from core.operations.run import Ask
from tests.core.grants.circle import Circle
from tests.core.grants.lives import accepted, states
from tests.world import World


@pytest.fixture
def circle(world: World) -> Circle:
    return Circle(world)


def _undo(circle: Circle, journal_id: int, why: str = "a typo") -> int:
    tom = circle.world.id_of("Tom")
    found: int = circle.world.write(lambda unit: undo_payment(unit, journal_id, tom, why))
    return found


def test_one_click_pays_the_default_grant_and_completes_it(circle: Circle) -> None:
    place = circle.lobby()
    handle = circle.propose(at={"place": place})
    for who in ("Stan", "Tom"):
        circle.world.do(who, "grant.approve", grant=f"#{handle}")
    assert circle.free() == (120_000, 50_000)
    circle.done("Ana", "Accept")
    card = circle.press("Stan", "It is paid")
    assert isinstance(card, Ask)
    assert "Write down that 500.00 EUR was paid to Ana" in card.arguments["question"]
    assert "I move no money." in card.arguments["question"]
    outcome = circle.world.press("Stan", card.buttons[0].token)
    assert outcome.result.number == "2026-0001"  # type: ignore[union-attr]
    grant = circle.grant(handle)
    assert (grant.state, states(circle, handle)) == ("completed", ["paid"])
    assert circle.free() == (70_000, 0)
    told, _ = circle.told("Ana")[-1]
    assert told == ("Your grant in Parser is recorded as paid, receipt 2026-0001. No equity, no debt, no exclusivity.")
    assert circle.said_in(place)[-1][0] == "A payment is recorded as paid: receipt 2026-0001."
    with pytest.raises(Conflict, match="already decided"):
        circle.world.press("Stan", card.buttons[0].token)
    with pytest.raises(Conflict, match="nothing to pay"):
        circle.world.do("Tom", "grant.pay", grant=f"#{handle}")
    circle.sound()


@pytest.mark.parametrize("who", ["Mia", "Ana", "Mod", "Ben", "Eve"])
def test_whoever_has_a_part_in_it_or_decides_nothing_pays_nothing(circle: Circle, who: str) -> None:
    handle = accepted(circle)
    tried: dict[str, dict[str, Any]] = {f"grant.{verb}": {} for verb in ("release", "pay", "skip", "complete")}
    for operation, more in (tried | {"grant.revoke": {"reason": "no"}}).items():
        with pytest.raises((NotAllowed, NotFound)):
            circle.world.do(who, operation, grant=f"#{handle}", **more)
    assert states(circle, handle) == ["due"]


def test_a_steward_who_receives_it_neither_releases_nor_pays_it(circle: Circle) -> None:
    circle.world.join("Hal", "Home", "owner", here=False)
    circle.world.clock.advance(10**9)
    handle = circle.propose(person="Stan")
    for who in ("Olga", "Tom"):
        circle.world.do(who, "grant.approve", grant=f"#{handle}")
    circle.world.do("Stan", "grant.accept", grant=f"#{handle}")
    for operation in ("grant.release", "grant.pay", "grant.complete"):
        with pytest.raises(NotAllowed):
            circle.world.do("Stan", operation, grant=f"#{handle}")
    circle.world.do("Tom", "grant.pay", grant=f"#{handle}")
    assert states(circle, handle) == ["paid"]


def test_a_fee_comes_out_of_the_fund_on_top_and_only_if_it_has_it(circle: Circle) -> None:
    handle = accepted(circle, amount="1199 EUR")
    with pytest.raises(NotEnough, match=r"2\.00 EUR is more than there is: 1\.00 EUR"):
        circle.world.do("Tom", "grant.pay", grant=f"#{handle}", fee="2 EUR")
    with pytest.raises(BadInput, match="fee has to be in EUR"):
        circle.world.do("Tom", "grant.pay", grant=f"#{handle}", fee="2 CHF")
    assert states(circle, handle) == ["due"]
    told: dict[str, Any] = {"method": "bank transfer", "reference": "RF18", "day": "yesterday"}
    paid = circle.world.do("Tom", "grant.pay", grant=f"#{handle}", fee="0.60 EUR", **told)
    assert (paid.fee, paid.method, paid.reference) == ("0.60 EUR", "bank transfer", "RF18")
    assert circle.free() == (40, 0)
    fees = circle.world.read(lambda unit: balance(unit, Kind.FEE, circle.parser, "EUR"))
    assert fees.posted == 60
    circle.sound()


def test_released_by_one_and_paid_by_another(circle: Circle) -> None:
    handle = accepted(circle, parts="2", each="30 days")
    assert states(circle, handle) == ["due", "planned"]
    with pytest.raises(Conflict, match="Part 2 is planned"):
        circle.world.do("Tom", "grant.pay", grant=f"#{handle}", part="2")
    circle.world.do("Stan", "grant.release", grant=f"#{handle}", part="2")  # by name also before its time
    circle.world.do("Tom", "grant.pay", grant=f"#{handle}", part="2")
    assert (circle.grant(handle).state, states(circle, handle)) == ("active", ["due", "paid"])
    with pytest.raises(Conflict, match="Part 2 is paid"):
        circle.world.do("Tom", "grant.pay", grant=f"#{handle}", part="2")
    with pytest.raises(BadInput, match="no number 7"):
        circle.world.do("Tom", "grant.pay", grant=f"#{handle}", part="7")
    circle.world.do("Tom", "grant.pay", grant=f"#{handle}")
    assert (circle.grant(handle).state, circle.free()) == ("completed", (70_000, 0))
    circle.sound()


def test_ones_own_money_is_paid_by_its_giver_alone(circle: Circle) -> None:
    circle.deposit(60_000, own="Ben")
    handle = circle.propose("Ben", giver="me")
    circle.world.do("Ana", "grant.accept", grant=f"#{handle}")
    for who in ("Olga", "Tom", "Ana"):
        with pytest.raises((NotAllowed, NotFound)):
            circle.world.do(who, "grant.pay", grant=f"#{handle}")
    circle.world.do("Ben", "grant.pay", grant=f"#{handle}", method="cash")
    assert circle.free(own="Ben") == (10_000, 0)
    assert circle.free() == (120_000, 0)
    circle.sound()


def test_leaving_a_part_out_and_completing_free_the_rest(circle: Circle) -> None:
    handle = accepted(circle, parts="4", each="30 days")
    with pytest.raises(Conflict, match="revoke it, with a reason"):
        circle.world.do("Tom", "grant.complete", grant=f"#{handle}")
    circle.world.do("Tom", "grant.skip", grant=f"#{handle}", part="2")
    assert circle.free() == (120_000, 37_500)
    assert circle.told("Ana")[-1][0] == "A part of your grant in Parser won't be paid."
    circle.world.do("Tom", "grant.pay", grant=f"#{handle}")
    circle.world.do("Stan", "grant.complete", grant=f"#{handle}")
    assert states(circle, handle) == ["paid", "skipped", "skipped", "skipped"]
    assert (circle.grant(handle).state, circle.free()) == ("completed", (107_500, 0))
    circle.sound()


def test_revoking_returns_only_what_is_unpaid_and_asks_why(circle: Circle) -> None:
    handle = accepted(circle, parts="2", each="30 days")
    circle.world.do("Tom", "grant.pay", grant=f"#{handle}")
    ended = circle.world.do("Stan", "grant.revoke", grant=f"#{handle}", reason="the project ended")
    assert ended.freed == "250.00 EUR"
    assert (circle.grant(handle).state, states(circle, handle)) == ("revoked", ["paid", "returned"])
    assert circle.free() == (95_000, 0)
    assert "What was paid stays where it is." in circle.told("Ana")[-1][0]
    with pytest.raises(Conflict, match="revoked"):
        circle.world.do("Stan", "grant.revoke", grant=f"#{handle}", reason="again")
    circle.sound()


def test_what_waits_for_a_yes_can_be_revoked_too(circle: Circle) -> None:
    handle = circle.propose()
    for who in ("Stan", "Tom"):
        circle.world.do(who, "grant.approve", grant=f"#{handle}")
    circle.world.do("Olga", "grant.revoke", grant=f"#{handle}", reason="a mistake")
    assert (circle.grant(handle).state, circle.free()) == ("revoked", (120_000, 0))


def test_a_payment_that_was_a_mistake_is_due_again(circle: Circle) -> None:
    handle = accepted(circle)
    circle.world.do("Tom", "grant.pay", grant=f"#{handle}", fee="1 EUR")
    journal_id = circle.grant(handle).tranches[0].journal_id
    assert journal_id is not None
    _undo(circle, journal_id)
    grant = circle.grant(handle)
    assert (grant.state, states(circle, handle)) == ("active", ["due"])
    assert circle.free() == (120_000, 50_000)
    receipts = circle.world.read(lambda unit: receipts_of_grant(unit, grant.id))
    assert [(one.number, one.undone) for one in receipts] == [("2026-0001", True)]
    with pytest.raises(LookupError):
        _undo(circle, journal_id)
    circle.sound()
    circle.world.do("Tom", "grant.pay", grant=f"#{handle}")
    receipts = circle.world.read(lambda unit: receipts_of_grant(unit, grant.id))
    assert [(one.number, one.undone) for one in receipts] == [("2026-0001", True), ("2026-0002", False)]
    assert (circle.grant(handle).state, circle.free()) == ("completed", (70_000, 0))
    circle.sound()


def test_of_a_revoked_grant_a_mistaken_payment_goes_back_to_the_fund(circle: Circle) -> None:
    handle = accepted(circle, parts="2", each="30 days")
    circle.world.do("Tom", "grant.pay", grant=f"#{handle}")
    journal_id = circle.grant(handle).tranches[0].journal_id
    circle.world.do("Stan", "grant.revoke", grant=f"#{handle}", reason="it ended")
    assert journal_id is not None
    _undo(circle, journal_id)
    assert states(circle, handle) == ["returned", "returned"]
    assert (circle.grant(handle).state, circle.free()) == ("revoked", (120_000, 0))
    circle.sound()
