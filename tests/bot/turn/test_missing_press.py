"""A button for something that wants words as well: it asks for them, and the next message is the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pytest

from adapters.contract import Account, Event, EventKind, Place, PlaceKind
from bot.cards.plain import as_text
from bot.cofounder.brain import Pending
from bot.inbox.inbox import Entry
from bot.talk.questions import open_question
from bot.turn.context import setting_of
from bot.turn.step import Said, take_press
from bot.words import Words
from core.buttons.buttons import Choice, offer
from core.clock import ManualClock
from core.operations import Context, Registry
from core.operations.declare import operation
from core.operations.fields import Text
from core.places.places import place_at
from core.store import Unit
from tests.conftest import StoreFactory
from tests.world import World


@dataclass(frozen=True, slots=True)
class Passed:
    words: str


@operation("word.pass", writes=True, private=True, says=("pass {words}",), tells="Passed on.")
def pass_on(
    context: Context,
    about: Annotated[str, Text("what it is about")],
    words: Annotated[str, Text("what to pass on")],
) -> Passed:
    """Pass words on."""
    return Passed(words)


REGISTRY = Registry([pass_on])


@pytest.fixture
def world(new_store: StoreFactory, clock: ManualClock) -> World:
    made = World(new_store("sqlite"), clock)
    made.person("Ana", platform="telegram")
    made.nexus("Parser", owner="Ana")
    return made


def test_it_asks_and_can_be_pressed_again(world: World) -> None:
    ana, parser = world.person("Ana"), world.nexuses["Parser"].id
    choice = Choice("Say something", "word.pass", {"about": "tea"})
    token = world.write(lambda unit: offer(unit, (choice,), person_id=ana.person_id, nexus_id=parser))[0].token

    def press(unit: Unit) -> tuple[Said, Pending | None]:
        there = place_at(
            unit, platform="telegram", workspace="", external_id="ana", thread="", kind="direct", title="Ana"
        )
        place = Place("ana", PlaceKind.DIRECT)
        event = Event("telegram", "1", EventKind.BUTTON, Account("ana", "Ana"), place)
        entry = Entry(1, event, ana.person_id, ana.account_id, there.id)
        said = take_press(unit, REGISTRY, Words(), entry, setting_of(unit, entry, there), token, "")
        return said, open_question(unit, entry.talk_key)

    for _ in range(2):
        said, asked = world.write(press)
        assert (said.private, said.went, as_text(said.reply)) == (True, "missing", "Gladly. Tell me what to pass on.")
        assert asked is not None
        assert (asked.operation, asked.asked, asked.arguments) == ("word.pass", "words", {"about": "tea"})
