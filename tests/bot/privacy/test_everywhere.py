"""On every platform: what is kept is shown to its owner alone, handed out as a file, and forgotten without a trace."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select

from bot.jobs.tables import job
from bot.log import set_up_logs
from bot.outbox.tables import outbox
from bot.privacy.declared import SCRUB
from bot.privacy.scrub import LOOK_AGAIN
from bot.turn.step import PRIVATELY
from core.store.sqlite import SqliteStore
from tests.bot.privacy.byte_by_byte import where
from tests.contract.conftest import Move, move, scene, stub, surface
from tests.contract.house import House, Scene, Stub, until
from tests.contract.surfaces import Surface
from tests.fakes.telegram import FakeTelegram

__all__ = ["move", "scene", "stub", "surface"]

NAME = "Xylophona Quandt"
SECRET = "zubrowka zeppelins"
WORDS = (NAME, "xylophona", "quandt", "zubrowk", "zeppelin")


def received(house: House, who: str) -> list[tuple[str, bytes]]:
    """The files that somebody got in their direct chat, as the platform has them: (name, content)."""
    if house.phone is not None:
        kept = house.phone.tg.files
        sent = [m.extra["document"] for m in house.phone.chat(who).bot_messages if "document" in m.extra]
        return [(one["file_name"], kept.by_id(one["file_id"]).content) for one in sent]
    if house.server is not None:
        return [(f.filename, f.content) for m in house.server.chat(who).bot_messages for f in m.attachments]
    if house.office is not None:
        return [(f.name, f.content) for m in house.office.chat(who).bot_messages for f in m.files]
    assert house.desk is not None
    return [(p.name, p.read_bytes()) for p in sorted((house.desk.folder / "downloads").glob("my-data*"))]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log as an operator has it who wants to see everything."""
    root, ours = logging.getLogger(), logging.getLogger("nexus")
    before = (root.handlers[:], root.level, ours.level)
    stream = io.StringIO()
    set_up_logs("debug", stream)
    yield stream
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])


def command(surface: Surface, name: str) -> str:
    """A command as the platform writes it."""
    return f"/{name.replace('.', '_')}" if surface.name == "telegram" else f"/{name}"


async def test_the_file_comes_once_and_is_kept_until_it_is_sent(surface: Surface, scene: Scene) -> None:
    await scene.claimed("Ana")
    await surface.say("Ana", f"/note {SECRET}")
    said = await surface.say("Ana", command(surface, "my.export"))
    assert "Here is everything that I keep about you" in said
    ((name, content),) = received(surface.house, "Ana")
    assert name == "my-data-2026-01-01.json"
    made = json.loads(content)
    assert (made["format"], made["version"]) == ("nexus.person", 1)
    assert [row["body"] for row in made["tables"]["record"]] == [SECRET]
    rows = await surface.house.app.store.read(lambda unit: unit.rows(select(outbox.c.reply, outbox.c.state)))
    assert {(row["reply"], row["state"]) for row in rows} == {(None, "sent")}


async def cleaned(house: House) -> None:
    """Wait until the scheduler has done what is due."""
    due = select(job.c.id).where(job.c.kind == SCRUB, job.c.due_at <= bindparam("at"))
    house.app.scheduler.wake()
    await until(lambda: house.store.read(lambda unit: unit.rows(due, at=unit.now)).result() == [])


async def test_forgotten_without_a_trace_in_the_files_or_the_log(
    log: io.StringIO, surface: Surface, scene: Scene
) -> None:
    house = surface.house
    assert isinstance(house.store, SqliteStore)
    path: Path = house.store.path
    await scene.claimed("Ana")
    await scene.invited("Ana", NAME)
    await surface.say(NAME, f"/need {SECRET}")
    await surface.say(NAME, f"something about {SECRET}")
    await surface.say("Ana", "/needs")
    assert where(path, WORDS) != [], "this test could not fail"
    asked = await surface.say(NAME, command(surface, "my.forget"))
    assert "Forget everything about you?" in asked
    assert "What stays:" in asked
    if surface.name != "terminal":
        assert f"The messages themselves lie with {surface.name.capitalize()}; delete them there." in asked
    done = await surface.press(NAME, "Forget all of it")
    assert "I know nothing about you any more" in done
    await cleaned(house)
    house.clock.advance(LOOK_AGAIN)
    await cleaned(house)
    found = [one for one in where(path, WORDS) if one[0] == "nexus.db" or one[0].startswith(path.stem)]
    assert found == []
    assert not [word for word in WORDS if word.lower() in log.getvalue().lower()]
    assert '"level"' in log.getvalue(), "something was logged"
    again = await surface.say(NAME, command(surface, "my.data"))
    assert "What I keep about you" in again
    assert "zeppelin" not in again


async def test_in_a_group_nothing_of_it_is_shown(move: Move, stub: Stub) -> None:
    async with FakeTelegram() as tg, move(terminal=False, telegram=tg, offline=stub) as house:
        assert house.phone is not None
        scene = Scene(house.phone)
        await scene.claimed("Ana")
        await house.phone.say("Ana", f"/note {SECRET}")
        group = tg.group("Harbour", [house.phone.user(who) for who in ("Ana", "Ben")])
        for typed in ("/my_export", "/my_data", "/my_forget"):
            before = len(group.bot_messages)
            group.say(house.phone.user("Ana"), f"{typed}@{tg.bot.user.username}")
            await house.settle()
            assert [m.text for m in group.bot_messages[before:]] == [PRIVATELY]
        assert SECRET not in repr([m.view() for m in group.bot_messages])
        assert [name for name, _ in received(house, "Ana")] == ["my-data-2026-01-01.json"]
        shown = [m.text for m in house.phone.chat("Ana").bot_messages]
        assert any("What I keep about you" in text for text in shown)
        assert any("Forget everything about you?" in text or "only owner" in text for text in shown)
