"""A turn with a model: streamed words are looked at before each edit, and a turn begins anew by the rules of now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from adapters.contract import Account, Address, Capabilities, Event, EventKind, Gone, PlaceKind, Reply, Sent
from adapters.contract import Place as Where
from bot.cofounder.brain import Answer, Call, Conversation, Said, Step, Stream, Usage
from bot.inbox import inbox
from bot.inbox.inbox import Entry
from bot.outbox import outbox
from bot.outbox.outbox import Outgoing
from bot.outbox.shown import CHANGED
from bot.talk import memory
from bot.talk.budget import Caps
from bot.talk.tables import talk_summary
from bot.turn.model import THINKING, ModelTurn, Prices, fold_memory
from bot.turn.prepare import SHOWN, Prepared, prepare
from bot.unit import AsyncStore
from bot.words import Words
from core.catalogue import REGISTRY
from core.places.places import bind
from core.providers import consents
from core.providers.provider import Provider, configure
from core.records.records import add_record
from core.rules.rules import set_rule
from core.rules.words import Action, Effect, pack_actions
from core.store import Unit
from tests.bot.outbox.scripted import Scripted
from tests.world import World

PATIENCE = 20.0
NO_CAPS = Caps(0, 0, 0)
Script = Callable[[Conversation, Call, Stream], Any]


class Telling(Scripted):
    """Takes edits as quickly as they come, and says when one has come."""

    def __init__(self) -> None:
        super().__init__()
        self.capabilities = Capabilities(edit_interval=0.0, edits=True)
        self.grown = asyncio.Event()

    async def edit(self, to: Address, sent: Sent, reply: Reply) -> Sent:
        try:
            return await super().edit(to, sent, reply)
        finally:
            self.grown.set()

    async def shows(self, text: str) -> None:
        """Wait until that stands there."""
        async with asyncio.timeout(PATIENCE):
            while not self.edited or self.edited[-1][1].text != text:
                self.grown.clear()
                await self.grown.wait()


class Scribe:
    """A brain that does what a test says."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.conversations: list[Conversation] = []

    async def answer(self, conversation: Conversation, call: Call, stream: Stream) -> Answer:
        self.conversations.append(conversation)
        return Answer(await self.script(conversation, call, stream), Usage(1, 10, 0, 10))

    async def summarise(self, earlier: str, talk: Sequence[Said]) -> tuple[str, Usage]:
        return "A summary.", Usage(1, 10, 0, 10)

    async def close(self) -> None:
        return None


class Harbour:
    """A channel of Parser's in which Ana asks about a keeper, whom Ben needs."""

    def __init__(self, world: World) -> None:
        configure(world.store, Provider("api.example.com"))
        self.world, self.store = world, AsyncStore(world.store)
        self.parser = world.nexus("Parser", owner="Otto").id
        for name in ("Ana", "Ben"):
            world.person(name, platform="scripted")
            world.join(name, "Parser")
        self.need = self.post("a lighthouse keeper")
        self.adapter = Telling()
        account = Account("ana", "Ana")
        self.event = Event(
            "scripted", "1", EventKind.MESSAGE, account, Where("harbour", PlaceKind.GROUP), text="who needs a keeper?",
            addressed=True,
        )  # fmt: skip
        (self.entry,) = world.write(lambda unit: inbox.record(unit, [self.event]))
        world.write(lambda unit: bind(unit, self.entry.place_id, self.parser, "members", by=1))

    def post(self, text: str) -> int:
        ben = self.world.id_of("Ben")
        made = self.world.write(lambda unit: add_record(unit, "need", nexus_id=self.parser, author_id=ben, body=text))
        return int(made[0])

    async def forbid(self) -> None:
        actions = pack_actions([Action.QUOTE])
        await self.store.write(
            lambda unit: set_rule(
                unit, self.parser, kind="need", audience="member", actions=actions, effect=Effect.DENY, by=1
            )
        )

    def prepared(self, entry: Entry | None = None) -> Prepared:
        found: Prepared = self.world.read(lambda unit: prepare(unit, REGISTRY, NO_CAPS, entry or self.entry))
        assert found.conversation is not None
        return found

    def turn(self, script: Script, entry: Entry | None = None) -> ModelTurn:
        self.brain = Scribe(script)
        one = entry or self.entry
        return ModelTurn(self.store, REGISTRY, self.brain, self.adapter, Words(), Prices(), one)

    def rows(self) -> list[Outgoing]:
        found: list[Outgoing] = self.world.read(lambda unit: outbox.of_turn(unit, self.entry.inbox_id))
        return found


@pytest.fixture
def harbour(world: World) -> Harbour:
    return Harbour(world)


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_words_that_may_not_be_heard_any_more_are_taken_back_while_they_come(harbour: Harbour) -> None:
    async def script(_: Conversation, call: Call, stream: Stream) -> str:
        stream("Ben needs")
        await harbour.adapter.shows(f"Ben needs {THINKING}")
        await harbour.forbid()
        stream("Ben needs a lighthouse")
        await harbour.adapter.shows(CHANGED)
        stream("Ben needs a lighthouse keeper.")
        return "Ben needs a lighthouse keeper."

    rows = await harbour.turn(script).run(harbour.prepared())
    texts = [reply.text for _, reply in harbour.adapter.edited]
    assert texts[0] == f"Ben needs {THINKING}"
    assert texts[-1] == CHANGED
    assert not any("lighthouse" in text for text in texts)
    assert rows[0].shows is not None  # so that the sender decides about the whole of it
    assert rows[0].shows.records == {harbour.need}


async def test_taking_back_is_tried_until_it_works(harbour: Harbour) -> None:
    async def script(_: Conversation, call: Call, stream: Stream) -> str:
        await harbour.forbid()
        harbour.adapter.troubles.append(Gone("just now"))
        stream("Ben needs")
        async with asyncio.timeout(PATIENCE):
            await harbour.adapter.grown.wait()
        stream("Ben needs a lighthouse")
        await harbour.adapter.shows(CHANGED)
        return "Ben needs a lighthouse keeper."

    await harbour.turn(script).run(harbour.prepared())
    assert [reply.text for _, reply in harbour.adapter.edited] == [CHANGED]


async def test_what_a_tool_gives_is_stored_before_a_word_of_it_is_streamed(harbour: Harbour) -> None:
    another = harbour.post("a sail maker")

    async def script(_: Conversation, call: Call, stream: Stream) -> str:
        await call("need.list", {}, 0)
        (row,) = harbour.rows()
        assert row.shows is not None
        assert row.shows.records == {harbour.need, another}
        return "Two needs."

    (row,) = await harbour.turn(script).run(harbour.prepared())
    assert row.shows is not None
    assert row.shows.records == {harbour.need, another}
    marks = harbour.world.read(lambda unit: memory.recall(unit, harbour.entry.talk_key, harbour.prepared().audience))
    assert marks.mark.records == {harbour.need, another}


@pytest.mark.parametrize("change", ["rule", "provider"])
async def test_a_turn_that_is_done_again_tells_the_model_only_what_it_may_have(harbour: Harbour, change: str) -> None:
    class Broken(Exception):
        pass

    async def breaks(_: Conversation, call: Call, stream: Stream) -> str:
        assert "lighthouse" in await call("need.list", {}, 0)
        raise Broken

    with pytest.raises(Broken):
        await harbour.turn(breaks).run(harbour.prepared())
    if change == "rule":
        await harbour.forbid()
    else:
        await harbour.store.write(lambda unit: consents.refuse(unit, harbour.world.id_of("Ben")))

    async def script(conversation: Conversation, call: Call, stream: Stream) -> str:
        return "Well."

    again = harbour.world.read(lambda unit: inbox.to_work(unit, harbour.entry.inbox_id, 1))
    (row,) = await harbour.turn(script, again).run(harbour.prepared(again))
    (conversation,) = harbour.brain.conversations
    assert conversation.facts == []
    assert conversation.steps == (Step("need.list", {}, SHOWN),)
    assert "lighthouse" not in repr(conversation)
    assert row.shows is None


async def test_a_turn_that_is_done_again_keeps_what_may_still_be_told(harbour: Harbour) -> None:
    class Broken(Exception):
        pass

    async def breaks(_: Conversation, call: Call, stream: Stream) -> str:
        await call("need.list", {}, 0)
        raise Broken

    with pytest.raises(Broken):
        await harbour.turn(breaks).run(harbour.prepared())

    async def script(conversation: Conversation, call: Call, stream: Stream) -> str:
        return "A keeper."

    again = harbour.world.read(lambda unit: inbox.to_work(unit, harbour.entry.inbox_id, 1))
    (row,) = await harbour.turn(script, again).run(harbour.prepared(again))
    (conversation,) = harbour.brain.conversations
    (step,) = conversation.steps
    assert isinstance(step, Step)
    assert "a lighthouse keeper" in step.result
    assert row.shows is not None
    assert row.shows.records == {harbour.need}


async def test_nothing_is_folded_after_a_no(harbour: Harbour) -> None:
    prepared, key, ana = harbour.prepared(), harbour.entry.talk_key, harbour.world.id_of("Ana")
    await harbour.store.write(lambda unit: memory.remember(unit, key, ana, 1, "user", "hello", prepared.mark()))
    recalled = harbour.world.read(lambda unit: memory.recall(unit, key, prepared.audience))
    prepared.recalled = replace(recalled, fold=recalled.lines)
    brain = Scribe(lambda *_: None)
    await harbour.store.write(lambda unit: consents.decide(unit, harbour.parser, allowed=False, by=1))
    await fold_memory(harbour.store, brain, Prices(), harbour.entry, prepared)
    kept = harbour.world.read(summaries)
    assert kept == []
    await harbour.store.write(lambda unit: consents.decide(unit, harbour.parser, allowed=True, by=1))
    await fold_memory(harbour.store, brain, Prices(), harbour.entry, prepared)
    assert harbour.world.read(summaries) == ["A summary."]


def summaries(unit: Unit) -> list[str]:
    return [row["text"] for row in unit.rows(talk_summary.select())]
