"""Deciding: four eyes, the money that is held, the recipient's word, and one effect whatever is pressed how often."""

import pytest

from core.clock import DAY
from core.errors import Conflict, NexusError, NotAllowed, NotFound
from core.grants.grants import Grant
from core.operations import Origin
from core.operations.run import Done
from tests.core.grants.circle import Circle
from tests.world import World


@pytest.fixture
def circle(world: World) -> Circle:
    return Circle(world)


def approved(circle: Circle) -> Grant:
    handle = circle.propose()
    circle.done("Stan", "Approve")
    circle.done("Tom", "Approve")
    return circle.grant(handle)


def test_the_whole_way_from_the_proposal_to_the_receipt(circle: Circle) -> None:
    handle = circle.propose()
    first = circle.done("Stan", "Approve")
    assert (first.state, first.have, first.needed) == ("proposed", 1, 2)
    assert circle.free() == (120_000, 0)
    assert circle.told("Ana") == []
    second = circle.done("Tom", "Approve")
    assert (second.state, second.have, second.name) == ("approved", 2, "Ana")
    assert circle.free() == (120_000, 50_000)
    assert circle.told("Ana")[-1][0] == "Parser would like to give you a grant. Will you take it?"
    assert circle.told("Mia")[-1][0].startswith("The grant that you proposed in Parser is approved.")
    accepted = circle.done("Ana", "Accept")
    assert (accepted.state, accepted.amount) == ("accepted", "500.00 EUR")
    for name in ("Mia", "Stan", "Tom"):
        assert ("Ana accepted the grant in Parser.", {}) in circle.told(name)
    assert circle.grant(handle).expires_at is None
    circle.world.do("Tom", "grant.release", grant=f"#{handle}")
    circle.world.do("Tom", "grant.pay", grant=f"#{handle}", method="bank transfer", reference="R-1")
    grant = circle.grant(handle)
    assert grant.state == "completed"
    assert circle.free() == (70_000, 0)
    page = circle.world.do("Ana", "grant.show", grant=f"#{handle}")
    assert len(page.receipts) == 1
    assert page.approved_by == ("Stan", "Tom")
    assert [event.what for event in page.happened][:4] == ["proposed", "approved", "approved", "accepted"]
    circle.sound()


def test_an_application_goes_the_same_way(circle: Circle) -> None:
    handle = circle.world.do("Ana", "grant.apply", amount="40 EUR", purpose="books").handle
    for name in ("Olga", "Stan"):
        circle.done(name, "Approve")
    assert circle.told("Ana")[-1][0] == "The grant that you asked for in Parser is approved. Will you take it?"
    circle.done("Ana", "Accept")
    assert circle.grant(handle).state == "accepted"
    circle.sound()


def test_one_person_gives_and_one_takes(circle: Circle) -> None:
    circle.deposit(30_000, own="Mia")
    handle = circle.propose(amount="100 EUR", giver="me")
    with pytest.raises(Conflict):
        circle.world.do("Stan", "grant.approve", grant=f"#{handle}")
    circle.done("Ana", "Accept")
    circle.world.do("Mia", "grant.release", grant=f"#{handle}")
    circle.world.do("Mia", "grant.pay", grant=f"#{handle}", method="cash")
    assert circle.free(own="Mia") == (20_000, 0)
    assert circle.free() == (120_000, 0)
    assert circle.grant(handle).state == "completed"
    circle.sound()


def test_time_that_the_nexus_promises(circle: Circle) -> None:
    circle.world.do("Mia", "grant.propose", person="Ana", amount="5h", purpose="tests", giver="fund")
    for name in ("Olga", "Stan"):
        circle.done(name, "Approve")
    assert circle.done("Ana", "Accept").amount == "5h"
    circle.sound()


@pytest.mark.parametrize("who", ["Mia", "Ana", "Ben", "Mod", "Eve"])
def test_who_has_a_part_in_it_or_no_say_approves_nothing(circle: Circle, who: str) -> None:
    handle = circle.propose()
    before = circle.world.dump("button", "quota_use")
    for name in ("grant.approve", "grant.reject"):
        with pytest.raises((NotAllowed, NotFound)):
            circle.world.do(who, name, grant=f"#{handle}")
    assert circle.world.dump("button", "quota_use") == before


@pytest.mark.parametrize("engine", ["sqlite"])
def test_also_who_decides_does_not_approve_what_they_proposed_or_get(circle: Circle) -> None:
    mine = circle.propose("Stan")
    for_me = circle.propose("Mia", person="Stan")
    for handle in (mine, for_me):
        with pytest.raises(NotAllowed, match="you have a part in it"):
            circle.world.do("Stan", "grant.approve", grant=f"#{handle}")


def test_one_says_it_once(circle: Circle) -> None:
    handle = circle.propose()
    circle.done("Stan", "Approve")
    with pytest.raises(Conflict):
        circle.press("Stan", "Approve")  # the same button
    with pytest.raises(Conflict, match="somebody else"):
        circle.world.do("Stan", "grant.approve", grant=f"#{handle}")
    assert circle.world.do("Stan", "grant.show", grant=f"#{handle}").have == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_redelivered_approval_counts_once(circle: Circle) -> None:
    handle = circle.propose()
    at = {"origin": Origin.CLI, "key": "event-7:0"}
    circle.world.call("Stan", "grant.approve", at=at, grant=f"#{handle}")
    again = circle.world.call("Stan", "grant.approve", at=at, grant=f"#{handle}")
    assert isinstance(again, Done)
    assert again.repeated
    assert circle.world.do("Stan", "grant.show", grant=f"#{handle}").have == 1


def test_what_was_promised_meanwhile_raises_what_it_takes(circle: Circle) -> None:
    """Two halves of one sum, each small enough for one approval, take what the sum takes."""
    circle.world.write(lambda unit: _policy(unit, circle.parser))
    one = circle.propose(person="Ben", amount="300 EUR")
    other = circle.propose("Olga", person="Ben", amount="300 EUR")
    assert [circle.grant(handle).needed for handle in (one, other)] == [1, 2]
    third = circle.propose(person="Ana", amount="300 EUR")
    assert circle.grant(third).needed == 1
    circle.world.do("Stan", "grant.approve", grant=f"#{other}")
    assert circle.world.do("Tom", "grant.approve", grant=f"#{other}").state == "approved"
    result = circle.world.do("Stan", "grant.approve", grant=f"#{one}")
    assert (result.state, result.have, result.needed) == ("proposed", 1, 2)
    assert circle.world.do("Tom", "grant.approve", grant=f"#{one}").state == "approved"
    circle.sound()


def _policy(unit: object, nexus_id: int) -> None:
    from core.policies.policies import set_terms
    from core.policies.terms import Terms

    set_terms(unit, nexus_id, "EUR", Terms(approvals=((0, 1), (40_000, 2))).as_json(), 0)  # type: ignore[arg-type]


def test_if_the_fund_has_too_little_the_approvals_stay(circle: Circle) -> None:
    handle = circle.propose(amount="2000 EUR")
    circle.done("Stan", "Approve")
    result = circle.done("Tom", "Approve")
    assert result.state == "proposed"
    assert "1,200.00 EUR is free" in result.short
    assert circle.grant(handle).state == "proposed"
    assert circle.free() == (120_000, 0)
    assert "too little for it now" in circle.told("Mia")[-1][0]
    circle.deposit(80_000)
    page = circle.world.call("Tom", "grant.show", grant=f"#{handle}")
    assert isinstance(page, Done)
    assert [button.label for button in page.buttons] == ["Approve"]
    circle.world.press("Tom", page.buttons[0].token)
    assert circle.grant(handle).state == "approved"
    assert circle.free() == (200_000, 200_000)
    circle.sound()


def test_two_proposals_cannot_have_the_same_money(circle: Circle) -> None:
    handles = [circle.propose(amount="700 EUR"), circle.propose(person="Ben", amount="700 EUR")]
    for handle in handles:
        for name in ("Stan", "Tom"):
            circle.world.do(name, "grant.approve", grant=f"#{handle}")
    assert [circle.grant(handle).state for handle in handles] == ["approved", "proposed"]
    circle.sound()


def test_rejecting_ends_it_with_a_reason(circle: Circle) -> None:
    handle = circle.propose()
    circle.done("Stan", "Approve")
    circle.world.do("Tom", "grant.reject", grant=f"#{handle}", reason="too early")
    assert circle.grant(handle).state == "rejected"
    assert circle.told("Mia")[-1][0] == "Tom rejected a grant in Parser that you had to do with."
    assert circle.told("Ana") == []
    with pytest.raises(Conflict):
        circle.press("Olga", "Approve")
    page = circle.world.do("Mia", "grant.show", grant=f"#{handle}")
    assert [(e.who, e.what, e.words) for e in page.happened][-1] == ("Tom", "rejected", "too early")


def test_only_the_recipient_takes_it_or_leaves_it(circle: Circle) -> None:
    handle = approved(circle).handle
    for who in ("Mia", "Stan", "Olga", "Ben", "Eve"):
        for name in ("grant.accept", "grant.decline"):
            with pytest.raises((NotAllowed, NotFound)):
                circle.world.do(who, name, grant=f"#{handle}")
    with pytest.raises(NotAllowed):
        circle.world.press("Ben", circle.told("Ana")[-1][1]["Accept"])
    circle.world.do("Ana", "grant.decline", grant=f"#{handle}", reason="no time")
    assert circle.grant(handle).state == "declined"
    assert circle.free() == (120_000, 0)
    assert "doesn't take the grant" in circle.told("Mia")[-1][0]
    with pytest.raises(Conflict):
        circle.world.do("Ana", "grant.accept", grant=f"#{handle}")
    circle.sound()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_any_account_of_the_recipient_takes_it(circle: Circle) -> None:
    handle = approved(circle).handle
    circle.world.person("Ana T", platform="telegram")
    code = circle.world.do("Ana", "account.link").code
    circle.world.do("Ana T", "account.link", code=code)
    token = circle.told("Ana")[-1][1].get("Yes, that's me", None)
    if token is None:
        token = next(iter(circle.told("Ana")[-1][1].values()))
    circle.world.press("Ana", token)
    assert circle.world.do("Ana T", "grant.accept", grant=f"#{handle}").state == "accepted"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_ran_out_is_not_taken(circle: Circle) -> None:
    handle = approved(circle).handle
    circle.world.clock.advance(14 * DAY)
    with pytest.raises(Conflict, match="ran out"):
        circle.world.do("Ana", "grant.accept", grant=f"#{handle}")
    late = circle.propose(person="Ben")
    circle.world.clock.advance(30 * DAY)
    with pytest.raises(Conflict, match="ran out"):
        circle.world.do("Stan", "grant.approve", grant=f"#{late}")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_report_is_counted_from_the_yes(circle: Circle) -> None:
    handle = circle.propose(report="10 days", every="30 days")
    circle.world.clock.advance(3 * DAY)
    for name in ("Stan", "Tom"):
        circle.world.do(name, "grant.approve", grant=f"#{handle}")
    now = circle.world.clock.now()
    circle.world.do("Ana", "grant.accept", grant=f"#{handle}")
    grant = circle.grant(handle)
    assert (grant.report_due, grant.next_at) == (now + 10 * DAY, now + 30 * DAY)


def test_in_a_place_whoever_may_presses_and_the_next_card_follows(circle: Circle) -> None:
    lobby = circle.lobby()
    handle = circle.world.do(
        "Mia", "grant.propose", at={"place": lobby}, person="Ana", amount="500 EUR", purpose="a parser"
    ).handle
    at = {"place": lobby}
    token = circle.said_in(lobby)[-1][1]["Approve"]
    for who in ("Ben", "Mod", "Mia"):
        with pytest.raises(NexusError):
            circle.world.press(who, token, at=at)
    circle.world.press("Stan", token, at=at)
    with pytest.raises(Conflict):
        circle.world.press("Tom", token, at=at)
    said, buttons = circle.said_in(lobby)[-1]
    assert said == "A grant got an approval. One more is needed."
    assert "Approve" in buttons
    circle.world.press("Tom", buttons["Approve"], at=at)
    assert circle.grant(handle).state == "approved"
    assert circle.said_in(lobby)[-1] == ("A grant is approved. It waits for the yes of who it is for.", {})
    circle.done("Ana", "Accept")
    assert circle.said_in(lobby)[-1] == ("A grant was accepted.", {})
