"""A turn of the model that does not come to its end by itself: what was done is neither done again nor kept quiet."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.cofounder.model import ModelBrain
from bot.settings import Settings
from tests.contract.conftest import Move
from tests.contract.house import House, Scene, Stub, request
from tests.contract.surfaces import at_once
from tests.contract.test_model import CALM, DOWN, use
from tests.fakes import openai as ai
from tests.fakes.openai import API_KEY, FakeOpenAI
from tests.fakes.telegram import FakeTelegram

HINT = "I've answered you in our direct chat."


@pytest.fixture
async def house(move: Move, tg: FakeTelegram, endpoint: FakeOpenAI, stub: Stub) -> AsyncIterator[House]:
    brain = ModelBrain(api_key=API_KEY, base_url=endpoint.base_url, model="fake", patience=CALM, sleep=at_once)
    settings = Settings(model_url=endpoint.base_url)
    async with move(terminal=False, telegram=tg, offline=stub, brain=brain, settings=settings) as running:
        assert running.phone is not None
        await Scene(running.phone).claimed()
        yield running


async def test_what_a_tool_did_is_told_and_not_done_again(house: House, endpoint: FakeOpenAI) -> None:
    assert house.phone is not None
    endpoint.queue(use("thought.add", text="the gate squeaks"), ai.status(500), ai.status(500))
    said = await house.phone.say("Ana", "note that the gate squeaks")
    assert said.count("Kept, for you alone: “the gate squeaks”") == 1
    assert DOWN in said
    assert house.count("record") == 1


async def test_what_was_only_read_is_told_when_the_model_goes(house: House, endpoint: FakeOpenAI) -> None:
    assert house.phone is not None
    await house.phone.say("Ana", "/need post a hull painter")
    endpoint.queue(use("need.list"), ai.status(500), ai.status(500))
    said = await house.phone.say("Ana", "what is open?")
    assert "a hull painter" in said
    assert DOWN in said
    assert house.count("record") == 1


async def test_two_private_answers_leave_one_line_in_the_group(
    house: House, endpoint: FakeOpenAI, tg: FakeTelegram
) -> None:
    assert house.phone is not None
    ana = house.phone.user("Ana")
    group = tg.group("Harbour", [ana])
    endpoint.queue(ai.calls(use("thought.list"), use("account.list")), ai.say("Look there."))
    group.say(ana, "@nexus_test_bot what did I note, and who am I?")
    await house.settle()
    assert [m.text for m in group.bot_messages] == ["Look there.", HINT]


async def test_a_placeholder_in_a_group_becomes_the_line_for_a_private_answer(
    house: House, endpoint: FakeOpenAI, tg: FakeTelegram, stub: Stub
) -> None:
    assert house.phone is not None
    ana = house.phone.user("Ana")
    group = tg.group("Harbour", [ana])
    stub.knows["my thoughts"] = request("thought.list")
    endpoint.queue(ai.status(500), ai.status(500))
    group.say(ana, "@nexus_test_bot my thoughts")
    await house.settle()
    assert [m.text for m in group.bot_messages] == [HINT]
