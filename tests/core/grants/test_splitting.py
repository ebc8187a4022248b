"""Splitting what is given, waiting for a window to pass, and waiting for an easier policy: none of it takes fewer."""

from __future__ import annotations

import pytest

from core.clock import DAY
from core.errors import Conflict
from core.nexuses.members import join
from core.people.linking import separate
from core.people.people import account_of
from tests.core.grants.circle import Circle
from tests.core.grants.four import approve, become_one, circle_below_hilda, needed, one_below_500
from tests.world import World


@pytest.fixture
def circle(world: World) -> Circle:
    """See `circle_below_hilda`."""
    return circle_below_hilda(world)


# -- splitting ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_is_split_takes_as_many_as_the_whole(circle: Circle) -> None:
    one_below_500(circle)
    first = circle.propose(amount="300 EUR")
    second = circle.propose("Ben", amount="300 EUR", purpose="something else")  # another proposer, all the same
    assert (needed(circle, first), needed(circle, second)) == (1, 2)
    assert needed(circle, circle.propose(amount="300 EUR", person="Ben")) == 1
    approve(circle, first, "Stan")
    assert circle.grant(first).state == "approved"  # nobody makes another's harder by proposing more
    approve(circle, second, "Stan")
    assert circle.grant(second).state == "proposed"
    approve(circle, second, "Tom")
    assert circle.grant(second).state == "approved"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_second_approved_first_makes_the_first_take_more(circle: Circle) -> None:
    one_below_500(circle)
    first, second = circle.propose(amount="300 EUR"), circle.propose(amount="300 EUR")
    approve(circle, second, "Stan", "Tom")
    approve(circle, first, "Stan")
    assert (circle.grant(first).state, needed(circle, first)) == ("proposed", 2)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_it_is_counted_within_the_window_from_the_decision_on(circle: Circle) -> None:
    one_below_500(circle)
    circle.world.do("Olga", "policy.set", window="10 days", unit="eur", at={"here": "Parser"})
    first = circle.propose(amount="300 EUR")
    circle.world.clock.advance(9 * DAY)
    approve(circle, first, "Stan")
    circle.world.clock.advance(9 * DAY)  # proposed long ago, decided not so long
    assert needed(circle, circle.propose(amount="300 EUR")) == 2
    for handle in [circle.propose(amount="200 EUR", person="Ben")]:
        circle.world.clock.advance(25 * DAY)  # it waits all the while, and so it counts
        assert circle.grant(handle).state == "proposed"
        assert needed(circle, circle.propose(amount="300 EUR", person="Ben")) == 2
    assert needed(circle, circle.propose(amount="499.99 EUR", person="Mod")) == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_came_back_counts_no_more(circle: Circle) -> None:
    one_below_500(circle)
    for end in ("declined", "withdrawn", "rejected", "revoked"):
        handle = circle.propose(amount="300 EUR")
        assert needed(circle, handle) == 1, end
        if end == "withdrawn":
            circle.world.do("Mia", "grant.withdraw", grant=f"#{handle}")
        elif end == "rejected":
            circle.world.do("Stan", "grant.reject", grant=f"#{handle}")
        else:
            approve(circle, handle, "Stan")
            if end == "declined":
                circle.world.do("Ana", "grant.decline", grant=f"#{handle}")
            else:
                circle.world.do("Stan", "grant.revoke", grant=f"#{handle}", reason="it ended")
    assert needed(circle, circle.propose(amount="300 EUR")) == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_two_accounts_of_one_person_are_one_recipient(circle: Circle) -> None:
    one_below_500(circle)
    second = circle.world.person("Ana 2", platform="telegram")
    circle.world.join("Ana 2", "Parser")
    first = circle.propose(amount="300 EUR")
    become_one(circle, "Ana", "Ana 2")
    alone = circle.world.write(lambda unit: separate(unit, account_of(unit, second.account_id)))
    hilda = circle.world.id_of("Hilda")
    circle.world.write(lambda unit: join(unit, alone, circle.parser, "member", granted_by=hilda))
    assert needed(circle, circle.propose(amount="300 EUR", person=f"={alone}")) == 2
    assert needed(circle, first) == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_money_and_time_are_counted_by_themselves_and_the_greater_number_holds(circle: Circle) -> None:
    one_below_500(circle)
    circle.world.do("Olga", "policy.set", approvals=1, unit="hours", at={"here": "Parser"})
    circle.world.do("Olga", "policy.set", approvals=3, amount="10h", at={"here": "Parser"})
    assert needed(circle, circle.propose(amount="6h")) == 1
    assert needed(circle, circle.propose(amount="100 EUR", hours="6h")) == 3
    assert needed(circle, circle.propose(amount="100 EUR", person="Ben", hours="6h")) == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_a_nexus_above_asks_for_is_counted_over_all_below_it(circle: Circle) -> None:
    world = circle.world
    world.do("Hilda", "policy.set", approvals=2, amount="500 EUR", at={"here": "Home"})
    world.nexus("Lexer", owner="Lena")
    world.join("Ana", "Lexer", here=False)
    world.join("Mia", "Lexer", here=False)
    first = circle.propose(amount="300 EUR")
    other = circle.propose(amount="300 EUR", nexus="Lexer")
    assert (needed(circle, first), needed(circle, other)) == (1, 2)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_limits_hold_for_one_person_and_for_the_fund(circle: Circle) -> None:
    world = circle.world
    world.do("Olga", "policy.set", each="600 EUR", limit="900 EUR", at={"here": "Parser"})
    first, second = circle.propose(amount="400 EUR"), circle.propose(amount="400 EUR")
    approve(circle, first, "Stan", "Tom")
    with pytest.raises(Conflict, match=r"one person can be given 600\.00 EUR"):
        approve(circle, second, "Stan")
    with pytest.raises(Conflict, match=r"one person can be given 600\.00 EUR"):
        circle.propose(amount="200.01 EUR")
    with pytest.raises(Conflict, match=r"the fund gives 900\.00 EUR"):
        circle.propose(amount="500.01 EUR", person="Ben")
    third = circle.propose(amount="500 EUR", person="Ben")
    world.clock.advance(29 * DAY)
    approve(circle, third, "Stan", "Tom")
    world.clock.advance(2 * DAY)
    with pytest.raises(Conflict, match=r"the fund gives 900\.00 EUR"):  # the third was decided two days ago
        circle.propose(amount="401 EUR")
    circle.propose(amount="400 EUR")


# -- what held when it was proposed ------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_policy_of_later_makes_no_proposal_easier_and_may_make_it_harder(circle: Circle) -> None:
    one_below_500(circle)
    handle = circle.propose(amount="600 EUR")
    circle.world.do("Olga", "policy.set", approvals=1, amount="500 EUR", at={"here": "Parser"})
    approve(circle, handle, "Stan")
    assert (circle.grant(handle).state, needed(circle, handle)) == ("proposed", 2)
    circle.world.do("Olga", "policy.set", approvals=3, amount="500 EUR", at={"here": "Parser"})
    approve(circle, handle, "Tom")
    assert (circle.grant(handle).state, needed(circle, handle)) == ("proposed", 3)
    circle.world.do("Olga", "grant.approve", grant=f"#{handle}")
    assert circle.grant(handle).state == "approved"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_change_voids_approvals_and_one_says_it_again(circle: Circle) -> None:
    handle = circle.propose()
    approve(circle, handle, "Stan")
    with pytest.raises(Conflict, match="approved that already"):
        approve(circle, handle, "Stan")
    circle.world.do("Mia", "grant.change", grant=f"#{handle}", amount="501 EUR")
    approve(circle, handle, "Tom")
    assert circle.grant(handle).state == "proposed"
    approve(circle, handle, "Stan")
    assert circle.grant(handle).state == "approved"
