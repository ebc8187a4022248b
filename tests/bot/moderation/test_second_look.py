"""The second look at what might be abuse: what leaves, what comes of it, and what a bad provider cannot do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr

from bot.brains import make_second_look
from bot.moderation.endpoint import ABUSE, Endpoint
from bot.moderation.second_look import MET, WAITING, Doubt, SecondLook, Verdict, doubtful, signal_of
from bot.moderation.watch import Watch
from bot.settings import Settings
from core.moderation.guards.tables import guard_hit
from core.providers import consents
from core.providers.provider import Provider, configure
from tests.bot.moderation.watching import Watched
from tests.core.moderation.cases.acting import cases
from tests.fakes.openai import API_KEY, FakeOpenAI, Gate, drop, malformed, status
from tests.fakes.openai.replies import Reply
from tests.world import World

RUDE = "shut up you moron"  # of this the offline classifier is not sure
MEAN = {"moron": {"harassment": 0.97, "violence": 0.2}}


class Looked(Watched):
    """A watched group whose process takes second looks at the fake's."""

    def __init__(self, world: World, fake: FakeOpenAI) -> None:
        self.fake = fake
        super().__init__(world)
        fake.scores = dict(MEAN)
        self.let("ask", "abuse")

    def another(self) -> Watch:
        """See `Watched.another`."""
        configure(self.world.store, Provider("127.0.0.1", moderates=True))
        self.endpoint = Endpoint(api_key=API_KEY, base_url=self.fake.base_url, host="127.0.0.1", patience=2.0)
        self.second = SecondLook(self.store, self.endpoint)
        watch = Watch(self.store, second=self.second)
        self.world.store.listen(lambda topic: watch.forget() if topic == "guards" else None)
        return watch

    async def hear(self, text: str = RUDE, who: str = "Ben", **more: Any) -> list[tuple[str, str, int]]:
        """Somebody says something; what was found once all looks were taken."""
        await self.look(self.said(text, who, **more))
        await self.second.drained()
        return self.hits()


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as made:
        yield made


@pytest.fixture
async def here(world: World, fake: FakeOpenAI) -> AsyncIterator[Looked]:
    made = Looked(world, fake)
    running = asyncio.create_task(made.watch.run())
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_is_doubtful_is_looked_at_and_counts_as_abuse(here: Looked) -> None:
    assert await here.hear() == [("abuse", "ask", 1)]
    assert here.fake.moderated == [RUDE]
    (row,) = here.world.read(lambda unit: unit.rows(guard_hit.select()))
    assert ["abuse", 0.97, "127.0.0.1 reads harassment in it (97%)"] in row["noticed"]
    assert [case["kind"] for case in cases(here.world)] == ["report"]


@pytest.mark.parametrize("text", ["good morning, has anybody seen the release notes?", "", "you people are disgusting"])
async def test_what_is_not_doubtful_stays(here: Looked, text: str) -> None:
    await here.hear(text)
    assert here.fake.moderated == []


async def test_where_the_rule_about_abuse_is_off_nothing_leaves(here: Looked) -> None:
    here.let("off", "abuse")
    here.let("ask", "spam")
    assert await here.hear() == []
    assert here.fake.moderated == []


@pytest.mark.parametrize("whose", ["nexus", "above", "person", "each"])
async def test_nothing_leaves_without_consent(here: Looked, whose: str) -> None:
    world = here.world
    if whose == "person":
        ben = world.id_of("Ben")
        world.write(lambda unit: consents.refuse(unit, ben))
    elif whose == "each":
        configure(world.store, Provider("127.0.0.1", each=True, moderates=True))
    else:
        where = world.nexuses["Parser" if whose == "nexus" else "Home"].id
        world.write(lambda unit: consents.decide(unit, where, allowed=False, by=1))
    assert await here.hear() == []
    assert here.fake.moderated == []
    if whose == "person":
        assert await here.hear(who="Tim") == [("abuse", "ask", 1)]


@pytest.mark.parametrize(
    "fault", [status(500), status(429), drop(), malformed(), status(401)], ids=("500", "429", "cut", "broken", "401")
)
async def test_a_provider_in_trouble_is_left_alone_for_a_while(here: Looked, fault: Reply) -> None:
    here.fake.moderation_faults.append(fault)
    assert await here.hear() == []
    assert await here.hear(who="Tim") == []
    assert here.fake.moderated == [RUDE]  # asked once, and not again so soon


async def test_a_slow_provider_holds_up_nothing(here: Looked) -> None:
    gate = Gate()
    here.fake.moderation_faults.append(Reply(gate=gate))
    assert await here.look(here.said(RUDE)) == [False]
    await asyncio.wait_for(gate.reached.wait(), 5)
    here.let("act", "unwanted words")
    assert await here.look(here.said("release the kraken", "Tim")) == [True]
    assert [rule for rule, _, _ in here.hits()] == ["unwanted words"]
    gate.release()
    await here.second.drained()
    assert [rule for rule, _, _ in here.hits()] == ["unwanted words", "abuse"]


async def test_more_than_can_wait_are_not_looked_at(world: World, fake: FakeOpenAI) -> None:
    here = Looked(world, fake)  # nobody takes looks
    event = here.said(RUDE)
    for _ in range(WAITING + 10):
        here.second.put(Doubt(event, world.nexuses["Parser"].id, ()))
    assert await here.look(here.said(RUDE, "Tim")) == [False]
    assert here.second._waiting.qsize() == WAITING
    await here.endpoint.close()


async def test_what_the_steward_says_meanwhile_holds(here: Looked) -> None:
    gate = Gate()
    here.fake.moderation_faults.append(Reply(gate=gate))
    await here.look(here.said(RUDE))
    await asyncio.wait_for(gate.reached.wait(), 5)
    here.let("off", "abuse")
    gate.release()
    await here.second.drained()
    assert here.hits() == []


def test_what_an_endpoint_says_becomes_a_signal() -> None:
    assert signal_of(Verdict("hate/threatening", 0.6, True), "host").strength == MET
    assert signal_of(Verdict("hate", 0.95, False), "host").strength < MET
    assert (
        signal_of(Verdict("hate/threatening", 0.6, True), "host").detail == "host reads hate, threatening in it (60%)"
    )
    assert set(ABUSE) == {"harassment", "harassment/threatening", "hate", "hate/threatening"}
    assert not doubtful("hello", ())


async def test_it_is_off_unless_the_operator_turns_it_on(world: World, fake: FakeOpenAI) -> None:
    store = Watched(world).store
    assert not Settings().model_moderation
    assert make_second_look(Settings(model_key=SecretStr(API_KEY)), store) is None
    assert make_second_look(Settings(model_moderation=True), store) is None  # there is no endpoint
    made = make_second_look(
        Settings(model_moderation=True, model_key=SecretStr(API_KEY), model_url=fake.base_url), store
    )
    assert made is not None
    await made._endpoint.close()
