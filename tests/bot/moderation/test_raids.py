"""A raid: many arrive in a minute; the door closes, they read, everybody else goes on talking.

The full size, through the platforms, is in `tests/soak/moderation`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from adapters.contract import Account, Event, EventKind, PlaceKind
from adapters.contract import Place as Spot
from bot.moderation.watch import Watch
from bot.unit import AsyncStore
from core.clock import DAY, MINUTE
from core.moderation.cases import undo
from core.moderation.guards import modes, raids
from core.places.places import Place
from tests.core.moderation.cases.acting import Chats, button, cases, gather, told, words
from tests.world import World

JOINS = 24
_ids: Iterator[int] = itertools.count(1)


@pytest.fixture
def lobby(world: World) -> Place:
    return gather(world)


@pytest.fixture
def watch(world: World) -> Watch:
    return Watch(AsyncStore(world.store))


def allow(world: World, watch: Watch, mode: str) -> None:
    nexus_id = world.nexuses["Parser"].id
    world.write(lambda unit: modes.set_mode(unit, nexus_id, "raid", mode, world.id_of("Ana")))
    watch.forget()


def event(world: World, lobby: Place, kind: EventKind, account: Account, text: str = "") -> Event:
    number = next(_ids)
    return Event(
        "telegram",
        f"e{number}",
        kind,
        account,
        Spot(lobby.external_id, PlaceKind.GROUP, lobby.title),
        workspace=lobby.workspace,
        text=text,
        message_id=f"{number}" if text else "",
        sent_at=world.clock.now(),
    )


def raider(number: int) -> Account:
    return Account(str(900_000 + number), f"Lure {number}")


async def arrive(world: World, watch: Watch, lobby: Place, count: int = JOINS, first: int = 0) -> None:
    for number in range(first, first + count):
        world.clock.advance(MINUTE // JOINS)
        await watch.look([event(world, lobby, EventKind.JOINED, raider(number))])


async def talk(world: World, watch: Watch, lobby: Place) -> set[str]:
    """What Ben, who has been there for long, says meanwhile, is looked at as well."""
    ben = Account(world.person("Ben").external_id, "Ben")
    return await watch.look([event(world, lobby, EventKind.MESSAGE, ben, "what is going on here?")])


async def test_a_raid_is_contained_and_undone_in_one_step(world: World, watch: Watch, lobby: Place) -> None:
    chats = Chats(world)
    allow(world, watch, "act")
    await arrive(world, watch, lobby)
    assert await talk(world, watch, lobby) == set()
    made = cases(world)
    (raid,) = (case for case in made if case["kind"] == "raid")
    children = [case for case in made if case["parent_id"] == raid["id"]]
    assert len(children) == JOINS
    assert {case["kind"] for case in children} == {"timeout"}
    assert len(made) == JOINS + 1
    assert world.id_of("Ben") not in {case["person_id"] for case in made}
    chats.carry(most=5 * JOINS)
    assert len(chats.muted) == JOINS
    assert set(chats.slow.values()) == {raids.SLOW}
    (notice,) = told(world, "Mo")
    assert "Parser is closed up for a quarter of an hour" in words(notice)
    world.press("Mo", button(notice, "Undo all of it"))
    chats.carry(most=5 * JOINS)
    assert chats.muted == {}
    assert set(chats.slow.values()) == {0}
    assert {case["state"] for case in cases(world)} == {"undone"}


async def test_it_opens_by_itself_and_lasts_while_people_pour_in(world: World, watch: Watch, lobby: Place) -> None:
    chats = Chats(world)
    allow(world, watch, "act")
    await arrive(world, watch, lobby)
    (first,) = (case["until"] for case in cases(world) if case["kind"] == "raid")
    world.clock.advance(raids.LASTS - raids.GOES_ON + MINUTE)
    await arrive(world, watch, lobby, first=JOINS)
    (longer,) = (case["until"] for case in cases(world) if case["kind"] == "raid")
    assert longer > first
    assert {case["until"] for case in cases(world)} == {longer}
    chats.carry()
    chats.later(raids.LASTS + MINUTE)
    while world.write(undo.sweep):
        pass
    chats.carry()
    assert {case["state"] for case in cases(world)} == {"lifted"}
    assert chats.muted == {}
    assert set(chats.slow.values()) == {0}


async def test_who_says_that_they_are_a_person_may_write(world: World, watch: Watch, lobby: Place) -> None:
    chats = Chats(world)
    allow(world, watch, "act")
    world.person("Nia", platform="telegram", external_id="777777")
    await arrive(world, watch, lobby)
    nia = Account("777777", "Nia")
    await watch.look([event(world, lobby, EventKind.JOINED, nia)])
    chats.carry()
    assert any(whom == "777777" for *_, whom in chats.muted)
    (notice,) = told(world, "Nia")
    assert "newcomers only read for a while" in words(notice)
    with pytest.raises(Exception, match="somebody else"):
        world.press("Ben", button(notice, "I am, let me write"))
    world.press("Nia", button(notice, "I am, let me write"))
    chats.carry()
    assert all(whom != "777777" for *_, whom in chats.muted)
    assert len(chats.muted) == JOINS


async def test_moderators_are_asked_first_unless_it_may_act(world: World, watch: Watch, lobby: Place) -> None:
    allow(world, watch, "ask")
    await arrive(world, watch, lobby)
    assert cases(world) == []
    notices = told(world, "Mo")
    assert len(notices) == 1
    assert "That looks like a raid of Parser" in words(notices[0])
    world.press("Mo", button(notices[0], "Close up"))
    watch.forget()
    await arrive(world, watch, lobby, 1, first=JOINS)
    made = cases(world)
    assert made[0]["kind"] == "raid"
    assert len(made) == JOINS + 2  # those who came before belong to it as well
    assert world.read(lambda unit: raids.standing(unit, world.nexuses["Parser"].id)) is not None


@pytest.mark.parametrize("mode", ["off", "shadow"])
async def test_otherwise_nothing_is_closed(world: World, watch: Watch, lobby: Place, mode: str) -> None:
    allow(world, watch, mode)
    await arrive(world, watch, lobby)
    assert cases(world) == []
    assert told(world, "Mo") == []


async def test_a_few_who_come_during_a_day_are_no_raid(world: World, watch: Watch, lobby: Place) -> None:
    allow(world, watch, "act")
    for number in range(40):
        world.clock.advance(DAY // 40)
        await watch.look([event(world, lobby, EventKind.JOINED, raider(number))])
    assert cases(world) == []
