"""Quotas: so many in each window, counted together by all who spend at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from core.clock import DAY, HOUR, MINUTE
from core.errors import LimitReached
from core.quotas.quota import Quota
from core.quotas.quotas import forget_old, spend
from core.quotas.tables import quota_use
from tests.world import World

FEW = Quota("few", 3, HOUR)


def test_so_many_and_no_more_until_the_next_window(world: World) -> None:
    for _ in range(FEW.most):
        world.write(lambda unit: spend(unit, 1, FEW))
    world.clock.advance(35 * MINUTE)
    with pytest.raises(LimitReached, match=r"try again in 25 ?m") as refusal:
        world.write(lambda unit: spend(unit, 1, FEW))
    assert refusal.value.code == "limit"
    world.write(lambda unit: spend(unit, 2, FEW))
    world.write(lambda unit: spend(unit, 1, Quota("other", 1, HOUR)))
    world.clock.advance(25 * MINUTE)
    world.write(lambda unit: spend(unit, 1, FEW))


def test_the_wait_is_never_said_to_be_nothing(world: World) -> None:
    world.clock.advance(HOUR - 1)
    with pytest.raises(LimitReached, match=r"in 1 ?m"):
        world.write(lambda unit: spend(unit, 1, Quota("none", 0, HOUR)))


def test_old_windows_are_forgotten(world: World) -> None:
    world.write(lambda unit: spend(unit, 1, FEW))
    world.clock.advance(30 * DAY)
    world.write(lambda unit: spend(unit, 1, FEW))
    assert world.write(forget_old) == 0
    world.clock.advance(HOUR)
    assert world.write(forget_old) == 1
    assert world.read(lambda unit: unit.value(select(quota_use.c.used))) == 1


def test_spending_at_once_counts_every_time(world: World) -> None:
    def go(_: int) -> bool:
        try:
            world.write(lambda unit: spend(unit, 1, Quota("some", 10, DAY)))
        except LimitReached:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(go, range(30))) == 10
