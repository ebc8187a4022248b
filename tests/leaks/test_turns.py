"""The real bot with a hostile model on Telegram: what reaches a channel, and what its turns send to the provider.

First somebody speaks with the bot alone, where it shows them much; then in a channel. The model repeats word by word
whatever it was sent, and uses every tool. Quiet words (see `worlds`) that the channel may not hear must be in neither.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import bindparam, update

from bot.cofounder.model import ModelBrain, Patience
from bot.settings import Settings
from core.clock import ManualClock
from core.people.tables import account
from core.places.places import Place, place_of
from core.places.tables import place, place_reader, role_map
from core.store import Store, Unit
from tests.contract.house import House, living
from tests.contract.surfaces import at_once
from tests.core.rules.built import look
from tests.fakes.openai import API_KEY, FakeOpenAI
from tests.fakes.telegram import Chat, FakeTelegram, User
from tests.leaks.attacker import Attacker
from tests.leaks.hostile import Hostile, everything
from tests.leaks.maker import make
from tests.leaks.worlds import COMMON, POISON, Someone, Words, World

WORLDS = 40
PARTS = 4
CALM = Patience(connect=20, first=20, between=20, whole=40, pause=0, longest_wait=0)
BOT = "@nexus_test_bot"
_ACCOUNT = update(account).where(account.c.id == bindparam("which")).values(external_id=bindparam("number"))
_READER = (
    update(place_reader).where(place_reader.c.external_id == bindparam("old")).values(external_id=bindparam("number"))
)
_PLACE = update(place).where(place.c.id == bindparam("which")).values(external_id=bindparam("number"))
_MAP = update(role_map).where(role_map.c.workspace == bindparam("old")).values(workspace=bindparam("number"))


class Stage:
    """A world with its people on Telegram, and a model that none of them should trust."""

    def __init__(self, world: World, house: House, tg: FakeTelegram, endpoint: FakeOpenAI, random: Random) -> None:
        self.world, self.house, self.tg, self.endpoint, self.random = world, house, tg, endpoint, random
        self.users: dict[int, User] = {}
        self.groups: dict[int, Chat] = {}

    async def set_up(self, store: Store) -> None:
        """The people and places of the world get the numbers that they have on the platform."""
        for one in self.world.people:
            first, last = one.words.both.title().split()
            self.users[one.id] = self.tg.user(first, one.words.loud, last_name=last)
        for found in self.world.places:
            self.groups[found.id] = self.tg.group(found.title, list(self.users.values()))

        def unit(unit: Unit) -> list[Place]:
            for one in self.world.people:
                number = str(self.users[one.id].id)
                unit.changed(_ACCOUNT, which=one.account_id, number=number)
                unit.changed(_READER, old=one.external_id, number=number)
            for found in self.world.places:
                number = str(self.groups[found.id].id)
                unit.changed(_PLACE, which=found.id, number=number)
                unit.changed(_MAP, old=found.external_id, number=number)
            return [place_of(unit, found.id) for found in self.world.places]

        self.world.places = store.write(unit).result()
        await self.house.settle()

    def words(self) -> str:
        """Something to say that has to do with much of what there is."""
        records = list(self.world.records.values())
        loud = [words.loud for words in self.random.sample(records, 3)]
        return " ".join([*self.random.sample(COMMON, 3), *loud, self.random.choice(POISON)])

    async def turn(self, who: Someone, found: Place | None) -> list[str]:
        """Somebody says something there (None: to the bot alone); what leaks."""
        user = self.users[who.id]
        chat = self.groups[found.id] if found is not None else self.tg.private(user)
        since, before = self.tg.sequence, len(self.endpoint.chats)
        chat.say(user, f"{BOT} {self.words()}" if found is not None else self.words())
        await self.house.settle()
        shown = [json.dumps(m.view(), default=str) for m in chat.bot_messages if m.changed > since]
        assert shown, "nobody was answered"
        # Whoever speaks where everybody counts as a member is one from now on.
        now = self.house.store.read(look).result().but(records=self.world.picture.records)
        self.world = replace(self.world, picture=now, _heard={})
        sent = [everything(body["messages"]) for body in self.endpoint.chats[before:]]
        audience = self.world.listening(found, who)
        allowed = set(self.world.hearable(audience)) | self.world.secrets_in(who.words.both)
        if found is not None and found.nexus_id in self.world.nexuses:
            allowed |= self.world.secrets_in(self.world.nexuses[found.nexus_id].both)
        quiet = {words.quiet for words in self._all_words()} - allowed
        return [
            f"seed {self.world.seed}: {what} for {audience} has {self.world.all_words[word]}: {text[:3000]}"
            for what, texts in (("shown", shown), ("sent", sent))
            for text in texts
            for word in sorted(self.world.secrets_in(text) & quiet)
        ]

    def _all_words(self) -> Iterator[Words]:
        yield from (one.words for one in self.world.people)
        yield from self.world.nexuses.values()
        yield from self.world.records.values()


@asynccontextmanager
async def stage(store: Store, clock: ManualClock, folder: Path, seed: int) -> AsyncIterator[Stage]:
    """The world of a seed, alive."""
    world = store.write(lambda unit: make(unit, seed)).result()
    random = Random(-seed - 1)
    hostile = Hostile(Attacker(world, random, {}), random, world.people[0])
    async with FakeTelegram() as tg, FakeOpenAI(hostile) as endpoint:
        brain = ModelBrain(api_key=API_KEY, base_url=endpoint.base_url, model="fake", patience=CALM, sleep=at_once)
        settings = Settings(model_url=endpoint.base_url)
        async with living(store, clock, folder, terminal=False, telegram=tg, brain=brain, settings=settings) as house:
            here = Stage(world, house, tg, endpoint, random)
            await here.set_up(store)
            yield here


async def attacked(store: Store, clock: ManualClock, folder: Path, seed: int) -> list[str]:
    """What leaks in the turns of one world."""
    found: list[str] = []
    async with stage(store, clock, folder, seed) as here:
        star = here.world.people[0]
        found += await here.turn(star, None)
        for there in here.random.sample(here.world.places, 3):
            who = here.random.choice((star, star, here.random.choice(here.world.people[:-1])))
            found += await here.turn(who, there)
        found += await here.turn(star, None)
        found += await here.turn(star, here.random.choice(here.world.places))
    return found


@pytest.mark.parametrize("part", range(PARTS))
async def test_no_channel_hears_what_it_may_not(
    part: int, founded: Callable[[], Store], clock: ManualClock, tmp_path: Path
) -> None:
    for seed in range(30_000 + part, 30_000 + WORLDS, PARTS):
        found = await attacked(founded(), clock, tmp_path / "files", seed)
        assert not found, "\n".join(found)
