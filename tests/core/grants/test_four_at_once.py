"""Several who decide at the same moment, on a real server: one effect, one voice each, and no limit overrun."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from core.errors import NexusError
from core.grants.grants import timeline
from core.grants.tables import approval
from core.ledger.units import Money
from core.operations.run import Ask
from core.policies import mandates
from tests.core.grants.circle import Circle
from tests.core.grants.four import become_one, circle_below_hilda, one_below_500
from tests.core.grants.test_at_once import together
from tests.world import World


@pytest.fixture
def circle(world: World) -> Circle:
    """See `circle_below_hilda`."""
    return circle_below_hilda(world)


@pytest.mark.parametrize("engine", ["postgres"])
def test_two_moderators_at_once_have_one_effect(circle: Circle) -> None:
    one_below_500(circle)
    world = circle.world
    handle = circle.propose(amount="100 EUR")
    tokens = {name: circle.told(name)[-1][1] for name in ("Stan", "Tom", "Olga")}
    yes = [lambda name=name: world.press(name, tokens[name]["Approve"]) for name in tokens]
    no = [lambda: world.do("Stan", "grant.reject", grant=f"#{handle}")]
    went = together(*yes, *no)
    assert len([one for one in went if not isinstance(one, NexusError)]) == 1
    found = circle.grant(handle)
    ends = [
        e["what"] for e in world.read(lambda unit: timeline(unit, found.id)) if e["what"] in ("approved", "rejected")
    ]
    assert ends == [found.state]
    assert circle.free() == (120_000, 10_000 if found.state == "approved" else 0)
    circle.sound()


@pytest.mark.parametrize("engine", ["postgres"])
def test_one_person_on_two_accounts_at_once_is_one_voice(circle: Circle) -> None:
    world = circle.world
    world.person("Stan 2", platform="discord")
    become_one(circle, "Stan", "Stan 2")
    handle = circle.propose()
    cards = [
        world.call(name, "grant.approve", grant=f"#{handle}", at={"here": "Parser"}) for name in ("Stan", "Stan 2")
    ]
    tokens = [card.buttons[0].token for card in cards if isinstance(card, Ask)]
    together(*(lambda token=token: world.press("Stan", token, at={"here": "Parser"}) for token in tokens))
    assert circle.grant(handle).state == "proposed"
    assert world.read(lambda unit: unit.value(select(func.count()).select_from(approval))) == 1


@pytest.mark.parametrize("engine", ["postgres"])
def test_two_parts_of_a_split_approved_at_once(circle: Circle) -> None:
    one_below_500(circle)
    first, second = circle.propose(amount="300 EUR"), circle.propose(amount="300 EUR")
    went = together(
        lambda: circle.world.do("Stan", "grant.approve", grant=f"#{first}"),
        lambda: circle.world.do("Tom", "grant.approve", grant=f"#{second}"),
    )
    assert not [one for one in went if isinstance(one, NexusError)]
    assert sorted([circle.grant(first).state, circle.grant(second).state]) == ["approved", "proposed"]


def give_mandate(circle: Circle, **said: Any) -> str:
    words = {"person": "Mia", "amount": "200 EUR", "every": "30 days"} | said
    handle: str = circle.world.do("Olga", "mandate.give", **words).handle
    for name in ("Stan", "Tom"):
        circle.world.do(name, "mandate.approve", mandate=f"#{handle}")
    return handle


def gift(circle: Circle, who: str, to: str, amount: str) -> Any:
    card = circle.world.call(who, "grant.propose", person=to, amount=amount, purpose="x", giver="mandate")
    assert isinstance(card, Ask)
    token = card.buttons[0].token
    return lambda: circle.world.press(who, token)


@pytest.mark.parametrize("engine", ["postgres"])
def test_two_mandates_at_once_give_no_more_than_the_policy_allows(circle: Circle) -> None:
    for name in ("Mia", "Ben"):
        give_mandate(circle, person=name)
    circle.world.do("Olga", "policy.set", limit="250 EUR", at={"here": "Parser"})
    went = together(gift(circle, "Mia", "Ana", "150 EUR"), gift(circle, "Ben", "Mod", "150 EUR"))
    assert len([one for one in went if isinstance(one, NexusError)]) == 1
    assert circle.free() == (120_000, 15_000)


@pytest.mark.parametrize("engine", ["postgres"])
def test_giving_and_ending_a_mandate_at_once_is_one_after_the_other(circle: Circle) -> None:
    handle = give_mandate(circle)
    give = gift(circle, "Mia", "Ana", "150 EUR")
    went = together(give, lambda: circle.world.do("Tom", "mandate.end", mandate=f"#{handle}"))
    assert not isinstance(went[1], NexusError)
    given = not isinstance(went[0], NexusError)
    assert circle.free() == (120_000, 15_000 if given else 0)
    mia, euro = circle.world.id_of("Mia"), Money(100, "EUR")
    assert circle.world.read(lambda unit: mandates.usable(unit, mia, circle.parser, euro)) is None
