"""The daily job: what it does in one go, in many, and on the injected clock."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.jobs import retention as job
from bot.jobs.jobs import plan, run_due
from bot.jobs.tables import job as planned
from core.clock import DAY
from core.privacy.retention import BATCH, set_retention
from core.records.records import add_record
from core.records.tables import record
from core.store import Unit
from tests.world import World


@pytest.fixture
def world(world: World) -> World:
    world.nexus("Parser", owner="Ana")
    world.join("Ben", "Parser")
    world.write(lambda unit: set_retention(unit, world.nexuses["Parser"].id, "*", 14, by=0))
    world.write(lambda unit: plan(unit, job.KIND, job.KIND, unit.now + DAY, every=job.EVERY))
    return world


def run_all(world: World) -> int:
    """Run what is due until nothing is; how many units of work that took."""
    units = 0
    while world.write(lambda unit: run_due(unit, {job.KIND: job.retain})):
        units += 1
    return units


def test_it_goes_on_until_all_is_done_and_comes_again_the_next_day(world: World) -> None:
    ben, parser = world.id_of("Ben"), world.nexuses["Parser"].id

    def fill(unit: Unit) -> None:
        for number in range(BATCH + 10):
            add_record(unit, "need", nexus_id=parser, author_id=ben, body=f"need {number}")

    world.write(fill)
    for _ in range(14):
        world.clock.advance(DAY)
        units = run_all(world)
    assert units == 2
    assert {row["state"] for row in world.read(lambda unit: unit.rows(select(record)))} == {"removed"}
    (row,) = world.read(lambda unit: unit.rows(select(planned)))
    assert (row["name"], row["due_at"], row["attempts"]) == (job.KIND, world.clock.now() + DAY, 0)
    before = world.dump("job")
    world.clock.advance(DAY)
    run_all(world)
    assert world.dump("job") == before
