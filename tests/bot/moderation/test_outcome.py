"""What came of a decision is said once: with the answer where the platform is quick, and by itself where it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from adapters.contract import Address, Card, Did, NotPermitted, Reply, TooManyRequests
from bot.moderation.carry import PATIENCE
from bot.moderation.said import outcome_lines
from bot.outbox import outbox
from bot.outbox.outbox import Outgoing
from bot.outbox.tables import outbox as outbox_table
from bot.words import Words
from core.clock import MINUTE, SECOND
from core.moderation.cases import acts
from core.places.places import Place
from tests.bot.moderation.conftest import Process, rows, states
from tests.bot.moderation.doing import Chat
from tests.core.moderation.cases.acting import NUMBERS, group, server, told, words
from tests.world import World

Start = Callable[..., Process]
KEY = "telegram::e1"


def ban(world: World, lobby: Place, key: str = KEY, whom: str = "Ben") -> None:
    world.do("Mo", "ban", person=NUMBERS[whom], at={"place": lobby, "key": key})


def answer(world: World, reply: Reply, state: str = "waiting") -> list[Outgoing]:
    """The answer to a decision, as a turn has written it."""
    address = Address("telegram", "-Lobby", account_id=NUMBERS["Mo"])
    row: Outgoing = world.write(
        lambda unit: outbox.say(
            unit, inbox_id=1, position=0, place_key="here", address=address, reply=reply, state=state
        )
    )
    return [row]


def stored(world: World) -> Reply:
    """The answer as it would be sent by another process."""
    row = world.read(lambda unit: unit.row(outbox_table.select()))
    assert row is not None
    return outbox.outgoing(row).reply


async def answered(process: Process, key: str, given: list[Outgoing]) -> list[Outgoing]:
    """What the answer is, while the platform works."""
    process.carrier.wake()
    waiting = asyncio.create_task(process.carrier.answered(key, given))
    await process.once()
    return await waiting


async def test_a_quick_platform_is_in_the_answer(world: World, lobby: Place, chat: Chat, start: Start) -> None:
    ban(world, lobby)
    found = await answered(start(), KEY, answer(world, Reply("Ben is banned. It is case 1.")))
    expected = Reply("", Card(text="Ben is banned. It is case 1.", lines=("Telegram: banned.",)))
    assert [row.reply for row in found] == [expected]
    assert stored(world) == expected, "also for a process that sends it after a crash"
    world.clock.advance(MINUTE)
    process = start()
    await process.once()
    assert told(world, "Mo") == [], "nobody is told twice"


async def test_a_card_keeps_what_it_says(world: World, lobby: Place, chat: Chat, start: Start) -> None:
    ban(world, lobby)
    given = Reply("Look:", Card(title="Ban", text="Ben is banned.", lines=("a line",)))
    (row,) = await answered(start(), KEY, answer(world, given))
    assert row.reply == Reply("Look:", Card(title="Ban", text="Ben is banned.", lines=("a line", "Telegram: banned.")))


async def test_a_refusal_is_in_the_answer(world: World, lobby: Place, chat: Chat, start: Start) -> None:
    ban(world, lobby)
    process = start()
    process.adapter.answers.append(Did(False, "Ben is an administrator of the group."))
    (row,) = await answered(process, KEY, answer(world, Reply("Ben is banned.")))
    assert row.reply.card is not None
    assert row.reply.card.lines == (
        "Telegram: not done. Ben is an administrator of the group.",
        "So case 1 is marked as not done, and counts nothing.",
    )


async def test_a_slow_platform_is_told_of_later_and_once(
    world: World, lobby: Place, chat: Chat, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    ban(world, lobby)
    process = start()
    process.adapter.hold("act")
    process.carrier.wake()
    await process.begin()
    given = answer(world, Reply("Ben is banned. It is case 1."))
    with monkeypatch.context() as patched:
        patched.setattr("bot.moderation.carry.PATIENCE", 0.0)
        assert await process.carrier.answered(KEY, given) == given, "the answer goes first"
    assert stored(world) == Reply("Ben is banned. It is case 1.")
    process.adapter.holds["act"].set()
    await process.quiet()
    await process.once()
    assert told(world, "Mo") == [], "an answer of another process might still have it"
    world.clock.advance(int(PATIENCE * 1000) + SECOND)
    for _ in range(3):
        await process.once()
    assert [words(notice) for notice in told(world, "Mo")] == ["Case 1: Telegram: banned."]
    await process.kill()
    following = start()
    world.clock.advance(MINUTE)
    await following.once()
    assert told(world, "Mo") == []


async def test_what_died_before_it_was_said_is_said_by_the_next_process(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    ban(world, lobby)
    first = start()
    await first.once()
    await first.kill()
    world.clock.advance(MINUTE)
    await start().once()
    assert [words(notice) for notice in told(world, "Mo")] == ["Case 1: Telegram: banned."]


async def test_it_is_told_when_all_of_it_is_over(world: World, lobby: Place, chat: Chat, start: Start) -> None:
    group(world, "Annex")
    ban(world, lobby)
    process = start()
    process.adapter.answers.append(TooManyRequests(60))
    await process.once()
    assert sorted(states(world)) == ["done", "waiting"]
    world.clock.advance(30 * SECOND)
    await process.once()
    assert told(world, "Mo") == []
    world.clock.advance(30 * SECOND)
    await process.once()
    world.clock.advance(MINUTE)
    await process.once()
    assert [words(notice) for notice in told(world, "Mo")] == ["Case 1: Telegram: banned."], "the same is said once"


async def test_decisions_of_the_command_line_are_not_mixed_up(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    """A call there has no name; each case is told of for itself, to whom it was asked by."""
    ban(world, lobby, key="")
    world.do("Max", "kick", person=NUMBERS["Tim"], at={"place": lobby})
    process = start()
    process.adapter.answers.append(Did(False, "Ben is the owner of the group."))
    await process.once()
    world.clock.advance(MINUTE)
    await process.once()
    assert [words(one) for one in told(world, "Mo")] == [
        "Case 1: Telegram: not done. Ben is the owner of the group. "
        "So case 1 is marked as not done, and counts nothing."
    ]
    assert [words(one) for one in told(world, "Max")] == ["Case 2: Telegram: removed."]
    ban(world, lobby, key="", whom="Gus")
    await process.once()
    world.clock.advance(MINUTE)
    await process.once()
    assert [words(one) for one in told(world, "Mo")] == ["Case 3: Telegram: banned."]


async def test_what_was_taken_back_before_anything_was_done_is_not_told_of(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    ban(world, lobby)
    world.do("Mo", "undo", case="1", at={"place": lobby, "key": "telegram::e2"})
    process = start()
    for _ in range(2):
        await process.once()
        world.clock.advance(MINUTE)
    assert told(world, "Mo") == []
    assert not world.read(acts.any_untold)


async def test_an_answer_that_was_sent_already_is_not_changed(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    """A model's answer is on the screen while it is written: what came of it is told by itself."""
    ban(world, lobby)
    given = answer(world, Reply("Done."), state="open")
    process = start()
    assert await answered(process, KEY, given) == given
    world.clock.advance(MINUTE)
    await process.once()
    assert [words(notice) for notice in told(world, "Mo")] == ["Case 1: Telegram: banned."]


async def test_an_answer_that_decided_nothing_does_not_wait(world: World, lobby: Place, start: Start) -> None:
    process = start()
    given = answer(world, Reply("Hello."))
    assert await process.carrier.answered(KEY, []) == []
    assert await process.carrier.answered(KEY, given) == given
    process.carrier.wake()
    assert await process.carrier.answered(KEY, given) == given


async def test_what_is_settled_while_the_answer_looks_is_not_missed(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    """The platform is done between the look and the wait: the answer does not sit out its patience for nothing."""
    ban(world, lobby)
    process = start()
    process.carrier.wake()
    given = answer(world, Reply("Ben is banned."))
    looked = process.carrier._of_turn
    calls: list[int] = []

    async def look(key: str) -> object:
        found = await looked(key)
        calls.append(len(found))
        if len(calls) == 1:
            await process.once()
        return found

    process.carrier._of_turn = look  # type: ignore[method-assign, assignment]
    (row,) = await process.carrier.answered(KEY, given)
    assert row.reply.card is not None
    assert len(calls) == 2


async def test_every_platform_has_its_line(world: World, lobby: Place, chat: Chat, start: Start) -> None:
    here = server(world, "general")
    world.person("Mo D", platform="discord", external_id="5555555555")
    world.join("Mo D", "Parser", "moderator")
    world.do("Mo D", "lock", at={"place": here, "key": KEY})
    world.do("Mo D", "slowmode", pause="1m", at={"place": here, "key": "e2"})
    world.do("Mo D", "slowmode", pause="0", at={"place": here, "key": "e3"})
    world.do("Mo", "purge", count="5", at={"place": lobby, "key": "e4"})
    process = start("telegram", "discord")
    await process.once()
    said = [outcome_lines(world.read(lambda unit, k=k: acts.acts_of_turn(unit, k)), Words()) for k in (KEY, "e2", "e3")]
    assert said == [
        ["Discord: closed for writing."],
        ["Discord: slowed down."],
        ["Discord: slow mode is as it was."],
    ]
    assert outcome_lines(world.read(lambda unit: acts.acts_of_turn(unit, "e4")), Words()) == [
        "Telegram: deleted 0 messages."
    ]


async def test_what_is_left_is_counted(world: World, lobby: Place, chat: Chat, start: Start) -> None:
    world.do("Mo", "purge", count="3", at={"place": lobby, "key": KEY})
    (row,) = rows(world)
    world.write(lambda unit: acts.prepared(unit, row["id"], {}, ("1", "2", "3")))
    process = start()
    process.adapter.answers.append(Did(True, "It is too old.", left=("3",)))
    await process.once()
    assert outcome_lines(world.read(lambda unit: acts.acts_of_turn(unit, KEY)), Words()) == [
        "Telegram: deleted 2 messages. One is still there. It is too old."
    ]


async def test_who_cannot_be_reached_after_a_ban_is_told_before_it(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    ban(world, lobby)
    process = start()
    process.adapter.capabilities = replace(process.adapter.capabilities, follows=False)
    process.adapter.hold("act")
    await process.begin()
    await process.adapter.reached["act"].wait()
    assert [words(one).split(".")[0] for one in told(world, "Ben")] == ["You are banned from Parser"]
    process.adapter.holds["act"].set()
    await process.quiet()
    assert told(world, "Ben") == []


async def test_what_was_told_before_and_not_done_is_taken_back(
    world: World, lobby: Place, chat: Chat, start: Start
) -> None:
    ban(world, lobby)
    ban(world, lobby, "e2", "Tim")
    process = start()
    process.adapter.capabilities = replace(process.adapter.capabilities, follows=False)
    process.adapter.befores.append(NotPermitted("Ben owns it."))
    process.adapter.answers.append(Did(False, "Tim has become its owner."))
    await process.once()
    assert told(world, "Ben") == []
    assert [words(one) for one in told(world, "Tim")][1:] == [
        "What I told you of case 2 in Parser was not done after all, and counts nothing."
    ]
