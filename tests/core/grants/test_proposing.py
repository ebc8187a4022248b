"""Proposing: what the card echoes, where it comes from, and what is refused."""

from typing import Any

import pytest

from core.errors import Ambiguous, BadInput, Conflict, Missing, NexusError, NotAllowed, NotFound
from core.operations import Origin
from core.operations.run import Ask, Outcome
from tests.core.grants.circle import Circle
from tests.world import World


@pytest.fixture
def circle(world: World) -> Circle:
    return Circle(world)


def question(outcome: Outcome) -> str:
    assert isinstance(outcome, Ask)
    return outcome.arguments["question"]


def asked(circle: Circle, who: str = "Mia", **more: Any) -> str:
    said: dict[str, Any] = {"person": "Ana", "amount": "500 EUR", "purpose": "a parser"} | more
    return question(circle.world.call(who, "grant.propose", **said))


def test_the_card_says_what_was_understood(circle: Circle) -> None:
    assert asked(circle, "Olga") == (
        "500.00 EUR to Ana from *Parser* · available 1,200.00 → 700.00 · needs 2 approvals, not yours\nFor: a parser"
    )
    with_hours = asked(circle, hours="5h", report="3 months", parts="2", each="30 days", condition="tests pass")
    assert "500.00 EUR and 5h to Ana" in with_hours
    for part in ("2 parts, one every 30 days", "On condition: tests pass", "a report within 90 days"):
        assert part in with_hours


def test_who_may_not_see_the_fund_is_not_told_what_is_in_it(circle: Circle) -> None:
    circle.world.do("Olga", "rule.set", text="members may not see funds")
    assert "available" not in asked(circle, "Mia")
    assert "available" in asked(circle, "Olga")


def test_what_was_proposed_stands_and_those_who_decide_are_asked(circle: Circle) -> None:
    made = circle.world.do("Mia", "grant.propose", person="Ana", amount="500 EUR", purpose="a parser")
    assert (made.amount, made.recipient, made.source, made.needed) == ("500.00 EUR", "Ana", "fund", 2)
    assert set(made.asked) == {"Olga", "Stan", "Tom"}
    assert (made.more, made.ways, made.above) == (0, False, False)
    grant = circle.grant(made.handle)
    assert (grant.state, grant.needed, grant.report_due, grant.condition, grant.every) == ("proposed", 2, None, "", 0)
    assert [(t.amount.minor, t.state) for t in grant.tranches] == [(50_000, "planned")]
    assert circle.free() == (120_000, 0)
    for name in ("Olga", "Stan", "Tom"):
        (text, buttons) = circle.told(name)[-1]
        assert text == "Mia proposes a grant in Parser. What do you say?"
        assert list(buttons) == ["Approve", "Reject", "Ask a question"]
    assert circle.told("Ana") == circle.told("Mod") == circle.told("Mia") == []


def test_too_little_in_the_fund_is_said_and_no_obstacle(circle: Circle) -> None:
    text = asked(circle, "Olga", amount="2000 EUR")
    assert "available 1,200.00 → 0.00" in text
    assert "800.00 EUR short" in text
    made = circle.world.do("Olga", "grant.propose", person="Ana", amount="2000 EUR", purpose="a parser")
    assert made.short == "800.00 EUR"


def test_nobody_proposes_for_themselves_but_applies(circle: Circle) -> None:
    for giver in ("fund", "me", "mandate"):
        with pytest.raises(NotAllowed, match="apply"):
            circle.world.call("Mia", "grant.propose", person="me", amount="5 EUR", purpose="tea", giver=giver)
    made = circle.world.do("Mia", "grant.apply", amount="500 EUR", purpose="my parser")
    grant = circle.grant(made.handle)
    assert made.applied
    assert grant.applied
    assert grant.state == "proposed"
    assert circle.told("Stan")[-1][0] == "Mia asks for a grant in Parser. What do you say?"


def test_of_ones_own_deposit_nobody_has_to_approve(circle: Circle) -> None:
    circle.deposit(30_000, own="Mia")
    text = asked(circle, amount="100 EUR", giver="me")
    assert "available 300.00 → 200.00 · out of your own deposit · given by one person" in text
    handle = circle.propose(amount="100 EUR", giver="me")
    grant = circle.grant(handle)
    assert (grant.state, grant.source, grant.needed) == ("approved", "own", 0)
    assert circle.free(own="Mia") == (30_000, 10_000)
    assert circle.free() == (120_000, 0)
    text, buttons = circle.told("Ana")[-1]
    assert text == "Mia would like to give you a grant in Parser. Will you take it?"
    assert "Accept" in buttons
    with pytest.raises(Conflict, match=r"200\.00 EUR is free"):
        circle.world.call("Mia", "grant.propose", person="Ana", amount="201 EUR", purpose="more", giver="me")
    circle.sound()


def test_own_time_is_promised_by_who_gives_it(circle: Circle) -> None:
    outcome = circle.world.call("Mia", "grant.propose", person="Ana", amount="5h", purpose="tests")
    assert isinstance(outcome, Ask)
    labels = [button.label for button in outcome.buttons]
    assert labels == ["Yes", "It's my own time", "No"]
    circle.world.press("Mia", outcome.buttons[1].token)
    assert "Will you take it?" in circle.told("Ana")[-1][0]
    circle.done("Ana", "Accept")
    circle.sound()


def test_a_mandate_is_used_where_it_covers_it_and_the_card_says_so(circle: Circle) -> None:
    mandate = circle.world.do("Olga", "mandate.give", person="Mia", amount="200 EUR", every="30 days")
    for name in ("Stan", "Tom"):
        circle.world.do(name, "mandate.approve", mandate=f"#{mandate.handle}")
    outcome = circle.world.call("Mia", "grant.propose", person="Ana", amount="150 EUR", purpose="a parser")
    assert isinstance(outcome, Ask)
    assert "within your mandate (200.00 EUR left of it)" in question(outcome)
    assert [button.label for button in outcome.buttons] == ["Yes", "Ask for approvals", "No"]
    circle.world.press("Mia", outcome.buttons[0].token)
    assert circle.free() == (120_000, 15_000)
    assert "needs 2 approvals" in asked(circle, amount="100 EUR")
    with pytest.raises(NotAllowed, match="no mandate"):
        circle.world.call("Mia", "grant.propose", person="Ana", amount="51 EUR", purpose="x", giver="mandate")
    circle.sound()


def test_a_confirmed_mandate_is_the_one_that_is_used(circle: Circle) -> None:
    """Two cards were put while the mandate covered either; the second finds it used up and gives nothing."""
    mandate = circle.world.do("Olga", "mandate.give", person="Mia", amount="200 EUR", every="30 days")
    for name in ("Stan", "Tom"):
        circle.world.do(name, "mandate.approve", mandate=f"#{mandate.handle}")
    cards = [
        circle.world.call("Mia", "grant.propose", person=name, amount="150 EUR", purpose="a parser")
        for name in ("Ana", "Ben")
    ]
    tokens = [card.buttons[0].token for card in cards if isinstance(card, Ask)]
    circle.world.press("Mia", tokens[0])
    before = circle.world.dump("button")
    with pytest.raises(NotAllowed, match="no mandate"):
        circle.world.press("Mia", tokens[1])
    assert circle.world.dump("button") == before


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"person": "Nobody"}, NotFound),
        ({"person": "Eve"}, NotFound),
        ({"person": "An"}, NotFound),
        ({"amount": "-5 EUR"}, BadInput),
        ({"amount": "1.500 EUR"}, BadInput),
        ({"amount": "5h", "hours": "2h"}, BadInput),
        ({"hours": "20 EUR"}, BadInput),
        ({"each": "30 days"}, Missing),
        ({"purpose": ""}, Missing),
        ({"amount": "0.02 EUR", "parts": "3"}, Conflict),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_is_refused_leaves_nothing(circle: Circle, said: dict[str, str], error: type[NexusError]) -> None:
    before = circle.world.dump("quota_use", "button")
    with pytest.raises(error):
        circle.propose(**said)
    assert circle.world.dump("quota_use", "button") == before


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_name_that_several_have_is_a_question(circle: Circle) -> None:
    for name in ("Pat Bell", "Pat Ruiz"):
        circle.world.join(name, "Parser")
    with pytest.raises(Ambiguous):
        circle.propose(person="Pat")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_guests_and_strangers_propose_nothing(circle: Circle) -> None:
    circle.world.join("Gus", "Parser", "guest")
    for name in ("Eve", "Gus"):
        with pytest.raises(NotAllowed):
            circle.world.call(name, "grant.propose", at={"here": "Parser"}, person="me", amount="5 EUR", purpose="x")
        with pytest.raises(NotAllowed):
            circle.world.call(name, "grant.apply", at={"here": "Parser"}, amount="5 EUR", purpose="x")


def test_a_redelivered_proposal_is_one(circle: Circle) -> None:
    said = {"person": "Ana", "amount": "500 EUR", "purpose": "a parser"}
    at = {"origin": Origin.CLI, "key": "event-1:0"}
    for _ in range(3):
        circle.world.call("Mia", "grant.propose", at=at, **said)
    assert len(circle.told("Stan")) == 1
    assert len(circle.world.do("Olga", "grant.list", which="nexus").items) == 1


def test_too_few_who_can_decide_are_joined_by_those_above(circle: Circle) -> None:
    circle.world.join("Hilda", "Home", "owner")
    circle.world.clock.advance(10**8 * 2)
    for name in ("Stan", "Tom"):
        circle.world.do(name, "nexus.leave", nexus="Parser")
    text = asked(circle, "Mia")
    assert "those of the Nexus above are asked too" in text
    circle.propose("Mia")
    assert {name for name in ("Olga", "Hilda") if circle.told(name)} == {"Olga", "Hilda"}
    text = asked(circle, "Olga")  # only Hilda is left, and it takes two
    assert "another steward or treasurer, a mandate, or your own deposit" in text
    made = circle.world.do("Olga", "grant.propose", person="Ben", amount="5 EUR", purpose="tea")
    assert made.ways
    assert circle.grant(made.handle).state == "proposed"


def test_it_lives_where_it_was_proposed(circle: Circle) -> None:
    lobby = circle.lobby()
    at = {"place": lobby}
    outcome = circle.world.call("Mia", "grant.propose", at=at, person="Ana", amount="500 EUR", purpose="a parser")
    assert isinstance(outcome, Ask)
    circle.world.press("Mia", outcome.buttons[0].token)  # in the direct chat, where the card went
    (said, buttons) = circle.said_in(lobby)[-1]
    assert said == "A grant is proposed here. Those who decide can say what they think of it."
    assert list(buttons) == ["Approve", "Reject", "Ask a question"]
    made = circle.world.call("Mia", "grant.propose", at=at, person="Ana", amount="5 EUR", purpose="x", place="nowhere")
    assert isinstance(made, Ask)
    circle.world.press("Mia", made.buttons[0].token, at=at)
    assert len(circle.said_in(lobby)) == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_nobody_has_it_told_in_a_place_where_they_are_not(circle: Circle) -> None:
    lobby = circle.lobby()
    with pytest.raises(BadInput):
        circle.propose(place=f"={lobby.id}")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_where_those_who_read_may_not_hear_of_grants_nothing_is_told(circle: Circle) -> None:
    lobby = circle.lobby("public")
    circle.world.do("Mia", "grant.propose", at={"place": lobby}, person="Ana", amount="500 EUR", purpose="a parser")
    assert circle.said_in(lobby) == []
