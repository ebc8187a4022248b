"""The audit rows as a stream that a reader follows by cursor, and as the history that stewards see."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from core.audit.stream import events, write_audit
from core.errors import NotAllowed
from core.operations import Origin
from core.store import Unit
from tests.world import World


def row(number: int, nexus_id: int = 1) -> dict[str, Any]:
    return {
        "at": 0,
        "operation": "need.post",
        "person_id": number,
        "account_id": 0,
        "nexus_id": nexus_id,
        "platform": "terminal",
        "place_id": 0,
        "origin": "command",
        "key": "",
        "allowed_by": "anyone",
        "facts": {},
    }


def test_the_stream_is_in_order_and_is_read_by_cursor(world: World) -> None:
    for number in range(7):
        world.write(lambda unit, n=number: write_audit(unit, row(n)))
    seen: list[int] = []
    cursor = 0
    while rows := world.read(lambda unit, c=cursor: events(unit, c, most=3)):
        seen += [r["person_id"] for r in rows]
        cursor = rows[-1]["seq"]
    assert seen == list(range(7))


def test_a_reader_that_follows_misses_nothing_while_many_write(world: World) -> None:
    done = Event()
    seen: list[int] = []

    def follow() -> None:
        cursor = 0
        while True:
            last = done.is_set()
            rows = world.read(lambda unit, c=cursor: events(unit, c))
            if rows:
                seen.extend(r["person_id"] for r in rows)
                cursor = rows[-1]["seq"]
            elif last:
                return

    def write(number: int) -> None:
        def unit(unit: Unit) -> None:
            write_audit(unit, row(number))
            if number % 5 == 0:
                raise ValueError("rolled back: its number is lost, which is no gap for a reader")

        try:
            world.write(unit)
        except ValueError:
            assert number % 5 == 0

    with ThreadPoolExecutor(7) as threads:
        following = threads.submit(follow)
        list(threads.map(write, range(150)))
        done.set()
        following.result(20)
    assert sorted(seen) == [n for n in range(150) if n % 5]
    assert len(seen) == len(set(seen))


def test_history_is_for_stewards_newest_first_and_without_what_is_private(world: World) -> None:
    world.nexus("Parser", owner="Ana")
    world.join("Ben", "Parser")
    world.do("Ben", "need.post", text="a desk")
    for number in range(25):
        world.do("Ben", "thought.add", text=f"thought {number}")
    world.do("Ben", "account.link")
    world.clock.advance(60_000)
    world.do("Ana", "role.grant", person="Ben", role="moderator")
    listed = world.do("Ana", "audit.list")
    assert [(h.person, h.what) for h in listed.items] == [("Ana", "role grant"), ("Ben", "need post")]
    assert listed.items[0].when == "1 Jan 00:01"
    with pytest.raises(NotAllowed):
        world.do("Ben", "audit.list")


def test_what_the_program_did_by_itself_is_told_as_such(world: World) -> None:
    world.nexus("Parser", owner="Ana")
    world.write(lambda unit: write_audit(unit, row(0, world.nexuses["Parser"].id)))
    (happening,) = world.do("Ana", "audit.list").items
    assert happening.person == "the Cofounder"


def test_a_merged_person_is_told_by_the_name_of_today(world: World) -> None:
    world.nexus("Parser", owner="Ana")
    world.join("Ben", "Parser")
    world.do("Ben", "need.post", text="a desk")
    world.do("Ben", "person.rename", name="Benjamin", at={"origin": Origin.CLI})
    assert {h.person for h in world.do("Ana", "audit.list").items} == {"Benjamin"}
