"""What the books need by the clock: planned in every process, done in batches, and none missed."""

from __future__ import annotations

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.jobs import all as jobs
from bot.jobs import books
from bot.jobs.jobs import plan, run_due
from bot.jobs.tables import job
from bot.settings import Settings
from bot.unit import AsyncStore
from core.clock import DAY
from core.funds import digest
from core.funds.tables import digest_wish
from core.notices.tables import notice
from core.store import Unit
from tests.world import World


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_sweep_is_planned_and_known() -> None:
    assert {one.kind for one in jobs.PERIODIC} == set(jobs.WORKS)
    assert {one.kind for one in books.PERIODIC} == set(books.WORKS) == {"grants", "hours", "digest"}
    assert all(0 < one.every <= DAY for one in books.PERIODIC)


def test_a_provider_of_payouts_brings_its_chore(world: World) -> None:
    store = AsyncStore(world.store)
    without = jobs.make_scheduler(Settings(store_url=world.store.url), store, None)
    assert set(without._chores) == {"scrub"}
    paid = jobs.make_scheduler(Settings(store_url=world.store.url, stripe_key=SecretStr("sk_test_1")), store, None)
    assert set(paid._chores) == {"scrub", "payouts"}
    assert {one.kind for one in paid._periodic} - {one.kind for one in without._periodic} == {"payouts"}


def test_what_is_due_to_many_is_told_in_batches_until_none_is_left(world: World) -> None:
    nexus = world.nexus("Parser", owner="Ana").id
    people = [world.id_of(f"P{number}") for number in range(60)]

    def wish(unit: Unit) -> None:
        for person_id in people:
            digest.wish(unit, nexus, person_id=person_id, by=person_id)
        plan(unit, "digest", "digest", unit.now)

    world.write(wish)
    world.clock.advance(40 * DAY)
    units = 0
    while world.write(lambda unit: run_due(unit, books.WORKS)):
        units += 1
    assert units == 2  # one of 50 and one of 10
    told = world.read(lambda unit: {row["told_until"] for row in unit.rows(select(digest_wish.c.told_until))})
    assert len(told) == 1
    assert world.read(lambda unit: unit.rows(select(notice))) == []  # it gave nothing, so there is nothing to tell
    assert world.read(lambda unit: unit.rows(select(job))) == []
