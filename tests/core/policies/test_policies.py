"""Setting what a grant takes, as people say it, and being told what holds and where it comes from."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from bot.cards import reply_for
from bot.cards.plain import as_text
from bot.words import Words
from core.catalogue import REGISTRY
from core.clock import DAY
from core.errors import BadInput, Conflict, Missing, NotAllowed
from core.notices.notices import waiting
from core.operations.run import Ask, Done
from core.policies.policies import dollar_of, terms_for
from core.policies.tables import policy
from core.policies.terms import DEFAULT, Terms
from tests.core.grants.test_at_once import together
from tests.world import World


@pytest.fixture
def engine() -> str:
    """Sentences and sums are the same on both: what differs is tried on PostgreSQL, at once."""
    return "sqlite"


@pytest.fixture
def world(world: World) -> World:
    """Parser in Home: Olga owns it, Stan is steward, Tom treasurer, Mia a member; Hilda owns Home. Lexer is inside."""
    world.join("Hilda", "Home", "owner")
    world.nexus("Parser", owner="Olga")
    world.nexus("Lexer", parent="Parser", owner="Lena")
    world.join("Stan", "Parser", "steward")
    world.join("Tom", "Parser", "treasurer")
    world.join("Mia", "Parser")
    return world


def terms(world: World, code: str = "EUR", nexus: str = "Parser") -> Terms:
    found: Terms = world.read(lambda unit: terms_for(unit, world.nexuses[nexus].id, code))
    return found


def asked(world: World, who: str, /, **said: Any) -> str:
    """What the card says before anything is changed."""
    before = world.dump("button")
    card = world.call(who, "policy.set", **said)
    assert isinstance(card, Ask)
    assert world.dump("button") == before
    return card.question.format(**card.arguments)


def shown(world: World, who: str = "Mia", /, **said: Any) -> list[str]:
    """What somebody reads who asks what a grant takes."""
    done = world.call(who, "policy.show", **said)
    assert isinstance(done, Done)
    return as_text(reply_for(done, Words())).split("\n")


def test_two_approvals_from_500_euros(world: World) -> None:
    card = asked(world, "Olga", approvals="two", amount="500 EUR")
    assert card.split("\n")[:2] == [
        "What a grant takes in Parser, for EUR:",
        "• A grant takes 1 approval, from 500.00 EUR on 2. (So far: A grant takes 2 approvals, whatever the amount.)",
    ]
    assert "can only take more" in card
    world.do("Olga", "policy.set", approvals="two", amount="500 EUR")
    world.do("Olga", "policy.set", approvals="3", amount="€5000")
    found = terms(world)
    assert [found.needed(minor) for minor in (1, 49_999, 50_000, 499_999, 500_000)] == [1, 1, 2, 2, 3]
    assert terms(world, "USD").needed(1) == 3  # of which nothing is said: the strictest that is known
    assert terms(world, nexus="Lexer") == found
    assert terms(world, nexus="Home") == DEFAULT


def test_every_point_can_be_said_by_itself_and_leaves_the_others(world: World) -> None:
    world.do("Olga", "policy.set", who="owners and stewards")
    world.do("Olga", "policy.set", age="0 days")
    world.do("Olga", "policy.set", each="2000 EUR", window="60 days")
    world.do("Olga", "policy.set", limit="9000 EUR")
    world.do("Olga", "policy.set", approvals=1, unit="euros")
    assert terms(world) == Terms(((0, 1),), ("owner", "steward"), 60 * DAY, 200_000, 900_000, 0)
    assert terms(world, "MIN") == Terms(((0, 2),), ("owner", "steward"), 60 * DAY, None, None, 0)
    world.do("Olga", "policy.set", approvals=3, amount="10h")
    assert [terms(world, "MIN").needed(minutes) for minutes in (599, 600)] == [1, 3]
    world.do("Olga", "policy.set", drop="spending limit")
    assert (terms(world).limit, terms(world).per_person) == (None, 200_000)
    world.do("Olga", "policy.set", drop="everything", unit="EUR")
    assert terms(world).per_person is None
    assert terms(world).roles == ("owner", "steward")


def test_a_nexus_inside_asks_for_more_never_for_less(world: World) -> None:
    world.do("Olga", "policy.set", approvals=2, amount="500 EUR", limit="3000 EUR")
    card = asked(world, "Lena", approvals=1, unit="eur", limit="5000 EUR", at={"here": "Lexer"})
    assert "That changes nothing for now, as Parser asks for as much or more." in card
    world.do("Lena", "policy.set", approvals=1, unit="eur", limit="5000 EUR", at={"here": "Lexer"})
    assert terms(world, nexus="Lexer") == terms(world)
    world.do("Lena", "policy.set", approvals=2, unit="eur", at={"here": "Lexer"})
    assert [terms(world, nexus=name).needed(100) for name in ("Lexer", "Parser")] == [2, 1]
    world.do("Hilda", "policy.set", approvals=4, amount="10000 EUR", at={"here": "Home"})
    assert terms(world, nexus="Lexer").approvals == ((0, 2), (1_000_000, 4))
    assert terms(world).approvals == ((0, 1), (50_000, 2), (1_000_000, 4))


def test_a_steward_makes_it_stricter_and_nothing_easier(world: World) -> None:
    world.do("Olga", "policy.set", approvals=2, amount="500 EUR", each="800 EUR")
    stricter: list[dict[str, Any]] = [
        {"approvals": 3, "amount": "500 EUR"},
        {"approvals": 2, "unit": "eur"},
        {"each": "700 EUR"},
        {"limit": "900 EUR"},
        {"age": "7 days"},
        {"who": "owners"},
        {"dollar": "CAD"},
    ]
    for said in stricter:
        world.do("Stan", "policy.set", **said)
    easier: list[dict[str, Any]] = [
        {"approvals": 1, "amount": "500 EUR"},
        {"approvals": 1, "unit": "eur"},
        {"approvals": 1, "amount": "500 USD"},  # of which nothing was said: more than one
        {"each": "900 EUR"},
        {"each": "600 EUR", "age": "1 day"},
        {"limit": "901 EUR"},
        {"age": "6 days"},
        {"who": "all"},
        {"drop": "everything", "unit": "eur"},
        {"drop": "role-age"},
    ]
    before = world.dump("button")
    for said in easier:
        with pytest.raises((NotAllowed, BadInput)):
            world.do("Stan", "policy.set", **said)
    assert world.dump("button") == before
    for who in ("Tom", "Mia"):
        with pytest.raises(NotAllowed, match="takes a steward of Parser"):
            world.do(who, "policy.set", approvals=9)
    world.do("Hilda", "policy.set", each="900 EUR", at={"here": "Parser"})  # an owner above


def test_what_cannot_be_said_so_gets_a_question(world: World) -> None:
    missing: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "what it takes"),
        ({"amount": "500 EUR"}, "how many approvals"),
    )
    for said, what in missing:
        with pytest.raises(Missing, match=what):
            world.do("Olga", "policy.set", **said)
    with pytest.raises(BadInput, match="EUR and USD"):
        world.do("Olga", "policy.set", approvals=2, amount="500 EUR", limit="900 USD")
    with pytest.raises(BadInput, match="everything and EUR"):
        world.do("Olga", "policy.set", unit="all", limit="900 EUR")
    with pytest.raises(BadInput, match="1 to 20"):
        world.do("Olga", "policy.set", approvals=0)
    world.do("Olga", "policy.set", approvals=2)
    with pytest.raises(Conflict, match="holds in Parser already"):
        world.do("Olga", "policy.set", approvals=2)
    world.do("Olga", "policy.set", approvals=3, unit="eur")
    with pytest.raises(BadInput, match="Smaller amounts take more"):
        world.do("Olga", "policy.set", approvals=2, amount="100 EUR")
    world.do("Olga", "policy.set", limit="900 EUR")
    world.do("Olga", "policy.set", limit="900 USD")
    with pytest.raises(Missing, match="the currency"):
        world.do("Olga", "policy.set", drop="limit")


def test_the_card_warns_where_nobody_could_get_so_many(world: World) -> None:
    world.clock.advance(2 * DAY)
    assert "Careful" not in asked(world, "Olga", approvals=4)  # Olga, Stan, Tom and Hilda
    assert "Careful: 4 people can approve here so far, and it would take 5 approvals." in asked(
        world, "Olga", approvals=5
    )
    assert "Careful: 2 people" in asked(world, "Olga", approvals=3, who="owners")
    card = asked(world, "Olga", approvals=3, unit="eur")
    world.do("Olga", "policy.set", approvals=3, unit="eur")
    assert "Of EUR something is said here already" not in card
    assert "Of EUR something is said here already; that stays." in asked(world, "Olga", approvals=1)


def test_what_holds_is_said_in_sentences_with_where_it_comes_from(world: World) -> None:
    assert shown(world) == [
        "What a grant takes in Parser (everything)",
        "- A grant takes 2 approvals, whatever the amount. (as long as nobody says otherwise)",
        "- Owners, stewards and treasurers may approve. (as long as nobody says otherwise)",
        "- What one person is given within 30 days counts together. (as long as nobody says otherwise)",
        "- A role counts once it has been held for 1 day. (as long as nobody says otherwise)",
        "- Nobody approves what they proposed, would receive or would be paid for.",
    ]
    world.do("Hilda", "policy.set", age="3 days", at={"here": "Home"})
    world.do("Hilda", "policy.set", approvals=3, amount="1000 EUR", at={"here": "Home"})
    world.do("Olga", "policy.set", approvals=2, amount="500 EUR", each="2000 EUR", dollar="usd", who="owners")
    assert shown(world, unit="eur") == [
        "What a grant takes in Parser (EUR)",
        "- A grant takes 1 approval, from 500.00 EUR on 2, from 1,000.00 EUR on 3. (from Parser and Home)",
        "- Only owners may approve.",
        "- What one person is given within 30 days counts together. (as long as nobody says otherwise)",
        "- One person is given 2,000.00 EUR within 30 days at most.",
        "- A role counts once it has been held for 3 days. (from Home)",
        "- Nobody approves what they proposed, would receive or would be paid for.",
        "- $ is USD here.",
    ]
    assert shown(world, "Olga")[-1] == "To change it, say “two approvals from 500 EUR”, for example."
    with pytest.raises(NotAllowed):
        world.call("Eve", "policy.show", at={"here": "Parser"})


def test_a_nexus_that_the_reader_may_not_know_is_not_named(world: World) -> None:
    world.nexus("Vault", parent="Parser", door="private", owner="Vera")
    world.nexus("Cell", parent="Vault", owner="Cleo")
    world.do("Vera", "policy.set", approvals=3, at={"here": "Vault"})
    assert any("(from Vault)" in line for line in shown(world, "Vera", at={"here": "Cell"}))
    place = world.place("Lobby")
    from core.places.places import bind

    by = world.id_of("Olga")
    world.write(lambda unit: bind(unit, place.id, world.nexuses["Cell"].id, "public", by=by))
    said = "\n".join(shown(world, "Cleo", at={"place": place}))
    assert "Vault" not in said
    assert "(from a Nexus above)" in said


def test_who_decides_is_told_and_history_is_kept(world: World) -> None:
    world.do("Olga", "policy.set", approvals=2, amount="500 EUR")
    world.do("Olga", "policy.set", approvals=3, amount="500 EUR")
    told = {row["person_id"] for row in world.write(waiting) if "has changed" in row["template"]}
    assert told == {world.id_of(name) for name in ("Stan", "Tom", "Hilda")}
    rows = world.read(lambda unit: unit.rows(select(policy).order_by(policy.c.id)))
    assert [row["ended_at"] is None for row in rows] == [False, True]


def test_which_dollar_it_is(world: World) -> None:
    with pytest.raises(BadInput, match="Which dollar"):
        world.do("Olga", "policy.set", approvals=2, amount="$500")
    world.do("Stan", "policy.set", dollar="CAD")
    world.do("Olga", "policy.set", approvals=2, amount="$500")
    assert terms(world, "CAD").needed(50_000) == 2
    assert world.read(lambda unit: dollar_of(unit, world.nexuses["Lexer"].id)) == "CAD"
    assert world.read(lambda unit: dollar_of(unit, world.nexuses["Home"].id)) is None
    with pytest.raises(Conflict, match="already"):
        world.do("Stan", "policy.set", dollar="CAD")


@pytest.mark.parametrize("engine", ["postgres"])
def test_two_who_set_it_at_once_leave_one_that_holds(world: World) -> None:
    cards = [world.call("Olga", "policy.set", approvals=count, unit="eur") for count in (2, 3, 4)]
    tokens = [card.buttons[0].token for card in cards if isinstance(card, Ask)]
    together(*(lambda token=token: world.press("Olga", token) for token in tokens))
    count = select(func.count()).select_from(policy).where(policy.c.ended_at.is_(None))
    assert world.read(lambda unit: unit.value(count)) == 1


def test_what_is_set_is_said_again() -> None:
    from core.policies.operations import PolicySet

    def said(result: PolicySet) -> list[str]:
        return as_text(reply_for(Done(REGISTRY.get("policy.set"), result, {}), Words())).split("\n")

    assert said(PolicySet("Parser", "EUR", ("One.", "Two."), "USD")) == [
        "From now on in Parser, for EUR:", "- One.", "- Two.", "- $ is USD here.",
    ]  # fmt: skip
    assert said(PolicySet("Parser", "", (), "USD")) == ["$ is USD here."]
