"""Mandates: given by four eyes, used within a rolling window, for nobody who holds or gave one; and ended."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cards import reply_for
from bot.cards.plain import as_text
from bot.words import Words
from core.clock import DAY
from core.errors import Conflict, NexusError, NotAllowed, NotFound
from core.ledger.units import Money
from core.nexuses import members
from core.operations.run import Ask, Done
from core.people.linking import merge, separate
from core.people.people import account_of
from core.policies import mandates
from core.policies.mandates import Mandate, mandate_by_handle
from core.store import Unit
from tests.core.grants.circle import Circle
from tests.core.grants.four import circle_below_hilda
from tests.core.grants.test_at_once import together
from tests.world import World

MONTH = 30 * DAY


@pytest.fixture
def engine() -> str:
    """Sentences and sums are the same on both: what differs is tried on PostgreSQL, at once."""
    return "sqlite"


@pytest.fixture
def circle(world: World) -> Circle:
    """Olga owns Parser, Stan is its steward, Tom its treasurer; Hilda owns Home above; Mia, Ana and Ben are members."""
    return circle_below_hilda(world)


def proposed(circle: Circle, who: str = "Olga", **said: Any) -> str:
    words = {"person": "Mia", "amount": "200 EUR", "every": "30 days"} | said
    handle: str = circle.world.do(who, "mandate.give", **words).handle
    return handle


def active(circle: Circle, who: str = "Olga", **said: Any) -> str:
    handle = proposed(circle, who, **said)
    for name in ("Stan", "Tom", "Olga", "Hilda"):
        if found(circle, handle).state == "proposed" and name != who:
            circle.world.do(name, "mandate.approve", mandate=f"#{handle}")
    assert found(circle, handle).state == "active"
    return handle


def found(circle: Circle, handle: str) -> Mandate:
    one: Mandate | None = circle.world.read(lambda unit: mandate_by_handle(unit, handle))
    assert one is not None
    return one


def left(circle: Circle, handle: str) -> int:
    return int(circle.world.read(lambda unit: mandates.left(unit, found(circle, handle))).minor)


def gives(circle: Circle, to: str, amount: str, who: str = "Mia") -> str:
    """Somebody gives within their mandate; the handle."""
    done = circle.world.do(who, "grant.propose", person=to, amount=amount, purpose="a lamp", giver="mandate")
    assert (done.source, done.needed) == ("mandate", 0)
    return str(done.handle)


def test_the_card_says_what_it_takes(circle: Circle) -> None:
    card = circle.world.call("Olga", "mandate.give", person="Mia", amount="200 EUR", every="10 days")
    assert isinstance(card, Ask)
    assert card.question.format(**card.arguments).split("\n") == [
        "May Mia give up to 200.00 EUR of the fund of Parser within 10 days, without asking each time?",
        "In the time that the policy looks at, that can come to 600.00 EUR, with what they hold already.",
        "It takes 2 approvals, neither yours nor theirs.",
        "They can give nothing of it to themselves, nor to whoever gives it to them.",
    ]


def test_it_takes_the_approvals_of_a_grant_of_all_that_could_be_given(circle: Circle) -> None:
    world = circle.world
    world.do("Olga", "policy.set", approvals=2, amount="500 EUR")
    world.do("Olga", "policy.set", approvals=3, amount="1000 EUR")
    small = proposed(circle)
    assert found(circle, small).needed == 1
    assert found(circle, proposed(circle, person="Ben", every="10 days")).needed == 2  # 600 in 30 days
    assert found(circle, proposed(circle, person="Ana", amount="1000 EUR")).needed == 3
    assert found(circle, proposed(circle, amount="300 EUR")).needed == 2  # with the first one
    world.do("Tom", "mandate.approve", mandate=f"#{small}")
    assert found(circle, small).state == "proposed"  # another one of hers waits by now: it can only rise
    world.do("Stan", "mandate.approve", mandate=f"#{small}")
    assert found(circle, small).state == "active"


def test_neither_proposer_nor_holder_approves_it(circle: Circle) -> None:
    world = circle.world
    handle = proposed(circle, person="Stan")
    for who in ("Olga", "Stan"):
        for operation in ("mandate.approve", "mandate.reject"):
            with pytest.raises(NotAllowed, match="takes someone other than you, as you have a part in it"):
                world.do(who, operation, mandate=f"#{handle}")
    with pytest.raises(NotAllowed, match="takes an owner, steward or treasurer of Parser, which you are not"):
        world.do("Mia", "mandate.approve", mandate=f"#{handle}")
    with pytest.raises(NotFound):
        world.do("Eve", "mandate.approve", mandate=f"#{handle}")
    assert world.do("Tom", "mandate.approve", mandate=f"#{handle}").have == 1
    with pytest.raises(Conflict, match="approved that already"):
        world.do("Tom", "mandate.approve", mandate=f"#{handle}")
    step = world.do("Hilda", "mandate.approve", mandate=f"#{handle}", at={"here": "Parser"})
    assert (step.state, step.have) == ("active", 2)
    with pytest.raises(Conflict, match="decided already"):
        world.do("Tom", "mandate.reject", mandate=f"#{handle}")
    assert any("You may now give up to 200.00 EUR" in text for text, _ in circle.told("Stan"))
    assert any("your proposal is approved" in text for text, _ in circle.told("Olga"))


def test_those_who_can_are_asked_with_buttons(circle: Circle) -> None:
    handle = proposed(circle)
    text, buttons = circle.told("Stan")[-1]
    assert text.startswith("Olga proposes that Mia may give up to 200.00 EUR of the fund of Parser within 30 days.")
    assert set(buttons) == {"Approve", "Reject"}
    assert circle.done("Stan", "Approve").have == 1
    assert circle.told("Hilda") == []  # enough of Parser itself
    circle.done("Tom", "Reject")
    assert found(circle, handle).state == "rejected"


def test_only_who_decides_about_money_proposes_one_and_only_for_members(circle: Circle) -> None:
    for who in ("Mia", "Mod"):
        with pytest.raises(NotAllowed, match="owner, steward or treasurer"):
            proposed(circle, who)
    circle.world.join("Gus", "Parser", "guest")
    with pytest.raises(NexusError):
        proposed(circle, person="Gus")
    with pytest.raises(NexusError):
        proposed(circle, person="Eve")


def test_where_too_few_can_decide_the_ways_out_are_named(world: World) -> None:
    world.nexus("Den", owner="Olga")
    world.join("Mia", "Den")
    world.clock.advance(2 * DAY)
    done = world.call("Olga", "mandate.give", person="Mia", amount="5 EUR", at={"here": "Den"})
    assert isinstance(done, Ask)
    done = world.press("Olga", done.buttons[0].token, at={"here": "Den"})
    assert isinstance(done, Done)
    said = as_text(reply_for(done, Words()))
    assert "It takes 2 approvals." in said
    assert "Ways out: one more owner, steward or treasurer, or giving from one's own deposit." in said


def test_what_is_given_counts_in_each_span_looked_at_from_now(circle: Circle) -> None:
    handle = active(circle)
    first = gives(circle, "Ana", "150 EUR")
    circle.world.clock.advance(10 * DAY)
    gives(circle, "Ben", "50 EUR")
    assert left(circle, handle) == 0
    with pytest.raises(NotAllowed, match="no mandate in Parser that covers"):
        gives(circle, "Ben", "1 EUR")
    circle.world.do("Ana", "grant.accept", grant=f"#{first}")
    circle.world.clock.advance(20 * DAY)
    assert left(circle, handle) == 15_000
    circle.world.clock.advance(10 * DAY)
    assert left(circle, handle) == 20_000


def test_what_comes_back_can_be_given_again(circle: Circle) -> None:
    handle = active(circle)
    given = gives(circle, "Ana", "150 EUR")
    circle.world.do("Ana", "grant.decline", grant=f"#{given}")
    assert left(circle, handle) == 20_000


def test_it_is_nothing_for_its_holder_or_who_gave_it_or_who_was_one_with_them(circle: Circle) -> None:
    world = circle.world
    world.person("Mia 2", platform="telegram")
    world.person("Stan 2", platform="telegram")
    world.join("Mia 2", "Parser")
    world.join("Stan 2", "Parser")
    active(circle)  # proposed by Olga, approved by Stan and Tom
    for name in ("Olga", "Stan", "Tom"):
        with pytest.raises(NotAllowed, match="gives nothing to whoever holds it or gave it"):
            gives(circle, name, "10 EUR")
    with pytest.raises(NotAllowed, match="for themselves"):
        gives(circle, "me", "10 EUR")
    for name in ("Mia", "Stan"):
        with pytest.raises(NotAllowed, match="ever one person"):
            gives(circle, f"={once_one(circle, name, f'{name} 2')}", "10 EUR")
    gives(circle, "Ben", "10 EUR")


def once_one(circle: Circle, name: str, second: str) -> int:
    """Link somebody's second account, part them again, and let that one in; its person."""
    world, account = circle.world, circle.world.person(second)

    def unit(unit: Unit) -> int:
        merge(unit, old=account.person_id, new=world.id_of(name))
        alone = separate(unit, account_of(unit, account.account_id))
        members.join(unit, alone, circle.parser, "member", granted_by=world.id_of("Hilda"))
        return alone

    return int(world.write(unit))


def test_limits_of_the_policy_hold_for_it_too(circle: Circle) -> None:
    active(circle)
    circle.world.do("Stan", "policy.set", each="100 EUR", limit="120 EUR")
    gives(circle, "Ana", "90 EUR")
    with pytest.raises(Conflict, match=r"one person can be given 100\.00 EUR"):
        gives(circle, "Ana", "11 EUR")
    with pytest.raises(Conflict, match=r"the fund gives 120\.00 EUR"):
        gives(circle, "Ben", "31 EUR")
    gives(circle, "Ben", "30 EUR")


def test_it_ends_with_its_time_with_the_membership_and_when_somebody_ends_it(circle: Circle) -> None:
    world = circle.world
    short, other = active(circle, until="for 5 days"), active(circle, person="Ben")
    assert usable(circle, "Mia") is not None
    world.clock.advance(5 * DAY)
    assert usable(circle, "Mia") is None
    assert usable(circle, "Ben") is not None
    for who in ("Mia", "Ana"):
        with pytest.raises((NotAllowed, NotFound)):
            world.do(who, "mandate.end", mandate=f"#{other}")
    world.do("Ben", "mandate.end", mandate="mine")
    assert (found(circle, other).state, usable(circle, "Ben")) == ("ended", None)
    with pytest.raises(Conflict, match="over already"):
        world.do("Tom", "mandate.end", mandate=f"#{other}")
    world.do("Tom", "mandate.end", mandate=f"#{short}")
    third = active(circle, person="Ana")
    world.do("Ana", "nexus.leave", nexus="Parser")
    assert usable(circle, "Ana") is None
    assert found(circle, third).state == "active"


def usable(circle: Circle, who: str, minor: int = 100) -> Mandate | None:
    one: Mandate | None = circle.world.read(
        lambda unit: mandates.usable(unit, circle.world.id_of(who), circle.parser, Money(minor, "EUR"))
    )
    return one


def test_it_is_worth_nothing_once_those_who_approved_it_turn_out_to_be_one(circle: Circle) -> None:
    active(circle)
    world = circle.world
    world.write(lambda unit: merge(unit, old=world.id_of("Tom"), new=world.id_of("Stan")))
    assert usable(circle, "Mia") is None


def test_whoever_approved_it_and_turns_out_to_be_its_holder_counts_no_more(circle: Circle) -> None:
    active(circle)
    world = circle.world
    world.write(lambda unit: merge(unit, old=world.id_of("Mia"), new=world.id_of("Stan")))
    assert usable(circle, "Stan") is None


def test_a_list_says_what_is_left_to_whom_it_concerns(circle: Circle) -> None:
    world = circle.world
    handle = active(circle, until="2026-03-01")
    waits = proposed(circle, person="Ben")
    gives(circle, "Ana", "50 EUR")
    said = as_text(reply_for(world.call("Stan", "mandate.list"), Words())).split("\n")
    assert said == [
        "Who may give for Parser without asking each time:",
        f"- Mia: up to 200.00 EUR within 30 days, 150.00 EUR of it left, until 1 Mar 2026 (#{handle})",
        f"- Ben: up to 200.00 EUR within 30 days, waits for approvals: 0 of 2 (#{waits})",
    ]
    mine = world.call("Mia", "mandate.list")
    assert isinstance(mine, Done)
    assert handle in [line.handle for line in mine.result.items]
    stranger = world.call("Eve", "mandate.list", at={"here": "Parser"})
    assert isinstance(stranger, Done)
    assert stranger.result.items == ()


@pytest.mark.parametrize("engine", ["postgres"])
def test_two_who_approve_at_once_make_it_hold_once(circle: Circle) -> None:
    handle = proposed(circle)
    tokens = {name: circle.told(name)[-1][1]["Approve"] for name in ("Stan", "Tom")}
    together(*(lambda name=name, token=token: circle.world.press(name, token) for name, token in tokens.items()))
    assert found(circle, handle).state == "active"
    assert len([text for text, _ in circle.told("Mia") if "You may now give" in text]) == 1
