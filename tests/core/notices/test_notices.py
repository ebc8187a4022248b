"""Notices: written with the change they are about, handed out once, oldest first."""

from threading import Event
from typing import Any

import pytest

from core.buttons.tables import ButtonSpec
from core.notices.notices import notify, settle, waiting
from core.store import Unit
from tests.world import World


def write(world: World, who: str, template: str, **more: Any) -> None:
    world.write(lambda unit: notify(unit, world.id_of(who), template, {"n": 1}, **more))


def test_a_notice_wakes_the_bot_and_waits_in_order(world: World) -> None:
    woken: list[str] = []
    world.store.listen(woken.append)
    world.person("Ana")
    write(world, "Ana", "first {n}", buttons=[ButtonSpec("Yes", "t", "primary")], account_id=5)
    write(world, "Ana", "second {n}")
    assert woken == ["notices", "notices"]
    first, second = world.write(lambda unit: waiting(unit))
    assert (first["template"], first["data"], first["account_id"]) == ("first {n}", {"n": 1}, 5)
    assert first["buttons"] == [["Yes", "t", "primary"]]
    assert [row["id"] for row in world.write(lambda unit: waiting(unit, most=1))] == [first["id"]]
    assert world.write(lambda unit: settle(unit, first["id"], "given"))
    assert not world.write(lambda unit: settle(unit, first["id"], "given"))
    assert [row["id"] for row in world.write(lambda unit: waiting(unit))] == [second["id"]]


def test_no_notice_of_what_did_not_happen(world: World) -> None:
    def unit(unit: Unit) -> None:
        notify(unit, world.id_of("Ana"), "never", {})
        raise ValueError("undone")

    world.person("Ana")
    with pytest.raises(ValueError, match="undone"):
        world.write(unit)
    assert world.write(lambda unit: waiting(unit)) == []


@pytest.mark.parametrize("engine", ["postgres"])
def test_two_workers_never_take_the_same_one(world: World) -> None:
    world.person("Ana")
    for number in range(4):
        write(world, "Ana", f"{number}")
    taken, go = Event(), Event()

    def slow(unit: Unit) -> list[int]:
        rows = waiting(unit, most=2)
        taken.set()
        assert go.wait(10)
        return [row["id"] for row in rows]

    first = world.store.write(slow)
    assert taken.wait(10)
    second = world.write(lambda unit: [row["id"] for row in waiting(unit, most=4)])
    go.set()
    assert len(first.result(10)) == 2
    assert len(second) == 2
    assert not set(first.result()) & set(second)
