"""Interactions on Discord: acknowledged at once whatever is slow, answered in their place, later, and in private."""

from __future__ import annotations

import asyncio

import pytest

from core.clock import MINUTE
from tests.contract.house import Stub, found_code, request
from tests.contract.surfaces import PATIENCE
from tests.contract.surfaces.server import plain
from tests.contract.wire.harbour import Harbour
from tests.contract.wire.slow import held_writer
from tests.fakes import openai as ai
from tests.fakes.openai import FakeOpenAI, Gate

HINT = "I've answered you in our direct chat."
AT_ONCE = 1.0  # seconds within which Discord has our acknowledgement; it waits for three


# -- acknowledged at once ---------------------------------------------------------------------------------------------


async def test_a_slow_model_holds_no_interaction_up(wise: Harbour, endpoint: FakeOpenAI) -> None:
    gate = Gate()
    endpoint.queue(ai.pause("Thought about it.", gate))
    asked = wise.channel.say(wise.user("Ana"), "<@bot> think hard")
    await asyncio.wait_for(gate.reached.wait(), PATIENCE)

    command = wise.slash("Ana", "need.list")
    assert await command.acknowledged(PATIENCE) < AT_ONCE
    assert "no open needs" in (await command.answered(PATIENCE)).words
    form = wise.slash("Ana", "need.post")
    await form.modal(PATIENCE)
    assert form.ack_seconds is not None
    assert form.ack_seconds < AT_ONCE
    sent = form.submit({"What you need": "a quiet desk"})
    assert await sent.acknowledged(PATIENCE) < AT_ONCE
    assert "a quiet desk" in (await sent.answered(PATIENCE)).words
    card = wise.slash("Ana", "place.bind", {"audience": "members"})
    await card.answered(PATIENCE)
    pressed = wise.channel.press(wise.user("Ana"), wise.button("Ana", "Yes"), "Yes")
    assert await pressed.acknowledged(PATIENCE) < AT_ONCE
    assert "belongs to Home now" in (await pressed.answered(PATIENCE)).words
    assert wise.answers("Thought") == []

    gate.release()
    await wise.server.settle(asked)
    assert wise.answers("Thought") == ["Thought about it."]
    assert not [m for m in wise.channel.messages if m.loading]


async def test_a_slow_store_holds_no_acknowledgement_up(harbour: Harbour) -> None:
    await harbour.command("Ana", "place.bind", {"audience": "public"})
    card = harbour.button("Ana", "Yes")
    form = harbour.slash("Ben", "need.post")
    await form.modal(PATIENCE)
    with held_writer(harbour.house):
        command = harbour.slash("Ana", "need.list")
        private = harbour.slash("Ana", "thought.list")
        pressed = harbour.channel.press(harbour.user("Ana"), card, "Yes")
        sent = form.submit({"What you need": "a hull painter"})
        for one in (command, private, pressed, sent):
            assert await one.acknowledged(PATIENCE) < AT_ONCE
            assert one.deferred
            assert not one.responses
        assert (command.ephemeral, private.ephemeral) == (False, True)
        assert harbour.records("hull painter") == 0
    for one in (command, private, pressed, sent):
        await harbour.server.settle(one)

    answer = await command.answered(PATIENCE)
    assert answer is command.original
    assert "no open needs" in answer.words
    assert (await sent.answered(PATIENCE)) is sent.original
    assert harbour.records("hull painter") == 1
    assert "belongs to Home now" in card.words
    assert (await private.answered(PATIENCE)).ephemeral_for is harbour.user("Ana")
    assert [command.failed, private.failed, pressed.failed, sent.failed] == [False] * 4


# -- after a quarter of an hour ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("noticed", [True, False], ids=["our clock says so", "Discord says so"])
async def test_an_answer_that_comes_too_late_for_its_interaction_still_comes(harbour: Harbour, noticed: bool) -> None:
    with held_writer(harbour.house):
        command = harbour.slash("Ana", "need.list")
        private = harbour.slash("Ana", "thought.list")
        for one in (command, private):
            await one.acknowledged(PATIENCE)
        harbour.discord.clock.advance(16 * 60)
        if noticed:
            harbour.house.clock.advance(16 * MINUTE)
    for one in (command, private):
        await harbour.server.settle(one)
    assert command.responses == private.responses == []
    assert harbour.answers("no open needs") == ["I see no open needs in Home."]
    assert harbour.answers("thoughts") == []
    assert "no thoughts kept" in plain(harbour.dm("Ana").bot_messages[-1].words)


async def test_a_press_that_is_worked_too_late_changes_its_card_all_the_same(harbour: Harbour) -> None:
    await harbour.command("Ana", "place.bind", {"audience": "members"})
    card = harbour.button("Ana", "Yes")
    with held_writer(harbour.house):
        pressed = harbour.channel.press(harbour.user("Ana"), card, "Yes")
        await pressed.acknowledged(PATIENCE)
        harbour.discord.clock.advance(16 * 60)
        harbour.house.clock.advance(16 * MINUTE)
    await harbour.server.settle(pressed)
    assert "Harbour" in card.words or "general" in card.words
    assert "belongs to Home now" in card.words
    assert card.buttons == []


# -- for one person's eyes --------------------------------------------------------------------------------------------


async def test_a_private_command_is_answered_where_it_was_asked_for_the_asker_alone(harbour: Harbour) -> None:
    await harbour.server.say("Ana", "/note the mast is cracked")
    before = len(harbour.dm("Ana").bot_messages)
    public = list(harbour.channel.messages)
    assert "the mast is cracked" in await harbour.command("Ana", "thought.list")
    for other in ("Ben", "Cleo"):
        assert "mast" not in repr([m.words for m in harbour.seen(other)])
    assert harbour.channel.messages == public
    assert HINT not in repr([m.words for m in harbour.seen("Ana")])
    assert len(harbour.dm("Ana").bot_messages) == before


async def test_a_refused_private_command_is_refused_in_private(harbour: Harbour) -> None:
    public = list(harbour.channel.messages)
    told = await harbour.command("Cleo", "invite.list")
    assert "You are in no Nexus yet" in told
    assert harbour.channel.messages == public
    assert told not in [plain(m.words) for m in harbour.seen("Ana")]
    with pytest.raises(PermissionError):  # Discord does not even show them what only stewards use
        harbour.slash("Cleo", "audit.list")


async def test_what_is_private_and_was_asked_aloud_goes_to_the_direct_chat(harbour: Harbour, stub: Stub) -> None:
    await harbour.server.say("Ana", "/note the mast is cracked")
    stub.knows["my thoughts"] = request("thought.list")
    assert await harbour.mention("Ana", "my thoughts") == HINT
    assert await harbour.mention("Ben", "my thoughts") == HINT
    assert "the mast is cracked" in harbour.dm("Ana").bot_messages[-1].words
    assert "no thoughts kept" in harbour.dm("Ben").bot_messages[-1].words
    assert "mast" not in repr([m.view() for m in harbour.channel.all.values()])


async def test_a_card_in_a_channel_is_only_for_who_asked(harbour: Harbour, stub: Stub) -> None:
    await harbour.bind()
    stub.knows["I need a sail"] = request("need.post", text="a sail")
    assert "Post this need in Home: “a sail”?" in await harbour.mention("Ben", "I need a sail")
    card = harbour.button("Ben", "Yes")
    before, shown = harbour.house.dump(), card.words
    for who, label in (("Ana", "Yes"), ("Cleo", "No")):
        pressed = await harbour.press(who, label, on=card)
        told = await pressed.answered(PATIENCE)
        assert plain(told.words) == "That button is for somebody else."
        assert told.ephemeral_for is harbour.user(who)
    assert harbour.house.dump("record", "audit") == {k: before[k] for k in ("record", "audit")}
    assert (card.words, card.buttons) == (shown, ["Yes", "No"])
    await harbour.press("Ben", "Yes", on=card)
    assert "Posted in Home: you need “a sail”" in plain(card.words)
    assert card.buttons == []
    assert harbour.records("a sail") == 1


async def test_a_card_for_one_person_is_replaced_in_place_and_nobody_else_ever_sees_it(harbour: Harbour) -> None:
    public = list(harbour.channel.messages)
    await harbour.command("Ana", "account.link")
    card = harbour.button("Ana", "Yes")
    assert card.ephemeral_for is harbour.user("Ana")
    alone = len(harbour.seen("Ana"))
    await harbour.press("Ana", "Yes", on=card)
    code = found_code(card.words)
    assert card.buttons == []
    assert len(harbour.seen("Ana")) == alone
    assert harbour.channel.messages == public
    for other in ("Ben", "Cleo"):
        assert code not in repr([m.words for m in harbour.seen(other)])
    assert code not in repr([m.view() for m in harbour.dm("Ana").messages])


async def test_a_private_card_pressed_too_late_stays_private(harbour: Harbour) -> None:
    await harbour.command("Ana", "account.link")
    card = harbour.button("Ana", "Yes")
    public = list(harbour.channel.messages)
    with held_writer(harbour.house):
        pressed = harbour.channel.press(harbour.user("Ana"), card, "Yes")
        await pressed.acknowledged(PATIENCE)
        harbour.discord.clock.advance(16 * 60)
        harbour.house.clock.advance(16 * MINUTE)
    await harbour.server.settle(pressed)
    found_code(harbour.dm("Ana").bot_messages[-1].words)
    assert harbour.channel.messages == public


async def test_an_interaction_that_comes_again_is_nothing(harbour: Harbour) -> None:
    command = harbour.slash("Ana", "place.bind", {"audience": "members"})
    await harbour.server.settle(command)
    pressed = await harbour.press("Ana", "Yes")
    before, callbacks = harbour.house.dump(), harbour.discord.calls("POST", "/interactions/*/*/callback")
    shown = [m.view() for m in harbour.channel.all.values()]
    session = harbour.discord.gateway.sessions[0]
    for one in (command, pressed, command):
        session.dispatch("INTERACTION_CREATE", one.json())
    await harbour.discord.gateway.wait_until_received()
    await harbour.mention("Ana", "hello")  # behind them
    assert harbour.house.dump() == before
    assert len(harbour.discord.calls("POST", "/interactions/*/*/callback")) == len(callbacks)
    assert [m.view() for m in harbour.channel.all.values()][: len(shown)] == shown
    assert not [m for m in harbour.channel.all.values() if m.loading]
