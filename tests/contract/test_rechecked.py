"""What is said is looked at again when it is sent, and what was said is recalled only where it may be heard."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from bot.cofounder.model import ModelBrain
from bot.outbox import sender
from bot.outbox.shown import CHANGED
from bot.settings import Settings
from bot.talk import memory
from core.clock import MINUTE
from core.nexuses.tables import nexus
from core.places.places import bind
from core.places.tables import place
from core.records.tables import record
from core.rules.rules import set_rule
from core.rules.words import Action, Effect, pack_actions
from core.store import Unit
from tests.contract.conftest import Move
from tests.contract.house import House, Scene, Stub, request
from tests.contract.surfaces import PATIENCE, at_once
from tests.contract.surfaces.phone import Phone
from tests.contract.test_model import CALM, use
from tests.fakes import openai as ai
from tests.fakes.openai import API_KEY, FakeOpenAI, Gate
from tests.fakes.telegram import Chat, FakeTelegram, faults

BOT = "@nexus_test_bot"


@dataclass
class Harbour:
    """A group of Home's members, in which Ben's need may be heard until it may not."""

    phone: Phone
    group: Chat

    @property
    def house(self) -> House:
        return self.phone.house

    async def ask(self, text: str) -> str:
        """Ana says something in the group; what the bot says there last."""
        self.group.say(self.phone.user("Ana"), text)
        await self.house.settle()
        return self.group.bot_messages[-1].text

    async def write(self, unit: Callable[[Unit], object]) -> None:
        await self.house.app.store.write(unit)

    async def forbid(self, action: Action = Action.QUOTE) -> None:
        actions = pack_actions([action])
        await self.write(
            lambda unit: set_rule(unit, 1, kind="need", audience="member", actions=actions, effect=Effect.DENY, by=1)
        )

    async def connect(self, nexus_id: int, audience: str = "members") -> None:
        def unit(unit: Unit) -> None:
            where = unit.value(select(place.c.id).where(place.c.title == "Harbour"))
            bind(unit, where, nexus_id, audience, by=1)

        await self.write(unit)

    @property
    def heard(self) -> str:
        """Everything that stands in the group."""
        return repr([m.view() for m in self.group.bot_messages])


@pytest.fixture
async def harbour(move: Move, tg: FakeTelegram, endpoint: FakeOpenAI, stub: Stub) -> AsyncIterator[Harbour]:
    brain = ModelBrain(api_key=API_KEY, base_url=endpoint.base_url, model="fake", patience=CALM, sleep=at_once)
    settings = Settings(model_url=endpoint.base_url)
    async with move(terminal=False, telegram=tg, offline=stub, brain=brain, settings=settings) as one:
        assert one.phone is not None
        await Scene(one.phone).claimed()
        await Scene(one.phone).invited("Ana", "Ben")
        await one.phone.say("Ben", "/need post a lighthouse keeper")
        group = tg.group("Harbour", [one.phone.user("Ana"), one.phone.user("Ben")])
        found = Harbour(one.phone, group)
        await found.ask(f"/place{BOT}")
        await found.connect(1)
        yield found


def on_pause(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> None:
    """Something happens while the sender waits for its next attempt."""

    async def sleep(_: float) -> None:
        done = do()
        if asyncio.iscoroutine(done):
            await done

    monkeypatch.setattr(sender, "asyncio", SimpleNamespace(sleep=sleep))


# -- at sending ------------------------------------------------------------------------------------------------------


async def test_a_list_is_left_unsaid_if_the_rules_have_changed(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    assert "a lighthouse keeper" in await harbour.ask(f"/needs{BOT}")
    caplog.clear()
    harbour.phone.tg.fail("sendMessage", faults.server_error(502))
    on_pause(monkeypatch, harbour.forbid)
    assert await harbour.ask(f"/needs{BOT}") == CHANGED
    assert "lighthouse" not in repr(harbour.house.dump("outbox"))
    assert "lighthouse" not in caplog.text


async def test_a_list_that_waited_for_minutes_is_looked_at_again(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_pause(monkeypatch, lambda: None)
    harbour.phone.tg.fail("sendMessage", faults.server_error(502), times=4)
    before = harbour.heard
    harbour.group.say(harbour.phone.user("Ana"), f"/needs{BOT}")
    await harbour.house.settle()
    assert harbour.heard == before
    await harbour.connect(1, "public")
    harbour.house.clock.advance(10 * MINUTE)
    await harbour.house.app._pick_up()
    await harbour.house.settle()
    assert harbour.group.bot_messages[-1].text == CHANGED


async def test_what_one_person_hears_alone_does_not_depend_on_channels(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    harbour.phone.tg.fail("sendMessage", faults.server_error(502))
    on_pause(monkeypatch, harbour.forbid)
    assert "a lighthouse keeper" in await harbour.phone.say("Ana", "/needs")


async def test_whoever_removes_their_own_is_told_what_it_was(harbour: Harbour) -> None:
    await harbour.phone.say("Ana", "/note the mast is cracked")
    assert await harbour.phone.say("Ana", "/thought remove mast") == "Gone: “the mast is cracked”."


# -- what a model says -----------------------------------------------------------------------------------------------


async def test_what_a_model_says_is_looked_at_again(harbour: Harbour, endpoint: FakeOpenAI) -> None:
    gate = Gate()
    endpoint.queue(ai.pause("Ben looks for a lighthouse keeper.", gate))
    harbour.group.say(harbour.phone.user("Ana"), f"{BOT} who needs a keeper?")
    await asyncio.wait_for(gate.reached.wait(), PATIENCE)
    assert "keeper" in json.dumps(endpoint.chats[-1])
    await harbour.forbid()
    gate.release()
    await harbour.house.settle()
    assert harbour.group.bot_messages[-1].text == CHANGED
    assert "keeper" not in harbour.heard


async def test_what_a_tool_gave_a_model_is_looked_at_again(harbour: Harbour, endpoint: FakeOpenAI) -> None:
    gate = Gate()
    endpoint.queue(use("need.list"), ai.pause("A keeper is needed.", gate))
    harbour.group.say(harbour.phone.user("Ana"), f"{BOT} anything open?")
    await asyncio.wait_for(gate.reached.wait(), PATIENCE)
    await harbour.write(lambda unit: unit.execute(record.update().values(state="removed")))
    gate.release()
    await harbour.house.settle()
    assert harbour.group.bot_messages[-1].text == CHANGED


async def test_a_model_that_spoke_of_nothing_is_not_asked_back(harbour: Harbour, endpoint: FakeOpenAI) -> None:
    gate = Gate()
    endpoint.queue(ai.pause("Good morning.", gate))
    harbour.group.say(harbour.phone.user("Ana"), f"{BOT} hello")
    await asyncio.wait_for(gate.reached.wait(), PATIENCE)
    await harbour.forbid(Action.SEE)
    gate.release()
    await harbour.house.settle()
    assert harbour.group.bot_messages[-1].text == "Good morning."


async def test_the_offline_brain_in_a_placeholder_is_looked_at_again(
    harbour: Harbour, endpoint: FakeOpenAI, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.knows["needs?"] = request("need.list")
    endpoint.queue(ai.status(500), ai.status(500))
    harbour.phone.tg.fail("editMessageText", faults.server_error(502))
    on_pause(monkeypatch, harbour.forbid)
    assert await harbour.ask(f"{BOT} needs?") == CHANGED


# -- memory ----------------------------------------------------------------------------------------------------------


async def heard_by_the_model(harbour: Harbour, endpoint: FakeOpenAI, text: str = "and now?") -> str:
    """What a model is told with the next message in the group."""
    endpoint.queue(ai.say("Well."))
    await harbour.ask(f"{BOT} {text}")
    return json.dumps(endpoint.chats[-1]["messages"])


async def test_earlier_talk_is_told_while_it_may_be_heard(harbour: Harbour, endpoint: FakeOpenAI) -> None:
    endpoint.queue(ai.say("Ben looks for a lighthouse keeper."))
    await harbour.ask(f"{BOT} who needs a keeper?")
    assert "Ben looks for" in await heard_by_the_model(harbour, endpoint)
    await harbour.forbid()
    told = await heard_by_the_model(harbour, endpoint)
    assert "lighthouse" not in told
    assert "who needs a keeper?" in told  # what they said themselves, to the same people


@pytest.mark.parametrize("audience", ["members", "public"])
async def test_a_group_that_belongs_elsewhere_hears_nothing_of_before(
    harbour: Harbour, endpoint: FakeOpenAI, audience: str
) -> None:
    endpoint.queue(ai.say("It is between us."))
    await harbour.ask(f"{BOT} the harbour is bankrupt")
    assert "bankrupt" in await heard_by_the_model(harbour, endpoint)
    await harbour.phone.say("Ana", "/create Dock")
    dock = await harbour.house.app.store.read(lambda unit: unit.value(select(nexus.c.id).where(nexus.c.name == "Dock")))
    await harbour.connect(dock if audience == "members" else 1, audience)
    told = await heard_by_the_model(harbour, endpoint)
    assert "bankrupt" not in told
    assert "between us" not in told


async def test_a_summary_of_what_may_not_be_heard_is_made_anew(harbour: Harbour, endpoint: FakeOpenAI) -> None:
    endpoint.script = lambda body: ai.say("A keeper came up." if "tools" not in body else "Noted.")
    await harbour.ask(f"{BOT} who needs a lighthouse keeper?")
    length = memory.RECENT // 3
    for number in range(2 + memory.FOLD_AT // length):
        await harbour.ask(f"{BOT} line {number} {'and so on ' * (length // 10)}")
    assert "A keeper came up." in repr(harbour.house.dump("talk_summary"))
    endpoint.script = lambda body: ai.say("Noted.")
    await harbour.forbid()
    await harbour.ask(f"{BOT} and then?")
    assert "A keeper came up." not in json.dumps(endpoint.chats[-1])
    assert "A keeper came up." not in repr(harbour.house.dump("talk_summary"))


async def test_direct_talk_goes_on_when_channels_may_hear_less(harbour: Harbour, endpoint: FakeOpenAI) -> None:
    endpoint.queue(ai.say("Ben looks for a lighthouse keeper."))
    await harbour.phone.say("Ana", "who needs a keeper?")
    await harbour.forbid()
    endpoint.queue(ai.say("Well."))
    await harbour.phone.say("Ana", "and now?")
    assert "Ben looks for" in json.dumps(endpoint.chats[-1]["messages"])
    await harbour.forbid(Action.SEE)
    endpoint.queue(ai.say("Well."))
    await harbour.phone.say("Ana", "and now?")
    assert "Ben looks for" not in json.dumps(endpoint.chats[-1]["messages"])
