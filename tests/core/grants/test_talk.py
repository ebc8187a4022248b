"""Questions and answers, changing and withdrawing."""

from typing import Any

import pytest

from core.errors import BadInput, Conflict, NotAllowed, NotFound
from core.operations.run import Ask
from tests.core.grants.circle import Circle
from tests.core.grants.four import approve
from tests.world import World


@pytest.fixture
def circle(world: World) -> Circle:
    return Circle(world)


_LATE: tuple[tuple[str, dict[str, Any]], ...] = (("grant.change", {"amount": "1 EUR"}), ("grant.withdraw", {}))


def test_a_question_and_its_answer_stand_with_the_grant(circle: Circle) -> None:
    lobby = circle.lobby()
    handle = circle.world.do(
        "Mia", "grant.propose", at={"place": lobby}, person="Ana", amount="500 EUR", purpose="a parser"
    ).handle
    circle.world.do("Tom", "grant.ask", grant=f"#{handle}", question="Which grammar?")
    text, buttons = circle.told("Mia")[-1]
    assert text == "Tom has a question about the grant in Parser."
    assert list(buttons) == ["Answer"]
    assert circle.told("Ana") == []  # it is not hers yet
    assert circle.said_in(lobby)[-1][0] == "There is a question about a grant."
    with pytest.raises(NotAllowed):
        circle.world.do("Stan", "grant.answer", grant=f"#{handle}", answer="Mine")
    circle.world.do("Mia", "grant.answer", grant=f"#{handle}", answer="The one of last week")
    assert circle.told("Tom")[-1][0] == "Mia answered a question about the grant in Parser."
    assert "Approve" in circle.told("Tom")[-1][1]
    with pytest.raises(Conflict):
        circle.world.do("Mia", "grant.answer", grant=f"#{handle}", answer="Again")
    page = circle.world.do("Stan", "grant.show", grant=f"#{handle}")
    said = [(e.who, e.what, e.words) for e in page.happened]
    assert said[1:] == [("Tom", "asked", "Which grammar?"), ("Mia", "answered", "The one of last week")]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_who_may_not_see_it_asks_nothing(circle: Circle) -> None:
    handle = circle.propose()
    with pytest.raises(NotFound):
        circle.world.do("Eve", "grant.ask", grant=f"#{handle}", question="How much?")
    circle.world.do("Olga", "rule.set", text="members may not see grants")
    with pytest.raises(NotFound):
        circle.world.do("Ben", "grant.ask", grant=f"#{handle}", question="How much?")


def test_a_change_voids_approvals_and_gives_back_what_was_held(circle: Circle) -> None:
    handle = circle.propose()
    approve(circle, handle, "Stan", "Tom")
    card = circle.world.call("Mia", "grant.change", grant=f"#{handle}", amount="600 EUR")
    assert isinstance(card, Ask)
    assert card.question.format(**card.arguments) == (
        f"Change #{handle}\nfrom 500.00 EUR to Ana for “a parser”\nto 600.00 EUR to Ana for “a parser”? "
        "Earlier approvals count no more; it needs 2."
    )
    circle.world.press("Mia", card.buttons[0].token)
    grant = circle.grant(handle)
    assert (grant.state, grant.version, grant.awards[0].minor) == ("proposed", 2, 60_000)
    assert circle.free() == (120_000, 0)
    assert "has to be approved anew" in circle.told("Ana")[-1][0]
    assert "earlier approvals count no more" in circle.told("Stan")[-1][0]
    with pytest.raises(Conflict):
        circle.world.do("Ana", "grant.accept", grant=f"#{handle}")
    approve(circle, handle, "Stan")
    assert circle.grant(handle).state == "proposed"
    approve(circle, handle, "Olga")
    assert circle.grant(handle).state == "approved"
    assert circle.free() == (120_000, 60_000)
    circle.sound()


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("said", "then"),
    [
        ({"purpose": "a lexer"}, ("Ana", "a lexer", "500.00 EUR")),
        ({"person": "Ben"}, ("Ben", "a parser", "500.00 EUR")),
        ({"hours": "5h"}, ("Ana", "a parser", "500.00 EUR and 5h")),
        ({"amount": "2h"}, ("Ana", "a parser", "2h")),
    ],
)
def test_what_can_be_changed(circle: Circle, said: dict[str, Any], then: tuple[str, str, str]) -> None:
    handle = circle.propose(parts="2", each="30 days")
    circle.world.do("Mia", "grant.change", grant=f"#{handle}", **said)
    page = circle.world.do("Mia", "grant.show", grant=f"#{handle}")
    assert (page.recipient, page.purpose, page.amount) == then
    if "EUR" in page.amount:
        assert [(one.amount, one.due) for one in page.parts] == [
            ("250.00 EUR", ""),
            ("250.00 EUR", "30 days after the yes"),
        ]
    circle.sound()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_it_takes_never_falls_by_a_change(circle: Circle) -> None:
    handle = circle.propose()
    circle.world.write(lambda unit: _lax(unit, circle.parser))
    circle.world.do("Mia", "grant.change", grant=f"#{handle}", amount="1 EUR")
    assert circle.grant(handle).needed == 2


def _lax(unit: object, nexus_id: int) -> None:
    from core.policies.policies import set_terms
    from core.policies.terms import Terms

    set_terms(unit, nexus_id, "EUR", Terms(approvals=((0, 1),)).as_json(), 0)  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_only_who_proposed_it_changes_or_withdraws_it_and_not_after_the_yes(circle: Circle) -> None:
    handle = circle.propose()
    for who in ("Ana", "Stan", "Ben"):
        with pytest.raises(NotAllowed):
            circle.world.do(who, "grant.change", grant=f"#{handle}", amount="1 EUR")
        with pytest.raises(NotAllowed):
            circle.world.do(who, "grant.withdraw", grant=f"#{handle}")
    with pytest.raises(BadInput):
        circle.world.do("Mia", "grant.change", grant=f"#{handle}")
    with pytest.raises(NotAllowed):
        circle.world.do("Mia", "grant.change", grant=f"#{handle}", person="me")
    approve(circle, handle, "Stan", "Tom")
    circle.world.do("Ana", "grant.accept", grant=f"#{handle}")
    for name, more in _LATE:
        with pytest.raises(Conflict):
            circle.world.do("Mia", name, grant=f"#{handle}", **more)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_application_stays_ones_own(circle: Circle) -> None:
    handle = circle.world.do("Ana", "grant.apply", amount="40 EUR", purpose="books").handle
    with pytest.raises(NotAllowed):
        circle.world.do("Ana", "grant.change", grant=f"#{handle}", person="Ben")
    circle.world.do("Ana", "grant.change", grant=f"#{handle}", amount="30 EUR")
    assert circle.grant(handle).awards[0].minor == 3_000


def test_of_ones_own_a_change_is_kept_aside_anew(circle: Circle) -> None:
    circle.deposit(30_000, own="Mia")
    handle = circle.propose(amount="200 EUR", giver="me")
    circle.world.do("Mia", "grant.change", grant=f"#{handle}", amount="300 EUR")
    assert circle.grant(handle).state == "approved"
    assert circle.free(own="Mia") == (30_000, 30_000)
    with pytest.raises(Conflict):
        circle.world.do("Mia", "grant.change", grant=f"#{handle}", amount="301 EUR")
    circle.world.do("Ana", "grant.accept", grant=f"#{handle}")
    circle.sound()


def test_withdrawing_frees_what_was_held(circle: Circle) -> None:
    handle = circle.propose()
    approve(circle, handle, "Stan", "Tom")
    circle.world.do("Mia", "grant.withdraw", grant=f"#{handle}", reason="found another way")
    assert circle.grant(handle).state == "withdrawn"
    assert circle.free() == (120_000, 0)
    for name in ("Ana", "Stan", "Tom"):
        assert circle.told(name)[-1][0] == "Mia withdrew a grant in Parser."
    with pytest.raises(Conflict):
        circle.world.do("Ana", "grant.accept", grant=f"#{handle}")
    circle.sound()
