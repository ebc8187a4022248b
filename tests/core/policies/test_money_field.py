"""Which dollar `$` is: what the Nexus concerned says, or a question."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from core.access.fields import NexusField
from core.errors import BadInput
from core.ledger.units import Money
from core.nexuses.tree import Nexus
from core.operations import Context, Registry
from core.operations.declare import operation
from core.operations.run import Done, run
from core.policies.fields import MoneyField
from core.policies.policies import set_terms
from core.store import Unit
from tests.world import World


@operation("sum.show", says=("show {amount}",))
def show(
    context: Context,
    amount: Annotated[Money, MoneyField("the amount")],
    nexus: Annotated[Nexus | None, NexusField("the Nexus")] = None,
) -> str:
    """Show an amount."""
    return str(amount)


REGISTRY = Registry([show])


def shown(world: World, amount: str, *, here: str = "Parser", **arguments: Any) -> str:
    def unit(unit: Unit) -> str | BadInput:
        try:
            done = run(REGISTRY, world.context(unit, "Ana", here=here), "sum.show", {"amount": amount, **arguments})
        except BadInput as error:
            return error
        assert isinstance(done, Done)
        return str(done.result)

    found = world.read(unit)
    if isinstance(found, BadInput):
        raise found
    return str(found)


@pytest.fixture
def dollars(world: World) -> World:
    """Home says nothing, Parser that its dollar is Canada's; Lexer is below it, Yard beside it."""
    world.nexus("Parser", owner="Ana")
    world.nexus("Lexer", parent="Parser")
    world.nexus("Yard", owner="Ana")
    mine, parser = world.id_of("Ana"), world.nexuses["Parser"].id
    world.write(lambda unit: set_terms(unit, parser, "$", {"means": "CAD"}, mine))
    return world


def test_the_nexus_says_which_dollar(dollars: World) -> None:
    assert shown(dollars, "$1.5k") == "1,500.00 CAD"
    assert shown(dollars, "20 dollars", here="Lexer") == "20.00 CAD"


def test_the_nexus_that_is_named_decides_not_the_one_here(dollars: World) -> None:
    assert shown(dollars, "$20", here="Yard", nexus="Parser") == "20.00 CAD"
    with pytest.raises(BadInput, match=r"^Which dollar is \$20\.00\?"):
        shown(dollars, "$20", nexus="Yard")


def test_where_nothing_is_said_it_asks_and_says_about_what(dollars: World) -> None:
    with pytest.raises(BadInput, match=r"^Which dollar is \$20\.00\?") as question:
        shown(dollars, "$20", here="Yard")
    assert question.value.argument == "amount"
    assert shown(dollars, "$20 USD", here="Yard") == "20.00 USD"


def test_what_can_not_be_read_says_about_what(dollars: World) -> None:
    with pytest.raises(BadInput, match="two ways") as question:
        shown(dollars, "$1,500")
    assert question.value.argument == "amount"
