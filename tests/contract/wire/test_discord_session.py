"""Sessions on Discord that break while people talk: each message is answered once, in order, and nothing is missed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.contract.house import until
from tests.contract.surfaces import PATIENCE
from tests.contract.wire.conftest import Sail, model_of
from tests.contract.wire.harbour import Harbour
from tests.fakes import openai as ai
from tests.fakes.discord import FakeDiscord, Message, faults
from tests.fakes.discord.gateway import Gateway
from tests.fakes.openai import FakeOpenAI, Gate

RESUMED: dict[str, Callable[[Gateway], None]] = {
    "op 7": lambda gateway: gateway.reconnect(),
    "op 9, resumable": lambda gateway: gateway.invalidate(resumable=True),
    "1001": lambda gateway: gateway.close(1001),
    "4000": lambda gateway: gateway.close(4000),
    "TCP abort": lambda gateway: gateway.abort(),
}
BEGUN_ANEW: dict[str, Callable[[Gateway], None]] = {
    "op 9": lambda gateway: gateway.invalidate(resumable=False),
    "4007": lambda gateway: gateway.close(4007),
    "4009": lambda gateway: gateway.close(4009),
}


def burst(harbour: Harbour, *words: str) -> list[Message]:
    """Each word is posted by Ana in the channel and by Ben in his direct messages."""
    said = []
    for word in words:
        said.append(harbour.channel.say(harbour.user("Ana"), f"<@bot> /need post {word}-here"))
        said.append(harbour.dm("Ben").say(harbour.user("Ben"), f"/need post {word}-there"))
    return said


async def told(harbour: Harbour, messages: list[Message]) -> None:
    """Until the bot has recorded all of them."""
    for one in messages:
        await harbour.house.until_heard("discord", str(one.id))


def check(harbour: Harbour, *words: str) -> None:
    """Each was done once, answered once, and in the order in which it was said."""
    for place, channel in (("here", harbour.channel), ("there", harbour.dm("Ben"))):
        for word in words:
            assert harbour.records(f"{word}-{place}") == 1
            assert len(harbour.answers(f"{word}-{place}", channel)) == 1
        shown = " ".join(harbour.answers(f"-{place}", channel))
        assert sorted(words, key=lambda word: shown.index(f"{word}-{place}")) == list(words)


async def broken(harbour: Harbour, endpoint: FakeOpenAI, disturb: Callable[[Gateway], None], *, anew: bool) -> None:
    """People talk before, while and after a session breaks; a turn with the model runs all the while."""
    gateway, gate = harbour.discord.gateway, Gate()
    endpoint.queue(ai.pause("Thought about it.", gate))
    thinking = harbour.channel.say(harbour.user("Ben"), "<@bot> think hard")
    await asyncio.wait_for(gate.reached.wait(), PATIENCE)
    began, resumed = len(gateway.identifies), len(gateway.resumes)

    first = burst(harbour, "one", "two")
    await gateway.wait_until_received()
    disturb(gateway)
    while_away = burst(harbour, "three", "four")
    back, count = (gateway.identifies, began) if anew else (gateway.resumes, resumed)
    await harbour.discord.until(lambda: len(back) > count, PATIENCE, "a session again")
    await gateway.wait_until_connected(timeout=PATIENCE)
    await told(harbour, [thinking, *first, *while_away])
    last = burst(harbour, "five")
    gateway.redeliver(first[0])
    gateway.redeliver(while_away[-1])
    await told(harbour, last)
    gate.release()
    await harbour.house.settle()
    check(harbour, "one", "two", "three", "four", "five")
    assert harbour.answers("Thought") == ["Thought about it."]


@pytest.mark.parametrize("how", RESUMED)
async def test_a_session_that_is_resumed_loses_and_doubles_nothing(
    how: str, wise: Harbour, endpoint: FakeOpenAI
) -> None:
    began = len(wise.discord.gateway.identifies)
    await broken(wise, endpoint, RESUMED[how], anew=False)
    assert len(wise.discord.gateway.identifies) == began


@pytest.mark.parametrize("how", BEGUN_ANEW)
async def test_what_was_said_before_a_new_session_is_fetched(how: str, wise: Harbour, endpoint: FakeOpenAI) -> None:
    before = len(wise.discord.calls("GET", "/channels/*/messages"))
    await broken(wise, endpoint, BEGUN_ANEW[how], anew=True)
    assert len(wise.discord.calls("GET", "/channels/*/messages")) > before


async def test_a_heartbeat_that_nobody_acknowledges_ends_in_a_resume(sail: Sail, endpoint: FakeOpenAI) -> None:
    async with (
        FakeDiscord(heartbeat_interval=0.2) as fake,
        sail(discord=fake, brain=model_of(endpoint)) as harbour,
    ):

        def deafen(gateway: Gateway) -> None:
            gateway.acks = False
            session = harbour.server.adapter._world.sessions[0]
            session.ws._keep_alive.heartbeat_timeout = 0.4  # type: ignore[union-attr]  # a minute in earnest

        await broken(harbour, endpoint, deafen, anew=False)


async def test_an_outage_of_everything_loses_nothing(harbour: Harbour) -> None:
    first = burst(harbour, "one")
    await told(harbour, first)
    await harbour.discord.stop()
    harbour.discord.gateway.forget_sessions()
    away = burst(harbour, "two", "three")
    await harbour.discord.start()
    await told(harbour, away)
    await harbour.house.settle()
    check(harbour, "one", "two", "three")


async def test_a_message_that_comes_again_is_nothing(harbour: Harbour) -> None:
    said = burst(harbour, "one")
    await told(harbour, said)
    await harbour.house.settle()
    before, posts = harbour.house.dump(), len(harbour.discord.calls("POST", "/channels/*/messages"))
    for one in said * 2:
        harbour.discord.gateway.redeliver(one)
    await harbour.mention("Cleo", "/needs")  # behind them
    assert harbour.house.dump("record", "audit") == {name: before[name] for name in ("record", "audit")}
    assert len(harbour.discord.calls("POST", "/channels/*/messages")) == posts + 1


async def test_events_out_of_order_have_each_one_effect(harbour: Harbour) -> None:
    gateway = harbour.discord.gateway
    gateway.hold()
    said = burst(harbour, "one", "two", "three")
    gateway.release(backwards=True)
    await told(harbour, said)
    await harbour.house.settle()
    for word in ("one", "two", "three"):
        assert harbour.records(f"{word}-here") == harbour.records(f"{word}-there") == 1


async def test_a_history_that_may_not_be_read_is_told_to_whoever_runs_the_bot(harbour: Harbour) -> None:
    await harbour.mention("Ana", "/needs")
    harbour.discord.fail("GET", "/channels/*/messages", faults.refused(50001), times=9)
    harbour.discord.gateway.invalidate(resumable=False)
    await until(lambda: any("Read Message History" in one for one in harbour.server.adapter.explain()))
    assert "no open needs" in await harbour.mention("Ana", "/needs")


async def test_what_cannot_be_read_holds_nothing_up(harbour: Harbour) -> None:
    gateway = harbour.discord.gateway
    gateway.raw("MESSAGE_CREATE", {"channel_id": str(harbour.channel.id), "author": 7})
    gateway.raw("INTERACTION_CREATE", {"type": 2, "data": {"name": "need"}})
    gateway.raw("SOMETHING_NEW", {"id": 1})
    assert "a desk" in await harbour.mention("Ana", "/need post a desk")
