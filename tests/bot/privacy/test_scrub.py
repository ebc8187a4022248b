"""After it is forgotten, no byte of it is left in the store's files."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from adapters.contract import Address, Card, Reply
from bot.inbox.tables import inbox
from bot.jobs.jobs import Scheduler, run_due, take_chores
from bot.jobs.tables import job
from bot.outbox import outbox
from bot.outbox.tables import outbox as outbox_table
from bot.privacy.declared import SCRUB, TAKEN_BACK
from bot.privacy.scrub import LOOK_AGAIN, MOST, Scrub, scrub_now
from bot.talk import questions
from bot.talk.tables import question, talk_line, talk_summary
from bot.unit import AsyncStore
from core.clock import HOUR, ManualClock
from core.records.records import add_record
from core.records.tables import record
from core.store import Store, Unit, open_store
from tests.bot.privacy.byte_by_byte import where
from tests.core.privacy.planted import NAME, SECRET, WORDS, plant, traces
from tests.world import World

ME = "555777"


def plant_in_the_bot(world: World) -> None:
    """What the bot keeps: events, answers, talk, a question; theirs, and of others what shows theirs."""
    me, ben = world.id_of("Xy"), world.id_of("Ben")
    place = world.place(NAME, kind="direct", external_id=ME)

    def unit(unit: Unit) -> None:
        records = [row["id"] for row in unit.rows(select(record.c.id).where(record.c.author_id == me))]
        for number, (person, state, payload) in enumerate(
            [
                (me, "waiting", {"text": SECRET, "account": {"name": NAME}}),
                (me, "done", None),
                (ben, "done", None),
            ]
        ):
            unit.execute(
                inbox.insert(),
                {
                    "platform": "telegram",
                    "workspace": "",
                    "event_id": f"e{number}",
                    "place_key": f"telegram::{ME if person == me else 'ben'}",
                    "payload": payload,
                    "state": state,
                    "attempts": 0,
                    "person_id": person,
                    "account_id": 0,
                    "place_id": place.id,
                    "received_at": unit.now,
                    "done_at": unit.now,
                },
            )
        events = {row["event_id"]: row["id"] for row in unit.rows(select(inbox))}
        to_me, to_ben = Address("telegram", ME, account_id=ME), Address("terminal", "ben", account_id="ben")
        shown = {"place": place.id, "person": ben, "records": records[:1]}
        for position, (event, to, reply, shows) in enumerate(
            [
                ("e1", to_me, Reply(f"answer {SECRET}"), None),
                ("e2", to_ben, Reply(card=Card(title="Needs", lines=(f"{NAME}: {SECRET}",))), shown),
                ("e2", to_ben, Reply(f"{NAME} is in Parser"), None),
                ("e2", to_ben, Reply("a desk of my own"), None),
            ]
        ):
            row = outbox.say(
                unit, inbox_id=events[event], position=position, place_key=f"k:{to.place_id}", address=to, reply=reply
            )
            unit.execute(outbox_table.update().where(outbox_table.c.id == row.id).values(shows=shows))
        lines: list[tuple[int, str, str, Any]] = [
            (me, "user", f"I love {SECRET}", None),
            (me, "assistant", "Noted.", None),
            (
                ben,
                "assistant",
                "There is somebody who needs it.",
                {"records": records[:1], "heard": "x", "nexuses": []},
            ),
            (ben, "assistant", f"Ask {NAME}.", None),
            (ben, "assistant", "Ask Ana.", None),
        ]
        for person, role, text, shows in lines:
            unit.execute(
                talk_line.insert(),
                {
                    "id": unit.new_id(),
                    "talk_key": f"telegram::{ME}::{ME}" if person == me else "terminal::ben::ben",
                    "person_id": person,
                    "inbox_id": 1,
                    "role": role,
                    "text": text,
                    "at": unit.now,
                    "shows": shows,
                },
            )
        for person, key, text in ((me, f"telegram::{ME}::{ME}", SECRET), (ben, "terminal::ben::ben", f"About {NAME}.")):
            unit.execute(
                talk_summary.insert(),
                {"talk_key": key, "person_id": person, "text": text, "upto": 1, "at": unit.now, "shows": None},
            )
        questions.ask(unit, f"telegram::{ME}::{ME}", "need.post", {"text": SECRET}, "nexus")
        questions.ask(unit, "terminal::ben::ben", "need.post", {}, "text")

    world.write(unit)


async def scrubbed(store: Store) -> None:
    """What the scheduler does with the chore, once."""
    queue = AsyncStore(store)
    chore = Scrub(queue)
    due = await queue.write(lambda unit: take_chores(unit, SCRUB))
    assert due, "nothing was planned"
    await chore([row["payload"] for row in due])
    await queue.write(lambda unit: [unit.execute(job.delete().where(job.c.id == row["id"])) for row in due])


def planned(world: World) -> list[dict[str, Any]]:
    rows = world.read(lambda unit: unit.rows(select(job.c.payload, job.c.due_at).order_by(job.c.due_at)))
    return [dict(row) for row in rows]


async def test_nothing_of_it_is_in_the_bots_tables(world: World) -> None:
    plant(world)
    plant_in_the_bot(world)
    world.do("Xy", "my.forget")
    await scrubbed(world.store)
    assert traces(world, *WORDS, ME) == {}

    def left(unit: Unit) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
        return (
            [row["reply"] for row in unit.rows(select(outbox_table.c.reply).order_by(outbox_table.c.id))],
            [row["text"] for row in unit.rows(select(talk_line.c.text))],
            [row["talk_key"] for row in unit.rows(select(question.c.talk_key))],
            [row["talk_key"] for row in unit.rows(select(talk_summary.c.talk_key))],
        )

    replies, lines, asked, summaries = world.read(left)
    assert replies == [{"text": TAKEN_BACK}, {"text": TAKEN_BACK}, {"text": "a desk of my own"}]
    assert lines == ["Ask Ana."]
    assert asked == ["terminal::ben::ben"]
    assert summaries == []


async def test_the_job_for_it_names_nobody_and_comes_with_the_commit(world: World) -> None:
    plant(world)
    me = world.id_of("Xy")
    world.do("Xy", "my.forget")
    (one,) = planned(world)
    assert one["payload"].keys() == {"id", "people", "records", "again"}
    assert one["payload"]["people"] == [me]
    assert len(one["payload"]["records"]) == 4
    assert one["due_at"] == world.clock.now()


async def test_what_was_under_way_is_looked_for_again(world: World, clock: ManualClock) -> None:
    plant(world)
    me = world.id_of("Xy")
    (first, *_) = world.read(lambda unit: unit.rows(select(record.c.id).where(record.c.author_id == me)))
    world.do("Xy", "my.forget")
    await scrubbed(world.store)

    def late(unit: Unit) -> None:  # a turn of somebody else that had begun before
        mark = {"records": [first["id"]], "heard": "x", "nexuses": []}
        line = {"talk_key": "k", "person_id": 5, "inbox_id": 1, "role": "assistant", "text": SECRET, "at": unit.now}
        unit.execute(talk_line.insert(), {"id": unit.new_id(), "shows": mark, **line})

    world.write(late)
    assert "talk_line" in traces(world, SECRET)
    clock.advance(LOOK_AGAIN)
    await scrubbed(world.store)
    assert traces(world, SECRET) == {}
    assert planned(world) == []


async def test_an_answer_that_cannot_be_delivered_is_dropped_in_the_end(world: World, clock: ManualClock) -> None:
    plant(world)
    me = world.id_of("Xy")
    world.do("Xy", "my.forget")

    def answered(unit: Unit) -> None:
        event = {"platform": "telegram", "workspace": "", "event_id": "e9", "place_key": "", "payload": None}
        more = {"state": "done", "attempts": 0, "person_id": me, "account_id": 0, "place_id": 0, "received_at": 1}
        unit.execute(inbox.insert(), {**event, **more})
        number = unit.value(select(inbox.c.id).where(inbox.c.event_id == "e9"))
        to = Address("telegram", ME, account_id=ME)
        outbox.say(unit, inbox_id=number, position=0, place_key=f"telegram::{ME}", address=to, reply=Reply("Done."))

    world.write(answered)
    await scrubbed(world.store)
    assert "outbox" in traces(world, ME), "it has still to be said"
    for _ in range(MOST):
        clock.advance(2 * HOUR)
        await scrubbed(world.store)
    assert traces(world, ME) == {}
    assert planned(world) == []


async def test_once_it_is_sent_it_is_dropped_with_the_address(world: World, clock: ManualClock) -> None:
    plant(world)
    plant_in_the_bot(world)
    await asyncio.to_thread(lambda: world.do("Xy", "my.forget"))
    await scrubbed(world.store)
    assert traces(world, f"telegram::{ME}") == {}


def real_world(folder: Path, clock: ManualClock, migrated: Path) -> tuple[World, Path]:
    path = folder / "nexus.db"
    path.write_bytes(migrated.read_bytes())
    return World(open_store(f"sqlite:///{path}", clock), clock), path


async def test_no_byte_is_left_in_the_files(tmp_path: Path, clock: ManualClock, migrated_file: Path) -> None:
    world, path = real_world(tmp_path, clock, migrated_file)
    try:
        for number in range(300):  # neighbours, so that rows move between pages
            world.person(f"Neighbour {number}")
        world.nexus("Yard")
        for number in range(60):
            world.join(f"Neighbour {number}", "Yard")
            world.do(f"Neighbour {number}", "need.post", text=f"something for number {number} " * 20)
        plant(world)
        plant_in_the_bot(world)
        for number in range(60, 120):
            world.join(f"Neighbour {number}", "Yard")
            world.do(f"Neighbour {number}", "offer.post", text=f"something from number {number} " * 20)
        assert {name for name, _ in where(path, WORDS)} >= {"nexus.db-wal"}
        world.do("Xy", "my.forget")
        assert where(path, WORDS) != [], "this test could not fail"
        await scrubbed(world.store)
        assert where(path, (*WORDS, ME)) == []
        assert len(world.do("Neighbour 1", "record.search", query="something").items) == 10, "the index works on"
        assert world.read(lambda unit: unit.connection.exec_driver_sql("PRAGMA integrity_check").scalar()) == "ok"
    finally:
        world.store.close()
    assert where(path, (*WORDS, ME)) == []


async def test_no_byte_is_left_where_pages_were_rearranged(
    tmp_path: Path, clock: ManualClock, migrated_file: Path
) -> None:
    """SQLite overwrites what it frees, but not always what it moves: the file has to be written anew."""
    world, path = real_world(tmp_path, clock, migrated_file)
    chance = random.Random(4)
    world.nexus("Parser", owner="Ana")
    for name in ("Xy", "Ben"):
        world.join(name, "Parser")

    def unit(unit: Unit) -> None:
        for number in range(500):
            secret = chance.random() < 0.3
            words = f"{'zeppelin' if secret else 'barge'} {number} " * chance.choice([1, 3, 10, 40, 200])
            author = world.id_of("Xy" if secret else "Ben")
            add_record(unit, "need", nexus_id=world.nexuses["Parser"].id, author_id=author, body=words)

    try:
        for _ in range(6):
            world.write(unit)
        world.do("Xy", "my.forget")
        await scrubbed(world.store)
        assert where(path, ["zeppelin"]) == []
        assert where(path, ["barge"]) != []
    finally:
        world.store.close()


@pytest.mark.parametrize("what", ["thoughts", "needs", "our talk"])
async def test_no_byte_is_left_of_a_part(tmp_path: Path, clock: ManualClock, migrated_file: Path, what: str) -> None:
    world, path = real_world(tmp_path, clock, migrated_file)
    try:
        world.nexus("Parser", owner="Ana")
        world.join("Xy", "Parser")
        if what == "our talk":
            line = {"talk_key": "terminal::xy::xy", "person_id": world.id_of("Xy"), "inbox_id": 1, "role": "user"}
            world.write(
                lambda unit: unit.execute(
                    talk_line.insert(), {"id": unit.new_id(), "text": SECRET, "at": unit.now, "shows": None, **line}
                )
            )
        else:
            world.do("Xy", "thought.add" if what == "thoughts" else "need.post", text=f"about {SECRET}")
        assert where(path, [SECRET]) != []
        world.do("Xy", "my.forget", what=what)
        await scrubbed(world.store)
        assert where(path, [SECRET, "zubrowka", "zeppelin"]) == []
        assert where(path, ["terminal"]) != [], "the rest is there"
    finally:
        world.store.close()


def test_a_command_without_the_bot_cleans_by_itself(tmp_path: Path, clock: ManualClock, migrated_file: Path) -> None:
    world, path = real_world(tmp_path, clock, migrated_file)
    try:
        plant(world)
        world.do("Xy", "my.forget")
        scrub_now(world.store)
        assert where(path, WORDS) == []
        assert [one["payload"]["again"] for one in planned(world)] == [1]
        scrub_now(world.store)
        assert [one["payload"]["again"] for one in planned(world)] == [1], "not before its time"
    finally:
        world.store.close()


async def test_units_go_on_while_and_after_the_files_are_cleaned(world: World) -> None:
    world.person("Ana")
    store = AsyncStore(world.store)
    cleaning = asyncio.wrap_future(world.store.clean(["record"]))
    posted = [store.write(lambda unit: unit.now) for _ in range(50)]
    read = [store.read(lambda unit: unit.now) for _ in range(50)]
    await cleaning
    assert await asyncio.gather(*posted, *read) == [world.clock.now()] * 100


async def test_a_chore_that_fails_is_tried_again_and_stands_in_nobodys_way(store: Store, clock: ManualClock) -> None:
    asked: list[list[dict[str, Any]]] = []

    async def chore(payloads: list[dict[str, Any]]) -> None:
        asked.append(payloads)
        if len(asked) == 1:
            raise RuntimeError("busy")

    queue = AsyncStore(store)
    scheduler = Scheduler(queue, {}, (), {"chore": chore})
    await queue.write(lambda unit: _plan(unit, "a"))
    await queue.write(lambda unit: _plan(unit, "b"))
    assert await queue.write(lambda unit: run_due(unit, {}, ["chore"])) == 0
    await scheduler._look()
    assert asked == [[{"name": "a"}, {"name": "b"}]]
    await scheduler._look()
    assert len(asked) == 1, "not at once"
    clock.advance(HOUR)
    await scheduler._look()
    assert asked[1] == [{"name": "a"}, {"name": "b"}]
    await scheduler._look()
    assert len(asked) == 2
    assert await queue.read(lambda unit: unit.rows(select(job))) == []


def _plan(unit: Unit, name: str) -> None:
    from bot.jobs.jobs import plan

    plan(unit, name, "chore", unit.now, {"name": name})
