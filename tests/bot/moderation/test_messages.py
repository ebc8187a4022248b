"""Messages that are deleted: which they were is stored first. And who is forgotten while something waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.contract import (
    Did,
    TooManyRequests,
    Written,
)
from core.clock import HOUR
from core.places.places import Place
from tests.bot.moderation.conftest import Process, rows, states
from tests.bot.moderation.doing import Chat
from tests.core.moderation.cases.acting import NUMBERS
from tests.world import World

Start = Callable[..., Process]


def ban(world: World, lobby: Place, whom: str = "Ben", **given: Any) -> None:
    world.do("Mo", "ban", person=NUMBERS[whom], at={"place": lobby}, **given)


def written(*pairs: tuple[str, str]) -> list[Written]:
    return [Written(message, account, 0) for message, account in pairs]


async def test_a_purge_deletes_the_messages_that_stood_there_when_it_began(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    """Which they are is stored first: after a crash the same go, and not those that were written since."""
    chat.history = written(("9", "1"), ("8", "1"), ("7", "2"), ("6", "1"))
    world.do("Mo", "purge", count="2", at={"place": lobby})
    first = start()
    first.adapter.hold("after")
    await first.begin()
    await first.adapter.reached["after"].wait()
    await first.kill()
    chat.history = [*written(("11", "1"), ("10", "1")), *chat.history]
    await start().once()
    assert [act.message_ids for act in chat.done] == [("9", "8")] * 2
    assert [one.message_id for one in chat.history] == ["11", "10", "7", "6"]
    assert rows(world)[0]["messages"] == ["9", "8"]


async def test_a_purge_of_one_person_leaves_the_others(world: World, lobby: Place, chat: Chat, start: Start) -> None:
    chat.history = written(("9", NUMBERS["Tim"]), ("8", NUMBERS["Ben"]), ("7", NUMBERS["Tim"]), ("6", NUMBERS["Ben"]))
    world.do("Mo", "purge", count="20", person="Ben", at={"place": lobby})
    await start().once()
    assert [one.message_id for one in chat.history] == ["9", "7"]


async def test_what_is_still_there_is_said(world: World, lobby: Place, chat: Chat, start: Start) -> None:
    chat.history = written(("9", "1"), ("8", "1"))
    world.do("Mo", "purge", count="2", at={"place": lobby})
    process = start()
    process.adapter.answers.append(Did(True, "One is older than two weeks.", left=("8",)))
    await process.once()
    (row,) = rows(world)
    assert (row["state"], row["left_over"], row["said"]) == ("partly", ["8"], "One is older than two weeks.")


async def test_a_purge_of_an_empty_place_does_nothing_to_nobody(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    chat.history = []
    world.do("Mo", "purge", count="5", at={"place": lobby})
    await start().once()
    assert [act.message_ids for act in chat.done] == [()]


async def test_what_was_forgotten_while_it_waited_is_not_done(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    ban(world, lobby)
    process = start()
    process.adapter.answers.append(TooManyRequests(30))
    await process.once()
    world.do("Ben", "my.forget")
    world.clock.advance(HOUR)
    await process.once()
    assert (chat.done, states(world)) == ([], ["dropped"])


async def test_who_is_forgotten_while_it_is_under_way(world: World, lobby: Place, chat: Chat, start: Start) -> None:
    ban(world, lobby)
    process = start()
    process.adapter.hold("after")
    await process.begin()
    await process.adapter.reached["after"].wait()
    world.do("Ben", "my.forget")
    process.adapter.holds["after"].set()
    await process.quiet()
    assert states(world) == ["dropped"]
    assert NUMBERS["Ben"] not in repr(world.dump()["mod_act"])
