"""An amount that can be read in two ways: the question is put, and the next message answers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pytest

from adapters.contract import Account, Event, EventKind, Place, PlaceKind
from bot.cards.plain import as_text
from bot.inbox.inbox import Entry
from bot.talk.questions import open_question
from bot.turn.context import setting_of
from bot.turn.step import take_step
from bot.words import Words
from core.clock import ManualClock
from core.ledger.units import Money
from core.operations import Context, Origin, Registry
from core.operations.declare import operation
from core.operations.fields import Text
from core.people.people import person_of
from core.places.places import place_at
from core.policies.fields import MoneyField
from core.store import Unit
from tests.conftest import StoreFactory
from tests.world import World


@dataclass(frozen=True, slots=True)
class Kept:
    amount: str


@operation("sum.keep", says=("keep {amount} for {what}",), tells="Kept.")
def keep(
    context: Context,
    amount: Annotated[Money, MoneyField("the amount")],
    what: Annotated[str, Text("what for")] = "",
) -> Kept:
    """Keep an amount."""
    return Kept(str(amount))


REGISTRY = Registry([keep])


@pytest.fixture
def world(new_store: StoreFactory, clock: ManualClock) -> World:
    made = World(new_store("sqlite"), clock)
    made.person("Ana", platform="telegram")
    made.nexus("Parser", owner="Ana")
    return made


def say(world: World, **arguments: str) -> tuple[str, object]:
    """What is answered to the arguments of a sentence, and the question that is open then."""

    def unit(unit: Unit) -> tuple[str, object]:
        someone = world.person("Ana")
        assert person_of(unit, someone.person_id).name == "Ana"
        there = place_at(
            unit, platform="telegram", workspace="", external_id="ana", thread="", kind="direct", title="Ana"
        )
        account = Account("ana", "Ana")
        event = Event("telegram", "1", EventKind.MESSAGE, account, Place("ana", PlaceKind.DIRECT), text="…")
        entry = Entry(1, event, someone.person_id, someone.account_id, there.id)
        said = take_step(
            unit, REGISTRY, Words(), entry, setting_of(unit, entry, there), "sum.keep", arguments, Origin.TALK, ""
        )
        return as_text(said.reply), open_question(unit, entry.talk_key)

    found: tuple[str, object] = world.write(unit)
    return found


@pytest.mark.parametrize(
    ("amount", "question"),
    [
        ("1.500 EUR", "1.500 EUR can be read in two ways: 1500 EUR or 1.50 EUR. Which one is it?"),
        ("$500", "Which dollar is $500.00? Please type USD, CAD, AUD or NZD. A steward can set one for the Nexus."),
        ("500", "In which currency? Please type it with the amount, such as 500 EUR."),
    ],
)
def test_the_question_stays_open(world: World, amount: str, question: str) -> None:
    said, open_now = say(world, amount=amount, what="the parser")
    assert said == question
    assert open_now is not None
    assert (open_now.operation, open_now.asked) == ("sum.keep", "amount")  # type: ignore[attr-defined]
    assert open_now.arguments == {"amount": amount, "what": "the parser"}  # type: ignore[attr-defined]


def test_once_it_is_answered_nothing_is_open(world: World) -> None:
    say(world, amount="1.500 EUR", what="the parser")
    _, open_now = say(world, amount="1500 EUR", what="the parser")
    assert open_now is None


def test_other_refusals_leave_no_question(world: World) -> None:
    _, open_now = say(world, amount="500 EUR", what="x" * 3000)
    assert open_now is None
