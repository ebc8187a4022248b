"""Somebody with something in every corner, and a look for it everywhere."""

from __future__ import annotations

from typing import Any

from bot.tables import metadata
from core.operations import Origin
from core.people.linking import start
from core.rules.consents import set_consent
from core.rules.words import NOTHING
from core.store import Unit
from tests.world import World

NAME = "Xylophona Quandt"
USER = "quandtx"
SECRET = "Żubrówka zeppelins"
FOLDED = ("zubrowka", "zubrowk", "zeppelin")  # as it is indexed, and as it is stemmed
WORDS = (NAME, "Xylophona", "Quandt", USER, SECRET, "Żubrówka", *FOLDED)


def plant(world: World) -> str:
    """Xylophona does a bit of everything. Returns the short name of her need."""
    world.nexus("Parser", owner="Ana")
    world.person("Xy", platform="telegram", username=USER, external_id="555777")
    world.write(lambda unit: _name(unit, world))
    world.join("Xy", "Parser", "steward")
    world.do("Xy", "thought.add", text=f"a thought about {SECRET}", at={"key": "telegram::e1"})
    handle: str = world.do("Xy", "need.post", text=f"someone for {SECRET}", at={"key": "telegram::e2"}).handle
    world.do("Xy", "offer.post", text=f"a ride with {SECRET}")
    world.do("Xy", "need.post", text=f"closed: {SECRET}")
    world.do("Xy", "need.close", need="closed", outcome=f"found {SECRET}")
    world.write(lambda unit: set_consent(unit, world.id_of("Xy"), kind="offer", word=NOTHING))
    code = world.do("Ana", "invite.create", uses=3, approval=True).code
    world.do("Ben", "invite.accept", code=code)
    world.do("Xy", "invite.approve", person=f"={world.id_of('Ben')}")
    theirs = world.do("Xy", "invite.create", uses=2).code
    world.do("Cleo", "invite.accept", code=theirs)  # a notice to Xylophona
    world.do("Ana", "role.grant", person=f"={world.id_of('Xy')}", role="moderator")
    world.call("Xy", "need.post", text=f"open card {SECRET}", at={"origin": Origin.TALK})
    world.nexus("Tools", owner="Ana")
    world.do("Xy", "invite.accept", code=world.do("Ana", "invite.create", nexus="Tools").code)  # a notice to Ana
    world.do("Ben", "need.post", text="a desk of my own", nexus="Parser")
    world.write(lambda unit: start(unit, world.person("Xy").account_id))
    return handle


def _name(unit: Unit, world: World) -> None:
    from core.people.people import rename

    rename(unit, world.id_of("Xy"), NAME)


def traces(world: World, *words: str) -> dict[str, list[str]]:
    """Where any of these words stands: by table the rows, in every table and in the index."""

    def unit(unit: Unit) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        rows: list[tuple[str, tuple[Any, ...]]] = [
            (table.name, tuple(row)) for table in metadata.sorted_tables for row in unit.execute(table.select())
        ]
        if unit.postgres:
            index = unit.connection.exec_driver_sql("SELECT id, words::text FROM record_text").fetchall()
        else:
            index = unit.connection.exec_driver_sql("SELECT rowid, body FROM record_text").fetchall()
        rows += [("record_text", tuple(row)) for row in index]
        for name, row in rows:
            text = repr(row)
            if any(word in text for word in words):
                found.setdefault(name, []).append(text)
        return found

    looked: dict[str, list[str]] = world.write(unit)
    return looked
