"""Where a platform shows no history, the ids of what was heard stand in: of a place, of a topic, for two days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from adapters.contract import Account, Act, Command, Event, EventKind, Power
from adapters.contract import Place as Heard
from adapters.contract.event import PlaceKind
from bot.jobs.tidy import tidy
from bot.moderation import seen
from core.clock import DAY, SECOND
from core.moderation.cases.tables import mod_seen
from core.places.places import Place
from tests.bot.moderation.conftest import Process, rows
from tests.bot.moderation.doing import Chat
from tests.core.moderation.cases.acting import NUMBERS, group
from tests.world import World

Start = Callable[..., Process]


def message(number: int, who: str = "Ben", *, thread: str = "", place: str = "-Lobby", **more: Any) -> Event:
    return Event(
        "telegram",
        f"u{number}",
        EventKind.MESSAGE,
        Account(NUMBERS[who], who),
        Heard(place, PlaceKind.GROUP, thread=thread),
        text="not to be kept",
        message_id=str(number),
        **more,
    )


def hear(world: World, *events: Event) -> None:
    for event in events:
        world.write(lambda unit, event=event: seen.note(unit, [event]))
        world.clock.advance(SECOND)


def newest(world: World, most: int = 10, **more: Any) -> list[str]:
    act = Act(Power.DELETE, "", "1", place_id=more.pop("place", "-Lobby"), **more)
    found: list[str] = world.read(lambda unit: seen.newest(unit, "telegram", act, most))
    return found


def test_the_newest_of_everybody_and_of_one(world: World, lobby: Place) -> None:
    group(world, "Annex")
    hear(world, message(1), message(2, "Tim"), message(3), message(4, "Tim"), message(9, place="-Annex"))
    assert newest(world, 3) == ["4", "3", "2"]
    assert newest(world, account_id=NUMBERS["Ben"]) == ["3", "1"]
    assert newest(world, place="-Annex") == ["9"]
    assert newest(world, place="-Nowhere") == []


def test_a_topic_is_a_place_of_its_own(world: World, lobby: Place) -> None:
    hear(world, message(1), message(2, thread="12"), message(3, thread="13"), message(4, thread="12"))
    assert newest(world, thread="12") == ["4", "2"]
    assert newest(world) == ["1"]


def test_nothing_is_known_of_places_that_belong_to_nothing(world: World, lobby: Place) -> None:
    world.place("Annex", external_id="-Annex")
    hear(world, message(1, place="-Annex"), message(2, place="-Nowhere"), message(3))
    found = world.read(lambda unit: unit.rows(select(mod_seen)))
    assert [row["message_id"] for row in found] == ["3"]
    group(world, "Annex")
    hear(world, message(4, place="-Annex"))
    assert newest(world, place="-Annex") == ["4"]


def test_typed_commands_stand_there_as_well(world: World, lobby: Place) -> None:
    typed = replace(message(1), kind=EventKind.COMMAND, command=Command("frobnicate", "now"))
    hear(world, typed, replace(typed, event_id="u2", message_id="2", respond="https://example.org/hook"))
    assert newest(world) == ["1"]


def test_no_word_is_kept_and_nothing_of_direct_chats(world: World, lobby: Place) -> None:
    alone = replace(message(2), place=Heard(NUMBERS["Ben"], PlaceKind.DIRECT))
    hear(world, message(1), alone, replace(message(3), kind=EventKind.JOINED), replace(message(4), message_id=""))
    found = world.read(lambda unit: unit.rows(select(mod_seen)))
    assert [row["message_id"] for row in found] == ["1"]
    assert "kept" not in repr([dict(row) for row in found])


def test_the_same_message_twice_is_one(world: World, lobby: Place) -> None:
    hear(world, message(1), message(1))
    world.write(lambda unit: seen.note(unit, [message(2), message(2)]))
    assert newest(world) == ["2", "1"]


def test_after_two_days_it_is_forgotten(world: World, lobby: Place) -> None:
    hear(world, message(1))
    world.clock.advance(DAY)
    hear(world, message(2))
    world.clock.advance(DAY)
    world.write(lambda unit: tidy(unit, {}))
    assert newest(world) == ["2"]


async def test_a_purge_of_a_place_without_history_deletes_what_was_heard(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    hear(world, *(message(n, "Ben" if n % 2 else "Tim") for n in range(1, 8)), message(50, thread="12"))
    world.do("Mo", "purge", count="3", at={"place": lobby})
    world.do("Mo", "purge", count="2", person="Ben", at={"place": lobby})
    world.do("Mo", "purge", count="5", at={"place": lobby, "thread": "12"})
    await start().once()
    assert [act.message_ids for act in chat.done] == [("7", "6", "5"), ("7", "5"), ("50",)]
    assert [row["messages"] for row in rows(world)] == [["7", "6", "5"], ["7", "5"], ["50"]]


async def test_what_the_forgotten_wrote_is_not_found_any_more(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    hear(world, message(1), message(2, "Tim"), message(3))
    world.do("Ben", "my.forget")
    world.do("Mo", "purge", count="5", at={"place": lobby})
    await start().once()
    assert [act.message_ids for act in chat.done] == [("2",)]
