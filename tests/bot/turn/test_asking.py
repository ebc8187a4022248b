"""What a platform asks while a person waits: completions and their page, within what the asker may know."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.contract import Account, Command, Event, EventKind, Place, PlaceKind
from bot.turn.asking import Asking
from bot.unit import AsyncStore
from bot.words import Words
from core.catalogue import REGISTRY
from core.clock import ManualClock
from core.people.people import speaker
from core.places.places import bind
from tests.conftest import StoreFactory
from tests.world import World

ANA = Account("ana", "Ana")
LOBBY = Place("lobby", PlaceKind.GROUP, "Lobby")
TYPING = Event("telegram", "", EventKind.COMMAND, ANA, LOBBY, command=Command("nexus.show", arguments={}))


@pytest.fixture
def world(new_store: StoreFactory, clock: ManualClock) -> World:
    made = World(new_store("sqlite"), clock)
    made.person("Ana", platform="telegram")
    made.person("Ben", platform="telegram")
    made.nexus("Parser", owner="Ana")
    made.nexus("Secret", owner="Ben", door="private")
    made.nexus("Cellar", owner="Ana", parent="Parser", door="private")
    return made


@pytest.fixture
def asking(world: World) -> Asking:
    return Asking(AsyncStore(world.store), REGISTRY, Words())


def labels(found: object) -> list[str]:
    return [one.label for one in found]  # type: ignore[attr-defined]


async def test_in_a_direct_chat_everything_of_ones_own_is_suggested(asking: Asking) -> None:
    direct = replace(TYPING, place=Place("ana", PlaceKind.DIRECT))
    found = await asking.complete(direct, "nexus", "")
    assert any("Parser" in label for label in labels(found))
    assert any("Cellar" in label for label in labels(found))
    assert not any("Secret" in label for label in labels(found))
    assert [s.label for s in await asking.complete(direct, "nexus", "cel")] == [
        one.label for one in found if "Cellar" in one.label
    ]


async def test_in_a_shared_place_only_what_everybody_there_may_know(asking: Asking, world: World) -> None:
    there = world.place("Lobby", external_id="lobby")
    world.write(lambda unit: bind(unit, there.id, world.nexuses["Parser"].id, "members", by=world.id_of("Ana")))
    found = labels(await asking.complete(TYPING, "nexus", ""))
    assert any("Parser" in label for label in found)
    assert not any("Cellar" in label for label in found)


async def test_strangers_and_unknown_options_get_nothing(asking: Asking) -> None:
    assert await asking.complete(replace(TYPING, account=Account("zoe", "Zoe")), "nexus", "") == []
    assert await asking.complete(TYPING, "weather", "") == []
    assert await asking.complete(replace(TYPING, command=Command("nonsense", arguments={})), "nexus", "") == []


async def test_a_suggested_value_means_that_thing(asking: Asking, world: World) -> None:
    direct = replace(TYPING, place=Place("ana", PlaceKind.DIRECT))
    value = (await asking.complete(direct, "nexus", "parser"))[0].value
    assert world.do("Ana", "nexus.show", nexus=value).name == "Parser"


async def test_a_page_of_ones_own(asking: Asking, world: World) -> None:
    world.do("Ana", "need.post", text="a designer for the logo")
    page = await asking.home(replace(TYPING, place=Place("ana", PlaceKind.DIRECT)))
    assert page.card is not None
    assert page.card.title == "Hi Ana. This is where you stand."
    assert "Parser" in page.card.text
    assert "a designer for the logo" in page.card.text
    stranger = await asking.home(replace(TYPING, account=Account("zoe", "Zoe")))
    assert stranger.text.startswith("Hi Zoe.")


async def test_asking_records_nothing(asking: Asking, world: World) -> None:
    await asking.complete(replace(TYPING, place=Place("never seen", PlaceKind.GROUP)), "nexus", "")
    await asking.home(replace(TYPING, place=Place("never seen either", PlaceKind.DIRECT)))
    world.write(lambda unit: speaker(unit, platform="telegram", workspace="", external_id="ana", name="Ana"))
    assert await asking.heard("telegram") == []
