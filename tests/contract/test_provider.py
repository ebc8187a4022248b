"""A Nexus consents to a provider before its talk goes there, and so may each person for what they write."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.cofounder.model import ModelBrain
from bot.settings import Settings
from bot.talk import memory
from bot.turn.prepare import SHOWN
from core.nexuses.members import join
from core.nexuses.tree import add_nexus
from core.people.people import set_here
from core.people.tables import person
from core.providers import consents
from core.store import Unit
from tests.contract.conftest import Move
from tests.contract.house import Scene, Stub, request
from tests.contract.surfaces import at_once
from tests.contract.surfaces.phone import Phone
from tests.contract.test_model import CALM, use
from tests.fakes import openai as ai
from tests.fakes.openai import API_KEY, FakeOpenAI
from tests.fakes.telegram import FakeTelegram

BY_MYSELF = "(I answer by myself here: Home lets nothing go to the model at 127.0.0.1."
Open = Callable[..., Any]


class Town:
    """Home and, below it, Dock; Ana owns both, Ben is in both."""

    def __init__(self, phone: Phone, endpoint: FakeOpenAI) -> None:
        self.phone, self.endpoint = phone, endpoint
        self.dock = 0

    async def write(self, unit: Callable[[Unit], Any]) -> Any:
        return await self.phone.house.app.store.write(unit)

    async def people(self) -> None:
        await Scene(self.phone).claimed()
        await Scene(self.phone).invited("Ana", "Ben")

        def make(unit: Unit) -> int:
            dock = add_nexus(unit, "Dock", parent_id=1, door="members").id
            for name, role in (("Ana", "owner"), ("Ben", "member")):
                join(unit, self.id_of(unit, name), dock, role, granted_by=0)
            return dock

        self.dock = await self.write(make)

    def id_of(self, unit: Unit, name: str) -> int:
        return int(unit.value(person.select().where(person.c.name == name)))

    async def here(self, name: str, nexus_id: int) -> None:
        """What somebody's direct talk is about."""
        await self.write(lambda unit: set_here(unit, self.id_of(unit, name), nexus_id))

    async def post(self, name: str, nexus_id: int, text: str) -> None:
        await self.here(name, nexus_id)
        await self.phone.say(name, f"/need post {text}")
        await self.here(name, 1)

    async def ask(self, text: str, *, who: str = "Ana", answers: tuple[ai.Reply, ...] = (ai.say("Well."),)) -> str:
        self.endpoint.queue(*answers)
        return await self.phone.say(who, text)

    @property
    def told(self) -> str:
        """The last request, as it went over the wire."""
        return json.dumps(self.endpoint.chats[-1], ensure_ascii=False)

    @property
    def requests(self) -> int:
        return len(self.endpoint.chats)


@pytest.fixture
def living_in(move: Move, tg: FakeTelegram, endpoint: FakeOpenAI, stub: Stub) -> Open:
    """Makes the town's house with this setting."""

    def make(consent: str) -> Any:
        brain = ModelBrain(api_key=API_KEY, base_url=endpoint.base_url, model="fake", patience=CALM, sleep=at_once)
        settings = Settings(model_url=endpoint.base_url, model_consent=consent)
        return move(terminal=False, telegram=tg, offline=stub, brain=brain, settings=settings)

    return make


@pytest.fixture
async def town(living_in: Open, endpoint: FakeOpenAI, request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    """`each` when a test says so: every Nexus has to say yes."""
    async with living_in(getattr(request, "param", "operator")) as house:
        assert house.phone is not None
        found = Town(house.phone, endpoint)
        await found.people()
        yield found


each = pytest.mark.parametrize("town", ["each"], indirect=True)


@each
async def test_nothing_is_sent_before_the_nexus_has_said_yes(town: Town) -> None:
    said = await town.ask("hello")
    assert "What are you working on?" in said
    assert BY_MYSELF in said
    assert "A steward can change that: “allow the model in Home”" in said
    assert BY_MYSELF not in await town.ask("hello")
    assert BY_MYSELF in await town.ask("hello", who="Ben")
    assert town.requests == 0
    card = await town.phone.say("Ana", "/model allow")
    assert "Let what is said to me in Home" in card
    assert "127.0.0.1" in card
    assert "What is said to me in Home goes to the model at 127.0.0.1." in await town.phone.press("Ana", "Yes")
    assert await town.ask("hello", answers=()) == "Well."  # one of those that nobody asked for before
    assert town.requests == 1


@each
async def test_the_greeting_speaks_of_a_provider_only_where_something_goes_there(town: Town) -> None:
    assert "provider" not in await town.ask("hello", who="Cleo")
    await town.write(lambda unit: consents.decide(unit, 1, allowed=True, by=1))
    assert "it goes to the model's provider (127.0.0.1) for an answer" in await town.ask("hello", who="Dan")


async def test_the_operators_yes_holds_until_a_nexus_says_no(town: Town) -> None:
    assert await town.ask("hello") == "Well."
    await town.here("Ana", town.dock)
    assert "Keep what is said in Dock" in await town.phone.say("Ana", "/model refuse nexus=Dock")
    said = await town.phone.press("Ana", "Yes")
    assert "Nothing that is said in Dock goes to the model at 127.0.0.1." in said
    before = town.requests
    assert "What are you working on?" in await town.ask("hello")
    assert town.requests == before
    await town.here("Ana", 1)
    assert await town.ask("hello", answers=()) == "Well."


async def test_what_is_in_a_nexus_that_refused_reaches_no_prompt(town: Town) -> None:
    await town.post("Ben", town.dock, "a lighthouse keeper")
    await town.post("Ben", 1, "a lighthouse painter")
    await town.ask("who needs a lighthouse?")
    assert "keeper" in town.told
    assert "painter" in town.told
    await town.write(lambda unit: consents.decide(unit, town.dock, allowed=False, by=1))
    await town.ask("and who needs a lighthouse now?")
    assert "keeper" not in town.told
    assert "painter" in town.told


async def test_a_tool_shows_it_to_the_person_alone(town: Town) -> None:
    await town.post("Ben", town.dock, "a lighthouse keeper")
    await town.write(lambda unit: consents.decide(unit, town.dock, allowed=False, by=1))
    said = await town.ask("anything?", answers=(use("record.search", query="keeper"), ai.say("See above.")))
    assert "a lighthouse keeper" in said
    assert "See above." in said
    assert "lighthouse" not in town.told
    assert SHOWN in town.told
    await town.ask("thanks")
    assert "lighthouse" not in town.told


async def test_a_card_about_it_is_put_before_the_person_alone(town: Town) -> None:
    await town.post("Ana", town.dock, "a lighthouse keeper")
    await town.write(lambda unit: consents.decide(unit, town.dock, allowed=False, by=1))
    said = await town.ask("done", answers=(use("need.close", need="keeper"), ai.say("Shall I?")))
    assert "a lighthouse keeper" in said
    assert "a lighthouse" not in town.told
    assert "A card with buttons now asks the person." in town.told


async def test_earlier_talk_about_it_stays_here(town: Town) -> None:
    await town.here("Ana", town.dock)
    await town.ask("our dock is sinking", answers=(ai.say("Let us bail."),))
    await town.here("Ana", 1)
    await town.ask("hello")
    assert "sinking" in town.told
    await town.write(lambda unit: consents.decide(unit, town.dock, allowed=False, by=1))
    await town.ask("hello again")
    assert "sinking" not in town.told
    assert "bail" not in town.told


async def test_a_person_keeps_what_they_write_from_the_model(town: Town) -> None:
    await town.post("Ben", 1, "a lighthouse keeper")
    assert "Keep what you write" in await town.phone.say("Ben", "/model refuse whose=me")
    assert "What you write yourself goes to no model" in await town.phone.press("Ben", "Yes")
    before = town.requests
    said = await town.ask("hello", who="Ben", answers=())
    assert "What are you working on?" in said
    assert "by myself" not in said  # they know
    assert town.requests == before
    await town.ask("who needs a lighthouse?")
    assert "keeper" not in town.told
    await town.phone.say("Ben", "/model allow whose=me")
    await town.phone.press("Ben", "Yes")
    assert await town.ask("hello", who="Ben") == "Well."


async def test_old_talk_is_not_folded_after_a_no(town: Town) -> None:
    length = memory.RECENT // 3
    said_no = False

    def script(body: Any) -> ai.Reply:
        return ai.say("A summary." if "tools" not in body else "Noted.")

    town.endpoint.script = script
    for number in range(2 + memory.FOLD_AT // length):
        if number == memory.FOLD_AT // length - 1 and not said_no:
            await town.write(lambda unit: consents.decide(unit, 1, allowed=False, by=1))
            said_no = True
        await town.phone.say("Ana", f"line {number} {'and so on ' * (length // 10)}")
    assert "A summary." not in repr(town.phone.house.dump("talk_summary"))
    assert all("tools" in body for body in town.endpoint.chats)


async def test_talk_can_be_asked_about_in_words(town: Town, stub: Stub) -> None:
    stub.knows["does it go anywhere?"] = request("model.show")
    await town.write(lambda unit: consents.refuse(unit, town.id_of(unit, "Ana")))
    said = await town.phone.say("Ana", "does it go anywhere?")
    assert "What is said to me in Home goes to the model at 127.0.0.1." in said
    assert "What you write yourself goes to no model: you have said so." in said
